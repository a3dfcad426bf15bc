#include "backup/progress_meter.h"

#include <catch2/catch.hpp>

#include "unit/store_api/client_fixture.h"

using namespace backstock;
using namespace backstock::backup;

namespace {

struct Shown final : ProgressSink {
  Progress last;
  void show(const Progress& progress) override { last = progress; }
};

struct World {
  store_api::ClientFixture store;
  Shown shown;
  ProgressMeter meter{"acme", "run", 2, store.client, store.clock, &shown};
  void spend(std::chrono::milliseconds time) { store.clock.advance(time); }
};

}  // namespace

TEST_CASE("time left follows from the time that items took") {
  World w;
  w.meter.begin_type("orders", 60);
  w.meter.phase("reading", 100);
  w.spend(std::chrono::seconds(10));
  w.meter.add(10, 10);
  CHECK(w.shown.last.seconds_left == 90);
  CHECK(w.shown.last.seconds_left_all == 150);
}

TEST_CASE("items that needed no more than a look do not promise a fast rest") {
  World w;
  w.meter.begin_type("orders", 0);
  // A resumed first load: 500 of 1,000 are there and fly by, the rest takes a second each.
  w.meter.phase("reading", 1000, 500);
  w.spend(std::chrono::milliseconds(500));
  w.meter.add(400, 0, 400);
  CHECK_FALSE(w.shown.last.seconds_left);  // nothing is known yet of what takes long
  w.spend(std::chrono::milliseconds(100));
  w.meter.add(100, 0, 100);
  w.spend(std::chrono::seconds(10));
  w.meter.add(10, 10, 0);
  CHECK(w.shown.last.seconds_left == 490);
}

TEST_CASE("where all but a few items are unchanged, the rest is expected to be so too") {
  World w;
  w.meter.begin_type("orders", 0);
  w.meter.phase("reading", 1000, 1000);
  w.spend(std::chrono::seconds(1));
  w.meter.add(400, 0, 400);
  CHECK(w.shown.last.seconds_left == 1);
  w.spend(std::chrono::seconds(1));
  w.meter.add(1, 1, 0);
  w.spend(std::chrono::seconds(0));
  w.meter.add(99, 0, 99);
  REQUIRE(w.shown.last.seconds_left);
  CHECK(*w.shown.last.seconds_left <= 4);
}

TEST_CASE("a type to come that was never read leaves the time of the run open") {
  World w;
  w.meter.begin_type("products", std::nullopt);
  w.meter.phase("reading", 100);
  w.spend(std::chrono::seconds(10));
  w.meter.add(10, 10);
  CHECK(w.shown.last.seconds_left == 90);
  CHECK_FALSE(w.shown.last.seconds_left_all);
}
