#include "app/store_worker.h"

#include "backup/backup_run.h"
#include "backup/store_status.h"
#include "base/log.h"
#include "index/run_rows.h"

namespace backstock::app {
namespace {

// A pack that compaction has emptied can be removed only when nothing is appended to it any more. Ending it after every
// small run would leave many small packs.
constexpr ByteCount kPackWorthEnding = 8_MiB;
constexpr std::chrono::seconds kBetweenLogs(30);  // lines about a rebuild
constexpr double kShareBesideOthers = 0.5;        // of a core, for what nobody waits for
constexpr std::chrono::milliseconds kLookAgainAtLast = std::chrono::hours(1);

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

// Whoever has this one has what the other one asked for.
bool covers(const backup::RunRequest& done, const backup::RunRequest& asked) {
  return (done.types.empty() || done.types == asked.types) && (done.full || !asked.full);
}

}  // namespace

std::unique_ptr<StoreWorker> StoreWorker::start(cli::StoreSetup setup, MakeTransport make_transport) {
  std::unique_ptr<StoreWorker> worker(new StoreWorker(std::move(setup), std::move(make_transport)));
  worker->look_again_ = worker->setup_.look_for_room;
  // Making the index of a large vault again takes minutes, in which the daemon is to be there.
  const auto taken = worker->take_vault({false, {}, {}});
  const bool to_rebuild = !taken && taken.error().kind == ErrorKind::corrupt;
  if (to_rebuild) {
    worker->trouble_.lock()->reset();
    *worker->rebuilding_.lock() = 0;
  } else {
    worker->begin_with(taken);
  }
  worker->thread_ = std::jthread([raw = worker.get(), to_rebuild](std::stop_token stop) {
    if (to_rebuild) raw->begin_with(raw->open_vault(stop));
    raw->work(std::move(stop));
  });
  return worker;
}

void StoreWorker::begin_with(const Result<>& opened) {
  if (!opened) {
    queue_.lock()->needs_room = opened.error().kind == ErrorKind::no_space;
  } else if (auto unfinished = unfinished_run()) {
    submit(*std::move(unfinished));
  }
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
  for (const auto& task : held->upkeep)
    task->done.set_value(make_error(ErrorKind::cancelled, "the daemon stopped before it came to this"));
  held->upkeep.clear();
}

std::optional<backup::RunRequest> StoreWorker::unfinished_run() {
  const auto runs = index::unfinished_runs(vault_->connection());
  if (!runs || runs->empty()) return std::nullopt;
  const auto types = parse_json(runs->front().types, "a run's types");
  if (!types) return std::nullopt;
  backup::RunRequest request;
  request.types = strings_at(Json{{"types", *types}}, "types");
  request.full = runs->front().kind == "full";
  request.origin = runs->front().origin;
  return request;
}

std::shared_ptr<Job> StoreWorker::submit(backup::RunRequest request) {
  auto job = std::make_shared<Job>();
  job->request = std::move(request);
  job->request.deletion_brake = setup_.deletion_brake;
  job->request.extra_parts = setup_.extra_parts;
  auto held = queue_.lock();
  held->waiting.push_back(job);
  held->wait_for_room.request_stop();
  changed_.notify_all();
  return job;
}

std::shared_ptr<UpkeepTask> StoreWorker::keep_up(UpkeepTask::What what, bool force_clock) {
  auto task = std::make_shared<UpkeepTask>();
  task->what = what;
  task->force_clock = force_clock;
  auto held = queue_.lock();
  held->upkeep.push_back(task);
  held->wait_for_room.request_stop();
  changed_.notify_all();
  return task;
}

void StoreWorker::begin_upkeep(std::shared_ptr<UpkeepTask> task, ByteCount worth_ending, const std::stop_token& stop) {
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
    if (held->needs_room) running = true, held->needs_room = false, held->wanted.reset();
    held->wait_for_room.request_stop();
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

std::optional<vault::DiskRoom> StoreWorker::disk() const {
  const auto room = vault::look_at_disk(setup_.vault);
  if (!room) return std::nullopt;
  auto logged = logged_level_.lock();
  if (*logged == room->level) return *room;
  if (room->level == vault::RoomLevel::enough)
    log_info("vault", "the disk has room again", {{"store", setup_.name}, {"free", vault::describe_bytes(room->free)}});
  else
    log_warn("vault", backup::disk_sentence(setup_.name, *room), {{"store", setup_.name}});
  *logged = room->level;
  return *room;
}

// Nothing when the thread is to end.
std::optional<StoreWorker::Next> StoreWorker::next(std::stop_token stop) {
  while (true) {
    std::stop_source woken;
    {
      auto held = queue_.lock();
      const auto has_work = [&] { return !held->waiting.empty() || !held->upkeep.empty(); };
      if (!held->needs_room) changed_.wait(held.lock(), stop, has_work);
      if (stop.stop_requested()) return std::nullopt;
      Next found;
      if (!held->upkeep.empty()) {
        found.upkeep = held->upkeep.front();
        held->upkeep.pop_front();
      } else if (!held->waiting.empty()) {
        found.job = held->waiting.front();
        held->waiting.pop_front();
        held->current = found.job;
      }
      if (found.job || found.upkeep) return found;
      held->wait_for_room = woken;
    }
    const std::stop_callback leave(stop, [&] { woken.request_stop(); });
    if (setup_.vault.clock->sleep_for(look_again_, woken.get_token())) look_for_room(stop);
  }
}

void StoreWorker::look_for_room(const std::stop_token& stop) {
  const auto room = disk();
  if (room && room->level == vault::RoomLevel::full) return;
  look_again_ = std::min(2 * look_again_, kLookAgainAtLast);
  if (!open_vault(stop)) return;
  std::optional<backup::RunRequest> wanted;
  {
    auto held = queue_.lock();
    if (!held->needs_room) return;  // cancelled meanwhile
    held->needs_room = false;
    wanted.swap(held->wanted);
  }
  if (!wanted) wanted = unfinished_run();
  if (!wanted) return;
  log_info("backup", "there is room again, the backup goes on", {{"store", setup_.name}});
  submit(*std::move(wanted));
}

void StoreWorker::note_end(const backup::RunRequest& request, const Result<backup::RunReport>& report) {
  auto held = queue_.lock();
  if (out_of_room_ || (!report && report.error().kind == ErrorKind::no_space)) {
    held->needs_room = true;
    if (!held->wanted || covers(request, *held->wanted)) held->wanted = request;
    return;
  }
  look_again_ = setup_.look_for_room;
  if (!held->needs_room || !report || report->outcome != "done") return;
  if (held->wanted && !covers(request, *held->wanted)) return;
  held->needs_room = false;
  held->wanted.reset();
}

void StoreWorker::work(std::stop_token stop) {
  while (auto found = next(stop)) {
    if (found->upkeep) {
      begin_upkeep(std::move(found->upkeep), 1, stop);
      continue;
    }
    Job& job = *found->job;
    auto report = do_job_without_exceptions(job, stop);
    if (!report) log_error("backup", report.error().sentence(), {{"store", setup_.name}});
    const bool stored = report && report->versions() > 0;
    note_end(job.request, report);
    queue_.lock()->current.reset();
    job.done.set_value(std::move(report));
    const bool prune = upkeep_.prune_is_due();
    if ((!stored && !prune) || vault_ == nullptr || upkeep_.is_running()) continue;
    auto upkeep = std::make_shared<UpkeepTask>();
    upkeep->what = UpkeepTask::What::after_run;
    upkeep->run_stored = stored;
    upkeep->cpu_share = kShareBesideOthers;
    // A pack that is appended to for months would hold what was removed for as long.
    begin_upkeep(std::move(upkeep), prune ? 1 : kPackWorthEnding, stop);
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
  out_of_room_ = false;
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
  if (const auto flushed = vault_->flush(); !flushed) {
    out_of_room_ = flushed.error().kind == ErrorKind::no_space;
    vault_.reset();
  }
  return report;
}

}  // namespace backstock::app
