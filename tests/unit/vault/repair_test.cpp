// Repair takes every kind of damage out of a vault: what is whole stays what it was, what is lost is named and its
// number never given again, and no damaged file is altered or gone.
#include "vault/repair.h"
#include "compact_lab.h"
#include "vault/blobs.h"
#include "vault/scrub.h"

namespace backstock::vault {
namespace {

using namespace testing;

std::string name_of(const Place& place) {
  return std::get<0>(place) + " " + std::get<1>(place) + " version " + std::to_string(std::get<2>(place));
}

std::string kept_bytes(VaultWorld& world, const std::string& file) {
  return world.memory.bytes_of(sys::join(world.options.folder, file));
}

// All but the lost ones are as they were, and nothing is wrong any more.
void check_repaired(VaultWorld& world, const std::map<Place, std::string>& before, const Repaired& done) {
  check_verify(world);
  auto left = before;
  std::set<std::string> lost(done.lost.begin(), done.lost.end());
  CHECK(lost.size() == done.lost_count);
  std::erase_if(left, [&](const auto& one) { return lost.count(name_of(one.first)) != 0; });
  CHECK(left.size() + lost.size() == before.size());
  CHECK(difference(left, all_versions(*world.reader())) == "");
  check_rebuild(world);
  CHECK(difference(left, all_versions(*world.reader())) == "");
  const Repaired again = must(repair(world.options, {}));
  CHECK(again.packs.empty());
  CHECK(again.files.empty());
  CHECK(again.lost.empty());
  CHECK_FALSE(again.rebuilt_index);
}

// What a full backup does next: the item as the store has it, under a number that was never given.
void check_numbers(VaultWorld& world, const std::map<Place, std::string>& before, const Repaired& done) {
  std::map<std::pair<std::string, std::string>, std::uint32_t> highest;
  for (const auto& [place, line] : before) {
    std::uint32_t& number = highest[{std::get<0>(place), std::get<1>(place)}];
    number = std::max(number, std::get<2>(place));
  }
  std::map<std::pair<std::string, std::string>, std::uint32_t> highest_lost;
  for (const auto& [place, line] : before) {
    if (std::find(done.lost.begin(), done.lost.end(), name_of(place)) != done.lost.end())
      highest_lost[{std::get<0>(place), std::get<1>(place)}] = std::get<2>(place);
  }
  const auto writer = world.open();
  for (const auto& [item, lost] : highest_lost) {
    const auto& [type, id] = item;
    const auto known = must(writer->current(type, id));
    // Nobody takes what is newest now for what was lost: the next full backup finds a difference.
    if (lost == highest.at(item) && known) CHECK(known->version < lost);
    CHECK(put(*writer, type, id, product("anew")) == highest.at(item) + 1);
  }
  must(writer->flush());
  check_verify(world);
}

struct Hit {
  std::uint64_t pack = 0;
  index::FrameRow frame;
};
Hit frame_of(VaultWorld& world, const std::string& type, const std::string& id, std::uint32_t version) {
  const auto row = must(world.reader()->items().find_version(type, id, version));
  return {row->frame.pack, row->frame};
}

enum class Kind { frame, frame_header, pack_header, seal, cut_off, missing, exchanged, empty, garbage };
constexpr int kKinds = 9;

void damage(VaultWorld& world, Kind kind, const Hit& hit) {
  const std::string bytes = world.bytes(hit.pack);
  switch (kind) {
    case Kind::frame:
      return world.flip(hit.pack, hit.frame.offset + hit.frame.header_size + 9);
    case Kind::frame_header:
      return world.flip(hit.pack, hit.frame.offset + 20);
    case Kind::pack_header:
      return world.flip(hit.pack, 98);
    case Kind::seal:
      return world.flip(hit.pack, bytes.size() - 30);
    case Kind::cut_off:
      return world.damage(hit.pack, bytes.substr(0, hit.frame.offset + 10));
    case Kind::missing:
      return must(world.memory.remove(world.pack(hit.pack)));
    case Kind::exchanged: {
      const std::uint64_t other = hit.pack == 1 ? 2 : 1;
      return world.damage(hit.pack, world.memory.has(world.pack(other)) ? world.bytes(other) : bytes.substr(1));
    }
    case Kind::empty:
      return world.damage(hit.pack, "");
    case Kind::garbage:
      return world.damage(hit.pack, std::string(bytes.size(), 'g'));
  }
}

bool loses_nothing(Kind kind) { return kind == Kind::pack_header || kind == Kind::seal; }

TEST_CASE("every kind of damage to a pack is repaired, in appended packs and in compacted ones") {
  const Kind kind = static_cast<Kind>(GENERATE(range(0, kKinds)));
  const bool compacted = GENERATE(false, true);
  Filled world;
  if (compacted) compact_all(world);
  const auto before = all_versions(*world.reader());
  const Hit hit = frame_of(world, "products", "20", 2);
  INFO("kind " << static_cast<int>(kind) << (compacted ? ", compacted" : "") << ", pack " << hit.pack);
  damage(world, kind, hit);
  const std::string damaged = kind == Kind::missing ? "" : world.bytes(hit.pack);

  const Repaired planned = must(repair(world.options, {true}));
  REQUIRE(planned.packs.size() == 1);
  CHECK(planned.report.empty());
  if (kind != Kind::missing) CHECK(world.bytes(hit.pack) == damaged);

  const Repaired done = must(repair(world.options, {}));
  REQUIRE(done.packs.size() == 1);
  CHECK(done.left.empty());
  CHECK(done.packs[0].number == hit.pack);
  CHECK(done.lost_count == planned.lost_count);
  CHECK((done.lost_count == 0) == loses_nothing(kind));
  CHECK(done.rebuilt_index == !loses_nothing(kind));
  CHECK_FALSE(world.memory.has(world.pack(hit.pack)));
  if (kind == Kind::missing) {
    CHECK(done.packs[0].moved_to.empty());
  } else {
    CHECK(done.packs[0].moved_to.find("damaged/" + pack::pack_name(hit.pack) + ".") == 0);
    CHECK(kept_bytes(world, done.packs[0].moved_to) == damaged);
  }
  const std::string report = kept_bytes(world, done.report);
  for (const std::string& lost : done.lost) CHECK(report.find("  " + lost + "\n") != std::string::npos);
  check_repaired(world, before, done);
  check_numbers(world, before, done);
}

TEST_CASE("one damaged byte anywhere in a pack costs what verify names, and nothing more") {
  SeededRandom random(seed_from_environment(SystemRandom().next()));
  for (int time = 0; time < 25; ++time) {
    Filled world;
    if (time % 2 == 1) compact_all(world);
    const auto before = all_versions(*world.reader());
    const auto packs = must(world.reader()->items().packs());
    const std::uint64_t number = packs[random.next() % packs.size()].pack;
    const std::size_t at = random.next() % world.bytes(number).size();
    INFO("pack " << number << " byte " << at);
    world.flip(number, at);
    const Verified verified = world.verify();
    std::set<std::string> named;
    for (const Finding& finding : verified.findings) named.insert(finding.lost.begin(), finding.lost.end());
    const Repaired done = must(repair(world.options, {}));
    CHECK(std::set<std::string>(done.lost.begin(), done.lost.end()) == named);
    check_repaired(world, before, done);
    check_numbers(world, before, done);
  }
}

TEST_CASE("several damaged packs, an index that is wrong and one that is gone are repaired at once") {
  const int index = GENERATE(0, 1, 2);
  Filled world;
  const auto before = all_versions(*world.reader());
  const Hit one = frame_of(world, "products", "20", 2);
  const Hit two = frame_of(world, "orders", "long", 200);
  REQUIRE(one.pack != two.pack);
  damage(world, Kind::frame, one);
  damage(world, Kind::frame_header, two);
  const Repaired planned = must(repair(world.options, {true}));
  if (index == 1) must(world.open()->connection().execute("UPDATE versions SET at_byte=at_byte+1 WHERE version=3"));
  if (index == 2) world.drop_index();
  const Repaired done = must(repair(world.options, {}));
  CHECK(done.packs.size() == 2);
  check_verify(world);
  const auto now = all_versions(*world.reader());
  CHECK(now.size() == before.size() - planned.lost_count);
  for (const auto& [place, line] : now) CHECK(before.at(place) == line);
  // Without an index nobody knows what the frames held; with one it is named.
  CHECK(done.lost_count == (index == 2 ? 0 : planned.lost_count));
  check_rebuild(world);
}

TEST_CASE("a version that another pack holds too is not lost") {
  Filled world;
  const auto before = all_versions(*world.reader());
  std::stop_source stop;
  const auto stop_at_the_end = [&](const CompactProgress& progress) {
    if (progress.doing.empty()) stop.request_stop();  // all is moved, and nothing removed yet
  };
  REQUIRE_FALSE(compact(world.options, small_compaction(), stop_at_the_end, stop.get_token()));
  const Hit hit = frame_of(world, "products", "12", 1);
  damage(world, Kind::frame, hit);
  const Repaired done = must(repair(world.options, {}));
  REQUIRE(done.packs.size() == 1);
  CHECK(done.lost_count == 0);
  check_repaired(world, before, done);
  compact_all(world);
  CHECK(difference(before, all_versions(*world.reader())) == "");
  check_verify(world);
}

TEST_CASE("a torn tail is left alone, and so is a vault in which nothing is wrong") {
  VaultWorld world;
  {
    const auto writer = world.open();
    for (int i = 0; i < 20; ++i) put(*writer, "products", std::to_string(i), product("item " + std::to_string(i)));
    must(writer->flush());
  }
  const std::string torn = world.bytes(1) + std::string(30, 'z');
  world.damage(1, torn);
  const Repaired done = must(repair(world.options, {}));
  CHECK(done.packs.empty());
  CHECK(done.report.empty());
  CHECK(world.bytes(1) == torn);
  CHECK_FALSE(must(sys::exists(world.fs, sys::join(world.options.folder, "damaged"))));
}

TEST_CASE("after the repair of the pack that was appended to, the next one is begun and the chain holds") {
  VaultWorld world;
  {
    const auto writer = world.open();
    for (int i = 0; i < 40; ++i) {
      put(*writer, "products", std::to_string(i), product("item " + std::to_string(i)));
      if (i % 5 == 4) must(writer->flush());
    }
  }
  const auto before = all_versions(*world.reader());
  damage(world, Kind::frame, frame_of(world, "products", "17", 1));
  const Repaired done = must(repair(world.options, {}));
  CHECK(done.lost_count > 0);
  check_repaired(world, before, done);
  check_numbers(world, before, done);
  CHECK_FALSE(world.memory.has(world.pack(1)));
  world.drop_index();
  CHECK(world.open()->opened().rebuilt_index);
  check_verify(world);
}

TEST_CASE("a dictionary is made anew from its other file; with both damaged no pack that needs it is touched") {
  Filled world;
  const Compacted compacted = compact_all(world);
  std::uint32_t number = 0;
  for (const CompactedType& type : compacted.types) number = std::max(number, type.dictionary);
  REQUIRE(number != 0);
  const auto before = all_versions(*world.reader());
  const sys::Path file = sys::join(world.options.packs(), pack::dictionary_name(number));
  const sys::Path copy = sys::join(world.options.packs(), pack::dictionary_copy_name(number));
  const std::string whole = world.memory.bytes_of(file);
  const std::string wrong = std::string(whole.size(), 'w');
  for (const bool gone : {false, true}) {
    if (gone) {
      must(world.memory.remove(copy));
    } else {
      world.memory.plant(copy, wrong);
    }
    const Repaired done = must(repair(world.options, {}));
    REQUIRE(done.files.size() == 1);
    CHECK(world.memory.bytes_of(copy) == whole);
    CHECK(done.packs.empty());
    check_repaired(world, before, done);
  }
  world.memory.plant(file, wrong);
  world.memory.plant(copy, wrong);
  const auto names_before = names_in_packs(world);
  const Repaired left = must(repair(world.options, {}));
  CHECK(left.left.size() >= 2);
  CHECK(std::any_of(left.left.begin(), left.left.end(),
                    [](const std::string& one) { return one.find("bring one of them back") != one.npos; }));
  CHECK(names_in_packs(world) == names_before);
  world.memory.plant(file, whole);
  const Repaired then = must(repair(world.options, {}));
  CHECK(then.left.empty());
  check_repaired(world, before, then);
}

TEST_CASE("a damaged blob is moved away under its name, one in the wrong folder goes where it belongs") {
  Filled world;
  const auto before = all_versions(*world.reader());
  const Sha256Digest bad = must(put_blob(world.options, "a picture"));
  const Sha256Digest stray = must(put_blob(world.options, "another"));
  const sys::Path path = blob_path(world.options, bad);
  world.memory.plant(path, "a pictuse");
  const std::string stray_name = to_hex(view(stray));
  const sys::Path wrong = sys::join(sys::folder_of(path), stray_name);
  must(world.memory.rename(blob_path(world.options, stray), wrong));
  const Repaired done = must(repair(world.options, {}));
  REQUIRE(done.files.size() == 2);
  CHECK_FALSE(world.memory.has(path));
  CHECK(must(get_blob(world.options, stray)) == "another");
  bool kept = false;
  for (const sys::Entry& entry : must(world.fs.list(sys::join(world.options.folder, "damaged"))))
    kept = kept || kept_bytes(world, "damaged/" + entry.name) == "a pictuse";
  CHECK(kept);
  CHECK(kept_bytes(world, done.report).find(to_hex(view(bad))) != std::string::npos);
  check_repaired(world, before, done);
}

TEST_CASE("files of one name that are moved away at one time stand beside each other") {
  Filled world;
  std::vector<std::string> places;
  for (int time = 0; time < 3; ++time) {
    const Sha256Digest digest = must(put_blob(world.options, "a picture"));
    world.memory.plant(blob_path(world.options, digest), "damage " + std::to_string(time));
    must(repair(world.options, {}));
  }
  std::set<std::string> kept;
  for (const sys::Entry& entry : must(world.fs.list(sys::join(world.options.folder, "damaged"))))
    kept.insert(kept_bytes(world, "damaged/" + entry.name));
  for (int time = 0; time < 3; ++time) CHECK(kept.count("damage " + std::to_string(time)) == 1);
}

TEST_CASE("while somebody writes, a repair is refused, and one that is only planned is not") {
  Filled world;
  const auto writer = world.open();
  const auto refused = repair(world.options, {});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == ErrorKind::conflict);
  CHECK(repair(world.options, {true}).has_value());
}

TEST_CASE("a pack of another store that strayed in is moved away, none of its lines taken") {
  Filled world;
  const auto before = all_versions(*world.reader());
  VaultWorld other;
  other.options.store_hash = "other9";
  {
    const auto writer = other.open();
    put(*writer, "products", "1000", product("of somebody else"));
    must(writer->flush());
  }
  const std::uint64_t number = must(world.reader()->items().packs()).back().pack;
  world.damage(number, other.bytes(1));
  const Repaired done = must(repair(world.options, {}));
  CHECK(done.lost_count > 0);
  CHECK(world.reader()->read_newest("products", "1000").error().kind == ErrorKind::not_found);
  check_repaired(world, before, done);
}

TEST_CASE("a repair ends what a scrub had found") {
  Filled world;
  damage(world, Kind::frame, frame_of(world, "products", "20", 2));
  ScrubState state;
  must(scrub(world.options, state, 100 * 1_MiB, {}, {}));
  REQUIRE(state.findings.size() == 1);
  must(write_scrub_state(world.options, state));
  must(repair(world.options, {}));
  CHECK(read_scrub_state(world.options).findings.empty());
}

}  // namespace
}  // namespace backstock::vault
