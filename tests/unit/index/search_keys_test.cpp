#include "index/search_keys.h"

#include <cstdlib>
#include <map>

#include "base/random.h"
#include "index_world.h"

namespace backstock::index {
namespace {

using Model = std::map<std::int64_t, std::set<SearchKey>>;

Model read_all(Connection& connection) {
  Model all;
  must(for_each_search_key(connection, [&](std::int64_t type, const SearchKey& key) {
    CHECK(all[type].insert(key).second);
    CHECK(*all[type].rbegin() == key);  // in order
  }));
  return all;
}

std::vector<std::int64_t> find_in(const std::set<SearchKey>& keys, const std::string& prefix) {
  std::vector<std::int64_t> items;
  for (const SearchKey& key : keys) {
    if (key.text.starts_with(prefix)) items.push_back(key.item);
  }
  return items;
}

TEST_CASE("texts are in lower case, cut off, each once, and none of nothing") {
  CHECK(search_texts({"Chair", "", "CHAIR", "A very long name of something"}) ==
        std::set<std::string>{"a very long nam", "chair"});
  CHECK(search_texts({}).empty());
}

TEST_CASE("whatever is added and removed in whatever order, the set is that of a plain set") {
  const char* given = std::getenv("BACKSTOCK_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : 7;
  INFO("run again with BACKSTOCK_SEED=" << seed);
  SeededRandom random(seed);
  const auto below = [&](std::uint64_t n) { return random.next() % n; };
  IndexWorld world;
  must(world.connection->execute("BEGIN"));
  auto search = must(SearchKeys::open(*world.connection));
  Model model;
  const auto any_key = [&] {
    std::string text;
    static const std::string kLetters("ab\0\xC3\xFF", 5);  // few, so that many begin alike
    for (std::uint64_t i = 1 + below(kSearchedBytes); i > 0; --i) text += kLetters[below(below(2) == 0 ? 1 : 5)];
    // Items of few and of many bytes, the largest too.
    const auto item = static_cast<std::int64_t>(random.next() >> (1 + below(63)));
    return SearchKey{text, below(3) == 0 ? item : static_cast<std::int64_t>(below(300))};
  };
  for (int step = 0; step < 12'000; ++step) {
    const auto type = static_cast<std::int64_t>(1 + below(3));
    std::set<SearchKey>& keys = model[type];
    const bool remove = step > 6000 ? below(10) < 7 : below(4) == 0;
    SearchKey key = any_key();
    if (remove && !keys.empty() && below(10) != 0) {
      const auto near = keys.lower_bound(key);
      key = near != keys.end() ? *near : *keys.begin();
    }
    if (remove) {
      keys.erase(key);
      must(search.remove(type, key));
    } else {
      keys.insert(key);
      must(search.add(type, key));
    }
    if (step % 3000 == 2999) {
      for (const std::int64_t each : {1, 2, 3}) CHECK(read_all(*world.connection)[each] == model[each]);
      CHECK(must(world.connection->query_integer("SELECT max(length(more)) FROM search")) < 700);
    }
    if (step % 20 == 0) {
      const std::string prefix = any_key().text.substr(0, 1 + below(5));
      CHECK(must(find_by_text(*world.connection, type, prefix)) == find_in(model[type], prefix));
    }
  }
  for (const auto& [type, keys] : model) {
    for (const SearchKey& key : keys) must(search.remove(type, key));
  }
  CHECK(must(world.connection->query_integer("SELECT count(*) FROM search")) == 0);
}

TEST_CASE("keys that come in order fill their rows") {
  IndexWorld world;
  must(world.connection->execute("BEGIN"));
  auto search = must(SearchKeys::open(*world.connection));
  for (std::int64_t i = 0; i < 3000; ++i) must(search.add(1, {"sku-" + std::to_string(100'000 + i), 100'000 + i}));
  CHECK(
      must(world.connection->query_integer("SELECT min(length(more)) FROM (SELECT more FROM search ORDER BY text LIMIT"
                                           " -1 OFFSET 1)")) >= 0);
  CHECK(must(world.connection->query_integer("SELECT sum(length(more)) / count(*) FROM search")) > 560);
}

TEST_CASE("a row that cannot be read is corrupt, and the operator is told of rebuild") {
  IndexWorld world;
  world.add(IndexWorld::row("products", "1", 1, {"chair"}));
  for (const char* more : {"x'F1'", "x'0F61'", "x'0161'", "x'016180'", "x'0162FFFFFFFFFFFFFFFFFF01'", "x'016101'"}) {
    INFO(more);
    must(world.connection->execute(std::string("UPDATE search SET more=") + more));
    const auto found = find_by_text(*world.connection, 1, "c");
    REQUIRE_FALSE(found);
    CHECK(found.error().kind == ErrorKind::corrupt);
    CHECK(found.error().hint.find("backstock rebuild") != std::string::npos);
    auto search = must(SearchKeys::open(*world.connection));
    CHECK_FALSE(search.add(1, {"zebra", 2}));
  }
}

}  // namespace
}  // namespace backstock::index
