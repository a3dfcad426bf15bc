// A store with fixed windows, other clients that keep to the rest, and answers that take their time: never one 429.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <functional>
#include <queue>
#include <random>

#include "base/random.h"
#include "store_api/rate_budget.h"

using namespace backstock;
using namespace backstock::store_api;
using namespace std::chrono_literals;
using Ticks = RateBudget::Ticks;

namespace {

struct World {
  double share;
  std::uint64_t quota;
  Ticks window;
  Ticks slowest;      // answer
  unsigned at_once;   // requests of ours
  bool others_burst;  // all at once, at a random instant of each window
  std::uint64_t seed;
};

struct Outcome {
  std::uint64_t ours = 0;
  std::uint64_t limited = 0;
  std::uint64_t most_in_a_window = 0;
};

constexpr int kWindows = 12;

class Simulation {
 public:
  explicit Simulation(const World& world) : world_(world), chance_(world.seed), budget_(world.share) {}

  Outcome run() {
    part_ = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(world_.share * static_cast<double>(world_.quota)));
    start_ = Ticks(up_to(100'000));
    offset_ = Ticks(up_to(static_cast<std::uint64_t>(world_.window.count())));
    const Ticks end = start_ + world_.window * kWindows;
    plan_others();
    at(start_, [this] { act(); });
    while (!events_.empty() && events_.top().when < end) {
      now_ = events_.top().when;
      auto happen = events_.top().happen;
      events_.pop();
      happen();
    }
    close_window();
    return outcome_;
  }

 private:
  struct Event {
    Ticks when;
    std::uint64_t order;
    std::function<void()> happen;
    bool operator<(const Event& other) const { return std::tie(when, order) > std::tie(other.when, other.order); }
  };

  std::uint64_t up_to(std::uint64_t most) { return chance_.next() % (most + 1); }
  void at(Ticks when, std::function<void()> happen) { events_.push({when, order_++, std::move(happen)}); }

  // The store's clock: windows begin at offset_ + k * window.
  std::int64_t window_number(Ticks t) const { return (t - offset_ + 10 * world_.window) / world_.window; }
  Ticks window_end(Ticks t) const { return offset_ + (window_number(t) + 1) * world_.window - 10 * world_.window; }

  void plan_others() {
    for (int k = -1; k <= kWindows + 1; ++k) {
      const Ticks begin = window_end(start_) + k * world_.window - world_.window;
      const std::uint64_t rest = world_.quota - std::min(world_.quota, part_);
      const std::uint64_t count = chance_.next() % 3 == 0 ? rest : up_to(rest);
      const auto length = static_cast<std::uint64_t>(world_.window.count());
      const Ticks burst = begin + Ticks(up_to(length - 1));
      for (std::uint64_t i = 0; i < count; ++i) {
        const Ticks when = world_.others_burst ? burst : begin + Ticks(up_to(length - 1));
        if (when >= start_) at(when, [this] { count_request(false); });
      }
    }
  }

  void close_window() {
    outcome_.most_in_a_window = std::max(outcome_.most_in_a_window, ours_in_window_);
    total_in_window_ = ours_in_window_ = 0;
  }

  RateHeaders count_request(bool ours) {
    if (window_number(now_) != counted_window_) {
      close_window();
      counted_window_ = window_number(now_);
    }
    ++total_in_window_;
    if (ours) {
      ++outcome_.ours;
      ++ours_in_window_;
      if (total_in_window_ > world_.quota) ++outcome_.limited;
    }
    const std::uint64_t left = world_.quota - std::min(world_.quota, total_in_window_);
    return {world_.quota, left, window_end(now_) - now_, world_.window, std::nullopt};
  }

  void act() {
    while (in_flight_ < world_.at_once && budget_.allowance(now_) > 0) {
      budget_.on_sent(now_);
      ++in_flight_;
      const Ticks sent = now_;
      const Ticks there = now_ + Ticks(up_to(static_cast<std::uint64_t>(world_.slowest.count()) / 2));
      const Ticks back = there + Ticks(up_to(static_cast<std::uint64_t>(world_.slowest.count()) / 2));
      at(there, [this, sent, back] {
        const RateHeaders told = count_request(true);
        at(back, [this, sent, told] {
          --in_flight_;
          budget_.on_reply(sent, now_, told);
          act();
        });
      });
    }
    if (in_flight_ >= world_.at_once) return;  // the next answer calls again
    const Ticks chance = budget_.next_chance(now_);
    REQUIRE(chance > now_);
    if (acts_at_ > now_ && acts_at_ <= chance) return;
    acts_at_ = chance;
    at(chance, [this] { act(); });
  }

  World world_;
  SeededRandom chance_;
  RateBudget budget_;
  std::uint64_t part_ = 0;
  Ticks start_{};
  Ticks offset_{};
  Ticks now_{};
  Ticks acts_at_ = Ticks::min();
  std::priority_queue<Event> events_;
  std::uint64_t order_ = 0;
  std::int64_t counted_window_ = -1;
  std::uint64_t total_in_window_ = 0;
  std::uint64_t ours_in_window_ = 0;
  unsigned in_flight_ = 0;
  Outcome outcome_;
};

std::uint64_t first_seed() {
  if (const char* given = std::getenv("BACKSTOCK_SEED")) return std::strtoull(given, nullptr, 10);
  return std::random_device{}();
}

}  // namespace

TEST_CASE("beside clients that keep to the rest of the quota, none of our requests is ever answered 429") {
  const std::uint64_t seed = first_seed();
  std::uint64_t round = 0;
  for (const double share : {0.05, 0.3, 0.5, 0.8, 1.0}) {
    for (const std::uint64_t quota : {1U, 7U, 150U}) {
      for (const Ticks window : {Ticks(200), Ticks(30'000)}) {
        for (const Ticks slowest : {Ticks(0), Ticks(20), Ticks(300), Ticks(2'000)}) {
          for (const unsigned at_once : {1U, 4U, 20U}) {
            const World world{share, quota, window, slowest, at_once, round % 2 == 0, seed + round};
            ++round;
            const Outcome outcome = Simulation(world).run();
            CAPTURE(seed, share, quota, window.count(), slowest.count(), at_once, world.seed);
            const auto part =
                std::max<std::uint64_t>(1, static_cast<std::uint64_t>(share * static_cast<double>(quota)));
            REQUIRE(outcome.most_in_a_window <= part);
            REQUIRE(outcome.limited == 0);
            // And it is no standstill: where answers are quick against the window, most of our part is used.
            if (slowest * 20 <= window && part >= 7 && part < quota) {
              const double could = static_cast<double>(at_once) * static_cast<double>(window.count()) /
                                   static_cast<double>(std::max<std::int64_t>(1, slowest.count()));
              const double due = std::min(static_cast<double>(part), could);
              REQUIRE(static_cast<double>(outcome.ours) > 0.8 * due * kWindows);
            }
          }
        }
      }
    }
  }
}
