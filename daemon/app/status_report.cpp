#include "app/status_report.h"

#include <algorithm>

#include "backup/store_status.h"

#ifndef BACKSTOCK_VERSION
#define BACKSTOCK_VERSION "development"
#endif

namespace backstock::app {
namespace {

Json store_json(const StoreWorker& worker, TimePoint now) {
  const std::optional<backup::Progress> progress = worker.progress();
  Json json{{"name", worker.setup().name},
            {"state", progress ? "running" : "idle"},
            {"items", 0},
            {"versions", 0},
            {"last_run", nullptr},
            {"last_complete_at", nullptr},
            {"next_run_at", nullptr},
            {"running", nullptr},
            {"problems", Json::array()}};
  if (progress) {
    json["running"] = Json{{"kind", "backup"},
                           {"type", progress->type},
                           {"done", progress->items_done},
                           {"total", progress->items_total ? Json(*progress->items_total) : Json(nullptr)}};
  }
  const auto status = backup::read_status(worker.setup().name, worker.setup().vault);
  if (!status) {
    json["problems"].push_back(status.error().sentence());
    return json;
  }
  std::uint64_t items = 0;
  std::uint64_t versions = 0;
  for (const index::TypeCount& type : status->types) items += type.present, versions += type.versions;
  json["items"] = items;
  json["versions"] = versions;
  const auto time = [](std::int64_t at) { return format_rfc3339(from_ms(at)); };
  const auto ended = std::find_if(status->runs.begin(), status->runs.end(),
                                  [](const index::RunRow& run) { return run.ended.has_value(); });
  const auto done = std::find_if(status->runs.begin(), status->runs.end(),
                                 [](const index::RunRow& run) { return run.outcome == "done"; });
  if (ended != status->runs.end()) {
    json["last_run"] = Json{{"kind", ended->kind},
                            {"outcome", ended->outcome},
                            {"started_at", time(ended->started)},
                            {"finished_at", time(*ended->ended)}};
    if (ended->outcome != "done") json["problems"].push_back(backup::verdict(*status, now));
  }
  if (done != status->runs.end()) json["last_complete_at"] = time(*done->ended);
  return json;
}

}  // namespace

Json StatusReport::status() const {
  Json stores = Json::array();
  for (const StoreWorker* worker : workers_) stores.push_back(store_json(*worker, clock_->now()));
  return Json{{"version", BACKSTOCK_VERSION}, {"now", format_rfc3339(clock_->now())}, {"stores", std::move(stores)}};
}

}  // namespace backstock::app
