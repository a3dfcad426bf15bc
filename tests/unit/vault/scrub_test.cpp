// The scrub reads everything in its time, finds what is damaged, and takes up its place after a restart.
#include "vault/scrub.h"
#include "compact_lab.h"
#include "vault/blobs.h"

namespace backstock::vault {
namespace {

using namespace testing;
using std::chrono::hours;
using std::chrono::milliseconds;

constexpr ByteCount kGiB = 1024 * 1_MiB;
constexpr std::int64_t kDay = 24 * 3600 * 1000;

// A daemon that runs `days` days on a vault of a size and is off from one day to another. Notes when each part of the
// vault was read; gives how often it read.
struct Simulated {
  static constexpr std::size_t kParts = 500;
  std::vector<std::int64_t> read_at = std::vector<std::int64_t>(kParts, 0);
  std::int64_t longest = 0;  // between two reads of a part
  std::uint64_t portions = 0;

  void run(ByteCount size, int days, std::pair<int, int> off) {
    ScrubState state;
    const std::int64_t begin = 1'700'000'000'000;
    std::fill(read_at.begin(), read_at.end(), begin);
    std::int64_t now = begin;
    while (now < begin + days * kDay) {
      if (now >= begin + off.first * kDay && now < begin + off.second * kDay) now = begin + off.second * kDay;
      const ScrubDue due = scrub_due(state, size, from_ms(now));
      if (due.bytes == 0) {
        REQUIRE(due.wait > milliseconds(0));
        REQUIRE(due.wait <= hours(1));
        now += due.wait.count();
        continue;
      }
      ++portions;
      if (state.began == 0 || state.ended) state = {now, false, "", 0, 0, state.last_ended, {}};
      const ByteCount from = state.done;
      state.done = std::min(size, state.done + due.bytes);
      for (std::size_t part = 0; part < kParts; ++part) {
        const ByteCount at = size / kParts * part;
        if (at < from || at >= state.done) continue;
        longest = std::max(longest, now - read_at[part]);
        read_at[part] = now;
      }
      state.ended = state.done >= size;
      now += 1000;
    }
    for (const std::int64_t at : read_at) longest = std::max(longest, now - at);
  }
};

TEST_CASE("each byte is read at least every 30 days, whatever the size and four days off") {
  for (const ByteCount size : {ByteCount{1}, ByteCount{10_MiB}, 5 * kGiB, 2000 * kGiB}) {
    for (const int off : {0, 3, 24, 40}) {
      Simulated simulated;
      simulated.run(size, 120, {off, off + 4});
      INFO("size " << size << ", off from day " << off);
      CHECK(simulated.longest <= 30 * kDay);
      // No more often than once an hour, and a small vault a few times in all.
      CHECK(simulated.portions <= 120 * 24 + 10);
      if (size <= 10_MiB) CHECK(simulated.portions <= 6);
    }
  }
}

TEST_CASE("a clock that was set back begins a pass anew, one that was set ahead is caught up with") {
  ScrubState state{1000 * kDay, false, "packs/1", 0, kGiB, {}, {}};
  CHECK(scrub_due(state, 100 * kGiB, from_ms(999 * kDay)).bytes > 0);
  CHECK(scrub_due(state, 100 * kGiB, from_ms(1020 * kDay)).bytes > 70 * kGiB);
  CHECK(scrub_due(state, 100 * kGiB, from_ms(9000 * kDay)).bytes >= 99 * kGiB);
}

// Everything, in portions of so many bytes; gives what was found.
std::vector<ScrubFinding> scrub_all(VaultWorld& world, ScrubState& state, ByteCount portion) {
  std::vector<ScrubFinding> found;
  do {
    for (ScrubFinding& finding : must(scrub(world.options, state, portion, {}, {})))
      found.push_back(std::move(finding));
    must(write_scrub_state(world.options, state));
    state = read_scrub_state(world.options);  // as after a restart
  } while (!state.ended);
  return found;
}

struct Whole : Filled {
  Whole() {
    compact_all(*this);
    const auto writer = open();
    fill_round(*writer, 5);
    for (int i = 0; i < 5; ++i) must(put_blob(options, "picture " + std::to_string(i)));
  }
};

TEST_CASE("a whole vault is read to the last byte in portions of any size, and nothing is found") {
  for (const ByteCount portion : {ByteCount{1}, ByteCount{5000}, kGiB}) {
    Whole world;
    ScrubState state;
    CHECK(scrub_all(world, state, portion).empty());
    CHECK(state.last_ended);
    CHECK(state.done == must(scrub_size(world.options)));
    // The next pass reads all of it again.
    CHECK(scrub_all(world, state, portion).empty());
    CHECK(state.done == must(scrub_size(world.options)));
  }
}

TEST_CASE("what a scrub read is what it hears of, and it stops when it is told to") {
  Whole world;
  ScrubState state;
  std::stop_source stop;
  ByteCount heard = 0;
  must(scrub(
      world.options, state, kGiB,
      [&](ByteCount bytes) {
        heard += bytes;
        if (heard > 10'000) stop.request_stop();
      },
      stop.get_token()));
  CHECK_FALSE(state.ended);
  CHECK(state.done == heard);
  CHECK(heard < must(scrub_size(world.options)) / 2);
}

TEST_CASE("each kind of damage is found once, until it is found whole again") {
  Whole world;
  const auto packs = must(world.reader()->items().packs());
  const std::uint64_t number = must(world.reader()->items().find_version("products", "20", 2))->frame.pack;
  const sys::Path blob = blob_path(world.options, sha256("picture 3"));
  std::uint32_t dictionary = 0;
  for (const std::string& name : names_in_packs(world)) {
    if (const auto found = pack::parse_dictionary_name(name)) dictionary = *found;
  }
  const sys::Path copy = sys::join(world.options.packs(), pack::dictionary_copy_name(dictionary));
  const std::vector<std::pair<sys::Path, std::string>> whole = {{world.pack(number), world.bytes(number)},
                                                                {blob, world.memory.bytes_of(blob)},
                                                                {copy, world.memory.bytes_of(copy)}};
  const int kind = GENERATE(range(0, 6));
  INFO("kind " << kind);
  std::string file = "packs/" + pack::pack_name(number);
  switch (kind) {
    case 0:
      world.flip(number, world.bytes(number).size() / 2);
      break;
    case 1:
      world.flip(number, world.bytes(number).size() - 10);  // the seal
      break;
    case 2:
      world.damage(number, world.bytes(number).substr(0, world.bytes(number).size() / 2));
      break;
    case 3:
      must(world.memory.remove(world.pack(number)));
      break;
    case 4:
      world.memory.plant(blob, "picture ?");
      file = blob.substr(world.options.folder.size() + 1);
      break;
    default:
      world.memory.plant(copy, "no dictionary");
      file = copy.substr(world.options.folder.size() + 1);
  }
  ScrubState state;
  for (const ByteCount portion : {ByteCount{2000}, kGiB}) {
    const auto found = scrub_all(world, state, portion);
    CHECK(found.size() == (portion == 2000 ? 1U : 0U));  // told once
    REQUIRE(state.findings.size() == 1);
    CHECK(state.findings[0].file == file);
    CHECK_FALSE(state.findings[0].what.empty());
    world.clock.advance(hours(24));
  }
  for (const auto& [path, bytes] : whole) world.memory.plant(path, bytes);
  CHECK(scrub_all(world, state, 2000).empty());
  CHECK(state.findings.empty());
  CHECK(packs.size() > 2);
}

TEST_CASE("a torn tail, a write under way and a pack that is being begun are no damage") {
  VaultWorld world;
  const auto writer = world.open();
  for (int i = 0; i < 20; ++i) put(*writer, "products", std::to_string(i), product("item " + std::to_string(i)));
  must(writer->flush());
  const std::string good = world.bytes(1);
  for (const std::string& more : {std::string(30, 'z'), good.substr(good.size() / 2), good.substr(200, 90)}) {
    world.damage(1, good + more);
    world.damage(2, "");
    ScrubState state;
    CHECK(scrub_all(world, state, kGiB).empty());
  }
}

TEST_CASE("a position that was lost, or is of a file that is gone, begins where there is something to read") {
  Whole world;
  ScrubState state;
  must(scrub(world.options, state, 3000, {}, {}));
  must(write_scrub_state(world.options, state));
  const ScrubState kept = read_scrub_state(world.options);
  CHECK(kept.file == state.file);
  CHECK(kept.offset == state.offset);
  CHECK(kept.done == state.done);
  world.memory.plant(sys::join(world.options.folder, "scrub.json"), "garbage");
  CHECK(read_scrub_state(world.options).began == 0);
  state.file = "packs/00000000.pack.zst";
  state.offset = 77;
  CHECK(scrub_all(world, state, kGiB).empty());
  CHECK(state.ended);
}

TEST_CASE("packs that compaction removes and makes under a scrub are no findings") {
  Filled world;
  ScrubState state;
  CHECK(must(scrub(world.options, state, 20'000, {}, {})).empty());
  compact_all(world);
  CHECK(scrub_all(world, state, 20'000).empty());
}

}  // namespace
}  // namespace backstock::vault
