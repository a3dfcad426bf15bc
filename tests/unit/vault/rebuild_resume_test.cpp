// A rebuild that was interrupted goes on where it was, and ends as one that was not; what does not fit begins anew.
#include "compact_lab.h"

namespace backstock::vault {
namespace {

using namespace testing;

std::size_t count_packs(VaultWorld& world) { return must(world.reader()->items().packs()).size(); }

// Stops at the byte where `packs` packs are finished; gives how many that were.
std::uint64_t stop_after(VaultWorld& world, std::uint64_t packs) {
  std::vector<std::uint64_t> ends;
  std::uint64_t sum = 0;
  for (const sys::Entry& entry : must(world.fs.list(world.options.packs()))) {
    if (pack::parse_pack_name(entry.name)) ends.push_back(sum += entry.size);
  }
  std::stop_source stop;
  const std::uint64_t at = packs == 0 ? 0 : ends.at(packs - 1);
  if (packs == 0) stop.request_stop();
  const auto rebuilt = rebuild_index_locked(
      world.options,
      [&](std::uint64_t done, std::uint64_t) {
        if (done > at) stop.request_stop();
      },
      stop.get_token());
  REQUIRE_FALSE(rebuilt.has_value());
  REQUIRE(rebuilt.error().kind == ErrorKind::cancelled);
  return packs;
}

bool is_unfinished(VaultWorld& world) { return must(sys::exists(world.fs, world.options.index() + ".rebuilding")); }

TEST_CASE("a rebuild that was stopped in any pack goes on behind the packs that it had finished") {
  Filled world;
  compact_all(world);
  {
    const auto writer = world.open();
    world.fill_round(*writer, 5);
    must(writer->end_pack());
  }
  const std::string before = world.dump();
  const std::size_t packs = count_packs(world);
  REQUIRE(packs > 4);
  for (std::uint64_t finished = 0; finished < packs; ++finished) {
    INFO("stopped behind " << finished << " of " << packs << " packs");
    if (finished % 2 == 1) world.drop_index();
    stop_after(world, finished);
    CHECK(is_unfinished(world));
    // Readers have the former index meanwhile, where there is one.
    if (finished % 2 == 0) CHECK(difference(before, world.dump()) == "");
    const Rebuilt rebuilt = must(rebuild_index_locked(world.options, {}));
    CHECK(rebuilt.taken_over == finished);
    CHECK(rebuilt.packs == packs);
    CHECK(rebuilt.findings.empty());
    CHECK(difference(before, world.dump()) == "");
    CHECK_FALSE(is_unfinished(world));
  }
  check_verify(world);
}

TEST_CASE("stopped in each pack one after the other, a rebuild ends all the same") {
  Filled world;
  const std::string before = world.dump();
  const std::size_t packs = count_packs(world);
  world.drop_index();
  for (std::uint64_t finished = 0; finished < packs; ++finished) stop_after(world, finished);
  const Rebuilt rebuilt = must(rebuild_index_locked(world.options, {}));
  CHECK(rebuilt.taken_over == packs - 1);
  CHECK(rebuilt.versions == all_versions(*world.reader()).size());
  CHECK(difference(before, world.dump()) == "");
}

TEST_CASE("damage that an interrupted rebuild had met is told by the one that goes on") {
  Filled world;
  const auto row = must(world.reader()->items().find_version("products", "1", 1));
  world.flip(row->frame.pack, row->frame.offset + row->frame.header_size + 5);
  stop_after(world, row->frame.pack + 1);
  const Rebuilt rebuilt = must(rebuild_index_locked(world.options, {}));
  CHECK(rebuilt.taken_over >= row->frame.pack);
  REQUIRE(rebuilt.findings.size() == 1);
  CHECK(rebuilt.findings[0].find(pack::pack_name(row->frame.pack) + " is damaged at byte") != std::string::npos);
}

TEST_CASE("packs that changed since, and a file that is none of ours, make a rebuild begin anew") {
  const int what = GENERATE(range(0, 7));
  Filled world;
  const std::uint64_t last = must(world.reader()->items().packs()).back().pack;
  stop_after(world, 3);
  const sys::Path file = world.options.index() + ".rebuilding";
  INFO("case " << what);
  switch (what) {
    case 0: {  // compacted meanwhile: packs went and came
      compact_all(world);
      break;
    }
    case 1:  // a pack is shorter
      world.damage(2, world.bytes(2).substr(0, world.bytes(2).size() - 10));
      break;
    case 2:  // a pack is gone
      must(world.memory.remove(world.pack(1)));
      break;
    case 3: {  // another pack under a name that was read
      VaultWorld other;
      other.random = SeededRandom(99);
      {
        const auto writer = other.open();
        put(*writer, "products", "1", product("other"));
        must(writer->flush());
      }
      world.damage(1, other.bytes(1));
      break;
    }
    case 4:
      std::ofstream(file, std::ios::binary | std::ios::trunc) << std::string(9000, 'g');
      break;
    case 5:
      std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
      std::filesystem::remove(file + "-wal");
      break;
    default: {  // of another store
      const auto connection = must(index::Connection::open(file, index::Access::write));
      must(connection->execute("UPDATE meta SET value='other9' WHERE key='store_hash'"));
    }
  }
  const Rebuilt rebuilt = must(rebuild_index_locked(world.options, {}));
  CHECK(rebuilt.taken_over == 0);
  const std::string resumed = world.dump();
  must(rebuild_index_locked(world.options, {}));
  CHECK(difference(resumed, world.dump()) == "");
  CHECK(last > 3);
}

TEST_CASE("what is appended after an interrupted rebuild, into a pack that it had not reached, is taken along") {
  Filled world;
  stop_after(world, 3);
  const std::string file = world.options.index() + ".rebuilding";
  std::filesystem::copy(file, world.folder.path() + "/kept");
  if (std::filesystem::exists(file + "-wal")) std::filesystem::copy(file + "-wal", world.folder.path() + "/kept-wal");
  {
    const auto writer = world.open();  // an index that can be used: nothing is left to go on with
    CHECK_FALSE(is_unfinished(world));
    put(*writer, "products", "new", product("came meanwhile"));
    must(writer->flush());
  }
  std::filesystem::copy(world.folder.path() + "/kept", file);
  if (std::filesystem::exists(world.folder.path() + "/kept-wal"))
    std::filesystem::copy(world.folder.path() + "/kept-wal", file + "-wal");
  const std::string before = world.dump();
  const Rebuilt rebuilt = must(rebuild_index_locked(world.options, {}));
  CHECK(rebuilt.taken_over == 3);
  CHECK(difference(before, world.dump()) == "");
}

TEST_CASE("an open that may not rebuild says so, one that may tells its progress and can be stopped and gone on with") {
  Filled world;
  const std::string before = world.dump();
  world.drop_index();
  const auto refused = VaultWriter::open(world.options, "a test", {false, {}, {}});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == ErrorKind::corrupt);
  CHECK_FALSE(is_unfinished(world));
  std::stop_source stop;
  std::uint64_t told = 0;
  const auto progress = [&](std::uint64_t done, std::uint64_t total) {
    CHECK(done <= total);
    told = done;
    if (done > total / 2) stop.request_stop();
  };
  const auto stopped = VaultWriter::open(world.options, "a test", {true, progress, stop.get_token()});
  REQUIRE_FALSE(stopped.has_value());
  CHECK(stopped.error().kind == ErrorKind::cancelled);
  CHECK(told > 0);
  CHECK(is_unfinished(world));
  CHECK(world.open()->opened().rebuilt_index);
  CHECK(difference(before, world.dump()) == "");
  CHECK_FALSE(is_unfinished(world));
}

TEST_CASE("an index whose bytes were flipped is opened right, refused by a reader, or rebuilt to the same rows") {
  Filled world;
  world.open();  // into the file, out of the log
  const std::string before = world.dump();
  const std::string whole = world.index_bytes();
  SeededRandom random(seed_from_environment(5));
  for (int time = 0; time < 40; ++time) {
    std::string bytes = whole;
    for (int i = 0; i < 3; ++i) bytes[random.next() % bytes.size()] ^= static_cast<char>(1 + random.next() % 255);
    world.put_index(bytes);
    INFO("time " << time);
    // SQLite does not notice each flipped bit in a row; verify does, or says where the index differs from the packs.
    const bool opened = VaultWriter::open(world.options, "a test").has_value();
    const auto verified = verify(world.options, {}, {});
    if (!opened || !verified || !verified->findings.empty()) must(rebuild_index_locked(world.options, {}));
    check_verify(world);
    const auto reader = world.reader();
    CHECK(all_versions(*reader).size() == 150 * 3 + 45 + 50 * 3 + 3 + 300 + 1);
  }
  world.put_index(whole);
  CHECK(difference(before, world.dump()) == "");
}

}  // namespace
}  // namespace backstock::vault
