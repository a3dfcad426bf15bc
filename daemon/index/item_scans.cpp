#include "index/item_scans.h"

#include "index/item_columns.h"

namespace backstock::index {
namespace {

// Items that are there and items that are gone stand apart in the index; SQLite merges the two.
std::string select_items(std::string_view where, std::string_view order) {
  std::string sql;
  for (const char* gone : {"0", "1"}) {
    sql += sql.empty() ? "" : " UNION ALL ";
    sql +=
        "SELECT item_key, id_number, id FROM items WHERE type_key=(SELECT type_key FROM types WHERE name=?1) AND gone=";
    sql += gone;
    sql += where;
  }
  return sql.append(order);
}

}  // namespace

Result<VersionScan> VersionScan::open(Connection& connection, std::string_view type, std::string_view after_id) {
  VersionScan scan(TRY(connection.prepare("SELECT " + std::string(kVersionColumns) +
                                          " FROM versions v JOIN frames f USING (frame_key) JOIN run_keys r USING"
                                          " (run_key) WHERE v.item_key=?1 ORDER BY v.version")));
  scan.type_ = std::make_unique<std::string>(type);
  scan.after_ = std::make_unique<std::string>(after_id);
  const StoredId after(*scan.after_);
  // Behind a text there are no more numbers. -1 is before all numbers.
  if (after_id.empty() || after.number >= 0) {
    scan.halves_.push_back(TRY(connection.prepare(select_items(" AND id_number>?2", " ORDER BY id_number"))));
    scan.halves_.back().bind(*scan.type_, after.number);
  }
  scan.halves_.push_back(TRY(connection.prepare(select_items(" AND id_number=-1 AND id>?2", " ORDER BY id"))));
  scan.halves_.back().bind(*scan.type_, after.text);
  return scan;
}

Result<std::optional<VersionScan::Row>> VersionScan::next() {
  while (true) {
    if (in_item_) {
      in_item_ = TRY(versions_.step());
      if (in_item_) return std::optional<Row>(Row{item_, id_, read_version(versions_)});
    }
    if (at_ == halves_.size()) return std::optional<Row>();
    Statement& items = halves_[at_];
    in_item_ = TRY(items.step());
    if (!in_item_) {
      ++at_;
      continue;
    }
    item_ = items.integer(0);
    id_ = read_id(items, 1);
    versions_.bind(item_);
  }
}

Result<InstantScan> InstantScan::open(Connection& connection, std::string_view type, std::int64_t at) {
  InstantScan scan(TRY(connection.prepare(
      "SELECT v.item_key, i.id_number, i.id, " + std::string(kVersionColumns) +
      " FROM items i CROSS JOIN versions v ON v.item_key=i.item_key AND v.version=(SELECT w.version FROM versions w "
      "WHERE"
      " w.item_key=i.item_key AND w.at<=?2 ORDER BY w.version DESC LIMIT 1) CROSS JOIN frames f USING (frame_key) CROSS"
      " JOIN run_keys r USING (run_key) WHERE i.type_key=(SELECT type_key FROM types WHERE name=?1) AND i.gone IN (0, "
      "1)"
      " ORDER BY f.pack, f.offset, v.at_byte")));
  scan.type_ = std::make_unique<std::string>(type);
  scan.statement_.bind(*scan.type_, at);
  return scan;
}

Result<std::optional<InstantScan::Row>> InstantScan::next() {
  if (at_end_) return std::optional<Row>();  // a statement stepped again begins anew
  at_end_ = !TRY(statement_.step());
  if (at_end_) return std::optional<Row>();
  return std::optional<Row>(Row{statement_.integer(0), read_id(statement_, 1), read_version(statement_, 3)});
}

}  // namespace backstock::index
