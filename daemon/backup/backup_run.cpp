#include "backup/backup_run.h"

#include <algorithm>

#include "backup/type_backup.h"
#include "base/log.h"
#include "content/registry.h"
#include "index/run_rows.h"

namespace backstock::backup {
namespace {

constexpr std::string_view kFull = "full";
constexpr std::string_view kIncremental = "incremental";
constexpr std::int64_t kUnfinishedKept = 7LL * 24 * 3600 * 1000;  // ms
constexpr std::int64_t kCheapKept = 3600LL * 1000;
constexpr std::int64_t kDearKept = 24 * kCheapKept;

class Run {
 public:
  Run(const RunRequest& request, RunParts parts) : request_(request), parts_(parts) {}

  Result<RunReport> go(std::stop_token stop) {
    TRY(choose_types());
    TRY(begin_or_resume());
    ProgressMeter meter(report_.store, report_.run, types_.size(), parts_.client, parts_.clock, parts_.progress);
    capture::Recorder recorder(parts_.vault, parts_.clock, {report_.run, report_.kind});
    std::optional<Error> ended_by;
    for (const content::ContentType* type : types_) {
      meter.begin_type(type->name, TRY(seconds_after(*type)));
      if (take_finished(*type)) continue;
      log_info("backup", "type begins",
               {{"store", report_.store}, {"run", report_.run}, {"type", std::string(type->name)}});
      TypeBackup pass(*type, request_, report_.run, {parts_.client, parts_.vault, parts_.clock, recorder, meter});
      TypeBackup::Ended ended = pass.run(stop);
      TRY(end_type(ended.report));
      if (ended.ends_run) {
        ended_by = std::move(ended.ends_run);
        break;
      }
    }
    if (ended_by && ended_by->kind == ErrorKind::cancelled && parts_.leaving && parts_.leaving()) {
      report_.ended = to_ms(parts_.clock.now());
      report_.outcome = "interrupted";
      report_.message = "the daemon stopped; the run goes on when it is back";
      TRY(parts_.vault.flush());
      return std::move(report_);
    }
    TRY(end_run(ended_by));
    return std::move(report_);
  }

 private:
  Result<> choose_types() {
    for (const std::string& name : request_.types) {
      if (content::find_type(name) == nullptr)
        return make_error(ErrorKind::bad_input, "there is no content type \"" + name + "\"",
                          "`backstock types` lists them");
    }
    for (const content::ContentType& type : content::all_types()) {
      const bool wanted = request_.types.empty() ||
                          std::find(request_.types.begin(), request_.types.end(), type.name) != request_.types.end();
      if (!wanted) continue;
      types_.push_back(&type);
      names_.push_back(std::string(type.name));
    }
    return {};
  }

  // Takes up the newest unfinished run if it was asked for the same types and reads at least as much; closes older ones
  // of the same types, and those that nobody asked for again.
  Result<> begin_or_resume() {
    report_.store = parts_.client.options().store_name;
    // A first backup reads everything, whatever was asked for; it is named for what it is.
    if (!TRY(any_full_pass())) request_.full = true;
    report_.started = to_ms(parts_.clock.now());
    const std::string wanted = to_text(Json(names_));
    for (const index::RunRow& row : TRY(index::unfinished_runs(parts_.vault.connection()))) {
      if (report_.run.empty() && row.types == wanted && (row.kind == kFull || !request_.full)) {
        report_.run = row.run;
        request_.full = row.kind == kFull;
        report_.started = row.started;
        report_.resumed = true;
        continue;
      }
      // Another selection of types, left for when it is asked for again; but not for ever.
      if (row.types != wanted && report_.started - row.started < kUnfinishedKept) continue;
      TRY(parts_.vault.append_control(Json{
          {"control", "run_end"},
          {"run", row.run},
          {"at", to_ms(parts_.clock.now())},
          {"outcome", "failed"},
          {"message", "interrupted; what it had stored is kept, and another run began instead of going on with it"}}));
    }
    report_.kind = request_.full ? kFull : kIncremental;
    if (report_.resumed) {
      for (const index::RunTypeRow& row : TRY(index::types_of_run(parts_.vault.connection(), report_.run))) {
        const auto json = parse_json(row.report, "a type's report");
        const content::ContentType* type = content::find_type(row.type);
        const bool dear = type != nullptr && (type->fetch == content::Fetch::by_ids || type->parts_follow_item);
        // What is old is read anew; what a few list pages bring sooner than what took long.
        const bool fresh = to_ms(parts_.clock.now()) - row.started < (dear ? kDearKept : kCheapKept);
        if (row.outcome == "done" && fresh && json) finished_.push_back(type_report_from_json(*json));
      }
      log_info("backup", "run goes on", {{"store", report_.store}, {"run", report_.run}});
      return parts_.vault.flush();
    }
    report_.run = make_ulid(parts_.clock.now(), parts_.random);
    TRY(parts_.vault.append_control(Json{{"control", "run_begin"},
                                         {"run", report_.run},
                                         {"at", report_.started},
                                         {"kind", report_.kind},
                                         {"origin", request_.origin},
                                         {"types", names_}}));
    log_info("backup", "run begins", {{"store", report_.store}, {"run", report_.run}, {"kind", report_.kind}});
    return parts_.vault.flush();
  }

  Result<bool> any_full_pass() {
    for (const content::ContentType* type : types_) {
      if (TRY(index::last_good(parts_.vault.connection(), type->name, true))) return true;
    }
    return false;
  }

  // What the types behind this one took in their last pass of this kind.
  Result<std::optional<std::int64_t>> seconds_after(const content::ContentType& type) {
    std::int64_t sum = 0;
    for (auto at = std::find(types_.begin(), types_.end(), &type) + 1; at < types_.end(); ++at) {
      const auto last = TRY(index::last_good(parts_.vault.connection(), (*at)->name, request_.full));
      if (!last) return std::optional<std::int64_t>();
      sum += (last->at - last->started) / 1000;
    }
    return std::optional<std::int64_t>(sum);
  }

  bool take_finished(const content::ContentType& type) {
    const auto found = std::find_if(finished_.begin(), finished_.end(),
                                    [&](const TypeReport& done) { return done.type == type.name; });
    if (found == finished_.end()) return false;
    report_.types.push_back(*found);
    return true;
  }

  Result<> end_type(TypeReport& report) {
    // A cancelled or cut-off type has no end yet: resuming it is still possible.
    if (report.outcome != TypeOutcome::cancelled) {
      auto written = parts_.vault.append_control(Json{{"control", "type_end"},
                                                      {"run", report_.run},
                                                      {"type", report.type},
                                                      {"at", report.ended},
                                                      {"started", report.started},
                                                      {"outcome", to_string(report.outcome)},
                                                      {"complete", report.complete},
                                                      {"full", report.full},
                                                      {"report", to_json(report)}});
      if (written) written = parts_.vault.flush();
      // The vault's own failure is what the report already says, where the type failed by it.
      if (!written && report.outcome == TypeOutcome::done) return written;
    }
    const LogLevel level = report.outcome == TypeOutcome::done ? LogLevel::info : LogLevel::warn;
    log_line(level, "backup", "type ended",
             {{"store", report_.store},
              {"run", report_.run},
              {"type", report.type},
              {"outcome", std::string(to_string(report.outcome))},
              {"seen", std::to_string(report.seen)},
              {"added", std::to_string(report.added)},
              {"changed", std::to_string(report.changed)},
              {"gone", std::to_string(report.gone)},
              {"requests", std::to_string(report.requests)},
              {"why", report.message}});
    report_.types.push_back(std::move(report));
    return {};
  }

  Result<> end_run(const std::optional<Error>& ended_by) {
    report_.ended = to_ms(parts_.clock.now());
    std::size_t not_done = 0;
    for (const TypeReport& type : report_.types) {
      if (type.outcome == TypeOutcome::done) continue;
      ++not_done;
      if (report_.message.empty()) report_.message = type.message;
    }
    if (not_done > 1) report_.message += " (and " + std::to_string(not_done - 1) + " more content types with trouble)";
    report_.outcome = not_done == 0 ? "done" : "failed";
    if (ended_by && ended_by->kind == ErrorKind::cancelled) report_.outcome = "cancelled";
    if (ended_by) report_.message = ended_by->sentence();
    auto written = parts_.vault.append_control(Json{{"control", "run_end"},
                                                    {"run", report_.run},
                                                    {"at", report_.ended},
                                                    {"outcome", report_.outcome},
                                                    {"message", report_.message}});
    if (written) written = parts_.vault.flush();
    if (!written && !ended_by) return written;
    log_info("backup", "run ended",
             {{"store", report_.store},
              {"run", report_.run},
              {"outcome", report_.outcome},
              {"versions", std::to_string(report_.versions())}});
    return {};
  }

  RunRequest request_;  // as carried out
  RunParts parts_;
  RunReport report_;
  std::vector<const content::ContentType*> types_;
  std::vector<std::string> names_;
  std::vector<TypeReport> finished_;
};

}  // namespace

Result<RunReport> run_backup(const RunRequest& request, RunParts parts, std::stop_token stop) {
  return Run(request, parts).go(stop);
}

}  // namespace backstock::backup
