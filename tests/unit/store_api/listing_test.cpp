// Every way of paging: lists that behave.
#include "store_api/listing.h"
#include "content/item_id.h"

#include <catch2/catch.hpp>

#include "fake_list.h"

using namespace backstock;
using namespace backstock::store_api;
using backstock::content::Paging;

namespace {

struct Way {
  Paging paging;
  const char* path;
};
constexpr Way kWays[] = {{Paging::v3_id_after, "/v3/numbers"},
                         {Paging::v3_pages, "/v3/numbers"},
                         {Paging::v3_cursor, "/v3/cursors"},
                         {Paging::v2_pages, "/v2/rows"}};

}  // namespace

TEST_CASE("each way of paging gives each row once and ends complete, for lists of every length") {
  for (const Way& way : kWays) {
    for (const int length : {0, 1, 7, 9, 10, 11, 19, 20, 21, 100, 101}) {
      for (const bool links : {true, false}) {
        FakeList list = FakeList::of(length);
        list.cursor_links = links;
        ClientFixture f;
        list.serve(f.transport);
        const Walked walked = walk(f.client, {.path = way.path, .paging = way.paging, .page_limit = 10});
        CAPTURE(way.path, static_cast<int>(way.paging), length, walked.end.why_not);
        CHECK(walked.ids == as_text(list.ids));
        CHECK(walked.end.complete);
        CHECK(walked.end.seen == static_cast<std::uint64_t>(length));
        if (way.path == std::string_view("/v3/numbers")) {
          CHECK(walked.end.announced == static_cast<std::uint64_t>(length));
        }
      }
    }
  }
}

TEST_CASE("a store that allows fewer rows per page than asked for is believed") {
  for (const Way& way : kWays) {
    for (const int length : {10, 49, 50, 51, 100, 101, 250, 251}) {
      FakeList list = FakeList::of(length);
      list.cap = 50;
      ClientFixture f;
      list.serve(f.transport);
      const Walked walked = walk(f.client, {.path = way.path, .paging = way.paging, .page_limit = 250});
      CAPTURE(way.path, static_cast<int>(way.paging), length, walked.end.why_not);
      CHECK(walked.ids == as_text(list.ids));
      CHECK(walked.end.complete);
    }
  }
}

TEST_CASE("a page too big for memory is read in smaller ones, and the size goes back up behind it") {
  for (const Way& way : kWays) {
    for (const std::int64_t big : {1, 2, 126, 250, 251, 400, 600}) {
      FakeList list = FakeList::of(620);
      list.padding[big] = 50'000;
      ClientFixture f(30'000);
      list.serve(f.transport);
      const Walked walked = walk(f.client, {.path = way.path, .paging = way.paging, .page_limit = 250});
      CAPTURE(way.path, static_cast<int>(way.paging), big, walked.end.why_not);
      CHECK(walked.ids == as_text(list.ids));
      CHECK(walked.end.complete);
      // 250 -> 125 -> 25 -> 5 -> 1 costs 4 + 5 + 5 + 4 requests more, and one failure on each step down.
      CHECK(list.requests < 3 + 2 + 5 + 5 + 5 + 4);
      CHECK(testing::query_value(f.transport.urls().front(), "limit") == "250");
      if (big == 1) CHECK(testing::query_value(f.transport.urls().back(), "limit") == "250");
    }
  }
}

TEST_CASE("the offset of a smaller page is always a multiple of its size") {
  FakeList list = FakeList::of(600);
  list.padding[300] = 50'000;
  ClientFixture f(30'000);
  list.serve(f.transport);
  (void)walk(f.client, {.path = "/v3/numbers", .paging = Paging::v3_pages, .page_limit = 250});
  std::vector<std::string> asked;
  for (const std::string& url : f.transport.urls()) {
    asked.push_back(testing::query_value(url, "page") + "x" + testing::query_value(url, "limit"));
  }
  // Row 300 has the offset 299: page 2 of 250, 3 of 125, 12 of 25, 60 of 5, 300 of 1.
  for (const char* step : {"2x250", "3x125", "12x25", "60x5", "300x1", "3x250"}) {
    CHECK(std::find(asked.begin(), asked.end(), step) != asked.end());
  }
}

TEST_CASE("a page of 200 MB in the middle of a list is read row by row") {
  FakeList list = FakeList::of(25);
  for (std::int64_t id = 11; id <= 20; ++id) list.padding[id] = 20'000'000;
  ClientFixture f;  // 16 MiB per page: each of these rows is above it on its own
  list.serve(f.transport);
  Listing listing(f.client, {.path = "/v3/numbers", .paging = Paging::v3_pages, .page_limit = 10});
  std::size_t rows = 0;
  std::size_t largest = 0;
  while (rows < 12) {  // two of the big ones tell enough, and take long enough to make
    const auto page = listing.next({});
    REQUIRE(page);
    REQUIRE(*page);
    rows += (*page)->items.size();
    largest = std::max(largest, (*page)->body->size());
  }
  CHECK(rows == 12);
  CHECK(largest > 20'000'000);
  CHECK(largest < 21'000'000);
  CHECK(testing::query_value(f.transport.urls().back(), "limit") == "1");
}

TEST_CASE("items are the store's bytes, and stay valid when the page moves") {
  FakeList list = FakeList::of(1);
  ClientFixture f;
  list.serve(f.transport);
  Listing listing(f.client, {.path = "/v2/rows", .paging = Paging::v2_pages});
  auto page = listing.next({});
  REQUIRE(page);
  std::vector<Page> kept;
  kept.push_back(std::move(**page));
  kept.reserve(100);
  CHECK(kept[0].items[0] == "{\"id\": 1, \"price\": 19.9900}");
}

TEST_CASE("pages known to be there are fetched several at once") {
  FakeList list = FakeList::of(100);
  ClientFixture f;
  list.serve(f.transport);
  (void)walk(f.client, {.path = "/v3/numbers", .paging = Paging::v3_pages, .page_limit = 10});
  CHECK(f.transport.most_at_once() == 4);
  CHECK(list.requests == 10);
}

TEST_CASE("a list by ids goes on behind the id already done") {
  FakeList list = FakeList::of(30);
  ClientFixture f;
  list.serve(f.transport);
  const Walked walked =
      walk(f.client, {.path = "/v3/numbers", .paging = Paging::v3_id_after, .page_limit = 10, .resume_after = "17"});
  CHECK(walked.ids.front() == "18");
  CHECK(walked.ids.size() == 13);
  CHECK(walked.end.complete);
  CHECK(walked.end.announced == 13U);
}

TEST_CASE("a list in one answer may be a V3 list, a V2 list, one object, or nothing") {
  struct {
    const char* body;
    std::size_t rows;
  } bodies[] = {{R"({"data":[{"id":1},{"id":2}],"meta":{}})", 2},
                {R"([{"id":1}])", 1},
                {R"({"id":5,"name":"x"})", 1},
                {R"({"data":{"id":5},"meta":{}})", 1},
                {"[]", 0},
                {R"({"data":[]})", 0}};
  for (const auto& row : bodies) {
    ClientFixture f;
    f.transport.on("/v", testing::json_reply(200, row.body));
    const Walked walked = walk(f.client, {.path = "/v2/x", .paging = Paging::whole});
    INFO(row.body);
    CHECK(walked.ids.size() == row.rows);
    CHECK(walked.end.complete);
    CHECK(f.transport.urls().front().find('?') == std::string::npos);
  }
}

TEST_CASE("a list in one answer that turns out to have pages is read by them") {
  FakeList list = FakeList::of(120);
  ClientFixture f;
  list.serve(f.transport);
  const Walked walked = walk(f.client, {.path = "/v3/numbers", .paging = Paging::whole});
  CHECK(walked.ids == as_text(list.ids));
  CHECK(walked.end.complete);
}

TEST_CASE("rows without an id of their own are counted, ids made of parts are put together") {
  ClientFixture f;
  f.transport.on("/v3/", testing::json_reply(200, R"({"data":[{"p":1,"c":{"d":"x"}},{"p":1,"c":{"d":"y"}}],
    "meta":{"pagination":{"total":2,"per_page":250,"current_page":1,"total_pages":1}}})"));
  CHECK(walk(f.client, {.path = "/v3/x", .id_field = "p/c.d"}).end.complete);
  CHECK(walk(f.client, {.path = "/v3/x", .id_field = ""}).end.complete);
  CHECK(walk(f.client, {.path = "/v3/x", .id_field = "p"}).end.why_not == "1 rows came twice");
  CHECK(walk(f.client, {.path = "/v3/x", .id_field = "q"}).end.why_not == "a row has no q");
}

TEST_CASE("after an error the same page is asked for again, and nothing is lost") {
  for (const Way& way : kWays) {
    FakeList list = FakeList::of(45);
    ClientFixture f;
    bool broken = false;
    f.transport.before_each([&](const net::HttpRequest&) { broken = list.requests == 2 && !broken; });
    f.transport.on(
        [&](const net::HttpRequest&) { return broken; }, {.times = 1},
        [](const net::HttpRequest&) { return Result<net::HttpReply>(make_error(ErrorKind::failed, "for once")); });
    list.serve(f.transport);
    Listing listing(f.client, {.path = way.path, .paging = way.paging, .page_limit = 10});
    std::vector<std::string> ids;
    int errors = 0;
    while (true) {
      const auto page = listing.next({});
      if (!page) {
        ++errors;
        REQUIRE(errors < 3);
        CHECK_FALSE(listing.completeness().complete);
        continue;
      }
      if (!*page) break;
      for (const std::string_view item : (*page)->items) ids.push_back(content::read_id(item, "id"));
    }
    CAPTURE(way.path, static_cast<int>(way.paging), listing.completeness().why_not);
    CHECK(errors == 1);
    CHECK(ids == as_text(list.ids));
    CHECK(listing.completeness().complete);
  }
}
