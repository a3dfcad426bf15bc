// Rolling forward, rebuilding: whatever happens to the index, the packs bring it back.
#include <stop_token>

#include "support/vault_world.h"

namespace backstock::vault {
namespace {

using namespace testing;

// Versions of several types, tombstones, a returned item, runs, three packs; the writer is closed.
void fill(VaultWorld& world, int rounds = 12) {
  world.options.pack_size = 3000;
  const auto writer = world.open();
  for (int round = 0; round < rounds; ++round) {
    const std::string run = "01RUN" + std::to_string(100 + round);
    must(writer->append_control(
        Json{{"control", "run_begin"}, {"run", run}, {"kind", "full"}, {"origin", "manual"}, {"at", round}}));
    for (int i = 0; i < 8; ++i) {
      put(*writer, i % 2 == 0 ? "products" : "orders", std::to_string(i),
          product("round " + std::to_string(round) + " item " + std::to_string(i)), 1000 * round);
    }
    if (round % 3 == 1) bury(*writer, "products", "2", 1000 * round + 500);
    must(writer->flush());
    must(writer->append_control(Json{{"control", "type_end"},
                                     {"run", run},
                                     {"type", "products"},
                                     {"at", round},
                                     {"started", round},
                                     {"outcome", "done"},
                                     {"complete", true},
                                     {"full", true}}));
    must(writer->append_control(Json{{"control", "run_end"}, {"run", run}, {"at", round}, {"outcome", "done"}}));
    must(writer->flush());
  }
}

// Opens for writing, closes, and gives what the index holds then.
std::string dump_after_open(VaultWorld& world, std::vector<std::string>* findings = nullptr) {
  {
    const auto writer = world.open();
    if (findings != nullptr) *findings = writer->opened().findings;
  }
  return world.dump();
}

TEST_CASE("an index that was removed, emptied, or made of garbage comes back equal") {
  VaultWorld world;
  fill(world);
  REQUIRE(must(world.reader()->items().packs()).size() >= 3);
  const std::string before = world.dump();
  const std::string bytes = world.index_bytes();
  std::vector<std::string> findings;
  SECTION("removed") {
    world.drop_index();
    CHECK(VaultReader::open(world.options).error().kind == ErrorKind::corrupt);
    CHECK(dump_after_open(world, &findings) == before);
    CHECK(findings.size() == 1);
  }
  SECTION("emptied") {
    world.put_index("");
    CHECK(VaultReader::open(world.options).error().kind == ErrorKind::corrupt);
    CHECK(dump_after_open(world, &findings) == before);
  }
  SECTION("garbage") {
    world.put_index(std::string(50'000, 'g'));
    CHECK(dump_after_open(world, &findings) == before);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].find("it was made again from the packs for a test") != std::string::npos);
  }
  SECTION("cut off") {
    world.put_index(bytes.substr(0, bytes.size() / 2));
    CHECK(dump_after_open(world, &findings) == before);
    CHECK(findings.size() == 1);
  }
  CHECK(all_of(world.verify()).empty());
}

TEST_CASE("a write-ahead log that outlived its index is not read into the new one") {
  VaultWorld world;
  fill(world, 3);
  const std::string before = world.dump();
  const auto writer = world.open();
  put(*writer, "products", "99", product("in the log only"));
  must(writer->flush());
  std::filesystem::copy(world.options.index() + "-wal", world.folder.path() + "/kept");
  std::filesystem::remove(world.options.index());
  // The process still runs on the removed file; another one comes after it is gone.
  const_cast<std::unique_ptr<VaultWriter>&>(writer).reset();
  std::filesystem::copy(world.folder.path() + "/kept", world.options.index() + "-wal",
                        std::filesystem::copy_options::overwrite_existing);
  {
    const auto next = world.open();
    CHECK(next->opened().rebuilt_index);
  }
  CHECK(must(index::self_check(world.reader()->connection())).empty());
  CHECK(must(world.reader()->read_newest("products", "99")).meta.version == 1);
  CHECK(all_of(world.verify()).empty());
}

TEST_CASE("the index of another store is made anew and the other one kept aside") {
  VaultWorld world;
  fill(world);
  const std::string before = world.dump();
  VaultWorld other;
  other.options.store_hash = "other9";
  fill(other, 2);
  const std::string foreign = other.index_bytes();
  world.put_index(foreign);
  CHECK(dump_after_open(world) == before);
  std::ifstream aside(world.options.index() + ".before-rebuild", std::ios::binary);
  CHECK(std::string(std::istreambuf_iterator<char>(aside), {}) == foreign);
}

TEST_CASE("an older copy of the index is rolled forward to the same rows") {
  VaultWorld world;
  fill(world, 3);
  const std::string old = world.index_bytes();
  fill(world, 9);
  const std::string before = world.dump();
  world.put_index(old);
  {
    const auto writer = world.open();
    CHECK_FALSE(writer->opened().rebuilt_index);
    CHECK(writer->opened().rolled_forward >= 9 * 8);
    CHECK(writer->opened().findings.empty());
  }
  CHECK(world.dump() == before);
  CHECK(world.open()->opened().rolled_forward == 0);
  CHECK(all_of(world.verify()).empty());
}

TEST_CASE("rows that the index lost come back when it is rebuilt") {
  VaultWorld world;
  fill(world);
  const std::string before = world.dump();
  {
    const auto writer = world.open();
    must(
        writer->connection().execute("DELETE FROM search; DELETE FROM changes; DELETE FROM versions; DELETE FROM "
                                     "items; DELETE FROM runs; DELETE FROM run_types"));
  }
  const Verified verified = world.verify();
  CHECK_FALSE(verified.findings.empty());
  const Rebuilt rebuilt = must(rebuild_index_locked(world.options, {}));
  CHECK(rebuilt.findings.empty());
  CHECK(rebuilt.packs == must(world.reader()->items().packs()).size());
  CHECK(world.dump() == before);
  CHECK(all_of(world.verify()).empty());
}

TEST_CASE("a crash between bytes and rows loses nothing: the next open reads the tail") {
  VaultWorld world;
  const auto writer = world.open();
  put(*writer, "products", "1", product("one"));
  must(writer->flush());
  const std::string old = world.index_bytes() /* the log holds the rest */;
  // Another connection holds the index: the bytes are synced, the rows cannot be committed.
  const auto other = must(index::Connection::open(world.options.index(), index::Access::write));
  must(writer->connection().execute("PRAGMA busy_timeout=0"));
  {
    const auto transaction = must(index::Transaction::begin(*other));
    put(*writer, "products", "1", product("two"));
    CHECK(writer->flush().error().kind == ErrorKind::conflict);
    CHECK(must(world.reader()->read_newest("products", "1")).meta.version == 1);
  }
  const_cast<std::unique_ptr<VaultWriter>&>(writer).reset();
  world.memory.crash();
  const auto next = world.open();
  CHECK(next->opened().rolled_forward == 1);
  CHECK(next->opened().findings.empty());
  CHECK(must(world.reader()->read_newest("products", "1")).item == product("two"));
}

TEST_CASE("rows are not committed for frames that are in the page cache only") {
  VaultWorld world;
  {
    const auto writer = world.open();
    put(*writer, "products", "1", product("one"));
    must(writer->flush());
    put(*writer, "products", "1", product("two"));
    world.fs.fail(Call::sync, 1, EIO);  // as if the process were killed right before
    CHECK_FALSE(writer->flush());
  }
  world.fs.heal();
  {
    const auto writer = world.open();  // reads frame two, which no sync has seen
    CHECK(writer->opened().rolled_forward == 1);
  }
  world.memory.crash();  // and then the power goes
  CHECK(must(world.reader()->read_newest("products", "1")).item == product("two"));
  CHECK(all_of(world.verify()).empty());
}

TEST_CASE("a rebuild reads frames of the page cache only after syncing them") {
  VaultWorld world;
  {
    const auto writer = world.open();
    put(*writer, "products", "1", product("one"));
    world.fs.fail(Call::sync, 2, EIO);  // the first was the header's
    CHECK_FALSE(writer->flush());
  }
  world.fs.heal();
  must(rebuild_index_locked(world.options, {}));
  world.memory.crash();
  CHECK(must(world.reader()->read_newest("products", "1")).item == product("one"));
}

TEST_CASE("a rebuild keeps the former index and tells its progress") {
  VaultWorld world;
  fill(world);
  const std::string before = world.dump();
  std::uint64_t last = 0;
  std::uint64_t total = 0;
  must(rebuild_index_locked(world.options, [&](std::uint64_t done, std::uint64_t of) {
    CHECK(done > last);
    last = done;
    total = of;
  }));
  CHECK(last == total);
  CHECK(last > 0);
  CHECK(world.dump() == before);
  const auto aside = must(index::Connection::open(world.options.index() + ".before-rebuild", index::Access::read));
  CHECK(must(must(index::ItemQueries::open(*aside))->dump()) == before);
}

TEST_CASE("a rebuild that is interrupted at any call leaves an index that opens, now or at the next open") {
  VaultWorld world;
  fill(world, 6);
  const std::string before = world.dump();
  for (std::size_t kind = 0; kind < kCallKinds; ++kind) {
    const Call call = static_cast<Call>(kind);
    for (std::uint64_t nth = 1;; ++nth) {
      const auto calls = world.fs.calls(call);
      world.fs.fail(call, nth, EIO, Fault::from_then_on);
      const auto rebuilt = rebuild_index_locked(world.options, {});
      const bool reached = world.fs.calls(call) >= calls + nth;
      world.fs.heal();
      INFO("call kind " << kind << ", number " << nth);
      REQUIRE(dump_after_open(world) == before);
      if (!reached) break;
    }
  }
}

TEST_CASE("a damaged frame costs its own versions, is named, and the rest is kept") {
  VaultWorld world;
  fill(world);
  const auto all = must(world.reader()->items().versions_between(2, 0, 1'000'000));
  const index::FrameRow hit = all.at(all.size() / 2).version.frame;
  const auto lost = must(world.reader()->items().versions_between(2, hit.offset, hit.offset + 1));
  world.flip(2, hit.offset + hit.header_size + hit.stored_size / 2);
  const Rebuilt rebuilt = must(rebuild_index_locked(world.options, {}));
  REQUIRE(rebuilt.findings.size() == 1);
  CHECK(rebuilt.findings[0].find("pack 00000002.pack.zst is damaged at byte " + std::to_string(hit.offset)) == 0);
  const auto after = must(world.reader()->items().versions_between(2, 0, 1'000'000));
  CHECK(after.size() == all.size() - lost.size());
  // What an open that makes the index again tells is the same.
  world.drop_index();
  std::vector<std::string> findings;
  dump_after_open(world, &findings);
  CHECK(findings.size() == 2);
}

TEST_CASE("a pack whose header is damaged keeps its versions, and nothing is appended to it") {
  VaultWorld world;
  {
    const auto writer = world.open();
    put(*writer, "products", "1", product("one"));
    must(writer->flush());
  }
  world.flip(1, 98);  // in the store hash
  for (const bool with_index : {true, false}) {
    if (!with_index) world.drop_index();
    const std::string bytes = world.bytes(1);
    const auto writer = world.open();
    CHECK(must(writer->current("products", "1")));
    put(*writer, "products", "1", product("more"));
    must(writer->flush());
    CHECK(world.bytes(1) == bytes);
  }
  CHECK(must(world.reader()->read_version("products", "1", 1)).item == product("one"));
  const Verified verified = world.verify();
  REQUIRE(verified.findings.size() == 1);
  CHECK(verified.findings[0].subject == "pack 00000001.pack.zst");
}

TEST_CASE("a new pack's header that a crash cut off is no damage, and its name is not used again") {
  VaultWorld world;
  fill(world, 3);
  const auto packs = must(world.reader()->items().packs()).size();
  for (const std::size_t size : {0U, 1U, 100U}) {
    world.damage(packs + 1, std::string(size, '\0'));
    std::vector<std::string> findings;
    dump_after_open(world, &findings);
    CHECK(findings.empty());
    CHECK(world.verify().findings.empty());
    CHECK(world.verify().notes.size() == 1);
    CHECK(must(rebuild_index_locked(world.options, {})).findings.empty());
  }
  const auto writer = world.open();
  put(*writer, "products", "1", product("more"));
  must(writer->flush());
  CHECK(world.verify().findings.empty());
  CHECK(must(world.reader()->read_newest("products", "1")).item == product("more"));
}

TEST_CASE("the number of a missing pack is not given to a new one") {
  VaultWorld world;
  fill(world, 5);
  const auto packs = must(world.reader()->items().packs());
  const std::uint64_t last = packs.back().pack;
  const auto lost = must(world.reader()->items().count_between(last, 0, 1'000'000));
  REQUIRE(lost > 0);
  must(world.memory.remove(world.pack(last)));
  {
    const auto writer = world.open();
    REQUIRE(writer->opened().findings.size() == 1);
    CHECK(writer->opened().findings[0].find(pack::pack_name(last) + " is missing") != std::string::npos);
    put(*writer, "products", "1", product("more"));
    must(writer->flush());
  }
  CHECK_FALSE(world.memory.has(world.pack(last)));
  CHECK(world.memory.has(world.pack(last + 1)));
  const Verified verified = world.verify();
  REQUIRE(verified.findings.size() == 1);
  CHECK(verified.findings[0].lost_count == lost);
}

TEST_CASE("a stray pack of another store is named and passed over") {
  VaultWorld world;
  fill(world, 2);
  const std::string before = world.dump();
  VaultWorld other;
  other.options.store_hash = "other9";
  fill(other, 8);
  const std::uint64_t number = must(world.reader()->items().packs()).back().pack + 1;
  REQUIRE(other.memory.has(other.pack(number)));
  world.damage(number, other.bytes(number));
  std::vector<std::string> findings;
  CHECK(dump_after_open(world, &findings) == before);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].find("belongs to store other9 and was passed over") != std::string::npos);
  CHECK(must(rebuild_index_locked(world.options, {})).findings.size() == 1);
  CHECK(world.dump() == before);
}

TEST_CASE("two lines that say they are the same version: the first keeps its row and the second is named") {
  VaultWorld world;
  const auto make = [&](const char* name) {
    VaultWorld one;
    const auto writer = one.open();
    put(*writer, "products", "1", product(name));
    must(writer->flush());
    return one.bytes(1);
  };
  world.damage(1, make("first"));
  {
    VaultWorld two;
    two.options.random = &two.random;
    two.damage(1, "");
    const auto writer = two.open();
    put(*writer, "products", "1", product("second"));
    must(writer->flush());
    world.damage(2, two.bytes(2));
  }
  std::vector<std::string> findings;
  dump_after_open(world, &findings);
  CHECK(must(world.reader()->read_newest("products", "1")).item == product("first"));
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].find("there is another version 1 of products 1") != std::string::npos);
}

}  // namespace
}  // namespace backstock::vault
