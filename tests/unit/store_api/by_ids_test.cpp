#include "store_api/by_ids.h"

#include "content/item_id.h"

#include <catch2/catch.hpp>

#include "fake_list.h"

using namespace backstock;
using namespace backstock::store_api;

namespace {

std::vector<std::string> ids_of(const ByIdsFound& found) {
  std::vector<std::string> ids;
  for (const Page& page : found.pages) {
    for (const std::string_view item : page.items) ids.push_back(content::read_id(item, "id"));
  }
  return sorted(ids);
}

std::vector<std::string> numbers(int from, int to) {
  std::vector<std::string> ids;
  for (int i = from; i <= to; ++i) ids.push_back(std::to_string(i));
  return ids;
}

struct Fixture {
  FakeList list = FakeList::of(300);
  ClientFixture f;
  explicit Fixture(ByteCount max_body = 16_MiB) : f(max_body) { list.serve(f.transport); }
  std::vector<Result<ByIdsFound>> read(const std::vector<std::vector<std::string>>& batches) {
    return get_by_ids(f.client, {.path = "/v3/numbers"}, batches, {});
  }
};

}  // namespace

TEST_CASE("items come by their ids, and those that are not there are named") {
  Fixture x;
  const auto results = x.read({{"5", "999", "7"}, {}, {"1"}, {"1000"}});
  REQUIRE(results.size() == 4);
  CHECK(ids_of(*results[0]) == std::vector<std::string>{"5", "7"});
  CHECK(results[0]->absent == std::vector<std::string>{"999"});
  CHECK(results[1]->pages.empty());
  CHECK(ids_of(*results[2]) == std::vector<std::string>{"1"});
  CHECK(results[3]->absent == std::vector<std::string>{"1000"});
  CHECK(x.list.requests == 3);
  CHECK(x.f.transport.urls()[0].find("?id:in=5,999,7&limit=3") != std::string::npos);
}

TEST_CASE("a batch too big for memory is halved until it fits, down to one big item") {
  Fixture x(4'000);
  x.list.padding[17] = 50'000;
  const auto results = x.read({numbers(1, 100), numbers(101, 120)});
  CHECK(ids_of(*results[0]) == sorted(numbers(1, 100)));
  CHECK(results[0]->absent.empty());
  CHECK(ids_of(*results[1]) == sorted(numbers(101, 120)));
  CHECK(x.list.requests < 20);
}

TEST_CASE("413 and 414 halve as well") {
  for (const int status : {413, 414}) {
    ClientFixture f;
    FakeList list = FakeList::of(50);
    f.transport.on(
        [](const net::HttpRequest& r) { return testing::query_value(r.url, "limit").size() > 1; }, {},
        [status](const net::HttpRequest&) -> Result<net::HttpReply> { return testing::json_reply(status, "{}"); });
    list.serve(f.transport);
    const auto results = get_by_ids(f.client, {.path = "/v3/numbers"}, {numbers(1, 40)}, {});
    CHECK(ids_of(*results[0]) == sorted(numbers(1, 40)));
  }
}

TEST_CASE("a store that sends fewer rows than asked for makes nobody absent") {
  Fixture x;
  x.list.cap = 10;
  auto ids = numbers(1, 40);
  ids.push_back("888");
  const auto results = x.read({ids});
  REQUIRE(results[0]);
  CHECK(ids_of(*results[0]) == sorted(numbers(1, 40)));
  CHECK(results[0]->absent == std::vector<std::string>{"888"});
}

TEST_CASE("without a total, absence needs a second look") {
  Fixture x;
  x.list.tells_pagination = false;
  x.list.cap = 10;
  auto ids = numbers(1, 25);
  ids.push_back("888");
  const auto results = x.read({ids});
  CHECK(ids_of(*results[0]) == sorted(numbers(1, 25)));
  CHECK(results[0]->absent == std::vector<std::string>{"888"});
}

TEST_CASE("a total that never fits does not loop") {
  Fixture x;
  x.list.total_ignores_filter = true;
  const auto results = x.read({{"1", "2", "888", "999"}});
  CHECK(ids_of(*results[0]) == std::vector<std::string>{"1", "2"});
  CHECK(sorted(results[0]->absent) == std::vector<std::string>{"888", "999"});
  CHECK(x.list.requests < 8);
}

TEST_CASE("a row that is announced and kept back is an error, never absence") {
  ClientFixture f;
  f.transport.on("id:in=7",
                 testing::json_reply(200, R"({"data":[],"meta":{"pagination":{"total":1,"count":0,"per_page":1}}})"));
  const auto results = get_by_ids(f.client, {.path = "/v3/numbers"}, {{"7"}}, {});
  REQUIRE_FALSE(results[0]);
  CHECK(results[0].error().kind == ErrorKind::rejected);
  CHECK_FALSE(results[0].error().hint.empty());
}

TEST_CASE("rows that nobody asked for are an error: the filter was ignored") {
  Fixture x;
  x.list.knows_filter = false;
  const auto results = x.read({{"3", "4"}});
  REQUIRE_FALSE(results[0]);
  CHECK(results[0].error().kind == ErrorKind::rejected);
}

TEST_CASE("a batch that fails leaves the others alone") {
  ClientFixture f;
  FakeList list = FakeList::of(300);
  f.transport.on("id:in=3,", testing::json_reply(403, "{}"));
  list.serve(f.transport);
  const auto results = get_by_ids(f.client, {.path = "/v3/numbers"}, {numbers(1, 2), numbers(3, 4), numbers(5, 6)}, {});
  CHECK(ids_of(*results[0]).size() == 2);
  CHECK(results[1].error().kind == ErrorKind::forbidden);
  CHECK(ids_of(*results[2]).size() == 2);
}

TEST_CASE("an id asked for twice comes once") {
  Fixture x;
  const auto results = x.read({{"5", "5", "999", "999"}});
  CHECK(ids_of(*results[0]) == std::vector<std::string>{"5"});
  CHECK(results[0]->absent == std::vector<std::string>{"999"});
}
