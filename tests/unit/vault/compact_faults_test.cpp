// Appending and compacting, stopped or failed at each operation in turn. Whatever happens, afterwards: nothing that was
// acknowledged is missing or altered, verify finds nothing, the packs alone tell the same, and the next compaction
// finishes what this one began.
//
// Packs are in memory and forget what was not synced; the index is SQLite's own, and a row it committed stays.
#include "compact_lab.h"

namespace backstock::vault {
namespace {

using namespace testing;

struct Script {
  VaultWorld& world;
  std::map<Place, std::string> tried;
  std::map<Place, std::string> acknowledged;
  int rounds = 0;

  explicit Script(VaultWorld& one) : world(one) {
    world.options.frame_size = 500;
    world.options.pack_size = 2500;
  }

  CompactOptions how() const {
    CompactOptions options = small_compaction();
    options.frame_size = 700;
    return options;
  }

  Result<> put_one(VaultWriter& writer, const std::string& type, const std::string& id, bool gone) {
    return put_item(writer, type, id, gone ? "" : product(type + id + " round " + std::to_string(rounds)));
  }
  Result<> put_item(VaultWriter& writer, const std::string& type, const std::string& id, const std::string& item) {
    VersionMeta meta = meta_of(type, id, 1000 * rounds);
    meta.gone = item.empty();
    meta.hash = hash_of(item);
    const auto known = TRY(writer.current(type, id));
    tried[{type, id, known ? known->version + 1 : 1}] = item;
    TRY(writer.append(meta, {item}, {}));
    return {};
  }

  Result<> flush(VaultWriter& writer) {
    TRY(writer.flush());
    acknowledged = tried;
    return {};
  }

  // With one version of 64 KiB and more: less does not pay, and what is small is written along.
  Result<> round(VaultWriter& writer) {
    ++rounds;
    const std::string run = "01RUN" + std::to_string(rounds);
    TRY(writer.append_control(
        Json{{"control", "run_begin"}, {"run", run}, {"kind", "full"}, {"origin", "manual"}, {"at", rounds}}));
    const std::string fresh = "type" + std::to_string(rounds);
    for (int i = 0; i < 6; ++i) {
      TRY(put_one(writer, "products", std::to_string(i), false));
      TRY(put_one(writer, fresh, std::to_string(i), false));
      TRY(put_one(writer, fresh, std::to_string(i), i == 2));
      if (i == 3) TRY(flush(writer));
    }
    SeededRandom words(static_cast<std::uint64_t>(rounds));
    TRY(put_item(writer, "bulk", std::to_string(rounds), article(words, 70'000)));
    TRY(writer.append_control(Json{{"control", "run_end"}, {"run", run}, {"at", rounds}, {"outcome", "done"}}));
    TRY(flush(writer));
    return writer.end_pack();
  }

  Result<> all() {
    const auto writer = TRY(VaultWriter::open(world.options, "a crash test"));
    TRY(round(*writer));
    TRY(compact(world.options, how()));
    TRY(round(*writer));
    TRY(compact(world.options, how()));
    return {};
  }
};

void check_versions(VaultWorld& world, const Script& script) {
  const auto reader = world.reader();
  for (const auto& [place, item] : script.acknowledged) {
    const auto& [type, id, version] = place;
    INFO(type << " " << id << " version " << version);
    const auto back = reader->read_version(type, id, version);
    if (!back) FAIL(back.error().sentence());
    REQUIRE(back->item == item);
    REQUIRE(back->meta.gone == item.empty());
  }
}

void check_vault(VaultWorld& world, Script& script) {
  {
    const auto writer = world.open();
    for (const std::string& finding : writer->opened().findings) {
      INFO(finding);
      REQUIRE(finding.find("it was made again from the packs") != std::string::npos);
    }
    check_versions(world, script);
    check_verify(world);
    // What a failed flush left may be there or not; a later open has decided that, and it is what counts from here on.
    for (const auto& [place, item] : script.tried) {
      const auto& [type, id, version] = place;
      const auto back = world.reader()->read_version(type, id, version);
      REQUIRE((back ? back->item == item : back.error().kind == ErrorKind::not_found));
      if (back) script.acknowledged[place] = item;
    }
    script.tried = script.acknowledged;
    must(script.round(*writer));
    compact_all(world, script.how());
    CHECK_FALSE(must(would_compact(world.options, script.how())));
  }
  check_versions(world, script);
  check_verify(world);
  check_rebuild(world);
  for (const std::string& name : names_in_packs(world)) CHECK(name.find(".new") == std::string::npos);
  // Not even once too often: what was begun before was finished.
  for (const auto& [line, times] : lines_in_packs(world)) CHECK(times == 1);
}

std::uint64_t operations_of_all() {
  VaultWorld world;
  Script script(world);
  const std::uint64_t before = world.memory.operations();
  must(script.all());
  return world.memory.operations() - before;
}

TEST_CASE("a power cut after each operation of a compaction loses nothing, with the index kept and lost") {
  const std::uint64_t operations = operations_of_all();
  REQUIRE(operations > 60);
  for (std::uint64_t cut = 0; cut <= operations; cut += kThinned) {
    VaultWorld world;
    Script script(world);
    world.memory.cut_after(cut);
    const auto worked = script.all();
    const bool keep_index = cut % 3 != 2;
    INFO("cut after operation " << cut << " of " << operations << (keep_index ? ", index kept" : ", index lost"));
    if (cut < operations) REQUIRE_FALSE(worked);
    world.memory.crash();
    if (!keep_index) world.drop_index();
    check_vault(world, script);
  }
}

TEST_CASE("the same when chance keeps some of what a compaction had not synced") {
  const std::uint64_t operations = operations_of_all();
  // Another seed in each run of the tests: between them they cover what would take too long here.
  const std::uint64_t seed = seed_from_environment(SystemRandom().next());
  for (std::uint64_t cut = 0; cut < operations; cut += kThinned) {
    VaultWorld world;
    Script script(world);
    world.memory.cut_after(cut);
    REQUIRE_FALSE(script.all());
    INFO("cut after operation " << cut << " of seed " << seed);
    world.memory.crash(seed + cut);
    if ((seed + cut) % 3 == 0) world.drop_index();
    check_vault(world, script);
  }
}

// Each call of a kind fails, and the process goes on to close; the next one finds the files as they are.
void fail_each_call(Call call, Fault fault, std::uint64_t stride) {
  for (std::uint64_t nth = 1;; nth += stride * kThinned) {
    VaultWorld world;
    Script script(world);
    const int code = nth % 2 == 0 ? ENOSPC : EIO;
    world.fs.fail(call, nth, code, fault);
    const auto worked = script.all();
    const bool reached = world.fs.calls(call) >= nth;
    world.fs.heal();
    INFO("call kind " << static_cast<int>(call) << " number " << nth << " error " << code
                      << (worked ? "" : ": " + worked.error().sentence()));
    if (nth % 4 < 2) world.memory.crash();
    check_vault(world, script);
    if (!reached) {
      REQUIRE(worked);
      return;
    }
  }
}

TEST_CASE("each call that fails once, or from then on, while compacting loses nothing and leaves no trace") {
  const auto fault = GENERATE(Fault::once, Fault::from_then_on);
  for (const Call call : {Call::create, Call::append, Call::sync, Call::rename, Call::remove, Call::sync_folder,
                          Call::list, Call::free_space, Call::open_append})
    fail_each_call(call, fault, 1);
  for (const Call call : {Call::open_read, Call::read_at, Call::size}) fail_each_call(call, fault, 9);
}

TEST_CASE("each write cut short while compacting, by a full disk or a bad one, loses nothing and leaves no trace") {
  for (std::uint64_t nth = 1;; nth += kThinned) {
    VaultWorld world;
    Script script(world);
    // Nothing of it, some of its header, all but its end.
    const std::size_t written = nth % 3 == 0 ? 0 : nth % 3 == 1 ? 50 : 250;
    world.fs.short_write(nth, written, nth % 2 == 0 ? ENOSPC : EIO);
    const auto worked = script.all();
    const bool reached = world.fs.calls(Call::append) >= nth;
    world.fs.heal();
    INFO("append " << nth << " writes " << written << " bytes" << (worked ? "" : ": " + worked.error().sentence()));
    if (nth % 4 < 2) world.memory.crash();
    check_vault(world, script);
    if (!reached) {
      REQUIRE(worked);
      return;
    }
  }
}

TEST_CASE("after a compaction that failed the same writer goes on, and the next compaction with it") {
  for (const Call call : {Call::create, Call::append, Call::sync, Call::rename, Call::remove, Call::sync_folder}) {
    for (std::uint64_t nth = 1;; ++nth) {
      VaultWorld world;
      Script script(world);
      const auto writer = world.open();
      must(script.round(*writer));
      INFO("call kind " << static_cast<int>(call) << " number " << nth);
      const std::uint64_t before = world.fs.calls(call);
      world.fs.fail(call, nth, EIO);
      const auto done = compact(world.options, script.how());
      const bool reached = world.fs.calls(call) >= before + nth;
      world.fs.heal();
      if (done) CHECK(done->findings.empty());
      check_versions(world, script);
      check_verify(world);
      must(script.round(*writer));
      compact_all(world, script.how());
      check_versions(world, script);
      check_verify(world);
      if (!reached) break;
    }
  }
}

TEST_CASE("a power cut after each operation that makes a dictionary and packs with it loses nothing") {
  const auto fill = [](VaultWorld& world, std::map<Place, std::string>& lines) {
    world.options.frame_size = 64'000;
    SeededRandom words(5);
    const auto writer = world.open();
    for (int i = 0; i < 400; ++i) put(*writer, "products", std::to_string(i), article(words, 700));
    must(writer->end_pack());
    lines = all_versions(*world.reader());
  };
  CompactOptions how = small_compaction();
  how.frame_size = 4000;
  std::uint64_t operations = 0;
  for (std::uint64_t cut = 0; operations == 0 || cut < operations;
       cut += cut < 12 || cut + 12 > operations ? kThinned : 17 * kThinned) {
    VaultWorld world;
    std::map<Place, std::string> lines;
    fill(world, lines);
    if (operations == 0) {
      VaultWorld counted;
      std::map<Place, std::string> same;
      fill(counted, same);
      const std::uint64_t before = counted.memory.operations();
      const Compacted done = compact_all(counted, how);
      REQUIRE(done.types.at(0).dictionary != 0);
      operations = counted.memory.operations() - before;
    }
    world.memory.cut_after(cut);
    REQUIRE_FALSE(compact(world.options, how));
    INFO("cut after operation " << cut << " of " << operations);
    world.memory.crash(cut);
    {
      const auto writer = world.open();
      CHECK(writer->opened().findings.empty());
      CHECK(difference(lines, all_versions(*world.reader())) == "");
      check_verify(world);
      compact_all(world, how);
    }
    CHECK(difference(lines, all_versions(*world.reader())) == "");
    check_verify(world);
    check_rebuild(world);
    CHECK(count_dictionaries(world) == 1);
    for (const std::string& name : names_in_packs(world)) CHECK(name.find(".new") == std::string::npos);
  }
}

TEST_CASE("an index from before a compaction finds everything in the packs that are there now") {
  Filled world;
  const auto before = all_versions(*world.reader());
  const std::string old = world.index_bytes();
  compact_all(world);
  const std::string now = world.dump();
  world.put_index(old);
  {
    const auto writer = world.open();
    CHECK_FALSE(writer->opened().rebuilt_index);
    CHECK(writer->opened().findings.empty());
  }
  CHECK(difference(now, world.dump()) == "");
  CHECK(difference(before, all_versions(*world.reader())) == "");
  check_verify(world);
}

}  // namespace
}  // namespace backstock::vault
