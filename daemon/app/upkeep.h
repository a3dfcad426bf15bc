// Compaction and retention of one store's vault, beside the work of its worker and resting between frames.
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
#include "base/json.h"
#include "vault/prune.h"

namespace backstock::app {

// One piece of upkeep; shared by who asked and who does it.
struct UpkeepTask {
  enum class What {
    compact,
    prune,
    undo_prune,
    after_run  // unasked: a prune where one is due, then a compaction where it pays
  };
  What what = What::compact;
  bool force_clock = false;  // see vault::PruneOptions
  bool run_stored = true;    // after_run: else nothing has changed that compaction could gain by
  double cpu_share = 1.0;
  std::stop_source cancel;
  std::promise<Result<Json>> done;  // as the commands print it; nothing of after_run
  struct Latest {
    std::string doing;
    std::uint64_t done = 0;
    std::uint64_t total = 0;
  };
  Guarded<std::optional<Latest>> latest;
};

class Upkeep {
 public:
  Upkeep(std::string store, vault::Options options, vault::RetentionPolicy retention)
      : store_(std::move(store)), options_(std::move(options)), retention_(std::move(retention)) {}
  ~Upkeep() { stop(); }

  // False, and the task is answered with `conflict`, while another one is being done.
  bool start(std::shared_ptr<UpkeepTask> task);
  bool is_running() const { return running_; }
  // Whether a prune that nobody asked for would be tried now: at most one in 24 hours.
  bool prune_is_due() const;
  // Why the last prune did not do its work; nothing once one has. Any thread.
  std::optional<Error> retention_trouble() const { return *retention_trouble_.lock(); }
  void stop();

 private:
  Result<Json> work(UpkeepTask& task);
  Result<Json> compact(UpkeepTask& task, const vault::CompactOptions& how) const;
  Result<Json> prune(UpkeepTask& task, const vault::CompactOptions& how);
  Result<Json> undo_prune(UpkeepTask& task, const vault::CompactOptions& how) const;
  void log_findings(const std::vector<std::string>& findings) const;

  std::string store_;
  vault::Options options_;
  vault::RetentionPolicy retention_;
  std::atomic<bool> running_ = false;
  std::atomic<bool> any_unasked_ = false;
  std::atomic<std::int64_t> last_unasked_ = 0;  // ticks, if any
  mutable Guarded<std::optional<Error>> retention_trouble_;
  std::shared_ptr<UpkeepTask> task_;
  std::jthread thread_;
};

}  // namespace backstock::app
