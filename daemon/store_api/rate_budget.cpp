#include "store_api/rate_budget.h"

#include <algorithm>
#include <cmath>

namespace backstock::store_api {

RateBudget::RateBudget(double share) : share_(std::clamp(share, 0.0, 1.0)) {}

std::uint64_t RateBudget::our_part() const {
  if (!quota_) return 0;
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::floor(share_ * static_cast<double>(*quota_))));
}

// Once the others are in our part: what we do not touch any more, so that they do not run into a 429 of ours.
std::uint64_t RateBudget::reserve() const {
  if (!quota_ || !left_ || *left_ + used() >= our_part()) return 0;
  return (*quota_ + 19) / 20;
}

// For a store that rounds its reset, and for a clock that runs a little differently from ours.
RateBudget::Ticks RateBudget::margin() const { return std::clamp(window_ / 20, Ticks(1), Ticks(100)); }

void RateBudget::roll(Ticks now) {
  Ticks began_after = now - window_;
  if (ends_latest_ && now >= *ends_latest_ + margin()) {
    began_after = std::max(began_after, *ends_earliest_);
    ends_earliest_.reset();
    ends_latest_.reset();
    left_.reset();
  }
  while (!answered_.empty() && answered_.front() < began_after) answered_.pop_front();
}

unsigned RateBudget::allowance(Ticks now) {
  roll(now);
  if (now < hold_until_) return 0;
  if (!heard_) return in_flight_ == 0 ? 1 : 0;
  if (!quota_) return kUnlimited;
  const std::uint64_t part = our_part();
  std::uint64_t allowed = part - std::min(part, used());
  if (left_) {
    // Those in flight may be counted in `left` already, or not yet.
    const std::uint64_t spoken_for = reserve() + in_flight_;
    allowed = std::min(allowed, *left_ - std::min(*left_, spoken_for));
  }
  return static_cast<unsigned>(std::min<std::uint64_t>(allowed, kUnlimited - 1));
}

RateBudget::Ticks RateBudget::next_chance(Ticks now) {
  if (allowance(now) > 0) return now;
  if (now < hold_until_) return hold_until_;
  std::optional<Ticks> chance;
  const auto consider = [&](Ticks t) {
    if (t > now && (!chance || t < *chance)) chance = t;
  };
  if (ends_latest_) consider(*ends_latest_ + margin());
  // Without a known end the oldest answered one leaves the longest possible window.
  if (!answered_.empty()) consider(answered_.front() + window_ + Ticks(1));
  return chance.value_or(now + std::chrono::seconds(1));
}

void RateBudget::on_sent(Ticks now, unsigned count) {
  roll(now);
  in_flight_ += count;
}

void RateBudget::on_reply(Ticks sent, Ticks now, const RateHeaders& headers) {
  roll(now);
  in_flight_ -= std::min<std::uint64_t>(in_flight_, 1);
  heard_ = true;
  if (headers.window) window_ = *headers.window;
  if (headers.quota) quota_ = headers.quota;
  if (!quota_) return;  // unlimited: nothing to count
  answered_.push_back(now);
  learn_window(sent, now, headers);
}

void RateBudget::on_failure(Ticks now) {
  roll(now);
  in_flight_ -= std::min<std::uint64_t>(in_flight_, 1);
  if (quota_) answered_.push_back(now);
}

void RateBudget::learn_window(Ticks sent, Ticks now, const RateHeaders& headers) {
  if (!headers.reset) return;
  // The store worked `reset` out somewhere between sent and now.
  const Ticks earliest = sent + *headers.reset;
  const Ticks latest = now + *headers.reset;
  if (now - sent > window_ / 2) {
    // Too slow an answer to tell windows apart by; but if it says that nothing is left, believe it.
    if (headers.left == 0U) hold_until(latest + margin());
    return;
  }
  const bool newer = !ends_latest_ || earliest > *ends_latest_;
  const bool older = !newer && latest < *ends_earliest_;
  if (older) return;
  if (newer) {
    // So the window known before is over, and this one began at its own end minus its length, or later.
    Ticks began_after = earliest - window_;
    if (ends_earliest_) began_after = std::max(began_after, *ends_earliest_);
    while (!answered_.empty() && answered_.front() < began_after) answered_.pop_front();
    ends_earliest_ = earliest;
    ends_latest_ = latest;
    left_ = headers.left;
    return;
  }
  ends_earliest_ = std::max(*ends_earliest_, earliest);
  ends_latest_ = std::min(*ends_latest_, latest);
  if (headers.left) left_ = std::min(left_.value_or(*headers.left), *headers.left);
}

void RateBudget::hold_until(Ticks until) { hold_until_ = std::max(hold_until_, until); }

RateState RateBudget::state(Ticks now) {
  RateState state;
  const Ticks chance = next_chance(now);
  if (chance > now) state.wait_until = chance;
  state.quota = quota_;
  state.left = left_;
  state.our_part = our_part();
  state.window = window_;
  state.used_by_us = quota_ ? used() : 0;
  return state;
}

}  // namespace backstock::store_api
