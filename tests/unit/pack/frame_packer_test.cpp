#include "pack/frame_packer.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

using namespace backstock;
using namespace backstock::pack;

namespace {

constexpr int kLevel = 3;

std::string lines(std::size_t nth) {
  std::string raw;
  while (raw.size() < 20'000 + 700 * (nth % 7)) raw += "{\"id\":" + std::to_string(nth * 1000 + raw.size()) + "}\n";
  return raw;
}

FrameHeader header_of(const std::string& raw) {
  FrameHeader header;
  header.kind = FrameKind::versions;
  header.content_type = "brands";
  header.lines = static_cast<std::uint32_t>(std::count(raw.begin(), raw.end(), '\n'));
  return header;
}

bool same(const PackedFrame& a, const PackedFrame& b) {
  return a.bytes == b.bytes && a.room == b.room && a.header.raw_size == b.header.raw_size &&
         a.header.stored_size == b.header.stored_size && a.header.stored_checksum == b.header.stored_checksum;
}

}  // namespace

TEST_CASE("frames are packed as by one thread, whoever packs them and in whatever order they are asked for") {
  Compressor compressor(kLevel);
  FramePacker packer(kLevel);
  for (const std::size_t at_once : {1U, 2U, 5U, 40U}) {
    for (const bool oldest_first : {true, false}) {
      std::vector<std::shared_ptr<FramePacker::Frame>> begun;
      for (std::size_t i = 0; i < at_once; ++i) begun.push_back(packer.begin(header_of(lines(i)), lines(i)));
      for (std::size_t i = 0; i < at_once; ++i) {
        const std::size_t nth = oldest_first ? i : at_once - 1 - i;
        const auto packed = packer.finish(begun[nth]);
        REQUIRE(packed.has_value());
        CHECK(same(*packed, pack_frame(compressor, header_of(lines(nth)), lines(nth)).value()));
        CHECK(begun[nth]->raw == lines(nth));
      }
    }
  }
}

TEST_CASE("a frame that is refused keeps no other from being packed") {
  FramePacker packer(kLevel);
  std::vector<std::shared_ptr<FramePacker::Frame>> begun;
  for (std::size_t i = 0; i < 9; ++i) {
    FrameHeader header = header_of(lines(i));
    if (i % 3 == 1) ++header.lines;
    begun.push_back(packer.begin(std::move(header), lines(i)));
  }
  for (std::size_t i = 0; i < begun.size(); ++i) {
    const auto packed = packer.finish(begun[i]);
    CHECK(packed.has_value() == (i % 3 != 1));
    if (!packed) CHECK(packed.error().kind == ErrorKind::bad_input);
  }
}

TEST_CASE("frames that nobody asks for do not keep a packer from ending") {
  for (std::size_t count = 0; count < 20; ++count) {
    FramePacker packer(kLevel);
    for (std::size_t i = 0; i < count; ++i) packer.begin(header_of(lines(i)), lines(i));
  }
}
