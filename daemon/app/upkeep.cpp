#include "app/upkeep.h"

#include <condition_variable>
#include <mutex>

#include "base/log.h"
#include "cli/compacted_json.h"
#include "cli/pruned_json.h"

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

constexpr std::chrono::milliseconds kBetweenPrunes = std::chrono::hours(24);

vault::OnCompactProgress progress_of(UpkeepTask& task) {
  return [&task](const vault::CompactProgress& now) {
    *task.latest.lock() = UpkeepTask::Latest{std::string(now.doing), now.done, now.total};
  };
}

std::string mebibytes(ByteCount bytes) { return std::to_string(bytes / 1_MiB) + " MiB"; }

}  // namespace

bool Upkeep::start(std::shared_ptr<UpkeepTask> task) {
  if (running_) {
    task->done.set_value(make_error(ErrorKind::conflict,
                                    "the vault of " + store_ + " is being compacted or pruned already",
                                    "wait until that has ended: the daemon's log says when"));
    return false;
  }
  if (thread_.joinable()) thread_.join();
  running_ = true;
  task_ = std::move(task);
  thread_ = std::jthread([this, doing = task_] {
    // The catch-all of this thread: an exception is a bug of ours, which ends this work and never the daemon.
    Result<Json> outcome = make_error(ErrorKind::failed, "the work did not begin");
    try {
      outcome = work(*doing);
    } catch (const std::exception& exception) {
      outcome = make_error(ErrorKind::failed,
                           std::string("a bug in Backstock ended the work on the vault: ") + exception.what(),
                           "nothing was lost; please report this line");
    }
    running_ = false;
    doing->done.set_value(std::move(outcome));
  });
  return true;
}

bool Upkeep::prune_is_due() const {
  if (retention_.keeps_everything()) return false;
  return !any_unasked_ || options_.clock->ticks().count() - last_unasked_ >= kBetweenPrunes.count();
}

Result<Json> Upkeep::work(UpkeepTask& task) {
  Share share(task.cpu_share, task.cancel.get_token());
  vault::CompactOptions how;
  how.rest = [&] { share.rest(); };
  switch (task.what) {
    case UpkeepTask::What::compact:
      return compact(task, how);
    case UpkeepTask::What::prune:
      return prune(task, how);
    case UpkeepTask::What::undo_prune:
      return undo_prune(task, how);
    case UpkeepTask::What::after_run:
      break;
  }
  if (prune_is_due()) {
    last_unasked_ = options_.clock->ticks().count();
    any_unasked_ = true;
    // Whatever comes of it is in the log, and no reason not to compact.
    const auto may = vault::may_prune_unasked(options_, retention_);
    if (!may) log_warn("vault", may.error().sentence(), {{"store", store_}});
    if (may && *may) {
      [[maybe_unused]] const auto pruned = prune(task, how);
    }
  }
  return task.run_stored ? compact(task, how) : Result<Json>(Json::object());
}

Result<Json> Upkeep::compact(UpkeepTask& task, const vault::CompactOptions& how) const {
  bool begun = false;  // where there is nothing to do, there is nothing to tell
  const vault::OnCompactProgress progress = [&, latest = progress_of(task)](const vault::CompactProgress& now) {
    if (!begun) log_info("vault", "compaction begins", {{"store", store_}});
    begun = true;
    latest(now);
  };
  auto outcome = vault::compact(options_, how, progress, task.cancel.get_token()).context("store " + store_);
  if (!outcome) {
    log_warn("vault", outcome.error().sentence(), {{"store", store_}});
    return outcome.error();
  }
  if (begun) {
    log_info("vault", "compaction ended",
             {{"store", store_}, {"before", mebibytes(outcome->before)}, {"after", mebibytes(outcome->after)}});
  }
  log_findings(outcome->findings);
  return cli::to_json(*outcome);
}

Result<Json> Upkeep::prune(UpkeepTask& task, const vault::CompactOptions& how) {
  vault::PruneOptions options;
  options.packing = how;
  options.force_clock = task.force_clock;
  options.thorough = task.what == UpkeepTask::What::prune;
  auto outcome = vault::prune(options_, retention_, options, progress_of(task), task.cancel.get_token())
                     .context("retention of store " + store_);
  if (!outcome) {
    if (outcome.error().kind != ErrorKind::cancelled) *retention_trouble_.lock() = outcome.error();
    log_warn("vault", outcome.error().sentence(), {{"store", store_}});
    return outcome.error();
  }
  retention_trouble_.lock()->reset();
  if (outcome->versions() > 0 || !outcome->deleted_packs.empty()) {
    log_info("vault", "versions removed by retention",
             {{"store", store_},
              {"versions", std::to_string(outcome->versions())},
              {"packs_deleted_for_good", std::to_string(outcome->deleted_packs.size())}});
  }
  log_findings(outcome->findings);
  return cli::to_json(*outcome);
}

Result<Json> Upkeep::undo_prune(UpkeepTask& task, const vault::CompactOptions& how) const {
  auto outcome =
      vault::undo_prune(options_, how, progress_of(task), task.cancel.get_token()).context("store " + store_);
  if (!outcome) {
    log_warn("vault", outcome.error().sentence(), {{"store", store_}});
    return outcome.error();
  }
  log_info("vault", "removed versions put back", {{"store", store_}, {"versions", std::to_string(outcome->versions)}});
  log_findings(outcome->findings);
  return cli::to_json(*outcome);
}

void Upkeep::log_findings(const std::vector<std::string>& findings) const {
  for (const std::string& finding : findings) log_warn("vault", finding, {{"store", store_}});
}

void Upkeep::stop() {
  if (!thread_.joinable()) return;
  task_->cancel.request_stop();
  thread_.join();
}

}  // namespace backstock::app
