// The cookie that carries a session, and the value that a page must add to it before anything changes.
//
// The cookie is HttpOnly and SameSite=Strict; it ends with the browser, or when the daemon says so. The CSRF value
// follows from the cookie and says nothing about it, so it needs no place of its own.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "http/message.h"

namespace backstock::http {

inline constexpr std::string_view kCsrfHeader = "X-Backstock-CSRF";

Header set_cookie(const Secret& value, bool secure);
Header clear_cookie();

// Every value that a browser sent under the cookie's name: pages on other ports of the same host share its cookies, so
// there may be several.
std::vector<Secret> read_cookies(const Request& request);

std::string csrf_of(const Secret& cookie);

}  // namespace backstock::http
