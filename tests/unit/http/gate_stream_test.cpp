// Answers that go on: whoever reads them, or does not, nobody else waits.
#include <catch2/catch.hpp>

#include "gate_fixture.h"

using namespace backstock;
using namespace backstock::test;
using namespace std::chrono_literals;

namespace {

// Always has `size` bytes more.
class Flood final : public http::Stream {
 public:
  explicit Flood(std::size_t size) : bytes_(std::make_shared<const std::string>(size, 'x')) {}
  std::shared_ptr<const std::string> take() override { return bytes_; }
  bool ended() const override { return false; }

 private:
  std::shared_ptr<const std::string> bytes_;
};

class FloodHandler final : public http::RequestHandler {
 public:
  http::Response answer(const http::Request& request) override {
    http::Response response{.content_type = "text/plain", .body = "fine"};
    if (request.path == "/flood") {
      response.body.clear();
      response.stream = stream = std::make_shared<Flood>(16_MiB);  // more than a socket's buffers take
    }
    return response;
  }
  std::shared_ptr<http::Stream> stream;
};

}  // namespace

TEST_CASE("a listener that does not read is dropped, and others are served meanwhile") {
  FloodHandler handler;
  auto gate = http::Gate::open({.workers = 1, .limits = {.write_time = 300ms}});
  REQUIRE(gate.has_value());
  REQUIRE((*gate)->start(handler).has_value());
  const std::uint16_t port = (*gate)->port();
  RawClient deaf(port);
  deaf.send(get(port, "/flood"));
  const auto head = deaf.read_reply(true);
  REQUIRE(head);
  CHECK(head->status == 200);
  // One worker, and it is free again: the stream is the gate's.
  const auto reply = ask(port, get(port, "/fine"));
  REQUIRE(reply);
  CHECK(reply->body == "fine");
  const std::weak_ptr<http::Stream> gone = handler.stream;
  handler.stream.reset();
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (!gone.expired() && std::chrono::steady_clock::now() < until) CHECK(ask(port, get(port, "/fine")));
  CHECK(gone.expired());
  CHECK(deaf.read_to_end());
}

TEST_CASE("a listener that goes away is let go of") {
  FloodHandler handler;
  auto gate = http::Gate::open({.limits = {.write_time = 60s}});
  REQUIRE(gate.has_value());
  REQUIRE((*gate)->start(handler).has_value());
  const std::uint16_t port = (*gate)->port();
  {
    RawClient leaving(port);
    leaving.send(get(port, "/flood"));
    REQUIRE(leaving.read_reply(true));
  }
  const std::weak_ptr<http::Stream> gone = handler.stream;
  handler.stream.reset();
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (!gone.expired() && std::chrono::steady_clock::now() < until) CHECK(ask(port, get(port, "/fine")));
  CHECK(gone.expired());
}
