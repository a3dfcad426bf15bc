// A tiny HTTP server on 127.0.0.1 that answers with exactly the bytes a test gives it, broken ones too.
//
//   LoopbackServer server([](const LoopbackServer::Request& request) { return answer("200 OK", {}, "hello"); });
//   server.url("/path")
//
// Each connection has a thread; all end with the server. The answer function is called by those threads.
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace backstock::net {

class LoopbackServer {
 public:
  struct Request {
    std::string head;  // request line and headers
    std::string body;
    std::string path;
    int connection = 0;  // numbered from 0
  };
  struct Answer {
    std::string bytes;
    enum { keep, close, hang } then = keep;  // hang: say nothing more until the client goes away
  };
  using Respond = std::function<Answer(const Request&)>;

  explicit LoopbackServer(Respond respond);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  int port() const { return port_; }
  std::string url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port_) + path; }
  std::vector<Request> requests() const;
  int connections() const;
  void wait_for_requests(std::size_t count) const;

 private:
  void accept_all();
  void serve(int socket, int number);

  Respond respond_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<Request> requests_;
  std::vector<int> sockets_;  // one per connection, open until the end
  std::list<std::thread> threads_;
  std::thread accepting_;
};

// A whole answer with Content-Length.
LoopbackServer::Answer answer(const std::string& status, const std::vector<std::string>& headers,
                              const std::string& body);

}  // namespace backstock::net
