// The time, as a seam: real in the daemon, set by hand in tests.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"

namespace backstock {

// UTC with milliseconds, as stored.
using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

inline std::int64_t to_ms(TimePoint t) { return t.time_since_epoch().count(); }
inline TimePoint from_ms(std::int64_t ms) { return TimePoint(std::chrono::milliseconds(ms)); }

class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
  // Monotonic: for durations and deadlines, indifferent to clock steps.
  virtual std::chrono::milliseconds ticks() const = 0;
  // True once that much time has passed, false when `stop` was asked first.
  virtual bool sleep_for(std::chrono::milliseconds span, std::stop_token stop) = 0;
};

class SystemClock final : public Clock {
 public:
  TimePoint now() const override;
  std::chrono::milliseconds ticks() const override;
  bool sleep_for(std::chrono::milliseconds span, std::stop_token stop) override;
};

// 2026-11-21T14:05:00Z; with milliseconds only when they are not zero.
std::string format_rfc3339(TimePoint t);

// RFC 3339 with any offset, `2026-11-21` (midnight UTC), `2026-11-21 14:05` (UTC), `2h ago`, `3d ago`, `now`.
Result<TimePoint> parse_time(std::string_view text, TimePoint now);

}  // namespace backstock
