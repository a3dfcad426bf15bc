// How `backstock backup` and `admin` reach the running daemon: a Unix socket in data_dir, mode 0600, one JSON object
// per line.
//
// Request  {"command":"backup","store":S,"types":[...],"full":B,"accept_deletions":B}
// Request  {"command":"compact","store":S}, likewise "undo_prune", and "prune" with "force_clock":B
// Answers  {"progress":{...}} any number of times, then {"report":{...}} or {"error":{"kind":K,"message":M}}
// {"command":"pin","store":S,"type":T,"id":I,"version":N,"by":B,"note":X}, "unpin" likewise,
// and the requests of admin_desk.h are answered at once with {"report":{...}} or {"error":{...}}.
// The client may send {"command":"cancel"}. A client that goes away leaves the run going.
//
// Threads: the server owns one thread that accepts and one per connection, at most kMaxClients.
#pragma once

#include <list>
#include <memory>
#include <thread>

#include "app/admin_desk.h"
#include "app/store_worker.h"
#include "cli/surroundings.h"

namespace backstock::app {

class SocketLines;

inline constexpr std::size_t kMaxClients = 256;

class ControlServer {
 public:
  // The caller holds the daemon's lock: a socket file that is there is a leftover and is replaced.
  static Result<std::unique_ptr<ControlServer>> start(const sys::Path& path, std::vector<StoreWorker*> workers,
                                                      AdminDesk& desk);
  ~ControlServer();

 private:
  struct Client {
    std::jthread thread;
    std::shared_ptr<std::atomic<bool>> ended;
  };
  ControlServer(int listener, sys::Path path, std::vector<StoreWorker*> workers, AdminDesk& desk)
      : listener_(listener), path_(std::move(path)), workers_(std::move(workers)), desk_(&desk) {}
  void accept_clients(std::stop_token stop);
  void serve_client(int socket, std::stop_token stop);
  Result<StoreWorker*> worker_of(const Json& json);
  Result<std::shared_ptr<Job>> submit(const Json& json);
  Result<Json> change_pin(const Json& json);
  template <class Task, class ToReport>
  static void watch(SocketLines& lines, Task& task, const ToReport& to_report, const std::stop_token& stop);

  int listener_;
  sys::Path path_;
  std::vector<StoreWorker*> workers_;
  AdminDesk* desk_;
  std::list<Client> clients_;  // the accepting thread's
  std::jthread thread_;
};

// The client's side; `reached` is false when nobody listens there.
cli::DaemonAnswer ask_daemon(const sys::Path& path, const Json& request,
                             const std::function<void(const Json&)>& progress, std::stop_token stop);

}  // namespace backstock::app
