// How many requests may be sent now, so that Backstock keeps to its share of the store's quota.
//
// The store counts all its clients' requests in windows of fixed length (30 s) and answers 429 above the quota. It
// tells quota, what is left, and when the window ends. Promise: in any window the store may be counting, at most
// floor(share * quota) requests (at least 1) are ours. So a store whose other clients keep to the rest never answers
// 429 because of us. When the others have taken more than their rest, requests wait for the window's end while some is
// still left for them. Without rate headers nothing is held back.
//
// How, without knowing the store's clock: a request is counted by the store somewhere between sent and answered. The
// current window began later than (now - window length), and later than the earliest instant at which the last window
// can have ended. Whatever was answered after the later of the two, or is still in flight, may count in the current
// window, and is counted. Before the first answer only one request is let out.
//
// Not promised: anything about other processes with the same token, beyond what `left` tells.
// Threads: one at a time. Time comes in as a value: Clock::ticks().
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>

#include "store_api/rate_headers.h"

namespace backstock::store_api {

// For a progress display.
struct RateState {
  std::optional<std::uint64_t> quota;
  std::optional<std::uint64_t> left;                    // as last told for the running window
  std::uint64_t our_part = 0;                           // of the quota; 0 while unknown
  std::chrono::milliseconds window{30'000};             // in which that many may be sent
  std::uint64_t used_by_us = 0;                         // in the running window
  std::optional<std::chrono::milliseconds> wait_until;  // in ticks; set while requests are held back
};

class RateBudget {
 public:
  using Ticks = std::chrono::milliseconds;
  static constexpr unsigned kUnlimited = std::numeric_limits<unsigned>::max();

  // `share` between 0 and 1 of the quota.
  explicit RateBudget(double share);

  // How many requests may be sent at `now`, beside those in flight.
  unsigned allowance(Ticks now);
  // When to ask again after an allowance of 0; `now` when it is not 0. Only requests in flight and no known end: a
  // second.
  Ticks next_chance(Ticks now);

  void on_sent(Ticks now, unsigned count = 1);
  // Each request sent comes back through exactly one of these two.
  void on_reply(Ticks sent, Ticks now, const RateHeaders& headers);
  void on_failure(Ticks now);  // no answer; it may have been counted all the same

  // Holds everything back until then: after a 429, by retry_delay().
  void hold_until(Ticks until);

  RateState state(Ticks now);

 private:
  void roll(Ticks now);
  std::uint64_t our_part() const;
  std::uint64_t reserve() const;
  std::uint64_t used() const { return in_flight_ + answered_.size(); }
  Ticks margin() const;
  void learn_window(Ticks sent, Ticks now, const RateHeaders& headers);

  // Fixed.
  double share_;
  // What the store told.
  bool heard_ = false;  // any answer yet
  std::optional<std::uint64_t> quota_;
  Ticks window_ = std::chrono::seconds(30);
  std::optional<std::uint64_t> left_;   // least told in the running window
  std::optional<Ticks> ends_earliest_;  // the running window ends between these two
  std::optional<Ticks> ends_latest_;
  // Ours.
  std::uint64_t in_flight_ = 0;
  std::deque<Ticks> answered_;  // when answered; those that may count in the running window
  Ticks hold_until_ = Ticks::min();
};

}  // namespace backstock::store_api
