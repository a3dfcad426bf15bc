// One way of going through the pages of a list. listing.h says what each way is; the tally keeps the account.
//
// Lifetimes: client, spec and tally outlive the walk. After an error the same page can be asked for again.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>

#include "store_api/list_tally.h"
#include "store_api/listing.h"

namespace backstock::store_api {

struct WalkContext {
  StoreClient& client;
  const ListSpec& spec;
  ListTally& tally;
};

class PageWalk {
 public:
  virtual ~PageWalk() = default;
  // Empty at the end, and when the walk gave up.
  virtual Result<std::optional<Page>> next(std::stop_token stop) = 0;
  // The store does not follow this way; page numbers from the start are what remains.
  virtual bool gave_up() const { return false; }
};

std::unique_ptr<PageWalk> make_number_walk(WalkContext context, bool totals_expected);
std::unique_ptr<PageWalk> make_id_walk(WalkContext context);
std::unique_ptr<PageWalk> make_below_walk(WalkContext context);
std::unique_ptr<PageWalk> make_cursor_walk(WalkContext context);
std::unique_ptr<PageWalk> make_whole_walk(WalkContext context);

// The read for one page: the spec's query and then `paging`, of which the spec's own parameters win. One row alone
// may be as big as kMaxRowBody.
Get page_get(const ListSpec& spec, Query paging, unsigned limit);

}  // namespace backstock::store_api
