#include "http/admin_server.h"

#include <cctype>

#include "admin_world.h"
#include "base/crypto.h"
#include "http/embedded_file.h"

using namespace backstock;
using namespace backstock::test;

namespace {

void check_security_headers(const Reply& reply) {
  for (const http::Header& header : http::security_headers()) {
    std::string name = header.name;
    for (char& c : name) c = static_cast<char>(std::tolower(c));
    CAPTURE(name);
    CHECK(reply.count(name) == 1);
    CHECK(reply.header(name) == header.value);
  }
  CHECK(reply.header("content-security-policy").find("default-src 'none'; script-src 'self'; style-src 'self';") == 0);
  CHECK(reply.header("content-security-policy").find("unsafe") == std::string::npos);
  CHECK(reply.header("content-security-policy").find("frame-ancestors 'none'") != std::string::npos);
  CHECK(reply.count("cache-control") == 1);
  CHECK(reply.count("content-length") == 1);
  for (const auto& [name, value] : reply.headers) CHECK(name.find("access-control") != 0);
}

}  // namespace

TEST_CASE("every answer has the security headers, a refusal too, and HEAD is GET without its body") {
  AdminWorld world;
  const Who who = world.sign_in();
  for (const http::Route& route : http::all_routes()) {
    if (route.method != "GET" || route.path == "/api/v1/events") continue;
    CAPTURE(route.path);
    const std::string path(route.path);
    // Without its parameters many a route refuses, in the same clothes.
    const Reply reply = world.get(path, who);
    CHECK_FALSE(reply.body.empty());
    check_security_headers(reply);
    if (path.starts_with("/api/")) CHECK(reply.header("cache-control") == "no-store");
    check_security_headers(world.get(path));
    const Reply head = world.ask("HEAD", path, who.headers);
    CHECK(head.status == reply.status);
    CHECK(head.header("content-length") == reply.header("content-length"));
    check_security_headers(head);
  }
}

TEST_CASE("a proxy's name from the configuration is answered to") {
  const AdminWorld world;
  CHECK(world.ask("GET", "/healthz", "", "", "backup.example.com").status == 200);
  CHECK(world.ask("GET", "/healthz", "Origin: https://backup.example.com\r\n", "", "backup.example.com").status == 200);
  const auto nameless = ask(world.port, "GET /healthz HTTP/1.0\r\n\r\n");
  REQUIRE(nameless);
  CHECK(nameless->status == 421);
}

TEST_CASE("other methods are refused and say what is allowed") {
  AdminWorld world;
  const Who who = world.sign_in();
  std::map<std::string, std::vector<std::string>> methods;
  for (const http::Route& route : http::all_routes()) {
    methods[std::string(route.path)].emplace_back(route.method);
    if (route.method == "GET") methods[std::string(route.path)].emplace_back("HEAD");
  }
  methods["/app.css"] = {"GET", "HEAD"};
  for (const auto& [path, allowed] : methods) {
    std::string list;
    for (const std::string& method : allowed) list += (list.empty() ? "" : ", ") + method;
    for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"}) {
      if (std::find(allowed.begin(), allowed.end(), method) != allowed.end()) continue;
      CAPTURE(path, method);
      const Reply reply = world.send(method, path, who);
      CHECK(reply.status == 405);
      CHECK(reply.header("allow") == list);
      check_security_headers(reply);
    }
  }
}

TEST_CASE("unknown paths are a 404 problem, and no path climbs out") {
  const AdminWorld world;
  for (const char* path : {"/nothing", "/api/v1/", "/app.js/", "/../etc/passwd", "/%2e%2e/etc/passwd", "/app.js%00",
                           "//", "/APP.js", "/index.html/", "/stub/index.html"}) {
    CAPTURE(path);
    const Reply reply = world.get(path);
    CHECK(reply.status == 404);
    CHECK(reply.header("content-type") == "application/problem+json");
    check_security_headers(reply);
  }
}

TEST_CASE("what the gate itself refuses has the security headers too") {
  const AdminWorld world;
  const auto reply = ask(world.port, "junk\r\n");
  REQUIRE(reply);
  CHECK(reply->status == 400);
  check_security_headers(*reply);
}

TEST_CASE("an embedded file is sent once and then confirmed by its ETag") {
  const AdminWorld world;
  const Reply first = world.get("/app.css");
  const std::string etag = first.header("etag");
  REQUIRE(etag.size() == 34);
  CHECK(first.header("cache-control") == "no-cache");
  CHECK(first.header("content-type") == "text/css; charset=utf-8");
  for (const std::string& known : {etag, "W/" + etag, "\"other\", " + etag, std::string("*")}) {
    const Reply again = world.ask("GET", "/app.css", "If-None-Match: " + known + "\r\n");
    CAPTURE(known);
    CHECK(again.status == 304);
    CHECK(again.header("etag") == etag);
    check_security_headers(again);
  }
  CHECK(world.ask("GET", "/app.css", "If-None-Match: \"other\"\r\n").status == 200);
}

TEST_CASE("every embedded file is served under its path, and index.html is the page") {
  const AdminWorld world;
  const auto files = http::webui_files();
  CHECK(files.size() >= 3);
  for (const http::EmbeddedFile& file : files) {
    CAPTURE(file.path);
    CHECK_FALSE(file.bytes.empty());
    CHECK(file.etag.substr(1, 32) == to_hex(view(sha256(file.bytes))).substr(0, 32));
    const Reply reply = world.get("/" + std::string(file.path));
    CHECK(reply.status == 200);
    CHECK(reply.body == file.bytes);
    CHECK(reply.header("content-type") == file.content_type);
    check_security_headers(reply);
  }
  CHECK(world.get("/").body == world.get("/index.html").body);
  CHECK(world.get("/?from=a-bookmark").status == 200);
}

TEST_CASE("the page needs nothing inline") {
  for (const http::EmbeddedFile& file : http::webui_files()) {
    if (!file.path.ends_with(".html")) continue;
    for (const char* inlined : {"style=\"", "<style", " onclick", "javascript:", "http://", "https://", "<script>"})
      CHECK(file.bytes.find(inlined) == std::string_view::npos);
  }
}

TEST_CASE("the status is what the source says, with bytes that are not UTF-8 replaced") {
  AdminWorld world;
  const Json json = world.json_of(world.get("/api/v1/status", world.sign_in()));
  CHECK(json["version"] == "1");
  CHECK(json["bytes"] == "bad \xef\xbf\xbd byte");
}

TEST_CASE("readyz follows the source while healthz only says that the daemon lives") {
  AdminWorld world;
  CHECK(world.get("/readyz").body == "ready\n");
  world.status.starting = true;
  const Reply reply = world.get("/readyz");
  CHECK(reply.status == 503);
  CHECK(reply.body.find("the vault is being opened") != std::string::npos);
  CHECK(world.get("/healthz").body == "ok\n");
}

TEST_CASE("a second admin server on the port is refused with the port's name") {
  AdminWorld world;
  const auto second =
      http::AdminServer::start({.port = world.port}, {world.status, *world.accounts, world.clock, &world.stores});
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().sentence().find(std::to_string(world.port)) != std::string::npos);
}
