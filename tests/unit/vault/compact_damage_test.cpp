// Compaction of a vault that is damaged: what cannot be read stays, and everything else moves.
#include "compact_lab.h"

namespace backstock::vault {
namespace {

using namespace testing;

// A version of the products, and where it stands.
index::VersionRow product_row(VaultWorld& world, const std::string& id, std::uint32_t version) {
  return *must(world.reader()->items().find_version("products", id, version));
}

// The versions that stand in a frame.
std::set<Place> places_in(VaultWorld& world, const index::FrameRow& frame) {
  std::set<Place> places;
  for (const auto& row : must(world.reader()->items().versions_between(frame.pack, frame.offset, frame.offset + 1)))
    places.insert({row.type, row.id, row.version.version});
  return places;
}

std::uint32_t dictionary_of(const Compacted& done, const std::string& type) {
  for (const CompactedType& one : done.types) {
    if (one.type == type) return one.dictionary;
  }
  return 0;
}

void flip_file(VaultWorld& world, const std::string& name) {
  const sys::Path path = sys::join(world.options.packs(), name);
  std::string bytes = world.memory.bytes_of(path);
  REQUIRE(bytes.size() > 100);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x20);
  world.memory.plant(path, bytes);
}

bool names(const std::vector<std::string>& findings, const std::string& what) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const std::string& finding) { return finding.find(what) != std::string::npos; });
}

TEST_CASE("versions in a damaged frame stay with their pack and are named, everything else moves") {
  Filled world;
  auto before = all_versions(*world.reader());
  const index::FrameRow hit = product_row(world, "12", 1).frame;
  const std::set<Place> lost = places_in(world, hit);
  REQUIRE(lost.size() > 1);
  world.flip(hit.pack, hit.offset + hit.header_size + 20);
  const std::string pack_before = world.bytes(hit.pack);

  const Compacted done = must(compact(world.options, small_compaction()));
  CHECK(done.findings.size() == lost.size());
  CHECK(names(done.findings, "products 12 version 1 stays in its pack"));
  CHECK(std::count(done.removed.begin(), done.removed.end(), hit.pack) == 0);
  CHECK(world.bytes(hit.pack) == pack_before);
  const auto reader = world.reader();
  for (const auto& [place, line] : before) {
    const auto& [type, id, version] = place;
    INFO(type << " " << id << " version " << version);
    const auto back = reader->read_version(type, id, version);
    CHECK(back.has_value() == (lost.count(place) == 0));
    const auto row = must(reader->items().find_version(type, id, version));
    REQUIRE(row);
    CHECK((row->frame.pack == hit.pack) == (lost.count(place) != 0));
    if (back) CHECK(line.starts_with(back->line));
  }
  // The damage is the one thing that verify has to say, and what it cost is named.
  const Verified verified = world.verify();
  INFO(testing::all_of(verified));
  REQUIRE(verified.findings.size() == 1);
  CHECK(verified.findings[0].lost_count == lost.size());

  // The operator puts the pack back from a copy: nothing was given up, and it is compacted like the others.
  world.flip(hit.pack, hit.offset + hit.header_size + 20);
  CHECK(difference(before, all_versions(*world.reader())) == "");
  check_verify(world);
}

TEST_CASE("a pack that is missing holds up no other, and its number is given to no new one") {
  Filled world;
  const auto packs = must(world.reader()->items().packs());
  const std::uint64_t last = packs.back().pack;  // nobody names it as the one before
  const auto lost = must(world.reader()->items().count_between(last, 0, 1 << 30));
  REQUIRE(lost > 0);
  const std::string kept = world.bytes(last);
  const auto before = all_versions(*world.reader());
  must(world.memory.remove(world.pack(last)));

  const Compacted done = must(compact(world.options, small_compaction()));
  CHECK(done.findings.size() >= lost);
  CHECK_FALSE(world.memory.has(world.pack(last)));
  CHECK(must(world.reader()->items().count_between(last, 0, 1 << 30)) == lost);
  // Found again, in some copy: all is there.
  world.damage(last, kept);
  CHECK(difference(before, all_versions(*world.reader())) == "");
  check_verify(world);
}

TEST_CASE("one file of a dictionary may be damaged or gone, and verify says which") {
  Filled world;
  const auto before = all_versions(*world.reader());
  const std::uint32_t number = dictionary_of(compact_all(world), "products");
  REQUIRE(number != 0);
  const std::string file = GENERATE_COPY(pack::dictionary_name(number), pack::dictionary_copy_name(number));
  const sys::Path path = sys::join(world.options.packs(), file);
  const bool gone = GENERATE(false, true);
  if (gone) {
    must(world.memory.remove(path));
  } else {
    flip_file(world, file);
  }
  CHECK(difference(before, all_versions(*world.reader())) == "");
  const Verified verified = world.verify();
  INFO(testing::all_of(verified));
  REQUIRE(verified.findings.size() == 1);
  CHECK(verified.findings[0].subject == "dictionary " + file);
  CHECK(verified.findings[0].what.find("put a copy of") != std::string::npos);
  CHECK(verified.findings[0].lost_count == 0);
  CHECK(must(rebuild_index_locked(world.options, {})).findings.empty());
  CHECK(difference(before, all_versions(*world.reader())) == "");
}

TEST_CASE("both files of a dictionary damaged: what needs it is corrupt and named, never wrong, and stays") {
  Filled world;
  const auto before = all_versions(*world.reader());
  const Compacted first = compact_all(world);
  const std::uint32_t number = dictionary_of(first, "products");
  REQUIRE(number != 0);
  const std::string kept = world.memory.bytes_of(sys::join(world.options.packs(), pack::dictionary_name(number)));
  flip_file(world, pack::dictionary_name(number));
  flip_file(world, pack::dictionary_copy_name(number));

  CHECK(world.reader()->read_newest("products", "12").error().kind == ErrorKind::corrupt);
  CHECK(must(world.reader()->read_newest("orders", "long")).meta.version == 300);
  const Verified verified = world.verify();
  std::uint64_t lost = 0;
  std::set<std::string> subjects;
  for (const Finding& finding : verified.findings) {
    lost += finding.lost_count;
    subjects.insert(finding.subject);
  }
  std::uint64_t needing = 0;
  for (const auto& [place, line] : before) needing += std::get<0>(place) == "products" ? 1 : 0;
  CHECK(lost >= needing);
  CHECK(subjects.count("dictionary " + pack::dictionary_name(number)) == 1);
  CHECK(subjects.count("dictionary " + pack::dictionary_copy_name(number)) == 1);

  // A compaction of what came since neither fails by it nor removes what only that dictionary reads.
  {
    const auto writer = world.open();
    world.fill_round(*writer, 7);
    must(writer->end_pack());
  }
  const auto done = compact(world.options, small_compaction());
  REQUIRE(done.has_value());
  CHECK_FALSE(done->findings.empty());
  for (const std::string& name : {pack::dictionary_name(number), pack::dictionary_copy_name(number)})
    world.memory.plant(sys::join(world.options.packs(), name), kept);
  const auto now = all_versions(*world.reader());
  for (const auto& [place, line] : before) CHECK(now.at(place) == line);
  check_verify(world);
}

TEST_CASE("the pack that tells a torn tail from damage stays as long as the one with the tail") {
  VaultWorld world;
  {
    const auto writer = world.open();
    for (int i = 0; i < 20; ++i) put(*writer, "products", std::to_string(i), product("item " + std::to_string(i)));
    must(writer->flush());
  }
  // A power cut tore the last write, and long after it a frame before that was damaged.
  const index::FrameRow hit = product_row(world, "3", 1).frame;
  world.damage(1, world.bytes(1) + std::string(30, 'z'));
  {
    const auto writer = world.open();
    put(*writer, "products", "big", product(std::string(70'000, 'b')));
    must(writer->end_pack());
    world.flip(hit.pack, hit.offset + hit.header_size + 5);
    const Compacted done = must(compact(world.options, small_compaction()));
    CHECK_FALSE(done.findings.empty());
    CHECK(world.memory.has(world.pack(1)));
    CHECK(world.memory.has(world.pack(2)));
    put(*writer, "products", "big", product("small now"));
    must(writer->end_pack());
  }
  for (const bool with_index : {true, false}) {
    if (!with_index) world.drop_index();
    world.open();
    const Verified verified = world.verify();
    INFO(testing::all_of(verified));
    CHECK(verified.findings.size() == 1);  // the frame
    CHECK(verified.notes.size() == 1);     // the tail
  }
}

TEST_CASE("a pack whose header is damaged is emptied, stays, and is named by verify alone") {
  Filled world;
  const auto before = all_versions(*world.reader());
  const std::uint64_t number = product_row(world, "12", 1).frame.pack;
  world.flip(number, 98);  // in the store hash
  const Compacted done = must(compact(world.options, small_compaction()));
  CHECK(world.memory.has(world.pack(number)));
  CHECK(difference(before, all_versions(*world.reader())) == "");
  for (const auto& [place, line] : before) {
    const auto& [type, id, version] = place;
    CHECK(must(world.reader()->items().find_version(type, id, version))->frame.pack != number);
  }
  const Verified verified = world.verify();
  INFO(testing::all_of(verified));
  REQUIRE(verified.findings.size() == 1);
  CHECK(verified.findings[0].subject == "pack " + pack::pack_name(number));
  CHECK(verified.findings[0].lost_count == 0);
}

TEST_CASE("a compacted pack that is damaged before the former packs are removed keeps those") {
  Filled world;
  const auto before = all_versions(*world.reader());
  std::stop_source stop;
  const auto stop_at_the_end = [&](const CompactProgress& progress) {
    if (progress.doing.empty()) stop.request_stop();  // all is moved, and nothing removed yet
  };
  REQUIRE_FALSE(compact(world.options, small_compaction(), stop_at_the_end, stop.get_token()));
  const index::FrameRow moved = product_row(world, "12", 1).frame;
  const std::size_t names_before = names_in_packs(world).size();
  world.flip(moved.pack, moved.offset + moved.header_size + 20);
  const Compacted done = must(compact(world.options, small_compaction()));
  CHECK_FALSE(done.findings.empty());
  CHECK(names(done.findings, "holds nothing that the index knows and is kept"));
  CHECK(done.removed.size() < names_before);
  // What is damaged there is read from the packs that stayed once the damaged one is out of the way.
  must(world.memory.remove(world.pack(moved.pack)));
  world.drop_index();
  CHECK(world.open()->opened().rebuilt_index);
  const auto now = all_versions(*world.reader());
  for (const Place& place : {Place("products", "12", 1), Place("products", "13", 1)}) {
    REQUIRE(now.count(place) == 1);
    CHECK(now.at(place) == before.at(place));
  }
}

TEST_CASE("a pack that is not what was written when it is read back takes nothing over") {
  Filled world;
  const auto before = all_versions(*world.reader());
  const auto names_before = names_in_packs(world);
  std::string damaged;
  const auto damage = [&](const CompactProgress& progress) {
    if (!damaged.empty() || progress.done < 20'000) return;
    for (const std::string& name : names_in_packs(world)) {
      if (name.ends_with(pack::kBeside)) damaged = sys::join(world.options.packs(), name);
    }
    std::string bytes = world.memory.bytes_of(damaged);
    bytes.at(400) = static_cast<char>(bytes.at(400) ^ 1);
    world.memory.plant(damaged, bytes);
  };
  const auto done = compact(world.options, small_compaction(), damage);
  REQUIRE_FALSE(damaged.empty());
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().kind == ErrorKind::corrupt);
  CHECK(done.error().sentence().find("reading back a pack that was just written") != std::string::npos);
  for (const std::string& name : names_before) CHECK(world.memory.has(sys::join(world.options.packs(), name)));
  CHECK(difference(before, all_versions(*world.reader())) == "");
}

}  // namespace
}  // namespace backstock::vault
