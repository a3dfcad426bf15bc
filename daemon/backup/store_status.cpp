#include "backup/store_status.h"

#include <algorithm>

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

Result<StoreStatus> read_status(std::string name, const vault::Options& options) {
  StoreStatus status;
  status.name = std::move(name);
  status.store_hash = options.store_hash;
  auto reader = vault::VaultReader::open(options);
  if (!reader && reader.error().kind == ErrorKind::not_found) return status;
  if (!reader) return std::move(reader).error();
  status.types = TRY((*reader)->items().counts());
  status.runs = TRY(index::recent_runs((*reader)->connection(), kRuns));
  status.has_backup = std::any_of(status.runs.begin(), status.runs.end(),
                                  [](const index::RunRow& run) { return run.ended.has_value(); }) ||
                      !status.types.empty();
  status.disk = TRY((*reader)->disk_use());
  return status;
}

std::string verdict(const StoreStatus& status, TimePoint now) {
  const auto ended = std::find_if(status.runs.begin(), status.runs.end(),
                                  [](const index::RunRow& run) { return run.ended.has_value(); });
  const auto done = std::find_if(status.runs.begin(), status.runs.end(),
                                 [](const index::RunRow& run) { return run.outcome == "done"; });
  if (ended == status.runs.end()) {
    return status.name +
           (status.runs.empty() ? " has no backup yet." : " has its first backup under way or interrupted.");
  }
  if (ended->outcome == "done")
    return status.name + " is backed up; the last run began " + describe_age(ended->started, now) + " and went well.";
  const std::string last_good = done == status.runs.end()
                                    ? "no recent run was whole"
                                    : "the last whole run began " + describe_age(done->started, now);
  return status.name + ": the last run did not go well (" + ended->outcome + "): " + ended->message + "; " + last_good +
         ".";
}

Json to_json(const StoreStatus& status, TimePoint now) {
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
              {"types", std::move(types)},
              {"runs", std::move(runs)}};
}

}  // namespace backstock::backup
