#include "index/pin_rows.h"

namespace backstock::index {
namespace {

constexpr std::string_view kColumns = "SELECT type, id, version, at, pinned, by, note FROM pins ";

PinRow read_pin(const Statement& s) {
  return {std::string(s.text(0)), std::string(s.text(1)), static_cast<std::uint32_t>(s.integer(2)),
          s.integer(3),           s.integer(4) != 0,      std::string(s.text(5)),
          std::string(s.text(6))};
}

}  // namespace

Result<> apply_pin(Connection& connection, const Json& record, bool pinned) {
  const std::string type = string_at(record, "type");
  const std::string id = string_at(record, "id");
  const std::int64_t version = integer_at(record, "version");
  if (type.empty() || id.empty() || version < 1) return {};  // nothing that could be pinned
  // Of two records of one instant the pin holds: it only ever keeps more.
  Statement s = TRY(connection.prepare(
      "INSERT INTO pins (type, id, version, at, pinned, by, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT"
      " (type, id, version) DO UPDATE SET at=excluded.at, pinned=excluded.pinned, by=excluded.by, note=excluded.note"
      " WHERE (excluded.at, excluded.pinned, excluded.by, excluded.note) > (pins.at, pins.pinned, pins.by, "
      "pins.note)"));
  const std::string by = string_at(record, "by");
  const std::string note = string_at(record, "note");
  return s.bind(type, id, version, integer_at(record, "at"), pinned, by, note).run();
}

Result<std::vector<PinRow>> pins(Connection& connection, std::string_view type) {
  Statement s = TRY(
      connection.prepare(std::string(kColumns) + "WHERE pinned=1 AND (?1='' OR type=?1) ORDER BY type, id, version"));
  s.bind(type);
  std::vector<PinRow> rows;
  while (TRY(s.step())) rows.push_back(read_pin(s));
  return rows;
}

Result<std::optional<PinRow>> find_pin(Connection& connection, std::string_view type, std::string_view id,
                                       std::uint32_t version) {
  Statement s = TRY(connection.prepare(std::string(kColumns) + "WHERE type=?1 AND id=?2 AND version=?3"));
  const bool row = TRY(s.bind(type, id, version).step());
  return row ? std::optional<PinRow>(read_pin(s)) : std::optional<PinRow>();
}

}  // namespace backstock::index
