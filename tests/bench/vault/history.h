// A corpus that make_corpus wrote, read back: what is measured, and what every answer is compared with.
//
// Threads: const after loading.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace backstock::bench {

inline constexpr std::int64_t kBegin = 1'735'689'600'000;  // 2025-01-01T00:00:00Z
inline constexpr std::int64_t kDay = 86'400'000;

struct Entry {
  std::string type;
  std::string id;
  std::uint32_t day = 0;
  std::int64_t at = 0;         // when it was captured: one a millisecond from the day's begin
  std::uint64_t offset = 0;    // of its bytes in the history
  std::uint64_t size = 0;      // none: gone
  std::uint32_t next_day = 0;  // when the item's next version came; after the last day for the newest
  bool gone() const { return size == 0; }
};

class History {
 public:
  // All of it in memory: a bench must not wait for the disk that it measures.
  static Result<History> load(const std::string& folder);

  std::uint32_t days() const { return static_cast<std::uint32_t>(begins_.size() - 1); }
  const std::vector<Entry>& entries() const { return entries_; }
  // Day 0 is the first backup.
  std::size_t begin_of(std::uint32_t day) const { return begins_[day]; }
  std::size_t end_of(std::uint32_t day) const { return day + 1 < begins_.size() ? begins_[day + 1] : entries_.size(); }
  std::string_view bytes(const Entry& entry) const { return std::string_view(text_).substr(entry.offset, entry.size); }
  std::string_view text() const { return text_; }
  // Behind all of a day's captures.
  static std::int64_t evening(std::uint32_t day) { return kBegin + static_cast<std::int64_t>(day) * kDay + kDay / 2; }

 private:
  Result<> load_day(const std::string& path, std::uint32_t day);
  void link();

  std::string text_;
  std::vector<Entry> entries_;
  std::vector<std::size_t> begins_;
};

}  // namespace backstock::bench
