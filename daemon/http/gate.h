// The front door of a server: accepts connections, reads complete requests under limits, and only then lets anybody
// else spend time on them.
//
// One thread watches all sockets with epoll and never waits for a client; a few workers make the answers
// (RequestHandler) and never see a socket. So slow, silent or hostile clients cost a table entry each until their
// deadline, and others do not notice. What is malformed or over a limit is answered here: 400 408 413 414 415 431 501.
// Answers that go on (stream.h) are written by that thread too, so they hold no worker.
// At the connection limit the connection that has been idle longest gives way; if none is idle, the newcomer gets 503.
//
// Not promised: TLS, HTTP/2, and a defence against floods from many addresses: a reverse proxy belongs in front of
// anything that faces the internet.
//
// Threads: open, start and stop from one; its own are named http-gate and http-worker.
// Lifetime: the handler outlives stop().
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/limits.h"
#include "http/message.h"

namespace backstock::http {

class Gate {
 public:
  struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;                // 0: any free one
    std::string setting = "admin.listen";  // the configuration's key for the two above, for error hints
    unsigned workers = 2;
    Limits limits = {};
    std::vector<Header> headers = {};  // on every answer, refusals too
  };

  // Binds the port. Clients can connect from here on, and wait for start().
  static Result<std::unique_ptr<Gate>> open(Options options);
  ~Gate();

  std::uint16_t port() const;
  Result<> start(RequestHandler& handler);
  // Has all streaming answers looked at: one of them has something to write, or has ended. From any thread.
  void stir();
  // Refuses newcomers, gives answers under way half a second to leave, then ends all. Takes under a second plus
  // whatever a running handler takes. Idempotent.
  void stop();

 private:
  class Loop;
  explicit Gate(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace backstock::http
