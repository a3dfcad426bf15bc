// Lists that come in one answer.
#include "store_api/page_walk.h"

namespace backstock::store_api {
namespace {

class WholeWalk final : public PageWalk {
 public:
  explicit WholeWalk(WalkContext context) : context_(context) {}

  Result<std::optional<Page>> next(std::stop_token stop) override {
    if (done_) return std::optional<Page>();
    Result<Reply> reply = context_.client.get(page_get(context_.spec, {}, 0), stop);
    // There is no smaller page to ask for.
    if (!reply && reply.error().kind == ErrorKind::too_large) {
      reply = context_.client.get(page_get(context_.spec, {}, 1), stop);
    }
    CutReply cut = TRY(cut_reply(TRY(std::move(reply))));
    done_ = true;
    if (cut.facts.total) {
      // It is not whole after all.
      if (*cut.facts.total > cut.page.items.size()) {
        gave_up_ = true;
        return std::optional<Page>();
      }
      context_.tally.announce(*cut.facts.total);
    }
    context_.tally.take(cut.page);
    return std::optional<Page>(std::move(cut.page));
  }

  bool gave_up() const override { return gave_up_; }

 private:
  WalkContext context_;
  bool done_ = false;
  bool gave_up_ = false;
};

}  // namespace

std::unique_ptr<PageWalk> make_whole_walk(WalkContext context) { return std::make_unique<WholeWalk>(context); }

}  // namespace backstock::store_api
