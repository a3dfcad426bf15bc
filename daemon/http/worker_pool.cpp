#include "http/worker_pool.h"

#include <pthread.h>

#include <optional>

namespace backstock::http {

void name_this_thread(const char* name) { ::pthread_setname_np(::pthread_self(), name); }

WorkerPool::WorkerPool(unsigned workers, RequestHandler& handler, std::vector<Header> headers,
                       std::function<void(Answer)> done)
    : headers_(std::move(headers)), done_(std::move(done)) {
  for (unsigned i = 0; i < workers; ++i)
    threads_.emplace_back([this, &handler](std::stop_token stop) { work(std::move(stop), handler); });
}

void WorkerPool::submit(Job job) {
  queue_.lock()->push_back(std::move(job));
  ready_.notify_one();
}

void WorkerPool::stop() {
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();
}

void WorkerPool::work(std::stop_token stop, RequestHandler& handler) {
  name_this_thread("http-worker");
  AnswerBytes answers(handler, headers_);
  while (!stop.stop_requested()) {
    std::optional<Job> job;
    {
      auto held = queue_.lock();
      if (!ready_.wait(held.lock(), stop, [&] { return !held->empty(); })) return;
      job = std::move(held->front());
      held->pop_front();
    }
    done_({job->connection, answers.make(job->request, job->close)});
  }
}

}  // namespace backstock::http
