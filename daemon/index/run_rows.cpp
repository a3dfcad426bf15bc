#include "index/run_rows.h"

#include "index/lost_rows.h"
#include "index/pin_rows.h"
#include "index/prune_rows.h"

namespace backstock::index {
namespace {

std::string json_of(const Json& record, const char* key, const char* otherwise) {
  const auto found = record.find(key);
  return found != record.end() ? to_text(*found) : otherwise;
}

RunRow read_run(const Statement& s) {
  RunRow row;
  row.run = s.text(0);
  row.kind = s.text(1);
  row.origin = s.text(2);
  row.started = s.integer(3);
  if (!s.is_null(4)) row.ended = s.integer(4);
  row.outcome = s.text(5);
  row.types = s.text(6);
  row.message = s.text(7);
  return row;
}
// A run of which only the end was met so far has no kind: nobody is told of it.
constexpr std::string_view kRunColumns =
    "SELECT run, kind, origin, started, ended, outcome, types, message FROM (SELECT * FROM runs WHERE kind<>'') ";

RunTypeRow read_run_type(const Statement& s) {
  return {std::string(s.text(0)), std::string(s.text(1)), s.integer(2),      s.integer(3),
          std::string(s.text(4)), s.integer(5) != 0,      s.integer(6) != 0, std::string(s.text(7))};
}
constexpr std::string_view kRunTypeColumns =
    "SELECT run, type, at, started, outcome, complete, full, report FROM run_types ";

Result<std::vector<RunRow>> all_runs(Statement& s) {
  std::vector<RunRow> rows;
  while (TRY(s.step())) rows.push_back(read_run(s));
  return rows;
}

Result<std::optional<RunTypeRow>> one_run_type(Statement& s) {
  const bool row = TRY(s.step());
  return row ? std::optional<RunTypeRow>(read_run_type(s)) : std::optional<RunTypeRow>();
}

}  // namespace

Result<> apply_control(Connection& connection, const Json& record) {
  const std::string kind = string_at(record, "control");
  const std::string run = string_at(record, "run");
  if (kind == "run_begin") {
    Statement s =
        TRY(connection.prepare("INSERT INTO runs (run, kind, origin, started, types, message) VALUES (?1, ?2, ?3, ?4, "
                               "?5, '') ON CONFLICT (run) DO UPDATE SET kind=excluded.kind, origin=excluded.origin,"
                               " started=excluded.started, types=excluded.types WHERE runs.kind=''"));
    return s
        .bind(run, string_at(record, "kind"), string_at(record, "origin"), integer_at(record, "at"),
              json_of(record, "types", "[]"))
        .run();
  }
  if (kind == "type_end") {
    Statement s = TRY(connection.prepare(
        "INSERT INTO run_types (run, type, at, started, outcome, complete, full, report) VALUES (?1, ?2, ?3, ?4, ?5, "
        "?6, ?7, ?8)"
        " ON CONFLICT (run, type) DO UPDATE SET at=excluded.at, started=excluded.started, outcome=excluded.outcome,"
        " complete=excluded.complete, full=excluded.full, report=excluded.report WHERE excluded.at>=run_types.at"));
    return s
        .bind(run, string_at(record, "type"), integer_at(record, "at"), integer_at(record, "started"),
              string_at(record, "outcome"), flag_at(record, "complete"), flag_at(record, "full"),
              json_of(record, "report", "{}"))
        .run();
  }
  if (kind == "run_end") {
    // A rebuild may meet it before the run's beginning, which compaction has put into a later pack.
    Statement s = TRY(
        connection.prepare("INSERT INTO runs (run, kind, origin, started, types, ended, outcome, message) VALUES (?1, "
                           "'', '', ?2, '[]', ?2,"
                           " ?3, ?4) ON CONFLICT (run) DO UPDATE SET ended=excluded.ended, outcome=excluded.outcome,"
                           " message=excluded.message"));
    TRY(s.bind(run, integer_at(record, "at"), string_at(record, "outcome"), string_at(record, "message")).run());
    return drop_checkpoints(connection, run);
  }
  if (kind == "lost") return apply_lost(connection, record);
  if (kind == "pin" || kind == "unpin") return apply_pin(connection, record, kind == "pin");
  if (kind == "prune") return apply_prune(connection, record);
  return {};
}

Result<std::vector<RunRow>> recent_runs(Connection& connection, std::uint32_t limit) {
  Statement s = TRY(connection.prepare(std::string(kRunColumns) + "ORDER BY run DESC LIMIT ?1"));
  return all_runs(s.bind(limit));
}

Result<std::vector<RunRow>> runs_before(Connection& connection, std::string_view run, std::uint32_t limit) {
  if (run.empty()) return recent_runs(connection, limit);
  Statement s = TRY(connection.prepare(std::string(kRunColumns) + "WHERE run<?1 ORDER BY run DESC LIMIT ?2"));
  return all_runs(s.bind(run, limit));
}

Result<std::optional<RunRow>> last_ended_run(Connection& connection, std::string_view outcome, std::size_t types) {
  Statement s =
      TRY(connection.prepare(std::string(kRunColumns) + "WHERE ended IS NOT NULL AND (?1='' OR outcome=?1) AND (?2=0 "
                                                        "OR (json_valid(types) AND json_array_length(types)>=?2))"
                                                        " ORDER BY run DESC LIMIT 1"));
  const bool row = TRY(s.bind(outcome, std::uint64_t{types}).step());
  return row ? std::optional<RunRow>(read_run(s)) : std::optional<RunRow>();
}

Result<std::optional<RunRow>> find_run(Connection& connection, std::string_view run) {
  Statement s = TRY(connection.prepare(std::string(kRunColumns) + "WHERE run=?1"));
  const bool row = TRY(s.bind(run).step());
  return row ? std::optional<RunRow>(read_run(s)) : std::optional<RunRow>();
}

Result<std::vector<RunRow>> unfinished_runs(Connection& connection) {
  Statement s = TRY(connection.prepare(std::string(kRunColumns) + "WHERE ended IS NULL ORDER BY run DESC"));
  return all_runs(s);
}

Result<std::vector<RunTypeRow>> types_of_run(Connection& connection, std::string_view run) {
  Statement s = TRY(connection.prepare(std::string(kRunTypeColumns) + "WHERE run=?1 ORDER BY at"));
  s.bind(run);
  std::vector<RunTypeRow> rows;
  while (TRY(s.step())) rows.push_back(read_run_type(s));
  return rows;
}

Result<std::optional<RunTypeRow>> last_good(Connection& connection, std::string_view type, bool full) {
  Statement s = TRY(connection.prepare(
      std::string(kRunTypeColumns) +
      "WHERE type=?1 AND outcome='done' AND (?2=0 OR (full=1 AND complete=1)) ORDER BY at DESC LIMIT 1"));
  return one_run_type(s.bind(type, full));
}

Result<std::optional<RunTypeRow>> last_attempt(Connection& connection, std::string_view type) {
  Statement s = TRY(connection.prepare(std::string(kRunTypeColumns) + "WHERE type=?1 ORDER BY at DESC LIMIT 1"));
  return one_run_type(s.bind(type));
}

Result<> set_checkpoint(Connection& connection, std::string_view run, std::string_view type, std::string_view state) {
  Statement s =
      TRY(connection.prepare("INSERT INTO checkpoints (run, type, state) VALUES (?1, ?2, ?3) ON CONFLICT (run, type) "
                             "DO UPDATE SET state=excluded.state"));
  return s.bind(run, type, state).run();
}

Result<std::optional<std::string>> find_checkpoint(Connection& connection, std::string_view run,
                                                   std::string_view type) {
  Statement s = TRY(connection.prepare("SELECT state FROM checkpoints WHERE run=?1 AND type=?2"));
  const bool row = TRY(s.bind(run, type).step());
  return row ? std::optional<std::string>(s.text(0)) : std::optional<std::string>();
}

Result<> drop_checkpoints(Connection& connection, std::string_view run) {
  Statement s = TRY(connection.prepare("DELETE FROM checkpoints WHERE run=?1"));
  return s.bind(run).run();
}

}  // namespace backstock::index
