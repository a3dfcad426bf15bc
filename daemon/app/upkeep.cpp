#include "app/upkeep.h"

#include <condition_variable>
#include <mutex>

#include "base/log.h"

namespace backstock::app {
namespace {

using Ticks = std::chrono::steady_clock;

// Keeps a thread at its share of one core: after each piece of work it waits as long as its share asks for, unless it
// is to stop.
class Share {
 public:
  Share(double share, std::stop_token stop) : share_(share), stop_(std::move(stop)), since_(Ticks::now()) {}
  void rest() {
    if (share_ >= 1.0) return;
    const auto worked = Ticks::now() - since_;
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop_, worked * (1.0 / share_ - 1.0), [] { return false; });
    since_ = Ticks::now();
  }

 private:
  double share_;
  std::stop_token stop_;
  Ticks::time_point since_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
};

std::string mebibytes(ByteCount bytes) { return std::to_string(bytes / 1_MiB) + " MiB"; }

}  // namespace

bool Upkeep::start(std::shared_ptr<CompactTask> task) {
  if (running_) {
    task->done.set_value(make_error(ErrorKind::conflict, "the vault of " + store_ + " is being compacted already",
                                    "wait until it has ended: the daemon's log says when"));
    return false;
  }
  if (thread_.joinable()) thread_.join();
  running_ = true;
  task_ = std::move(task);
  thread_ = std::jthread([this, doing = task_] {
    // The catch-all of this thread: an exception is a bug of ours, which ends this compaction and never the daemon.
    Result<vault::Compacted> outcome = make_error(ErrorKind::failed, "compaction did not begin");
    try {
      outcome = work(*doing);
    } catch (const std::exception& exception) {
      outcome =
          make_error(ErrorKind::failed, std::string("a bug in Backstock ended the compaction: ") + exception.what(),
                     "nothing was lost; please report this line");
    }
    running_ = false;
    doing->done.set_value(std::move(outcome));
  });
  return true;
}

Result<vault::Compacted> Upkeep::work(CompactTask& task) const {
  vault::CompactOptions how;
  if (task.only_if_due && !TRY(vault::would_compact(options_, how))) return vault::Compacted{};
  Share share(task.cpu_share, task.cancel.get_token());
  how.rest = [&] { share.rest(); };
  const auto progress = [&](const vault::CompactProgress& now) {
    *task.latest.lock() = CompactTask::Latest{std::string(now.doing), now.done, now.total};
  };
  log_info("vault", "compaction begins", {{"store", store_}});
  auto outcome = vault::compact(options_, how, progress, task.cancel.get_token()).context("store " + store_);
  if (!outcome) {
    log_warn("vault", outcome.error().sentence(), {{"store", store_}});
    return outcome;
  }
  log_info("vault", "compaction ended",
           {{"store", store_}, {"before", mebibytes(outcome->before)}, {"after", mebibytes(outcome->after)}});
  for (const std::string& finding : outcome->findings) log_warn("vault", finding, {{"store", store_}});
  return outcome;
}

void Upkeep::stop() {
  if (!thread_.joinable()) return;
  task_->cancel.request_stop();
  thread_.join();
}

}  // namespace backstock::app
