// Slows down guessing of the password: five wrong ones within five minutes, and no further one is looked at until the
// oldest of them is that old.
//
// Who comes from this machine and who comes from elsewhere are counted apart, so that strangers cannot keep the
// operator out. Kept in memory: a restart begins anew. Signing in by a one-time link is not slowed down, as links
// cannot be guessed; so there is always a way in for who may run `backstock admin link`.
//
// Threads: any. Lifetime: the clock outlives it.
#pragma once

#include <array>
#include <chrono>
#include <deque>
#include <string_view>

#include "base/clock.h"
#include "base/guarded.h"

namespace backstock::http {

class SignInThrottle {
 public:
  static constexpr std::size_t kWrongOnes = 5;
  static constexpr std::chrono::minutes kWindow{5};

  explicit SignInThrottle(const Clock& clock) : clock_(&clock) {}

  // Zero: go on, and the try counts as a wrong one until right() says otherwise. Else how long to wait.
  std::chrono::seconds admit(std::string_view remote_addr);
  void right(std::string_view remote_addr);

 private:
  using Tries = std::deque<std::chrono::milliseconds>;  // ticks, oldest first
  struct Held {
    Tries here;
    Tries elsewhere;
  };
  const Clock* clock_;
  Guarded<Held> held_;
};

}  // namespace backstock::http
