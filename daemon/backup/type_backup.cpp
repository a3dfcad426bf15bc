#include "backup/type_backup.h"

#include <algorithm>
#include <set>

#include "base/json_text.h"
#include "content/item_id.h"
#include "index/run_rows.h"

namespace backstock::backup {
namespace {

// Clocks differ and some writes are applied late: look this far back behind the last pass.
constexpr std::int64_t kOverlapMs = 10 * 60 * 1000;
// Checkpoints are committed at least this often, also where nothing is new: so much is read twice after a crash.
constexpr std::uint64_t kItemsPerCheckpoint = 100;
// A store that answers nothing usable so many times in a row, each with all patience, is down: knocking on does harm.
constexpr int kFruitlessRounds = 3;
// A list is there even when it is empty.
constexpr const char* kNoList = "check store_hash in the config: the store has no such list, or is no more";

// An item whose parts are lists of its own is dear: so many are read between two looks at clock and cancel.
constexpr std::size_t kDearSlice = 8;
// With those, what was read is made durable at least this often: a crash costs no more requests than that.
constexpr std::chrono::seconds kFlushEvery{10};
// Lists over all items are walked by an incremental run too while they are short; rows of longer ones are asked for
// item by item.
constexpr std::uint64_t kShortList = 10'000;
constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

// Which share of the items a sweep is to read today: spread by id, so that each has its turn.
std::uint64_t share_of(const std::string& id, std::uint64_t shares) {
  if (const auto number = index::number_of(id)) return static_cast<std::uint64_t>(*number) % shares;
  std::uint64_t sum = 0;
  for (const char c : id) sum = sum * 131 + static_cast<unsigned char>(c);
  return sum % shares;
}

bool has_dear_parts(const content::ContentType& type) {
  return std::any_of(type.parts.begin(), type.parts.end(),
                     [](const content::Part& part) { return part.from == content::PartFrom::per_item; });
}

bool id_before(const std::string& a, const std::string& b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

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
  for (const content::Part* part : reader_.closed_parts()) {
    report_.gaps.push_back("the " + std::string(part->label) + " of " + report_.type +
                           " are refused: the token lacks the scope " + std::string(part->scope));
  }
  report_.requests = parts_.client.usage().all.requests - requests_before;
  report_.ended = to_ms(parts_.clock.now());
  if (report_.outcome == TypeOutcome::done && report_.problem_count != 0) {
    report_.outcome = TypeOutcome::failed;
    report_.message = std::to_string(report_.problem_count) + " " + report_.type +
                      " could not be read; their earlier versions stay - the next run tries again";
  }
  return {std::move(report_), std::move(ends_run)};
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

std::uint64_t TypeBackup::pages_for(std::uint64_t items) const {
  if (type_->paging == content::Paging::whole) return 1;
  return std::max<std::uint64_t>(1, (items + type_->page_limit - 1) / type_->page_limit);
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

// Of the last good pass; an empty one when there is none.
Result<TypeReport> TypeBackup::last_report(bool full) {
  const auto last = TRY(index::last_good(parts_.vault.connection(), type_->name, full));
  const auto json = last ? parse_json(last->report, "a type's report") : Result<Json>(Json());
  return json ? type_report_from_json(*json) : TypeReport();
}

Result<std::optional<std::uint64_t>> TypeBackup::count_items(std::stop_token stop) {
  if (type_->count_path.empty()) return std::optional<std::uint64_t>();
  ++report_.requests_minimum;
  auto reply = parts_.client.get({.path = std::string(type_->count_path), .scope = type_->scope_read}, stop);
  // It is for the progress only.
  if (!reply && !capture::concerns_all(reply.error().kind)) return std::optional<std::uint64_t>();
  const auto count = json_text::find(TRY(std::move(reply)).body, "count");
  const auto number = count ? json_text::as_int(json_text::as_label(*count)) : std::nullopt;
  return number && *number >= 0 ? std::optional<std::uint64_t>(*number) : std::optional<std::uint64_t>();
}

Result<> TypeBackup::list_whole_items(std::stop_token stop) {
  TRY(load_lists(stop));
  const auto total = TRY(count_items(stop));
  const std::uint64_t known = type_->parts_follow_item ? TRY(parts_.vault.items().count_present(type_->name)) : 0;
  capture::TypeListing listing(*type_, parts_.client, {.query = capture::item_query(*type_)});
  SeenIds seen;
  parts_.meter.phase("reading", total, known);
  std::uint64_t pages = 0;
  while (const auto page = TRY(listing.next(stop))) {
    if (!total && type_->parent_type.empty()) parts_.meter.total(listing.announced());
    for (const std::string_view raw : page->page.items) seen.add(content::item_id(*type_, raw, page->parent));
    TRY(take_page(*page, false, stop));
    ++pages;
  }
  const bool one_list = type_->parent_type.empty() && type_->more_passes.empty();
  report_.requests_minimum += one_list ? pages_for(report_.seen) : pages + listing.parent_pages();
  for (const std::string& parent : listing.unread_parents()) {
    report_.gaps.push_back("the store has no " + report_.type + " for " + std::string(type_->parent_type) + " " +
                           parent);
  }
  return settle_gone(seen, listing.completeness(), listing.unread_parents(), stop);
}

Result<> TypeBackup::list_changed_items(std::int64_t since, std::stop_token stop) {
  TRY(load_lists(stop));
  store_api::Query query = capture::item_query(*type_);
  query.emplace_back(type_->change_filter, capture::filter_instant(since));
  capture::TypeListing listing(*type_, parts_.client, {.query = std::move(query)});
  std::set<std::string> taken;
  parts_.meter.phase("reading");
  while (const auto page = TRY(listing.next(stop))) {
    if (type_->parent_type.empty()) parts_.meter.total(listing.announced());
    for (const std::string_view raw : page->page.items) taken.insert(content::item_id(*type_, raw, page->parent));
    TRY(take_page(*page, false, stop));
    ++report_.requests_minimum;
  }
  report_.requests_minimum += listing.parent_pages();
  if (!listing.completeness().complete) not_whole("changed", listing.completeness(), "looks at the same span again");
  if (!capture::has_read_by_id(*type_)) return {};
  std::vector<std::string> ids;
  TRY(add_changed_owners(since, ids, stop));
  std::sort(ids.begin(), ids.end(), id_before);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::erase_if(ids, [&](const std::string& id) { return taken.contains(id); });
  return ids.empty() ? Result<>() : read_ids(ids, false, stop);
}

// The shares that are due, of the items created within the window.
Result<> TypeBackup::sweep_parts(std::stop_token stop) {
  if (type_->sweep_days == 0) return {};
  const TypeReport last = TRY(last_report(false));
  report_.swept_shares = last.swept_shares;
  report_.swept_until = last.swept_until;
  if (last.swept_until == 0 || last.swept_until > report_.started) {
    report_.swept_until = report_.started;  // a first pass has just read everything
    return {};
  }
  const auto days = static_cast<std::uint64_t>((report_.started - last.swept_until) / kDayMs);
  if (days == 0) return {};
  const std::uint64_t due = std::min<std::uint64_t>(days, type_->sweep_days);
  const std::int64_t window = static_cast<std::int64_t>(type_->sweep_window_days) * kDayMs;
  store_api::Query query = capture::item_query(*type_);
  query.emplace_back(type_->created_filter, capture::filter_instant(report_.started - window));
  capture::TypeListing listing(*type_, parts_.client, {.query = std::move(query)});
  parts_.meter.phase("looking at parts of recent items again");
  while (auto page = TRY(listing.next(stop))) {
    std::erase_if(page->page.items, [&](std::string_view raw) {
      const std::uint64_t share = share_of(content::item_id(*type_, raw, page->parent), type_->sweep_days);
      return (share + type_->sweep_days - report_.swept_shares % type_->sweep_days) % type_->sweep_days >= due;
    });
    TRY(take_page(*page, true, stop));
    ++report_.requests_minimum;
  }
  if (!listing.completeness().complete) {
    not_whole("recent", listing.completeness(), "looks at them again");
    return {};
  }
  report_.swept_shares += due;
  report_.swept_until += static_cast<std::int64_t>(days) * kDayMs;
  return {};
}

void TypeBackup::not_whole(std::string_view of_what, const store_api::Completeness& completeness,
                           std::string_view outlook) {
  report_.outcome = TypeOutcome::failed;
  report_.message = "the list of " + std::string(of_what) + " " + report_.type +
                    " was not whole: " + completeness.why_not + " - the next run " + std::string(outlook);
}

// Items of one page with what else belongs to them. Dear ones a few at a time: each is many requests.
Result<> TypeBackup::take_page(const capture::ListedPage& page, bool all_parts, std::stop_token stop) {
  const std::span<const std::string_view> items(page.page.items);
  const bool dear = has_dear_parts(*type_);
  const std::size_t size = dear ? kDearSlice : std::max<std::size_t>(1, items.size());
  for (std::size_t begin = 0; begin < items.size(); begin += size) {
    if (stop.stop_requested()) return make_error(ErrorKind::cancelled, "stopped while reading " + report_.type);
    const capture::Slice slice{page.parent, items.subspan(begin, std::min(size, items.size() - begin)),
                               page.page.findings};
    TRY(take(TRY(reader_.complete(slice, all_parts, stop))));
    if (dear) TRY(flush_in_time());
  }
  return {};
}

Result<> TypeBackup::flush_in_time() {
  if (parts_.clock.ticks() - flushed_ < kFlushEvery) return {};
  TRY(parts_.vault.flush());
  flushed_ = parts_.clock.ticks();
  return {};
}

Result<> TypeBackup::read_all_by_ids(std::stop_token stop) {
  store_api::ListSpec spec = capture::item_list(*type_);
  for (auto& pair : capture::parse_query(type_->ids_query)) spec.query.push_back(std::move(pair));
  store_api::Listing listing(parts_.client, std::move(spec));
  SeenIds seen;
  std::vector<std::string> ids;
  while (const auto page = TRY(listing.next(stop))) {
    for (const std::string_view raw : page->items) ids.push_back(content::item_id(*type_, raw));
    parts_.meter.add(page->items.size(), 0);
  }
  for (const std::string& id : ids) seen.add(id);
  report_.requests_minimum += pages_for(ids.size());
  std::sort(ids.begin(), ids.end(), id_before);
  TRY(read_ids(ids, true, stop));
  return settle_gone(seen, listing.completeness(), {}, stop);
}

Result<> TypeBackup::read_changed_by_ids(std::int64_t since, std::stop_token stop) {
  store_api::ListSpec spec = capture::item_list(*type_);
  for (auto& pair : capture::parse_query(type_->ids_query)) spec.query.push_back(std::move(pair));
  spec.query.emplace_back(type_->change_filter, capture::filter_instant(since));
  store_api::Listing listing(parts_.client, std::move(spec));
  std::vector<std::string> ids;
  while (const auto page = TRY(listing.next(stop))) {
    for (const std::string_view raw : page->items) ids.push_back(content::item_id(*type_, raw));
    parts_.meter.add(page->items.size(), 0);
  }
  report_.requests_minimum += pages_for(ids.size());
  TRY(add_changed_owners(since, ids, stop));
  std::sort(ids.begin(), ids.end(), id_before);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  if (!ids.empty()) TRY(read_ids(ids, false, stop));
  if (!listing.completeness().complete) not_whole("changed", listing.completeness(), "looks at the same span again");
  return {};
}

// Items whose own date may not have moved, but whose rows in a list over all items (metafields) have newer dates.
Result<> TypeBackup::add_changed_owners(std::int64_t since, std::vector<std::string>& ids, std::stop_token stop) {
  for (const content::Part& part : type_->parts) {
    if (part.change_filter.empty() || part.owner_ids != "id") continue;
    store_api::ListSpec spec =
        capture::part_list(*type_, part, part.changes_path.empty() ? part.path : part.changes_path);
    spec.query.emplace_back(part.change_filter, capture::filter_instant(since));
    store_api::Listing listing(parts_.client, std::move(spec));
    while (const auto page = TRY(listing.next(stop))) {
      for (const std::string_view row : page->items) ids.push_back(content::read_id(row, part.join_key));
    }
    ++report_.requests_minimum;
    if (!listing.completeness().complete) {
      not_whole("changed " + std::string(part.label) + " of", listing.completeness(), "looks at the same span again");
    }
  }
  std::erase_if(ids, [](const std::string& id) { return id.empty(); });
  return {};
}

// Reads items by id, several requests in flight, and stores as it goes. `ids` are sorted.
Result<> TypeBackup::read_ids(const std::vector<std::string>& ids, bool with_checkpoint, std::stop_token stop) {
  TRY(load_lists(stop));
  auto begin = ids.begin();
  if (with_checkpoint) {
    if (const auto done = TRY(find_checkpoint())) {
      begin = std::upper_bound(ids.begin(), ids.end(), done->through, id_before);
      // What was read before the interruption may have changed since: the next incremental pass must look back to
      // there.
      report_.started = std::min(report_.started, done->started);
    }
  }
  parts_.meter.phase("reading", static_cast<std::uint64_t>(ids.end() - begin));
  const std::size_t per_read = type_->ids_per_read;
  const unsigned in_flight = parts_.client.options().max_in_flight;
  bool all_read = true;  // up to here: only then may a checkpoint pass
  int fruitless = 0;
  std::uint64_t since_flush = 0;
  while (begin != ids.end()) {
    if (stop.stop_requested()) return make_error(ErrorKind::cancelled, "stopped while reading " + report_.type);
    std::vector<std::vector<std::string>> batches;
    while (begin != ids.end() && batches.size() < in_flight) {
      const auto end = begin + std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(per_read), ids.end() - begin);
      batches.emplace_back(begin, end);
      since_flush += static_cast<std::uint64_t>(end - begin);
      begin = end;
    }
    report_.requests_minimum += batches.size();
    capture::Fetched fetched = TRY(reader_.read(batches, stop));
    all_read = all_read && fetched.problems.empty() && fetched.absent.empty();
    fruitless = fetched.items.empty() && !fetched.problems.empty() ? fruitless + 1 : 0;
    if (fruitless == kFruitlessRounds) return fetched.problems.front().error;
    TRY(take(std::move(fetched)));
    if (!with_checkpoint || !all_read) continue;
    set_checkpoint(batches.back().back());
    if (since_flush < kItemsPerCheckpoint) continue;
    TRY(parts_.vault.flush());
    since_flush = 0;
  }
  return settle_absent(stop);
}

// Listed, but not there when read. A merchant may have deleted some in between; but an answer that wrongly lacks items
// must not pass for that, or they would silently be in no backup. So they are asked for once more, beside a witness.
Result<> TypeBackup::settle_absent(std::stop_token stop) {
  if (absent_.empty()) return {};
  const std::string of(type_->name);
  if (witness_.empty()) {
    report_.outcome = TypeOutcome::failed;
    report_.message = "none of the " + std::to_string(absent_.size()) + " listed " + of +
                      " was there when read by id; their earlier versions stay - the next run tries again";
    return {};
  }
  GoneItems gone(*type_, parts_.client, parts_.vault, parts_.recorder, parts_.meter);
  const std::size_t per_read = std::max<std::size_t>(type_->ids_per_read, 2) - 1;
  for (std::size_t begin = 0; begin < absent_.size(); begin += per_read) {
    const std::size_t end = std::min(begin + per_read, absent_.size());
    std::vector<std::string> batch(absent_.begin() + static_cast<std::ptrdiff_t>(begin),
                                   absent_.begin() + static_cast<std::ptrdiff_t>(end));
    batch.push_back(witness_);
    ++report_.requests_minimum;
    const std::vector<std::string> still = TRY(gone.absent_of(batch, stop));
    const auto is_absent = [&](const std::string& id) {
      return std::find(still.begin(), still.end(), id) != still.end();
    };
    const bool witnessed = !is_absent(witness_);
    batch.pop_back();
    for (const std::string& id : batch) {
      const bool vanished = witnessed && is_absent(id);
      if (!vanished) ++report_.problem_count;
      if (report_.problems.size() < kMaxProblems)
        report_.problems.push_back(of + " " + id +
                                   (vanished ? ": it was listed and is gone now"
                                             : ": it was listed, but an answer to a read by its id lacked it"));
    }
  }
  return {};
}

Result<std::optional<TypeBackup::Checkpoint>> TypeBackup::find_checkpoint() {
  // A pass that came to an end, however it did, is done anew as a whole.
  for (const index::RunTypeRow& ended : TRY(index::types_of_run(parts_.vault.connection(), run_))) {
    if (ended.type == type_->name) return std::optional<Checkpoint>();
  }
  const auto state = TRY(index::find_checkpoint(parts_.vault.connection(), run_, type_->name));
  const auto json = state ? parse_json(*state, "a checkpoint") : Result<Json>(Json());
  // One that cannot be read only means reading more again.
  if (!json || string_at(*json, "through").empty()) return std::optional<Checkpoint>();
  return std::optional<Checkpoint>({string_at(*json, "through"), integer_at(*json, "started")});
}

void TypeBackup::set_checkpoint(const std::string& through) {
  parts_.vault.set_checkpoint(run_, type_->name, to_text(Json{{"through", through}, {"started", report_.started}}));
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
