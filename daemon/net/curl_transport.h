// The real HttpTransport: libcurl's multi interface, connections kept open for the life of the object.
//
// TLS 1.2 or newer, certificate and name always checked against the machine's own CA store; there is no switch for it.
// HTTP/1.1, gzip accepted. `https_proxy` and `no_proxy` of the environment are honoured, but never for this machine.
// A request with a body (a write) is never sent twice: curl would by itself repeat it on a new connection when a kept
// one turns out dead; here that is an error of kind unreachable, and whether it arrived is the caller's to find out. A
// stop is obeyed within about 100 ms, also during name resolution and the TLS handshake. Besides what http_transport.h
// says: more than 200 headers or 64 KiB of them is refused (rejected).
//
// Threads: one at a time. SIGPIPE: the first transport sets it to ignored if the process left it at its default, since
// a connection that breaks while written to must not end the daemon.
#pragma once

#include <memory>

#include "net/http_transport.h"

namespace backstock::net {

class CurlTransport final : public HttpTransport {
 public:
  // Fails only if libcurl cannot be set up (no memory).
  static Result<std::unique_ptr<CurlTransport>> create();
  ~CurlTransport() override;
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  Result<HttpReply> send(const HttpRequest& request, std::stop_token stop) override;
  std::vector<Result<HttpReply>> send_many(std::span<const HttpRequest> requests, std::stop_token stop) override;

 private:
  struct Multi;  // curl.h stays behind this door
  explicit CurlTransport(std::unique_ptr<Multi> multi);
  std::unique_ptr<Multi> multi_;
};

}  // namespace backstock::net
