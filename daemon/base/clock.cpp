#include "base/clock.h"

#include <fmt/format.h>

#include <charconv>
#include <condition_variable>
#include <mutex>

namespace backstock {
namespace {

// Reads exactly `digits` digits at `at` and moves on.
std::optional<int> read_digits(std::string_view text, std::size_t& at, std::size_t digits) {
  if (at + digits > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const char c = text[at + i];
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  at += digits;
  return value;
}

bool read_char(std::string_view text, std::size_t& at, char wanted) {
  if (at >= text.size() || text[at] != wanted) return false;
  ++at;
  return true;
}

std::optional<TimePoint> parse_span_ago(std::string_view text, TimePoint now) {
  constexpr std::string_view kAgo = " ago";
  if (!text.ends_with(kAgo)) return std::nullopt;
  text.remove_suffix(kAgo.size());
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count < 0) return std::nullopt;
  std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  using namespace std::chrono;
  if (unit == "s" || unit == "seconds" || unit == "second") return now - seconds(count);
  if (unit == "m" || unit == "min" || unit == "minutes" || unit == "minute") return now - minutes(count);
  if (unit == "h" || unit == "hours" || unit == "hour") return now - hours(count);
  if (unit == "d" || unit == "days" || unit == "day") return now - hours(24 * count);
  if (unit == "w" || unit == "weeks" || unit == "week") return now - hours(24 * 7 * count);
  return std::nullopt;
}

// RFC 3339, the date alone, or date and time without a zone, which then is UTC.
std::optional<TimePoint> parse_calendar(std::string_view text) {
  using namespace std::chrono;
  std::size_t at = 0;
  const auto y = read_digits(text, at, 4);
  if (!y || !read_char(text, at, '-')) return std::nullopt;
  const auto mo = read_digits(text, at, 2);
  if (!mo || !read_char(text, at, '-')) return std::nullopt;
  const auto d = read_digits(text, at, 2);
  if (!d) return std::nullopt;
  const year_month_day date{year(*y), month(static_cast<unsigned>(*mo)), day(static_cast<unsigned>(*d))};
  if (!date.ok()) return std::nullopt;
  TimePoint t = sys_days(date);
  if (at == text.size()) return t;
  if (text[at] != 'T' && text[at] != 't' && text[at] != ' ') return std::nullopt;
  ++at;
  const auto h = read_digits(text, at, 2);
  if (!h || *h > 23 || !read_char(text, at, ':')) return std::nullopt;
  const auto mi = read_digits(text, at, 2);
  if (!mi || *mi > 59) return std::nullopt;
  t += hours(*h) + minutes(*mi);
  if (read_char(text, at, ':')) {
    const auto s = read_digits(text, at, 2);
    if (!s || *s > 60) return std::nullopt;
    t += seconds(*s);
    if (read_char(text, at, '.')) {
      int scale = 100;
      std::size_t digits = 0;
      while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
        t += milliseconds((text[at] - '0') * scale);
        scale /= 10;
        ++at;
        ++digits;
      }
      if (digits == 0) return std::nullopt;
    }
  }
  if (at == text.size() || text.substr(at) == "Z" || text.substr(at) == "z") return t;
  const char sign = text[at];
  if (sign != '+' && sign != '-') return std::nullopt;
  ++at;
  const auto oh = read_digits(text, at, 2);
  read_char(text, at, ':');
  const auto om = read_digits(text, at, 2);
  if (!oh || !om || *oh > 23 || *om > 59 || at != text.size()) return std::nullopt;
  const auto offset = hours(*oh) + minutes(*om);
  return sign == '+' ? t - offset : t + offset;
}

}  // namespace

TimePoint SystemClock::now() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::chrono::milliseconds SystemClock::ticks() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

bool SystemClock::sleep_for(std::chrono::milliseconds span, std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any condition;
  std::unique_lock lock(mutex);
  condition.wait_for(lock, stop, span, [] { return false; });
  return !stop.stop_requested();
}

std::string format_rfc3339(TimePoint t) {
  using namespace std::chrono;
  const auto day_start = floor<days>(t);
  const year_month_day date(day_start);
  const hh_mm_ss time(t - day_start);
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                 time.hours().count(), time.minutes().count(), time.seconds().count());
  if (const auto ms = time.subseconds().count(); ms != 0) text += fmt::format(".{:03}", ms);
  return text + 'Z';
}

Result<TimePoint> parse_time(std::string_view text, TimePoint now) {
  if (text == "now") return now;
  if (const auto t = parse_span_ago(text, now)) return *t;
  if (const auto t = parse_calendar(text)) return *t;
  return make_error(ErrorKind::bad_input, fmt::format("\"{}\" is not a time", text),
                    "write it as 2026-11-21T14:05:00Z, 2026-11-21, or \"2h ago\"");
}

}  // namespace backstock
