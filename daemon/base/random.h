// Chance, as a seam: real in the daemon, a printed seed in tests.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"

namespace backstock {

class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t next() = 0;
};

// From the kernel; fit for secrets.
class SystemRandom final : public Random {
 public:
  std::uint64_t next() override;
};

// Deterministic: the same seed gives the same numbers on every machine (SplitMix64).
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() override;

 private:
  std::uint64_t state_;
};

// 26 characters of Crockford base32, sorted by time: names of runs, packs' identities, log lines.
std::string make_ulid(TimePoint now, Random& random);

}  // namespace backstock
