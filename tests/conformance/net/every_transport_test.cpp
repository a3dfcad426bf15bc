// What http_transport.h promises, asked of every transport: the real one over real sockets, and the scripted one.
#include <catch2/catch.hpp>
#include <memory>

#include "loopback_server.h"
#include "net/curl_transport.h"
#include "support/scripted_transport.h"

using namespace backstock;
using namespace backstock::net;

namespace {

// The same little site behind either transport.
struct Site {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

Site site_at(const std::string& path) {
  if (path == "/hello") return {200, {{"Content-Type", "text/plain"}, {"X-Rate-Limit-Requests-Left", "17"}}, "hello"};
  if (path == "/moved") return {302, {{"Location", "/hello"}}, ""};
  if (path == "/trouble") return {503, {}, "{\"status\":503}"};
  if (path == "/large") return {200, {}, std::string(5000, 'x')};
  if (path == "/bytes") return {200, {}, std::string("a\0b\xff\r\n\r\n", 8)};
  return {404, {}, "no " + path};
}

struct Fixture {
  std::unique_ptr<LoopbackServer> server;
  std::unique_ptr<HttpTransport> transport;
  std::string base;

  explicit Fixture(bool real) {
    if (real) {
      server = std::make_unique<LoopbackServer>([](const LoopbackServer::Request& request) {
        const Site site = site_at(request.path);
        std::vector<std::string> headers;
        for (const auto& [name, value] : site.headers) headers.push_back(name + ": " + value);
        return answer(std::to_string(site.status) + " Whatever", headers, site.body);
      });
      base = server->url("");
      transport = std::move(*CurlTransport::create());
    } else {
      base = "http://127.0.0.1:9";
      auto scripted = std::make_unique<testing::ScriptedTransport>();
      scripted->on("", [](const HttpRequest& request) -> Result<HttpReply> {
        const Site site = site_at(std::string(testing::url_path(request.url)));
        HttpReply reply = testing::plain_reply(site.status, site.body);
        for (const auto& [name, value] : site.headers) reply.headers.add(name, value);
        return reply;
      });
      transport = std::move(scripted);
    }
  }
  HttpRequest get(const std::string& path) const { return {.url = base + path}; }
};

}  // namespace

TEST_CASE("every transport keeps the promises of HttpTransport") {
  const bool real = GENERATE(true, false);
  CAPTURE(real);
  Fixture fixture(real);
  HttpTransport& transport = *fixture.transport;

  SECTION("a reply has status, body and headers found in any case") {
    const auto reply = transport.send(fixture.get("/hello"), {});
    REQUIRE(reply);
    CHECK(reply->status == 200);
    CHECK(reply->body == "hello");
    CHECK(reply->headers.find("x-rate-limit-requests-left") == "17");
    CHECK(reply->wire_bytes >= 5);
    CHECK_FALSE(reply->headers.find("X-Nothing"));
  }
  SECTION("any byte may be in a body") { CHECK(transport.send(fixture.get("/bytes"), {})->body.size() == 8); }
  SECTION("an unhappy status is a reply, not an error") {
    CHECK(transport.send(fixture.get("/trouble"), {})->status == 503);
    CHECK(transport.send(fixture.get("/nowhere"), {})->status == 404);
  }
  SECTION("a redirect is told, not followed") {
    const auto reply = transport.send(fixture.get("/moved"), {});
    REQUIRE(reply);
    CHECK(reply->status == 302);
    CHECK(reply->headers.find("location") == "/hello");
  }
  SECTION("results of send_many stand in the order of the requests, each for itself") {
    std::vector<HttpRequest> requests{
        fixture.get("/hello"), {.url = "http://example.com/"}, fixture.get("/large"), fixture.get("/trouble")};
    requests[2].max_body = 4999;
    const auto results = transport.send_many(requests, {});
    REQUIRE(results.size() == 4);
    CHECK(results[0]->body == "hello");
    REQUIRE_FALSE(results[1]);
    CHECK(results[1].error().kind == ErrorKind::bad_input);
    REQUIRE_FALSE(results[2]);
    CHECK(results[2].error().kind == ErrorKind::too_large);
    CHECK(results[3]->status == 503);
  }
  SECTION("a body of exactly the size limit passes") {
    HttpRequest request = fixture.get("/large");
    request.max_body = 5000;
    CHECK(transport.send(request, {})->body.size() == 5000);
  }
  SECTION("nothing is sent after a stop") {
    std::stop_source source;
    source.request_stop();
    const auto result = transport.send(fixture.get("/hello"), source.get_token());
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::cancelled);
    if (fixture.server) CHECK(fixture.server->requests().empty());
  }
  SECTION("a header that would smuggle in another is refused, and its value is not told") {
    HttpRequest request = fixture.get("/hello");
    request.headers = {{"X-Auth-Token", "s3cret\r\nX-Evil: 1"}};
    const auto result = transport.send(request, {});
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::bad_input);
    CHECK(result.error().sentence().find("s3cret") == std::string::npos);
  }
  SECTION("no requests give no results") { CHECK(transport.send_many({}, {}).empty()); }
}
