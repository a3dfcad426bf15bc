#include "backup/store_status.h"

#include <algorithm>

#include "base/json_text.h"
#include "content/registry.h"
#include "index/run_rows.h"

namespace backstock::backup {
namespace {

constexpr std::uint32_t kRuns = 10;

Json run_json(const index::RunRow& run) {
  return Json{{"run", run.run},
              {"kind", run.kind},
              {"origin", run.origin},
              {"started", format_rfc3339(from_ms(run.started))},
              {"ended", run.ended ? Json(format_rfc3339(from_ms(*run.ended))) : Json(nullptr)},
              {"outcome", run.outcome.empty() ? Json(nullptr) : Json(run.outcome)},
              {"message", run.message}};
}

Json room_json(const std::optional<vault::DiskRoom>& room) {
  if (!room) return nullptr;
  const char* level = room->level == vault::RoomLevel::enough ? "enough"
                      : room->level == vault::RoomLevel::low  ? "low"
                                                              : "full";
  return Json{
      {"level", level}, {"free", room->free}, {"total", room->total}, {"warn", room->warn}, {"stop", room->stop}};
}

std::optional<std::string> text_at(std::string_view item, std::string_view path) {
  const auto value = json_text::find_path(item, path);
  if (!value || !json_text::is_string(*value) || *value == "\"\"") return std::nullopt;
  return json_text::as_label(*value);
}

// From the only item of the content type that names the store, as it was last captured.
void read_name(vault::VaultReader& reader, StoreStatus& status) {
  for (const content::ContentType& type : content::all_types()) {
    if (type.names_the_store.empty()) continue;
    const auto rows = reader.items().list({std::string(type.name), "", index::Deleted::include, {}, "", 1});
    if (!rows || rows->empty()) continue;
    const auto row = reader.items().newest_content(rows->front().key, {});
    if (!row || !*row) continue;
    const auto version = reader.read({std::string(type.name), rows->front().id, **row});
    if (!version) continue;  // whoever asks for the item itself is told what is damaged
    status.title = text_at(version->item, type.names_the_store);
    status.domain = text_at(version->item, "domain");
  }
}

}  // namespace

std::string describe_age(std::int64_t at, TimePoint now) {
  const std::int64_t seconds = std::max<std::int64_t>(0, (to_ms(now) - at) / 1000);
  const auto say = [](std::int64_t count, const char* unit) {
    return std::to_string(count) + " " + unit + (count == 1 ? "" : "s") + " ago";
  };
  if (seconds < 60) return say(seconds, "second");
  if (seconds < 3600) return say(seconds / 60, "minute");
  if (seconds < 2 * 86400) return say(seconds / 3600, "hour");
  return say(seconds / 86400, "day");
}

std::string_view outcome_word(const index::RunRow& run, const std::vector<TypeReport>& types) {
  if (!run.ended) return "";
  if (run.outcome == "done" || run.outcome == "cancelled") return run.outcome;
  const bool some_done =
      std::any_of(types.begin(), types.end(), [](const TypeReport& type) { return type.outcome == TypeOutcome::done; });
  return some_done ? "partial" : "failed";
}

Result<std::vector<TypeReport>> reports_of(index::Connection& connection, std::string_view run) {
  std::vector<TypeReport> reports;
  for (const index::RunTypeRow& row : TRY(index::types_of_run(connection, run))) {
    const auto json = parse_json(row.report, "a type's report");
    if (json && json->is_object()) reports.push_back(type_report_from_json(*json));
  }
  return reports;
}

Result<StoreStatus> read_status(std::string name, const vault::Options& options) {
  StoreStatus status;
  status.name = std::move(name);
  status.store_hash = options.store_hash;
  if (const auto room = vault::look_at_disk(options)) status.room = *room;
  status.scrub = vault::read_scrub_state(options);
  auto reader = vault::VaultReader::open(options);
  if (!reader && reader.error().kind == ErrorKind::not_found) return status;
  if (!reader) return std::move(reader).error();
  index::Connection& connection = (*reader)->connection();
  const index::Snapshot snapshot = TRY(index::Snapshot::begin(connection));
  status.types = TRY((*reader)->items().counts());
  status.runs = TRY(index::recent_runs(connection, kRuns));
  status.last_ended = TRY(index::last_ended_run(connection, "", 0));
  status.last_whole = TRY(index::last_ended_run(connection, "done", content::all_types().size()));
  for (const content::ContentType& type : content::all_types())
    if (!TRY(index::last_good(connection, type.name, false))) status.never.emplace_back(type.label);
  if (status.last_ended) status.last_types = TRY(reports_of(connection, status.last_ended->run));
  status.has_backup = status.last_ended || !status.types.empty();
  read_name(**reader, status);
  status.disk = TRY((*reader)->disk_use());
  return status;
}

std::string verdict(const StoreStatus& status, TimePoint now) {
  if (!status.last_ended) {
    return status.name +
           (status.runs.empty() ? " has no backup yet." : " has its first backup under way or interrupted.");
  }
  const index::RunRow& ended = *status.last_ended;
  if (ended.outcome == "done")
    return status.name + " is backed up; the last run began " + describe_age(ended.started, now) + " and went well.";
  const std::string last_good = status.last_whole
                                    ? "the last whole run began " + describe_age(status.last_whole->started, now)
                                    : "no run was whole yet";
  return status.name + ": the last run did not go well (" + ended.outcome + "): " + ended.message + "; " + last_good +
         ".";
}

std::string disk_sentence(const std::string& store, const vault::DiskRoom& room) {
  if (room.level == vault::RoomLevel::full)
    return "no room: backups of " + store + " wait (" + vault::describe(room) +
           "); free some space, they go on by themselves";
  return "disk low: " + vault::describe(room);
}

std::string describe_damage(const StoreStatus& status) {
  const auto& findings = status.scrub.findings;
  if (findings.empty()) return "";
  const vault::ScrubFinding& first = findings.front();
  return "Damage was found on " + format_rfc3339(from_ms(first.at / 1000 * 1000)) + " in " + first.file +
         (findings.size() == 1 ? "" : " and " + std::to_string(findings.size() - 1) + " more files") +
         ": run `backstock verify " + status.name + "`.";
}

std::string describe_scrub(const StoreStatus& status, TimePoint now) {
  const std::string damage = describe_damage(status);
  if (!damage.empty()) return damage;
  if (!status.scrub.last_ended) return "The daemon has not read the vault through yet to look for damage.";
  return "The last scrub ended " + describe_age(*status.scrub.last_ended, now) + ", all as written.";
}

Json to_json(const StoreStatus& status, TimePoint now) {
  Json damaged = Json::array();
  for (const vault::ScrubFinding& finding : status.scrub.findings)
    damaged.push_back(
        Json{{"file", finding.file}, {"what", finding.what}, {"at", format_rfc3339(from_ms(finding.at))}});
  const auto& last = status.scrub.last_ended;
  Json scrub{{"last_ended", last ? Json(format_rfc3339(from_ms(*last))) : Json(nullptr)},
             {"damaged", std::move(damaged)}};
  Json types = Json::array();
  for (const index::TypeCount& type : status.types) {
    types.push_back(Json{{"type", type.type},
                         {"items", type.present},
                         {"deleted", type.gone},
                         {"versions", type.versions},
                         {"first_version", format_rfc3339(from_ms(type.first_at))},
                         {"last_version", format_rfc3339(from_ms(type.last_at))}});
  }
  Json runs = Json::array();
  for (const index::RunRow& run : status.runs) runs.push_back(run_json(run));
  return Json{{"store", status.name},
              {"store_hash", status.store_hash},
              {"verdict", verdict(status, now)},
              {"has_backup", status.has_backup},
              {"packs", status.disk.packs},
              {"pack_bytes", status.disk.pack_bytes},
              {"disk", room_json(status.room)},
              {"scrub", std::move(scrub)},
              {"types", std::move(types)},
              {"runs", std::move(runs)}};
}

}  // namespace backstock::backup
