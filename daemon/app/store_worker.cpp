#include "app/store_worker.h"

#include "backup/backup_run.h"
#include "base/log.h"
#include "index/run_rows.h"

namespace backstock::app {
namespace {

// A pack that compaction has emptied can be removed only when nothing is appended to it any more. Ending it after every
// small run would leave many small packs.
constexpr ByteCount kPackWorthEnding = 8_MiB;
constexpr double kShareBesideOthers = 0.5;  // of a core, for what nobody waits for

class LatestProgress final : public backup::ProgressSink {
 public:
  explicit LatestProgress(Job& job) : job_(&job) {}
  void show(const backup::Progress& progress) override { *job_->latest.lock() = progress; }

 private:
  Job* job_;
};

void log_findings(const cli::StoreSetup& setup, const vault::Opened& opened) {
  for (const std::string& finding : opened.findings) log_warn("vault", finding, {{"store", setup.name}});
  if (opened.rolled_forward != 0)
    log_info("vault", "versions from pack tails taken into the index",
             {{"store", setup.name}, {"versions", std::to_string(opened.rolled_forward)}});
}

}  // namespace

std::unique_ptr<StoreWorker> StoreWorker::start(cli::StoreSetup setup, MakeTransport make_transport) {
  std::unique_ptr<StoreWorker> worker(new StoreWorker(std::move(setup), std::move(make_transport)));
  if (worker->open_vault()) worker->take_up_unfinished();
  worker->thread_ = std::jthread([raw = worker.get()](std::stop_token stop) { raw->work(std::move(stop)); });
  return worker;
}

Result<> StoreWorker::open_vault() {
  if (vault_ != nullptr) return {};
  auto opened = vault::VaultWriter::open(setup_.vault, "the daemon").context("store " + setup_.name);
  if (!opened) {
    *trouble_.lock() = opened.error();
    return opened.error();
  }
  trouble_.lock()->reset();
  vault_ = std::move(*opened);
  log_findings(setup_, vault_->opened());
  return {};
}

StoreWorker::~StoreWorker() { stop(); }

void StoreWorker::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  if (const auto current = queue_.lock()->current) current->cancel.request_stop();
  thread_.join();
  upkeep_.stop();
  // Whoever still waits must not wait for ever.
  auto held = queue_.lock();
  for (const auto& job : held->waiting)
    job->done.set_value(
        make_error(ErrorKind::cancelled, "the daemon stopped before it came to this", "ask again when it is back"));
  held->waiting.clear();
  for (const auto& task : held->upkeep)
    task->done.set_value(make_error(ErrorKind::cancelled, "the daemon stopped before it came to this"));
  held->upkeep.clear();
}

void StoreWorker::take_up_unfinished() {
  const auto runs = index::unfinished_runs(vault_->connection());
  if (!runs || runs->empty()) return;
  const auto types = parse_json(runs->front().types, "a run's types");
  if (!types) return;
  backup::RunRequest request;
  request.types = strings_at(Json{{"types", *types}}, "types");
  request.full = runs->front().kind == "full";
  request.origin = runs->front().origin;
  submit(std::move(request));
}

std::shared_ptr<Job> StoreWorker::submit(backup::RunRequest request) {
  auto job = std::make_shared<Job>();
  job->request = std::move(request);
  job->request.deletion_brake = setup_.deletion_brake;
  job->request.extra_parts = setup_.extra_parts;
  queue_.lock()->waiting.push_back(job);
  changed_.notify_all();
  return job;
}

std::shared_ptr<UpkeepTask> StoreWorker::keep_up(UpkeepTask::What what, bool force_clock) {
  auto task = std::make_shared<UpkeepTask>();
  task->what = what;
  task->force_clock = force_clock;
  queue_.lock()->upkeep.push_back(task);
  changed_.notify_all();
  return task;
}

void StoreWorker::begin_upkeep(std::shared_ptr<UpkeepTask> task, ByteCount worth_ending) {
  Result<> ready = open_vault();
  if (ready && vault_->open_pack_size() >= worth_ending) ready = vault_->end_pack();
  if (!ready) {
    vault_.reset();  // a writer that failed stays failed
    task->done.set_value(ready.error());
    return;
  }
  upkeep_.start(std::move(task));
}

bool StoreWorker::cancel_all() {
  std::deque<std::shared_ptr<Job>> dropped;
  bool running = false;
  {
    auto held = queue_.lock();
    dropped.swap(held->waiting);
    if (held->current) running = true, held->current->cancel.request_stop();
  }
  for (const auto& job : dropped)
    job->done.set_value(make_error(ErrorKind::cancelled, "the run was cancelled before it began"));
  return running || !dropped.empty();
}

std::size_t StoreWorker::waiting() const { return queue_.lock()->waiting.size(); }

std::optional<backup::Progress> StoreWorker::progress() const {
  const auto current = queue_.lock()->current;
  return current ? *current->latest.lock() : std::nullopt;
}

void StoreWorker::work(std::stop_token stop) {
  while (!stop.stop_requested()) {
    std::shared_ptr<Job> job;
    std::shared_ptr<UpkeepTask> asked;
    {
      auto held = queue_.lock();
      changed_.wait(held.lock(), stop, [&] { return !held->waiting.empty() || !held->upkeep.empty(); });
      if (stop.stop_requested()) return;
      if (!held->upkeep.empty()) {
        asked = held->upkeep.front();
        held->upkeep.pop_front();
      } else {
        job = held->waiting.front();
        held->waiting.pop_front();
        held->current = job;
      }
    }
    if (asked) {
      begin_upkeep(std::move(asked), 1);
      continue;
    }
    auto report = do_job_without_exceptions(*job, stop);
    if (!report) log_error("backup", report.error().sentence(), {{"store", setup_.name}});
    const bool stored = report && report->versions() > 0;
    queue_.lock()->current.reset();
    job->done.set_value(std::move(report));
    const bool prune = upkeep_.prune_is_due();
    if ((!stored && !prune) || vault_ == nullptr || upkeep_.is_running()) continue;
    auto upkeep = std::make_shared<UpkeepTask>();
    upkeep->what = UpkeepTask::What::after_run;
    upkeep->run_stored = stored;
    upkeep->cpu_share = kShareBesideOthers;
    // A pack that is appended to for months would hold what was removed for as long.
    begin_upkeep(std::move(upkeep), prune ? 1 : kPackWorthEnding);
  }
}

// The catch-all of this thread: an exception is a bug of ours, which ends this run and never the daemon.
Result<backup::RunReport> StoreWorker::do_job_without_exceptions(Job& job, std::stop_token stop) {
  try {
    return do_job(job, std::move(stop));
  } catch (const std::exception& exception) {
    vault_.reset();
    return make_error(ErrorKind::failed, std::string("a bug in Backstock ended the run: ") + exception.what(),
                      "what was stored is kept; please report this line");
  }
}

Result<backup::RunReport> StoreWorker::do_job(Job& job, std::stop_token stop) {
  // A stop that came between taking the job and here.
  if (stop.stop_requested()) job.cancel.request_stop();
  TRY(open_vault());
  const store_api::Options api = TRY(cli::with_token(setup_));
  const auto transport = make_transport_();
  store_api::StoreClient client(api, *transport, *setup_.vault.clock, *setup_.vault.random);
  LatestProgress sink(job);
  auto report = backup::run_backup(
      job.request,
      {client, *vault_, *setup_.vault.clock, *setup_.vault.random, &sink, [stop] { return stop.stop_requested(); }},
      job.cancel.get_token());
  // A writer that failed stays failed; only opening it anew looks at what is really on the disk.
  if (!vault_->flush()) vault_.reset();
  return report;
}

}  // namespace backstock::app
