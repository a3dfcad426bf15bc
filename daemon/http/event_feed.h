// What the listeners of /api/v1/events get: the newest event, as text/event-stream.
//
// Promise: a listener gets the newest event at once and then each newer one, unless it is too slow; never an older one
// after a newer one. At most kMostListeners.
//
// Threads: any. Lifetime: outlives its listeners, that is the gate whose connections hold them.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/guarded.h"
#include "base/json.h"
#include "http/stream.h"

namespace backstock::http {

inline constexpr std::size_t kMostListeners = 32;

class EventFeed {
 public:
  // Called, from any thread, when listeners should look.
  void on_change(std::function<void()> call) { stir_ = std::move(call); }

  // An event of that name replaces the newest one, unless `key` says that it is the same.
  void offer(std::string_view name, const Json& object, std::string_view key);
  // `who` is a Caller's key. Null when there are too many.
  std::shared_ptr<Stream> listen(const std::string& who);
  // Ends those whose caller may no longer listen.
  void end_unless(const std::function<bool(const std::string& who)>& may_listen);
  // True: somebody listens. False: `until` came first, or the stop.
  bool wait_for_listeners(std::stop_token stop, std::chrono::steady_clock::time_point until);

 private:
  class Listener;
  struct Held {
    std::shared_ptr<const std::string> newest;
    std::uint64_t number = 0;  // of the newest
    std::string key;
    std::list<std::weak_ptr<Listener>> listeners;
  };
  void stir() const {
    if (stir_) stir_();
  }

  std::function<void()> stir_;  // fixed before the first listener
  Guarded<Held> held_;
  std::condition_variable_any changed_;
};

}  // namespace backstock::http
