// Every kind of damage is found and named; what is no damage is not.
#include <stop_token>

#include "support/vault_world.h"
#include "vault/blobs.h"
#include "vault/pack_chain.h"

namespace backstock::vault {
namespace {

using namespace testing;

// Three packs and more of products 0..9, two flushes a pack; the writer is closed.
struct Filled : VaultWorld {
  std::vector<index::PackRow> packs;
  Filled() {
    options.pack_size = 2500;
    {
      const auto writer = open();
      for (int round = 0; round < 10; ++round) {
        for (int i = 0; i < 10; ++i) {
          std::string name = "round " + std::to_string(round) + " ";
          for (int c = 0; c < 20; ++c) name += static_cast<char>('a' + random.next() % 26);
          put(*writer, "products", std::to_string(i), product(name));
        }
        must(writer->append_control(Json{{"control", "run_end"}, {"run", "01A"}}));
        must(writer->flush());
      }
    }
    packs = must(reader()->items().packs());
    REQUIRE(packs.size() >= 3);
  }
  std::uint64_t versions_of(std::uint64_t number) { return must(reader()->items().count_between(number, 0, 1 << 30)); }
};

// The only finding of a verify.
Finding only(const Verified& verified) {
  INFO(all_of(verified));
  REQUIRE(verified.findings.size() == 1);
  return verified.findings.front();
}

TEST_CASE("a whole vault has no findings and everything is counted") {
  Filled world;
  std::uint64_t last = 0;
  const Verified verified = must(verify(world.options,
                                        [&](std::uint64_t done, std::uint64_t total) {
                                          last = done;
                                          CHECK(done <= total);
                                        },
                                        {}));
  CHECK(all_of(verified).empty());
  CHECK(verified.versions == 100);
  CHECK(verified.packs == world.packs.size());
  CHECK(verified.frames > 20);
  CHECK(last > 0);
}

TEST_CASE("every flipped byte of a pack is found, and reading never gives wrong bytes") {
  Filled world;
  const std::string whole = world.bytes(2);
  std::map<std::pair<std::string, std::uint32_t>, std::string> truth;
  for (int i = 0; i < 10; ++i) {
    for (const auto& row : must(world.reader()->items().history("products", std::to_string(i)))) {
      truth[{std::to_string(i), row.version}] =
          must(world.reader()->read_version("products", std::to_string(i), row.version)).item;
    }
  }
  const std::size_t step = std::getenv("BACKSTOCK_EVERY_BYTE") != nullptr ? 1 : 29;
  for (std::size_t at = 0; at < whole.size(); at += step) {
    world.damage(2, whole);
    world.flip(2, at);
    INFO("byte " << at << " of " << whole.size());
    const Verified verified = world.verify();
    REQUIRE_FALSE(verified.findings.empty());
    REQUIRE(verified.findings.front().subject == "pack 00000002.pack.zst");
    std::uint64_t unreadable = 0;
    const auto reader = world.reader();
    for (const auto& [key, item] : truth) {
      const auto back = reader->read_version("products", key.first, key.second);
      if (back) {
        REQUIRE(back->item == item);
      } else {
        REQUIRE(back.error().kind == ErrorKind::corrupt);
        ++unreadable;
      }
    }
    // Named are exactly those that cannot be read: one frame at most.
    REQUIRE(verified.findings.front().lost_count == unreadable);
  }
}

TEST_CASE("the versions that damage cost are named") {
  Filled world;
  const auto row = must(world.reader()->items().find_version("products", "4", 5));
  world.flip(row->frame.pack, row->frame.offset + row->frame.header_size + 5);
  const Finding finding = only(world.verify());
  CHECK(std::find(finding.lost.begin(), finding.lost.end(), "products 4 version 5") != finding.lost.end());
  CHECK(finding.lost_count == finding.lost.size());
  CHECK(finding.what.find("versions of products") != std::string::npos);
  const auto read = world.reader()->read_version("products", "4", 5);
  REQUIRE_FALSE(read);
  CHECK(read.error().kind == ErrorKind::corrupt);
  CHECK(read.error().sentence().find("products 4 version 5") != std::string::npos);
  CHECK(read.error().sentence().find(pack::pack_name(row->frame.pack)) != std::string::npos);
}

TEST_CASE("all of several damages are listed, with the index and without") {
  for (const bool with_index : {true, false}) {
    Filled world;
    for (const auto& row : must(world.reader()->items().history("products", "4"))) {
      world.flip(row.frame.pack, row.frame.offset + row.frame.header_size + 5);
    }
    if (!with_index) world.drop_index();
    std::set<std::string> places;
    for (const Finding& finding : world.verify().findings) places.insert(finding.subject + finding.what);
    CHECK(places.size() == (with_index ? 10 : 11));
  }
}

TEST_CASE("a torn tail is a note: of the newest pack, and of one that another pack came after") {
  Filled world;
  const std::uint64_t newest = world.packs.back().pack;
  const std::string tail = world.bytes(1).substr(160, 500);
  world.damage(newest, world.bytes(newest) + tail);
  Verified verified = world.verify();
  CHECK(verified.findings.empty());
  REQUIRE(verified.notes.size() == 1);
  CHECK(verified.notes[0].find("no version was lost") != std::string::npos);
  {
    const auto writer = world.open();
    put(*writer, "products", "1", product("more"));
    must(writer->flush());
  }
  for (const bool with_index : {true, false}) {
    if (!with_index) world.drop_index();
    verified = world.verify();
    INFO(all_of(verified));
    CHECK(verified.findings.size() == (with_index ? 0 : 1));
    CHECK(verified.notes.size() == 1);
  }
}

TEST_CASE("a pack cut off at any length is found, with the index and without") {
  Filled world;
  const std::string whole = world.bytes(2);
  const std::uint64_t end = world.packs[1].known_end;
  const index::FrameRow last = must(world.reader()->items().versions_between(2, 0, 1 << 30)).back().version.frame;
  const std::uint64_t last_version = last.offset + last.header_size + last.stored_size;
  const std::size_t step = 61;
  for (std::size_t size = 0; size < whole.size(); size += step) {
    world.damage(2, whole.substr(0, size));
    INFO("cut to " << size << " of " << whole.size());
    if (size < end) {
      const Verified verified = world.verify();
      REQUIRE_FALSE(verified.findings.empty());
      REQUIRE(verified.findings.front().subject == "pack 00000002.pack.zst");
      if (size > 300) REQUIRE(verified.findings.size() == 1);
      REQUIRE((verified.findings.front().lost_count > 0) == (size < last_version));
    } else if (size < whole.size()) {
      REQUIRE(only(world.verify()).what.find("the seal at its end is damaged or missing") == 0);
    }
  }
  world.drop_index();
  for (std::size_t size = 0; size < end; size += step) {
    world.damage(2, whole.substr(0, size));
    INFO("cut to " << size << " of " << whole.size());
    const Verified verified = world.verify();
    REQUIRE(verified.findings.size() >= 2);  // the index, and
    REQUIRE(verified.findings[1].subject == "pack 00000002.pack.zst");
  }
}

TEST_CASE("a pack cut off between two frames is found although every frame in it is whole") {
  Filled world;
  const auto rows = must(world.reader()->items().versions_between(2, 0, 1 << 30));
  const std::uint64_t cut = rows.back().version.frame.offset;
  world.damage(2, world.bytes(2).substr(0, cut));
  const Finding finding = only(world.verify());
  CHECK(finding.what.find("bytes too early") != std::string::npos);
  CHECK(finding.lost_count > 0);
  world.drop_index();
  const Verified verified = world.verify();
  REQUIRE(verified.findings.size() == 2);
  CHECK(verified.findings[1].what.find("when pack 00000003.pack.zst was begun") != std::string::npos);
  CHECK(must(rebuild_index_locked(world.options, {})).findings.size() == 1);
}

TEST_CASE("a missing pack is named with what it held; without the index by the pack that came after it") {
  Filled world;
  const std::uint64_t held = world.versions_of(2);
  must(world.memory.remove(world.pack(2)));
  const Finding finding = only(world.verify());
  CHECK(finding.subject == "pack 00000002.pack.zst");
  CHECK(finding.what == "the file is missing");
  CHECK(finding.lost_count == held);
  const auto row = must(world.reader()->items().versions_between(2, 0, 1 << 30)).front();
  CHECK(world.reader()->read_version(row.type, row.id, row.version.version).error().kind == ErrorKind::corrupt);
  world.drop_index();
  const Verified verified = world.verify();
  REQUIRE(verified.findings.size() == 2);
  CHECK(verified.findings[1].subject == "pack 00000002.pack.zst");
  CHECK(must(rebuild_index_locked(world.options, {})).findings.size() == 1);
}

TEST_CASE("swapped packs, a pack of another vault and a duplicate are named") {
  Filled world;
  SECTION("swapped") {
    const std::string first = world.bytes(1);
    world.damage(1, world.bytes(2));
    world.damage(2, first);
    CHECK(world.verify().findings.size() == 2);
  }
  SECTION("of another vault of the same store") {
    Filled other;
    SeededRandom random(99);
    VaultWorld fresh;
    fresh.options.random = &random;
    const auto writer = fresh.open();
    put(*writer, "products", "1", product("other"));
    must(writer->flush());
    world.damage(1, fresh.bytes(1));
    const Finding finding = only(world.verify());
    CHECK(finding.what == "it is not the file that was written under this name");
    CHECK(finding.lost_count == world.versions_of(1));
    world.drop_index();
    CHECK(world.verify().findings.at(1).what.find("it is not the file that pack") == 0);
    CHECK(world.open()->opened().findings.size() == 2);
  }
  SECTION("of another store") {
    VaultWorld other;
    other.options.store_hash = "other9";
    const auto writer = other.open();
    put(*writer, "products", "1", product("other"));
    must(writer->flush());
    world.damage(1, other.bytes(1));
    CHECK(only(world.verify()).what == "it belongs to store other9");
  }
  SECTION("a duplicate under a new number") {
    world.damage(77, world.bytes(1));
    CHECK(only(world.verify()).subject == "pack 00000077.pack.zst");
  }
}

TEST_CASE("an index that disagrees with the packs is named") {
  Filled world;
  const char* changes[] = {"UPDATE versions SET at_byte=at_byte+1 WHERE version=3",
                           "UPDATE versions SET at=at+1 WHERE version=3",
                           "UPDATE versions SET size=size-1 WHERE version=3",
                           "UPDATE versions SET gone=1 WHERE version=3",
                           "UPDATE items SET id_number=8777 WHERE id_number=7",
                           "UPDATE items SET version=3 WHERE id_number=7",
                           "UPDATE items SET hash=x'00112233445566778899aabbccddeeff' WHERE id_number=7",
                           "UPDATE frames SET stored_size=stored_size-1 WHERE pack=2",
                           "UPDATE frames SET header_size=header_size+1 WHERE pack=2",
                           "ALTER TABLE runs RENAME COLUMN message TO massage",
                           "DELETE FROM versions WHERE version=10"};
  for (const char* change : changes) {
    INFO(change);
    world.drop_index();
    must(world.open()->connection().execute(change));
    const Verified verified = world.verify();
    REQUIRE_FALSE(verified.findings.empty());
    CHECK(all_of(verified).find("rebuild") != std::string::npos);
  }
}

TEST_CASE("verify goes on when the index is missing, garbage or of another store") {
  Filled world;
  SECTION("missing") { world.drop_index(); }
  SECTION("garbage") { world.put_index(std::string(9999, 'g')); }
  SECTION("of another store") { must(world.open()->connection().execute("UPDATE meta SET value='other9'")); }
  const Verified verified = world.verify();
  const Finding finding = only(verified);
  CHECK(finding.subject == "the index");
  CHECK(finding.what.find("backstock rebuild") != std::string::npos);
  CHECK(verified.versions == 100);
}

TEST_CASE("sectors that cannot be read are findings, and the rest is checked") {
  Filled world;
  const auto reads = [&] {
    const auto before = world.fs.calls(Call::read_at);
    world.verify();
    return world.fs.calls(Call::read_at) - before;
  }();
  for (std::uint64_t nth = 1; nth <= reads; ++nth) {
    world.fs.fail(Call::read_at, nth, EIO);
    const auto verified = verify(world.options, {}, {});
    world.fs.heal();
    INFO("read " << nth);
    REQUIRE(verified);
  }
  world.fs.fail(Call::read_at, reads / 2, EIO, Fault::from_then_on);
  CHECK_FALSE(world.verify().findings.empty());
  world.fs.heal();
}

TEST_CASE("files that are not ours are ignored") {
  Filled world;
  world.memory.plant(sys::join(world.options.packs(), "notes.txt"), "hello");
  world.memory.plant(sys::join(world.options.packs(), "1.pack.zst"), "hello");
  world.memory.plant(sys::join(world.options.packs(), "00000001.pack.zst.bak"), world.bytes(1));
  world.memory.plant(sys::join(world.options.blobs(), "ab/readme"), "hello");
  world.memory.plant(sys::join(world.options.blobs(), "readme"), "hello");
  CHECK(all_of(world.verify()).empty());
  CHECK(world.open()->opened().findings.empty());
  CHECK(must(rebuild_index_locked(world.options, {})).findings.empty());
}

TEST_CASE("verify stops when asked and changes nothing") {
  Filled world;
  std::stop_source stop;
  const auto stopped = verify(
      world.options, [&](std::uint64_t, std::uint64_t) { stop.request_stop(); }, stop.get_token());
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().kind == ErrorKind::cancelled);
  const std::string before = world.dump();
  const std::string bytes = world.bytes(1);
  const auto operations = world.memory.operations();
  world.verify();
  CHECK(world.memory.operations() == operations);
  CHECK(world.dump() == before);
}

TEST_CASE("verify may run beside a writer: what is not flushed is only counted") {
  Filled world;
  world.options.flush_size = 4_MiB;
  const auto writer = world.open();
  // So much that some of it is in the file already.
  for (char c = 'a'; c <= 't'; ++c) put(*writer, "products", "1", product(std::string(40'000, c)));
  const Verified verified = world.verify();
  CHECK(verified.findings.empty());
  CHECK(verified.versions > 100);
  must(writer->flush());
  CHECK(all_of(world.verify()).empty());
}

TEST_CASE("there is nothing to verify where there is no vault") {
  VaultWorld world;
  CHECK(verify(world.options, {}, {}).error().kind == ErrorKind::not_found);
}

TEST_CASE("blobs that are damaged, cut off or misplaced are named") {
  VaultWorld world;
  world.open();
  const Sha256Digest digest = must(put_blob(world.options, "a picture"));
  const Sha256Digest other = must(put_blob(world.options, "another picture"));
  CHECK(world.verify().blobs == 2);
  CHECK(world.verify().findings.empty());
  world.memory.plant(blob_path(world.options, digest), "a pictura");
  CHECK(only(world.verify()).subject == "blob " + to_hex(view(digest)));
  world.memory.plant(blob_path(world.options, digest), "a picture");
  world.memory.plant(sys::join(world.options.blobs(), "zz/" + to_hex(view(other))), "another picture");
  CHECK(only(world.verify()).what == "it stands in the folder zz");
}

}  // namespace
}  // namespace backstock::vault
