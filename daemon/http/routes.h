// The one table of what the admin listener answers, and the walk through it.
//
// Every request passes, in this order: the host guard, whatever its path; the origin guard; the route's Access; for a
// session that is about to change something, its CSRF value; the route's parameters and fields. Only then the handler
// runs, so a handler knows that who asks may. HEAD is answered wherever GET is. GET and HEAD change nothing, not a byte
// of state.db. Files of the page, which are not in the table, are open.
//
// Threads: constant data; routing is called by several workers at once.
#pragma once

#include <span>
#include <string_view>

#include "http/api_request.h"
#include "http/event_feed.h"
#include "http/gatekeeper.h"
#include "http/host_guard.h"
#include "http/message.h"
#include "http/sign_in_throttle.h"
#include "http/status_source.h"
#include "state/accounts.h"

namespace backstock::http {

class SearchDesk;
class StoreDoor;

// What a handler may lean on.
struct Serving {
  const StatusSource& status;
  state::Accounts& accounts;
  EventFeed& events;
  SignInThrottle& throttle;
  StoreDoor* stores = nullptr;     // null only in tests that ask for none
  SearchDesk* searches = nullptr;  // likewise
};

struct Route {
  std::string_view method;
  std::string_view path;
  Access access;
  Result<Response> (*answer)(const Serving&, const ApiRequest&);  // an error becomes a problem: see api_answer.h
  std::string_view parameters = "";  // what the query may hold: names with a space between; "*": anything
  std::string_view fields = "";      // what the JSON body may hold; none: there is no body
  bool counts = true;                // does a request keep the session alive?
};

std::span<const Route> all_routes();

Response route_request(const HostGuard& guard, const Serving& serving, const Request& request);

// On every answer of the admin listener, refusals too.
std::vector<Header> security_headers();

}  // namespace backstock::http
