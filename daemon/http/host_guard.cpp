#include "http/host_guard.h"

#include <algorithm>

#include "http/message.h"

namespace backstock::http {
namespace {

bool has_port(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  const std::size_t bracket = host.rfind(']');
  return colon != host.npos && (bracket == host.npos || colon > bracket);
}

}  // namespace

HostGuard::HostGuard(const std::string& listen_host, std::uint16_t port, const std::vector<std::string>& extra_hosts) {
  for (const char* name : {"localhost", "127.0.0.1", "[::1]"}) allow(name, port);
  // An address cannot be re-pointed by somebody's DNS. The wildcards are no address that anybody types.
  if (listen_host != "0.0.0.0" && listen_host != "::")
    allow(listen_host.find(':') == std::string::npos ? listen_host : '[' + listen_host + ']', port);
  for (const std::string& host : extra_hosts) {
    allowed_.push_back(host);
    if (!has_port(host)) allow(host, port);
  }
}

void HostGuard::allow(const std::string& name, std::uint16_t port) {
  allowed_.push_back(name + ':' + std::to_string(port));
  if (port == 80) allowed_.push_back(name);  // browsers leave it out
}

bool HostGuard::allows(std::optional<std::string_view> host) const {
  return host && std::any_of(allowed_.begin(), allowed_.end(),
                             [&](const std::string& allowed) { return same_name(allowed, *host); });
}

}  // namespace backstock::http
