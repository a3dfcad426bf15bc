#include "index/item_queries.h"

#include <algorithm>
#include <charconv>

#include "index/item_writer.h"

namespace backstock::index {
namespace {

constexpr std::string_view kVersionColumns =
    "v.version, v.at, v.gone, v.source, v.run, f.pack, f.offset, f.header_size, f.stored_size, v.at_byte, v.size";

VersionRow read_version(const Statement& s, int first = 0) {
  VersionRow row;
  row.version = static_cast<std::uint32_t>(s.integer(first));
  row.at = s.integer(first + 1);
  row.gone = s.integer(first + 2) != 0;
  row.source = s.text(first + 3);
  row.run = s.text(first + 4);
  row.frame = {static_cast<std::uint64_t>(s.integer(first + 5)), static_cast<std::uint64_t>(s.integer(first + 6)),
               static_cast<std::uint32_t>(s.integer(first + 7)), static_cast<std::uint32_t>(s.integer(first + 8))};
  row.at_byte = static_cast<std::uint32_t>(s.integer(first + 9));
  row.size = static_cast<std::uint32_t>(s.integer(first + 10));
  return row;
}

std::string select_version(std::string_view where) {
  return "SELECT " + std::string(kVersionColumns) +
         " FROM items i JOIN types t USING (type_key) JOIN versions v USING (item_key) JOIN frames f USING (frame_key)"
         " WHERE t.name=?1 AND i.id=?2 " +
         std::string(where);
}

// Folds ASCII only: what SQLite's own lower() does, so that both sides agree.
std::string fold(std::string_view text) {
  std::string folded(text);
  std::transform(folded.begin(), folded.end(), folded.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return folded;
}

// The smallest text behind all texts that begin with `prefix`; empty when there is none.
std::string behind_prefix(std::string prefix) {
  while (!prefix.empty()) {
    auto last = static_cast<unsigned char>(prefix.back());
    if (last < 0xFF) {
      prefix.back() = static_cast<char>(last + 1);
      return prefix;
    }
    prefix.pop_back();
  }
  return prefix;
}

// Lists are read in two halves, ids that are numbers and ids that are texts: each follows items_in_order, so that a
// page costs the same wherever it begins. `id_number` is never negative, so -1 is before all.
constexpr std::string_view kNumbers = " AND i.id_number>?3 ORDER BY i.id_number LIMIT ?2";
constexpr std::string_view kTexts = " AND i.id_number IS NULL AND i.id>?4 ORDER BY i.id LIMIT ?2";
constexpr std::string_view kOfType = " WHERE i.type_key=(SELECT type_key FROM types WHERE name=?1)";

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
  queries->find_item_.emplace(
      TRY(connection.prepare("SELECT i.id, i.version, i.gone, i.hash, i.scheme, i.first_at, i.last_at FROM items i "
                             "JOIN types t USING (type_key)"
                             " WHERE t.name=?1 AND i.id=?2")));
  queries->find_version_.emplace(TRY(connection.prepare(select_version("AND v.version=?3"))));
  queries->find_version_at_.emplace(
      TRY(connection.prepare(select_version("AND v.at<=?3 ORDER BY v.version DESC LIMIT 1"))));
  const std::string present = "SELECT i.id FROM items i" + std::string(kOfType) + " AND i.gone=0";
  queries->present_numbers_.emplace(TRY(connection.prepare(present + std::string(kNumbers))));
  queries->present_texts_.emplace(TRY(connection.prepare(present + std::string(kTexts))));
  return queries;
}

Result<std::optional<ItemRow>> ItemQueries::find_item(std::string_view type, std::string_view id) {
  const bool found = TRY(find_item_->bind(type, id).step());
  if (!found) return std::optional<ItemRow>();
  const Statement& s = *find_item_;
  ItemRow row;
  row.id = s.text(0);
  row.version = static_cast<std::uint32_t>(s.integer(1));
  row.gone = s.integer(2) != 0;
  row.hash = s.text(3);
  row.scheme = static_cast<int>(s.integer(4));
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
  return one_version(find_version_->bind(type, id, version));
}

Result<std::optional<VersionRow>> ItemQueries::find_version_at(std::string_view type, std::string_view id,
                                                               std::int64_t at) {
  return one_version(find_version_at_->bind(type, id, at));
}

Result<std::vector<VersionRow>> ItemQueries::history(std::string_view type, std::string_view id) {
  Statement s = TRY(connection_->prepare(select_version("ORDER BY v.version")));
  std::vector<VersionRow> rows;
  s.bind(type, id);
  while (TRY(s.step())) rows.push_back(read_version(s));
  return rows;
}

Result<std::vector<ItemRow>> ItemQueries::list(const ListQuery& query) {
  std::vector<ItemRow> rows;
  if (wants_numbers(query.after_id)) TRY(list_half(query, true, rows));
  if (rows.size() < query.limit) TRY(list_half(query, false, rows));
  return rows;
}

Result<> ItemQueries::list_half(const ListQuery& query, bool numbers, std::vector<ItemRow>& rows) {
  std::string sql = "SELECT i.item_key, i.id, ";
  // As it was at an instant: the newest version then. Its number, state and times replace those of now.
  if (query.at) {
    sql +=
        "v.version, v.gone, i.first_at, v.at FROM items i JOIN versions v ON v.item_key=i.item_key AND v.version="
        "(SELECT max(w.version) FROM versions w WHERE w.item_key=i.item_key AND w.at<=?7)";
  } else {
    sql += "i.version, i.gone, i.first_at, i.last_at FROM items i";
  }
  sql += kOfType;
  if (query.deleted != Deleted::include) sql += query.at ? " AND v.gone=?8" : " AND i.gone=?8";
  if (!query.prefix.empty()) {
    sql +=
        " AND i.item_key IN (SELECT item_key FROM labels WHERE type_key=(SELECT type_key FROM types WHERE name=?1)"
        " AND folded>=?5 AND folded<?6 UNION SELECT item_key FROM items WHERE type_key=(SELECT type_key FROM types"
        " WHERE name=?1) AND id=?9)";
  }
  sql += numbers ? kNumbers : kTexts;
  Statement s = TRY(connection_->prepare(sql));
  const std::string prefix = fold(query.prefix);
  const std::string behind = behind_prefix(prefix);
  s.bind(query.type, query.limit - rows.size(), after_number(query.after_id), after_text(query.after_id), prefix,
         behind, query.at, query.deleted == Deleted::only, query.prefix);
  Statement labels = TRY(connection_->prepare("SELECT text FROM labels WHERE item_key=?1 ORDER BY place"));
  while (TRY(s.step())) {
    ItemRow row;
    row.id = s.text(1);
    row.version = static_cast<std::uint32_t>(s.integer(2));
    row.gone = s.integer(3) != 0;
    row.first_at = s.integer(4);
    row.last_at = s.integer(5);
    labels.bind(s.integer(0));
    while (TRY(labels.step())) row.labels.emplace_back(labels.text(0));
    rows.push_back(std::move(row));
  }
  return {};
}

Result<std::vector<TypeCount>> ItemQueries::counts() {
  Statement s = TRY(
      connection_->prepare("SELECT t.name, sum(i.gone=0), sum(i.gone), sum(i.version), min(i.first_at), max(i.last_at)"
                           " FROM types t JOIN items i USING (type_key) GROUP BY t.type_key ORDER BY t.name"));
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
    while (TRY(half.step())) ids.emplace_back(half.text(0));
    return {};
  };
  if (wants_numbers(after_id)) TRY(take(*present_numbers_));
  if (ids.size() < limit) TRY(take(*present_texts_));
  return ids;
}

Result<std::uint64_t> ItemQueries::count_present(std::string_view type) {
  Statement s = TRY(connection_->prepare(
      "SELECT count(*) FROM items WHERE type_key=(SELECT type_key FROM types WHERE name=?1) AND gone=0"));
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

Result<std::vector<ItemQueries::InFrame>> ItemQueries::versions_between(std::uint64_t pack, std::uint64_t from,
                                                                        std::uint64_t to, std::uint32_t limit) {
  Statement s = TRY(connection_->prepare(
      "SELECT t.name, i.id, " + std::string(kVersionColumns) +
      " FROM frames f JOIN versions v USING (frame_key) JOIN items i USING (item_key)"
      " JOIN types t USING (type_key) WHERE f.pack=?1 AND f.offset>=?2 AND f.offset<?3 ORDER BY f.offset, v.at_byte"
      " LIMIT ?4"));
  s.bind(pack, from, to, limit);
  std::vector<InFrame> rows;
  while (TRY(s.step())) rows.push_back({std::string(s.text(0)), std::string(s.text(1)), read_version(s, 2)});
  return rows;
}

Result<std::uint64_t> ItemQueries::count_between(std::uint64_t pack, std::uint64_t from, std::uint64_t to) {
  Statement s =
      TRY(connection_->prepare("SELECT count(*) FROM frames f JOIN versions v USING (frame_key) WHERE f.pack=?1 AND"
                               " f.offset>=?2 AND f.offset<?3"));
  const bool row = TRY(s.bind(pack, from, to).step());
  return row ? static_cast<std::uint64_t>(s.integer(0)) : std::uint64_t{0};
}

Result<std::string> ItemQueries::dump() {
  static constexpr std::string_view kQueries[] = {
      "SELECT 'item', t.name, i.id, i.version, i.gone, hex(i.hash), i.scheme, i.first_at, i.last_at FROM items i JOIN "
      "types t"
      " USING (type_key) ORDER BY t.name, i.id",
      "SELECT 'version', t.name, i.id, v.version, v.at, v.gone, v.source, v.run, f.pack, f.offset, f.header_size,"
      " f.stored_size, v.at_byte, v.size FROM versions v JOIN items i USING (item_key) JOIN types t USING (type_key)"
      " JOIN frames f USING (frame_key) ORDER BY t.name, i.id, v.version",
      "SELECT 'label', t.name, i.id, l.place, l.text FROM labels l JOIN items i USING (item_key) JOIN types t ON"
      " t.type_key=i.type_key ORDER BY t.name, i.id, l.place",
      "SELECT 'run', run, kind, origin, started, ended, outcome, types, message FROM runs ORDER BY run",
      "SELECT 'run_type', run, type, at, started, outcome, complete, full, report FROM run_types ORDER BY run, type",
      "SELECT 'pack', pack, hex(identity), known_end, frames, sealed FROM packs ORDER BY pack"};
  std::string text;
  for (const std::string_view sql : kQueries) {
    Statement s = TRY(connection_->prepare(sql));
    while (TRY(s.step())) {
      for (int column = 0; column < s.columns(); ++column) text.append(column == 0 ? "" : "|").append(s.text(column));
      text += '\n';
    }
  }
  return text;
}

}  // namespace backstock::index
