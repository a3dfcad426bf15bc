// Reads items by their ids, several per request and several requests at once, and says which are not there.
//
// Promise: for each batch either every id asked for is in `pages` or in `absent`, or the batch is an error. An id is
// called absent only if the answer was whole: not when the store capped the number of rows below what was asked. A
// batch too big for memory or for a URL is halved until it fits; one item alone may have kMaxRowBody. Errors: as
// StoreClient's; rejected if the answer has rows nobody asked for (the store ignored the filter). Not promised: order
// of the rows. Memory: all batches of one call are held at once; give a handful per call.
#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "store_api/page.h"
#include "store_api/store_client.h"

namespace backstock::store_api {

struct ByIdsSpec {
  std::string path;  // "/v3/catalog/products"
  std::string id_filter = "id:in";
  std::string id_field = "id";
  Query query = {};  // includes and the like; `limit` is added
  std::string_view scope = {};
  ByteCount max_body = 0;  // 0: the client's
};

struct ByIdsFound {
  std::vector<Page> pages;
  std::vector<std::string> absent;
};

// Results in the order of the batches. An empty batch gives an empty result without a request.
std::vector<Result<ByIdsFound>> get_by_ids(StoreClient& client, const ByIdsSpec& spec,
                                           const std::vector<std::vector<std::string>>& batches, std::stop_token stop);

}  // namespace backstock::store_api
