#include "http/admin_server.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <cctype>

#include "base/crypto.h"
#include "http/embedded_file.h"
#include "http/routes.h"
#include "raw_client.h"

using namespace backstock;
using namespace backstock::test;

namespace {

class FixedStatus final : public http::StatusSource {
 public:
  Json status() const override { return {{"version", "1"}, {"stores", Json::array()}, {"bytes", "bad \xff byte"}}; }
  Result<> ready() const override {
    if (starting) return make_error(ErrorKind::conflict, "the vault is being opened");
    return {};
  }
  std::atomic<bool> starting = false;
};

struct RunningAdmin {
  RunningAdmin() {
    auto started = http::AdminServer::start({.port = 0, .extra_hosts = {"backup.example.com"}}, status);
    REQUIRE(started.has_value());
    server = std::move(*started);
    port = server->port();
  }
  Reply request(std::string_view method, std::string_view path, std::string_view more = "") const {
    RawClient client(port);
    std::string text = get(port, path, more);
    text.replace(0, 3, method);
    client.send(text);
    const auto reply = client.read_reply(method == "HEAD");
    REQUIRE(reply);
    return *reply;
  }

  FixedStatus status;
  std::unique_ptr<http::AdminServer> server;
  std::uint16_t port = 0;
};

void check_security_headers(const Reply& reply) {
  for (const http::Header& header : http::security_headers()) {
    std::string name = header.name;
    for (char& c : name) c = static_cast<char>(std::tolower(c));
    CAPTURE(name);
    CHECK(reply.count(name) == 1);
    CHECK(reply.header(name) == header.value);
  }
  CHECK(reply.header("content-security-policy").find("default-src 'self'") == 0);
  CHECK(reply.header("content-security-policy").find("frame-ancestors 'none'") != std::string::npos);
  CHECK(reply.count("cache-control") == 1);
  CHECK(reply.count("content-length") == 1);
  for (const auto& [name, value] : reply.headers) CHECK(name.find("access-control") != 0);
}

}  // namespace

TEST_CASE("every route answers under its own name with the security headers") {
  const RunningAdmin admin;
  for (const http::Route& route : http::all_routes()) {
    CAPTURE(route.path);
    const Reply reply = admin.request(route.method, route.path);
    CHECK(reply.status == 200);
    CHECK_FALSE(reply.body.empty());
    check_security_headers(reply);
    if (route.path.starts_with("/api/")) CHECK(reply.header("cache-control") == "no-store");

    const Reply head = admin.request("HEAD", route.path);
    CHECK(head.status == 200);
    CHECK(head.header("content-length") == std::to_string(reply.body.size()));
    check_security_headers(head);
  }
}

TEST_CASE("every route refuses every foreign host") {
  const RunningAdmin admin;
  const std::string port = std::to_string(admin.port);
  for (const http::Route& route : http::all_routes()) {
    for (const std::string& host : {std::string("evil.example"), "evil.example:" + port, std::string("localhost"),
                                    std::string("localhost:1"), "localhost.evil.example:" + port, "localhost.:" + port,
                                    std::string(), "[::]:" + port, "127.0.0.2:" + port, std::string("127.0.0.1")}) {
      CAPTURE(route.path, host);
      const auto reply = ask(admin.port, "GET " + std::string(route.path) + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
      REQUIRE(reply);
      CHECK(reply->status == 421);
      CHECK(reply->body.find("admin.hosts") != std::string::npos);
      check_security_headers(*reply);
    }
    const auto nameless = ask(admin.port, "GET " + std::string(route.path) + " HTTP/1.0\r\n\r\n");
    REQUIRE(nameless);
    CHECK(nameless->status == 421);
  }
  const auto allowed = ask(admin.port, "GET /healthz HTTP/1.1\r\nHost: backup.example.com\r\n\r\n");
  REQUIRE(allowed);
  CHECK(allowed->status == 200);
}

TEST_CASE("other methods are refused and say what is allowed") {
  const RunningAdmin admin;
  for (const http::Route& route : http::all_routes()) {
    for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"}) {
      CAPTURE(route.path, method);
      const Reply reply = admin.request(method, route.path);
      CHECK(reply.status == 405);
      CHECK(reply.header("allow") == "GET, HEAD");
      check_security_headers(reply);
    }
  }
}

TEST_CASE("unknown paths are a 404 problem, and no path climbs out") {
  const RunningAdmin admin;
  for (const char* path : {"/nothing", "/api/v1/", "/app.js/", "/../etc/passwd", "/%2e%2e/etc/passwd", "/app.js%00",
                           "//", "/index.html", "/APP.js"}) {
    CAPTURE(path);
    const Reply reply = admin.request("GET", path);
    CHECK(reply.status == 404);
    CHECK(reply.header("content-type") == "application/problem+json");
    check_security_headers(reply);
  }
}

TEST_CASE("what the gate itself refuses has the security headers too") {
  const RunningAdmin admin;
  const auto reply = ask(admin.port, "junk\r\n");
  REQUIRE(reply);
  CHECK(reply->status == 400);
  check_security_headers(*reply);
}

TEST_CASE("an embedded file is sent once and then confirmed by its ETag") {
  const RunningAdmin admin;
  const Reply first = admin.request("GET", "/app.js");
  const std::string etag = first.header("etag");
  REQUIRE(etag.size() == 34);
  CHECK(first.header("cache-control") == "no-cache");
  CHECK(first.header("content-type") == "text/javascript; charset=utf-8");
  for (const std::string& known : {etag, "W/" + etag, "\"other\", " + etag, std::string("*")}) {
    const Reply again = admin.request("GET", "/app.js", "If-None-Match: " + known + "\r\n");
    CAPTURE(known);
    CHECK(again.status == 304);
    CHECK(again.header("etag") == etag);
    check_security_headers(again);
  }
  CHECK(admin.request("GET", "/app.js", "If-None-Match: \"other\"\r\n").status == 200);
}

TEST_CASE("the embedded files are what lies in the source folder, and the page needs nothing inline") {
  const auto files = http::webui_files();
  REQUIRE(files.size() == 4);
  for (const http::EmbeddedFile& file : files) {
    CAPTURE(file.path);
    CHECK_FALSE(file.bytes.empty());
    CHECK(file.etag.substr(1, 32) == to_hex(view(sha256(file.bytes))).substr(0, 32));
    for (const char* inlined : {"style=\"", "<style", " onclick", "javascript:", "https://", "innerHTML", "eval("})
      CHECK(file.bytes.find(inlined) == std::string_view::npos);
  }
}

TEST_CASE("the status is what the source says, with bytes that are not UTF-8 replaced") {
  const RunningAdmin admin;
  const auto json = parse_json(admin.request("GET", "/api/v1/status").body, "status");
  REQUIRE(json.has_value());
  CHECK((*json)["version"] == "1");
  CHECK((*json)["bytes"] == "bad \xef\xbf\xbd byte");
}

TEST_CASE("readyz follows the source while healthz only says that the daemon lives") {
  RunningAdmin admin;
  CHECK(admin.request("GET", "/readyz").body == "ready\n");
  admin.status.starting = true;
  const Reply reply = admin.request("GET", "/readyz");
  CHECK(reply.status == 503);
  CHECK(reply.body.find("the vault is being opened") != std::string::npos);
  CHECK(admin.request("GET", "/healthz").body == "ok\n");
}

TEST_CASE("a second admin server on the port is refused with the port's name") {
  const RunningAdmin admin;
  const auto second = http::AdminServer::start({.port = admin.port}, admin.status);
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().sentence().find(std::to_string(admin.port)) != std::string::npos);
}
