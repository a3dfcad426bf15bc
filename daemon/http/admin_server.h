// The admin listener: the page for people, /healthz and /readyz for monitors, /api/v1 for the page.
//
// Meant for loopback: there is no log-in yet, so whoever may open the port may read what it shows.
//
// Threads: start and stop from one. Lifetime: the StatusSource outlives stop().
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/gate.h"
#include "http/status_source.h"

namespace backstock::http {

class AdminServer {
 public:
  struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8420;                  // 0: any free one, see port()
    std::vector<std::string> extra_hosts = {};  // names under which a tunnel or proxy reaches it
    Limits limits = {};
  };

  // Listening and answering once it succeeds. A taken port is an ErrorKind::conflict that says what to do.
  static Result<std::unique_ptr<AdminServer>> start(Options options, const StatusSource& status);
  ~AdminServer();

  std::uint16_t port() const;
  // Within a second, whatever clients do. Idempotent.
  void stop();

 private:
  class Routing;
  AdminServer(std::unique_ptr<Routing> routing, std::unique_ptr<Gate> gate);

  // In this order: the gate's workers use the routing until they end.
  std::unique_ptr<Routing> routing_;
  std::unique_ptr<Gate> gate_;
};

}  // namespace backstock::http
