// Versions that move to another pack, versions that are removed, and packs that nothing points at any more.
#include <map>

#include "index/self_check.h"
#include "index_world.h"

namespace backstock::index {
namespace {

struct TwoPacks : IndexWorld {
  std::int64_t later = 0;  // a frame of pack 2

  TwoPacks() {
    must(writer->set_pack({2, std::string(16, 'j'), 9000, 5, false}));
    later = must(writer->add_frame({2, 300, 176, 700}));
  }
  Added add_in(std::int64_t frame_key, NewVersionRow version, std::uint32_t at_byte) {
    version.frame_key = frame_key;
    version.at_byte = at_byte;
    return must(writer->add_version(version));
  }
  std::int64_t key(std::string_view id) { return must(items->find_item("products", id))->key; }
  VersionRow version(std::string_view id, std::uint32_t number) {
    return must(items->find_version("products", id, number)).value();
  }
  void check() { CHECK(must(self_check(*connection)) == Ids{}); }
};

TEST_CASE("a version moves to another frame, and all else stays") {
  TwoPacks world;
  world.add(IndexWorld::row("products", "77", 1, {"Chair"}));
  world.add(IndexWorld::row("products", "77", 2, {"Chair"}));
  must(world.writer->move_version(world.key("77"), 1, world.later, 4711));
  CHECK(world.version("77", 1).frame.pack == 2);
  CHECK(world.version("77", 1).frame.offset == 300);
  CHECK(world.version("77", 1).at_byte == 4711);
  CHECK(world.version("77", 1).at == 1000);
  CHECK(world.version("77", 2).frame.pack == 1);
  world.check();
  const auto none = world.writer->move_version(world.key("77"), 3, world.later, 0);
  REQUIRE_FALSE(none);
  CHECK(none.error().kind == ErrorKind::not_found);
}

TEST_CASE("of equal lines in two packs the later one has the row, in whatever order they come") {
  const NewVersionRow line = IndexWorld::row("products", "77", 1, {"Chair"});
  TwoPacks forward;
  CHECK(forward.add_in(forward.frame, line, 100) == Added::fresh);
  CHECK(forward.add_in(forward.later, line, 500) == Added::moved);
  CHECK(forward.add_in(forward.later, line, 500) == Added::known);
  CHECK(forward.add_in(forward.frame, line, 100) == Added::known);
  TwoPacks backward;
  CHECK(backward.add_in(backward.later, line, 500) == Added::fresh);
  CHECK(backward.add_in(backward.frame, line, 100) == Added::known);
  CHECK(forward.dump() == backward.dump());
  CHECK(forward.version("77", 1).frame.pack == 2);
  CHECK(forward.version("77", 1).at_byte == 500);
  forward.check();
}

TEST_CASE("a line that differs from the known one is a clash, in a later pack too") {
  TwoPacks world;
  const NewVersionRow line = IndexWorld::row("products", "77", 1);
  world.add_in(world.frame, line, 100);
  const std::string before = world.dump();
  std::map<std::string, NewVersionRow> others;
  for (const char* what : {"at", "gone", "size", "run", "source"}) others.emplace(what, line);
  others["at"].at += 1;
  others["gone"].gone = true;
  others["size"].size += 1;
  others["run"].run = "run2";
  others["source"].source = "incremental";
  for (const auto& [what, other] : others) {
    INFO(what);
    CHECK(world.add_in(world.later, other, 500) == Added::clash);
  }
  CHECK(world.add_in(world.frame, line, 500) == Added::clash);  // twice in one pack
  CHECK(world.dump() == before);
}

TEST_CASE("what remains after versions were removed is what would be there without them") {
  const std::vector<NewVersionRow> history = {
      IndexWorld::row("products", "77", 1, {"Old"}), IndexWorld::row("products", "77", 2, {"Chair"}),
      IndexWorld::row("products", "77", 3, {"Chair"}), IndexWorld::tombstone("products", "77", 4),
      IndexWorld::row("products", "8", 5, {"Table"})};
  // All sets of versions but the newest ones; of those removed, the last content alone or with all before it.
  for (unsigned removed = 0; removed < 8; ++removed) {
    if ((removed & 4U) != 0 && removed != 7) continue;  // see the next test
    INFO(removed);
    TwoPacks all;
    TwoPacks rest;
    for (std::size_t i = 0; i < history.size(); ++i) {
      all.add(history[i]);
      if (i > 2 || (removed >> i & 1U) == 0) rest.add(history[i]);
    }
    for (std::uint32_t i = 0; i < 3; ++i) {
      if ((removed >> i & 1U) != 0) must(all.writer->remove_version(all.key("77"), i + 1));
    }
    all.check();
    CHECK(must(all.items->counts()).at(0).first_at == must(rest.items->counts()).at(0).first_at);
    must(all.writer->settle_counts());
    all.check();
    CHECK(all.dump() == rest.dump());
    const ListQuery query{"products", "chair", Deleted::include, {}, "", 10};
    CHECK(all.ids(query) == rest.ids(query));
  }
}

TEST_CASE("an item that is gone loses hash and labels with its last content") {
  TwoPacks world;
  world.add(IndexWorld::row("products", "77", 1, {"Old"}));
  world.add(IndexWorld::row("products", "77", 2, {"Chair"}));
  world.add(IndexWorld::tombstone("products", "77", 3));
  must(world.writer->remove_version(world.key("77"), 2));
  const auto item = must(world.items->find_item("products", "77"));
  CHECK(item->hash.empty());
  CHECK(item->scheme == 0);
  CHECK(must(world.items->labels(item->key)).empty());
  CHECK(world.ids({"products", "chair", Deleted::include, {}, "", 10}).empty());
  world.check();
  world.add(IndexWorld::row("products", "77", 4, {"Stool"}));
  CHECK(world.ids({"products", "stool", Deleted::include, {}, "", 10}) == Ids{"77"});
  world.check();
}

TEST_CASE("the newest version is never removed, and one that is not there is told") {
  TwoPacks world;
  world.add(IndexWorld::row("products", "77", 1));
  world.add(IndexWorld::row("products", "77", 2));
  const std::string before = world.dump();
  const auto newest = world.writer->remove_version(world.key("77"), 2);
  REQUIRE_FALSE(newest);
  CHECK(newest.error().kind == ErrorKind::failed);
  CHECK(world.writer->remove_version(world.key("77"), 3).error().kind == ErrorKind::not_found);
  CHECK(world.writer->remove_version(4711, 1).error().kind == ErrorKind::not_found);
  CHECK(world.dump() == before);
}

TEST_CASE("counts tell the oldest and the youngest after any removal, settled or not") {
  TwoPacks world;
  NewVersionRow ahead = IndexWorld::row("products", "1", 1);
  ahead.at = 9000;  // a clock that was wrong
  world.add(ahead);
  world.add(IndexWorld::row("products", "1", 2));
  world.add(IndexWorld::row("products", "2", 1));
  world.add(IndexWorld::row("products", "2", 3));
  world.add(IndexWorld::row("customers", "2", 1));
  must(world.writer->remove_version(world.key("1"), 1));
  must(world.writer->remove_version(world.key("2"), 1));
  for (int round = 0; round < 2; ++round) {
    const TypeCount count = must(world.items->counts()).at(1);
    CHECK(count.type == "products");
    CHECK(count.versions == 2);
    CHECK(count.first_at == 2000);
    CHECK(count.last_at == 3000);
    CHECK(must(world.items->counts()).at(0).first_at == 1000);
    world.check();
    must(world.writer->settle_counts());
  }
  world.add(IndexWorld::row("products", "1", 3));
  world.check();
}

TEST_CASE("a pack is forgotten once nothing stands in it") {
  TwoPacks world;
  world.add(IndexWorld::row("products", "1", 1));
  world.add(IndexWorld::row("products", "1", 2));
  world.add_in(world.later, IndexWorld::row("products", "2", 1), 0);
  must(world.writer->remove_version(world.key("1"), 1));
  const auto standing = world.writer->drop_pack(1);
  REQUIRE_FALSE(standing);
  CHECK(standing.error().kind == ErrorKind::conflict);
  must(world.writer->move_version(world.key("1"), 2, world.later, 200));
  must(world.writer->drop_pack(1));
  CHECK(must(world.items->packs()).size() == 1);
  CHECK(must(world.connection->query_integer("SELECT count(*) FROM frames")) == 1);
  CHECK(world.writer->drop_pack(1).error().kind == ErrorKind::not_found);
  CHECK(world.writer->drop_pack(3).error().kind == ErrorKind::not_found);
  CHECK(world.version("1", 2).frame.pack == 2);
  world.check();
}

TEST_CASE("pack_use tells what each pack is still needed for") {
  TwoPacks world;
  CHECK(must(world.items->pack_use()).empty());
  world.add(IndexWorld::row("products", "1", 1));
  world.add(IndexWorld::row("products", "1", 2));
  world.frame = must(world.writer->add_frame({1, 2000, 176, 824}));
  world.add(IndexWorld::row("customers", "1", 1));
  world.add_in(world.later, IndexWorld::row("products", "2", 1), 0);
  const auto use = must(world.items->pack_use());
  REQUIRE(use.size() == 2);
  CHECK((use.at(0).pack == 1 && use.at(0).versions == 3 && use.at(0).bytes == 3 * 99));
  CHECK((use.at(1).pack == 2 && use.at(1).versions == 1 && use.at(1).bytes == 99));
}

}  // namespace
}  // namespace backstock::index
