#include "config/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace backstock::config {
namespace {

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

// BigCommerce's tokens are 31 letters and digits, its client secrets 64; base64 may come from elsewhere.
bool could_be_secret(std::string_view text) {
  constexpr std::size_t kShortest = 20;
  std::size_t run = 0;
  bool digit = false;
  bool letter = false;
  for (const char c : text) {
    if (!is_digit(c) && !is_letter(c)) {
      run = 0;
      digit = letter = false;
      continue;
    }
    ++run;
    digit = digit || is_digit(c);
    letter = letter || is_letter(c);
    if (run >= kShortest && digit && letter) return true;
  }
  return false;
}

// Letters to add, drop, replace or swap.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  return cost[a.size()][b.size()];
}

}  // namespace

std::string format(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    text += problem.file;
    if (problem.line > 0) text += fmt::format(":{}", problem.line);
    if (!problem.key_path.empty()) text += ": " + problem.key_path;
    text += fmt::format(": {} - {}\n", problem.message, problem.hint);
  }
  return text;
}

std::string found(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  if (could_be_secret(text)) return fmt::format("{} characters", text.size());
  std::string shown;
  for (const char c : text.substr(0, kLongest)) {
    const auto byte = static_cast<unsigned char>(c);
    shown += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
  if (text.size() > kLongest) {
    // Never half a character: the terminal of the reader is UTF-8.
    while (!shown.empty() && (static_cast<unsigned char>(shown.back()) & 0xc0U) == 0x80U) shown.pop_back();
    if (!shown.empty() && static_cast<unsigned char>(shown.back()) >= 0x80U) shown.pop_back();
    shown += "...";
  }
  return '"' + shown + '"';
}

std::string found_name(std::string_view text) {
  const std::string shown = found(text);
  return shown.front() == '"' ? shown.substr(1, shown.size() - 2) : '(' + shown + ')';
}

std::string_view nearest(std::string_view typed, const std::vector<std::string_view>& known) {
  constexpr std::size_t kLongest = 64;  // no name of ours is longer, and the table is quadratic
  if (typed.size() > kLongest) return {};
  std::string_view best;
  std::size_t best_cost = std::max<std::size_t>(1, typed.size() / 3) + 1;
  for (const std::string_view name : known) {
    if (name.size() > typed.size() + best_cost || typed.size() > name.size() + best_cost) continue;
    const std::size_t cost = edit_distance(typed, name);
    if (cost >= best_cost) continue;
    best = name;
    best_cost = cost;
  }
  return best;
}

std::string did_you_mean(std::string_view typed, const std::vector<std::string_view>& known) {
  if (const auto name = nearest(typed, known); !name.empty()) return fmt::format("did you mean \"{}\"?", name);
  return fmt::format("allowed here: {}", fmt::join(known, ", "));
}

}  // namespace backstock::config
