// When a schedule is due next. The rules at clock changes stand in cron.h; here is why they are cheap.
//
// Schedules of certain hours count in local times: of the fitting local times, in order, the first whose instant is
// after `after`. Taking a skipped local time as the end of its gap and a repeated one as its first showing makes the
// way from local time to instant monotonic, so the first local time that is late enough is also the earliest instant.
//
// Schedules of every hour count in real time: stretch by stretch of equal offset, the first fitting local time that
// still lies in the stretch.
#include <algorithm>

#include "time/cron.h"

namespace backstock::time {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::year_month_day;

namespace {

using LocalMinute = std::chrono::local_time<minutes>;

constexpr TimePoint kFirst = std::chrono::sys_days(std::chrono::year(1) / 1 / 2);
constexpr TimePoint kEnd = std::chrono::sys_days(std::chrono::year(9999) / 12 / 30);

// The first set bit from `from` on; N when there is none.
template <std::size_t N>
std::size_t next_bit(const std::bitset<N>& bits, std::size_t from) {
  while (from < N && !bits[from]) ++from;
  return from;
}

// The first fitting local time of the day, from `from` (since midnight) on.
std::optional<minutes> next_in_day(const Cron& cron, minutes from) {
  const auto start_hour = static_cast<std::size_t>(from / hours(1));
  for (std::size_t hour = next_bit(cron.hours, start_hour); hour < 24; hour = next_bit(cron.hours, hour + 1)) {
    const auto start_minute = hour == start_hour ? static_cast<std::size_t>((from % hours(1)).count()) : 0;
    const std::size_t minute = next_bit(cron.minutes, start_minute);
    if (minute < 60) return hours(hour) + minutes(minute);
  }
  return std::nullopt;
}

// The first fitting local time in [from, end).
std::optional<LocalMinute> next_local(const Cron& cron, LocalMinute from, LocalMinute end) {
  local_days day = floor<days>(from);
  minutes start = from - day;
  while (day < end) {
    const year_month_day date(day);
    if (!cron.months[static_cast<unsigned>(date.month())]) {
      day = local_days(date.year() / date.month() / 1 + std::chrono::months(1));
    } else {
      if (cron.fits_day(day))
        if (const auto time = next_in_day(cron, start)) {
          const LocalMinute found = day + *time;
          if (found >= end) return std::nullopt;
          return found;
        }
      day += days(1);
    }
    start = minutes(0);
  }
  return std::nullopt;
}

std::optional<TimePoint> next_by_the_clock(const Cron& cron, TimePoint after, TimePoint end, const Zone& zone) {
  const LocalMinute last = floor<minutes>(zone.local_at(end));
  auto local = next_local(cron, floor<minutes>(zone.local_at(after)), last);
  while (local) {
    const TimePoint t = zone.instants_of(*local).first;
    if (t > after) return t;
    local = next_local(cron, *local + minutes(1), last);
  }
  return std::nullopt;
}

std::optional<TimePoint> next_in_real_time(const Cron& cron, TimePoint after, TimePoint end, const Zone& zone) {
  for (TimePoint from = after + milliseconds(1); from < end;) {
    const Stretch stretch = zone.stretch_at(from);
    const TimePoint until = std::min(stretch.end, end);
    const auto local_from = LocalTime(from.time_since_epoch() + stretch.offset);
    const auto local_until = LocalTime(until.time_since_epoch() + stretch.offset);
    const auto found =
        next_local(cron, std::chrono::ceil<minutes>(local_from), std::chrono::ceil<minutes>(local_until));
    if (found) return TimePoint(found->time_since_epoch() - stretch.offset);
    from = until;
  }
  return std::nullopt;
}

}  // namespace

bool Cron::fits_day(local_days day) const {
  const bool by_day = days[static_cast<unsigned>(year_month_day(day).day())];
  const bool by_weekday = weekdays[std::chrono::weekday(day).c_encoding()];
  return any_day || any_weekday ? by_day && by_weekday : by_day || by_weekday;
}

std::optional<TimePoint> next_fire(const Cron& cron, TimePoint after, const Zone& zone) {
  if (cron.manual || after >= kEnd) return std::nullopt;
  after = std::max(after, kFirst);
  const TimePoint end = std::min(kEnd, after + std::chrono::duration_cast<milliseconds>(kHorizon));
  return cron.every_hour() ? next_in_real_time(cron, after, end, zone) : next_by_the_clock(cron, after, end, zone);
}

}  // namespace backstock::time
