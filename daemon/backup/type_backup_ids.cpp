// Types whose lists give ids, and items that are read by their ids.
#include "backup/type_backup.h"

#include <algorithm>

#include "content/item_id.h"
#include "index/run_rows.h"

namespace backstock::backup {
namespace {

// Checkpoints are committed at least this often, also where nothing is new: so much is read twice after a crash.
constexpr std::uint64_t kItemsPerCheckpoint = 100;
// A store that answers nothing usable so many times in a row, each with all patience, is down: knocking on does harm.
constexpr int kFruitlessRounds = 3;
}  // namespace

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

}  // namespace backstock::backup
