#include "time/zone.h"

#include <date/tz.h>

#include <algorithm>

namespace backstock::time {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Far from where milliseconds or years overflow, in date-tz and here.
constexpr TimePoint kFirst = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
constexpr TimePoint kLast = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31);

TimePoint from_date(date::sys_seconds t) {
  // date-tz marks "since ever" and "for ever" by the ends of its calendar.
  const seconds since = t.time_since_epoch();
  return std::clamp(std::chrono::sys_seconds(since), std::chrono::floor<seconds>(kFirst),
                    std::chrono::floor<seconds>(kLast));
}

// It is another zone on each machine: a config that uses it means something else after a move.
bool depends_on_machine(std::string_view name) { return name == "localtime" || name == "Factory"; }

}  // namespace

LocalFields fields_of(LocalTime local) {
  const auto midnight = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::hh_mm_ss clock(local - midnight);
  return {.year = static_cast<int>(date.year()),
          .month = static_cast<unsigned>(date.month()),
          .day = static_cast<unsigned>(date.day()),
          .weekday = std::chrono::weekday(midnight).c_encoding(),
          .hour = static_cast<int>(clock.hours().count()),
          .minute = static_cast<int>(clock.minutes().count()),
          .second = static_cast<int>(clock.seconds().count())};
}

Zone::Zone() : name_("UTC") {}

Result<Zone> Zone::find(std::string_view name) {
  Zone zone;
  if (name == "UTC") return zone;
  const char* const hint = "use an IANA name such as UTC, Europe/Berlin or America/New_York";
  if (depends_on_machine(name))
    return make_error(ErrorKind::bad_input, "the time zone \"" + std::string(name) + "\" has no place of its own",
                      hint);
  try {
    const auto& zones = date::get_tzdb().zones;
    const auto found = std::find_if(zones.begin(), zones.end(), [&](const auto& z) { return z.name() == name; });
    if (found == zones.end())
      return make_error(ErrorKind::bad_input, "there is no time zone \"" + std::string(name) + "\"", hint);
    found->get_info(date::sys_seconds());  // reads its file: a broken one must fail here, where failing is allowed
    zone.name_ = found->name();
    zone.rules_ = &*found;
    return zone;
  } catch (const std::exception& e) {
    return make_error(ErrorKind::not_found, std::string("the zone database cannot be read: ") + e.what(),
                      "install the package tzdata, or use UTC");
  }
}

Stretch Zone::stretch_at(TimePoint t) const {
  if (rules_ == nullptr) return {kFirst, kLast, seconds(0)};
  const auto at = std::chrono::floor<seconds>(std::clamp(t, kFirst, kLast));
  const date::sys_info info = rules_->get_info(date::sys_seconds(at.time_since_epoch()));
  return {from_date(info.begin), from_date(info.end), info.offset};
}

LocalTime Zone::local_at(TimePoint t) const {
  t = std::clamp(t, kFirst, kLast);
  return LocalTime(t.time_since_epoch() + offset_at(t));
}

Instants Zone::instants_of(LocalTime local) const {
  using Kind = Instants::Kind;
  const milliseconds count = std::clamp(local.time_since_epoch(), kFirst.time_since_epoch(), kLast.time_since_epoch());
  if (rules_ == nullptr) return {Kind::unique, TimePoint(count), TimePoint(count)};
  const date::local_info info = rules_->get_info(date::local_seconds(std::chrono::floor<seconds>(count)));
  const TimePoint first(count - info.first.offset);
  switch (info.result) {
    case date::local_info::nonexistent:
      return {Kind::nonexistent, from_date(info.second.begin), from_date(info.second.begin)};
    case date::local_info::ambiguous:
      return {Kind::ambiguous, first, TimePoint(count - info.second.offset)};
    case date::local_info::unique:
      break;
  }
  return {Kind::unique, first, first};
}

std::vector<std::string> zone_names() {
  std::vector<std::string> names;
  try {
    for (const auto& zone : date::get_tzdb().zones)
      if (!depends_on_machine(zone.name())) names.push_back(zone.name());
  } catch (const std::exception&) {
    names.clear();  // no database: find() says so
  }
  return names;
}

}  // namespace backstock::time
