#include "http/sign_in_throttle.h"

#include <catch2/catch.hpp>

#include "support/manual_clock.h"

using namespace backstock;
using namespace std::chrono_literals;

TEST_CASE("strangers who guess keep each other out, and not who sits at the machine") {
  testing::ManualClock clock;
  http::SignInThrottle throttle(clock);
  for (const char* stranger : {"192.0.2.1", "192.0.2.2", "2001:db8::1", "192.0.2.3", "192.0.2.4"})
    CHECK(throttle.admit(stranger) == 0s);
  CHECK(throttle.admit("192.0.2.5") > 0s);
  for (const char* here : {"127.0.0.1", "::1", "127.1.2.3", "::ffff:127.0.0.1"}) CHECK(throttle.admit(here) == 0s);
}

TEST_CASE("tries that are refused do not lengthen the wait") {
  testing::ManualClock clock;
  http::SignInThrottle throttle(clock);
  for (int i = 0; i < 5; ++i) CHECK(throttle.admit("127.0.0.1") == 0s);
  for (int i = 0; i < 100; ++i) {
    CHECK(throttle.admit("127.0.0.1") == std::chrono::seconds(300 - i));
    clock.advance(1s);
  }
  clock.advance(200s);
  CHECK(throttle.admit("127.0.0.1") == 0s);
}

TEST_CASE("the window moves with the oldest of the wrong ones") {
  testing::ManualClock clock;
  http::SignInThrottle throttle(clock);
  for (int i = 0; i < 5; ++i) {
    CHECK(throttle.admit("127.0.0.1") == 0s);
    clock.advance(1min);
  }
  CHECK(throttle.admit("127.0.0.1") == 0s);
  CHECK(throttle.admit("127.0.0.1") == 60s);
}

TEST_CASE("the wait follows the time that passed, not the wall clock") {
  testing::ManualClock clock;
  http::SignInThrottle throttle(clock);
  for (int i = 0; i < 5; ++i) CHECK(throttle.admit("127.0.0.1") == 0s);
  clock.set_now(clock.now() + 24h);
  CHECK(throttle.admit("127.0.0.1") > 0s);
}
