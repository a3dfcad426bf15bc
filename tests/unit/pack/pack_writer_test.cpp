#include "pack/pack_writer.h"

#include <cerrno>
#include <thread>

#include <catch2/catch.hpp>

#include "base/random.h"
#include "sample.h"
#include "support/faulty_fs.h"

using namespace backstock;
using namespace backstock::pack;
using namespace backstock::testing;

TEST_CASE("what is appended is read back, frame by frame and by place") {
  Sample sample;
  sample.add("products", "{\"id\":1}\n{\"id\":2}\n");
  sample.add("", "{\"control\":\"run_end\"}\n");
  sample.add("products", std::string("{\"x\":\"") + std::string(3000000, 'y') + "\"}\n");
  sample.add("pages", "\n");
  REQUIRE(sample.writer->sync());
  REQUIRE(sample.writer->seal());

  const auto reader = PackReader::open(sample.fs, kFolder, 12).value();
  CHECK(reader->header().store_hash == "abc123");
  CHECK(reader->header_size() == sample.header_size);
  CHECK_FALSE(reader->header_damaged());
  CHECK(reader->file_size().value() == sample.bytes().size());
  const Seen seen = walk(*reader);
  CHECK(seen.damages.empty());
  CHECK(seen.sealed);
  CHECK(seen.end == sample.writer->end());
  CHECK(seen.next_sequence == 4);
  REQUIRE(seen.frames.size() == sample.frames.size());
  for (std::size_t i = 0; i < seen.frames.size(); ++i) {
    const Written& written = sample.frames[i];
    CHECK(seen.frames[i].raw == written.raw);
    CHECK(seen.frames[i].header.sequence == i);
    CHECK(seen.frames[i].header.content_type == written.content_type);
    CHECK(seen.frames[i].place.offset == written.place.offset);
    const FrameContent again = reader->read(written.place).value();
    CHECK(again.raw == written.raw);
    CHECK(again.place.end() == written.place.end());
  }
  CHECK(seen.frames[1].header.kind == FrameKind::control);
}

TEST_CASE("a pack that was created survives a crash, empty as it is") {
  Sample sample;
  sample.fs.crash();
  const auto reader = PackReader::open(sample.fs, kFolder, 12).value();
  const Seen seen = walk(*reader);
  CHECK(seen.frames.empty());
  CHECK(seen.damages.empty());
  CHECK(seen.end == sample.header_size);
}

TEST_CASE("a pack is never written over another") {
  Sample sample;
  const std::string before = sample.bytes();
  const auto again = PackWriter::create(sample.fs, kFolder, sample.header, 3);
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().kind == ErrorKind::conflict);
  CHECK(sample.bytes() == before);
}

TEST_CASE("a pack that could not be created whole leaves no file and can be tried again") {
  for (const Call call : {Call::create, Call::append, Call::sync, Call::sync_folder}) {
    MemoryFs memory;
    REQUIRE(memory.make_folder(kFolder));
    FaultyFs fs(memory);
    fs.fail(call, 1, ENOSPC);
    const auto failed = PackWriter::create(fs, kFolder, sample_header(), 3);
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().kind == ErrorKind::no_space);
    CHECK(memory.list(kFolder).value().empty());
    CHECK(PackWriter::create(fs, kFolder, sample_header(), 3).has_value());
  }
}

TEST_CASE("frames that are not as promised are refused, and nothing is written") {
  Sample sample;
  const std::string before = sample.bytes();
  const auto refuse = [&](FrameHeader header, ByteView raw, ErrorKind kind) {
    const auto result = sample.writer->append(std::move(header), raw);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().kind == kind);
  };
  refuse(frame_of("brands", 0), "", ErrorKind::bad_input);
  refuse(frame_of("brands", 1), "{}", ErrorKind::bad_input);
  refuse(frame_of("brands", 2), "{}\n", ErrorKind::bad_input);
  refuse(frame_of(std::string(256, 'x'), 1), "{}\n", ErrorKind::bad_input);
  refuse(frame_of("brands", 1), std::string(kMaxRawFrame, 'x') + "\n", ErrorKind::too_large);
  CHECK(sample.bytes() == before);
  sample.add("brands", "{}\n");  // the writer is none the worse for it
}

TEST_CASE("pack headers that cannot be written are refused") {
  MemoryFs fs;
  REQUIRE(fs.make_folder(kFolder));
  PackHeader header = sample_header();
  header.identity = {};
  CHECK(PackWriter::create(fs, kFolder, header, 3).error().kind == ErrorKind::bad_input);
  header = sample_header();
  header.store_hash.assign(256, 'x');
  CHECK(PackWriter::create(fs, kFolder, header, 3).error().kind == ErrorKind::bad_input);
  header = sample_header();
  header.replaces.assign(10000, 1);
  CHECK(PackWriter::create(fs, kFolder, header, 3).error().kind == ErrorKind::too_large);
  header.replaces.assign(8000, 1);
  REQUIRE(PackWriter::create(fs, kFolder, header, 3));
  CHECK(PackReader::open(fs, kFolder, 12).value()->header().replaces.size() == 8000);
}

TEST_CASE("after a failed append or sync the writer repeats the error for ever and writes nothing more") {
  for (const Call call : {Call::append, Call::sync}) {
    Sample sample;
    sample.writer.reset();
    REQUIRE(sample.fs.remove(sample.path()));
    FaultyFs fs(sample.fs);
    const auto writer = PackWriter::create(fs, kFolder, sample.header, 3).value();
    fs.fail(call, 1, EIO);
    const bool appended = writer->append(frame_of("brands", 1), "{}\n").has_value();
    CHECK(appended == (call == Call::sync));
    if (appended) REQUIRE_FALSE(writer->sync().has_value());
    const std::string stood = sample.bytes();
    const std::uint64_t syncs = fs.calls(Call::sync);
    CHECK_FALSE(writer->append(frame_of("brands", 1), "{}\n").has_value());
    CHECK_FALSE(writer->sync().has_value());
    CHECK_FALSE(writer->seal().has_value());
    CHECK(fs.calls(Call::sync) == syncs);
    CHECK(sample.bytes() == stood);
  }
}

TEST_CASE("a sealed pack takes no more frames, and sealing twice is one seal") {
  Sample sample;
  sample.add_some();
  REQUIRE(sample.writer->seal());
  const std::string before = sample.bytes();
  REQUIRE(sample.writer->seal());
  CHECK_FALSE(sample.writer->append(frame_of("brands", 1), "{}\n").has_value());
  CHECK(sample.bytes() == before);
  const auto refused = PackWriter::resume(sample.fs, kFolder, sample.header, sample.writer->end(), 4, 3);
  CHECK(refused.error().kind == ErrorKind::conflict);
}

TEST_CASE("a pack that ends cleanly is gone on with") {
  Sample sample;
  sample.add_some();
  sample.writer.reset();
  const auto reader = PackReader::open(sample.fs, kFolder, 12).value();
  const Seen seen = walk(*reader);
  sample.writer = PackWriter::resume(sample.fs, kFolder, reader->header(), seen.end, seen.next_sequence, 19).value();
  sample.add("pages", "{}\n");
  REQUIRE(sample.writer->seal());
  const Seen after = walk(*reader);
  CHECK(after.damages.empty());
  CHECK(after.sealed);
  REQUIRE(after.frames.size() == 5);
  CHECK(after.frames[4].header.sequence == 4);
  // From the middle: the tail that an index does not know yet.
  const Seen tail = walk(*reader, sample.frames[3].place.offset);
  CHECK(tail.frames.size() == 2);
  CHECK(tail.next_sequence == 5);
  CHECK(tail.sealed);
}

TEST_CASE("a pack with a torn tail is not gone on with") {
  Sample sample;
  sample.add_some();
  const std::uint64_t end = sample.writer->end();
  sample.fs.plant(sample.path(), sample.bytes() + "torn");
  const auto refused = PackWriter::resume(sample.fs, kFolder, sample.header, end, 4, 3);
  CHECK(refused.error().kind == ErrorKind::conflict);
  CHECK(PackWriter::resume(sample.fs, kFolder, sample.header, end + 100, 4, 3).error().kind == ErrorKind::conflict);
}

TEST_CASE("going on with a pack makes durable what a killed process left unsynced") {
  Sample sample;
  sample.add("brands", "{}\n");
  const std::uint64_t end = sample.writer->end();
  sample.writer.reset();
  REQUIRE(PackWriter::resume(sample.fs, kFolder, sample.header, end, 1, 3));
  sample.fs.crash();
  CHECK(walk(*PackReader::open(sample.fs, kFolder, 12).value()).frames.size() == 1);
}

TEST_CASE("wherever the machine stops, every frame that was synced is there whole") {
  for (std::uint64_t cut = 0; cut < 16; ++cut) {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
      INFO("cut after " << cut << " operations, seed " << seed);
      MemoryFs fs;
      REQUIRE(fs.make_folder(kFolder));
      fs.cut_after(cut);
      std::vector<FramePlace> told;
      bool created = false;
      if (auto writer = PackWriter::create(fs, kFolder, sample_header(), 1)) {
        created = true;
        for (int i = 0; i < 6; ++i) {
          const auto place = (*writer)->append(frame_of("brands", 1), "{\"i\":" + std::to_string(i) + "}\n");
          if (place && (*writer)->sync()) told.push_back(*place);
        }
      }
      fs.crash(seed == 0 ? std::nullopt : std::optional(seed));
      if (!created) continue;
      const auto reader = PackReader::open(fs, kFolder, 12).value();
      for (std::size_t i = 0; i < told.size(); ++i) {
        CHECK(reader->read(told[i]).value().raw == "{\"i\":" + std::to_string(i) + "}\n");
      }
      const Seen seen = walk(*reader);
      CHECK(seen.frames.size() >= told.size());
      CHECK(seen.damages.size() <= 1);
      if (!seen.damages.empty()) {
        CHECK(seen.damages[0].at_end);
        CHECK(seen.damages[0].offset >= (told.empty() ? reader->header_size() : told.back().end()));
      }
    }
  }
}

TEST_CASE("many threads read one pack at once") {
  Sample sample;
  for (int i = 0; i < 20; ++i)
    sample.add("brands", "{\"i\":" + std::string(static_cast<std::size_t>(i) * 999, '1') + "}\n");
  const auto reader = PackReader::open(sample.fs, kFolder, 12).value();
  std::vector<std::thread> threads;
  std::array<int, 4> right{};
  for (int& count : right) {
    threads.emplace_back([&] {
      for (const Written& frame : sample.frames) {
        const auto content = reader->read(frame.place);
        if (content && content->raw == frame.raw) ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const int count : right) CHECK(count == 20);
}
