// gzip without a library: enough to pack a run of zeros, at 13 bits for each 258 of them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace backstock::net {

inline std::uint32_t crc32_of_zeros(std::size_t count) {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t c = i;
    for (int k = 0; k < 8; ++k) c = (c & 1U) != 0 ? 0xEDB88320U ^ (c >> 1U) : c >> 1U;
    table[i] = c;
  }
  std::uint32_t crc = 0xFFFFFFFFU;
  for (std::size_t i = 0; i < count; ++i) crc = table[crc & 0xFFU] ^ (crc >> 8U);
  return ~crc;
}

inline std::string gzip_zeros(std::size_t count) {
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
  unsigned pending = 0;
  unsigned bits = 0;
  const auto put = [&](unsigned value, unsigned width) {  // least significant bit first
    for (unsigned i = 0; i < width; ++i) {
      pending |= ((value >> i) & 1U) << bits;
      if (++bits == 8) {
        out += static_cast<char>(pending);
        pending = bits = 0;
      }
    }
  };
  const auto put_code = [&](unsigned code, unsigned width) {  // Huffman codes go the other way round
    for (unsigned i = width; i-- > 0;) put((code >> i) & 1U, 1);
  };
  put(1, 1);  // the last block
  put(1, 2);  // fixed codes
  std::size_t left = count;
  if (left > 0) {
    put_code(0x30, 8);  // one zero
    --left;
  }
  for (; left >= 258; left -= 258) {
    put_code(0xC5, 8);  // length 258
    put_code(0, 5);     // distance 1
  }
  for (; left > 0; --left) put_code(0x30, 8);
  put_code(0, 7);  // end
  if (bits != 0) put(0, 8 - bits);
  for (const std::uint32_t word : {crc32_of_zeros(count), static_cast<std::uint32_t>(count)}) {
    for (unsigned shift = 0; shift < 32; shift += 8) out += static_cast<char>((word >> shift) & 0xFFU);
  }
  return out;
}

}  // namespace backstock::net
