// A few threads that turn complete requests into answers. They never touch a socket, so no client can hold one.
//
// The queue needs no cap of its own: each connection has at most one request under way, and connections are capped.
// stop() waits for the handlers that are running and drops what is queued.
//
// Threads: any. Lifetime: the handler outlives the pool; `done` is called from the workers.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "base/guarded.h"
#include "http/answer_bytes.h"
#include "http/message.h"

namespace backstock::http {

using ConnectionId = std::uint64_t;

struct Job {
  ConnectionId connection = 0;
  Request request;
  bool close = false;
};

struct Answer {
  ConnectionId connection = 0;
  AnswerBytes::Made made;
};

class WorkerPool {
 public:
  WorkerPool(unsigned workers, RequestHandler& handler, std::vector<Header> headers, std::function<void(Answer)> done);
  ~WorkerPool() { stop(); }
  void submit(Job job);
  void stop();

 private:
  void work(std::stop_token stop, RequestHandler& handler);

  // Fixed at creation.
  std::vector<Header> headers_;
  std::function<void(Answer)> done_;
  // Shared.
  Guarded<std::deque<Job>> queue_;
  std::condition_variable_any ready_;
  std::vector<std::jthread> threads_;
};

// Shown by ps and gdb; at most 15 characters.
void name_this_thread(const char* name);

}  // namespace backstock::http
