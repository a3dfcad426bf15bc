// Does a request come from a page of ours? The defence against other web pages that make the reader's browser send
// requests here (CSRF, and spying by embedding).
//
// Browsers say where a request comes from in Origin and Sec-Fetch-Site; programs send neither, and pass. What names
// another place is refused, other ports of this machine too ("same-site"). One thing is let through: opening the page
// in a window of its own by a link from elsewhere; it shows nothing before somebody has signed in.
//
// Threads: pure functions.
#pragma once

#include <optional>

#include "http/host_guard.h"
#include "http/message.h"

namespace backstock::http {

// nullopt: let it through. Else the answer.
std::optional<Response> refuse_foreign_origin(const HostGuard& guard, const Request& request);

// Did the browser reach us by https, through a proxy? Then it may be given a Secure cookie.
bool came_by_https(const Request& request);

}  // namespace backstock::http
