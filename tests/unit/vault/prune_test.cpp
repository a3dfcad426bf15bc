// Removing versions that no rule keeps, putting them back, and what is never removed.
#include "index/prune_rows.h"
#include "prune_lab.h"

namespace backstock::vault {
namespace {

using namespace testing;

TEST_CASE("what no rule keeps goes, what stays is the same, and the plan had said how much") {
  Aged world;
  const auto before = all_versions(*world.reader());
  std::map<Place, ByteCount> listed;
  const PrunePlan plan = must(plan_prune(world.options, keep_days(5, 3), false, [&](const GoingVersion& version) {
    listed[{version.type, version.id, version.version}] = version.bytes;
  }));
  REQUIRE(plan.types.size() == 2);
  CHECK(plan.going() == listed.size());
  CHECK(plan.types[1].type == "products");
  CHECK(plan.types[1].items == 10);
  CHECK(plan.types[1].versions == 200);
  // Of 20 days: 5 young, 3 more days, 12 gone.
  CHECK(plan.types[1].going == 120);
  CHECK(plan.types[1].kept.at(KeepReason::young) == 40);
  CHECK(plan.types[1].kept.at(KeepReason::newest) == 10);
  CHECK(plan.types[1].kept.at(KeepReason::last_of_day) == 30);

  const Pruned done = prune_all(world, keep_days(5, 3));
  CHECK(done.versions() == plan.going());
  REQUIRE(done.types.size() == 2);
  CHECK(done.types[1].bytes == plan.types[1].going_bytes);
  CHECK_FALSE(done.removed_packs.empty());
  auto expected = before;
  for (const auto& [place, bytes] : listed) expected.erase(place);
  CHECK(difference(expected, all_versions(*world.reader())) == "");
  check_verify(world);
  check_rebuild(world);
  CHECK(difference(expected, all_versions(*world.reader())) == "");
  // Nothing is left to do, and nothing is written.
  CHECK(must(plan_prune(world.options, keep_days(5, 3), false)).going() == 0);
  const auto packs = names_in_packs(world);
  CHECK(prune_all(world, keep_days(5, 3)).versions() == 0);
  CHECK(names_in_packs(world) == packs);
}

TEST_CASE("a removed version is told as missing, and its number is not given again") {
  Aged world(10);
  prune_all(world, keep_days(3));
  const auto gone = world.reader()->read_version("products", "1", 2);
  REQUIRE_FALSE(gone);
  CHECK(gone.error().kind == ErrorKind::not_found);
  const auto writer = world.open();
  CHECK(put(*writer, "products", "1", product("again"), 10 * kDay + kDay / 2) == 11);
}

TEST_CASE("undo gives every removed version back byte for byte, and empties the folder") {
  Aged world;
  const auto before = all_versions(*world.reader());
  const Pruned done = prune_all(world, keep_days(5));
  CHECK_FALSE(names_in(world, world.options.removed()).empty());
  world.clock.advance(std::chrono::days(13));
  const Unpruned undone = undo_all(world);
  CHECK(undone.versions == done.versions());
  CHECK(undone.bytes == done.types[0].bytes + done.types[1].bytes);
  CHECK(difference(before, all_versions(*world.reader())) == "");
  CHECK(names_in(world, world.options.removed()).empty());
  check_verify(world);
  check_rebuild(world);
  CHECK(difference(before, all_versions(*world.reader())) == "");
  CHECK(undo_all(world).versions == 0);
  compact_all(world);
  CHECK(difference(before, all_versions(*world.reader())) == "");
}

TEST_CASE("removed versions are deleted for good when their grace is over, not before") {
  Aged world;
  RetentionPolicy policy = keep_days(5);
  policy.grace = std::chrono::days(10);
  prune_all(world, policy);
  const auto removed = names_in(world, world.options.removed());
  REQUIRE_FALSE(removed.empty());
  const auto kept = all_versions(*world.reader());

  policy.fallback.keep_all = std::chrono::days(50);
  world.clock.advance(std::chrono::days(10) - std::chrono::milliseconds(1));
  PrunePlan plan = must(plan_prune(world.options, policy, false));
  REQUIRE(plan.removed.size() == removed.size());
  CHECK_FALSE(plan.is_due(plan.removed.front()));
  CHECK(prune_all(world, policy).deleted_packs.empty());
  CHECK(names_in(world, world.options.removed()) == removed);

  world.clock.advance(std::chrono::milliseconds(1));
  plan = must(plan_prune(world.options, policy, false));
  CHECK(plan.is_due(plan.removed.front()));
  CHECK(prune_all(world, policy).deleted_packs.size() == removed.size());
  CHECK(names_in(world, world.options.removed()).empty());
  CHECK(difference(kept, all_versions(*world.reader())) == "");
  check_verify(world);
  check_rebuild(world);
}

TEST_CASE("a clock that jumped ahead removes nothing and deletes nothing, until a person says that it is right") {
  Aged world;
  RetentionPolicy policy = keep_days(5);
  policy.grace = std::chrono::days(2);
  prune_all(world, policy);
  const auto removed = names_in(world, world.options.removed());
  world.clock.advance(std::chrono::days(400));
  CHECK_FALSE(plan_prune(world.options, policy, false));
  CHECK_FALSE(prune(world.options, policy, small_prune()));
  CHECK(names_in(world, world.options.removed()) == removed);
  PruneOptions forced = small_prune();
  forced.force_clock = true;
  const Pruned done = must(prune(world.options, policy, forced));
  CHECK(done.deleted_packs.size() == removed.size());
  // And the next day nobody has to say it again.
  world.clock.advance(std::chrono::days(1));
  CHECK(plan_prune(world.options, policy, false));
}

TEST_CASE("a clock that was ahead and is right again is settled by one forced prune, a later error is not") {
  Aged world(10);
  world.clock.set_now(from_ms(500 * kDay));
  {
    const auto writer = world.open();
    put(*writer, "products", "1", product("from the future"), 500 * kDay);
    put_run(*writer, "01RUN500", 500 * kDay);
    must(writer->end_pack());
  }
  world.clock.set_now(from_ms(12 * kDay));
  const auto refused = plan_prune(world.options, keep_days(5), false);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().sentence().find("--force-clock") != std::string::npos);
  PruneOptions forced = small_prune();
  forced.force_clock = true;
  must(prune(world.options, keep_days(5), forced));
  CHECK(world.reader()->read_version("products", "1", 11));
  world.clock.advance(std::chrono::days(1));
  CHECK(plan_prune(world.options, keep_days(5), false));
  {
    const auto writer = world.open();
    put(*writer, "products", "2", product("further"), 600 * kDay);
    must(writer->end_pack());
  }
  CHECK_FALSE(plan_prune(world.options, keep_days(5), false));
}

TEST_CASE("a pin keeps its version, survives a rebuild, and ends with an unpin, also by a clock set back") {
  Aged world(10);
  const index::PinRow pin = must(change_pin(world.options, {true, "products", "1", 2, "a test", "the good prices"}));
  CHECK(pin.version == 2);
  must(change_pin(world.options, {true, "products", "2", 0, "a test"}));
  CHECK(must(index::pins(world.reader()->connection(), "products")).size() == 2);
  prune_all(world, keep_days(3));
  CHECK(numbers_of(*world.reader(), "products", "1") == std::vector<std::uint32_t>{2, 8, 9, 10});
  CHECK(numbers_of(*world.reader(), "products", "2") == std::vector<std::uint32_t>{8, 9, 10});
  check_rebuild(world);
  check_verify(world);
  const auto pins = must(index::pins(world.reader()->connection()));
  REQUIRE(pins.size() == 2);
  CHECK(pins[0].note == "the good prices");
  CHECK(pins[0].by == "a test");
  CHECK(pins[1].version == 10);

  world.clock.advance(-std::chrono::hours(1));
  CHECK(must(change_pin(world.options, {false, "products", "1", 0, "a test"})).version == 2);
  world.clock.advance(std::chrono::hours(1));
  CHECK(must(index::pins(world.reader()->connection())).size() == 1);
  prune_all(world, keep_days(3));
  CHECK(numbers_of(*world.reader(), "products", "1") == std::vector<std::uint32_t>{8, 9, 10});
  check_rebuild(world);
  CHECK(must(index::pins(world.reader()->connection())).size() == 1);
}

TEST_CASE("pins that make no sense are refused in words") {
  Aged world(4);
  const auto kind = [&](const PinChange& change) {
    const auto done = change_pin(world.options, change);
    REQUIRE_FALSE(done);
    return done.error().kind;
  };
  CHECK(kind({true, "products", "999", 0, "a test"}) == ErrorKind::not_found);
  CHECK(kind({true, "products", "1", 99, "a test"}) == ErrorKind::not_found);
  CHECK(kind({false, "products", "1", 0, "a test"}) == ErrorKind::not_found);
  CHECK(kind({true, "products", "1", 1, "a test", std::string(kMaxNote + 1, 'x')}) == ErrorKind::bad_input);
  must(change_pin(world.options, {true, "products", "1", 1, "a test"}));
  must(change_pin(world.options, {true, "products", "1", 2, "a test"}));
  CHECK(kind({false, "products", "1", 0, "a test"}) == ErrorKind::bad_input);
  CHECK(must(change_pin(world.options, {false, "products", "1", 2, "a test"})).version == 2);
}

TEST_CASE("a version that is pinned while the prune is at work stays, readable") {
  Aged world(10, 15, 3000);
  PruneOptions how = small_prune();
  bool pinned = false;
  const Pruned done = must(prune(world.options, keep_days(3), how, [&](const CompactProgress& now) {
    if (pinned || now.doing != "products") return;
    pinned = true;
    must(change_pin(world.options, {true, "products", "7", 3, "a test"}));
  }));
  REQUIRE(pinned);
  CHECK(done.findings.empty());
  const auto numbers = numbers_of(*world.reader(), "products", "7");
  CHECK(std::count(numbers.begin(), numbers.end(), 3U) == 1);
  CHECK(world.reader()->read_version("products", "7", 3));
  check_verify(world);
  prune_all(world, keep_days(3));
  CHECK(numbers_of(*world.reader(), "products", "7") == std::vector<std::uint32_t>{3, 8, 9, 10});
  check_verify(world);
  check_rebuild(world);
}

TEST_CASE("what stands before a run that failed, has not ended or changed a lot is not removed") {
  for (const int way : {0, 1, 2}) {
    INFO("way " << way);
    Aged world(10);
    const std::string run = "01RUN9";
    world.clock.advance(std::chrono::hours(1));
    {
      const auto writer = world.open();
      must(writer->append_control(
          Json{{"control", "run_begin"}, {"run", run}, {"kind", "full"}, {"origin", "manual"}, {"at", 10 * kDay}}));
      for (int i = 0; i < (way == 2 ? 40 : 2); ++i) {
        const std::string id = way == 2 ? "extra" + std::to_string(i) : "1";
        if (way == 2) put(*writer, "products", id, product("before"), 3 * kDay);
        VersionMeta meta = meta_of("products", id, 10 * kDay + kDay / 2);
        meta.run = run;
        const std::string item = product("after " + std::to_string(i));
        meta.hash = hash_of(item);
        must(writer->append(meta, {item}, {}));
      }
      if (way != 1) {
        must(writer->append_control(Json{{"control", "type_end"},
                                         {"run", run},
                                         {"type", "products"},
                                         {"at", 10 * kDay},
                                         {"started", 10 * kDay},
                                         {"outcome", way == 0 ? "failed" : "done"}}));
        must(writer->append_control(
            Json{{"control", "run_end"}, {"run", run}, {"at", 10 * kDay}, {"outcome", way == 0 ? "failed" : "done"}}));
      }
      must(writer->end_pack());
    }
    prune_all(world, keep_days(3));
    if (way == 2) {
      CHECK(numbers_of(*world.reader(), "products", "extra7") == std::vector<std::uint32_t>{1, 2});
    } else {
      CHECK(numbers_of(*world.reader(), "products", "1").size() == 12);
    }
    CHECK(numbers_of(*world.reader(), "products", "2") == std::vector<std::uint32_t>{8, 9, 10});
    check_verify(world);
  }
}

TEST_CASE("unasked, a type where little would go waits; asked, it does not") {
  Aged world(30, 15, 2000);
  RetentionPolicy policy = keep_days(29);  // of 30 versions each one would go: 3 %
  PruneOptions unasked = small_prune();
  unasked.thorough = false;
  CHECK(must(prune(world.options, policy, unasked)).versions() == 0);
  CHECK(prune_all(world, policy).versions() == 15);
}

TEST_CASE("a damaged frame stays with its versions, which are told and not removed") {
  Aged world;
  const auto before = all_versions(*world.reader());
  const auto rows = must(world.reader()->items().history("products", "1"));
  const index::VersionRow& victim = rows.at(2);
  world.flip(victim.frame.pack, victim.frame.offset + victim.frame.header_size + 20);
  const Pruned done = must(prune(world.options, keep_days(5), small_prune()));
  REQUIRE_FALSE(done.findings.empty());
  bool named = false;
  for (const std::string& finding : done.findings)
    named = named || finding.find("products 1 version 3 stays in its pack") != std::string::npos;
  CHECK(named);
  const auto numbers = numbers_of(*world.reader(), "products", "1");
  CHECK(std::count(numbers.begin(), numbers.end(), 3U) == 1);
  CHECK(world.memory.has(world.pack(victim.frame.pack)));
  // The whole rest is as it should be; undo brings back all that could be read.
  const auto left = world.verify();
  CHECK(left.findings.size() == 1);
  undo_all(world);
  std::uint64_t lost = 0;
  for (const auto& [place, line] : before) {
    const auto& [type, id, version] = place;
    const auto back = world.reader()->read_version(type, id, version);
    if (!back) {
      CHECK(back.error().kind == ErrorKind::corrupt);
      ++lost;
    }
  }
  CHECK(lost == left.findings.front().lost_count);
}

TEST_CASE("a pack that cannot go keeps what was removed from it, beyond the grace") {
  Aged world;
  RetentionPolicy policy = keep_days(5);
  policy.grace = std::chrono::days(3);
  const auto rows = must(world.reader()->items().history("products", "1"));
  world.flip(rows[2].frame.pack, rows[2].frame.offset + rows[2].frame.header_size + 20);
  must(prune(world.options, policy, small_prune()));
  const auto removed = names_in(world, world.options.removed());
  world.clock.advance(std::chrono::days(4));
  const Pruned late = must(prune(world.options, policy, small_prune()));
  bool told = false;
  for (const std::string& finding : late.findings) told = told || finding.find("beyond its grace") != std::string::npos;
  CHECK(told);
  for (const std::string& name : removed) CHECK(world.memory.has(sys::join(world.options.removed(), name)));
  CHECK(world.verify().findings.size() == 1);
}

TEST_CASE("a pack with lines that are neither in the index nor in removed/ stays, and a rebuild reads it") {
  Aged world(12);
  const auto before = all_versions(*world.reader());
  std::stop_source stop;
  const auto stopped = prune(
      world.options, keep_days(4), small_prune(),
      [&](const CompactProgress& now) {
        if (now.doing.empty()) stop.request_stop();
      },
      stop.get_token());
  REQUIRE_FALSE(stopped);
  for (const std::string& name : names_in(world, world.options.removed()))
    must(world.fs.remove(sys::join(world.options.removed(), name)));
  const Pruned done = must(prune(world.options, keep_days(4), small_prune()));
  REQUIRE_FALSE(done.findings.empty());
  CHECK(done.findings.front().find("neither in the index nor among removed versions") != std::string::npos);
  must(rebuild_index_locked(world.options, {}));
  CHECK(difference(before, all_versions(*world.reader())) == "");
}

TEST_CASE("copies that a compaction left behind do not outlive the versions in removed/") {
  // Pages are compacted, products not: the packs that both stand in stay, with old lines of pages.
  Aged world(20, 15, 900);
  RetentionPolicy policy = keep_days(5);
  policy.by_type["products"] = RetentionRules();
  policy.grace = std::chrono::days(3);
  std::stop_source stop;
  const auto stopped = compact(
      world.options, small_compaction(),
      [&](const CompactProgress& now) {
        if (now.doing == "products") stop.request_stop();
      },
      stop.get_token());
  REQUIRE_FALSE(stopped);
  prune_all(world, policy);
  check_verify(world);
  REQUIRE_FALSE(names_in(world, world.options.removed()).empty());
  world.clock.advance(std::chrono::days(4));
  policy.fallback.keep_all = std::chrono::days(9);
  prune_all(world, policy);
  CHECK(names_in(world, world.options.removed()).empty());
  check_verify(world);
  check_rebuild(world);
}

TEST_CASE("damage in removed/ is found by verify and told by undo, which brings back the rest") {
  Aged world;
  const Pruned done = prune_all(world, keep_days(5));
  const sys::Path path = sys::join(world.options.removed(), names_in(world, world.options.removed()).front());
  std::string bytes = world.memory.bytes_of(path);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  world.memory.plant(path, bytes);
  const Verified verified = world.verify();
  REQUIRE(verified.findings.size() == 1);
  CHECK(verified.findings[0].subject.find("removed/") == 0);
  const Unpruned undone = must(undo_prune(world.options, small_compaction()));
  CHECK_FALSE(undone.findings.empty());
  CHECK(undone.versions < done.versions());
  CHECK(undone.versions > 0);
  CHECK(world.memory.has(path));
}

TEST_CASE("a deleted item ends as its tombstone, and comes back by undo with its name") {
  Aged world(10);
  {
    const auto writer = world.open();
    bury(*writer, "products", "1", 10 * kDay + kDay / 2);
    must(writer->end_pack());
  }
  RetentionPolicy policy = keep_days(2);
  policy.fallback.deleted = std::chrono::days(5);
  world.clock.advance(std::chrono::days(20));
  prune_all(world, policy);
  CHECK(numbers_of(*world.reader(), "products", "1") == std::vector<std::uint32_t>{11});
  check_verify(world);
  check_rebuild(world);
  undo_all(world);
  CHECK(numbers_of(*world.reader(), "products", "1").size() == 11);
  check_verify(world);
  check_rebuild(world);
}

TEST_CASE("without retention nothing is looked at, and an empty vault is no error") {
  VaultWorld world;
  CHECK(must(prune(world.options, RetentionPolicy(), small_prune())).versions() == 0);
  world.open().reset();
  CHECK(prune_all(world, keep_days(1)).versions() == 0);
  CHECK(undo_all(world).versions == 0);
}

TEST_CASE("nobody prunes unasked within a day of the last time, or within the grace after an undo") {
  Aged world;
  const RetentionPolicy policy = keep_days(5);
  CHECK_FALSE(must(may_prune_unasked(world.options, RetentionPolicy())));
  CHECK(must(may_prune_unasked(world.options, policy)));
  prune_all(world, policy);
  CHECK_FALSE(must(may_prune_unasked(world.options, policy)));
  world.clock.advance(std::chrono::days(1));
  CHECK(must(may_prune_unasked(world.options, policy)));
  undo_all(world);
  world.clock.advance(std::chrono::days(13));
  CHECK_FALSE(must(may_prune_unasked(world.options, policy)));
  world.clock.advance(std::chrono::days(1));
  CHECK(must(may_prune_unasked(world.options, policy)));
}

TEST_CASE("a prune that is stopped at any progress call loses nothing, and the next one ends it") {
  int calls = 0;
  {
    Aged world(12);
    must(prune(world.options, keep_days(4), small_prune(), [&](const CompactProgress&) { ++calls; }));
  }
  REQUIRE(calls > 10);
  for (int stop_at = 0; stop_at < calls; stop_at += kThinned) {
    INFO("stopped at call " << stop_at << " of " << calls);
    Aged world(12);
    const auto before = all_versions(*world.reader());
    std::stop_source stop;
    int seen = 0;
    const auto done = prune(
        world.options, keep_days(4), small_prune(),
        [&](const CompactProgress&) {
          if (seen++ == stop_at) stop.request_stop();
        },
        stop.get_token());
    if (!done) CHECK(done.error().kind == ErrorKind::cancelled);
    check_verify(world);
    prune_all(world, keep_days(4));
    CHECK(must(plan_prune(world.options, keep_days(4), false)).going() == 0);
    check_verify(world);
    check_rebuild(world);
    undo_all(world);
    CHECK(difference(before, all_versions(*world.reader())) == "");
  }
}

}  // namespace
}  // namespace backstock::vault
