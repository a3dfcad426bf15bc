// Packs for the tests of this room, and what is seen in them.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "pack/pack_reader.h"
#include "pack/pack_writer.h"
#include "support/memory_fs.h"

namespace backstock::pack {

inline const sys::Path kFolder = "/packs";

inline PackIdentity identity_from(std::uint8_t first) {
  PackIdentity identity;
  for (std::size_t i = 0; i < identity.size(); ++i) identity[i] = static_cast<std::uint8_t>(first + i);
  return identity;
}

inline PackHeader sample_header(std::uint64_t number = 12) {
  PackHeader header;
  header.number = number;
  header.identity = identity_from(static_cast<std::uint8_t>(number * 16));
  header.created_ms = 1700000000000;
  header.store_hash = "abc123";
  return header;
}

inline FrameHeader frame_of(std::string content_type, std::uint32_t lines) {
  FrameHeader header;
  header.kind = content_type.empty() ? FrameKind::control : FrameKind::versions;
  header.content_type = std::move(content_type);
  header.lines = lines;
  return header;
}

struct Written {
  FramePlace place;
  std::string content_type;
  std::string raw;
};

struct Sample {
  testing::MemoryFs fs;
  PackHeader header = sample_header();
  std::unique_ptr<PackWriter> writer;
  std::vector<Written> frames;
  std::uint64_t header_size = 0;

  explicit Sample(std::uint64_t number = 12) : header(sample_header(number)) {
    REQUIRE(fs.make_folder(kFolder));
    writer = PackWriter::create(fs, kFolder, header, 3).value();
    header_size = writer->end();
  }
  sys::Path path() const { return sys::join(kFolder, pack_name(header.number)); }
  void add(const std::string& content_type, const std::string& raw) {
    const auto lines = static_cast<std::uint32_t>(std::count(raw.begin(), raw.end(), '\n'));
    const FramePlace place = writer->append(frame_of(content_type, lines), raw).value();
    frames.push_back({place, content_type, raw});
  }
  // Four small frames, synced; all of one size on disk, so that they can be exchanged.
  void add_some() {
    for (const char* name : {"a", "b", "c", "d"}) add("brands", "{\"name\":\"" + std::string(name) + "\"}\n");
    REQUIRE(writer->sync());
  }
  std::string bytes() const { return fs.bytes_of(path()); }
};

struct Seen {
  std::vector<FrameContent> frames;
  std::vector<Damage> damages;
  std::uint64_t end = 0;
  std::uint32_t next_sequence = 0;
  bool sealed = false;
};

inline Seen walk(const PackReader& reader, std::uint64_t from) {
  Seen seen;
  PackWalk walk(reader, from);
  for (;;) {
    auto step = walk.next().value();
    if (!step) break;
    REQUIRE(step->frame.has_value() != step->damage.has_value());
    if (step->frame) seen.frames.push_back(std::move(*step->frame));
    if (step->damage) seen.damages.push_back(std::move(*step->damage));
  }
  REQUIRE(walk.frames() == seen.frames.size());
  seen.end = walk.end();
  seen.next_sequence = walk.next_sequence();
  seen.sealed = walk.sealed();
  return seen;
}

inline Seen walk(const PackReader& reader) { return walk(reader, reader.header_size()); }

}  // namespace backstock::pack
