#include "index/prune_rows.h"

#include <algorithm>

namespace backstock::index {

Result<> apply_prune(Connection& connection, const Json& record) {
  Statement s =
      TRY(connection.prepare("INSERT INTO prunes (at, undo, forced, ahead, report) VALUES (?1, ?2, ?3, ?4, ?5) ON "
                             "CONFLICT (at, undo) DO UPDATE"
                             " SET forced=excluded.forced, ahead=excluded.ahead, report=excluded.report WHERE "
                             "(excluded.forced, excluded.ahead,"
                             " excluded.report) > (prunes.forced, prunes.ahead, prunes.report)"));
  const auto types = record.find("types");
  const std::string report = types == record.end() ? "{}" : to_text(*types);
  return s
      .bind(integer_at(record, "at"), flag_at(record, "undo"), flag_at(record, "forced"), integer_at(record, "ahead"),
            report)
      .run();
}

Result<std::vector<PruneRow>> prunes(Connection& connection) {
  Statement s = TRY(connection.prepare("SELECT at, undo, forced, ahead, report FROM prunes ORDER BY at, undo"));
  std::vector<PruneRow> rows;
  while (TRY(s.step()))
    rows.push_back({s.integer(0), s.integer(1) != 0, s.integer(2) != 0, s.integer(3), std::string(s.text(4))});
  return rows;
}

Result<std::vector<std::int64_t>> run_ends(Connection& connection, std::uint32_t limit) {
  Statement s =
      TRY(connection.prepare("SELECT ended FROM runs WHERE kind<>'' AND ended IS NOT NULL ORDER BY run DESC LIMIT ?1"));
  s.bind(limit);
  std::vector<std::int64_t> ends;
  while (TRY(s.step())) ends.push_back(s.integer(0));
  std::reverse(ends.begin(), ends.end());
  return ends;
}

Result<std::vector<RunChanges>> changes_by_run(Connection& connection) {
  Statement s = TRY(connection.prepare(
      "SELECT t.name, r.run, sum(n.changed) FROM (SELECT i.type_key AS type_key, v.run_key AS run_key, count(*) AS"
      " changed FROM versions v JOIN items i USING (item_key) WHERE v.version>1 GROUP BY i.type_key, v.run_key) n JOIN"
      " types t USING (type_key) JOIN run_keys r USING (run_key) GROUP BY t.name, r.run"));
  std::vector<RunChanges> rows;
  while (TRY(s.step()))
    rows.push_back({std::string(s.text(0)), std::string(s.text(1)), static_cast<std::uint64_t>(s.integer(2))});
  return rows;
}

Result<DoubtfulRuns> doubtful_runs(Connection& connection) {
  DoubtfulRuns runs;
  Statement bad = TRY(connection.prepare("SELECT run, type FROM run_types WHERE outcome IN ('failed', 'braked')"));
  while (TRY(bad.step())) runs.bad.emplace(bad.text(0), bad.text(1));
  Statement open = TRY(connection.prepare(
      "SELECT r.run, t.type FROM runs r LEFT JOIN run_types t USING (run) WHERE r.kind<>'' AND (r.ended IS NULL OR"
      " r.outcome='failed')"));
  while (TRY(open.step())) {
    auto& ended = runs.open[std::string(open.text(0))];
    if (!open.is_null(1)) ended.emplace(open.text(1));
  }
  return runs;
}

}  // namespace backstock::index
