#include "app/status_report.h"

#include <algorithm>

#include "content/registry.h"

#ifndef BACKSTOCK_VERSION
#define BACKSTOCK_VERSION "development"
#endif

namespace backstock::app {
namespace {

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}
Json time_json(std::int64_t at) { return format_rfc3339(from_ms(at)); }

Json verdict_json(const char* level, std::string text) { return Json{{"level", level}, {"text", std::move(text)}}; }

// Longer than between two daily runs, one of which took its time.
constexpr std::int64_t kLateMs = 26LL * 3600 * 1000;
constexpr std::int64_t kVeryLateMs = 7LL * 24 * 3600 * 1000;

// Without ages ("3 minutes ago"): the page counts these itself, and a status that says nothing new must stay the same.
// But a backup that is old is no good news, however well it went.
Json verdict_of(const backup::StoreStatus& status, std::string_view outcome, const WorkerState& worker) {
  const bool running = worker.progress.has_value();
  if (!status.last_ended) {
    if (running) return verdict_json("notice", "The first backup is under way.");
    return status.runs.empty()
               ? verdict_json("notice", "There is no backup yet.")
               : verdict_json("notice", "The first backup was interrupted; the next run goes on with it.");
  }
  if (outcome == "done" && status.never.empty()) {
    const index::RunRow& whole = status.last_whole ? *status.last_whole : *status.last_ended;
    const std::int64_t age = to_ms(worker.now) - *whole.ended;
    if (age > kVeryLateMs) return verdict_json("bad", "The last complete backup is more than a week old.");
    if (age > kLateMs) return verdict_json("notice", "The last complete backup is more than a day old.");
    return verdict_json("good", "Everything is backed up; the last run went well.");
  }
  if (outcome == "done") {
    const std::string more =
        status.never.size() == 1 ? "" : " and " + std::to_string(status.never.size() - 1) + " more";
    return verdict_json("notice", "The last run went well, but was not about everything: never backed up are " +
                                      status.never.front() + more + ".");
  }
  if (outcome == "cancelled") return verdict_json("notice", "The last run was cancelled; what it had stored is kept.");
  if (outcome == "partial") return verdict_json("notice", "The last run failed in part; the rest of it is backed up.");
  return verdict_json("bad", "The last run failed.");
}

Json running_json(const backup::Progress& progress, const backup::StoreStatus* status, std::chrono::milliseconds now) {
  std::string kind;
  if (status != nullptr) {
    for (const index::RunRow& run : status->runs)
      if (run.run == progress.run) kind = run.kind;
  }
  const content::ContentType* type = content::find_type(progress.type);
  const bool waits = progress.rate.wait_until && *progress.rate.wait_until > now;
  return Json{{"run", progress.run},
              {"kind", kind},
              {"type", progress.type.empty() ? Json(nullptr) : Json(progress.type)},
              {"label", type == nullptr ? Json(nullptr) : Json(type->label)},
              {"phase", progress.phase},
              {"type_number", progress.type_number},
              {"type_count", progress.type_count},
              {"done", progress.items_done},
              {"total", or_null(progress.items_total)},
              {"versions", progress.versions},
              {"per_second", progress.items_per_second},
              {"seconds_left", or_null(progress.seconds_left)},
              {"seconds_left_all", or_null(progress.seconds_left_all)},
              {"waiting_for_quota", waits}};
}

void add_history(Json& json, const backup::StoreStatus& status, const WorkerState& worker) {
  std::uint64_t items = 0;
  std::uint64_t versions = 0;
  std::optional<std::int64_t> first;
  std::optional<std::int64_t> last;
  for (const index::TypeCount& type : status.types) {
    items += type.present;
    versions += type.versions;
    first = std::min(first.value_or(type.first_at), type.first_at);
    last = std::max(last.value_or(type.last_at), type.last_at);
  }
  json["title"] = or_null(status.title);
  json["domain"] = or_null(status.domain);
  json["history_since"] = first ? time_json(*first) : Json(nullptr);
  json["recent_change_at"] = last ? time_json(*last) : Json(nullptr);
  json["items"] = items;
  json["versions"] = versions;
  json["pack_bytes"] = status.disk.pack_bytes;
  if (status.last_whole) json["last_complete_at"] = time_json(*status.last_whole->ended);
  std::string outcome;
  if (status.last_ended) {
    const index::RunRow& ended = *status.last_ended;
    outcome = backup::outcome_word(ended, status.last_types);
    json["last_run"] = Json{{"run", ended.run},
                            {"kind", ended.kind},
                            {"outcome", outcome},
                            {"started_at", time_json(ended.started)},
                            {"finished_at", time_json(*ended.ended)},
                            {"message", ended.message.empty() ? Json(nullptr) : Json(ended.message)}};
    if (outcome == "failed" || outcome == "partial") {
      json["problems"].push_back(ended.message);
      json["sync"] = Json{{"state", "failing"}, {"reason", ended.message}};
    }
  }
  json["verdict"] = verdict_of(status, outcome, worker);
}

void add_disk(Json& json, const std::string& store, const vault::DiskRoom& room) {
  if (room.level == vault::RoomLevel::enough) return;
  json["problems"].insert(json["problems"].begin(), Json(backup::disk_sentence(store, room)));
  if (room.level == vault::RoomLevel::full)
    json["verdict"] = verdict_json("bad", "The disk is full: backups wait until there is room.");
  else if (json["verdict"].is_object() && json["verdict"]["level"] == "good")
    json["verdict"] = verdict_json("notice", "Everything is backed up, but the disk is getting full.");
}

// Damage that was found by reading everything through: good runs do not make up for it.
void add_scrub(Json& json, const backup::StoreStatus& status) {
  if (status.scrub.findings.empty()) return;
  const std::string text = backup::describe_damage(status);
  json["problems"].push_back(text);
  json["verdict"] = verdict_json("bad", text);
}

}  // namespace

Json store_json(const std::string& name, const std::string& store_hash, const Result<backup::StoreStatus>& status,
                const WorkerState& worker) {
  const bool running = worker.progress.has_value();
  Json json{
      {"name", name},
      {"title", nullptr},
      {"store_hash", store_hash},
      {"domain", nullptr},
      {"verdict", nullptr},
      {"state", running ? "running" : "idle"},
      {"sync", Json{{"state", "manual"}, {"reason", "no schedule runs: a backup is made when somebody asks for one"}}},
      {"history_since", nullptr},
      {"recent_change_at", nullptr},
      {"items", 0},
      {"versions", 0},
      {"pack_bytes", 0},
      {"last_run", nullptr},
      {"last_complete_at", nullptr},
      {"next_run_at", nullptr},
      {"running", nullptr},
      {"waiting", worker.waiting},
      {"problems", Json::array()}};
  if (status) add_history(json, *status, worker);
  if (running) json["running"] = running_json(*worker.progress, status ? &*status : nullptr, worker.ticks);
  if (status) add_scrub(json, *status);
  if (worker.retention_trouble) json["problems"].push_back(worker.retention_trouble->sentence());
  if (worker.rebuilding) {
    json["state"] = "unavailable";
    const std::string text = "The index is being made again from the packs: " + std::to_string(*worker.rebuilding) +
                             " % are read. Backups wait until then.";
    json["verdict"] = verdict_json("notice", text);
    return json;
  }
  // What keeps a store from being backed up at all stands before what its last run said.
  if (status && status->room) add_disk(json, name, *status->room);
  const std::optional<Error> trouble = worker.trouble ? worker.trouble
                                       : status       ? std::nullopt
                                                      : std::optional(status.error());
  if (trouble) {
    json["state"] = "unavailable";
    json["sync"] = Json{{"state", "failing"}, {"reason", trouble->sentence()}};
    json["verdict"] = verdict_json("bad", "This store is not backed up: its vault cannot be used.");
    json["problems"].insert(json["problems"].begin(), Json(trouble->sentence()));
  }
  return json;
}

Json StatusReport::status() const {
  Json stores = Json::array();
  for (const StoreWorker* worker : workers_) {
    const cli::StoreSetup& setup = worker->setup();
    const WorkerState state{worker->progress(),   worker->waiting(), worker->trouble(),
                            worker->rebuilding(), clock_->ticks(),   clock_->now(),
                            worker->retention_trouble()};
    stores.push_back(
        store_json(setup.name, setup.vault.store_hash, backup::read_status(setup.name, setup.vault), state));
  }
  return Json{{"version", BACKSTOCK_VERSION}, {"now", format_rfc3339(clock_->now())}, {"stores", std::move(stores)}};
}

}  // namespace backstock::app
