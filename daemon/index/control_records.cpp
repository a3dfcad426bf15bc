#include "index/control_records.h"

namespace backstock::index {
namespace {

Json json_in(std::string_view text, Json otherwise) {
  auto json = parse_json(text, "a row");
  return json ? std::move(*json) : std::move(otherwise);
}

Result<> runs(Connection& connection, const std::function<void(const Json&)>& take) {
  Statement s = TRY(
      connection.prepare("SELECT run, kind, origin, started, ended, outcome, types, message FROM runs ORDER BY run"));
  while (TRY(s.step())) {
    const std::string run(s.text(0));
    // Of some only the end is known.
    if (!s.text(1).empty())
      take(Json{{"control", "run_begin"},
                {"run", run},
                {"at", s.integer(3)},
                {"kind", s.text(1)},
                {"origin", s.text(2)},
                {"types", json_in(s.text(6), Json::array())}});
    if (!s.is_null(4))
      take(Json{
          {"control", "run_end"}, {"run", run}, {"at", s.integer(4)}, {"outcome", s.text(5)}, {"message", s.text(7)}});
  }
  return {};
}

Result<> types_of_runs(Connection& connection, const std::function<void(const Json&)>& take) {
  Statement s = TRY(connection.prepare(
      "SELECT run, type, at, started, outcome, complete, full, report FROM run_types ORDER BY run, type"));
  while (TRY(s.step()))
    take(Json{{"control", "type_end"},
              {"run", s.text(0)},
              {"type", s.text(1)},
              {"at", s.integer(2)},
              {"started", s.integer(3)},
              {"outcome", s.text(4)},
              {"complete", s.integer(5) != 0},
              {"full", s.integer(6) != 0},
              {"report", json_in(s.text(7), Json::object())}});
  return {};
}

Result<> lost(Connection& connection, const std::function<void(const Json&)>& take) {
  Statement s = TRY(connection.prepare("SELECT type, id, version FROM lost ORDER BY type, id"));
  while (TRY(s.step()))
    take(Json{{"control", "lost"},
              {"type", s.text(0)},
              {"items", Json::array({Json::array({s.text(1), static_cast<std::uint64_t>(s.integer(2))})})}});
  return {};
}

Result<> pins(Connection& connection, const std::function<void(const Json&)>& take) {
  Statement s =
      TRY(connection.prepare("SELECT type, id, version, at, pinned, by, note FROM pins ORDER BY type, id, version"));
  while (TRY(s.step()))
    take(Json{{"control", s.integer(4) != 0 ? "pin" : "unpin"},
              {"at", s.integer(3)},
              {"type", s.text(0)},
              {"id", s.text(1)},
              {"version", s.integer(2)},
              {"by", s.text(5)},
              {"note", s.text(6)}});
  return {};
}

Result<> prunes(Connection& connection, const std::function<void(const Json&)>& take) {
  Statement s = TRY(connection.prepare("SELECT at, undo, forced, ahead, report FROM prunes ORDER BY at, undo"));
  while (TRY(s.step())) {
    Json record{{"control", "prune"},
                {"at", s.integer(0)},
                {"forced", s.integer(2) != 0},
                {"ahead", s.integer(3)},
                {"types", json_in(s.text(4), Json::object())}};
    if (s.integer(1) != 0) record["undo"] = true;
    take(record);
  }
  return {};
}

}  // namespace

Result<> for_each_control_record(Connection& connection, const std::function<void(const Json& record)>& take) {
  TRY(runs(connection, take));
  TRY(types_of_runs(connection, take));
  TRY(lost(connection, take));
  TRY(pins(connection, take));
  return prunes(connection, take);
}

}  // namespace backstock::index
