#include "store_api/listing.h"

#include <algorithm>

#include "store_api/list_tally.h"
#include "store_api/page_walk.h"

namespace backstock::store_api {

// The spec and the account stay in place while ways of walking change.
class ListWalk {
 public:
  ListWalk(StoreClient& client, ListSpec spec) : client_(client), spec_(std::move(spec)), tally_(spec_.id_field) {
    if (spec_.page_limit == 0) spec_.page_limit = 1;
    way_ = first_way();
  }

  Result<std::optional<Page>> next(std::stop_token stop) {
    while (way_) {
      std::optional<Page> page = TRY(way_->next(stop));
      if (page) return page;
      if (!way_->gave_up()) {
        tally_.end();
        way_.reset();
        break;
      }
      tally_.start_over();
      way_ = make_number_walk(context(), spec_.paging != content::Paging::v2_below_id);
    }
    return std::optional<Page>();
  }

  Completeness completeness() const { return tally_.completeness(); }

 private:
  WalkContext context() { return {client_, spec_, tally_}; }

  std::unique_ptr<PageWalk> first_way() {
    switch (spec_.paging) {
      case content::Paging::v3_id_after:
        return make_id_walk(context());
      case content::Paging::v3_pages:
        return make_number_walk(context(), true);
      case content::Paging::v3_cursor:
        return make_cursor_walk(context());
      case content::Paging::v2_pages:
        return make_number_walk(context(), false);
      case content::Paging::v2_below_id:
        return make_below_walk(context());
      case content::Paging::whole:
        return make_whole_walk(context());
    }
    return nullptr;
  }

  StoreClient& client_;
  ListSpec spec_;
  ListTally tally_;
  std::unique_ptr<PageWalk> way_;  // null after the end
};

Listing::Listing(StoreClient& client, ListSpec spec) : walk_(std::make_unique<ListWalk>(client, std::move(spec))) {}
Listing::~Listing() = default;
Listing::Listing(Listing&&) noexcept = default;
Listing& Listing::operator=(Listing&&) noexcept = default;

Result<std::optional<Page>> Listing::next(std::stop_token stop) { return walk_->next(std::move(stop)); }
Completeness Listing::completeness() const { return walk_->completeness(); }

Get page_get(const ListSpec& spec, Query paging, unsigned limit) {
  Get get{.path = spec.path, .query = spec.query, .max_body = spec.max_body, .scope = spec.scope};
  for (auto& parameter : paging) {
    const bool given = std::any_of(spec.query.begin(), spec.query.end(),
                                   [&](const auto& own) { return own.first == parameter.first; });
    if (!given) get.query.push_back(std::move(parameter));
  }
  if (limit == 1) get.max_body = std::max(kMaxRowBody, spec.max_body);
  return get;
}

}  // namespace backstock::store_api
