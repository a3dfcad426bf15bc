// Writes versions that are to be removed into packs of `removed/`, and then removes their rows. Only for this room.
//
// Promise: a row goes only after its line stands in a sealed, synced pack that was read back. One that was pinned in
// the meantime stays.
//
// Threads: one at a time, beside the writer's and readers'.
#pragma once

#include <memory>
#include <vector>

#include "index/item_writer.h"
#include "pack/pack_writer.h"
#include "vault/compact.h"

namespace backstock::vault {

class RemovedWriter {
 public:
  // Hears of the bytes of lines written since it heard last, and may say no.
  using Tell = std::function<Result<>(ByteCount lines)>;

  // `copies_in`: all packs that the lines may stand in, in several perhaps.
  RemovedWriter(const Options& options, const CompactOptions& how, index::Connection& connection,
                index::ItemWriter& rows, std::vector<std::uint64_t> copies_in, Tell tell)
      : options_(options),
        how_(how),
        connection_(connection),
        rows_(rows),
        copies_in_(std::move(copies_in)),
        tell_(std::move(tell)) {}

  // A line without its line break. An item's versions come by rising numbers.
  Result<> add(const std::string& type, const std::string& id, std::int64_t item_key, std::uint32_t version,
               std::string_view line);
  // Of the type that was added to: all its lines are durable, and their rows gone, when this returns.
  Result<> finish();

  std::uint64_t versions() const { return versions_; }  // rows removed, so far
  ByteCount bytes() const { return bytes_; }            // of their lines

 private:
  struct Going {
    std::string id;
    std::int64_t item_key = 0;
    std::uint32_t version = 0;
    std::uint32_t size = 0;
  };
  Result<> open_pack();
  Result<> write_frame();
  Result<> remove_rows();

  const Options& options_;
  const CompactOptions& how_;
  index::Connection& connection_;
  index::ItemWriter& rows_;
  std::vector<std::uint64_t> copies_in_;
  Tell tell_;
  std::string type_;
  std::string raw_;  // the frame in the making
  std::uint32_t lines_ = 0;
  std::unique_ptr<pack::PackWriter> pack_;
  std::vector<pack::FramePlace> frames_;
  std::vector<Going> going_;
  std::int64_t held_item_ = 0;  // of which a version was pinned meanwhile
  std::uint64_t versions_ = 0;
  ByteCount bytes_ = 0;
};

}  // namespace backstock::vault
