#include "text.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <set>

namespace backstock::bench {
namespace {

constexpr std::size_t kWords = 7000;
constexpr const char* kOnsets[] = {"b", "br", "c", "ch", "d",  "f",  "fl", "g",  "gr", "h", "j", "l", "m",  "n",
                                   "p", "pr", "r", "s",  "sh", "st", "t",  "tr", "v",  "w", "",  "k", "sl", "th"};
constexpr const char* kVowels[] = {"a", "e", "i", "o", "u", "ea", "ou", "ai", "y", "oo", "é", "ie"};
constexpr const char* kEnds[] = {"", "", "", "n", "r", "s", "t", "l", "m", "ck", "nd", "st", "ng", "x"};

std::string capital(std::string word) {
  if (!word.empty() && word[0] >= 'a' && word[0] <= 'z') word[0] = static_cast<char>(word[0] - 'a' + 'A');
  return word;
}

std::tm calendar(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  return parts;
}

}  // namespace

std::uint64_t mix(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  const std::uint64_t first = SeededRandom(a).next() ^ b;
  return SeededRandom(SeededRandom(first).next() ^ c).next();
}

std::string Chance::digits(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text.push_back(static_cast<char>('0' + below(10)));
  return text;
}

std::string Chance::hex(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text.push_back("0123456789abcdef"[below(16)]);
  return text;
}

std::string Chance::uuid() {
  return hex(8) + "-" + hex(4) + "-4" + hex(3) + "-" + "89ab"[below(4)] + hex(3) + "-" + hex(12);
}

Vocabulary::Vocabulary(std::uint64_t seed) {
  Chance chance(mix(seed, 7001));
  std::set<std::string> seen;
  std::uint64_t sum = 0;
  for (std::uint64_t rank = 1; words_.size() < kWords;) {
    // Frequent words are short ones.
    const std::size_t syllables = rank < 60 ? 1 : rank < 1500 ? chance.between(1, 3) : chance.between(2, 4);
    std::string word;
    for (std::size_t i = 0; i < syllables; ++i) word.append(chance.pick(kOnsets)).append(chance.pick(kVowels));
    word.append(chance.pick(kEnds));
    if (!seen.insert(word).second) continue;
    words_.push_back(std::move(word));
    sums_.push_back(sum += 10'000'000'000 / (10 * rank + 27));  // Zipf's law as Mandelbrot corrected it
    ++rank;
  }
}

const std::string& Vocabulary::word(Chance& chance) const {
  const auto place = std::upper_bound(sums_.begin(), sums_.end(), chance.below(sums_.back()));
  return words_[static_cast<std::size_t>(place - sums_.begin())];
}

const std::string& Vocabulary::name(Chance& chance) const { return words_[60 + chance.below(words_.size() - 60)]; }

std::string Vocabulary::words(Chance& chance, std::size_t count) const {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text.append(i == 0 ? "" : " ").append(word(chance));
  return text;
}

std::string Vocabulary::sentence(Chance& chance) const {
  const std::size_t count = chance.between(6, 18);
  std::string text = capital(word(chance));
  for (std::size_t i = 1; i < count; ++i) {
    text.append(chance.percent(8) ? ", " : " ").append(word(chance));
    if (chance.percent(2)) text.append(" &amp;");
    if (chance.percent(2)) text.append(" ").append(std::to_string(chance.between(2, 400))).append(" cm");
  }
  return text + ".";
}

std::string Vocabulary::title(Chance& chance, std::size_t count) const {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text.append(i == 0 ? "" : " ").append(capital(chance.percent(50) ? name(chance) : word(chance)));
  }
  return text;
}

void Out::comma() {
  if (!text_.empty() && text_.back() != '{' && text_.back() != '[') text_.push_back(',');
}

void Out::name(std::string_view key) {
  comma();
  text_.append("\"").append(key).append("\":");
}

Out& Out::field(std::string_view key, std::string_view value) {
  name(key);
  text_.push_back('"');
  for (const char c : value) {
    if (c == '\r') {
      text_.append("\\r");
    } else if (c == '\n') {
      text_.append("\\n");
    } else {
      if (c == '"' || c == '\\' || c == '/') text_.push_back('\\');
      text_.push_back(c);
    }
  }
  text_.push_back('"');
  return *this;
}

std::string slug(std::string_view title) {
  std::string text;
  for (const char c : title) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) text.push_back(c);
    if (c >= 'A' && c <= 'Z') text.push_back(static_cast<char>(c - 'A' + 'a'));
    if (c == ' ') text.push_back('-');
  }
  return text;
}

std::string price(std::uint64_t cents) {
  const std::uint64_t rest = cents % 100;
  std::string text = std::to_string(cents / 100);
  if (rest == 0) return text;
  text.append(rest < 10 ? ".0" : ".").append(std::to_string(rest % 10 == 0 ? rest / 10 : rest));
  return text;
}

std::string money(std::uint64_t cents) {
  return std::to_string(cents / 100) + (cents % 100 < 10 ? ".0" : ".") + std::to_string(cents % 100) + "00";
}

std::string iso_date(std::int64_t seconds, std::string_view zone) {
  const std::tm parts = calendar(seconds);
  char text[40];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  return std::string(text, size).append(zone);
}

std::string mail_date(std::int64_t seconds) {
  const std::tm parts = calendar(seconds);
  char text[48];
  return std::string(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &parts));
}

}  // namespace backstock::bench
