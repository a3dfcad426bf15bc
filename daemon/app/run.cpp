#include "app/run.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "app/admin_desk.h"
#include "app/config_commands.h"
#include "app/control_socket.h"
#include "app/daemon.h"
#include "base/log.h"
#include "cli/command_line.h"
#include "net/curl_transport.h"
#include "sys/posix_fs.h"

namespace backstock::app {
namespace {

constexpr int kInterrupted = 130;

sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  return signals;
}

// For commands: the first signal asks to stop, the second ends the program at once (everything flushed is safe).
class InterruptWatch {
 public:
  InterruptWatch() : wake_(eventfd(0, EFD_CLOEXEC)) {
    const sigset_t signals = ending_signals();
    signals_ = signalfd(-1, &signals, SFD_CLOEXEC);
    thread_ = std::jthread([this] { watch(); });
  }
  ~InterruptWatch() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t woke = ::write(wake_, &one, sizeof one);
    thread_.join();
    ::close(wake_);
    ::close(signals_);
  }
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
  std::stop_token token() const { return stop_.get_token(); }
  // Ctrl-C cancels; anything else only ends the program.
  bool was_cancelled() const { return cancelled_.load(); }

 private:
  void watch() {
    while (true) {
      pollfd waits[2] = {{wake_, POLLIN, 0}, {signals_, POLLIN, 0}};
      if (::poll(waits, 2, -1) < 0) continue;
      if (waits[0].revents != 0) return;
      signalfd_siginfo info;
      if (::read(signals_, &info, sizeof info) != sizeof info) return;
      if (stop_.stop_requested()) ::_exit(kInterrupted);
      cancelled_ = info.ssi_signo == SIGINT;
      stop_.request_stop();
    }
  }
  int wake_;
  int signals_;
  std::stop_source stop_;
  std::atomic<bool> cancelled_ = false;
  std::jthread thread_;
};

std::unique_ptr<net::HttpTransport> make_transport() {
  auto transport = net::CurlTransport::create();
  if (!transport) {
    log_error("net", transport.error().sentence());
    std::abort();  // out of memory at start: there is no going on
  }
  return std::move(*transport);
}

}  // namespace

int run(int argc, const char* const* argv) {
  // Customers' data and tokens are in memory: no core files, no other process of the same user looking in.
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
  const sigset_t signals = ending_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  sys::PosixFs fs;
  SystemClock clock;
  SystemRandom random;
  const Machine machine{&fs, &clock, &random};

  auto watch = std::make_unique<InterruptWatch>();

  cli::Surroundings surroundings;
  surroundings.fs = &fs;
  surroundings.clock = &clock;
  surroundings.random = &random;
  surroundings.err_is_terminal = ::isatty(STDERR_FILENO) == 1;
  surroundings.stop = watch->token();
  surroundings.leaving = [&] { return !watch->was_cancelled(); };
  surroundings.load = [&](const std::string& path) -> Result<cli::Setup> {
    const config::Config config = TRY(load_config(path, config_sources(fs), config::Secrets::skip));
    // Commands speak for themselves on standard error; the daemon's log level is for the daemon.
    TRY(set_log_levels("warn"));
    return make_setup(config, machine);
  };
  surroundings.make_transport = make_transport;
  surroundings.ask_daemon = ask_daemon;
  surroundings.ask_admin = [&](const std::string& path, const Json& request) {
    return ask_admin(path, request, machine);
  };
  surroundings.serve = [&](const std::string& path) {
    // The daemon waits for its signals itself.
    const std::stop_token asked = watch->token();
    watch.reset();
    return asked.stop_requested() ? 0 : serve(path, machine, surroundings);
  };
  surroundings.config_check = [&](const std::string& path, bool json) {
    return config_check(path, json, machine, surroundings);
  };
  surroundings.config_show = [&](const std::string& path, bool json) {
    return config_show(path, json, machine, surroundings);
  };
  return cli::run_command_line(argc, argv, surroundings);
}

}  // namespace backstock::app
