// Names for runs of bytes and counts of them.
#pragma once

#include <cstdint>
#include <string_view>

namespace backstock {

// Borrowed bytes, text or not. As std::string_view they need no casts on the way to SQL, JSON or a file.
using ByteView = std::string_view;

using ByteCount = std::uint64_t;

constexpr ByteCount operator""_KiB(unsigned long long n) { return n * 1024; }
constexpr ByteCount operator""_MiB(unsigned long long n) { return n * 1024 * 1024; }

}  // namespace backstock
