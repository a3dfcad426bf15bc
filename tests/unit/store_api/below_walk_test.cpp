#include <catch2/catch.hpp>

#include "fake_list.h"

using namespace backstock;
using namespace backstock::store_api;

namespace {

ListSpec newest_first() {
  return {
      .path = "/v2/orders", .query = {{"sort", "id:desc"}}, .paging = content::Paging::v2_below_id, .page_limit = 10};
}

std::vector<std::string> falling(const FakeList& list) {
  std::vector<std::int64_t> ids = list.ids;
  std::sort(ids.begin(), ids.end(), std::greater<>());
  std::vector<std::string> texts;
  for (const std::int64_t id : ids) texts.push_back(std::to_string(id));
  return texts;
}

}  // namespace

TEST_CASE("a list read by falling id gives each row once, newest first, for lists of every length") {
  for (const int length : {0, 1, 9, 10, 11, 20, 101}) {
    for (const std::size_t cap : {250U, 7U}) {
      FakeList list = FakeList::of(length);
      list.cap = cap;
      ClientFixture f;
      list.serve(f.transport);
      const Walked walked = walk(f.client, newest_first());
      CAPTURE(length, cap, walked.end.why_not);
      CHECK(walked.ids == falling(list));
      CHECK(walked.end.complete);
    }
  }
}

TEST_CASE("rows that are added while a list is read by falling id shift nothing") {
  FakeList list = FakeList::of(50);
  const std::vector<std::string> there_before = falling(list);
  list.before = [](FakeList& self, std::size_t request) {
    if (request > 1) self.ids.push_back(self.ids.back() + 1);
  };
  ClientFixture f;
  list.serve(f.transport);
  CHECK(walk(f.client, newest_first()).ids == there_before);
}

TEST_CASE("one wrong empty answer does not end a list read by falling id") {
  FakeList list = FakeList::of(50);
  const std::vector<std::int64_t> all = list.ids;
  list.before = [&](FakeList& self, std::size_t request) {
    self.ids = request == 3 ? std::vector<std::int64_t>() : all;
  };
  ClientFixture f;
  list.serve(f.transport);
  const Walked walked = walk(f.client, newest_first());
  list.ids = all;
  CHECK(walked.ids == falling(list));
}

TEST_CASE("a store that does not follow order or filter is read by page numbers") {
  FakeList no_order = FakeList::of(35);
  no_order.knows_sort = false;
  ClientFixture f;
  no_order.serve(f.transport);
  const Walked walked = walk(f.client, newest_first());
  CHECK(walked.ids.size() == 35);
  CHECK(walked.end.complete);

  FakeList no_filter = FakeList::of(35);
  no_filter.knows_filter = false;
  ClientFixture g;
  no_filter.serve(g.transport);
  CHECK(walk(g.client, newest_first()).ids.size() == 35);
}
