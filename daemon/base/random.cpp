#include "base/random.h"

#include <sys/random.h>

#include <cstdlib>

namespace backstock {

std::uint64_t SystemRandom::next() {
  std::uint64_t value = 0;
  // getrandom never gives less than 256 bytes' worth once the kernel is seeded; a failure here leaves no safe way on.
  if (getrandom(&value, sizeof value, 0) != sizeof value) std::abort();
  return value;
}

std::uint64_t SeededRandom::next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

std::string make_ulid(TimePoint now, Random& random) {
  static constexpr char kAlphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string text(26, '0');
  auto ms = static_cast<std::uint64_t>(to_ms(now));
  for (int i = 9; i >= 0; --i, ms >>= 5) text[static_cast<std::size_t>(i)] = kAlphabet[ms & 31];
  for (std::size_t half = 0; half < 2; ++half) {
    std::uint64_t bits = random.next();
    for (std::size_t i = 0; i < 8; ++i, bits >>= 5) text[10 + half * 8 + i] = kAlphabet[bits & 31];
  }
  return text;
}

}  // namespace backstock
