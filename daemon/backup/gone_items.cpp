#include "backup/gone_items.h"

#include <algorithm>

#include "capture/item_reader.h"
#include "capture/type_listing.h"
#include "content/item_id.h"

namespace backstock::backup {
namespace {

constexpr std::uint32_t kIdsPerQuery = 5000;
// Below this many a share says little: a merchant may well delete three of five brands.
constexpr std::uint64_t kNeverBraked = 10;

}  // namespace

bool id_before(const std::string& a, const std::string& b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

void SeenIds::add(const std::string& id) {
  if (const auto number = index::number_of(id)) {
    numbers_.push_back(*number);
  } else {
    ids_.push_back(id);
  }
}

void SeenIds::seal() {
  std::sort(numbers_.begin(), numbers_.end());
  std::sort(ids_.begin(), ids_.end());
}

bool SeenIds::contains(std::string_view id) const {
  if (const auto number = index::number_of(id)) return std::binary_search(numbers_.begin(), numbers_.end(), *number);
  return std::binary_search(ids_.begin(), ids_.end(), id);
}

std::string SeenIds::any() const {
  if (!numbers_.empty()) return std::to_string(numbers_.back());
  return ids_.empty() ? std::string() : ids_.back();
}

bool brakes(std::uint64_t missing, std::uint64_t present, std::uint64_t seen, double share) {
  if (missing == 0) return false;
  if (seen == 0) return true;  // an empty answer where items were known: no witness could confirm it either
  return missing > kNeverBraked && static_cast<double>(missing) > share * static_cast<double>(present);
}

Result<std::vector<std::string>> GoneItems::missing(const SeenIds& seen) {
  std::vector<std::string> candidates;
  std::string after;
  while (true) {
    const std::vector<std::string> ids = TRY(vault_->items().present_ids(type_->name, after, kIdsPerQuery));
    for (const std::string& id : ids) {
      if (!seen.contains(id)) candidates.push_back(id);
    }
    if (ids.size() < kIdsPerQuery) return candidates;
    after = ids.back();
  }
}

Result<> GoneItems::settle(const SeenIds& seen, const std::set<std::string>& unread, const RunRequest& request,
                           TypeReport& report, std::stop_token stop) {
  std::vector<std::string> candidates = TRY(missing(seen));
  std::erase_if(candidates, [&](const std::string& id) { return unread.contains(id.substr(0, id.find('/'))); });
  if (candidates.empty()) return {};
  const std::uint64_t present = TRY(vault_->items().count_present(type_->name));
  const std::string counts =
      std::to_string(candidates.size()) + " of " + std::to_string(present) + " " + std::string(type_->name);
  if (!request.accept_deletions && brakes(candidates.size(), present, seen.size(), request.deletion_brake)) {
    report.outcome = TypeOutcome::braked;
    report.message =
        counts +
        " were missing from the listing; none was marked as deleted, since that many at once may be a wrong answer" +
        " - look at the store, and if they were deleted on purpose run `backstock backup " +
        client_->options().store_name + " --type " + std::string(type_->name) + " --full --accept-deletions`";
    return {};
  }
  if (seen.size() == 0 && !request.accept_deletions) return {};
  return confirm(candidates, seen.any(), report, stop);
}

// Below parents only the lists of the candidates' own parents; one that is there no more lacks them all.
Result<std::vector<std::string>> GoneItems::absent_of_second_listing(const std::vector<std::string>& candidates,
                                                                     std::stop_token stop) {
  capture::TypeListing::Ask ask;
  if (!type_->parent_type.empty()) {
    for (const std::string& id : candidates) ask.parents.insert(id.substr(0, id.find('/')));
  }
  capture::TypeListing listing(*type_, *client_, std::move(ask));
  std::set<std::string> absent(candidates.begin(), candidates.end());
  while (const auto page = TRY(listing.next(stop))) {
    for (const std::string_view row : page->page.items) absent.erase(content::item_id(*type_, row, page->parent));
  }
  if (!listing.completeness().complete) {
    return make_error(ErrorKind::unreachable,
                      "the second list of " + std::string(type_->name) +
                          ", which was to confirm deletions, was not whole: " + listing.completeness().why_not,
                      "the next run tries again");
  }
  return std::vector<std::string>(absent.begin(), absent.end());
}

Result<std::vector<std::string>> GoneItems::absent_of(const std::vector<std::string>& ids, std::stop_token stop) {
  if (!capture::has_read_by_id(*type_)) return absent_of_second_listing(ids, std::move(stop));
  return TRY(std::move(capture::read_by_ids(*type_, *client_, {}, {ids}, stop).front())).absent;
}

Result<> GoneItems::confirm(const std::vector<std::string>& candidates, const std::string& witness, TypeReport& report,
                            std::stop_token stop) {
  meter_->phase("confirming deletions", candidates.size());
  // A listing tells of all at once.
  const std::size_t per_read =
      capture::has_read_by_id(*type_) ? std::max<std::size_t>(type_->ids_per_read, 2) - 1 : candidates.size();
  std::vector<std::string> gone;
  std::size_t unproven = 0;
  std::size_t still_there = 0;
  for (std::size_t begin = 0; begin < candidates.size(); begin += per_read) {
    std::vector<std::string> batch(
        candidates.begin() + static_cast<std::ptrdiff_t>(begin),
        candidates.begin() + static_cast<std::ptrdiff_t>(std::min(begin + per_read, candidates.size())));
    const std::size_t asked = batch.size();
    if (!witness.empty()) batch.push_back(witness);
    ++report.requests_minimum;
    const std::vector<std::string> absent = TRY(absent_of(batch, stop));
    const bool witnessed = witness.empty() || std::find(absent.begin(), absent.end(), witness) == absent.end();
    if (!witnessed) {
      unproven += asked;
      continue;
    }
    still_there += asked - absent.size();
    gone.insert(gone.end(), absent.begin(), absent.end());
    meter_->add(asked, 0);
  }
  if (unproven != 0 || still_there != 0) {
    const std::string name(type_->name);
    report.outcome = TypeOutcome::failed;
    report.complete = false;
    report.message = still_there != 0 ? std::to_string(still_there) + " " + name +
                                            " were missing from the listing, though they are there when read by id"
                                      : std::to_string(unproven) + " " + name +
                                            " were missing from the listing, but reading them by id gave an answer" +
                                            " that lacked an item known to exist";
    report.message += "; nothing was marked as deleted - the next run tries again";
    return {};
  }
  for (const std::string& id : gone) {
    if (TRY(recorder_->record_gone(*type_, id))) ++report.gone;
  }
  meter_->add(0, report.gone);
  return {};
}

}  // namespace backstock::backup
