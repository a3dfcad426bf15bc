// A time zone, found by its IANA name, and the arithmetic between instants and the local time its clocks show.
//
// Promise: pure arithmetic over the machine's zone database, which is read once, at the first find; UTC works without
// one. Every local time has an answer: one instant, two (clocks were turned back), or none (clocks were turned
// forward), and then the instant at which they were turned.
//
// Not promised: clock changes after 2037. The zone files list them one by one until then, and date-tz 3.0.1 does not
// read the rule at the file's end; later years keep the last offset. Files without that list ("slim" ones, as zic makes
// by default; Debian's are not) would lack even today's changes: the unit tests notice.
// Instants before year 1 and after year 9999 are taken as the nearest instant inside.
//
// Threads: any; a Zone is a value. Errors: bad_input for an unknown name, not_found for a machine without zones.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace date {
class time_zone;
}

namespace backstock::time {

// What a clock on the wall shows, as a count; says nothing about where the wall is.
using LocalTime = std::chrono::local_time<std::chrono::milliseconds>;

struct LocalFields {
  int year = 0;
  unsigned month = 0;    // 1-12
  unsigned day = 0;      // 1-31
  unsigned weekday = 0;  // 0 is Sunday
  int hour = 0;
  int minute = 0;
  int second = 0;
  bool operator==(const LocalFields&) const = default;
};

LocalFields fields_of(LocalTime local);

// The instants at which clocks show a local time.
struct Instants {
  enum class Kind { unique, nonexistent, ambiguous };
  Kind kind = Kind::unique;
  TimePoint first;   // nonexistent: the moment the clocks are turned, the first after the gap
  TimePoint second;  // ambiguous: the later one; else the same as first
};

// A time in which the offset stays the same: [begin, end).
struct Stretch {
  TimePoint begin;
  TimePoint end;
  std::chrono::seconds offset;  // local = UTC + offset
};

class Zone {
 public:
  Zone();  // UTC
  static Result<Zone> find(std::string_view name);

  const std::string& name() const { return name_; }
  std::chrono::seconds offset_at(TimePoint t) const { return stretch_at(t).offset; }
  Stretch stretch_at(TimePoint t) const;
  LocalTime local_at(TimePoint t) const;
  LocalFields fields_at(TimePoint t) const { return fields_of(local_at(t)); }
  Instants instants_of(LocalTime local) const;

 private:
  std::string name_;
  const date::time_zone* rules_ = nullptr;  // owned by date-tz for the life of the process; null is UTC
};

// Every name that find() knows, for "did you mean"; empty on a machine without a zone database.
std::vector<std::string> zone_names();

}  // namespace backstock::time
