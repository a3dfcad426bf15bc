// Reads one store's vault through, again and again, beside everything else: at most a tenth of a core.
//
// What it finds is logged as an error once, and kept where `backstock status` and the page find it.
//
// Threads: start() and stop() by one; a thread of its own between them. Lifetime: what the vault's options point to
// outlives it.
#pragma once

#include <string>
#include <thread>

#include "vault/scrub.h"

namespace backstock::app {

class ScrubThread {
 public:
  ScrubThread(std::string store, vault::Options options) : store_(std::move(store)), options_(std::move(options)) {}
  ~ScrubThread() { stop(); }

  void start();
  void stop();

  // One turn: reads a portion if one is due. Gives how long to wait until the next one.
  std::chrono::milliseconds turn(const std::stop_token& stop);

 private:
  void work(const std::stop_token& stop);
  Result<> read_portion(vault::ScrubState state, ByteCount bytes, const std::stop_token& stop);

  std::string store_;
  vault::Options options_;
  std::jthread thread_;
};

}  // namespace backstock::app
