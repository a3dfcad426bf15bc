// Fetches items with all their parts, whole or not at all.
//
// read() fetches by ids; complete() takes items that a list already gave. Where the registry says that parts follow the
// item, they are read only for items that are not stored as they are; `as_stored` marks the others. Both then fetch
// what does not come inside the item: lists of its own (complex rules), embedded arrays that the API may have cut, rows
// of lists over all items. An item of which one part could not be read is a problem and is not given: a half item would
// look like an edit.
//
// Memory: the items of one call. Threads: one at a time. Lifetime: client and lists outlive it.
#pragma once

#include <span>
#include <stop_token>
#include <vector>

#include "base/json_text.h"
#include "capture/list_request.h"
#include "capture/recorder.h"
#include "capture/type_listing.h"
#include "capture/whole_lists.h"
#include "store_api/by_ids.h"
#include "store_api/page.h"
#include "store_api/store_client.h"

namespace backstock::capture {

struct ItemProblem {
  std::string id;
  Error error;
};

struct Fetched {
  std::vector<FetchedItem> items;
  std::vector<std::string> absent;  // asked for by id, and not there
  std::vector<ItemProblem> problems;
  std::uint64_t part_requests = 0;  // requests for parts that a run without trouble needs
};

// Rows of a page that complete() is to take.
struct Slice {
  std::string_view parent = {};
  std::span<const std::string_view> items;
  json_text::Findings findings;
};

class ItemReader {
 public:
  // `extra_parts`: parts that are read on request only, as "customers.consent". Without a recorder nothing counts as
  // stored, and every part is read.
  ItemReader(const content::ContentType& type, store_api::StoreClient& client, WholeLists& lists,
             std::span<const std::string> extra_parts, Recorder* recorder = nullptr);

  // Ids in the batches that go into one request each. The error is one that concerns all items (token, cancel).
  Result<Fetched> read(const std::vector<std::vector<std::string>>& batches, std::stop_token stop);
  // `all_parts`: also of items that are stored as they are.
  Result<Fetched> complete(const Slice& slice, bool all_parts, std::stop_token stop);
  // Parts with a scope of their own that the token lacks: not asked for again. Their items are given without them.
  const std::vector<const content::Part*>& closed_parts() const { return closed_; }
  // Parts that an earlier pass was refused. What was stored without one of them counts as not stored, until the store
  // refuses it once more.
  void doubt(std::vector<std::string> parts) { doubted_ = std::move(parts); }
  const std::vector<std::string>& doubted_parts() const { return doubted_; }

 private:
  struct Wanted {  // one list to read for one item
    std::size_t item;
    const content::Part* part;
    std::size_t embedded;  // elements that came inside the item
  };
  void take_rows(const Slice& slice, Fetched& into) const;
  Result<> finish(Fetched& fetched, bool all_parts, std::stop_token stop);
  Result<> fetch_parts(Fetched& fetched, std::stop_token stop);
  std::vector<Wanted> wanted_lists(const Fetched& fetched) const;
  Result<FetchedPart> read_part(const Wanted& wanted, const std::string& id, Result<store_api::Reply> first,
                                std::stop_token stop);

  const content::ContentType* type_;
  store_api::StoreClient* client_;
  WholeLists* lists_;
  Recorder* recorder_;
  std::vector<const content::Part*> lists_per_item_;  // that may have to be read
  std::vector<const content::Part*> closed_;
  std::vector<std::string> doubted_;
};

// Can an item be read by its id?
bool has_read_by_id(const content::ContentType& type);

// What read_by_ids() found of one batch: pages with the parent of their items, and ids that are not there.
struct FoundByIds {
  std::vector<ListedPage> pages;
  std::vector<std::string> absent;
};

// Items by their ids, as store_api::get_by_ids; one by one where the type has only a path for one item; out of the
// whole listing where it has neither. A list without pages knows no `limit` either: it is walked with the filter alone.
std::vector<Result<FoundByIds>> read_by_ids(const content::ContentType& type, store_api::StoreClient& client,
                                            store_api::Query query,
                                            const std::vector<std::vector<std::string>>& batches, std::stop_token stop);

// Errors that end a whole type or run rather than one item.
bool concerns_all(ErrorKind kind);

}  // namespace backstock::capture
