// Every route of the program, tried by everybody who must not get through. A new route is tried by itself; one that
// changes something needs a sample of a request that works, or the first test fails.
#include "admin_world.h"
#include "http/embedded_file.h"

using namespace backstock;
using namespace backstock::test;
using http::Access;

namespace {

struct Sample {
  std::string query = {};
  Json body = nullptr;
};

// A request that is fine in every respect but who sends it.
Sample sample_of(AdminWorld& world, const http::Route& route) {
  const std::string name = std::string(route.method) + ' ' + std::string(route.path);
  const std::string item = "?store=acme&type=brands&id=7";
  if (name == "POST /api/v1/session") return {"", {{"password", AdminWorld::kPassword}}};
  if (name == "POST /api/v1/setup")
    return {"", {{"link", must(world.accounts->make_link()).reveal()}, {"password", AdminWorld::kPassword}}};
  if (name == "POST /api/v1/password") return {"", {{"old", AdminWorld::kPassword}, {"new", AdminWorld::kPassword}}};
  if (name == "POST /api/v1/tokens") return {"", {{"name", "another"}, {"access", "read"}}};
  if (name == "DELETE /api/v1/tokens")
    return {"?id=" + must(world.accounts->make_token("doomed", state::TokenAccess::read)).token.id};
  if (name == "POST /api/v1/backups") return {"", {{"store", "acme"}}};
  if (name == "POST /api/v1/backups/cancel") return {"", {{"store", "acme"}}};
  if (name == "GET /api/v1/types" || name == "GET /api/v1/runs") return {"?store=acme"};
  if (name == "GET /api/v1/items") return {"?store=acme&type=brands"};
  if (name == "GET /api/v1/item" || name == "GET /api/v1/versions") return {item};
  if (name == "GET /api/v1/source") return {item + "&version=1"};
  if (name == "GET /api/v1/compare") return {item + "&from=1&to=2"};
  if (name == "GET /api/v1/search") return {"?store=acme&q=hat"};
  if (name == "GET /api/v1/run") return {"?store=acme&run=01RUN"};
  return {};
}

// As all_routes(), with the page's files.
std::vector<http::Route> everything() {
  std::vector<http::Route> routes(http::all_routes().begin(), http::all_routes().end());
  for (const http::EmbeddedFile& file : http::webui_files()) {
    static std::list<std::string> paths;
    paths.push_back("/" + std::string(file.path));
    routes.push_back({"GET", paths.back(), Access::open, nullptr});
  }
  return routes;
}

bool reads(const http::Route& route) { return route.method == "GET"; }

Reply ask_with(const AdminWorld& world, const http::Route& route, const Sample& sample, const std::string& headers,
               const std::string& host = "") {
  const bool has_body = !sample.body.is_null();
  return world.ask(route.method, std::string(route.path) + sample.query, headers + (has_body ? AdminWorld::kJson : ""),
                   has_body ? to_text(sample.body) : "", host);
}

std::string csrf(const Who& who) { return "X-Backstock-CSRF: " + who.csrf + "\r\n"; }

// Refused, and nothing came of it.
void check_refused(const AdminWorld& world, const http::Route& route, const Sample& sample, int status,
                   const std::string& headers, const std::string& host = "") {
  CAPTURE(route.method, route.path, headers, host);
  const std::string before = world.effects();
  const Reply reply = ask_with(world, route, sample, headers, host);
  CHECK(reply.status == status);
  CHECK(reply.header("content-type") == "application/problem+json");
  CHECK(reply.count("set-cookie") == 0);
  const Json problem = AdminWorld::json_of(reply);
  for (const char* field : {"type", "title", "status", "detail", "what", "why", "next"}) CHECK(problem.contains(field));
  CHECK(world.effects() == before);
}

}  // namespace

TEST_CASE("each route does its work for who may, so the refusals below are about who asks") {
  AdminWorld world;
  for (const http::Route& route : everything()) {
    CAPTURE(route.method, route.path);
    const Who who = world.sign_in();
    const Sample sample = sample_of(world, route);
    const std::string before = world.effects();
    const Reply reply = ask_with(world, route, sample, who.headers + csrf(who));
    CAPTURE(reply.body);
    CHECK(reply.status >= 200);
    CHECK(reply.status < 300);
    CHECK((world.effects() == before) == reads(route));
    // The password was kept as it is; who set it last is signed in.
  }
}

TEST_CASE("no route answers under a foreign name") {
  AdminWorld world;
  const Who who = world.sign_in();
  const std::string port = std::to_string(world.port);
  for (const http::Route& route : everything()) {
    const Sample sample = sample_of(world, route);
    for (const std::string& host :
         {std::string("evil.example"), "evil.example:" + port, std::string("localhost"), std::string("localhost:1"),
          "localhost.evil.example:" + port, "localhost.:" + port, "[::]:" + port, "127.0.0.2:" + port,
          std::string("127.0.0.1"), "backup.example.com.:" + port})
      check_refused(world, route, sample, 421, who.headers + csrf(who), host);
  }
}

TEST_CASE("no route answers a foreign page, whoever is signed in") {
  AdminWorld world;
  const Who who = world.sign_in();
  const std::string port = std::to_string(world.port);
  for (const http::Route& route : everything()) {
    const Sample sample = sample_of(world, route);
    for (const std::string& headers :
         {std::string("Origin: https://evil.example\r\n"), std::string("Origin: null\r\n"),
          std::string("Origin: http://127.0.0.1\r\n"), "Origin: http://127.0.0.1:" + port + ".evil.example\r\n",
          std::string("Origin: http://localhost:3000\r\n"), "Origin: ftp://127.0.0.1:" + port + "\r\n",
          "Origin: http://127.0.0.1:" + port + "\r\nOrigin: https://evil.example\r\n",
          std::string("Sec-Fetch-Site: cross-site\r\n"), std::string("Sec-Fetch-Site: same-site\r\n"),
          std::string("Sec-Fetch-Site: something-new\r\n"),
          std::string("Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n"),
          std::string("Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n")})
      check_refused(world, route, sample, 403, who.headers + csrf(who) + headers);
  }
}

TEST_CASE("a link from elsewhere opens the page, and nothing of /api/") {
  AdminWorld world;
  const Who who = world.sign_in();
  const std::string link = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";
  for (const http::Route& route : everything()) {
    CAPTURE(route.path);
    const Sample sample = sample_of(world, route);
    if (route.path.starts_with("/api/")) {
      check_refused(world, route, sample, 403, who.headers + csrf(who) + link);
    } else {
      CHECK(ask_with(world, route, sample, link).status == 200);
    }
  }
}

TEST_CASE("without a session or a token only what is open answers") {
  AdminWorld world;
  world.sign_in();
  const std::string guess(43, 'A');
  for (const http::Route& route : everything()) {
    const Sample sample = sample_of(world, route);
    if (route.access == Access::open) continue;
    for (const std::string& headers :
         {std::string(), std::string("Cookie: backstock_session=\r\n"), "Cookie: backstock_session=" + guess + "\r\n",
          "Authorization: Bearer bk_" + guess + "\r\n", std::string("Authorization: Bearer \r\n"),
          std::string("Authorization: Basic YTpi\r\n"), std::string("Authorization: Bearer\r\n")})
      check_refused(world, route, sample, 401, headers);
  }
}

TEST_CASE("a session that has ended opens nothing any more") {
  AdminWorld world;
  const Who gone = world.sign_in();
  REQUIRE(world.send("DELETE", "/api/v1/session", gone).status == 200);
  const Who late = world.sign_in();
  const Who revoked = world.token(state::TokenAccess::operate);
  must(world.accounts->revoke_token(must(world.accounts->tokens()).front().id));
  world.clock.advance(std::chrono::minutes(31));
  for (const http::Route& route : everything()) {
    const Sample sample = sample_of(world, route);
    if (route.access == Access::open) continue;
    for (const Who& who : {gone, late, revoked}) check_refused(world, route, sample, 401, who.headers + csrf(who));
  }
}

TEST_CASE("nothing changes for a session without its own CSRF value") {
  AdminWorld world;
  const Who who = world.sign_in();
  const Who other = world.sign_in();
  REQUIRE(who.csrf != other.csrf);
  for (const http::Route& route : everything()) {
    const Sample sample = sample_of(world, route);
    if (reads(route) || route.access == Access::open) continue;
    for (const std::string& headers :
         {std::string(), std::string("X-Backstock-CSRF: \r\n"), csrf(other),
          "X-Backstock-CSRF: " + who.csrf.substr(1) + "\r\n", "X-Backstock-CSRF: " + who.csrf + "0\r\n"})
      check_refused(world, route, sample, 403, who.headers + headers);
  }
}

TEST_CASE("a token does no more than it may") {
  AdminWorld world;
  world.sign_in();
  const Who reader = world.token(state::TokenAccess::read);
  const Who driver = world.token(state::TokenAccess::operate);
  for (const http::Route& route : everything()) {
    CAPTURE(route.method, route.path);
    const Sample sample = sample_of(world, route);
    if (route.access == Access::session) check_refused(world, route, sample, 403, driver.headers);
    if (route.access == Access::session || route.access == Access::session_or_operate)
      check_refused(world, route, sample, 403, reader.headers);
    if (route.access == Access::session_or_read) {
      CHECK(reads(route));
      CHECK(ask_with(world, route, sample, reader.headers).status == 200);
    }
    if (route.access == Access::session_or_operate) CHECK(ask_with(world, route, sample, driver.headers).status < 300);
  }
}

TEST_CASE("a wrong token is not made good by a session beside it") {
  AdminWorld world;
  const Who who = world.sign_in();
  CHECK(world.get("/api/v1/status", {who.headers + "Authorization: Bearer bk_wrong\r\n"}).status == 401);
}

TEST_CASE("GET and HEAD change no byte of state.db or the vault, and start nothing") {
  AdminWorld world;
  const Who who = world.sign_in();
  const Who reader = world.token(state::TokenAccess::read);
  for (const http::Route& route : everything()) {
    if (!reads(route)) continue;
    CAPTURE(route.path);
    const Sample sample = sample_of(world, route);
    world.clock.advance(std::chrono::seconds(10));
    const std::string before = world.effects();
    for (const Who& one : {who, reader}) {
      for (const char* method : {"GET", "HEAD"}) world.ask(method, std::string(route.path) + sample.query, one.headers);
    }
    CHECK(world.effects() == before);
  }
}

TEST_CASE("what changes something asks for a session or a token, but for the two ways in") {
  for (const http::Route& route : http::all_routes()) {
    CAPTURE(route.method, route.path);
    if (reads(route)) {
      CHECK((route.access != Access::open || !route.path.starts_with("/api/") || route.path == "/api/v1/session"));
      continue;
    }
    CHECK(route.access != Access::session_or_read);
    if (route.access == Access::open) CHECK((route.path == "/api/v1/session" || route.path == "/api/v1/setup"));
  }
}

TEST_CASE("a body is taken only as JSON of the fields that the route names, and a query only with its parameters") {
  AdminWorld world;
  for (const http::Route& route : http::all_routes()) {
    CAPTURE(route.method, route.path);
    const Who who = world.sign_in();
    Sample sample = sample_of(world, route);
    const std::string headers = who.headers + csrf(who);
    const std::string target = std::string(route.path) + sample.query;
    const std::string before = world.effects();
    if (!sample.body.is_null()) {
      for (const char* type : {"Content-Type: text/plain\r\n", "Content-Type: application/x-www-form-urlencoded\r\n",
                               "", "Content-Type: application/jsonp\r\n"})
        CHECK(world.ask(route.method, target, headers + type, to_text(sample.body)).status == 400);
      for (const char* body : {"[]", "null", "{", "\"text\"", "{}x"})
        CHECK(world.ask(route.method, target, headers + AdminWorld::kJson, body).status == 400);
      sample.body["surprise"] = 1;
      const Reply reply = world.ask(route.method, target, headers + AdminWorld::kJson, to_text(sample.body));
      CHECK(reply.status == 400);
      CHECK(reply.body.find("surprise") == std::string::npos);
      CHECK(reply.body.find("field " + std::to_string(sample.body.size()) + " of the body") != std::string::npos);
    } else if (route.path.starts_with("/api/")) {
      CHECK(world.ask(route.method, target, headers + AdminWorld::kJson, "{}").status == 400);
    }
    if (route.path.starts_with("/api/")) {
      const std::string glue = sample.query.empty() ? "?" : "&";
      CHECK(world.send(route.method, target + glue + "surprise=1", who).status == 400);
      if (!sample.query.empty())
        CHECK(world.send(route.method, target + "&" + sample.query.substr(1) + "x", who).status == 400);
    }
    CHECK(world.effects() == before);
  }
}
