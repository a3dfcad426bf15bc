#include "store_api/number_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "store_api/page_size.h"

namespace backstock::store_api {
namespace {

constexpr unsigned kStalePagesAllowed = 3;

// A store whose cap is below our limit brings its cap, and caps are round. A real short page is so once in eight times
// or less, which costs one request.
bool could_be_a_cap(std::uint64_t rows) { return rows > 0 && (rows % 10 == 0 || rows % 25 == 0); }

std::string as_text(const Page& page) {
  std::string text;
  for (const std::string_view item : page.items) text.append(item).push_back('\n');
  return text;
}

std::uint64_t pages_for(std::uint64_t total, std::uint64_t size) { return total / size + (total % size != 0 ? 1 : 0); }

}  // namespace

NumberWalk::NumberWalk(WalkContext context, bool totals_expected)
    : context_(context), totals_expected_(totals_expected), size_(context.spec.page_limit) {}

Get NumberWalk::request(Range range) const {
  const auto limit = static_cast<unsigned>(range.rows);
  return page_get(context_.spec,
                  {{"page", std::to_string(range.offset / range.rows + 1)}, {"limit", std::to_string(limit)}}, limit);
}

bool NumberWalk::at_end() const {
  return done_ || (smaller_.empty() && fetched_.empty() && last_page_ != 0 && next_page_ > last_page_);
}

Result<std::optional<Page>> NumberWalk::next(std::stop_token stop) {
  while (!at_end()) {
    if (!smaller_.empty()) {
      const Range range = smaller_.back();
      Result<Reply> reply = context_.client.get(request(range), stop);
      if (!reply && reply.error().kind == ErrorKind::too_large) {
        smaller_.pop_back();
        split(range);
        continue;
      }
      CutReply cut = TRY(cut_reply(TRY(std::move(reply))));
      smaller_.pop_back();
      return std::optional<Page>(accept(range, std::move(cut)));
    }
    if (fetched_.empty()) fetch_more(stop);
    Fetched front = std::move(fetched_.front());
    fetched_.pop_front();
    if (!front.reply && front.reply.error().kind == ErrorKind::too_large) {
      split(front.range);
      continue;
    }
    Result<CutReply> cut = front.reply ? cut_reply(std::move(*front.reply)) : std::move(front.reply).error();
    if (!cut) {
      // Asked for again by the next call, and the ones behind it too: simpler than to keep them, and seldom.
      fetched_.clear();
      next_page_ = front.range.offset / size_ + 1;
      return std::move(cut).error();
    }
    return std::optional<Page>(accept(front.range, std::move(*cut)));
  }
  return std::optional<Page>();
}

// One page while nothing is known, so that its answer tells how many there are; then several at once.
void NumberWalk::fetch_more(std::stop_token stop) {
  std::uint64_t count = 1;
  if (last_page_ != 0) {
    count = std::clamp<std::uint64_t>(last_page_ - next_page_ + 1, 1,
                                      std::max(1U, context_.client.options().max_in_flight));
    // Rows may have a quarter of a gigabyte each: one at a time.
    if (size_ == 1) count = 1;
  }
  std::vector<Get> gets;
  for (std::uint64_t page = next_page_; page < next_page_ + count; ++page) gets.push_back(request(range_of(page)));
  std::vector<Result<Reply>> replies = context_.client.get_many(gets, std::move(stop));
  for (Result<Reply>& reply : replies) fetched_.push_back({range_of(next_page_++), std::move(reply)});
}

void NumberWalk::split(Range range) {
  if (range.rows == 1) {
    context_.tally.doubt(fmt::format("row {} is larger than {} MiB", range.offset + 1, kMaxRowBody / 1_MiB));
    return;
  }
  const std::uint64_t rows = next_smaller(static_cast<unsigned>(range.rows));
  for (std::uint64_t end = range.offset + range.rows; end > range.offset; end -= rows) {
    const std::uint64_t offset = end - rows;
    if (!total_ || offset < *total_) smaller_.push_back({offset, rows});
  }
}

Page NumberWalk::accept(Range range, CutReply cut) {
  ListTally& tally = context_.tally;
  const std::uint64_t rows = cut.page.items.size();
  believe_page_size(range, cut.facts);
  believe_total(range, cut.facts);
  heard_ = true;
  if (cut.facts.current_page && *cut.facts.current_page != range.offset / range.rows + 1) {
    tally.doubt(
        fmt::format("page {} was asked for, page {} came", range.offset / range.rows + 1, *cut.facts.current_page));
  }
  const std::optional<Probe> probe = std::exchange(probe_, std::nullopt);
  if (probe && rows == probe->rows && (tally.all_seen(cut.page) || as_text(cut.page) == probe->text)) {
    // The same rows once more: the list has no pages, and this was all.
    cut.page.items.clear();
    done_ = true;
    return std::move(cut.page);
  }
  std::string text = could_be_a_cap(rows) && range.offset == 0 ? as_text(cut.page) : std::string();
  const std::size_t fresh = tally.take(cut.page);
  if (total_) {
    check_rows(range, rows);
  } else if (rows == 0) {
    done_ = true;
  } else if (probe && fresh > 0) {
    // It was a cap, so it is the store's page size, and this was its second page.
    size_ = probe->rows;
    next_page_ = 3;
    done_ = rows < size_;
  } else if (rows < range.rows) {
    if (range.offset == 0 && could_be_a_cap(rows)) {
      probe_ = Probe{rows, std::move(text)};
      smaller_.clear();
      next_page_ = 2;
    } else {
      done_ = true;
    }
  }
  guard_against_endless(fresh);
  return std::move(cut.page);
}

// A store that allows fewer rows than were asked for counts its pages in its own size.
void NumberWalk::believe_page_size(Range range, const PagingFacts& facts) {
  if (!facts.per_page || *facts.per_page == range.rows) return;
  if (heard_ || range.offset != 0) {
    context_.tally.doubt(fmt::format("the page size changed while paging: {}, then {}", range.rows, *facts.per_page));
    return;
  }
  size_ = std::min<std::uint64_t>(*facts.per_page, 100'000);
  smaller_.clear();
  next_page_ = 2;
}

void NumberWalk::believe_total(Range range, const PagingFacts& facts) {
  if (!facts.total) {
    if (totals_expected_) context_.tally.doubt("an answer did not say how many rows there are");
    return;
  }
  if (total_ && *total_ != *facts.total) {
    context_.tally.doubt(fmt::format("the number of rows changed while paging: {}, then {}", *total_, *facts.total));
  }
  // Completeness is measured by what was announced first; the end, by the most that was ever announced.
  if (!total_) context_.tally.announce(*facts.total);
  total_ = std::max(total_.value_or(0), *facts.total);
  const std::uint64_t needed = std::max<std::uint64_t>(1, pages_for(*total_, size_));
  // The store's own number of pages may be higher, if it caps pages without saying so. Not without bound, though.
  const bool in_our_size = facts.per_page.value_or(range.rows) == size_;
  const std::uint64_t told = in_our_size ? facts.total_pages.value_or(needed) : needed;
  last_page_ = std::max(last_page_, std::clamp(told, needed, needed * 10 + 10));
}

void NumberWalk::check_rows(Range range, std::uint64_t rows) {
  const std::uint64_t size = range.offset == 0 ? std::min(range.rows, size_) : range.rows;
  const std::uint64_t due = *total_ > range.offset ? std::min(size, *total_ - range.offset) : 0;
  if (rows < due) {
    context_.tally.doubt(fmt::format("a page was shorter than announced: {} rows instead of {}", rows, due));
  }
}

void NumberWalk::guard_against_endless(std::size_t fresh) {
  ListTally& tally = context_.tally;
  stale_pages_ = fresh == 0 ? stale_pages_ + 1 : 0;
  ++pages_;
  if (at_end()) return;
  if (stale_pages_ >= kStalePagesAllowed) {
    tally.doubt("page after page brought nothing new");
    done_ = true;
  }
  // Generous to a list that grows while it is read, but not to one without end.
  const auto announced = tally.announced();
  if (announced ? tally.seen() > *announced + *announced / 2 + 100 * size_ : pages_ >= kMaxPages) {
    tally.doubt("the list has no end");
    done_ = true;
  }
}

std::unique_ptr<PageWalk> make_number_walk(WalkContext context, bool totals_expected) {
  return std::make_unique<NumberWalk>(context, totals_expected);
}

}  // namespace backstock::store_api
