// Text as a store's people write it, from a seed: the raw material of corpus.h.
//
// Words are made up, their frequencies follow Zipf's law over 7,000 of them as in a shop's own vocabulary, so that a
// compressor finds in them about what it finds in prose. Everything follows from the numbers given, on every machine.
//
// Threads: const functions are safe from many.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"

namespace backstock::bench {

// One number of several, spread evenly: seeds of independent streams of chance.
std::uint64_t mix(std::uint64_t a, std::uint64_t b, std::uint64_t c = 0);

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}
  std::uint64_t below(std::uint64_t limit) { return random_.next() % limit; }
  std::uint64_t between(std::uint64_t low, std::uint64_t high) { return low + below(high - low + 1); }
  bool percent(std::uint64_t share) { return below(100) < share; }
  template <class List>
  decltype(auto) pick(const List& list) {
    return list[below(std::size(list))];
  }
  std::string digits(std::size_t count);
  std::string hex(std::size_t count);
  std::string uuid();

 private:
  SeededRandom random_;
};

class Vocabulary {
 public:
  explicit Vocabulary(std::uint64_t seed);
  const std::string& word(Chance& chance) const;  // the frequent ones more often
  const std::string& name(Chance& chance) const;  // any, evenly: what names are made of
  std::string words(Chance& chance, std::size_t count) const;
  std::string sentence(Chance& chance) const;
  std::string title(Chance& chance, std::size_t count) const;  // Each Word Capital

 private:
  std::vector<std::string> words_;
  std::vector<std::uint64_t> sums_;  // of the weights up to each word
};

// JSON in the order it is told, escaped as the service's answers are (with \/ in texts).
class Out {
 public:
  std::string& text() { return text_; }
  void clear() { text_.clear(); }
  Out& open(char bracket) { return comma(), text_.push_back(bracket), *this; }
  Out& open(std::string_view key, char bracket) { return name(key), text_.push_back(bracket), *this; }
  Out& close(char bracket) { return text_.push_back(bracket), *this; }
  Out& field(std::string_view key, std::string_view value);  // a text
  Out& raw(std::string_view key, std::string_view json) { return name(key), text_.append(json), *this; }
  Out& number(std::string_view key, std::uint64_t value) { return raw(key, std::to_string(value)); }
  Out& flag(std::string_view key, bool value) { return raw(key, value ? "true" : "false"); }
  Out& null(std::string_view key) { return raw(key, "null"); }
  Out& element(std::string_view json) { return comma(), text_.append(json), *this; }

 private:
  void comma();
  void name(std::string_view key);

  std::string text_;
};

std::string slug(std::string_view title);
std::string price(std::uint64_t cents);                             // 19.95
std::string money(std::uint64_t cents);                             // "19.9500", as V2 has it
std::string iso_date(std::int64_t seconds, std::string_view zone);  // 2025-01-01T00:00:00 and the zone
std::string mail_date(std::int64_t seconds);                        // Wed, 01 Jan 2025 00:00:00 +0000

}  // namespace backstock::bench
