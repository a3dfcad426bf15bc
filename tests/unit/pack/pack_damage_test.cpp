// What damage costs, and that it is always told: never wrong bytes, at most the frames that were hit.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include <catch2/catch.hpp>

#include "base/random.h"
#include "sample.h"

using namespace backstock;
using namespace backstock::pack;

namespace {

// A sealed pack of four frames of one size, with other bytes put in its place.
struct Damaged : Sample {
  std::string good;
  Damaged() {
    add_some();
    REQUIRE(writer->seal());
    good = bytes();
  }
  void put(std::string bad) { fs.plant(path(), std::move(bad)); }
  Result<std::unique_ptr<PackReader>> open() { return PackReader::open(fs, kFolder, 12); }

  // Walks, reads every place, and demands that no wrong byte comes back from either. The frames that were seen.
  std::vector<std::size_t> check(const PackReader& reader, Seen& seen) {
    seen = walk(reader);
    std::vector<std::size_t> whole;
    for (const FrameContent& frame : seen.frames) {
      const auto original = std::find_if(frames.begin(), frames.end(), [&](const Written& w) {
        return w.place.offset == frame.place.offset && w.raw == frame.raw &&
               w.content_type == frame.header.content_type;
      });
      REQUIRE(original != frames.end());
      whole.push_back(static_cast<std::size_t>(original - frames.begin()));
    }
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const auto content = reader.read(frames[i].place);
      CHECK(content.has_value() == (std::find(whole.begin(), whole.end(), i) != whole.end()));
      if (content) CHECK(content->raw == frames[i].raw);
      if (!content) {
        CHECK(content.error().kind == ErrorKind::corrupt);
        CHECK(content.error().message.find("00000012.pack.zst at offset " + std::to_string(frames[i].place.offset)) ==
              0);
      }
    }
    for (const Damage& damage : seen.damages) {
      CHECK(damage.pack == 12);
      CHECK(damage.size > 0);
      CHECK(damage.what.find("00000012.pack.zst at offset") == 0);
    }
    return whole;
  }

  std::size_t frame_at(std::uint64_t offset) const {
    for (std::size_t i = 0; i < frames.size(); ++i) {
      if (offset >= frames[i].place.offset && offset < frames[i].place.end()) return i;
    }
    return frames.size();
  }
};

std::uint64_t seed_from_environment() {
  const char* text = std::getenv("BACKSTOCK_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : SystemRandom().next();
}

}  // namespace

TEST_CASE("every flipped bit of a pack is named and costs at most the frame it is in") {
  Damaged pack;
  REQUIRE(pack.frames.size() == 4);
  const std::uint64_t end = pack.writer->end();
  for (std::size_t bit = 0; bit < pack.good.size() * 8; ++bit) {
    const std::size_t at = bit / 8;
    INFO("byte " << at << " bit " << bit % 8);
    std::string bad = pack.good;
    bad[at] = static_cast<char>(bad[at] ^ (1 << (bit % 8)));
    pack.put(bad);
    const auto reader = pack.open();
    REQUIRE(reader.has_value());
    Seen seen;
    const auto whole = pack.check(**reader, seen);
    REQUIRE(seen.damages.size() == 1);
    const Damage& damage = seen.damages[0];
    CHECK(damage.offset <= at);
    CHECK(at < damage.offset + damage.size);
    CHECK((*reader)->header_damaged() == (at < pack.header_size));
    CHECK(seen.sealed == (at < end));
    CHECK(damage.at_end == (at >= end));
    const std::size_t hit = pack.frame_at(at);
    CHECK(whole.size() == (hit < 4 ? 3 : 4));
    if (hit < 4) {
      CHECK(std::find(whole.begin(), whole.end(), hit) == whole.end());
      const bool in_header = at < pack.frames[hit].place.offset + pack.frames[hit].place.header_size;
      CHECK(damage.content_type == (in_header ? "" : "brands"));
      CHECK(damage.lines == (in_header ? 0 : 1));
    }
  }
}

TEST_CASE("cut at any length, a pack gives every frame that is whole and tells of the rest") {
  Damaged pack;
  for (std::size_t length = 0; length < pack.good.size(); ++length) {
    INFO("length " << length);
    pack.put(pack.good.substr(0, length));
    const auto reader = pack.open();
    if (length < pack.header_size) {
      REQUIRE_FALSE(reader.has_value());
      CHECK(reader.error().kind == ErrorKind::corrupt);
      CHECK(reader.error().sentence().find("00000012.pack.zst") != std::string::npos);
      continue;
    }
    REQUIRE(reader.has_value());
    Seen seen;
    const auto whole = pack.check(**reader, seen);
    const auto expected = static_cast<std::size_t>(std::count_if(
        pack.frames.begin(), pack.frames.end(), [&](const Written& frame) { return frame.place.end() <= length; }));
    CHECK(whole.size() == expected);
    CHECK_FALSE(seen.sealed);
    const std::uint64_t end = expected == 0 ? pack.header_size : pack.frames[expected - 1].place.end();
    CHECK(seen.end == end);
    // Cut exactly between frames nothing is left to see here: the next pack's header tells where this one ended.
    REQUIRE(seen.damages.size() == (length == end ? 0 : 1));
    if (length > end) {
      CHECK(seen.damages[0].at_end);
      CHECK(seen.damages[0].offset == end);
      CHECK(seen.damages[0].size == length - end);
    }
  }
}

TEST_CASE("frames that changed places are refused at both") {
  Damaged pack;
  const FramePlace& b = pack.frames[1].place;
  const FramePlace& c = pack.frames[2].place;
  const auto size = static_cast<std::size_t>(b.end() - b.offset);
  REQUIRE(c.end() - c.offset == size);
  std::string bad = pack.good;
  std::swap_ranges(bad.begin() + static_cast<std::ptrdiff_t>(b.offset),
                   bad.begin() + static_cast<std::ptrdiff_t>(b.offset + size),
                   bad.begin() + static_cast<std::ptrdiff_t>(c.offset));
  pack.put(bad);
  Seen seen;
  const auto whole = pack.check(*pack.open().value(), seen);
  CHECK(whole == std::vector<std::size_t>{0, 3});
  REQUIRE(seen.damages.size() == 1);
  CHECK(seen.damages[0].what.find("belongs at offset " + std::to_string(c.offset)) != std::string::npos);
}

TEST_CASE("a frame of another pack is refused, however well it fits") {
  Damaged pack;
  Sample other(13);
  other.add_some();
  const FramePlace& place = pack.frames[1].place;
  const auto size = static_cast<std::size_t>(place.end() - place.offset);
  std::string bad = pack.good;
  bad.replace(static_cast<std::size_t>(place.offset), size,
              other.bytes().substr(static_cast<std::size_t>(place.offset), size));
  pack.put(bad);
  Seen seen;
  const auto whole = pack.check(*pack.open().value(), seen);
  CHECK(whole == std::vector<std::size_t>{0, 2, 3});
  REQUIRE(seen.damages.size() == 1);
  CHECK(seen.damages[0].what.find("belongs to another pack") != std::string::npos);
}

TEST_CASE("another pack under this one's name is refused whole") {
  Damaged pack;
  Sample other(13);
  other.add_some();
  pack.put(other.bytes());
  const auto refused = pack.open();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == ErrorKind::corrupt);
  CHECK(refused.error().message.find("00000013") != std::string::npos);
}

TEST_CASE("with the pack header gone and the first frame too, the others are still read") {
  Damaged pack;
  std::string bad = pack.good;
  const auto end = static_cast<std::size_t>(pack.frames[0].place.end());
  bad.replace(0, end, std::string(end, '\0'));
  pack.put(bad);
  const auto reader = pack.open().value();
  CHECK(reader->header_damaged());
  CHECK(reader->header_size() == 0);
  CHECK(reader->header().number == 12);
  CHECK(reader->header().identity == pack.header.identity);
  Seen seen;
  CHECK(pack.check(*reader, seen).size() == 3);
  REQUIRE(seen.damages.size() == 1);
  CHECK(seen.damages[0].offset == 0);
  CHECK(seen.damages[0].size == end);
}

TEST_CASE("zeros over any block, as a disk that forgot them gives, cost the frames under them") {
  Damaged pack;
  for (std::size_t from = 0; from < pack.good.size(); from += 7) {
    for (const std::size_t size : {1U, 64U, 320U}) {
      INFO("zeros at " << from << ", " << size << " of them");
      std::string bad = pack.good;
      const std::size_t length = std::min(size, bad.size() - from);
      bad.replace(from, length, std::string(length, '\0'));
      if (bad == pack.good) continue;
      pack.put(bad);
      const auto reader = pack.open();
      REQUIRE(reader.has_value());
      Seen seen;
      const auto whole = pack.check(**reader, seen);
      CHECK_FALSE(seen.damages.empty());
      for (std::size_t i = 0; i < 4; ++i) {
        const FramePlace& place = pack.frames[i].place;
        const bool hit = from < place.end() && from + length > place.offset;
        const auto begin = static_cast<std::size_t>(place.offset);
        const auto count = static_cast<std::size_t>(place.end() - place.offset);
        const bool changed = hit && bad.substr(begin, count) != pack.good.substr(begin, count);
        CHECK((std::find(whole.begin(), whole.end(), i) != whole.end()) == !changed);
      }
    }
  }
}

TEST_CASE("bytes behind the end are told as a tail and cost nothing") {
  Damaged pack;
  const std::string unsealed = pack.good.substr(0, static_cast<std::size_t>(pack.writer->end()));
  for (const std::string& tail : {std::string(1, '\0'), std::string(5000, '\0'), std::string("\x5C\x2A\x4D\x18"),
                                  std::string(3000000, '*'), unsealed.substr(0, 100)}) {
    for (const std::string& front : {unsealed, pack.good}) {
      pack.put(front + tail);
      Seen seen;
      CHECK(pack.check(*pack.open().value(), seen).size() == 4);
      REQUIRE(seen.damages.size() == 1);
      CHECK(seen.damages[0].offset == front.size());
      CHECK(seen.damages[0].size == tail.size());
      CHECK(seen.damages[0].at_end);
      CHECK(seen.end == unsealed.size());
      CHECK(seen.sealed == (front.size() > unsealed.size()));
    }
  }
}

TEST_CASE("frames cut out of the middle do not let the rest pass as theirs") {
  Damaged pack;
  const auto begin = static_cast<std::size_t>(pack.frames[1].place.offset);
  const auto end = static_cast<std::size_t>(pack.frames[1].place.end());
  pack.put(pack.good.substr(0, begin) + pack.good.substr(end));
  Seen seen;
  CHECK(pack.check(*pack.open().value(), seen) == std::vector<std::size_t>{0});
  REQUIRE(seen.damages.size() == 1);
  CHECK(seen.damages[0].at_end);
}

TEST_CASE("places that are none are refused without reading much") {
  Damaged pack;
  const auto reader = pack.open().value();
  const FramePlace good = pack.frames[0].place;
  const auto refuse = [&](const std::function<void(FramePlace&)>& change) {
    FramePlace place = good;
    change(place);
    const auto result = reader->read(place);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().kind == ErrorKind::corrupt);
  };
  refuse([](FramePlace& p) { p.pack = 13; });
  refuse([](FramePlace& p) { p.offset = UINT64_MAX; });
  refuse([](FramePlace& p) { p.offset += 1; });
  refuse([](FramePlace& p) { p.header_size = UINT32_MAX; });
  refuse([](FramePlace& p) { p.header_size += 1; });
  refuse([](FramePlace& p) { p.header_size = 0; });
  refuse([](FramePlace& p) { p.stored_size = UINT32_MAX; });
  refuse([](FramePlace& p) { p.stored_size -= 1; });
  refuse([](FramePlace& p) { p.stored_size += 1; });
}

TEST_CASE("whatever happens to a pack, no wrong byte is read and untouched frames are") {
  const std::uint64_t seed = seed_from_environment();
  std::printf("whatever happens to a pack: BACKSTOCK_SEED=%llu\n", static_cast<unsigned long long>(seed));
  SeededRandom random(seed);
  Damaged pack;
  for (int round = 0; round < 3000; ++round) {
    INFO("seed " << seed << " round " << round);
    std::string bad = pack.good;
    bool moved = false;
    const std::uint64_t hits = 1 + random.next() % 3;
    for (std::uint64_t hit = 0; hit < hits; ++hit) {
      const auto at = static_cast<std::size_t>(random.next() % bad.size());
      const auto count = std::min(static_cast<std::size_t>(1 + random.next() % 200), bad.size() - at);
      switch (random.next() % 5) {
        case 0:
          bad[at] = static_cast<char>(random.next());
          break;
        case 1:
          bad.replace(at, count, std::string(count, static_cast<char>(random.next())));
          break;
        case 2:
          bad.erase(at, count);
          moved = true;
          break;
        case 3:
          bad.insert(at, bad.substr(0, count));
          moved = true;
          break;
        default:
          bad.replace(at, count, pack.good.substr(static_cast<std::size_t>(random.next() % 500), count));
          break;
      }
      if (bad.empty()) bad = "x";
    }
    pack.put(bad);
    const auto reader = pack.open();
    if (!reader) {
      CHECK(reader.error().kind == ErrorKind::corrupt);
      continue;
    }
    Seen seen;
    const auto whole = pack.check(**reader, seen);
    if (bad != pack.good && !seen.sealed) continue;
    CHECK((bad == pack.good || !seen.damages.empty()));
    if (moved) continue;
    for (std::size_t i = 0; i < 4; ++i) {
      const auto begin = static_cast<std::size_t>(pack.frames[i].place.offset);
      const auto count = static_cast<std::size_t>(pack.frames[i].place.end()) - begin;
      const bool same = bad.size() >= begin + count && bad.substr(begin, count) == pack.good.substr(begin, count);
      CHECK((std::find(whole.begin(), whole.end(), i) != whole.end()) == same);
    }
  }
}
