// How many rows to ask for at once: less where pages are too big for memory, and back up behind them.
#pragma once

#include <vector>

namespace backstock::store_api {

// The next smaller limit whose pages fit evenly into one of `limit`: 250 -> 125 -> 25 -> 5 -> 1, 10 -> 5 -> 1. 1
// stays 1.
unsigned next_smaller(unsigned limit);

// For lists that go on from a place in them (an id, a cursor), where any limit may follow any other.
class PageSize {
 public:
  explicit PageSize(unsigned usual) : usual_(usual == 0 ? 1 : usual) {}
  unsigned limit() const { return stretch_.empty() ? usual_ : stretch_.back(); }
  // The page was too big: cut it into smaller ones. False at 1.
  bool lower();
  // The page was read.
  void done() {
    if (!stretch_.empty()) stretch_.pop_back();
  }

 private:
  unsigned usual_;
  std::vector<unsigned> stretch_;  // what remains of the page that was too big, last first
};

}  // namespace backstock::store_api
