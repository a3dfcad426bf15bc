// Fetches items with all their parts, whole or not at all.
//
// read() fetches by ids; complete() takes items that a list already gave. Both then fetch what does not come inside the
// item: lists of its own (complex rules), embedded arrays that the API may have cut, rows of lists over all items. An
// item of which one part could not be read is a problem and is not given: a half item would look like an edit.
//
// Memory: the items of one call. Threads: one at a time. Lifetime: client and lists outlive it.
#pragma once

#include <stop_token>
#include <vector>

#include "capture/recorder.h"
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

class ItemReader {
 public:
  ItemReader(const content::ContentType& type, store_api::StoreClient& client, WholeLists& lists)
      : type_(&type), client_(&client), lists_(&lists) {}

  // Ids in the batches that go into one request each. The error is one that concerns all items (token, cancel).
  Result<Fetched> read(const std::vector<std::vector<std::string>>& batches, std::stop_token stop);
  Result<Fetched> complete(const store_api::Page& page, std::stop_token stop);

 private:
  struct Wanted {  // one list to read for one item
    std::size_t item;
    const content::Part* part;
    std::size_t embedded;  // elements that came inside the item
  };
  void take_page(const store_api::Page& page, Fetched& into) const;
  Result<> fetch_parts(Fetched& fetched, std::stop_token stop);
  std::vector<Wanted> wanted_lists(const Fetched& fetched) const;
  Result<FetchedPart> read_part(const Wanted& wanted, const std::string& id, Result<store_api::Reply> first,
                                std::stop_token stop);

  const content::ContentType* type_;
  store_api::StoreClient* client_;
  WholeLists* lists_;
};

// The query that asks for whole items: includes joined.
store_api::Query item_query(const content::ContentType& type);

// Items by their ids, as store_api::get_by_ids. A list without pages knows no `limit` either: it is walked with the
// filter alone.
std::vector<Result<store_api::ByIdsFound>> read_by_ids(const content::ContentType& type, store_api::StoreClient& client,
                                                       store_api::Query query,
                                                       const std::vector<std::vector<std::string>>& batches,
                                                       std::stop_token stop);

// Errors that end a whole type or run rather than one item.
bool concerns_all(ErrorKind kind);

}  // namespace backstock::capture
