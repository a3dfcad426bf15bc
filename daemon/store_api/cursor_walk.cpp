// Lists read by cursor. They announce no total: such a list is complete when it ends properly.
#include <fmt/format.h>

#include <unordered_set>

#include "store_api/page_size.h"
#include "store_api/page_walk.h"

namespace backstock::store_api {
namespace {

constexpr int kStalePages = 3;

class CursorWalk final : public PageWalk {
 public:
  explicit CursorWalk(WalkContext context) : context_(context), size_(context.spec.page_limit) {}

  Result<std::optional<Page>> next(std::stop_token stop) override {
    while (!done_) {
      const unsigned limit = size_.limit();
      Query paging{{"limit", std::to_string(limit)}};
      if (after_) paging.emplace_back("after", *after_);
      Result<Reply> reply = context_.client.get(page_get(context_.spec, std::move(paging), limit), stop);
      if (!reply) {
        if (reply.error().kind == ErrorKind::too_large && size_.lower()) continue;
        return std::move(reply).error();
      }
      CutReply cut = TRY(cut_reply(TRY(std::move(reply))));
      TRY(account(cut, limit));
      const std::uint64_t seen = context_.tally.seen();
      context_.tally.take(cut.page);
      // Ever new cursors with rows that were all there before: a list without end.
      stale_ = context_.tally.seen() > seen ? 0 : stale_ + 1;
      if (stale_ >= kStalePages && !done_) {
        context_.tally.doubt("the list has no end");
        done_ = true;
      }
      size_.done();
      return std::optional<Page>(std::move(cut.page));
    }
    return std::optional<Page>();
  }

 private:
  Result<> account(const CutReply& cut, unsigned limit) {
    const PagingFacts& facts = cut.facts;
    ListTally& tally = context_.tally;
    const std::uint64_t rows = cut.page.items.size();
    if (facts.count && *facts.count != rows) {
      tally.doubt(fmt::format("a page announced {} rows and brought {}", *facts.count, rows));
    }
    // Where a total stands too, the tally compares it with the rows that came; as the first page told it.
    if (facts.total && pages_ == 0 && !after_) tally.announce(*facts.total);
    if (!facts.cursor_pagination && rows > 0 && !facts.total) tally.doubt("an answer had no cursor to go on from");
    done_ = is_last(facts, rows, limit);
    if (done_) return {};
    if (++pages_ >= kMaxPages) {
      tally.doubt("the list has no end");
      done_ = true;
      return {};
    }
    if (!used_.insert(*facts.end_cursor).second) {
      return make_error(ErrorKind::rejected, context_.spec.path + " gave the same cursor twice",
                        "the list cannot be read to its end; this is a fault on the store's side");
    }
    after_ = facts.end_cursor;
    return {};
  }

  static bool is_last(const PagingFacts& facts, std::uint64_t rows, unsigned limit) {
    if (rows == 0 || !facts.end_cursor) return true;
    if (facts.links) return !facts.next_link;
    return rows < std::min<std::uint64_t>(limit, facts.per_page.value_or(limit));
  }

  WalkContext context_;
  PageSize size_;
  std::optional<std::string> after_;
  std::unordered_set<std::string> used_;
  std::uint64_t pages_ = 0;
  int stale_ = 0;
  bool done_ = false;
};

}  // namespace

std::unique_ptr<PageWalk> make_cursor_walk(WalkContext context) { return std::make_unique<CursorWalk>(context); }

}  // namespace backstock::store_api
