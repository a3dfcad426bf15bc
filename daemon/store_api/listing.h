// Walks one list of a store page by page, and says at the end whether it has seen all of it.
//
// Promise: pages are asked for by number, id or cursor, never by a link from an answer. Every row is given once (by its
// id). A page too big for memory is asked for again in smaller pieces (250 -> 125 -> 25 -> 5 -> 1 rows) and the size
// goes back up after it; one row alone may have kMaxRowBody. The walk ends, whatever the store answers.
// completeness() is strict, since deletions are concluded from it: complete only if each page was whole, nothing came
// twice, and the number of distinct rows is what the answers announced. Lists that announce nothing (V2, cursors) are
// complete when they end properly.
//   v3_id_after  id:greater=<last>; the order by id is the query's matter (`sort=id`, where the list knows it). Each
//                page's total must be the one before minus its rows. If the ids do not rise, or the store ignores or
//                refuses the filter, it goes over to page numbers from the start. A total that counts without
//                the filter is understood too: it must stay the same and equal the rows seen.
//   v3_pages     page=N; after the first, several pages in flight at once.
//   v3_cursor    after=<end_cursor>.
//   v2_pages     page=N until a 204, an empty or a short page. A short first page of a round number of rows is not
//                believed: a store that caps the limit below ours looks the same. One more page is asked for.
//   v2_below_id  max_id=<lowest so far - 1> until an empty answer; the falling order is the query's matter. If the ids
//                do not fall, or the store refuses the filter, page numbers from the start.
//   whole        one answer, a list or one object; by page numbers after all if it announces more rows than it has.
// Not promised: a snapshot. Rows changed while paging come as they are when read.
// Errors: as StoreClient's; rejected also for a cursor that repeats. After an error next() asks for the same page
// again. Threads: one at a time. Lifetime: the client outlives the listing; a Page lives on its own.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "content/content_type.h"
#include "store_api/page.h"
#include "store_api/store_client.h"

namespace backstock::store_api {

inline constexpr ByteCount kMaxRowBody = 256_MiB;
inline constexpr std::uint64_t kMaxPages = 100'000;  // of a list that announces no total

struct ListSpec {
  std::string path;  // "/v3/catalog/products"
  Query query = {};  // beside paging
  content::Paging paging = content::Paging::v3_pages;
  unsigned page_limit = 250;
  std::string id_field = "id";  // see content::read_id(); empty: rows have no identity, only their number is checked
  std::string resume_after =
      {};                       // v3_id_after: the last id already done; the walk and its completeness are of the rest
  std::string_view scope = {};  // OAuth, for the message of a 403; outlives the listing
  ByteCount max_body = 0;       // of one page; 0: the client's
};

struct Completeness {
  bool complete = false;
  std::string why_not = {};  // one clause, the first reason found; empty if complete
  std::uint64_t seen = 0;    // distinct rows given
  std::optional<std::uint64_t> announced = std::nullopt;
};

class ListWalk;

class Listing {
 public:
  Listing(StoreClient& client, ListSpec spec);
  ~Listing();
  Listing(Listing&&) noexcept;
  Listing& operator=(Listing&&) noexcept;

  // The next page, which may have no rows; empty when the list is at its end.
  Result<std::optional<Page>> next(std::stop_token stop);
  // What is known so far; final, and possibly `complete`, only once next() gave the empty optional.
  Completeness completeness() const;

 private:
  std::unique_ptr<ListWalk> walk_;
};

}  // namespace backstock::store_api
