#include "time/cron.h"

#include <catch2/catch.hpp>

using namespace backstock;
using backstock::time::Cron;

namespace {

Cron cron(const char* text) {
  INFO(text);
  auto parsed = Cron::parse(text);
  if (!parsed) FAIL(parsed.error().sentence());
  return *parsed;
}

template <std::size_t N>
std::vector<int> bits(const std::bitset<N>& set) {
  std::vector<int> found;
  for (std::size_t i = 0; i < N; ++i)
    if (set[i]) found.push_back(static_cast<int>(i));
  return found;
}

}  // namespace

TEST_CASE("each field takes values, ranges, steps and lists of them") {
  const Cron c = cron("*/20 1-3,22 1,15-31/8 JAN,nov-DEC MON-fri");
  CHECK(bits(c.minutes) == std::vector{0, 20, 40});
  CHECK(bits(c.hours) == std::vector{1, 2, 3, 22});
  CHECK(bits(c.days) == std::vector{1, 15, 23, 31});
  CHECK(bits(c.months) == std::vector{1, 11, 12});
  CHECK(bits(c.weekdays) == std::vector{1, 2, 3, 4, 5});
  CHECK_FALSE(c.any_day);
  CHECK_FALSE(c.any_weekday);
  CHECK_FALSE(c.manual);
}

TEST_CASE("Sunday is 0, 7 and SUN, also as the end of a range") {
  CHECK(bits(cron("0 0 * * 7").weekdays) == std::vector{0});
  CHECK(bits(cron("0 0 * * 0").weekdays) == std::vector{0});
  CHECK(bits(cron("0 0 * * sun").weekdays) == std::vector{0});
  CHECK(bits(cron("0 0 * * 5-7").weekdays) == std::vector{0, 5, 6});
  CHECK(bits(cron("0 0 * * FRI-SUN").weekdays) == std::vector{0, 5, 6});
  CHECK(bits(cron("0 0 * * SUN-TUE").weekdays) == std::vector{0, 1, 2});
  CHECK(bits(cron("0 0 * * */2").weekdays) == std::vector{0, 2, 4, 6});
}

TEST_CASE("short names stand for their five fields") {
  const std::pair<const char*, const char*> rows[] = {
      {"@hourly", "0 * * * *"},  {"@daily", "0 0 * * *"},  {"@midnight", "0 0 * * *"}, {"@weekly", "0 0 * * 0"},
      {"@monthly", "0 0 1 * *"}, {"@yearly", "0 0 1 1 *"}, {"@annually", "0 0 1 1 *"},
  };
  for (const auto& [shorter, longer] : rows) {
    INFO(shorter);
    const Cron a = cron(shorter);
    const Cron b = cron(longer);
    CHECK(a.text == shorter);
    CHECK(a.minutes == b.minutes);
    CHECK(a.hours == b.hours);
    CHECK(a.days == b.days);
    CHECK(a.months == b.months);
    CHECK(a.weekdays == b.weekdays);
  }
}

TEST_CASE("the text is kept with single spaces") {
  CHECK(cron("  0\t3  * * *  ").text == "0 3 * * *");
  CHECK(cron("05 03 * * *").minutes.test(5));
  CHECK(cron("manual").manual);
  CHECK(cron(" manual ").text == "manual");
}

TEST_CASE("a complaint names the field, what was found and what is allowed") {
  struct Row {
    const char* text;
    const char* field;
    const char* found;
    const char* allowed;
  };
  const Row rows[] = {
      {"60 * * * *", "minute", "\"60\"", "0-59"},
      {"* 24 * * *", "hour", "\"24\"", "0-23"},
      {"0 0 0 * *", "day of month", "\"0\"", "1-31"},
      {"0 0 32 * *", "day of month", "\"32\"", "1-31"},
      {"0 0 1 13 *", "month", "\"13\"", "JAN-DEC"},
      {"0 0 1 JANUARY *", "month", "\"JANUARY\"", "JAN-DEC"},
      {"0 0 * * 8", "day of week", "\"8\"", "SUN-SAT"},
      {"0 0 * * MOO", "day of week", "\"MOO\"", "SUN-SAT"},
      {"010 * * * *", "minute", "\"010\"", "0-59"},
      {"0x1 * * * *", "minute", "\"0x1\"", "0-59"},
      {"-1 * * * *", "minute", "\"-1\"", "0-59"},
      {"1,,2 * * * *", "minute", "\"1,,2\"", "0-59"},
      {"1, * * * *", "minute", "\"1,\"", "0-59"},
      {"*/0 * * * *", "minute", "\"*/0\"", "1-59"},
      {"*/90 * * * *", "minute", "\"*/90\"", "1-59"},
      {"* */24 * * *", "hour", "\"*/24\"", "1-23"},
      {"*/ * * * *", "minute", "\"*/\"", "1-59"},
      {"5/10 * * * *", "minute", "\"5/10\"", "5-59/10"},
      {"0 22-4 * * *", "hour", "\"22-4\"", "22-23,0-4"},
      {"0 0 * * 6-0", "day of week", "\"6-0\"", "6,0"},
      {"0 0 L * *", "day of month", "\"L\"", "not supported"},
      {"0 0 1 JULY *", "month", "\"JULY\"", "JAN-DEC"},
      {"0 0 15W * *", "day of month", "\"15W\"", "not supported"},
      {"0 0 ? * MON", "day of month", "\"?\"", "not supported"},
      {"0 0 * * MON#1", "day of week", "\"MON#1\"", "not supported"},
      {"0 0 31 2 *", "day of month", "\"31\"", "never comes"},
      {"0 0 31 4,6,9,11 *", "day of month", "\"31\"", "never comes"},
      {"0 0 30-31 FEB *", "day of month", "\"30-31\"", "never comes"},
      {"", "empty", "", ""},
      {"   ", "empty", "", ""},
      {"0 3 * *", "4 fields", "\"0 3 * *\"", "five"},
      {"0 0 3 * * *", "6 fields", "\"0 0 3 * * *\"", "five"},
      {"daily", "1 field ", "\"daily\"", "five"},
      {"@reboot", "@reboot", "\"@reboot\"", "not a schedule"},
      {"@daily 3", "@daily", "\"@daily 3\"", "not a schedule"},
      {"manual 3", "2 fields", "\"manual 3\"", "five"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    const auto parsed = Cron::parse(row.text);
    REQUIRE_FALSE(parsed.has_value());
    INFO(parsed.error().message);
    CHECK(parsed.error().kind == ErrorKind::bad_input);
    CHECK(parsed.error().message.find(row.field) != std::string::npos);
    CHECK(parsed.error().message.find(row.found) != std::string::npos);
    CHECK(parsed.error().message.find(row.allowed) != std::string::npos);
    CHECK_FALSE(parsed.error().hint.empty());
  }
}

TEST_CASE("29 February and days that only some months have are fine") {
  CHECK_FALSE(cron("0 0 29 2 *").manual);
  CHECK_FALSE(cron("0 0 31 * *").manual);
  CHECK_FALSE(cron("0 0 31 2 MON").manual);  // every Monday in February
}

TEST_CASE("what was typed is shown short and printable") {
  const auto parsed = Cron::parse(std::string(5000, 'x') + " * * * *");
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error().message.size() < 120);
  const auto odd = Cron::parse(std::string("\x1b[31m * * * *"));
  REQUIRE_FALSE(odd.has_value());
  CHECK(odd.error().message.find('\x1b') == std::string::npos);
}
