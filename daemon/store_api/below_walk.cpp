// V2 lists read by falling id, newest first: what is added while reading stands above what is still to come.
#include "base/json_text.h"
#include "content/item_id.h"
#include "store_api/page_size.h"
#include "store_api/page_walk.h"

namespace backstock::store_api {
namespace {

class BelowWalk final : public PageWalk {
 public:
  explicit BelowWalk(WalkContext context) : context_(context), size_(context.spec.page_limit) {}

  Result<std::optional<Page>> next(std::stop_token stop) override {
    while (!done_ && !gave_up_) {
      const unsigned limit = size_.limit();
      Result<Reply> reply = context_.client.get(request(limit), stop);
      if (!reply) {
        if (reply.error().kind == ErrorKind::too_large && size_.lower()) continue;
        if (reply.error().kind == ErrorKind::rejected && lowest_ && pages_ <= 1) {
          gave_up_ = true;
          break;
        }
        return std::move(reply).error();
      }
      CutReply cut = TRY(cut_reply(TRY(std::move(reply))));
      if (!follow(cut.page)) {
        gave_up_ = true;
        break;
      }
      // These lists announce nothing, and a page may be capped: only an empty one is the end, and one that says so
      // twice, since behind a wrong one all older items would stay unseen. Below id 1 there is none.
      const bool empty = cut.page.items.empty();
      done_ = empty ? was_empty_ || !lowest_ : *lowest_ <= 1;
      was_empty_ = empty;
      if (++pages_ >= kMaxPages) {
        context_.tally.doubt("the list has no end");
        done_ = true;
      }
      context_.tally.take(cut.page);
      size_.done();
      return std::optional<Page>(std::move(cut.page));
    }
    return std::optional<Page>();
  }

  bool gave_up() const override { return gave_up_; }

 private:
  Get request(unsigned limit) const {
    Query paging{{"limit", std::to_string(limit)}};
    if (lowest_) paging.emplace_back("max_id", std::to_string(*lowest_ - 1));
    return page_get(context_.spec, std::move(paging), limit);
  }

  // Each id below the one before, or the store follows filter or order not at all.
  bool follow(const Page& page) {
    std::optional<std::int64_t> lowest = lowest_;
    for (const std::string_view item : page.items) {
      const auto id = json_text::as_int(content::read_id(item, context_.spec.id_field));
      if (!id || (lowest && *id >= *lowest)) return false;
      lowest = id;
    }
    lowest_ = lowest;
    return true;
  }

  WalkContext context_;
  PageSize size_;
  std::optional<std::int64_t> lowest_;
  std::uint64_t pages_ = 0;
  bool was_empty_ = false;
  bool done_ = false;
  bool gave_up_ = false;
};

}  // namespace

std::unique_ptr<PageWalk> make_below_walk(WalkContext context) { return std::make_unique<BelowWalk>(context); }

}  // namespace backstock::store_api
