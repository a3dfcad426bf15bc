// The search that runs for the API, on threads of its own: it holds no worker of the gate.
//
// Promise: one at a time. Whoever asks again ends his own first; anybody else is refused meanwhile. A search ends when
// its listener leaves or may no longer listen, and waits while he reads too slowly; nothing of it is left out.
//
// Threads: any. Lifetime: outlives its listeners, that is the gate whose connections hold them; what a vault's options
// point to outlives stop().
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "base/guarded.h"
#include "http/stream.h"
#include "vault/text_search.h"

namespace backstock::http {

class SearchDesk {
 public:
  ~SearchDesk() { stop(); }
  // Called, from any thread, when listeners should look. Fixed before the first search.
  void on_change(std::function<void()> call) { stir_ = std::move(call); }

  // Null while a search of somebody else runs. `who` is a Caller's key; `may_listen` is asked now and then by another
  // thread.
  std::shared_ptr<Stream> start(const std::string& who, const vault::Options& options, vault::TextQuery query,
                                std::function<bool()> may_listen);
  void stop();

 private:
  class Running;
  class Listener;
  struct Held {
    std::shared_ptr<Running> running;
    std::jthread thread;
  };

  std::function<void()> stir_;
  Guarded<Held> held_;
};

}  // namespace backstock::http
