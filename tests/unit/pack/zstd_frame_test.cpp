#include "pack/zstd_frame.h"

#include <catch2/catch.hpp>

using namespace backstock;
using namespace backstock::pack;

TEST_CASE("a zstd frame that lies about its size, is cut, is two, or has no checksum is refused") {
  const std::string raw(100000, 'x');
  const std::string frame(Compressor(3).compress(raw).value());
  REQUIRE(decompress(frame, raw.size()).value() == raw);
  REQUIRE(check_unpacks_to(frame, raw));
  const auto refuse = [](ByteView bytes, std::size_t size) {
    const auto result = decompress(bytes, size);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().kind == ErrorKind::corrupt);
    CHECK_FALSE(check_unpacks_to(bytes, std::string(size, 'x')).has_value());
  };
  refuse(frame, raw.size() - 1);
  refuse(frame, raw.size() + 1);
  refuse(frame, 0);
  refuse(frame + frame, raw.size());
  refuse(frame + "x", raw.size());
  for (std::size_t length = 0; length < frame.size(); ++length) refuse(frame.substr(0, length), raw.size());
  std::string without = frame;
  without[4] = static_cast<char>(without[4] & ~4);
  refuse(without.substr(0, without.size() - 4), raw.size());
  std::string other = raw;
  other[50000] = 'y';
  CHECK_FALSE(check_unpacks_to(frame, other).has_value());
}

TEST_CASE("what is unpacked into used room, larger or smaller, is the frame's bytes and no others") {
  const std::string raw = "short, and not at all like what was in the room before";
  const std::string frame(Compressor(3).compress(raw).value());
  for (const std::size_t size : {0U, 10U, 54U, 55U, 100'000U}) {
    CHECK(decompress(frame, raw.size(), nullptr, std::string(size, 'x')).value() == raw);
  }
}
