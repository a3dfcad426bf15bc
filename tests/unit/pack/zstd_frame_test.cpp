#include "pack/zstd_frame.h"

#include <catch2/catch.hpp>

using namespace backstock;
using namespace backstock::pack;

TEST_CASE("a zstd frame that lies about its size, is cut, is two, or has no checksum is refused") {
  const std::string raw(100000, 'x');
  std::string frame;
  frame.resize(Compressor(3).compress(raw, 0, frame).value());
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
