#include "base/clock.h"

#include <catch2/catch.hpp>

#include "base/random.h"

using namespace backstock;

TEST_CASE("times are written and read as RFC 3339 in UTC") {
  const TimePoint t = from_ms(1795269900000);
  CHECK(format_rfc3339(t) == "2026-11-21T14:05:00Z");
  CHECK(format_rfc3339(from_ms(1795269900007)) == "2026-11-21T14:05:00.007Z");
  CHECK(parse_time("2026-11-21T14:05:00Z", {}).value() == t);
  CHECK(parse_time("2026-11-21T15:05:00+01:00", {}).value() == t);
  CHECK(parse_time("2026-11-21 14:05", {}).value() == t);
  CHECK(parse_time("2026-11-21T14:05:00.007Z", {}).value() == from_ms(1795269900007));
  CHECK(parse_time("2026-11-21", {}).value() == parse_time("2026-11-21T00:00:00Z", {}).value());
}

TEST_CASE("a span counts back from now") {
  const TimePoint now = from_ms(1795269900000);
  CHECK(parse_time("2h ago", now).value() == now - std::chrono::hours(2));
  CHECK(parse_time("90 minutes ago", now).value() == now - std::chrono::minutes(90));
  CHECK(parse_time("1 week ago", now).value() == now - std::chrono::hours(168));
  CHECK(parse_time("now", now).value() == now);
}

TEST_CASE("what is no time is refused with how to write one") {
  for (const char* text : {"", "yesterday", "2026-13-01", "2026-02-30", "2026-11-21T25:00:00Z", "2026-11-21T14:05:00+",
                           "-2h ago", "2026-11-21T14:05:00Zx"}) {
    const auto result = parse_time(text, {});
    INFO(text);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().kind == ErrorKind::bad_input);
    CHECK_FALSE(result.error().hint.empty());
  }
}

TEST_CASE("ULIDs sort by time and do not repeat") {
  SeededRandom random(1);
  const std::string a = make_ulid(from_ms(1000), random);
  const std::string b = make_ulid(from_ms(1000), random);
  const std::string c = make_ulid(from_ms(1001), random);
  CHECK(a.size() == 26);
  CHECK(a != b);
  CHECK(a < c);
  CHECK(b < c);
}

TEST_CASE("a sleep ends at once when asked to stop") {
  SystemClock clock;
  std::stop_source stop;
  stop.request_stop();
  CHECK_FALSE(clock.sleep_for(std::chrono::hours(1), stop.get_token()));
}
