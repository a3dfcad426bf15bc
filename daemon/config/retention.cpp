#include "config/retention.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "config/reader.h"
#include "content/registry.h"

namespace backstock::config {
namespace {

constexpr const char* kSpanAllowed = "a length of time such as 90d, or forever";

// Digits that are a number to every reader: no sign, no leading zero.
std::optional<unsigned> whole_number(std::string_view digits) {
  unsigned number = 0;
  if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

std::optional<std::chrono::hours> unit_of(char letter) {
  using namespace std::chrono;
  switch (letter) {
    case 'h':
      return hours(1);
    case 'd':
      return days(1);
    case 'w':
      return weeks(1);
    case 'y':
      return days(366);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Complaint> parse_span(const std::string& text, Span& into) {
  constexpr unsigned kMostYears = 100;
  if (text == "forever") {
    into = Span();
    return std::nullopt;
  }
  const Complaint wrong{
      fmt::format("found {}, allowed is {}", found(text), kSpanAllowed),
      "write digits and one letter without a space: h for hours, d for days, w for weeks, y for years"};
  const auto unit = text.empty() ? std::nullopt : unit_of(text.back());
  if (!unit) return wrong;
  const auto count = whole_number(std::string_view(text).substr(0, text.size() - 1));
  if (!count) return wrong;
  const auto most = *unit_of('y') * kMostYears;
  if (*count > most / *unit)
    return Complaint{fmt::format("found {}, allowed are at most {}y", found(text), kMostYears),
                     "write forever for what is never to be removed"};
  into = {*unit * *count, text};
  return std::nullopt;
}

std::optional<Complaint> parse_count(const std::string& text, Count& into) {
  constexpr unsigned kMost = 100000;
  const auto count = whole_number(text);
  if (!count || *count > kMost)
    return Complaint{fmt::format("found {}, allowed is a whole number from 0 to {}", found(text), kMost),
                     "write digits alone; 0 is none"};
  into.value = *count;
  return std::nullopt;
}

std::optional<Complaint> check_grace(const Span& grace) {
  if (grace.length) return std::nullopt;
  return Complaint{"found forever, allowed is a length of time such as 14d",
                   "write keep_all: forever to remove nothing; what is removed needs a day on which it goes"};
}

std::optional<Complaint> check_min_versions(const Count& count) {
  if (count.value > 0) return std::nullopt;
  return Complaint{"found 0, allowed is 1 or more", "the newest version is kept in any case"};
}

std::optional<Complaint> check_own_min_versions(const std::optional<Count>& count) {
  return count ? check_min_versions(*count) : std::nullopt;
}

bool Reader::read(const Node& node, const std::string& path, Span& into) {
  const std::string* text = text_of(node, path, kSpanAllowed);
  if (text == nullptr) return false;
  if (auto complaint = parse_span(*text, into)) {
    complain(node.at, path, *std::move(complaint));
    return false;
  }
  show(path, into.text, &node);
  return true;
}

bool Reader::read(const Node& node, const std::string& path, Count& into) {
  const std::string* text = text_of(node, path, "a whole number");
  if (text == nullptr) return false;
  if (auto complaint = parse_count(*text, into)) {
    complain(node.at, path, *std::move(complaint));
    return false;
  }
  show(path, *text, &node);
  return true;
}

bool Reader::read(const Node& node, const std::string& path, Retention::Types& into) {
  if (!is_map(node, path)) return false;
  std::vector<std::string_view> known;
  for (const content::ContentType& type : content::all_types()) known.push_back(type.name);
  for (const Entry& entry : node.entries) {
    if (content::find_type(entry.key) == nullptr)
      complain(entry.at, below(path, found_name(entry.key)),
               {"there is no such content type", did_you_mean(entry.key, known)});
    else
      read(entry.value, below(path, entry.key), into[entry.key]);
  }
  return true;
}

void Reader::show_default(const std::string& path, const Span& value) { show(path, value.text, nullptr); }
void Reader::show_default(const std::string& path, const Count& value) {
  show(path, fmt::format("{}", value.value), nullptr);
}
// What a content type does not name is that of all types, which is shown once.
void Reader::show_default(const std::string&, const std::optional<Span>&) {}
void Reader::show_default(const std::string&, const std::optional<Count>&) {}
void Reader::show_default(const std::string&, const Retention::Types&) {}
void Reader::show_default(const std::string& path, const std::optional<Retention>&) {
  show(path, "(not set)", nullptr);
}

}  // namespace backstock::config
