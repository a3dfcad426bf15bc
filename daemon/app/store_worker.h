// The thread that works for one store: it alone writes to the store's vault and talks to its API.
//
// Requests are done one after another, in the order they came. The writer's lock is held from the start; a vault that
// failed (full disk) or could not be opened is opened anew for the next request. A run that a stop or a crash left
// unfinished is taken up first. One that ended for want of space is asked for again when there is room: the disk is
// looked at every minute, and after each try in vain half as often, down to once an hour. stop() ends within seconds
// and loses nothing: what was flushed stays, the run stays unfinished. After a run the vault is pruned, once a day if
// the config has a retention, and compacted, if that pays, beside whatever comes next.
//
// Threads: submit(), current() and stop() from any. Lifetime: what the setup points to outlives it.
#pragma once

#include <condition_variable>
#include <deque>
#include <future>
#include <memory>
#include <thread>

#include "app/upkeep.h"
#include "backup/run_types.h"
#include "base/guarded.h"
#include "cli/surroundings.h"
#include "vault/disk_room.h"
#include "vault/vault_writer.h"

namespace backstock::app {

// One run asked for; shared by who asked and the worker, since either may go first.
struct Job {
  backup::RunRequest request;
  std::stop_source cancel;
  std::promise<Result<backup::RunReport>> done;
  Guarded<std::optional<backup::Progress>> latest;
};

class StoreWorker {
 public:
  using MakeTransport = std::function<std::unique_ptr<net::HttpTransport>()>;
  // Opens the vault. One that is held by another process, belongs to another store, or is on a disk that cannot be
  // written is trouble(); the next run tries again. An index that has to be made again is, by the worker's own thread.
  static std::unique_ptr<StoreWorker> start(cli::StoreSetup setup, MakeTransport make_transport);
  ~StoreWorker();

  std::shared_ptr<Job> submit(backup::RunRequest request);
  // compact, prune or undo_prune.
  std::shared_ptr<UpkeepTask> keep_up(UpkeepTask::What what, bool force_clock = false);
  // Ends the run being done and drops those that wait, for room on the disk too. False: there was neither.
  bool cancel_all();
  // Of the run being done, if one is.
  std::optional<backup::Progress> progress() const;
  // Runs that have not begun.
  std::size_t waiting() const;
  // A run ended for want of space and is asked for again when there is room.
  bool waits_for_room() const { return queue_.lock()->needs_room; }
  // Now; logged whenever its level is another one than when last asked. Nothing where the disk does not tell.
  std::optional<vault::DiskRoom> disk() const;
  // Why the vault cannot be written to; nothing while it can.
  std::optional<Error> trouble() const { return *trouble_.lock(); }
  // How much of the packs was read, in percent, while the index is made again from them.
  std::optional<int> rebuilding() const { return *rebuilding_.lock(); }
  // Why retention does not do its work; nothing while it does.
  std::optional<Error> retention_trouble() const { return upkeep_.retention_trouble(); }
  const cli::StoreSetup& setup() const { return setup_; }
  void stop();

 private:
  struct Queue {
    std::deque<std::shared_ptr<Job>> waiting;
    std::shared_ptr<Job> current;
    std::deque<std::shared_ptr<UpkeepTask>> upkeep;
    bool needs_room = false;
    std::optional<backup::RunRequest> wanted;  // with room; without it, what the vault has unfinished
    std::stop_source wait_for_room;            // ends when there is something to do
  };
  struct Next {  // one of the two
    std::shared_ptr<Job> job;
    std::shared_ptr<UpkeepTask> upkeep;
  };
  StoreWorker(cli::StoreSetup setup, MakeTransport make_transport)
      : setup_(std::move(setup)),
        make_transport_(std::move(make_transport)),
        upkeep_(setup_.name, setup_.vault, setup_.retention) {}
  Result<> open_vault(const std::stop_token& stop);
  Result<> take_vault(const vault::Opening& how);
  vault::ByteProgress tell_rebuild();
  std::optional<backup::RunRequest> unfinished_run();
  // What follows from how the vault was opened first.
  void begin_with(const Result<>& opened);
  void work(std::stop_token stop);
  std::optional<Next> next(std::stop_token stop);
  void look_for_room(const std::stop_token& stop);
  void note_end(const backup::RunRequest& request, const Result<backup::RunReport>& report);
  void begin_upkeep(std::shared_ptr<UpkeepTask> task, ByteCount worth_ending, const std::stop_token& stop);
  Result<backup::RunReport> do_job_without_exceptions(Job& job, std::stop_token stop);
  Result<backup::RunReport> do_job(Job& job, std::stop_token stop);

  cli::StoreSetup setup_;
  MakeTransport make_transport_;
  std::unique_ptr<vault::VaultWriter> vault_;  // the worker thread's, after start()
  bool out_of_room_ = false;                   // likewise: what the last run ended by
  std::chrono::milliseconds look_again_{};     // likewise
  mutable Guarded<std::optional<Error>> trouble_;
  mutable Guarded<std::optional<int>> rebuilding_;
  mutable Guarded<Queue> queue_;
  mutable Guarded<vault::RoomLevel> logged_level_{vault::RoomLevel::enough};
  std::condition_variable_any changed_;
  Upkeep upkeep_;  // the worker thread's, after start()
  std::jthread thread_;
};

}  // namespace backstock::app
