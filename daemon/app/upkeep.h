// Compaction of one store's vault, beside the work of its worker and resting between frames.
//
// Threads: start() and stop() by one thread at a time; a task may be watched and cancelled by any. Lifetime: what the
// vault's options point to outlives it.
#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <thread>

#include "base/guarded.h"
#include "vault/compact.h"

namespace backstock::app {

// One compaction asked for; shared by who asked and who does it.
struct CompactTask {
  bool only_if_due = false;
  double cpu_share = 1.0;
  std::stop_source cancel;
  std::promise<Result<vault::Compacted>> done;
  struct Latest {
    std::string doing;
    std::uint64_t done = 0;
    std::uint64_t total = 0;
  };
  Guarded<std::optional<Latest>> latest;
};

class Upkeep {
 public:
  Upkeep(std::string store, vault::Options options) : store_(std::move(store)), options_(std::move(options)) {}
  ~Upkeep() { stop(); }

  // False, and the task is answered with `conflict`, while another one is being done.
  bool start(std::shared_ptr<CompactTask> task);
  bool is_running() const { return running_; }
  void stop();

 private:
  Result<vault::Compacted> work(CompactTask& task) const;

  std::string store_;
  vault::Options options_;
  std::atomic<bool> running_ = false;
  std::shared_ptr<CompactTask> task_;
  std::jthread thread_;
};

}  // namespace backstock::app
