// Reads items and their versions from the index.
//
// Threads: those of its connection. Lifetime: the connection outlives it.
#pragma once

#include "index/connection.h"
#include "index/item_list.h"
#include "index/item_scans.h"
#include "index/rows.h"

namespace backstock::index {

class ItemQueries {
 public:
  static Result<std::unique_ptr<ItemQueries>> open(Connection& connection);

  Result<std::optional<ItemRow>> find_item(std::string_view type, std::string_view id);
  Result<std::optional<VersionRow>> find_version(std::string_view type, std::string_view id, std::uint32_t version);
  Result<std::optional<VersionRow>> find_version_at(std::string_view type, std::string_view id, std::int64_t at);
  // Oldest first.
  Result<std::vector<VersionRow>> history(std::string_view type, std::string_view id);
  // Newest first, of those with a number below `before`.
  Result<std::vector<VersionRow>> history_before(std::int64_t item_key, std::uint32_t before, std::uint32_t limit);
  // The newest that is no tombstone, among those captured at or before the instant if one is given.
  Result<std::optional<VersionRow>> newest_content(std::int64_t item_key, std::optional<std::int64_t> at);
  // The newest that is no tombstone, of those with a number below.
  Result<std::optional<VersionRow>> content_before(std::int64_t item_key, std::uint32_t version);
  // What the item is searched by.
  Result<std::vector<std::string>> labels(std::int64_t item_key);
  Result<std::vector<ItemRow>> list(const ListQuery& query);
  Result<ItemPage> list_page(const ListQuery& query) { return read_page(*connection_, query); }
  // As the writer counted them: costs the same however many there are.
  Result<std::vector<TypeCount>> counts();
  // Ids of items that are not gone, in id order, behind `after_id`.
  Result<std::vector<std::string>> present_ids(std::string_view type, std::string_view after_id, std::uint32_t limit);
  Result<std::uint64_t> count_present(std::string_view type);
  Result<std::vector<PackRow>> packs();
  // Versions per pack, of packs that have any. Reads all versions.
  Result<std::vector<PackUse>> pack_use();
  // Versions whose line stands in the pack's frames from one offset up to another, in their order there: to name what
  // damaged bytes held. Reads all versions.
  struct InFrame {
    std::string type;
    std::string id;
    VersionRow version;
  };
  Result<std::vector<InFrame>> versions_between(std::uint64_t pack, std::uint64_t from, std::uint64_t to,
                                                std::uint32_t limit = kNoLimit);
  Result<std::uint64_t> count_between(std::uint64_t pack, std::uint64_t from, std::uint64_t to);
  // Everything that a rebuild must bring back, as text in a fixed order.
  Result<std::string> dump();

 private:
  explicit ItemQueries(Connection& connection) : connection_(&connection) {}
  Result<std::optional<VersionRow>> one_version(Statement& statement);
  Connection* connection_;
  std::optional<Statement> find_item_;
  std::optional<Statement> find_version_;
  std::optional<Statement> find_version_at_;
  std::optional<Statement> newest_content_;
  std::optional<Statement> present_numbers_;
  std::optional<Statement> present_texts_;
};

}  // namespace backstock::index
