// The admin listener: the page for people, /healthz and /readyz for monitors, /api/v1 for the page and for scripts
// (API.md). Everything but the page's files, the two for monitors and the way in needs a session or a token.
//
// Threads: start and stop from one. Lifetime: what the doors point to outlives stop().
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "http/gate.h"
#include "http/status_source.h"
#include "state/accounts.h"

namespace backstock::http {

class StatusTicker;
class StoreDoor;

class AdminServer {
 public:
  struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8420;                  // 0: any free one, see port()
    std::vector<std::string> extra_hosts = {};  // names under which a tunnel or proxy reaches it
    Limits limits = {};
  };
  // What it leads to.
  struct Doors {
    const StatusSource& status;
    state::Accounts& accounts;
    const Clock& clock;
    StoreDoor* stores = nullptr;  // null only in tests that ask for none
  };

  // Listening and answering once it succeeds. A taken port is an ErrorKind::conflict that says what to do.
  static Result<std::unique_ptr<AdminServer>> start(Options options, Doors doors);
  ~AdminServer();

  std::uint16_t port() const;
  // Within a second, whatever clients do. Idempotent.
  void stop();

 private:
  class Routing;
  AdminServer(std::unique_ptr<Routing> routing, std::unique_ptr<Gate> gate, std::unique_ptr<StatusTicker> ticker);

  // In this order: the gate's workers and connections use the routing until they end, and the ticker stirs the gate.
  std::unique_ptr<Routing> routing_;
  std::unique_ptr<Gate> gate_;
  std::unique_ptr<StatusTicker> ticker_;
};

}  // namespace backstock::http
