#include "index/item_queries.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "index/item_columns.h"
#include "index/labels_text.h"

namespace backstock::index {
namespace {

std::string select_version(std::string_view where) {
  return "SELECT " + std::string(kVersionColumns) +
         " FROM versions v JOIN frames f USING (frame_key) JOIN run_keys r USING (run_key) WHERE v.item_key=(SELECT"
         " item_key FROM items WHERE type_key=(SELECT type_key FROM types WHERE name=?1) AND gone IN (0, 1) AND"
         " id_number=?2 AND id=?3) " +
         std::string(where);
}

std::string select_version_of_key(std::string_view where) {
  return "SELECT " + std::string(kVersionColumns) +
         " FROM versions v JOIN frames f USING (frame_key) JOIN run_keys r USING (run_key) WHERE v.item_key=?1 " +
         std::string(where);
}

// Ids are read in two halves, those that are numbers and those that are texts: each follows items_by_id, so that a
// page costs the same wherever it begins. -1 is before all numbers, and what texts have in their place.
constexpr std::string_view kNumbers = " AND i.id_number>?3 ORDER BY i.id_number LIMIT ?2";
constexpr std::string_view kTexts = " AND i.id_number=-1 AND i.id>?4 ORDER BY i.id LIMIT ?2";
constexpr std::string_view kOfType = " WHERE i.type_key=(SELECT type_key FROM types WHERE name=?1)";

// What a removal has left open is found the long way.
constexpr std::string_view kCountedTimes =
    "coalesce(c.first_at, (SELECT min(v.at) FROM items i JOIN versions v USING (item_key) WHERE "
    "i.type_key=c.type_key)),"
    " coalesce(c.last_at, (SELECT max(v.at) FROM items i JOIN versions v USING (item_key) WHERE "
    "i.type_key=c.type_key))";

// Behind a text there are no more numbers.
bool wants_numbers(std::string_view after_id) { return after_id.empty() || number_of(after_id); }
std::int64_t after_number(std::string_view after_id) { return number_of(after_id).value_or(-1); }
std::string_view after_text(std::string_view after_id) { return number_of(after_id) ? std::string_view() : after_id; }

}  // namespace

std::optional<std::int64_t> number_of(std::string_view id) {
  if (id.empty() || (id.size() > 1 && id.front() == '0')) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc{} || end != id.data() + id.size() || number < 0) return std::nullopt;
  return number;
}

Result<std::unique_ptr<ItemQueries>> ItemQueries::open(Connection& connection) {
  std::unique_ptr<ItemQueries> queries(new ItemQueries(connection));
  queries->find_item_.emplace(TRY(connection.prepare(
      "SELECT i.version, i.gone, i.hash, i.scheme, i.item_key, (SELECT at FROM versions v WHERE v.item_key=i.item_key"
      " ORDER BY v.version LIMIT 1), (SELECT at FROM versions v WHERE v.item_key=i.item_key AND v.version=i.version)"
      " FROM items i WHERE i.type_key=(SELECT type_key FROM types WHERE name=?1) AND i.gone IN (0, 1) AND "
      "i.id_number=?2"
      " AND i.id=?3")));
  queries->find_version_.emplace(TRY(connection.prepare(select_version("AND v.version=?4"))));
  queries->find_version_at_.emplace(
      TRY(connection.prepare(select_version("AND v.at<=?4 ORDER BY v.version DESC LIMIT 1"))));
  queries->newest_content_.emplace(
      TRY(connection.prepare(select_version_of_key("AND v.gone=0 AND v.at<=?2 ORDER BY v.version DESC LIMIT 1"))));
  const std::string present = "SELECT i.id_number, i.id FROM items i" + std::string(kOfType) + " AND i.gone=0";
  queries->present_numbers_.emplace(TRY(connection.prepare(present + std::string(kNumbers))));
  queries->present_texts_.emplace(TRY(connection.prepare(present + std::string(kTexts))));
  return queries;
}

Result<std::optional<ItemRow>> ItemQueries::find_item(std::string_view type, std::string_view id) {
  const StoredId stored(id);
  const bool found = TRY(find_item_->bind(type, stored.number, stored.text).step());
  if (!found) return std::optional<ItemRow>();
  const Statement& s = *find_item_;
  ItemRow row;
  row.id = id;
  row.version = static_cast<std::uint32_t>(s.integer(0));
  row.gone = s.integer(1) != 0;
  row.hash = s.text(2);
  row.scheme = static_cast<int>(s.integer(3));
  row.key = s.integer(4);
  row.first_at = s.integer(5);
  row.last_at = s.integer(6);
  find_item_->reset();
  return std::optional<ItemRow>(std::move(row));
}

Result<std::optional<VersionRow>> ItemQueries::one_version(Statement& statement) {
  const bool found = TRY(statement.step());
  if (!found) return std::optional<VersionRow>();
  VersionRow row = read_version(statement);
  statement.reset();
  return std::optional<VersionRow>(std::move(row));
}

Result<std::optional<VersionRow>> ItemQueries::find_version(std::string_view type, std::string_view id,
                                                            std::uint32_t version) {
  const StoredId stored(id);
  return one_version(find_version_->bind(type, stored.number, stored.text, version));
}

Result<std::optional<VersionRow>> ItemQueries::find_version_at(std::string_view type, std::string_view id,
                                                               std::int64_t at) {
  const StoredId stored(id);
  return one_version(find_version_at_->bind(type, stored.number, stored.text, at));
}

Result<std::vector<VersionRow>> ItemQueries::history(std::string_view type, std::string_view id) {
  Statement s = TRY(connection_->prepare(select_version("ORDER BY v.version")));
  const StoredId stored(id);
  std::vector<VersionRow> rows;
  s.bind(type, stored.number, stored.text);
  while (TRY(s.step())) rows.push_back(read_version(s));
  return rows;
}

Result<std::vector<VersionRow>> ItemQueries::history_before(std::int64_t item_key, std::uint32_t before,
                                                            std::uint32_t limit) {
  Statement s = TRY(connection_->prepare(select_version_of_key("AND v.version<?2 ORDER BY v.version DESC LIMIT ?3")));
  std::vector<VersionRow> rows;
  s.bind(item_key, before, limit);
  while (TRY(s.step())) rows.push_back(read_version(s));
  return rows;
}

Result<std::optional<VersionRow>> ItemQueries::newest_content(std::int64_t item_key, std::optional<std::int64_t> at) {
  return one_version(newest_content_->bind(item_key, at.value_or(std::numeric_limits<std::int64_t>::max())));
}

Result<std::optional<VersionRow>> ItemQueries::content_before(std::int64_t item_key, std::uint32_t version) {
  Statement s =
      TRY(connection_->prepare(select_version_of_key("AND v.gone=0 AND v.version<?2 ORDER BY v.version DESC LIMIT 1")));
  return one_version(s.bind(item_key, version));
}

Result<std::vector<std::string>> ItemQueries::labels(std::int64_t item_key) {
  Statement s = TRY(connection_->prepare("SELECT labels FROM items WHERE item_key=?1"));
  const bool row = TRY(s.bind(item_key).step());
  return row && !s.is_null(0) ? split_labels(s.text(0)) : std::vector<std::string>();
}

Result<std::vector<ItemRow>> ItemQueries::list(const ListQuery& query) {
  ItemPage page = TRY(list_page(query));
  return std::move(page.rows);
}

Result<std::vector<TypeCount>> ItemQueries::counts() {
  Statement s = TRY(connection_->prepare("SELECT t.name, c.present, c.gone, c.versions, " + std::string(kCountedTimes) +
                                         " FROM types t JOIN type_counts c USING (type_key) ORDER BY t.name"));
  std::vector<TypeCount> rows;
  while (TRY(s.step())) {
    rows.push_back({std::string(s.text(0)), static_cast<std::uint64_t>(s.integer(1)),
                    static_cast<std::uint64_t>(s.integer(2)), static_cast<std::uint64_t>(s.integer(3)), s.integer(4),
                    s.integer(5)});
  }
  return rows;
}

Result<std::vector<std::string>> ItemQueries::present_ids(std::string_view type, std::string_view after_id,
                                                          std::uint32_t limit) {
  std::vector<std::string> ids;
  const auto take = [&](Statement& half) -> Result<> {
    half.bind(type, limit - ids.size(), after_number(after_id), after_text(after_id));
    while (TRY(half.step())) ids.push_back(read_id(half, 0));
    return {};
  };
  if (wants_numbers(after_id)) TRY(take(*present_numbers_));
  if (ids.size() < limit) TRY(take(*present_texts_));
  return ids;
}

Result<std::uint64_t> ItemQueries::count_present(std::string_view type) {
  Statement s = TRY(connection_->prepare(
      "SELECT present FROM type_counts WHERE type_key=(SELECT type_key FROM types WHERE name=?1)"));
  s.bind(type);
  const bool row = TRY(s.step());
  return row ? static_cast<std::uint64_t>(s.integer(0)) : std::uint64_t{0};
}

Result<std::vector<PackRow>> ItemQueries::packs() {
  Statement s = TRY(connection_->prepare("SELECT pack, identity, known_end, frames, sealed FROM packs ORDER BY pack"));
  std::vector<PackRow> rows;
  while (TRY(s.step())) {
    rows.push_back({static_cast<std::uint64_t>(s.integer(0)), std::string(s.text(1)),
                    static_cast<std::uint64_t>(s.integer(2)), static_cast<std::uint64_t>(s.integer(3)),
                    s.integer(4) != 0});
  }
  return rows;
}

Result<std::vector<PackUse>> ItemQueries::pack_use() {
  Statement s = TRY(connection_->prepare(
      "SELECT f.pack, sum(n.versions), sum(n.bytes) FROM (SELECT frame_key, count(*) AS versions, sum(size) AS bytes"
      " FROM versions GROUP BY frame_key) n JOIN frames f USING (frame_key) GROUP BY f.pack ORDER BY f.pack"));
  std::vector<PackUse> rows;
  while (TRY(s.step())) {
    rows.push_back({static_cast<std::uint64_t>(s.integer(0)), static_cast<std::uint64_t>(s.integer(1)),
                    static_cast<std::uint64_t>(s.integer(2))});
  }
  return rows;
}

// The frames are few and become keys first; then all versions are looked through.
Result<std::vector<ItemQueries::InFrame>> ItemQueries::versions_between(std::uint64_t pack, std::uint64_t from,
                                                                        std::uint64_t to, std::uint32_t limit) {
  Statement s = TRY(connection_->prepare(
      "SELECT t.name, i.id_number, i.id, " + std::string(kVersionColumns) +
      " FROM versions v CROSS JOIN frames f USING (frame_key) CROSS JOIN items i USING (item_key) JOIN types t USING"
      " (type_key) JOIN run_keys r USING (run_key) WHERE v.frame_key IN (SELECT frame_key FROM frames WHERE pack=?1 AND"
      " offset>=?2 AND offset<?3) ORDER BY f.offset, v.at_byte LIMIT ?4"));
  s.bind(pack, from, to, limit);
  std::vector<InFrame> rows;
  while (TRY(s.step())) rows.push_back({std::string(s.text(0)), read_id(s, 1), read_version(s, 3)});
  return rows;
}

Result<std::uint64_t> ItemQueries::count_between(std::uint64_t pack, std::uint64_t from, std::uint64_t to) {
  Statement s = TRY(connection_->prepare(
      "SELECT count(*) FROM versions WHERE frame_key IN (SELECT frame_key FROM frames WHERE pack=?1 AND offset>=?2 AND"
      " offset<?3)"));
  const bool row = TRY(s.bind(pack, from, to).step());
  return row ? static_cast<std::uint64_t>(s.integer(0)) : std::uint64_t{0};
}

}  // namespace backstock::index
