#include "http/api_runs.h"

#include "backup/store_status.h"
#include "content/registry.h"
#include "http/api_answer.h"
#include "http/api_lookup.h"
#include "index/run_rows.h"

namespace backstock::http {
namespace {

Json type_json(const backup::TypeReport& report) {
  const content::ContentType* type = content::find_type(report.type);
  return Json{{"type", report.type},
              {"label", type == nullptr ? Json(report.type) : Json(type->label)},
              {"outcome", backup::to_string(report.outcome)},
              {"full", report.full},
              {"complete", report.complete},
              {"seen", report.seen},
              {"added", report.added},
              {"changed", report.changed},
              {"unchanged", report.unchanged},
              {"returned", report.returned},
              {"gone", report.gone},
              {"requests", report.requests},
              {"started_at", time_json(report.started)},
              {"ended_at", time_json(report.ended)},
              {"message", text_or_null(report.message)},
              {"problems", report.problems}};
}

Json run_json(const index::RunRow& run, const std::vector<backup::TypeReport>& reports) {
  std::uint64_t versions = 0;
  std::uint64_t problems = 0;
  for (const backup::TypeReport& report : reports) {
    versions += report.added + report.changed + report.returned + report.gone;
    problems += report.problem_count;
  }
  return Json{{"run", run.run},
              {"kind", run.kind},
              {"origin", run.origin},
              {"started_at", time_json(run.started)},
              {"ended_at", time_json(run.ended)},
              {"outcome", run.ended ? backup::outcome_word(run, reports) : "running"},
              {"message", text_or_null(run.message)},
              {"versions", versions},
              {"problems", problems}};
}

}  // namespace

Result<Response> get_runs(const Serving& serving, const ApiRequest& request) {
  const StoreDoor::Store* store = TRY(find_store(serving, request));
  const std::string before = request.text("before").value_or("");
  const auto limit = static_cast<std::uint32_t>(TRY(request.number("limit", 1, 100, 20)));
  Json runs = Json::array();
  Json next = nullptr;
  if (const auto reader = TRY(open_reader(*store))) {
    const index::Snapshot snapshot = TRY(index::Snapshot::begin(reader->connection()));
    auto rows = TRY(index::runs_before(reader->connection(), before, limit + 1));
    if (rows.size() > limit) {
      rows.pop_back();
      next = rows.back().run;
    }
    for (const index::RunRow& row : rows)
      runs.push_back(run_json(row, TRY(backup::reports_of(reader->connection(), row.run))));
  }
  return json_answer(Json{{"runs", std::move(runs)}, {"next", std::move(next)}});
}

Result<Response> get_run(const Serving& serving, const ApiRequest& request) {
  const StoreDoor::Store* store = TRY(find_store(serving, request));
  const std::string name = TRY(request.needed_text("run"));
  if (const auto reader = TRY(open_reader(*store))) {
    const index::Snapshot snapshot = TRY(index::Snapshot::begin(reader->connection()));
    if (const auto run = TRY(index::find_run(reader->connection(), name))) {
      const auto reports = TRY(backup::reports_of(reader->connection(), run->run));
      Json json = run_json(*run, reports);
      json["types"] = Json::array();
      for (const backup::TypeReport& report : reports) json["types"].push_back(type_json(report));
      return json_answer(json);
    }
  }
  return about("the run cannot be shown",
               make_error(ErrorKind::not_found, "there is no such run", "/api/v1/runs lists them"));
}

}  // namespace backstock::http
