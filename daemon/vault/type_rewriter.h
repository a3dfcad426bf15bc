// Writes versions of one content type into compacted packs, and moves the index's rows there: all of them, or those
// that a caller picks, who may have others removed. Only for this room.
//
// Threads: one at a time.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "index/item_scans.h"
#include "index/item_writer.h"
#include "pack/pack_writer.h"
#include "vault/compact.h"
#include "vault/frame_cache.h"
#include "vault/removed_writer.h"

namespace backstock::vault {

// What becomes of a version.
enum class Fate {
  move,    // into a new pack
  stay,    // where it is
  remove,  // see removed_writer.h
};

class TypeRewriter {
 public:
  // All versions of one item, oldest first, and a fate for each; they come as `move`.
  using Decide = std::function<Result<>(std::span<const index::ScannedVersion> item, std::span<Fate> fates)>;

  // Between two frames `tell` hears of the bytes of lines written since it heard last, and may say no.
  using Tell = std::function<Result<>(ByteCount lines)>;

  TypeRewriter(const Options& options, const CompactOptions& how, index::Connection& connection,
               index::ItemWriter& rows, FrameCache& cache, std::uint64_t& next_number, Tell tell)
      : options_(options),
        how_(how),
        connection_(connection),
        rows_(rows),
        cache_(cache),
        next_number_(next_number),
        tell_(std::move(tell)) {}

  // Whatever cannot be read stays where it is, and is a finding.
  Result<CompactedType> rewrite(const std::string& type, std::shared_ptr<const pack::Dictionary> dictionary,
                                std::vector<std::string>& findings) {
    return rewrite(type, std::move(dictionary), findings, nullptr, nullptr);
  }
  // Both are borrowed for the call; what is removed is finished when it returns.
  Result<CompactedType> rewrite(const std::string& type, std::shared_ptr<const pack::Dictionary> dictionary,
                                std::vector<std::string>& findings, const Decide* decide, RemovedWriter* removed);

 private:
  struct Move {
    std::int64_t item_key = 0;
    std::uint32_t version = 0;
    std::uint32_t at_byte = 0;
  };
  struct NewFrame {
    pack::FramePlace place;
    std::vector<Move> moves;
  };

  Result<bool> next_rows(const std::string& type);
  Result<> decide_fates();
  Result<> take_version(const std::string& type, std::size_t nth, std::vector<std::string>& findings);
  Result<> write_frame(const std::string& type);
  Result<> open_pack();
  Result<> finish_pack();
  Result<> check_pack();
  Result<> move_rows();

  const Options& options_;
  const CompactOptions& how_;
  index::Connection& connection_;
  index::ItemWriter& rows_;
  FrameCache& cache_;
  std::uint64_t& next_number_;
  Tell tell_;

  std::shared_ptr<const pack::Dictionary> dictionary_;
  const Decide* decide_ = nullptr;
  RemovedWriter* removed_ = nullptr;
  CompactedType result_;
  std::vector<index::ScannedVersion> scanned_;
  std::vector<Fate> fates_;  // of these
  std::string after_id_;
  // The frame in the making.
  std::string raw_;
  std::vector<Move> moves_;
  std::int64_t last_item_ = 0;
  // The pack in the making.
  std::unique_ptr<pack::PackWriter> pack_;
  std::vector<NewFrame> frames_;
  std::size_t moves_in_pack_ = 0;
};

}  // namespace backstock::vault
