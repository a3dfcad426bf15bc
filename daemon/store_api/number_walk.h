// Lists read by page number, V3 (totals are told, pages come several at once) and V2 (a 204 or a short page ends them).
//
// A page is a range of rows: `size_` rows from (page - 1) * size_. One that is too big is read as smaller ranges of the
// same rows, whose offsets are multiples of their own size, so that they too have page numbers. Behind it the usual
// size goes on.
#pragma once

#include <deque>
#include <vector>

#include "store_api/page_walk.h"

namespace backstock::store_api {

class NumberWalk final : public PageWalk {
 public:
  // `totals_expected`: an answer without a total makes the list doubtful (V3).
  NumberWalk(WalkContext context, bool totals_expected);

  Result<std::optional<Page>> next(std::stop_token stop) override;

 private:
  struct Range {
    std::uint64_t offset = 0;
    std::uint64_t rows = 0;
  };
  struct Fetched {
    Range range;
    Result<Reply> reply;
  };

  // A first page that was short by a round number: the whole list, or the store's cap?
  struct Probe {
    std::uint64_t rows;
    std::string text;
  };

  Get request(Range range) const;
  Range range_of(std::uint64_t page) const { return {(page - 1) * size_, size_}; }
  bool at_end() const;
  void fetch_more(std::stop_token stop);
  void split(Range range);
  Page accept(Range range, CutReply cut);
  void believe_page_size(Range range, const PagingFacts& facts);
  void believe_total(Range range, const PagingFacts& facts);
  void check_rows(Range range, std::uint64_t rows);
  void guard_against_endless(std::size_t fresh);

  WalkContext context_;
  bool totals_expected_;
  std::uint64_t size_;           // rows per page, as asked or as the store believes
  std::uint64_t next_page_ = 1;  // first one neither fetched nor read
  std::optional<std::uint64_t> total_;
  std::uint64_t last_page_ = 0;  // by the total; 0: unknown
  std::deque<Fetched> fetched_;  // in order
  std::vector<Range> smaller_;   // of a page that was too big, last first; go before `fetched_`
  bool heard_ = false;
  std::optional<Probe> probe_;  // set while the page behind a doubtful first one is asked for
  unsigned stale_pages_ = 0;    // in a row without a new row
  std::uint64_t pages_ = 0;
  bool done_ = false;
};

}  // namespace backstock::store_api
