#include "store_api/rate_budget.h"

#include <catch2/catch.hpp>

using namespace backstock;
using namespace backstock::store_api;
using namespace std::chrono_literals;
using Ticks = RateBudget::Ticks;

namespace {

RateHeaders headers(std::uint64_t quota, std::uint64_t left, Ticks reset, Ticks window = 30s) {
  return {.quota = quota, .left = left, .reset = reset, .window = window, .retry_after = std::nullopt};
}

// One request sent and answered at the same instant.
void exchange(RateBudget& budget, Ticks now, const RateHeaders& told) {
  budget.on_sent(now);
  budget.on_reply(now, now, told);
}

}  // namespace

TEST_CASE("before the first answer one request is let out, then the quota is known") {
  RateBudget budget(0.5);
  CHECK(budget.allowance(0ms) == 1);
  budget.on_sent(0ms);
  CHECK(budget.allowance(0ms) == 0);
  CHECK(budget.next_chance(0ms) > 0ms);
  budget.on_reply(0ms, 100ms, headers(150, 149, 20s));
  CHECK(budget.allowance(100ms) == 74);
}

TEST_CASE("without rate headers nothing is held back") {
  RateBudget budget(0.1);
  exchange(budget, 0ms, {});
  CHECK(budget.allowance(0ms) == RateBudget::kUnlimited);
  CHECK_FALSE(budget.state(0ms).quota);
}

TEST_CASE("our part is the share of the quota, rounded down, and never nothing") {
  struct {
    double share;
    std::uint64_t quota;
    std::uint64_t part;
  } rows[] = {{0.5, 150, 75}, {0.5, 1, 1}, {0.3, 7, 2}, {1.0, 150, 150}, {0.0, 150, 1}, {2.0, 10, 10}, {-1, 10, 1}};
  for (const auto& row : rows) {
    RateBudget budget(row.share);
    exchange(budget, 0ms, headers(row.quota, row.quota - 1, 10s));
    CHECK(budget.state(0ms).our_part == row.part);
  }
}

TEST_CASE("a used up part comes back when the window that the store told of has ended") {
  RateBudget budget(0.5);
  for (std::uint64_t i = 1; i <= 5; ++i) exchange(budget, 1s, headers(10, 10 - i, 9s));
  CHECK(budget.allowance(1s) == 0);
  CHECK(budget.next_chance(1s) == 10s + 100ms);  // its end, and a little for a store that rounds
  CHECK(budget.allowance(10s) == 0);
  CHECK(budget.allowance(10s + 100ms) == 5);
  CHECK(budget.state(10s + 100ms).used_by_us == 0);
}

TEST_CASE("requests in flight over the end of a window count in the new one too") {
  RateBudget budget(0.5);
  exchange(budget, 1s, headers(10, 9, 9s));
  budget.on_sent(9s + 900ms, 3);
  CHECK(budget.allowance(10s + 100ms) == 2);
}

TEST_CASE("requests answered while it was open whether the window had ended count in the new one") {
  RateBudget budget(0.5);
  // Sent at 1 s, answered at 3 s: the window ends between 10 and 12 s.
  budget.on_sent(1s);
  budget.on_reply(1s, 3s, headers(10, 9, 9s));
  budget.on_sent(10s, 2);
  budget.on_reply(10s, 11s, {});
  budget.on_failure(11s);
  CHECK(budget.allowance(12s + 100ms) == 3);
}

TEST_CASE("when others have taken our part, the rest of the window is left to them") {
  RateBudget budget(0.5);
  exchange(budget, 0ms, headers(100, 40, 20s));
  CHECK(budget.allowance(0ms) == 35);  // 40 less a twentieth of the quota
  exchange(budget, 1s, headers(100, 5, 19s));
  CHECK(budget.allowance(1s) == 0);
  CHECK(budget.next_chance(1s) == 20s + 100ms);
  CHECK(budget.state(1s).wait_until == 20s + 100ms);
  CHECK(budget.state(1s).left == 5U);
  CHECK(budget.allowance(20s + 100ms) == 50);
}

TEST_CASE("a late answer from the window before does not spoil what is known of the new one") {
  RateBudget budget(0.5);
  exchange(budget, 0ms, headers(10, 9, 100ms));
  budget.on_sent(90ms, 2);
  budget.on_reply(90ms, 300ms, headers(10, 9, 29'900ms));
  budget.on_reply(90ms, 310ms, headers(10, 0, 5ms));
  CHECK(budget.allowance(310ms) == 3);
  CHECK(budget.state(310ms).left == 9U);
}

TEST_CASE("after a 429 nothing goes out until the time is up") {
  RateBudget budget(0.5);
  exchange(budget, 0ms, headers(10, 9, 20s));
  budget.hold_until(7s);
  CHECK(budget.allowance(6'999ms) == 0);
  CHECK(budget.next_chance(1s) == 7s);
  CHECK(budget.allowance(7s) == 4);
}

TEST_CASE("a slow answer that says nothing is left is believed, though it cannot tell the window") {
  RateBudget budget(0.5);
  budget.on_sent(0ms);
  budget.on_reply(0ms, 20s, headers(10, 0, 5s));
  CHECK(budget.allowance(20s) == 0);
  CHECK(budget.allowance(25s + 100ms) > 0);
}

TEST_CASE("a changed quota counts from the next answer on") {
  RateBudget budget(0.5);
  exchange(budget, 0ms, headers(100, 99, 20s));
  exchange(budget, 0ms, headers(20, 18, 20s));
  CHECK(budget.allowance(0ms) == 8);
}
