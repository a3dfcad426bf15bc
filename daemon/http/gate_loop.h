// The gate's inside: the epoll thread with its connections, and the way answers come back to it. Only gate.cpp
// includes this.
#pragma once

#include <atomic>
#include <thread>
#include <unordered_map>

#include "base/guarded.h"
#include "http/connection.h"
#include "http/gate.h"
#include "http/worker_pool.h"

namespace backstock::http {

class Gate::Loop {
 public:
  Loop(Options options, ListenerSocket listener) : options_(std::move(options)), listener_(std::move(listener)) {}
  ~Loop() { stop(); }

  std::uint16_t port() const { return listener_.port; }
  Result<> start(RequestHandler& handler);
  void stir();
  void stop();

 private:
  using Connections = std::unordered_map<ConnectionId, Connection>;

  void run();
  void wake() const;
  int wait_ms(SteadyTime now) const;

  void accept_all(SteadyTime now);
  void welcome(Descriptor socket, std::string remote_addr, SteadyTime now);
  bool make_room();
  void serve(Connections::iterator at, SteadyTime now);
  void take_answers(SteadyTime now);
  void look_at_streams(SteadyTime now);
  void expire_all(SteadyTime now);
  void watch_listener(bool on);
  bool winding_up(SteadyTime now);

  // Fixed after start().
  Options options_;
  ListenerSocket listener_;
  Descriptor epoll_;
  Descriptor wake_;
  // The epoll thread's own.
  Connections connections_;
  ConnectionId next_id_ = 0;
  SteadyTime accept_again_ = SteadyTime::max();  // after running out of descriptors
  SteadyTime stop_by_ = SteadyTime::max();
  // Shared.
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> stirred_ = false;
  Guarded<std::vector<Answer>> answers_;
  std::unique_ptr<WorkerPool> workers_;
  std::jthread thread_;
};

}  // namespace backstock::http
