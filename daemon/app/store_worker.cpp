#include "app/store_worker.h"

#include "backup/backup_run.h"
#include "base/log.h"
#include "index/run_rows.h"

namespace backstock::app {
namespace {

// A pack that compaction has emptied can be removed only when nothing is appended to it any more. Ending it after every
// small run would leave many small packs.
constexpr ByteCount kPackWorthEnding = 8_MiB;
constexpr std::chrono::seconds kBetweenLogs(30);  // lines about a rebuild
constexpr double kShareBesideOthers = 0.5;        // of a core, for compaction that nobody waits for

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
  // Making the index of a large vault again takes minutes, in which the daemon is to be there.
  const auto taken = worker->take_vault({false, {}, {}});
  const bool to_rebuild = !taken && taken.error().kind == ErrorKind::corrupt;
  if (to_rebuild) {
    worker->trouble_.lock()->reset();
    *worker->rebuilding_.lock() = 0;
  }
  if (taken) worker->take_up_unfinished();
  worker->thread_ = std::jthread([raw = worker.get(), to_rebuild](std::stop_token stop) {
    if (to_rebuild && raw->open_vault(stop)) raw->take_up_unfinished();
    raw->work(std::move(stop));
  });
  return worker;
}

Result<> StoreWorker::open_vault(const std::stop_token& stop) {
  if (vault_ != nullptr) return {};
  auto taken = take_vault({true, tell_rebuild(), stop});
  rebuilding_.lock()->reset();
  return taken;
}

Result<> StoreWorker::take_vault(const vault::Opening& how) {
  auto opened = vault::VaultWriter::open(setup_.vault, "the daemon", how).context("store " + setup_.name);
  if (!opened) {
    *trouble_.lock() = opened.error();
    return opened.error();
  }
  trouble_.lock()->reset();
  vault_ = std::move(*opened);
  log_findings(setup_, vault_->opened());
  return {};
}

// For the status, and now and then for the log.
vault::ByteProgress StoreWorker::tell_rebuild() {
  Clock& clock = *setup_.vault.clock;
  return [this, &clock, logged = std::optional<std::chrono::milliseconds>()](std::uint64_t done,
                                                                             std::uint64_t total) mutable {
    const int percent =
        total == 0 ? 100 : static_cast<int>(static_cast<double>(done) * 100 / static_cast<double>(total));
    *rebuilding_.lock() = percent;
    if (logged && clock.ticks() - *logged < kBetweenLogs) return;
    logged = clock.ticks();
    log_info("vault", "the index is being made again from the packs",
             {{"store", setup_.name}, {"read", std::to_string(percent) + "%"}});
  };
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
  for (const auto& task : held->compactions)
    task->done.set_value(make_error(ErrorKind::cancelled, "the daemon stopped before it came to this"));
  held->compactions.clear();
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

std::shared_ptr<CompactTask> StoreWorker::compact() {
  auto task = std::make_shared<CompactTask>();
  queue_.lock()->compactions.push_back(task);
  changed_.notify_all();
  return task;
}

void StoreWorker::begin_compaction(std::shared_ptr<CompactTask> task, ByteCount worth_ending,
                                   const std::stop_token& stop) {
  Result<> ready = open_vault(stop);
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
    std::shared_ptr<CompactTask> compaction;
    {
      auto held = queue_.lock();
      changed_.wait(held.lock(), stop, [&] { return !held->waiting.empty() || !held->compactions.empty(); });
      if (stop.stop_requested()) return;
      if (!held->compactions.empty()) {
        compaction = held->compactions.front();
        held->compactions.pop_front();
      } else {
        job = held->waiting.front();
        held->waiting.pop_front();
        held->current = job;
      }
    }
    if (compaction) {
      begin_compaction(std::move(compaction), 1, stop);
      continue;
    }
    auto report = do_job_without_exceptions(*job, stop);
    if (!report) log_error("backup", report.error().sentence(), {{"store", setup_.name}});
    const bool stored = report && report->versions() > 0;
    queue_.lock()->current.reset();
    job->done.set_value(std::move(report));
    if (!stored || vault_ == nullptr || upkeep_.is_running()) continue;
    auto upkeep = std::make_shared<CompactTask>();
    upkeep->only_if_due = true;
    upkeep->cpu_share = kShareBesideOthers;
    begin_compaction(std::move(upkeep), kPackWorthEnding, stop);
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
  TRY(open_vault(stop));
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
