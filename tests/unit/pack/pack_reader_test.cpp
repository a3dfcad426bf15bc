// What a reader does beyond the frames of a good pack; damage of every kind is in pack_damage_test.cpp.
#include "pack/pack_reader.h"

#include <cerrno>

#include <catch2/catch.hpp>

#include "base/random.h"
#include "sample.h"
#include "support/faulty_fs.h"

using namespace backstock;
using namespace backstock::pack;
using namespace backstock::testing;

TEST_CASE("a pack that is not there is not_found") {
  MemoryFs fs;
  REQUIRE(fs.make_folder(kFolder));
  CHECK(PackReader::open(fs, kFolder, 12).error().kind == ErrorKind::not_found);
}

TEST_CASE("a sector that cannot be read is an error, not damage, and a walk goes on behind that frame") {
  Sample sample;
  sample.add_some();
  REQUIRE(sample.writer->seal());
  FaultyFs fs(sample.fs);
  const auto reader = PackReader::open(fs, kFolder, 12).value();
  PackWalk walk(*reader, reader->header_size());
  REQUIRE(walk.next().value()->frame);
  fs.fail(Call::read_at, 2, EIO);  // the first reads the frame's header, the second the frame
  const auto failed = walk.next();
  REQUIRE_FALSE(failed.has_value());
  CHECK(failed.error().kind == ErrorKind::failed);
  CHECK(walk.next().value()->frame->place.offset == sample.frames[2].place.offset);
  // With the frame's header unreadable nothing says how far to go: the walk stays where it is.
  fs.fail(Call::read_at, 1, EIO);
  CHECK_FALSE(walk.next().has_value());
  CHECK(walk.next().value()->frame->place.offset == sample.frames[3].place.offset);
  CHECK_FALSE(walk.next().value().has_value());
  CHECK(walk.sealed());
}

TEST_CASE("a walk sees frames that are appended while it goes") {
  Sample sample;
  sample.add_some();
  const auto reader = PackReader::open(sample.fs, kFolder, 12).value();
  PackWalk walk(*reader, reader->header_size());
  for (int i = 0; i < 4; ++i) REQUIRE(walk.next().value()->frame);
  CHECK_FALSE(walk.next().value().has_value());
  sample.add("pages", "{}\n");
  CHECK(walk.next().value()->frame->raw == "{}\n");
  CHECK(walk.next_sequence() == 5);
}

TEST_CASE("a seal that speaks of more frames than there are is damage") {
  Sample sample;
  sample.add_some();
  sample.fs.plant(sample.path(), sample.bytes() + encode_seal(sample.header.identity, 5, sample.writer->end()));
  const Seen seen = walk(*PackReader::open(sample.fs, kFolder, 12).value());
  CHECK(seen.frames.size() == 4);
  CHECK_FALSE(seen.sealed);
  REQUIRE(seen.damages.size() == 1);
  CHECK(seen.damages[0].what.find("speaks of 5 frames") != std::string::npos);
}

TEST_CASE("a frame behind megabytes of damage is found, wherever a chunk of the search ends") {
  Sample sample;
  SeededRandom random(1);
  std::string noise;
  while (noise.size() < 2 * 1_MiB - 3000) noise += static_cast<char>('0' + random.next() % 10);
  for (std::size_t shift = 0; shift < 12; ++shift) {
    sample.add("brands", noise + std::string(shift * 37, 'z') + "\n");
    sample.add("pages", "{}\n");
  }
  std::string bad = sample.bytes();
  for (std::size_t i = 0; i < sample.frames.size(); i += 2)
    bad[static_cast<std::size_t>(sample.frames[i].place.offset) + 9] ^= 1;
  sample.fs.plant(sample.path(), bad);
  const Seen seen = walk(*PackReader::open(sample.fs, kFolder, 12).value());
  CHECK(seen.frames.size() == 12);
  CHECK(seen.damages.size() == 12);
}

TEST_CASE("a forged frame header inside a frame does not take over a pack whose own header is damaged") {
  // A store can send any text, also this: a whole frame header of an invented pack that says it stands right where it
  // will. In a block that does not compress it stands there as it is.
  std::string noise;
  SeededRandom random(5);
  while (noise.size() < 60000) noise += static_cast<char>(random.next() % 240 + 11);
  const PackIdentity invented = identity_from(200);
  std::string bad;
  std::size_t at = 0;
  while (at == 0 && noise.size() < 60020) {
    Sample plain;
    plain.add("brands", noise + "\n");
    FrameHeader forged = frame_of("", 1);
    forged.kind = FrameKind::versions;
    forged.offset = plain.bytes().find(noise) + noise.size();
    const std::string header = encode(invented, forged);
    Sample sample;
    if (header.find('\n') == std::string::npos) {
      sample.add("brands", noise + header + "\n");
      sample.add("brands", "{}\n");
      bad = sample.bytes();
      if (bad.find(header) == forged.offset) at = bad.find(header);
    }
    noise += 'x';
  }
  REQUIRE(at != 0);
  REQUIRE(decode_frame_identity(ByteView(bad).substr(at), at).value() == invented);
  bad[20] ^= 1;
  Sample sample;
  sample.fs.plant(sample.path(), bad);
  const auto reader = PackReader::open(sample.fs, kFolder, 12).value();
  CHECK(reader->header_damaged());
  CHECK(reader->header().identity == sample.header.identity);
  CHECK(walk(*reader).frames.size() == 2);
  // Nor with the header's own copy of the identity hit: the first frame's header comes before anything a store sent.
  bad[40] ^= 1;
  sample.fs.plant(sample.path(), bad);
  CHECK(walk(*PackReader::open(sample.fs, kFolder, 12).value()).frames.size() == 2);
}
