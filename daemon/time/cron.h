// A schedule as cron writes it: when something is due, read from five fields, a short name, or `manual`.
//
//   minute 0-59 · hour 0-23 · day of month 1-31 · month 1-12 or JAN-DEC · day of week 0-7 or SUN-SAT (0 and 7: Sunday)
//   Each field: *, a value, a range a-b, a step */n or a-b/n, or a list of these with commas.
//   @hourly @daily (= @midnight) @weekly @monthly @yearly (= @annually); `manual` is never due by itself.
//
// Both day fields restricted (neither begins with *): a day that fits either is due, as in Vixie cron. Otherwise a day
// must fit both.
//
// Clock changes. A schedule whose hour field admits every hour (`*/30 * * * *`) is due whenever the clock on the wall
// shows a fitting time: nothing is made up for in a gap, and a repeated hour is due again. Every other schedule is due
// exactly once for each local time it names: one that the clocks skip is due at the moment they are turned (several
// skipped ones together, once), one that they show twice is due at the first.
//
// Promise: a parsed schedule that is not manual has a day it can fall on: `0 0 31 2 *` is refused.
// Not promised: seconds, years, `L`, `W`, `#`, `?`.
//
// Threads: pure; a Cron is a value. Errors: bad_input, naming the field, what was found and what is allowed.
#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "time/zone.h"

namespace backstock::time {

struct Cron {
  static Result<Cron> parse(std::string_view text);

  std::string text = "manual";  // as written
  bool manual = true;

  std::bitset<60> minutes;
  std::bitset<24> hours;
  std::bitset<32> days;     // from 1
  std::bitset<13> months;   // from 1
  std::bitset<7> weekdays;  // 0 is Sunday
  bool any_day = true;      // the field began with *
  bool any_weekday = true;

  bool every_hour() const { return hours.all(); }
  bool fits_day(std::chrono::local_days day) const;
};

// The first instant after `after` at which the schedule is due. Empty for `manual`, and when nothing is due within
// kHorizon (which only `after` near the year 9999 can bring about).
std::optional<TimePoint> next_fire(const Cron& cron, TimePoint after, const Zone& zone);

// 29 February on a certain weekday can be 40 years away.
inline constexpr std::chrono::years kHorizon{50};

}  // namespace backstock::time
