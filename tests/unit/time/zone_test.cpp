#include "time/zone.h"

#include <catch2/catch.hpp>

#include "base/clock.h"

using namespace backstock;
using backstock::time::Instants;
using backstock::time::LocalFields;
using backstock::time::LocalTime;
using backstock::time::Zone;

namespace {

TimePoint at(const char* text) { return parse_time(text, {}).value(); }

LocalTime wall(const char* text) { return LocalTime(at(text).time_since_epoch()); }

Zone zone(const char* name) { return Zone::find(name).value(); }

std::string shown(const Zone& zone, const char* instant) {
  return format_rfc3339(TimePoint(zone.local_at(at(instant)).time_since_epoch()));
}

}  // namespace

TEST_CASE("UTC is the zone that needs no finding") {
  const Zone utc;
  CHECK(utc.name() == "UTC");
  CHECK(utc.offset_at(at("2026-07-01")) == std::chrono::seconds(0));
  CHECK(utc.instants_of(wall("2026-03-29T02:30:00Z")).kind == Instants::Kind::unique);
}

TEST_CASE("local clocks show what they show before and after each clock change") {
  struct Row {
    const char* zone;
    const char* instant;
    const char* wall;
    long offset_seconds;
  };
  const Row rows[] = {
      {"America/New_York", "2026-03-08T06:59:59Z", "2026-03-08T01:59:59Z", -5 * 3600},
      {"America/New_York", "2026-03-08T07:00:00Z", "2026-03-08T03:00:00Z", -4 * 3600},
      {"America/New_York", "2026-11-01T05:59:59Z", "2026-11-01T01:59:59Z", -4 * 3600},
      {"America/New_York", "2026-11-01T06:00:00Z", "2026-11-01T01:00:00Z", -5 * 3600},
      {"Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-29T01:59:59Z", 3600},
      {"Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00Z", 2 * 3600},
      {"Europe/Berlin", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z", 3600},
      {"Australia/Lord_Howe", "2026-04-04T14:59:59Z", "2026-04-05T01:59:59Z", 11 * 3600},
      {"Australia/Lord_Howe", "2026-04-04T15:00:00Z", "2026-04-05T01:30:00Z", 10 * 3600 + 1800},
      {"Australia/Lord_Howe", "2026-10-03T15:30:00Z", "2026-10-04T02:30:00Z", 11 * 3600},
      {"Asia/Kathmandu", "2026-01-01T00:00:00Z", "2026-01-01T05:45:00Z", 5 * 3600 + 45 * 60},
  };
  for (const Row& row : rows) {
    INFO(row.zone << " at " << row.instant);
    CHECK(shown(zone(row.zone), row.instant) == row.wall);
    CHECK(zone(row.zone).offset_at(at(row.instant)).count() == row.offset_seconds);
  }
}

TEST_CASE("a local time has one instant, two, or none") {
  const Zone berlin = zone("Europe/Berlin");
  const Instants noon = berlin.instants_of(wall("2026-03-29T12:00:00Z"));
  CHECK(noon.kind == Instants::Kind::unique);
  CHECK(noon.first == at("2026-03-29T10:00:00Z"));
  CHECK(noon.second == noon.first);

  const Instants skipped = berlin.instants_of(wall("2026-03-29T02:30:00Z"));
  CHECK(skipped.kind == Instants::Kind::nonexistent);
  CHECK(skipped.first == at("2026-03-29T01:00:00Z"));

  const Instants repeated = berlin.instants_of(wall("2026-10-25T02:30:00Z"));
  CHECK(repeated.kind == Instants::Kind::ambiguous);
  CHECK(repeated.first == at("2026-10-25T00:30:00Z"));
  CHECK(repeated.second == at("2026-10-25T01:30:00Z"));

  const Instants half = zone("Australia/Lord_Howe").instants_of(wall("2026-04-05T01:45:00Z"));
  CHECK(half.kind == Instants::Kind::ambiguous);
  CHECK(half.second - half.first == std::chrono::minutes(30));
}

TEST_CASE("the fields of a local time name its weekday too") {
  const LocalFields fields = zone("Europe/Berlin").fields_at(at("2026-11-21T14:05:09Z"));
  CHECK(fields ==
        LocalFields{.year = 2026, .month = 11, .day = 21, .weekday = 6, .hour = 15, .minute = 5, .second = 9});
}

TEST_CASE("instants outside the calendar are taken as its edge, not read past it") {
  for (const char* name : {"UTC", "America/New_York"}) {
    const Zone z = zone(name);
    CHECK(z.fields_at(TimePoint::max()).year == 9999);
    CHECK(z.fields_at(TimePoint::min()).year <= 1);
    CHECK(z.instants_of(LocalTime::max()).kind == Instants::Kind::unique);
    CHECK(z.instants_of(LocalTime::min()).kind == Instants::Kind::unique);
  }
}

TEST_CASE("an unknown zone is refused with how to write one") {
  for (const char* name : {"", "Europe/Berln", "europe/berlin", "CEST", "+02:00", "/etc/passwd", "../UTC", "posix/UTC",
                           "localtime", "tzdata.zi"}) {
    INFO(name);
    const auto found = Zone::find(name);
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().kind == ErrorKind::bad_input);
    CHECK_FALSE(found.error().hint.empty());
  }
}

TEST_CASE("every zone of the machine can be found by its name") {
  const auto names = backstock::time::zone_names();
  REQUIRE(names.size() > 300);
  for (const auto& name : names) {
    INFO(name);
    CHECK(Zone::find(name).has_value());
  }
}
