// Types whose lists give whole items.
#include "backup/type_backup.h"

#include <algorithm>
#include <set>

#include "base/json_text.h"
#include "content/item_id.h"

namespace backstock::backup {
namespace {

// An item whose parts are lists of its own is dear: so many are read between two looks at clock and cancel.
constexpr std::size_t kDearSlice = 8;
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

}  // namespace

Result<std::optional<std::uint64_t>> TypeBackup::count_items(std::stop_token stop) {
  if (type_->count_path.empty()) return std::optional<std::uint64_t>();
  ++report_.requests_minimum;
  auto reply = parts_.client.get({.path = std::string(type_->count_path), .scope = type_->scope_read}, stop);
  // It is for the progress only.
  if (!reply && !capture::concerns_all(reply.error().kind)) return std::optional<std::uint64_t>();
  const store_api::Reply counted = TRY(std::move(reply));
  const auto count = json_text::find(counted.body, "count");
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

}  // namespace backstock::backup
