// The one table of what the admin listener answers, and the walk through it.
//
// Every request passes the host guard first, whatever its path. HEAD is answered wherever GET is. GET changes nothing:
// a route that does must be another method, and then needs a session (from the release that brings the log-in).
//
// Threads: constant data; routing is called by several workers at once.
#pragma once

#include <span>
#include <string_view>

#include "http/host_guard.h"
#include "http/message.h"
#include "http/status_source.h"

namespace backstock::http {

// What a handler may lean on.
struct Serving {
  const StatusSource& status;
};

enum class Access {
  open  // whoever reaches the listener under an allowed name
};

struct Route {
  std::string_view method;
  std::string_view path;
  Access access;
  Response (*answer)(const Serving&, const Request&);
};

std::span<const Route> all_routes();

Response route_request(const HostGuard& guard, const Serving& serving, const Request& request);

// On every answer of the admin listener, refusals too.
std::vector<Header> security_headers();

}  // namespace backstock::http
