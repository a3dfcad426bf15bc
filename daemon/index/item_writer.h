// Writes packs, frames, items and versions into the index. Only vault/ uses it: it owns the order of writes.
//
// Calls belong inside one Transaction. Adding what is already there changes nothing, so that rolling a pack forward
// twice is harmless; and versions of an item may come in any order, the rows are the same afterwards.
//
// Threads: those of its connection. Lifetime: the connection outlives it.
#pragma once

#include <map>

#include "index/connection.h"
#include "index/rows.h"
#include "index/search_keys.h"

namespace backstock::index {

// The id as a number where it is written as one (no sign, no leading zero).
std::optional<std::int64_t> number_of(std::string_view id);

enum class Added {
  fresh,  // written now
  known,  // this very line had its row already, or its copy in a later pack has it
  moved,  // an equal line of an earlier pack had its row: now this one has it
  clash   // another line has that item's version: its row stays
};

class ItemWriter {
 public:
  static Result<std::unique_ptr<ItemWriter>> open(Connection& connection);

  Result<> set_pack(const PackRow& row);
  // Gives the frame's key. Its pack must have a row.
  Result<std::int64_t> add_frame(const FrameRow& row);
  Result<Added> add_version(const NewVersionRow& row);
  // The version's line now stands elsewhere, byte for byte the same. not_found when the index does not know it.
  Result<> move_version(std::int64_t item_key, std::uint32_t version, std::int64_t frame_key, std::uint32_t at_byte);
  // Forgets a version. Its item's hash and labels go with it if they were its own, that is of an item that is gone:
  // those of an older content are found again by a rebuild alone. not_found when the index does not know the version;
  // failed when it is the item's newest, which is never removed.
  Result<> remove_version(std::int64_t item_key, std::uint32_t version);
  // Counts what remove_version() has left open: the oldest version of each type. To be called once after the last, in
  // the same transaction. Until then readers find it the long way.
  Result<> settle_counts();
  // Forgets a pack and its frames. conflict when a version still stands in it; not_found when there is no such pack.
  Result<> drop_pack(std::uint64_t pack);
  // The same content under a new scheme: only the hash of the newest version changes.
  Result<> set_hash(std::string_view type, std::string_view id, std::string_view hash, int scheme);

 private:
  explicit ItemWriter(Connection& connection) : connection_(&connection) {}
  // What the index has of an item.
  struct Known {
    bool there = false;
    std::int64_t key = 0;
    std::uint32_t newest = 0;
    bool gone = false;
    std::vector<std::string> labels;
  };
  Result<Known> find(std::int64_t type, std::string_view id);
  Result<std::int64_t> type_key(std::string_view name);
  Result<std::int64_t> run_key(std::string_view run, std::string_view source);
  Result<Added> compare_with_known(std::int64_t item, const NewVersionRow& row);
  Result<std::int64_t> write_item(std::int64_t type, const Known& known, const NewVersionRow& row, bool content);
  // True if no later version has content: this one's hash and labels are the item's.
  Result<bool> is_newest_content(std::int64_t item, std::uint32_t version);
  Result<> set_search(std::int64_t type, std::int64_t item, const std::vector<std::string>& before,
                      const std::vector<std::string>& now);
  Connection* connection_;
  std::map<std::string, std::int64_t, std::less<>> type_keys_;
  struct {
    std::string run;
    std::string source;
    std::int64_t key = 0;
  } last_run_;  // lines of one run stand together
  std::optional<SearchKeys> search_;
  std::optional<Statement> set_pack_;
  std::optional<Statement> add_frame_;
  std::optional<Statement> find_item_;
  std::optional<Statement> add_item_;
  std::optional<Statement> add_change_;
  std::optional<Statement> drop_change_;
  std::optional<Statement> set_newest_;
  std::optional<Statement> set_content_;
  std::optional<Statement> add_version_;
  std::optional<Statement> find_place_;
  std::optional<Statement> newer_content_;
  std::optional<Statement> set_hash_;
  std::optional<Statement> count_;
  std::optional<Statement> move_version_;
};

}  // namespace backstock::index
