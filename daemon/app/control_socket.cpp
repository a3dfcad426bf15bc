#include "app/control_socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>

#include "app/socket_lines.h"
#include "base/log.h"
#include "cli/pruned_json.h"
#include "cli/terminal.h"
#include "vault/pins.h"

namespace backstock::app {
namespace {

using cli::to_json;
using std::chrono::milliseconds;
constexpr milliseconds kTurn{200};
constexpr milliseconds kRequestPatience{10'000};

Json error_json(const Error& error) {
  return Json{{"error", {{"kind", to_string(error.kind)}, {"message", error.sentence()}}}};
}

Error error_from_json(const Json& json) {
  const std::string kind = string_at(json, "kind");
  Error error = make_error(ErrorKind::failed, string_at(json, "message", "the daemon gave no reason"));
  for (int i = 0; i <= static_cast<int>(ErrorKind::failed); ++i) {
    if (to_string(static_cast<ErrorKind>(i)) == kind) error.kind = static_cast<ErrorKind>(i);
  }
  return error;
}

Json to_json(const UpkeepTask::Latest& latest) {
  return Json{{"doing", latest.doing}, {"done", latest.done}, {"total", latest.total}};
}

std::optional<UpkeepTask::What> upkeep_of(std::string_view command) {
  if (command == "compact") return UpkeepTask::What::compact;
  if (command == "prune") return UpkeepTask::What::prune;
  if (command == "undo_prune") return UpkeepTask::What::undo_prune;
  return std::nullopt;
}

Json answer_json(const Result<Json>& answer) { return answer ? Json{{"report", *answer}} : error_json(answer.error()); }

}  // namespace

Result<std::unique_ptr<ControlServer>> ControlServer::start(const sys::Path& path, std::vector<StoreWorker*> workers,
                                                            AdminDesk& desk) {
  const int listener = TRY(listen_at(path));
  std::unique_ptr<ControlServer> server(new ControlServer(listener, path, std::move(workers), desk));
  server->thread_ = std::jthread([raw = server.get()](std::stop_token stop) { raw->accept_clients(std::move(stop)); });
  return server;
}

ControlServer::~ControlServer() {
  thread_.request_stop();
  thread_.join();
  clients_.clear();
  ::close(listener_);
  ::unlink(path_.c_str());
}

void ControlServer::accept_clients(std::stop_token stop) {
  while (!stop.stop_requested()) {
    std::erase_if(clients_, [](const Client& client) { return client.ended->load(); });
    pollfd wait{listener_, POLLIN, 0};
    if (::poll(&wait, 1, static_cast<int>(kTurn.count())) <= 0) continue;
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    if (clients_.size() >= kMaxClients) {
      ::close(socket);
      continue;
    }
    auto ended = std::make_shared<std::atomic<bool>>(false);
    clients_.push_back({std::jthread([this, socket, ended](std::stop_token client_stop) {
                          // The catch-all of this thread: a bug must not end the daemon.
                          try {
                            serve_client(socket, std::move(client_stop));
                          } catch (const std::exception& exception) {
                            log_error("app", "a bug ended a connection", {{"why", exception.what()}});
                          }
                          *ended = true;
                        }),
                        ended});
  }
}

Result<StoreWorker*> ControlServer::worker_of(const Json& json) {
  const std::string store = string_at(json, "store");
  for (StoreWorker* worker : workers_) {
    if (worker->setup().name == store) return worker;
  }
  return make_error(ErrorKind::bad_input, "the daemon has no store \"" + store + "\"",
                    "restart it if the config has changed");
}

Result<std::shared_ptr<Job>> ControlServer::submit(const Json& json) {
  if (string_at(json, "command") != "backup")
    return make_error(ErrorKind::bad_input, "the daemon does not know this command",
                      "use the same version of the program and the daemon");
  backup::RunRequest request;
  request.full = flag_at(json, "full");
  request.accept_deletions = flag_at(json, "accept_deletions");
  request.types = strings_at(json, "types");
  StoreWorker* worker = TRY(worker_of(json));
  return worker->submit(std::move(request));
}

// At once, beside whatever the worker does.
Result<Json> ControlServer::change_pin(const Json& json) {
  const StoreWorker* worker = TRY(worker_of(json));
  if (const auto trouble = worker->trouble()) return *trouble;
  vault::PinChange change;
  change.pinned = string_at(json, "command") == "pin";
  change.type = string_at(json, "type");
  change.id = string_at(json, "id");
  change.version = static_cast<std::uint32_t>(count_at(json, "version"));
  change.by = string_at(json, "by");
  change.note = string_at(json, "note");
  return cli::to_json(TRY(vault::change_pin(worker->setup().vault, change)));
}

// Both kinds of work are watched alike: progress while there is news, a cancel from the client, the outcome.
template <class Task, class ToReport>
void ControlServer::watch(SocketLines& lines, Task& task, const ToReport& to_report, const std::stop_token& stop) {
  auto done = task.done.get_future();
  Json shown;
  while (!stop.stop_requested()) {
    const auto more = lines.read_line(kTurn);
    if (!more) return;
    if (*more) task.cancel.request_stop();
    if (done.wait_for(milliseconds(0)) == std::future_status::ready) {
      const auto report = done.get();
      [[maybe_unused]] const auto written =
          lines.write_line(to_text(report ? Json{{"report", to_report(*report)}} : error_json(report.error())));
      return;
    }
    const auto latest = *task.latest.lock();
    if (!latest) continue;
    Json progress = to_json(*latest);
    if (progress == shown) continue;
    shown = std::move(progress);
    if (!lines.write_line(to_text(Json{{"progress", shown}}))) return;
  }
}

void ControlServer::serve_client(int socket, std::stop_token stop) {
  SocketLines lines(socket);
  const auto line = lines.read_line(kRequestPatience);
  if (!line || !*line) return;
  const auto request = parse_json(**line, "the request");
  if (request && AdminDesk::knows(*request)) {
    [[maybe_unused]] const auto written = lines.write_line(to_text(answer_json(desk_->answer(*request))));
    return;
  }
  const std::string command = request ? string_at(*request, "command") : std::string();
  if (command == "pin" || command == "unpin") {
    [[maybe_unused]] const auto written = lines.write_line(to_text(answer_json(change_pin(*request))));
    return;
  }
  if (const auto what = upkeep_of(command)) {
    const auto worker = worker_of(*request);
    if (worker) {
      const auto task = (*worker)->keep_up(*what, flag_at(*request, "force_clock"));
      watch(
          lines, *task, [](const Json& done) { return done; }, stop);
    } else {
      [[maybe_unused]] const auto written = lines.write_line(to_text(error_json(worker.error())));
    }
    return;
  }
  const auto job = request ? submit(*request) : Result<std::shared_ptr<Job>>(request.error());
  if (!job) {
    // A client that is gone already has nothing to be told.
    [[maybe_unused]] const auto written = lines.write_line(to_text(error_json(job.error())));
    return;
  }
  watch(
      lines, **job, [](const backup::RunReport& report) { return backup::to_json(report); }, stop);
}

cli::DaemonAnswer ask_daemon(const sys::Path& path, const Json& request,
                             const std::function<void(const Json&)>& progress, std::stop_token stop) {
  const auto socket = connect_to(path);
  if (!socket && socket.error().kind == ErrorKind::not_found) return {};
  if (!socket) return {true, socket.error()};
  SocketLines lines(*socket);
  if (auto written = lines.write_line(to_text(request)); !written) return {true, written.error()};
  bool asked_to_stop = false;
  while (true) {
    if (stop.stop_requested() && !asked_to_stop) {
      asked_to_stop = true;
      if (auto written = lines.write_line(R"({"command":"cancel"})"); !written) return {true, written.error()};
    }
    const auto line = lines.read_line(kTurn);
    if (!line) {
      return {true, make_error(ErrorKind::unreachable, "the daemon ended before it answered",
                               "what it had stored is kept; `backstock status` tells how it stands, and the run goes "
                               "on when the daemon is back")};
    }
    if (!*line) continue;
    const auto json = parse_json(**line, "the daemon's answer");
    if (!json || !json->is_object())
      return {true, make_error(ErrorKind::rejected, "the daemon's answer is not JSON",
                               "use the same version of the program and the daemon")};
    if (json->contains("progress")) progress((*json)["progress"]);
    if (json->contains("report")) return {true, (*json)["report"]};
    if (json->contains("error")) return {true, error_from_json((*json)["error"])};
  }
}

}  // namespace backstock::app
