// Reads one store's vault: items, histories, versions, runs. Never writes.
//
// What it gives was written by a flush() that had succeeded; a version's bytes are checked against every checksum on
// their way out and against the row that led to them: never wrong bytes, `corrupt` instead, naming pack and item.
// Sees each flush of a writer in another process or thread as soon as it is committed.
//
// Threads: one at a time; open one per thread. Lifetime: what Options point to outlives it.
#pragma once

#include <map>
#include <memory>

#include "index/item_queries.h"
#include "pack/pack_reader.h"
#include "vault/vault_options.h"
#include "vault/version_line.h"

namespace backstock::vault {

struct DiskUse {
  std::uint64_t packs = 0;
  ByteCount pack_bytes = 0;
};

class VaultReader {
 public:
  // not_found when there is no vault yet.
  static Result<std::unique_ptr<VaultReader>> open(const Options& options);

  // One item's version by number, or the newest captured at or before an instant, or the newest. not_found names the
  // item.
  Result<StoredVersion> read_version(std::string_view type, std::string_view id, std::uint32_t version);
  Result<StoredVersion> read_version_at(std::string_view type, std::string_view id, TimePoint at);
  Result<StoredVersion> read_newest(std::string_view type, std::string_view id);

  Result<DiskUse> disk_use() const;

  // Rows of the index: lists, histories, counts, packs.
  index::ItemQueries& items() { return *items_; }
  index::Connection& connection() { return *connection_; }
  const Options& options() const { return options_; }

 private:
  explicit VaultReader(Options options) : options_(std::move(options)) {}
  Result<StoredVersion> read_row(std::string_view type, std::string_view id,
                                 const std::optional<index::VersionRow>& row);
  Result<const pack::FrameContent*> read_frame(const index::FrameRow& row);

  Options options_;
  std::unique_ptr<index::Connection> connection_;
  std::unique_ptr<index::ItemQueries> items_;
  std::map<std::uint64_t, std::unique_ptr<pack::PackReader>> packs_;
  std::optional<pack::FrameContent> last_frame_;  // histories and lists read neighbours
};

}  // namespace backstock::vault
