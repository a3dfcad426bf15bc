// Whom a browser may believe it is talking to: the defence against a web page that points its own name at 127.0.0.1
// and then drives the admin page (DNS rebinding, as in CVE-2018-5702).
//
// Allowed are, exactly and with the listener's port: localhost, 127.0.0.1, [::1] and the address listened on; and the
// configured names as they stand. An extra name without a port is allowed bare (a proxy on 80 or 443) and with the
// listener's port. Letter case does not matter; everything else does: a trailing dot, a missing port, another port.
//
// Threads: constant after construction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backstock::http {

class HostGuard {
 public:
  HostGuard(const std::string& listen_host, std::uint16_t port, const std::vector<std::string>& extra_hosts);
  // `host` is the Host header; nullopt when there is none (HTTP/1.0).
  bool allows(std::optional<std::string_view> host) const;

 private:
  void allow(const std::string& name, std::uint16_t port);
  std::vector<std::string> allowed_;
};

}  // namespace backstock::http
