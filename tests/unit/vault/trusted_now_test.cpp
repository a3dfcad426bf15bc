// When the clock may decide what is old.
#include <catch2/catch.hpp>

#include "vault/retention.h"

using namespace backstock;
using namespace backstock::vault;

namespace {

TimePoint at(std::string_view text) { return parse_time(text, from_ms(0)).value(); }

// A run each day up to the 20th.
ClockEvidence healthy() {
  ClockEvidence evidence;
  evidence.now = at("2026-11-21 12:00");
  for (TimePoint end = at("2026-09-20 03:00"); end < at("2026-11-21"); end += std::chrono::days(1))
    evidence.finished_runs.push_back(end);
  evidence.last_version = evidence.last_pack = evidence.finished_runs.back();
  evidence.last_prune = at("2026-11-14 04:00");
  return evidence;
}

std::string sentence(const ClockEvidence& evidence) {
  const auto now = trusted_now(evidence);
  if (now) return "trusted";
  CHECK(now.error().kind == ErrorKind::failed);
  CHECK_THAT(now.error().hint, Catch::Contains("--force-clock"));
  return now.error().sentence();
}

}  // namespace

TEST_CASE("a clock that goes on from what has happened is trusted") {
  CHECK(trusted_now(healthy()).value() == at("2026-11-21 12:00"));
  CHECK(sentence({.now = at("2026-11-21")}) == "trusted");  // an empty vault
}

TEST_CASE("a clock that is earlier than what has happened is not, but for minutes") {
  ClockEvidence evidence = healthy();
  SECTION("a version") { evidence.last_version = at("2026-11-21 12:06"); }
  SECTION("a pack") { evidence.last_pack = at("2026-11-21 12:06"); }
  SECTION("a prune") { evidence.last_prune = at("2026-11-21 12:06"); }
  SECTION("a run") { evidence.finished_runs.push_back(at("2026-11-21 12:06")); }
  CHECK_THAT(sentence(evidence), Catch::Contains("the clock says 2026-11-21T12:00:00Z, but ") &&
                                     Catch::Contains(" at 2026-11-21T12:06:00Z") && Catch::Contains("timedatectl"));
  evidence.now += std::chrono::minutes(1);
  CHECK(sentence(evidence) == "trusted");
}

TEST_CASE("a clock far after the last run is not") {
  ClockEvidence evidence = healthy();
  evidence.now = evidence.finished_runs.back() + kLongestPause;
  CHECK(sentence(evidence) == "trusted");
  evidence.now += std::chrono::milliseconds(1);
  CHECK_THAT(sentence(evidence), Catch::Contains("no run for 31 days, from 2026-11-20T03:00:00Z to now"));
}

TEST_CASE("runs made by a clock that has jumped make it no better, until a month of them has passed") {
  ClockEvidence evidence = healthy();
  const TimePoint jump = at("2028-01-01 03:00");
  for (int day = 0; day < 31; ++day) {
    evidence.finished_runs.push_back(jump + std::chrono::days(day));
    evidence.last_version = evidence.finished_runs.back();
    evidence.now = evidence.finished_runs.back() + std::chrono::hours(1);
    INFO(day);
    CHECK_THAT(sentence(evidence), Catch::Contains("no run for 407 days, from 2026-11-20T03:00:00Z to 2028-01-01"));
  }
  evidence.now = jump + kLongestPause;
  CHECK(sentence(evidence) == "trusted");
}

TEST_CASE("once the clock has been put right and a run has ended, its jump is past") {
  ClockEvidence evidence = healthy();
  evidence.finished_runs.push_back(at("2028-01-01 03:00"));
  evidence.last_version = at("2028-01-01 03:00");
  CHECK_THAT(sentence(evidence), Catch::Contains("but the last version was captured at 2028-01-01"));
  evidence.finished_runs.push_back(at("2026-11-21 11:00"));
  evidence.last_version = at("2026-11-21 11:00");
  CHECK(sentence(evidence) == "trusted");
}

TEST_CASE("before the first run has ended, its versions say what time it was") {
  ClockEvidence evidence = healthy();
  evidence.finished_runs.clear();
  CHECK(sentence(evidence) == "trusted");
  evidence.now += std::chrono::days(40);
  CHECK_THAT(sentence(evidence), Catch::Contains("no run for 41 days"));
}
