// A real gate on a free loopback port, with a handler that says what it was given.
#pragma once

#include <atomic>
#include <catch2/catch.hpp>
#include <stdexcept>

#include "http/gate.h"
#include "raw_client.h"

namespace backstock::test {

class EchoHandler final : public http::RequestHandler {
 public:
  http::Response answer(const http::Request& request) override {
    ++calls;
    if (request.path == "/throw") throw std::runtime_error("secret detail");
    http::Response response{.content_type = "text/plain", .body = {}};
    if (request.path == "/big") {
      response.body.assign(big_bytes, 'x');
      return response;
    }
    response.body = request.method + ' ' + request.path;
    for (const auto& [key, value] : request.query) response.body += ' ' + key + '=' + value;
    if (!request.body.empty()) response.body += " body " + std::to_string(request.body.size());
    if (const auto seen = request.header("REMOTE_ADDR")) response.body += " header " + std::string(*seen);
    response.body += " from " + request.remote_addr;
    return response;
  }
  std::atomic<int> calls = 0;
  static constexpr std::size_t big_bytes = 32_MiB;  // more than a socket's buffers take
};

struct RunningGate {
  explicit RunningGate(http::Limits limits = {}) {
    auto opened = http::Gate::open({.limits = limits, .headers = {{"X-Always", "yes"}}});
    REQUIRE(opened.has_value());
    gate = std::move(*opened);
    REQUIRE(gate->start(handler).has_value());
    port = gate->port();
  }
  // Is an ordinary client served at once, whatever the others do? Three seconds are far below any limit of the gate,
  // and enough for a loaded machine under a sanitizer.
  bool serves_others() const {
    const auto begin = std::chrono::steady_clock::now();
    const auto reply = ask(port, get(port, "/fine"));
    return reply && reply->status == 200 && std::chrono::steady_clock::now() - begin < std::chrono::seconds(3);
  }
  int status_of(std::string_view request) const {
    const auto reply = ask(port, request);
    return reply ? reply->status : 0;
  }

  EchoHandler handler;
  std::unique_ptr<http::Gate> gate;
  std::uint16_t port = 0;
};

}  // namespace backstock::test
