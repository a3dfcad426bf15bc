#include <catch2/catch.hpp>
#include <cstdlib>

#include "base/random.h"
#include "time/cron.h"

using namespace backstock;
using backstock::time::Cron;
using backstock::time::next_fire;
using backstock::time::Zone;

namespace {

TimePoint at(const std::string& text) { return parse_time(text, {}).value(); }

Zone zone(const std::string& name) { return Zone::find(name).value(); }

std::vector<std::string> fires(const char* schedule, const char* where, const char* after, std::size_t count) {
  const Cron cron = Cron::parse(schedule).value();
  std::vector<std::string> found;
  TimePoint t = at(after);
  while (found.size() < count) {
    const auto next = next_fire(cron, t, zone(where));
    if (!next) break;
    t = *next;
    found.push_back(format_rfc3339(t));
  }
  return found;
}

using Times = std::vector<std::string>;

// What next_fire should give from `from` to `end`, found by walking real time minute by minute.
std::vector<TimePoint> walked_fires(const Cron& cron, TimePoint from, TimePoint end, const Zone& zone) {
  using std::chrono::minutes;
  const auto fits = [&](backstock::time::LocalTime local) {
    const auto f = backstock::time::fields_of(local);
    const bool by_day = cron.days[f.day];
    const bool by_weekday = cron.weekdays[f.weekday];
    const bool day = cron.any_day || cron.any_weekday ? by_day && by_weekday : by_day || by_weekday;
    return day && cron.months[f.month] && cron.hours[static_cast<std::size_t>(f.hour)] &&
           cron.minutes[static_cast<std::size_t>(f.minute)];
  };
  std::vector<TimePoint> found;
  auto latest = zone.local_at(from - minutes(200));  // the latest local time that any clock has shown
  for (TimePoint t = from - minutes(199); t < end; t += minutes(1)) {
    const auto local = zone.local_at(t);
    bool due = false;
    if (cron.every_hour()) {
      due = fits(local);
    } else {
      for (auto shown = latest + minutes(1); shown <= local; shown += minutes(1)) due = due || fits(shown);
    }
    latest = std::max(latest, local);
    if (due && t > from) found.push_back(t);
  }
  return found;
}

std::string random_field(Random& random, unsigned low, unsigned high) {
  const auto pick = [&](unsigned a, unsigned b) { return a + static_cast<unsigned>(random.next() % (b - a + 1)); };
  const unsigned a = pick(low, high);
  const unsigned b = pick(a, high);
  switch (random.next() % 6) {
    case 0:
      return std::to_string(a);
    case 1:
      return std::to_string(a) + "-" + std::to_string(b);
    case 2:
      return "*/" + std::to_string(pick(1, high - low));
    case 3:
      return std::to_string(a) + "," + std::to_string(pick(low, high)) + "," + std::to_string(pick(low, high));
    default:
      return "*";
  }
}

std::uint64_t seed_of_this_run() {
  const char* given = std::getenv("BACKSTOCK_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : SystemRandom().next();
}

}  // namespace

TEST_CASE("the next time is after the given one, to the millisecond") {
  CHECK(fires("0 3 * * *", "UTC", "2026-11-21T02:59:59.999Z", 1) == Times{"2026-11-21T03:00:00Z"});
  CHECK(fires("0 3 * * *", "UTC", "2026-11-21T03:00:00Z", 1) == Times{"2026-11-22T03:00:00Z"});
  CHECK(fires("0 3 * * *", "UTC", "2026-11-21T03:00:00.001Z", 1) == Times{"2026-11-22T03:00:00Z"});
  CHECK(fires("* * * * *", "UTC", "2026-12-31T23:59:59.999Z", 1) == Times{"2027-01-01T00:00:00Z"});
  CHECK(fires("* * * * *", "UTC", "2026-12-31T23:58:00Z", 2) == Times{"2026-12-31T23:59:00Z", "2027-01-01T00:00:00Z"});
}

TEST_CASE("a schedule counts in the store's zone") {
  CHECK(fires("0 3 * * *", "Europe/Berlin", "2026-01-01", 1) == Times{"2026-01-01T02:00:00Z"});
  CHECK(fires("0 3 * * *", "Europe/Berlin", "2026-07-01", 1) == Times{"2026-07-01T01:00:00Z"});
  CHECK(fires("30 0 1 * *", "Asia/Kathmandu", "2026-01-15", 1) == Times{"2026-01-31T18:45:00Z"});
}

TEST_CASE("two restricted day fields mean either, a starred one means both") {
  // 2026-11-13 is a Friday.
  CHECK(fires("0 0 13 * FRI", "UTC", "2026-11-05", 4) ==
        Times{"2026-11-06T00:00:00Z", "2026-11-13T00:00:00Z", "2026-11-20T00:00:00Z", "2026-11-27T00:00:00Z"});
  CHECK(fires("0 0 13 * FRI", "UTC", "2026-12-12", 1) == Times{"2026-12-13T00:00:00Z"});
  CHECK(fires("0 0 * * FRI", "UTC", "2026-11-05", 1) == Times{"2026-11-06T00:00:00Z"});
  CHECK(fires("0 0 13 * *", "UTC", "2026-11-05", 1) == Times{"2026-11-13T00:00:00Z"});
  CHECK(fires("0 0 */10 * FRI", "UTC", "2026-11-22", 1) == Times{"2026-12-11T00:00:00Z"});
}

TEST_CASE("rare days are found years ahead, leap centuries included") {
  CHECK(fires("0 0 29 2 *", "UTC", "2026-01-01", 2) == Times{"2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"});
  CHECK(fires("0 0 29 2 *", "Europe/Berlin", "2096-03-01", 1) == Times{"2104-02-28T23:00:00Z"});
  CHECK(fires("0 * 29 2 *", "Europe/Berlin", "2026-01-01", 1) == Times{"2028-02-28T23:00:00Z"});
  CHECK(fires("0 0 31 * *", "UTC", "2026-01-31", 2) == Times{"2026-03-31T00:00:00Z", "2026-05-31T00:00:00Z"});
}

TEST_CASE("manual is never due, and neither is anything at the end of the calendar") {
  CHECK(fires("manual", "UTC", "2026-01-01", 1).empty());
  const Cron cron = Cron::parse("* * * * *").value();
  CHECK_FALSE(next_fire(cron, TimePoint::max(), Zone()).has_value());
  CHECK(next_fire(cron, TimePoint::min(), Zone()).has_value());
  CHECK(next_fire(cron, TimePoint::min(), zone("America/New_York")).has_value());
  CHECK_FALSE(next_fire(Cron::parse("0 0 29 2 *").value(), at("9999-01-01"), Zone()).has_value());
}

TEST_CASE("clocks turned forward: a skipped time is due once, right after the gap") {
  SECTION("New York, 8 March 2026, 2:00 becomes 3:00") {
    CHECK(fires("30 2 * * *", "America/New_York", "2026-03-07T12:00:00Z", 2) ==
          Times{"2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"});
    CHECK(fires("*/10 2 * * *", "America/New_York", "2026-03-08T06:59:00Z", 2) ==
          Times{"2026-03-08T07:00:00Z", "2026-03-09T06:00:00Z"});
    CHECK(fires("30 2,3 * * *", "America/New_York", "2026-03-08T00:00:00Z", 2) ==
          Times{"2026-03-08T07:00:00Z", "2026-03-08T07:30:00Z"});
    CHECK(fires("0 2,3 * * *", "America/New_York", "2026-03-08T00:00:00Z", 2) ==
          Times{"2026-03-08T07:00:00Z", "2026-03-09T06:00:00Z"});
  }
  SECTION("Berlin, 29 March 2026, 2:00 becomes 3:00") {
    CHECK(fires("15 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 2) ==
          Times{"2026-03-29T01:00:00Z", "2026-03-30T00:15:00Z"});
  }
  SECTION("Lord Howe, 4 October 2026, 2:00 becomes 2:30") {
    CHECK(fires("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", 2) ==
          Times{"2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"});
    CHECK(fires("45 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", 1) == Times{"2026-10-03T15:45:00Z"});
  }
  SECTION("UTC has no gaps") {
    CHECK(fires("30 2 * * *", "UTC", "2026-03-08T00:00:00Z", 2) ==
          Times{"2026-03-08T02:30:00Z", "2026-03-09T02:30:00Z"});
  }
  SECTION("Samoa left out 30 December 2011") {
    CHECK(fires("0 3 * * *", "Pacific/Apia", "2011-12-29T20:00:00Z", 2) ==
          Times{"2011-12-30T10:00:00Z", "2011-12-30T13:00:00Z"});
  }
}

TEST_CASE("clocks turned back: a repeated time is due once, at the first") {
  CHECK(fires("30 1 * * *", "America/New_York", "2026-11-01T00:00:00Z", 2) ==
        Times{"2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"});
  CHECK(fires("30 1 * * *", "America/New_York", "2026-11-01T06:10:00Z", 1) == Times{"2026-11-02T06:30:00Z"});
  CHECK(fires("0,30 2 * * *", "Europe/Berlin", "2026-10-24T23:00:00Z", 3) ==
        Times{"2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:00:00Z"});
  CHECK(fires("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00:00Z", 2) ==
        Times{"2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"});
  CHECK(fires("30 1 * * *", "UTC", "2026-11-01T00:00:00Z", 1) == Times{"2026-11-01T01:30:00Z"});
}

TEST_CASE("a schedule of every hour follows real time through both changes") {
  CHECK(fires("*/30 * * * *", "America/New_York", "2026-03-08T06:00:00Z", 3) ==
        Times{"2026-03-08T06:30:00Z", "2026-03-08T07:00:00Z", "2026-03-08T07:30:00Z"});
  CHECK(fires("*/30 * * * *", "America/New_York", "2026-11-01T05:00:00Z", 4) ==
        Times{"2026-11-01T05:30:00Z", "2026-11-01T06:00:00Z", "2026-11-01T06:30:00Z", "2026-11-01T07:00:00Z"});
  CHECK(fires("@hourly", "Europe/Berlin", "2026-10-25T00:00:00Z", 3) ==
        Times{"2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z", "2026-10-25T03:00:00Z"});
  CHECK(fires("0 * * * *", "Australia/Lord_Howe", "2026-10-03T14:30:00Z", 2) ==
        Times{"2026-10-03T16:00:00Z", "2026-10-03T17:00:00Z"});  // 1:30, gap to 2:30, 3:00
  CHECK(fires("0 0-23 * * *", "Europe/Berlin", "2026-10-25T00:00:00Z", 1) == Times{"2026-10-25T01:00:00Z"});
}

TEST_CASE("next_fire agrees with a walk through every minute, for random schedules around clock changes") {
  const std::uint64_t seed = seed_of_this_run();
  INFO("repeat with BACKSTOCK_SEED=" << seed);
  SeededRandom random(seed);
  const std::pair<const char*, const char*> places[] = {
      {"America/New_York", "2026-03-07T12:00:00Z"},
      {"America/New_York", "2026-10-31T12:00:00Z"},
      {"Europe/Berlin", "2026-03-28T12:00:00Z"},
      {"Europe/Berlin", "2026-10-24T12:00:00Z"},
      {"Australia/Lord_Howe", "2026-04-04T00:00:00Z"},
      {"Australia/Lord_Howe", "2026-10-03T00:00:00Z"},
      {"UTC", "2028-02-28T12:00:00Z"},
      {"Africa/Casablanca", "2026-02-14T12:00:00Z"},
  };
  for (int round = 0; round < 160; ++round) {
    const auto& [name, start] = places[random.next() % std::size(places)];
    const std::string text = random_field(random, 0, 59) + ' ' + random_field(random, 0, 23) + ' ' +
                             random_field(random, 1, 31) + " * " + random_field(random, 0, 6);
    INFO(text << " in " << name << " from " << start);
    const auto cron = Cron::parse(text);
    REQUIRE(cron.has_value());
    const Zone place = zone(name);
    const TimePoint from = at(start);
    const TimePoint end = from + std::chrono::hours(40);
    std::vector<TimePoint> found;
    for (auto t = next_fire(*cron, from, place); t && *t < end; t = next_fire(*cron, *t, place)) found.push_back(*t);
    CHECK(found == walked_fires(*cron, from, end, place));
    // From anywhere between, not only from one due time to the next.
    for (int i = 0; i < 20; ++i) {
      const TimePoint after = from + std::chrono::seconds(random.next() % (40 * 3600));
      const auto next = next_fire(*cron, after, place);
      const auto wanted = std::find_if(found.begin(), found.end(), [&](TimePoint t) { return t > after; });
      INFO("after " << format_rfc3339(after));
      if (wanted != found.end())
        CHECK((next && *next == *wanted));
      else
        CHECK((!next || *next >= end));
    }
  }
}
