// A content type as it was at an instant, item by item.
#include "vault/state_stream.h"

#include <stop_token>

#include "compact_lab.h"

namespace backstock::vault {
namespace {

using namespace testing;

struct Streamed {
  std::map<std::string, std::pair<std::uint32_t, std::string>> items;  // version and line
  std::map<std::string, std::string> lost;                             // and why
  StreamedState counted;
};

Streamed stream(VaultWorld& world, const std::string& type, std::int64_t at,
                const std::function<void(std::size_t taken)>& meanwhile = {}) {
  Streamed streamed;
  const auto take = [&](const StateItem& item) {
    const bool fresh = streamed.items.emplace(item.id, std::pair(item.version, std::string(item.line))).second;
    CHECK(fresh);
    CHECK(item.at <= at);
    CHECK(is_line_of(item.line, type, item.id, item.version));
    if (meanwhile) meanwhile(streamed.items.size());
    return true;
  };
  const auto lose = [&](std::string_view id, std::uint32_t, const Error& why) {
    streamed.lost.emplace(id, why.sentence());
  };
  streamed.counted = must(stream_state(world.options, type, from_ms(at), take, lose));
  CHECK(streamed.counted.items == streamed.items.size());
  CHECK(streamed.counted.lost == streamed.lost.size());
  ByteCount bytes = 0;
  for (const auto& [id, item] : streamed.items) bytes += item.second.size() + 1;
  CHECK(streamed.counted.bytes == bytes);
  return streamed;
}

// The same, asked item by item.
void check_against_reader(VaultWorld& world, const std::string& type, std::int64_t at, const Streamed& streamed) {
  const auto reader = world.reader();
  std::size_t present = 0;
  for (const auto& item : must(reader->items().list({type, "", index::Deleted::include, {}, "", index::kNoLimit}))) {
    INFO(type << " " << item.id << " at " << at);
    const auto then = reader->read_version_at(type, item.id, from_ms(at));
    const auto found = streamed.items.find(item.id);
    if (!then || then->meta.gone) {
      if (!then) CHECK(then.error().kind == ErrorKind::not_found);
      CHECK(found == streamed.items.end());
      continue;
    }
    ++present;
    REQUIRE(found != streamed.items.end());
    CHECK(found->second.first == then->meta.version);
    CHECK(found->second.second == then->line);
  }
  CHECK(present == streamed.items.size());
}

TEST_CASE(
    "an instant before, between and after: each item's newest version then, tombstones and later items left out") {
  VaultWorld world;
  const auto writer = world.open();
  put(*writer, "products", "1", product("one"), 1000);
  put(*writer, "products", "2", product("two"), 1000);
  put(*writer, "products", "t", product("text"), 1500);
  put(*writer, "orders", "1", product("an order"), 1000);
  put(*writer, "products", "1", product("one again"), 2000);
  bury(*writer, "products", "2", 2000);
  put(*writer, "products", "3", product("later"), 3000);
  put(*writer, "products", "2", product("back"), 3000);
  must(writer->flush());
  const auto versions_at = [&](std::int64_t at) {
    std::map<std::string, std::uint32_t> versions;
    for (const auto& [id, item] : stream(world, "products", at).items) versions[id] = item.first;
    return versions;
  };
  using Versions = std::map<std::string, std::uint32_t>;
  CHECK(versions_at(999) == Versions{});
  CHECK(versions_at(1000) == Versions{{"1", 1}, {"2", 1}});
  CHECK(versions_at(1999) == Versions{{"1", 1}, {"2", 1}, {"t", 1}});
  CHECK(versions_at(2000) == Versions{{"1", 2}, {"t", 1}});
  CHECK(versions_at(3000) == Versions{{"1", 2}, {"2", 3}, {"3", 1}, {"t", 1}});
  CHECK(versions_at(9'000'000) == Versions{{"1", 2}, {"2", 3}, {"3", 1}, {"t", 1}});
  CHECK(stream(world, "pages", 9000).items.empty());
}

TEST_CASE("where the clock went back the later number counts") {
  VaultWorld world;
  const auto writer = world.open();
  put(*writer, "products", "1", product("one"), 5000);
  put(*writer, "products", "1", product("two"), 3000);
  put(*writer, "products", "1", product("three"), 7000);
  must(writer->flush());
  CHECK(stream(world, "products", 6000).items.at("1").first == 2);
  check_against_reader(world, "products", 6000, stream(world, "products", 6000));
}

TEST_CASE("a whole vault at many instants is what single reads give, before and after compaction") {
  Filled world;
  for (const bool compacted : {false, true}) {
    if (compacted) compact_all(world);
    for (const char* type : {"products", "orders", "pages"}) {
      for (const std::int64_t at : {0, 1000, 1050, 2003, 3100, 20'100, 40'000})
        check_against_reader(world, type, at, stream(world, type, at));
    }
  }
}

TEST_CASE("more items than are known ahead at once, thousands of them gone at the start") {
  VaultWorld world;
  world.options.frame_size = 100'000;
  world.options.pack_size = 1'000'000;
  const auto writer = world.open();
  for (int i = 0; i < 9000; ++i) put(*writer, "products", std::to_string(i), product("p" + std::to_string(i)), 1000);
  for (int i = 0; i < 4500; ++i) bury(*writer, "products", std::to_string(i), 2000);
  must(writer->flush());
  CHECK(stream(world, "products", 1000).items.size() == 9000);
  const Streamed later = stream(world, "products", 2000);
  REQUIRE(later.items.size() == 4500);
  CHECK(later.items.begin()->first == "4500");
  CHECK(stream(world, "products", 999).items.empty());
}

TEST_CASE("a stream ends when told to, and when stopped it says so") {
  Filled world;
  std::size_t taken = 0;
  const auto lose = [](std::string_view, std::uint32_t, const Error&) {};
  const auto three = [&](const StateItem&) { return ++taken < 3; };
  CHECK(must(stream_state(world.options, "products", from_ms(90'000), three, lose)).items == 3);
  CHECK(taken == 3);
  std::stop_source stop;
  taken = 0;
  const auto stop_at_five = [&](const StateItem&) {
    if (++taken == 5) stop.request_stop();
    return true;
  };
  const auto stopped = stream_state(world.options, "products", from_ms(90'000), stop_at_five, lose, stop.get_token());
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().kind == ErrorKind::cancelled);
  CHECK(taken == 5);
  VaultWorld empty;
  CHECK(stream_state(empty.options, "products", from_ms(0), three, lose).error().kind == ErrorKind::not_found);
}

TEST_CASE("a version that cannot be read is handed over as its error, and the stream goes on") {
  Filled world;
  const std::size_t all = stream(world, "products", 90'000).items.size();
  const auto row = *must(world.reader()->items().find_version_at("products", "33", 90'000));
  world.flip(row.frame.pack, row.frame.offset + row.frame.header_size + 9);
  const Streamed streamed = stream(world, "products", 90'000);
  CHECK(streamed.lost.size() >= 1);
  REQUIRE(streamed.lost.count("33") == 1);
  CHECK(streamed.lost.at("33").find(pack::pack_name(row.frame.pack)) != std::string::npos);
  CHECK(streamed.items.size() + streamed.lost.size() == all);
  CHECK(streamed.items.size() > all / 2);
}

TEST_CASE("versions that compaction moves between the index and the packs are found where they went") {
  Filled world;
  std::map<std::string, std::pair<std::uint32_t, std::string>> before = stream(world, "products", 90'000).items;
  const std::uint64_t first = must(world.reader()->items().find_version("products", "3", 1))->frame.pack;
  const Streamed during = stream(world, "products", 90'000, [&](std::size_t taken) {
    if (taken != 2) return;  // all rows are known by now, and one pack is open
    CHECK(compact_all(world).removed.size() > 3);
  });
  CHECK_FALSE(world.memory.has(world.pack(first)));
  CHECK(during.lost.empty());
  CHECK(during.items == before);
}

}  // namespace
}  // namespace backstock::vault
