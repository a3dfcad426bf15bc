// Lists read by rising id: what is deleted between two pages shifts nothing.
#include <fmt/format.h>

#include "base/json_text.h"
#include "content/item_id.h"
#include "store_api/page_size.h"
#include "store_api/page_walk.h"

namespace backstock::store_api {
namespace {

class IdWalk final : public PageWalk {
 public:
  explicit IdWalk(WalkContext context)
      : context_(context), size_(context.spec.page_limit), last_(json_text::as_int(context.spec.resume_after)) {
    // An id to go on from that is no number cannot be compared.
    gave_up_ = !last_ && !context.spec.resume_after.empty();
  }

  Result<std::optional<Page>> next(std::stop_token stop) override {
    while (!done_ && !gave_up_) {
      const unsigned limit = size_.limit();
      Result<Reply> reply = context_.client.get(request(limit), stop);
      if (!reply) {
        if (reply.error().kind == ErrorKind::too_large && size_.lower()) continue;
        // Not every list knows the filter.
        if (reply.error().kind == ErrorKind::rejected && last_ && pages_ <= 1) {
          gave_up_ = true;
          break;
        }
        return std::move(reply).error();
      }
      CutReply cut = TRY(cut_reply(TRY(std::move(reply))));
      const auto highest = follow(cut.page);
      if (!highest) {
        gave_up_ = true;
        break;
      }
      account(cut, limit);
      context_.tally.take(cut.page);
      size_.done();
      last_ = highest->last;
      ++pages_;
      return std::optional<Page>(std::move(cut.page));
    }
    return std::optional<Page>();
  }

  bool gave_up() const override { return gave_up_; }

 private:
  struct Highest {
    std::optional<std::int64_t> last;
  };

  Get request(unsigned limit) const {
    Query paging{{"limit", std::to_string(limit)}};
    if (last_) paging.emplace_back(context_.spec.id_field + ":greater", std::to_string(*last_));
    return page_get(context_.spec, std::move(paging), limit);
  }

  // Each id above the one before, or the store follows filter or order not at all.
  std::optional<Highest> follow(const Page& page) const {
    Highest highest{last_};
    for (const std::string_view item : page.items) {
      const auto id = json_text::as_int(content::read_id(item, context_.spec.id_field));
      if (!id || (highest.last && *id <= *highest.last)) return std::nullopt;
      highest.last = id;
    }
    return highest;
  }

  // Compares what the answer says with what it brings, and decides whether it is the last.
  void account(const CutReply& cut, unsigned limit) {
    ListTally& tally = context_.tally;
    const std::uint64_t rows = cut.page.items.size();
    const std::uint64_t most = std::min<std::uint64_t>(limit, cut.facts.per_page.value_or(limit));
    if (!cut.facts.total) {
      tally.doubt("an answer did not say how many rows there are");
      done_ = rows == 0 || rows < most || pages_ >= kMaxPages;
      if (pages_ >= kMaxPages) tally.doubt("the list has no end");
      return;
    }
    const std::uint64_t total = *cut.facts.total;
    if (!tally.announced() || !expected_) {
      tally.announce(tally.announced().value_or(total));
    } else if (total != *expected_) {
      // Some count without the filter: then each page says the same, and the difference is ours to take.
      if (total == *tally.announced() && !counts_rest_) {
        counts_all_ = true;
      } else {
        tally.doubt(fmt::format("the number of rows changed while paging: {} were to come, then {}",
                                counts_all_ ? *tally.announced() : *expected_, total));
      }
    } else if (!counts_all_) {
      counts_rest_ = true;
    }
    const std::uint64_t rest = counts_all_ ? total - std::min(total, tally.seen()) : total;
    if (rows < std::min(most, rest)) {
      tally.doubt(fmt::format("a page was shorter than announced: {} rows instead of {}", rows, std::min(most, rest)));
    }
    expected_ = counts_all_ ? total : total - std::min(total, rows);
    // Generous to a list that grows while it is read, but not to one without end.
    const std::uint64_t most_rows =
        *tally.announced() + *tally.announced() / 2 + std::uint64_t{100} * context_.spec.page_limit;
    const bool endless = tally.seen() + rows > most_rows;
    if (endless) tally.doubt("the list has no end");
    done_ = rows == 0 || rest <= rows || endless;
  }

  WalkContext context_;
  PageSize size_;
  std::optional<std::int64_t> last_;
  std::optional<std::uint64_t> expected_;  // the total that the next page should tell
  bool counts_rest_ = false;               // the totals are of the rows still to come
  bool counts_all_ = false;                // the totals are of all rows, whatever the filter
  std::uint64_t pages_ = 0;
  bool done_ = false;
  bool gave_up_ = false;
};

}  // namespace

std::unique_ptr<PageWalk> make_id_walk(WalkContext context) { return std::make_unique<IdWalk>(context); }

}  // namespace backstock::store_api
