// Which URLs the daemon may talk to, in one place for every transport.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http_transport.h"

namespace backstock::net {

struct UrlTarget {
  std::string host;       // as resolved and as named in messages; IPv6 without brackets
  bool loopback = false;  // this machine, by its address or as localhost
};

// https to anywhere, http to this machine only, no user name or password inside. Else bad_input; the message names the
// host if there is one, never the rest of the URL.
Result<UrlTarget> check_outgoing_url(std::string_view url);

// The URL, and that no header or method could smuggle in a line of its own.
Result<UrlTarget> check_outgoing_request(const HttpRequest& request);

}  // namespace backstock::net
