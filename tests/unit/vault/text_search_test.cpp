// A text in all fields of all versions of a vault: what is found, what is counted once, what cannot be read.
#include "vault/text_search.h"

#include "compact_lab.h"

using namespace backstock;
using namespace backstock::vault;
using testing::bury;
using testing::must;
using testing::put;
using testing::VaultWorld;

namespace {

// "type id/version path", sorted: threads find in any order.
struct Found {
  std::multiset<std::string> hits;
  Searched done;
};

Found search(VaultWorld& world, const TextQuery& query, unsigned threads = 2,
             const std::function<void()>& on_first = nullptr) {
  Found found;
  const auto done =
      search_text(world.options, query, threads,
                  [&](const TextHit& hit) {
                    if (found.hits.empty() && on_first) on_first();
                    found.hits.insert(hit.type + " " + hit.id + "/" + std::to_string(hit.version) + " " + hit.path);
                  },
                  nullptr, {});
  found.done = must(done);
  CHECK(found.done.hits == found.hits.size());
  return found;
}

TextQuery asking(std::string text) {
  TextQuery query;
  query.text = std::move(text);
  return query;
}

using Hits = std::multiset<std::string>;

struct Shop : VaultWorld {
  Shop() {
    auto writer = open();
    put(*writer, "products", "1", testing::product("Oak chair"), 1000);
    put(*writer, "products", "1", testing::product("Oak table"), 2000);
    put(*writer, "products", "2", testing::product("Elm chair"), 1000);
    bury(*writer, "products", "2", 3000);
    put(*writer, "brands", "7", testing::product("Chair & Co"), 1500);
    must(writer->flush());
  }
};

}  // namespace

TEST_CASE("of each item the newest content is searched, or every version, or what was there then") {
  Shop world;
  TextQuery query = asking("chair");
  CHECK(search(world, query).hits == Hits{"brands 7/1 name", "products 2/1 name"});
  query.newest_only = false;
  CHECK(search(world, query).hits == Hits{"brands 7/1 name", "products 1/1 name", "products 2/1 name"});
  query.at = from_ms(1200);
  CHECK(search(world, query).hits == Hits{"products 1/1 name", "products 2/1 name"});
  query.newest_only = true;
  CHECK(search(world, query).hits == Hits{"products 1/1 name", "products 2/1 name"});
  query.at = from_ms(3500);  // 1 is a table then, 2 is gone
  CHECK(search(world, query).hits == Hits{"brands 7/1 name"});
}

TEST_CASE("a search for some types reads no others") {
  Shop world;
  TextQuery query = asking("chair");
  query.types = {"brands"};
  CHECK(search(world, query).hits == Hits{"brands 7/1 name"});
  CHECK(search(world, query).done.bytes < search(world, asking("chair")).done.bytes);
}

TEST_CASE("nothing to search for, and no vault to search in, are errors") {
  Shop world;
  CHECK(search_text(world.options, asking(""), 1, nullptr, nullptr, {}).error().kind == ErrorKind::bad_input);
  VaultWorld empty;
  CHECK(search_text(empty.options, asking("a"), 1, nullptr, nullptr, {}).error().kind == ErrorKind::not_found);
}

TEST_CASE("a search ends at its limit and says so only where there is more") {
  Shop world;
  TextQuery query = asking("chair");
  query.most_hits = 1;
  CHECK(search(world, query).done.limited);
  CHECK(search(world, query).hits.size() == 1);
  query.most_hits = 2;
  CHECK(search(world, query).hits.size() == 2);
  CHECK_FALSE(search(world, query).done.limited);
}

TEST_CASE("a search that is stopped says so and tells nothing more") {
  Shop world;
  std::stop_source stop;
  int hits = 0;
  const auto done = must(search_text(
      world.options, asking("chair"), 1,
      [&](const TextHit&) {
        ++hits;
        stop.request_stop();
      },
      nullptr, stop.get_token()));
  CHECK(hits == 1);
  CHECK(done.stopped);
  CHECK_FALSE(done.limited);
}

namespace {

// Several packs, several versions of each item.
struct Full : VaultWorld {
  std::map<std::string, std::string> items;  // by "id/version"

  Full() {
    options.pack_size = 40'000;
    auto writer = open();
    SeededRandom words(11);
    for (int round = 0; round < 4; ++round) {
      for (int id = 1; id <= 60; ++id) {
        const std::string item = article(words, 300 + words.next() % 500);
        put(*writer, "products", std::to_string(id), item, 1000 + round);
        items[std::to_string(id) + "/" + std::to_string(round + 1)] = item;
      }
      must(writer->flush());
    }
    must(writer->end_pack());
  }
  Hits expected(const std::string& text, const std::string& version) const {
    Hits hits;
    for (const auto& [key, item] : items) {
      if (!key.ends_with(version)) continue;
      for (const char* field : {"name", "text"})
        if (json_text::as_label(*json_text::find(item, field)).find(text) != std::string::npos)
          hits.insert("products " + key + " " + field);
    }
    return hits;
  }
  Hits expected(const std::string& text) const { return expected(text, "/4"); }
};

}  // namespace

TEST_CASE("versions that stand in two packs are told once, before, amid and after a compaction") {
  Full world;
  const Hits expected = world.expected("garden 1");
  REQUIRE(expected.size() >= 5);
  REQUIRE(expected.size() < 60);
  CHECK(search(world, asking("garden 1")).hits == expected);
  SECTION("while the packs are removed under the search") {
    // The first hit is in the first pack: most of the others are gone before they are opened.
    TextQuery query = asking("garden 1");
    query.newest_only = false;
    for (const unsigned threads : {1U, 2U}) {
      Full again;
      const Hits ever = again.expected("garden 1", "");
      REQUIRE(ever.size() > 3 * expected.size() / 2);
      std::vector<std::string> before, after;
      const Found found = search(again, query, threads, [&] {
        before = names_in_packs(again);
        compact_all(again);
        after = names_in_packs(again);
      });
      for (const std::string& name : before)
        CHECK((!pack::parse_pack_name(name) || std::find(after.begin(), after.end(), name) == after.end()));
      CHECK(found.hits == ever);
      CHECK(found.done.findings.empty());
      CHECK(search(again, query, threads).hits == ever);
    }
  }
  SECTION("while nothing is removed yet") {
    CompactOptions how = small_compaction();
    std::stop_source stop;
    const auto progress = [&](const CompactProgress& now) {
      if (now.doing.empty()) stop.request_stop();  // it goes on with removing packs
    };
    [[maybe_unused]] const auto stopped = compact(world.options, how, progress, stop.get_token());
    for (const auto& [line, times] : lines_in_packs(world)) REQUIRE(times == 2);
    CHECK(search(world, asking("garden 1")).hits == expected);
  }
}

TEST_CASE("versions that come while a search runs are not told, and not missed either") {
  Full world;
  const Hits expected = world.expected("garden 1");
  auto writer = world.open();
  const Found found = search(world, asking("garden 1"), 1, [&] {
    for (int id = 1; id <= 60; ++id) put(*writer, "products", std::to_string(id), testing::product("other"), 9000);
    must(writer->flush());
  });
  CHECK(found.hits == expected);
}

TEST_CASE("a frame that cannot be read is told, and the rest is searched all the same") {
  Full world;
  const Hits whole = world.expected("garden");
  world.flip(2, world.bytes(2).size() / 2);
  const Found found = search(world, asking("garden"));
  CHECK(found.done.unreadable == 1);
  REQUIRE(found.done.findings.size() == 1);
  CHECK_THAT(found.done.findings[0], Catch::Contains("00000002.pack.zst"));
  CHECK(std::includes(whole.begin(), whole.end(), found.hits.begin(), found.hits.end()));
  CHECK_FALSE(found.hits.empty());
}

TEST_CASE("a pack whose file is gone is told") {
  Full world;
  must(world.fs.remove(world.pack(1)));
  const Found found = search(world, asking("garden"));
  REQUIRE(found.done.findings.size() == 1);
  CHECK_THAT(found.done.findings[0], Catch::Contains("00000001.pack.zst is missing"));
}
