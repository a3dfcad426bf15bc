// Little-endian numbers in byte strings, whatever the machine's own order. Only for this room.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>

#include "base/bytes.h"

namespace backstock::pack {

template <class T>
void put(std::string& out, T value) {
  static_assert(std::is_unsigned_v<T>);
  for (std::size_t i = 0; i < sizeof(T); ++i) out.push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
}

// `at` + sizeof(T) must lie within `bytes`.
template <class T>
T get(ByteView bytes, std::size_t at) {
  static_assert(std::is_unsigned_v<T>);
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(value | static_cast<T>(static_cast<T>(static_cast<std::uint8_t>(bytes[at + i])) << (8 * i)));
  }
  return value;
}

}  // namespace backstock::pack
