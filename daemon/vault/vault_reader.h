// Reads one store's vault: items, histories, versions, runs. Never writes.
//
// What it gives was written by a flush() that had succeeded; a version's bytes are checked against every checksum on
// their way out and against the row that led to them: never wrong bytes, `corrupt` instead, naming pack and item.
// Sees each flush of a writer in another process or thread as soon as it is committed.
//
// Threads: one at a time; open one per thread. Lifetime: what Options point to outlives it.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "index/item_queries.h"
#include "vault/pack_set.h"
#include "vault/vault_options.h"
#include "vault/version_line.h"

namespace backstock::vault {

struct DiskUse {
  std::uint64_t packs = 0;
  ByteCount pack_bytes = 0;
};

// A version that the index told of, and whose it is.
struct WantedVersion {
  std::string type;
  std::string id;
  index::VersionRow row;
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

  // By its row. One call after another on versions of one frame reads that frame once.
  Result<StoredVersion> read(const WantedVersion& wanted);
  // Each frame once, whatever the order: calls with each one's place in `wanted`, in the order of the packs, holding
  // one version at a time. An error is that version's own.
  void read_many(std::span<const WantedVersion> wanted,
                 const std::function<void(std::size_t nth, Result<StoredVersion> version)>& take);

  Result<DiskUse> disk_use() const;
  // Between two uses: gives back what a large version took.
  void forget_large_frames();

  // Rows of the index: lists, histories, counts, packs.
  index::ItemQueries& items() { return *items_; }
  index::Connection& connection() { return *connection_; }
  const Options& options() const { return options_; }

 private:
  explicit VaultReader(Options options) : options_(std::move(options)), packs_(options_) {}
  Result<StoredVersion> read_row(std::string_view type, std::string_view id,
                                 const std::optional<index::VersionRow>& row);
  Result<StoredVersion> read_place(std::string_view type, std::string_view id, const index::VersionRow& row);
  Result<> read_frame(const index::FrameRow& row);  // into last_frame_

  Options options_;
  std::unique_ptr<index::Connection> connection_;
  std::unique_ptr<index::ItemQueries> items_;
  PackSet packs_;
  std::optional<pack::FrameContent> last_frame_;  // histories and lists read neighbours
};

}  // namespace backstock::vault
