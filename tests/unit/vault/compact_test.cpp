// Compaction: every version stays, byte for byte, in fewer and other bytes; what was emptied is removed.
#include <stop_token>

#include "compact_lab.h"
#include "index/run_rows.h"
#include "vault/retire.h"
#include "vault/type_rewriter.h"

namespace backstock::vault {
namespace {

using namespace testing;

std::vector<std::string> pages_of(VaultReader& reader, const std::string& type) {
  std::vector<std::string> rows;
  const auto items = must(reader.items().list({type, "", index::Deleted::include, {}, "", index::kNoLimit}));
  for (const index::ItemRow& row : items) {
    std::string text = row.id + " " + std::to_string(row.version) + (row.gone ? " gone " : " ") + to_hex(row.hash) +
                       " " + std::to_string(row.first_at) + " " + std::to_string(row.last_at);
    for (const std::string& label : row.labels) text += " " + label;
    rows.push_back(std::move(text));
  }
  return rows;
}

TEST_CASE("compaction keeps every version, history and list, in fewer bytes, and the packs alone tell the same") {
  Filled world;
  const auto before = all_versions(*world.reader());
  const auto lists = pages_of(*world.reader(), "products");
  const auto runs = must(index::recent_runs(world.reader()->connection(), 10)).size();
  const std::vector<std::string> old_names = names_in_packs(world);
  REQUIRE(before.size() > 900);
  REQUIRE(old_names.size() >= 4);

  CHECK(must(would_compact(world.options, small_compaction())));
  CompactOptions how = small_compaction();
  how.level = 9;
  how.frame_size = 16'000;
  const Compacted done = compact_all(world, how);
  CHECK(done.after < done.before);
  CHECK(done.removed.size() == old_names.size());
  REQUIRE(done.types.size() == 3);
  std::uint64_t versions = 0;
  for (const CompactedType& type : done.types) versions += type.versions;
  CHECK(versions == before.size());
  for (const std::string& name : old_names) CHECK_FALSE(world.memory.has(sys::join(world.options.packs(), name)));

  CHECK(difference(before, all_versions(*world.reader())) == "");
  CHECK(pages_of(*world.reader(), "products") == lists);
  check_verify(world);
  check_rebuild(world);
  CHECK(difference(before, all_versions(*world.reader())) == "");
  CHECK(must(index::recent_runs(world.reader()->connection(), 10)).size() == runs);

  // Each line once, and none that nobody knows.
  const auto lines = lines_in_packs(world);
  CHECK(lines.size() == before.size());
  for (const auto& [line, times] : lines) CHECK(times == 1);
}

TEST_CASE("a type with more than 256 KiB of lines gets a dictionary, which is kept twice") {
  Filled world;
  const Compacted done = compact_all(world);
  std::size_t with = 0;
  for (const CompactedType& type : done.types) {
    INFO(type.type);
    with += type.dictionary != 0 ? 1 : 0;
    CHECK(type.raw > type.stored);
    if (type.type == "orders") CHECK(type.dictionary == 0);
    if (type.dictionary == 0) continue;
    for (const std::string& name :
         {pack::dictionary_name(type.dictionary), pack::dictionary_copy_name(type.dictionary)})
      CHECK(world.memory.has(sys::join(world.options.packs(), name)));
  }
  CHECK(with >= 1);
}

TEST_CASE("a second compaction finds nothing to do and changes nothing") {
  Filled world;
  compact_all(world);
  CHECK_FALSE(must(would_compact(world.options, small_compaction())));
  const std::string before = world.dump();
  const auto names = names_in_packs(world);
  const Compacted again = compact_all(world);
  CHECK(again.types.empty());
  CHECK(again.removed.empty());
  CHECK(again.before == again.after);
  CHECK(difference(before, world.dump()) == "");
  CHECK(names_in_packs(world) == names);
}

TEST_CASE("little that was appended since is left alone, and a vault with nothing in it has nothing to do") {
  VaultWorld world;
  world.open();
  CHECK_FALSE(must(would_compact(world.options, small_compaction())));
  CHECK(compact_all(world).types.empty());
  Filled filled;
  compact_all(filled);
  const auto writer = filled.open();
  put(*writer, "products", "1", product("one more"), 90'000);
  must(writer->end_pack());
  const auto names = names_in_packs(filled);
  CHECK(compact_all(filled).types.empty());
  CHECK(names_in_packs(filled) == names);
}

TEST_CASE("what is appended after a compaction is compacted with it by the next, whose packs replace the former") {
  Filled world;
  compact_all(world);
  for (int time = 0; time < 3; ++time) {
    const auto names = names_in_packs(world);
    {
      const auto writer = world.open();
      CHECK(writer->opened().findings.empty());
      CHECK(writer->opened().rolled_forward == 0);
      world.fill_round(*writer, 3 + time);
      must(writer->end_pack());
    }
    const auto before = all_versions(*world.reader());
    const Compacted done = compact_all(world);
    REQUIRE(done.types.size() >= 1);
    CHECK(difference(before, all_versions(*world.reader())) == "");
    check_verify(world);
    check_rebuild(world);
    CHECK(must(index::recent_runs(world.reader()->connection(), 100)).size() == 4U + static_cast<unsigned>(time));
    for (const auto& [line, times] : lines_in_packs(world)) CHECK(times == 1);
    CHECK(count_dictionaries(world) <= 2);  // of two types at most: no former one stays
  }
}

TEST_CASE("without the free space that it may need a compaction changes nothing and says so") {
  Filled world;
  const auto names = names_in_packs(world);
  const std::string before = world.dump();
  CompactOptions how = small_compaction();
  how.reserve = 1_MiB;
  world.memory.set_free_space(1_MiB);
  const auto done = compact(world.options, how);
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == ErrorKind::no_space);
  CHECK(names_in_packs(world) == names);
  CHECK(difference(before, world.dump()) == "");
  world.memory.set_free_space(64_MiB);
  CHECK(compact_all(world, how).types.size() == 3);
}

TEST_CASE("a dictionary that no pack needs any more is removed") {
  Filled world;
  const std::string lonely = "not read by anybody, as no pack names it";
  world.memory.plant(sys::join(world.options.packs(), pack::dictionary_name(40'000)), lonely);
  compact_all(world);
  CHECK_FALSE(world.memory.has(sys::join(world.options.packs(), pack::dictionary_name(40'000))));
  for (const std::string& name : names_in_packs(world)) CHECK(name.find(".new") == std::string::npos);
}

TEST_CASE("the writer of this process goes on beside a compaction, and its runs survive a rebuild") {
  Filled world;
  auto writer = world.open();
  // One whose end goes with its pack, and one that is begun while the compaction is under way.
  must(writer->append_control(
      Json{{"control", "run_begin"}, {"run", "01SPAN"}, {"kind", "full"}, {"origin", "schedule"}, {"at", 50'000}}));
  must(writer->append_control(Json{{"control", "run_end"}, {"run", "01SPAN"}, {"at", 60'001}, {"outcome", "done"}}));
  must(writer->end_pack());
  int calls = 0;
  const Compacted done = must(compact(world.options, small_compaction(), [&](const CompactProgress& progress) {
    CHECK(progress.done <= progress.total);
    if (++calls != 3) return;
    put(*writer, "products", "77", product("beside"), 60'000);
    put_run(*writer, "01TEMP", 70'000);
    must(writer->flush());
  }));
  CHECK(done.findings.empty());
  REQUIRE(calls > 3);
  CHECK(must(world.reader()->read_newest("products", "77")).item == product("beside"));
  put(*writer, "products", "78", product("after"), 61'000);
  must(writer->flush());
  writer.reset();
  check_verify(world);
  check_rebuild(world);
  const auto run = must(index::find_run(world.reader()->connection(), "01SPAN"));
  REQUIRE(run);
  CHECK(run->origin == "schedule");
  CHECK(run->outcome == "done");
  CHECK(must(index::find_run(world.reader()->connection(), "01TEMP"))->outcome == "done");
  CHECK(world.open()->opened().findings.empty());
}

TEST_CASE("a pack that a live writer names as the one before its next is not missed after two compactions") {
  Filled world;
  auto writer = world.open();
  put(*writer, "products", "1", product("last of its pack"), 40'000);
  must(writer->end_pack());
  compact_all(world);
  // Again without an append between: everything is written anew, as nothing counts as compacted by these sizes.
  for (int time = 0; time < 2; ++time) {
    const auto connection = must(open_index(world.options));
    FrameCache cache(world.options, 1_MiB);
    const auto rows = must(index::ItemWriter::open(*connection));
    std::uint64_t number = 1000 + 10 * static_cast<std::uint64_t>(time);
    std::vector<std::string> findings;
    const CompactOptions how = small_compaction();
    TypeRewriter rewriter(world.options, how, *connection, *rows, cache, number, [](ByteCount) { return Result<>(); });
    for (const char* type : {"orders", "pages", "products"}) must(rewriter.rewrite(type, nullptr, findings));
    const OnCompactProgress nobody;
    const WorkMeter meter("a test", how, nobody, {});
    const Retired retired = must(retire_packs(world.options, *connection, *rows, cache, number, meter));
    CHECK_FALSE(retired.packs.empty());
    CHECK(findings.empty());
  }
  put(*writer, "products", "1", product("first of the next"), 41'000);
  must(writer->flush());
  writer.reset();
  check_verify(world);
  check_rebuild(world);
}

TEST_CASE("a reader that was opened before goes on reading, whatever is moved and removed meanwhile") {
  Filled world;
  const auto before = all_versions(*world.reader());
  const auto reader = world.reader();
  const auto again = world.reader();
  must(again->read_newest("products", "3"));  // has a pack open that goes
  // What an interface holds for a while: a row from before, whose pack is gone when it is read.
  const WantedVersion held{"products", "5", *must(reader->items().find_version("products", "5", 1))};
  int calls = 0;
  must(compact(world.options, small_compaction(), [&](const CompactProgress&) {
    const int number = calls++ % 150;
    must(reader->read_newest("products", std::to_string(number)));
  }));
  REQUIRE(calls > 50);
  CHECK_FALSE(world.memory.has(world.pack(held.row.frame.pack)));
  CHECK(must(reader->read(held)).line == must(world.reader()->read_version("products", "5", 1)).line);
  CHECK(difference(before, all_versions(*again)) == "");
  CHECK(difference(before, all_versions(*reader)) == "");
}

TEST_CASE("a compaction that is stopped at any moment loses nothing, and the next one finishes it") {
  int calls_of_all = 0;
  {
    Filled world;
    must(compact(world.options, small_compaction(), [&](const CompactProgress&) { ++calls_of_all; }));
  }
  REQUIRE(calls_of_all > 50);
  for (int stop_at = 1; stop_at <= calls_of_all; stop_at += kThinned) {
    const bool middle = stop_at > 4 && stop_at + 6 < calls_of_all;
    if (middle && stop_at % 23 != 0) continue;  // between two frames nothing differs
    Filled world;
    const auto before = all_versions(*world.reader());
    std::stop_source stop;
    int calls = 0;
    const auto stop_there = [&](const CompactProgress&) {
      if (++calls == stop_at) stop.request_stop();
    };
    const auto done = compact(world.options, small_compaction(), stop_there, stop.get_token());
    INFO("stopped at call " << stop_at << " of " << calls_of_all);
    REQUIRE_FALSE(done.has_value());
    REQUIRE(done.error().kind == ErrorKind::cancelled);
    for (const std::string& name : names_in_packs(world)) CHECK(name.find(".new") == std::string::npos);
    CHECK(difference(before, all_versions(*world.reader())) == "");
    check_verify(world);
    check_rebuild(world);
    {
      // What is left may be too little to pay by itself.
      const auto writer = world.open();
      put(*writer, "products", "more", product(std::string(70'000, 'm')), 90'000);
      must(writer->end_pack());
    }
    CHECK(must(would_compact(world.options, small_compaction())));
    const Compacted finished = compact_all(world);
    CHECK_FALSE(finished.removed.empty());
    CHECK(world.open()->opened().findings.empty());
    auto now = all_versions(*world.reader());
    CHECK(now.erase({"products", "more", 1}) == 1);
    CHECK(difference(before, now) == "");
    for (const auto& [line, times] : lines_in_packs(world)) REQUIRE(times == 1);
    check_verify(world);
    check_rebuild(world);
  }
}

}  // namespace
}  // namespace backstock::vault
