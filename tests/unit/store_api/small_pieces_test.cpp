// The pure small parts of the room: queries, rate headers, path templates, page sizes, seen ids.
#include <catch2/catch.hpp>

#include "store_api/page_size.h"
#include "store_api/query.h"
#include "store_api/rate_headers.h"
#include "store_api/seen_ids.h"
#include "store_api/usage.h"

using namespace backstock;
using namespace backstock::store_api;
using namespace std::chrono_literals;

TEST_CASE("a query keeps colons and commas readable and encodes what would change its meaning") {
  CHECK(encode_query({}).empty());
  CHECK(encode_query({{"id:in", "1,2"}, {"limit", "250"}}) == "?id:in=1,2&limit=250");
  CHECK(encode_query({{"date_modified:min", "2026-11-21T14:05:00+00:00"}}) ==
        "?date_modified:min=2026-11-21T14:05:00%2B00:00");
  CHECK(encode_query({{"name", "a&b=c d#\xc3\xa9/"}}) == "?name=a%26b%3Dc%20d%23%C3%A9%2F");
  CHECK(encode_path("/v3/x/a b?c#d%/e") == "/v3/x/a%20b%3Fc%23d%25/e");
}

TEST_CASE("rate headers are read in any case, and nonsense is as good as nothing") {
  const RateHeaders rate = read_rate_headers({{"x-rate-limit-requests-quota", "3749"},
                                              {"X-Rate-Limit-Requests-Left", "3747"},
                                              {"X-RATE-LIMIT-TIME-RESET-MS", "9186"},
                                              {"X-Rate-Limit-Time-Window-Ms", "30000"},
                                              {"X-Retry-After", "12"}});
  CHECK(rate.quota == 3749U);
  CHECK(rate.left == 3747U);
  CHECK(rate.reset == 9186ms);
  CHECK(rate.window == 30s);
  CHECK(rate.retry_after == 12s);
  const RateHeaders odd = read_rate_headers({{"X-Rate-Limit-Requests-Quota", "0"},
                                             {"X-Rate-Limit-Requests-Left", "-3"},
                                             {"X-Rate-Limit-Time-Reset-Ms", "99999999999999"},
                                             {"X-Rate-Limit-Time-Window-Ms", "0"},
                                             {"Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT"}});
  CHECK_FALSE(odd.quota);
  CHECK_FALSE(odd.left);
  CHECK(odd.reset == 1h);
  CHECK_FALSE(odd.window);
  CHECK_FALSE(odd.retry_after);
}

TEST_CASE("a path template has no ids") {
  CHECK(path_template("/v3/catalog/products") == "/v3/catalog/products");
  CHECK(path_template("/v3/catalog/products/123/images/9") == "/v3/catalog/products/{id}/images/{id}");
  CHECK(path_template("/v3/x/0b1f2a3c-1111-2222-3333-444455556666") == "/v3/x/{id}");
  CHECK(path_template("/v3/catalog/categories") == "/v3/catalog/categories");
  CHECK(path_template("/v2/") == "/v2/");
}

TEST_CASE("page sizes go down by divisors") {
  std::vector<unsigned> ladder;
  for (unsigned limit = 250; ladder.empty() || ladder.back() != 1; limit = ladder.back()) {
    ladder.push_back(next_smaller(limit));
  }
  CHECK(ladder == std::vector<unsigned>{125, 25, 5, 1});
  CHECK(next_smaller(10) == 5);
  CHECK(next_smaller(7) == 1);
  CHECK(next_smaller(1) == 1);
}

TEST_CASE("a lowered page size covers the big page and goes back up behind it") {
  PageSize size(10);
  CHECK(size.lower());
  CHECK(size.limit() == 5);
  size.done();
  CHECK(size.limit() == 5);
  CHECK(size.lower());
  for (int i = 0; i < 5; ++i) {
    CHECK(size.limit() == 1);
    CHECK_FALSE(size.lower());
    size.done();
  }
  CHECK(size.limit() == 10);
}

TEST_CASE("seen ids tell numbers, texts and orders apart") {
  SeenIds ids;
  CHECK(ids.insert("5"));
  CHECK(ids.insert("3"));
  CHECK(ids.insert("9"));
  CHECK(ids.insert("05"));
  CHECK(ids.insert("abc"));
  CHECK(ids.insert("99999999999999999999999"));
  for (const char* id : {"5", "3", "9", "05", "abc", "99999999999999999999999"}) {
    CHECK_FALSE(ids.insert(id));
    CHECK(ids.contains(id));
  }
  CHECK(ids.size() == 6);
  CHECK_FALSE(ids.contains("4"));
}
