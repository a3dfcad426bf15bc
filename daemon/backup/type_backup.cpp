#include "backup/type_backup.h"

#include <algorithm>

#include "index/run_rows.h"

namespace backstock::backup {
namespace {

// Clocks differ and some writes are applied late: look this far back behind the last pass.
constexpr std::int64_t kOverlapMs = 10 * 60 * 1000;
// With those, what was read is made durable at least this often: a crash costs no more requests than that.
constexpr std::chrono::seconds kFlushEvery{10};
// A list is there even when it is empty.
constexpr const char* kNoList = "check store_hash in the config: the store has no such list, or is no more";
// Lists over all items are walked by an incremental run too while they are short; rows of longer ones are asked for
// item by item.
constexpr std::uint64_t kShortList = 10'000;

// The store's own words too: for the report only, never for a log.
std::string describe(std::string_view type, const capture::ItemProblem& problem) {
  std::string text = std::string(type) + " " + problem.id + ": " + problem.error.sentence();
  if (!problem.error.detail.empty()) text += "; the store said: " + problem.error.detail;
  return text;
}

}  // namespace

TypeBackup::TypeBackup(const content::ContentType& type, const RunRequest& request, std::string run, Parts parts)
    : type_(&type),
      request_(&request),
      run_(std::move(run)),
      parts_(parts),
      lists_(type, parts.client, parts.vault.options()),
      reader_(type, parts.client, lists_, request.extra_parts, &parts.recorder) {
  report_.type = type.name;
}

TypeBackup::Ended TypeBackup::run(std::stop_token stop) {
  const std::uint64_t requests_before = parts_.client.usage().all.requests;
  report_.started = to_ms(parts_.clock.now());
  flushed_ = parts_.clock.ticks();
  std::optional<Error> ends_run;
  if (auto passed = pass(stop); !passed) end_with(passed.error(), ends_run);
  report_.requests = parts_.client.usage().all.requests - requests_before;
  report_.ended = to_ms(parts_.clock.now());
  if (report_.outcome == TypeOutcome::done && report_.problem_count != 0) {
    report_.outcome = TypeOutcome::failed;
    report_.message = std::to_string(report_.problem_count) + " " + report_.type +
                      " could not be read; their earlier versions stay - the next run tries again";
  }
  name_closed_parts();
  return {std::move(report_), std::move(ends_run)};
}

// Also those of earlier passes: an item that is stored without a part looks unchanged when the token has the scope.
void TypeBackup::name_closed_parts() {
  for (const content::Part* part : reader_.closed_parts()) {
    report_.closed_parts.emplace_back(part->name);
    report_.gaps.push_back("the " + std::string(part->label) + " of " + report_.type +
                           " are refused: the token lacks the scope " + std::string(part->scope));
  }
  if (report_.full && report_.outcome == TypeOutcome::done) return;
  for (const std::string& part : reader_.doubted_parts()) {
    report_.closed_parts.push_back(part);
    report_.gaps.push_back("the " + part + " of " + report_.type +
                           " that an earlier run was refused are left out until a full run has read them");
  }
}

void TypeBackup::end_with(const Error& error, std::optional<Error>& ends_run) {
  report_.complete = false;
  report_.outcome = error.kind == ErrorKind::forbidden   ? TypeOutcome::forbidden
                    : error.kind == ErrorKind::cancelled ? TypeOutcome::cancelled
                                                         : TypeOutcome::failed;
  Error told = error;
  if (told.kind == ErrorKind::not_found && told.hint.empty()) told.hint = kNoList;
  report_.message = told.sentence();
  if (!error.detail.empty()) report_.problems.push_back("the store said: " + error.detail);
  if (error.kind == ErrorKind::refused || error.kind == ErrorKind::cancelled || error.kind == ErrorKind::no_space ||
      error.kind == ErrorKind::corrupt || error.kind == ErrorKind::conflict) {
    ends_run = error;
  }
}

Result<> TypeBackup::pass(std::stop_token stop) {
  const auto since = TRY(changed_since());
  report_.full = !since.has_value();
  const auto attempt = TRY(index::last_attempt(parts_.vault.connection(), type_->name));
  if (const auto json = attempt ? parse_json(attempt->report, "a type's report") : Result<Json>(Json()))
    reader_.doubt(type_report_from_json(*json).closed_parts);
  if (type_->fetch == content::Fetch::from_list) {
    TRY(since ? list_changed_items(*since, stop) : list_whole_items(stop));
    return sweep_parts(stop);
  }
  if (since) return read_changed_by_ids(*since, stop);
  return read_all_by_ids(stop);
}

// Empty: read everything.
Result<std::optional<std::int64_t>> TypeBackup::changed_since() {
  if (request_->full || type_->change_filter.empty()) return std::optional<std::int64_t>();
  // Before the first full pass there is nothing to be incremental to.
  const auto full = TRY(index::last_good(parts_.vault.connection(), type_->name, true));
  if (!full) return std::optional<std::int64_t>();
  const auto last = TRY(index::last_good(parts_.vault.connection(), type_->name, false));
  // A clock that was set back: nothing follows from a time that has not come yet.
  if (last->started > report_.started) return std::optional<std::int64_t>();
  return std::optional<std::int64_t>(last->started - kOverlapMs);
}

// Of the last good pass; an empty one when there is none.
Result<TypeReport> TypeBackup::last_report(bool full) {
  const auto last = TRY(index::last_good(parts_.vault.connection(), type_->name, full));
  const auto json = last ? parse_json(last->report, "a type's report") : Result<Json>(Json());
  return json ? type_report_from_json(*json) : TypeReport();
}

std::uint64_t TypeBackup::pages_for(std::uint64_t items) const {
  if (type_->paging == content::Paging::whole) return 1;
  return std::max<std::uint64_t>(1, (items + type_->page_limit - 1) / type_->page_limit);
}

void TypeBackup::not_whole(std::string_view of_what, const store_api::Completeness& completeness,
                           std::string_view outlook) {
  report_.outcome = TypeOutcome::failed;
  report_.message = "the list of " + std::string(of_what) + " " + report_.type +
                    " was not whole: " + completeness.why_not + " - the next run " + std::string(outlook);
}

// Lists whose rows are kept inside the items. One that lost most of its rows at once would look like an edit of every
// item: it is braked as vanished items are.
Result<> TypeBackup::load_lists(std::stop_token stop) {
  const TypeReport last = TRY(last_report(true));
  if (!report_.full) {
    for (const auto& [part, rows] : last.list_rows) {
      if (rows > kShortList) return {};
    }
  }
  report_.requests_minimum += TRY(lists_.load(stop));
  report_.list_rows = lists_.row_counts();
  if (request_->accept_deletions) return {};
  for (const auto& [part, before] : last.list_rows) {
    const std::uint64_t now = report_.list_rows[part];
    if (now >= before || !brakes(before - now, before, now, request_->deletion_brake)) continue;
    return make_error(
        ErrorKind::rejected,
        "the list of all " + part + " of " + report_.type + " shrank from " + std::to_string(before) + " rows to " +
            std::to_string(now) + "; nothing was concluded from it, since that may be a wrong answer",
        "look at the store, and if they were deleted on purpose run `backstock backup " +
            parts_.client.options().store_name + " --type " + report_.type + " --full --accept-deletions`");
  }
  return {};
}

Result<> TypeBackup::take(capture::Fetched fetched) {
  const std::uint64_t before = report_.added + report_.changed + report_.returned;
  std::uint64_t looks = 0;
  for (const capture::FetchedItem& item : fetched.items) {
    report_.bytes += item.bytes.size();
    if (item.as_stored) {
      ++report_.unchanged;
      ++looks;
      continue;
    }
    switch (TRY(parts_.recorder.record(*type_, item))) {
      case capture::Outcome::added:
        ++report_.added;
        break;
      case capture::Outcome::changed:
        ++report_.changed;
        break;
      case capture::Outcome::returned:
        ++report_.returned;
        break;
      case capture::Outcome::unchanged:
        ++report_.unchanged;
        break;
    }
  }
  report_.seen += fetched.items.size();
  report_.requests_minimum += fetched.part_requests;
  if (!fetched.items.empty()) witness_ = fetched.items.back().id;
  absent_.insert(absent_.end(), fetched.absent.begin(), fetched.absent.end());
  for (const capture::ItemProblem& problem : fetched.problems) {
    ++report_.problem_count;
    if (report_.problems.size() < kMaxProblems) report_.problems.push_back(describe(report_.type, problem));
  }
  parts_.meter.add(fetched.items.size(), report_.added + report_.changed + report_.returned - before, looks);
  return {};
}

Result<> TypeBackup::flush_in_time() {
  if (parts_.clock.ticks() - flushed_ < kFlushEvery) return {};
  TRY(parts_.vault.flush());
  flushed_ = parts_.clock.ticks();
  return {};
}

Result<> TypeBackup::settle_gone(SeenIds& seen, const store_api::Completeness& completeness,
                                 const std::set<std::string>& unread_parents, std::stop_token stop) {
  // What was stored must be visible before it is compared with.
  TRY(parts_.vault.flush());
  report_.complete = completeness.complete;
  if (!completeness.complete) {
    report_.outcome = TypeOutcome::failed;
    report_.message = "the list of " + report_.type + " was not whole: " + completeness.why_not +
                      " - what was read is kept, nothing was taken for deleted, the next run tries again";
    return {};
  }
  if (type_->absence == content::Absence::nothing) return {};
  seen.seal();
  return GoneItems(*type_, parts_.client, parts_.vault, parts_.recorder, parts_.meter)
      .settle(seen, unread_parents, *request_, report_, stop);
}

}  // namespace backstock::backup
