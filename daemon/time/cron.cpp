#include "time/cron.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

namespace backstock::time {
namespace {

struct FieldRule {
  std::string_view label;
  unsigned low;
  unsigned high;
  std::string_view allowed;
  std::array<std::string_view, 12> names;  // of low, low + 1, ...
};

constexpr FieldRule kRules[] = {
    {"minute", 0, 59, "0-59", {}},
    {"hour", 0, 23, "0-23", {}},
    {"day of month", 1, 31, "1-31", {}},
    {"month",
     1,
     12,
     "1-12 or JAN-DEC",
     {"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}},
    {"day of week", 0, 7, "0-7 or SUN-SAT", {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}},
};
constexpr std::size_t kWeekday = 4;

constexpr std::pair<std::string_view, std::string_view> kShortNames[] = {
    {"@hourly", "0 * * * *"},  {"@daily", "0 0 * * *"},  {"@midnight", "0 0 * * *"}, {"@weekly", "0 0 * * 0"},
    {"@monthly", "0 0 1 * *"}, {"@yearly", "0 0 1 1 *"}, {"@annually", "0 0 1 1 *"},
};

constexpr const char* kForm =
    "write five fields, minute hour day-of-month month day-of-week, such as \"0 3 * * *\" for every day at 3:00; or "
    "@hourly, @daily, @weekly, @monthly, @yearly; or manual";

// What an operator typed, short enough for one line.
std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  std::string shown;
  for (const char c : text.substr(0, kLongest)) shown += c >= 0x20 && c < 0x7f ? c : '?';
  return '"' + shown + (text.size() > kLongest ? "...\"" : "\"");
}

Error complaint(const FieldRule& rule, std::string_view found, std::string_view why) {
  return make_error(ErrorKind::bad_input, fmt::format("{}: found {}, {}", rule.label, quoted(found), why), kForm);
}

bool same_letters(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char upper = a[i] >= 'a' && a[i] <= 'z' ? static_cast<char>(a[i] - 'a' + 'A') : a[i];
    if (upper != b[i]) return false;
  }
  return true;
}

std::optional<unsigned> parse_number(std::string_view text) {
  unsigned value = 0;
  if (text.empty() || text.size() > 2) return std::nullopt;  // the longest is "59"; no hidden octal either
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<unsigned> parse_value(const FieldRule& rule, std::string_view text) {
  if (!text.empty())
    for (unsigned i = 0; i < rule.names.size(); ++i)
      if (same_letters(text, rule.names[i])) return rule.low + i;
  const auto value = parse_number(text);
  if (!value || *value < rule.low || *value > rule.high) return std::nullopt;
  return value;
}

struct Range {
  unsigned first;
  unsigned last;
  unsigned step;
};

std::string range_text(std::string_view first, std::string_view last) {
  return first == last ? std::string(first) : fmt::format("{}-{}", first, last);
}

// Quartz and others know `L`, `15W`, `MON#1` and `?`.
bool is_of_other_crons(std::string_view span) {
  if (span.find_first_of("?#") != span.npos) return true;
  return (span.back() == 'L' || span.back() == 'W') && span.find_first_not_of("0123456789LW") == span.npos;
}

// `part` is one element of the list that `field` is.
Result<Range> parse_range(const FieldRule& rule, std::string_view part, std::string_view field) {
  const bool is_weekday = &rule == &kRules[kWeekday];
  Range range{rule.low, is_weekday ? 6 : rule.high, 1};
  const auto slash = part.find('/');
  const std::string_view span = part.substr(0, slash);
  const auto dash = span.find('-');
  if (span.empty()) return complaint(rule, field, fmt::format("allowed is *, {}, and lists of them", rule.allowed));
  if (is_of_other_crons(span))
    return complaint(rule, part, fmt::format("?, L, W and # are not supported; allowed is {}", rule.allowed));
  if (span != "*") {
    const std::string_view first_text = span.substr(0, dash);
    const std::string_view last_text = dash == span.npos ? first_text : span.substr(dash + 1);
    const auto first = parse_value(rule, first_text);
    auto last = parse_value(rule, last_text);
    if (!first || !last) {
      const std::string_view found = first ? last_text : first_text;
      return complaint(rule, found.empty() ? part : found, fmt::format("allowed is {}", rule.allowed));
    }
    if (is_weekday && *first > 0 && *last == 0 && last_text != "0") last = 7;  // FRI-SUN
    if (*first > *last) {
      const std::string highest = std::to_string(is_weekday ? 6 : rule.high);
      return complaint(rule, span,
                       fmt::format("a range runs upwards; write it as two: {},{}", range_text(first_text, highest),
                                   range_text(std::to_string(rule.low), last_text)));
    }
    range.first = *first;
    range.last = *last;
  }
  if (slash != part.npos) {
    if (span != "*" && dash == span.npos)
      return complaint(rule, part,
                       fmt::format("a step needs a range before it: {}-{}{}", span, rule.high, part.substr(slash)));
    const auto step = parse_number(part.substr(slash + 1));
    const unsigned largest = (is_weekday ? 6 : rule.high) - rule.low;
    // */90 in the minutes would mean "at :00", which nobody who writes it wants.
    if (!step || *step == 0 || *step > largest)
      return complaint(rule, part, fmt::format("the step after / is allowed to be 1-{}", largest));
    range.step = *step;
  }
  return range;
}

template <std::size_t N>
Result<> parse_field(std::size_t place, std::string_view field, std::bitset<N>& into) {
  const FieldRule& rule = kRules[place];
  for (std::string_view rest = field;;) {
    const auto comma = rest.find(',');
    const Range range = TRY(parse_range(rule, rest.substr(0, comma), field));
    for (unsigned value = range.first; value <= range.last; value += range.step)
      into.set(place == kWeekday ? value % 7 : value);
    if (comma == rest.npos) return {};
    rest.remove_prefix(comma + 1);
  }
}

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    const auto start = text.find_first_not_of(" \t");
    if (start == text.npos) return words;
    text.remove_prefix(start);
    const auto length = std::min(text.find_first_of(" \t"), text.size());
    words.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
}

bool has_a_day(const Cron& cron) {
  if (!cron.any_weekday) return true;  // a weekday comes in every month
  constexpr unsigned kLengths[] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  for (unsigned month = 1; month <= 12; ++month)
    for (unsigned day = 1; cron.months[month] && day <= kLengths[month]; ++day)
      if (cron.days[day]) return true;
  return false;
}

}  // namespace

Result<Cron> Cron::parse(std::string_view text) {
  std::vector<std::string_view> words = split_words(text);
  Cron cron;
  for (std::size_t i = 0; i < words.size(); ++i)
    cron.text = i == 0 ? std::string(words[i]) : cron.text + ' ' + std::string(words[i]);
  if (words.empty()) return make_error(ErrorKind::bad_input, "the schedule is empty", kForm);
  if (words.size() == 1 && words[0] == "manual") return cron;
  if (words[0].front() == '@') {
    const std::string_view name = words[0];
    const std::size_t count = words.size();
    for (const auto& [shorter, longer] : kShortNames)
      if (count == 1 && name == shorter) words = split_words(longer);
    if (words[0] == name)
      return make_error(ErrorKind::bad_input, fmt::format("{} is not a schedule", quoted(text)), kForm);
  }
  if (words.size() != std::size(kRules))
    return make_error(ErrorKind::bad_input,
                      fmt::format("found {} field{} in {}, five are allowed", words.size(),
                                  words.size() == 1 ? "" : "s", quoted(text)),
                      kForm);
  TRY(parse_field(0, words[0], cron.minutes));
  TRY(parse_field(1, words[1], cron.hours));
  TRY(parse_field(2, words[2], cron.days));
  TRY(parse_field(3, words[3], cron.months));
  TRY(parse_field(4, words[4], cron.weekdays));
  cron.any_day = words[2].front() == '*';
  cron.any_weekday = words[4].front() == '*';
  if (!has_a_day(cron))
    return make_error(
        ErrorKind::bad_input,
        fmt::format("day of month: found {} with month {}, a day that never comes", quoted(words[2]), quoted(words[3])),
        "write 1-28, or a day that the month has");
  cron.manual = false;
  return cron;
}

}  // namespace backstock::time
