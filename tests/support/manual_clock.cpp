#include "support/manual_clock.h"

namespace backstock::testing {
namespace {
constexpr std::chrono::milliseconds kTicksAtStart{7'000'123};
}

ManualClock::ManualClock(TimePoint start) : start_ms_(to_ms(start)) {}

TimePoint ManualClock::now() const { return from_ms(start_ms_ + passed_ms_); }

std::chrono::milliseconds ManualClock::ticks() const { return kTicksAtStart + std::chrono::milliseconds(passed_ms_); }

bool ManualClock::sleep_for(std::chrono::milliseconds span, std::stop_token stop) {
  if (stop.stop_requested()) return false;
  if (span.count() > 0) advance(span);
  std::function<void()> call;
  {
    auto log = log_.lock();
    log->sleeps.push_back(span);
    call = log->call;
  }
  if (call) call();
  return !stop.stop_requested();
}

std::vector<std::chrono::milliseconds> ManualClock::sleeps() const { return log_.lock()->sleeps; }

void ManualClock::on_sleep(std::function<void()> call) { log_.lock()->call = std::move(call); }

}  // namespace backstock::testing
