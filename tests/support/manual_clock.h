// A Clock that stands still until told otherwise; sleeping moves it on at once.
//
// now() and ticks() move together. sleep_for() gives false, without moving, if stop was asked before.
// Threads: any; sleeps of several threads add up, so tests of waiting use one.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <stop_token>
#include <vector>

#include "base/clock.h"
#include "base/guarded.h"

namespace backstock::testing {

class ManualClock final : public Clock {
 public:
  // 2026-11-21T14:05:00Z unless told otherwise. Ticks begin at an odd value, so that nobody takes them for a date.
  explicit ManualClock(TimePoint start = from_ms(1'795'269'900'000));

  TimePoint now() const override;
  std::chrono::milliseconds ticks() const override;
  bool sleep_for(std::chrono::milliseconds span, std::stop_token stop) override;

  void advance(std::chrono::milliseconds span) { passed_ms_ += span.count(); }
  // The wall clock is set to another time; ticks do not notice.
  void set_now(TimePoint t) { start_ms_ = to_ms(t) - passed_ms_; }

  // Every span slept so far, in order.
  std::vector<std::chrono::milliseconds> sleeps() const;
  // Called at each sleep, after the time moved: to ask for a stop, to change the world.
  void on_sleep(std::function<void()> call);

 private:
  struct Log {
    std::vector<std::chrono::milliseconds> sleeps;
    std::function<void()> call;
  };
  std::atomic<std::int64_t> start_ms_;
  std::atomic<std::int64_t> passed_ms_ = 0;
  mutable Guarded<Log> log_;
};

}  // namespace backstock::testing
