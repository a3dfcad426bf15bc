#include "app/daemon.h"

#include <systemd/sd-daemon.h>

#include <csignal>
#include <ctime>

#include "app/admin_desk.h"
#include "app/control_socket.h"
#include "app/scrub_thread.h"
#include "app/status_report.h"
#include "app/store_desk.h"
#include "app/store_worker.h"
#include "base/log.h"
#include "http/admin_server.h"

namespace backstock::app {
namespace {

constexpr timespec kTurn{1, 0};
constexpr int kTurnsPerLook = 60;  // at the disks

struct Running {
  // In the order of starting; destroyed in the reverse one.
  std::unique_ptr<sys::Lock> lock;
  std::vector<std::unique_ptr<StoreWorker>> workers;
  std::vector<std::unique_ptr<ScrubThread>> scrubs;
  std::unique_ptr<StatusReport> status;
  std::unique_ptr<StoreDesk> stores;
  std::unique_ptr<state::Accounts> accounts;
  std::unique_ptr<http::AdminServer> admin;
  std::string page;
  std::unique_ptr<AdminDesk> desk;
  std::unique_ptr<ControlServer> control;
};

Result<std::unique_ptr<Running>> start(const config::Config& config, const Machine& machine,
                                       const cli::Surroundings& surroundings) {
  auto running = std::make_unique<Running>();
  TRY(machine.fs->make_folder(config.data_dir));
  running->lock = TRY(machine.fs->lock(sys::join(config.data_dir, "daemon.lock")).context("starting the daemon"));
  const cli::Setup setup = make_setup(config, machine);
  std::vector<StoreWorker*> workers;
  std::vector<Error> trouble;
  for (const cli::StoreSetup& store : setup.stores) {
    running->workers.push_back(StoreWorker::start(store, surroundings.make_transport));
    workers.push_back(running->workers.back().get());
    if (const auto cause = workers.back()->trouble()) trouble.push_back(*cause);
  }
  if (!trouble.empty() && trouble.size() == workers.size()) return trouble.back();
  // One vault that cannot be opened must not keep the other stores from being backed up.
  for (const Error& cause : trouble) log_error("app", cause.sentence());
  running->status = std::make_unique<StatusReport>(workers, *machine.clock);
  running->stores = std::make_unique<StoreDesk>(workers);
  running->accounts = TRY(open_accounts(config, machine).context("starting the daemon"));
  http::AdminServer::Options admin;
  admin.host = config.admin.listen.host;
  admin.port = config.admin.listen.port;
  admin.extra_hosts = config.admin.hosts;
  running->admin = TRY(http::AdminServer::start(
      std::move(admin), {*running->status, *running->accounts, *machine.clock, running->stores.get()}));
  running->page = page_address(config.admin.listen.host, running->admin->port());
  running->desk = std::make_unique<AdminDesk>(*running->accounts, running->page);
  for (const cli::StoreSetup& store : setup.stores) {
    running->scrubs.push_back(std::make_unique<ScrubThread>(store.name, store.vault));
    running->scrubs.back()->start();
  }
  running->control = TRY(ControlServer::start(setup.socket, workers, *running->desk));
  return running;
}

// The one secret that is meant to be in the journal: whoever reads that may run this machine's backups anyway, and the
// link is worthless once it was used.
Result<> offer_first_link(Running& running) {
  if (TRY(running.accounts->has_password())) return {};
  log_warn("app", "nobody has set a password for the page yet: open this link, which works once and for 24 hours",
           {{"link", TRY(running.desk->make_link())}});
  return {};
}

// Until a signal that ends the daemon. The signals are blocked in every thread, so they wait here.
void wait_for_the_end(const Running& running) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  for (int turn = 0;; turn = (turn + 1) % kTurnsPerLook) {
    // A disk that gets low is told of before a run meets it.
    if (turn == 0)
      for (const auto& worker : running.workers) [[maybe_unused]] const auto logged = worker->disk();
    const int signal = sigtimedwait(&signals, nullptr, &kTurn);
    if (signal == SIGTERM || signal == SIGINT) return;
    if (signal == SIGHUP)
      log_warn("app",
               "SIGHUP: reading the config anew is not supported yet; restart the service to use a changed config");
    sd_notify(0, "WATCHDOG=1");
  }
}

}  // namespace

int serve(const std::string& config_path, const Machine& machine, const cli::Surroundings& surroundings) {
  const auto config = load_config(config_path, config_sources(*machine.fs), config::Secrets::check);
  if (!config) {
    std::fprintf(surroundings.err, "backstock: %s\n", config.error().sentence().c_str());
    return 2;
  }
  if (auto levels = set_log_levels(config->log); !levels) log_warn("app", levels.error().sentence());
  auto running = start(*config, machine, surroundings);
  if (!running) {
    log_error("app", running.error().sentence());
    return 1;
  }
  const std::string& address = (*running)->page;
  if (auto offered = offer_first_link(**running); !offered) log_error("app", offered.error().sentence());
  log_info("app", "ready",
           {{"page", address}, {"stores", std::to_string(config->stores.size())}, {"data_dir", config->data_dir}});
  sd_notify(0, ("READY=1\nSTATUS=page at " + address).c_str());
  wait_for_the_end(**running);
  sd_notify(0, "STOPPING=1");
  log_info("app", "stopping");
  (*running)->admin->stop();
  for (const auto& scrub : (*running)->scrubs) scrub->stop();
  for (const auto& worker : (*running)->workers) worker->stop();
  running->reset();
  log_info("app", "stopped");
  return 0;
}

}  // namespace backstock::app
