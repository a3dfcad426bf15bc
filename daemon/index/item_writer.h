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

namespace backstock::index {

// The id as a number where it is written as one (no sign, no leading zero).
std::optional<std::int64_t> number_of(std::string_view id);

enum class Added {
  fresh,  // written now
  known,  // this very line had its row already
  clash   // another line has that item's version: its row stays
};

class ItemWriter {
 public:
  static Result<std::unique_ptr<ItemWriter>> open(Connection& connection);

  Result<> set_pack(const PackRow& row);
  // Gives the frame's key. Its pack must have a row.
  Result<std::int64_t> add_frame(const FrameRow& row);
  Result<Added> add_version(const NewVersionRow& row);
  // The same content under a new scheme: only the hash of the newest version changes.
  Result<> set_hash(std::string_view type, std::string_view id, std::string_view hash, int scheme);

 private:
  explicit ItemWriter(Connection& connection) : connection_(&connection) {}
  Result<std::int64_t> type_key(std::string_view name);
  Result<std::int64_t> run_key(std::string_view run, std::string_view source);
  Result<Added> compare_with_known(std::int64_t item, const NewVersionRow& row);
  // True if no later version has content: this one's hash and labels are the item's.
  Result<bool> is_newest_content(std::int64_t item, std::uint32_t version);
  Result<> set_labels(std::int64_t item, std::int64_t type, const NewVersionRow& row);
  Connection* connection_;
  std::map<std::string, std::int64_t, std::less<>> type_keys_;
  struct {
    std::string run;
    std::string source;
    std::int64_t key = 0;
  } last_run_;  // lines of one run stand together
  std::optional<Statement> set_pack_;
  std::optional<Statement> add_frame_;
  std::optional<Statement> find_item_;
  std::optional<Statement> add_item_;
  std::optional<Statement> update_item_;
  std::optional<Statement> add_version_;
  std::optional<Statement> find_place_;
  std::optional<Statement> newer_content_;
  std::optional<Statement> update_older_;
  std::optional<Statement> set_label_;
  std::optional<Statement> drop_labels_;
  std::optional<Statement> set_hash_;
  std::optional<Statement> count_;
};

}  // namespace backstock::index
