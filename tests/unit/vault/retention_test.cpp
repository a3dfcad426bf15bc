// Which versions stay, told by examples. Laws over random histories: retention_laws_test.cpp.
#include "vault/retention.h"

#include <catch2/catch.hpp>

using namespace backstock;
using namespace backstock::vault;
using std::chrono::days;
using std::chrono::hours;

namespace {

constexpr const char* kNow = "2026-11-21T12:00:00Z";

TimePoint at(std::string_view text) { return parse_time(text, from_ms(0)).value(); }

const LocalOffset kUtc = [](TimePoint) { return std::chrono::seconds(0); };

// Versions numbered from 1: a time, and after it what the version is ("bad": of a suspicious run).
std::vector<VersionFacts> item(const std::vector<std::string>& lines) {
  std::vector<VersionFacts> versions;
  for (std::string line : lines) {
    VersionFacts version;
    version.number = static_cast<std::uint32_t>(versions.size() + 1);
    const auto take = [&](std::string_view word) {
      const bool there = line.ends_with(word);
      if (there) line.resize(line.size() - word.size());
      return there;
    };
    version.gone = take(" gone");
    version.pinned = take(" pinned");
    version.suspicious = take(" bad");
    version.at = at(line);
    versions.push_back(version);
  }
  return versions;
}

// Keeps nothing but what must be, to add single rules to.
RetentionRules nothing() {
  RetentionRules rules;
  rules.keep_all = days(0);
  rules.min_versions = 1;
  return rules;
}

// Why each is kept, "" for what is removed.
using Why = std::vector<std::string>;
Why why(const std::vector<std::string>& lines, const RetentionRules& rules, const char* now = kNow,
        const LocalOffset& offset_at = kUtc) {
  Why reasons;
  const std::vector<VersionFacts> versions = item(lines);
  for (const Verdict& verdict : apply_retention(versions, rules, offset_at, at(now))) {
    CHECK(verdict.number == versions[reasons.size()].number);
    reasons.emplace_back(verdict.keep ? to_string(*verdict.keep) : "");
  }
  return reasons;
}

const std::string kNewest(to_string(KeepReason::newest));
const std::string kPinned(to_string(KeepReason::pinned));
const std::string kAhead(to_string(KeepReason::ahead_of_clock));
const std::string kStepped(to_string(KeepReason::clock_stepped));
const std::string kSuspicious(to_string(KeepReason::suspicious_run));
const std::string kYoung(to_string(KeepReason::young));
const std::string kContent(to_string(KeepReason::last_content));
const std::string kMin(to_string(KeepReason::min_versions));
const std::string kHour(to_string(KeepReason::last_of_hour));
const std::string kDay(to_string(KeepReason::last_of_day));
const std::string kWeek(to_string(KeepReason::last_of_week));
const std::string kMonth(to_string(KeepReason::last_of_month));
const std::string kYear(to_string(KeepReason::last_of_year));
const std::string kTombstone(to_string(KeepReason::tombstone_needed));

}  // namespace

TEST_CASE("without a rule everything is kept for ever") {
  CHECK(RetentionPolicy().keeps_everything());
  CHECK(why({"1999-01-01", "2000-01-01 gone", "2001-01-01"}, RetentionRules()) == Why{kYoung, kYoung, kNewest});
}

TEST_CASE("an item without versions has no verdicts") { CHECK(why({}, nothing()).empty()); }

TEST_CASE("keep_all keeps what is younger, to the millisecond") {
  RetentionRules rules = nothing();
  rules.keep_all = days(10);
  CHECK(why({"2026-11-11T11:59:59.999Z", "2026-11-11T12:00:00Z", "2026-11-11T12:00:00.001Z", "2026-11-21"}, rules) ==
        Why{"", "", kYoung, kNewest});
}

TEST_CASE("the newest version is never removed, however old and whatever the rules") {
  CHECK(why({"2001-01-01"}, nothing()) == Why{kNewest});
  CHECK(why({"2001-01-01", "2001-01-02"}, nothing()) == Why{"", kNewest});
}

TEST_CASE("min_versions counts versions with content") {
  RetentionRules rules = nothing();
  rules.min_versions = 2;
  CHECK(why({"2001-01-01", "2001-01-02", "2001-01-03"}, rules) == Why{"", kMin, kNewest});
  CHECK(why({"2001-01-01", "2001-01-02 gone", "2001-01-03"}, rules) == Why{kMin, kTombstone, kNewest});
  CHECK(why({"2001-01-01", "2001-01-02", "2001-01-03", "2001-01-04 gone"}, rules) == Why{"", kMin, kContent, kNewest});
}

TEST_CASE("older versions are thinned to the last of each hour, day, week, month or year") {
  const std::vector<std::string> lines = {"2024-12-31 23:00", "2025-12-29 08:00", "2025-12-29 09:10",
                                          "2025-12-29 09:50", "2025-12-30 10:00", "2026-01-04 23:59",
                                          "2026-01-05 00:00", "2026-02-01 00:00"};
  // 2025-12-29 is a Monday, 2026-01-04 the Sunday after it: one week, two years.
  const auto with = [&](unsigned RetentionRules::*count, unsigned n) {
    RetentionRules rules = nothing();
    rules.*count = n;
    return why(lines, rules);
  };
  CHECK(with(&RetentionRules::hourly, 5) == Why{"", "", "", kHour, kHour, kHour, kHour, kNewest});
  CHECK(with(&RetentionRules::hourly, 6) == Why{"", kHour, "", kHour, kHour, kHour, kHour, kNewest});
  CHECK(with(&RetentionRules::daily, 4) == Why{"", "", "", "", kDay, kDay, kDay, kNewest});
  CHECK(with(&RetentionRules::daily, 5) == Why{"", "", "", kDay, kDay, kDay, kDay, kNewest});
  CHECK(with(&RetentionRules::weekly, 3) == Why{"", "", "", "", "", kWeek, kWeek, kNewest});
  CHECK(with(&RetentionRules::weekly, 4) == Why{kWeek, "", "", "", "", kWeek, kWeek, kNewest});
  CHECK(with(&RetentionRules::monthly, 3) == Why{"", "", "", "", kMonth, "", kMonth, kNewest});
  CHECK(with(&RetentionRules::yearly, 1) == Why{"", "", "", "", "", "", "", kNewest});
  CHECK(with(&RetentionRules::yearly, 2) == Why{"", "", "", "", kYear, "", "", kNewest});
  CHECK(with(&RetentionRules::yearly, 9) == Why{kYear, "", "", "", kYear, "", "", kNewest});
}

TEST_CASE("rules add up, and only versions older than keep_all take places") {
  RetentionRules rules = nothing();
  rules.keep_all = days(30);
  rules.daily = 1;
  rules.monthly = 2;
  CHECK(why({"2026-07-01", "2026-08-01", "2026-09-01", "2026-09-30", "2026-10-01", "2026-11-01", "2026-11-20"},
            rules) == Why{"", "", "", kMonth, kDay, kYoung, kNewest});
}

TEST_CASE("hours and days are those of the store's zone") {
  // As in Berlin: an hour ahead, two in summer.
  const LocalOffset berlin = [](TimePoint t) {
    return hours(t >= at("2026-03-29 01:00") && t < at("2026-10-25 01:00") ? 2 : 1);
  };
  const LocalOffset kathmandu = [](TimePoint) { return std::chrono::minutes(5 * 60 + 45); };
  RetentionRules rules = nothing();
  rules.daily = 9;
  const std::vector<std::string> midnight = {"2026-06-10 21:30", "2026-06-10 22:30", "2026-07-01"};
  CHECK(why(midnight, rules, kNow, berlin) == Why{kDay, kDay, kNewest});
  CHECK(why(midnight, rules) == Why{"", kDay, kNewest});

  rules = nothing();
  rules.hourly = 9;
  const std::vector<std::string> quarters = {"2026-06-10 10:10", "2026-06-10 10:20", "2026-07-01"};
  CHECK(why(quarters, rules, kNow, kathmandu) == Why{kHour, kHour, kNewest});
  CHECK(why(quarters, rules) == Why{"", kHour, kNewest});
  // Clocks are turned back: 2:30 comes twice, and is two hours.
  CHECK(why({"2026-10-25 00:30", "2026-10-25 01:30", "2026-11-01"}, rules, kNow, berlin) == Why{kHour, kHour, kNewest});
}

TEST_CASE("pinned versions stay") {
  CHECK(why({"2001-01-01 pinned", "2001-01-02", "2001-01-03 pinned", "2001-01-04"}, nothing()) ==
        Why{kPinned, "", kPinned, kNewest});
}

TEST_CASE("the last content of a deleted item stays until `deleted` has passed, and then no count holds it") {
  const std::vector<std::string> lines = {"2020-01-01", "2020-01-02", "2020-01-03 gone"};
  RetentionRules rules = nothing();
  CHECK(why(lines, rules) == Why{"", kContent, kNewest});
  rules.monthly = 100;
  rules.min_versions = 5;
  CHECK(why(lines, rules) == Why{kMin, kContent, kNewest});
  rules.deleted = days(365);
  CHECK(why(lines, rules) == Why{"", "", kNewest});
  CHECK(why(lines, rules, "2021-01-01T23:59:59.999Z") == Why{kMin, kContent, kNewest});  // 2020 had 366 days
  CHECK(why(lines, rules, "2021-01-02") == Why{"", "", kNewest});
  // With a content left, what the item is known by stays the same.
  CHECK(why({"2020-01-01 pinned", "2020-01-02", "2020-01-03 gone"}, rules) == Why{kPinned, kContent, kNewest});
  rules.keep_all = days(3650);
  CHECK(why(lines, rules) == Why{kYoung, kYoung, kNewest});
}

TEST_CASE("`deleted` is about items that are gone now") {
  RetentionRules rules = nothing();
  rules.deleted = days(1);
  rules.min_versions = 2;
  CHECK(why({"2020-01-01", "2020-01-02 gone", "2020-01-03"}, rules) == Why{kMin, kTombstone, kNewest});
  // The tombstone is of a time that cannot be: who knows how long the item is gone.
  CHECK(why({"2020-01-01", "2020-01-05", "2020-01-03 gone"}, rules) == Why{kMin, kStepped, kNewest});
}

TEST_CASE("a tombstone stays where the content before it stays, or that would seem to live on") {
  CHECK(why({"2020-01-01 pinned", "2020-01-02", "2020-01-03 gone", "2020-01-04", "2020-01-05 gone", "2020-01-06"},
            nothing()) == Why{kPinned, "", kTombstone, "", "", kNewest});
  CHECK(why({"2020-01-01 gone", "2020-01-02 gone"}, nothing()) == Why{"", kNewest});
  RetentionRules rules = nothing();
  rules.yearly = 9;  // a year that ends with a deletion still has content to show
  CHECK(why({"2020-01-01", "2020-12-31 gone", "2021-01-01"}, rules) == Why{kYear, kTombstone, kNewest});
}

TEST_CASE("a version of a suspicious run stands for its month only where there is no other") {
  RetentionRules rules = nothing();
  rules.monthly = 9;
  CHECK(why({"2025-01-10", "2025-01-20 bad", "2025-02-01"}, rules) == Why{kMonth, "", kNewest});
  CHECK(why({"2025-01-10 bad", "2025-01-20 bad", "2025-02-01"}, rules) == Why{"", kMonth, kNewest});
  CHECK(why({"2025-01-10 bad", "2025-01-20", "2025-02-01"}, rules) == Why{"", kMonth, kNewest});
}

TEST_CASE("versions of suspicious runs do not push others out of min_versions") {
  RetentionRules rules = nothing();
  rules.min_versions = 2;
  CHECK(why({"2025-01-01", "2025-01-02", "2025-01-03", "2025-01-04 bad", "2025-01-05 bad"}, rules) ==
        Why{"", kMin, kMin, kMin, kNewest});
}

TEST_CASE("what came before a suspicious run stays while that is new") {
  const std::vector<std::string> lines = {"2020-01-01", "2020-01-02", "2026-11-01 bad", "2026-11-20"};
  RetentionRules rules = nothing();
  const Why held = {kSuspicious, kSuspicious, kSuspicious, kNewest};
  CHECK(why(lines, rules) == held);
  CHECK(why(lines, rules, "2026-12-01T23:59:59.999Z") == held);
  CHECK(why(lines, rules, "2026-12-02") == Why{"", "", "", kNewest});
  rules.keep_all = days(60);
  CHECK(why(lines, rules, "2026-12-30") == held);
  CHECK(why(lines, rules, "2026-12-31") == Why{"", "", "", kNewest});
}

TEST_CASE("a deletion of a suspicious run removes nothing while it is new") {
  RetentionRules rules = nothing();
  rules.deleted = days(1);
  const std::vector<std::string> lines = {"2020-01-01", "2020-01-02", "2026-11-01 bad gone"};
  CHECK(why(lines, rules) == Why{kSuspicious, kSuspicious, kNewest});
  CHECK(why(lines, rules, "2026-12-02") == Why{"", "", kNewest});
}

TEST_CASE("no version is removed for a time that cannot be") {
  CHECK(why({"2020-01-01", "2030-01-01", "2031-01-01"}, nothing()) == Why{"", kAhead, kNewest});
  // The clock began at 1970 once.
  CHECK(why({"2020-01-01", "2020-01-02", "1970-01-01", "2020-01-03", "2020-01-04"}, nothing()) ==
        Why{"", kStepped, kStepped, "", kNewest});
  // The clock was years ahead for one run: until then no time after it can be told from a wrong one.
  CHECK(why({"2020-01-01", "2025-01-01", "2020-01-02", "2020-01-03", "2025-01-02", "2026-01-01"}, nothing()) ==
        Why{"", kStepped, kStepped, kStepped, "", kNewest});
  // Two at one time are no step.
  CHECK(why({"2020-01-01", "2020-01-01", "2020-01-02"}, nothing()) == Why{"", "", kNewest});
  RetentionRules rules = nothing();
  rules.yearly = 9;
  CHECK(why({"2020-01-01 10:00", "2020-01-01 12:00", "2020-01-01 11:00", "2026-01-01"}, rules) ==
        Why{kYear, kStepped, kStepped, kNewest});
}

TEST_CASE("a type has rules of its own, or those of all") {
  RetentionPolicy policy;
  policy.by_type["orders"] = nothing();
  CHECK(policy.of("orders") == nothing());
  CHECK(policy.of("products") == RetentionRules());
  CHECK_FALSE(policy.keeps_everything());
}
