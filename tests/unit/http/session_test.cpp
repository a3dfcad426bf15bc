#include "admin_world.h"

using namespace backstock;
using namespace backstock::test;
using namespace std::chrono_literals;

namespace {

Json session(const AdminWorld& world, const Who& who = {}) { return world.json_of(world.get("/api/v1/session", who)); }

Reply try_password(const AdminWorld& world, const char* password) {
  return world.send("POST", "/api/v1/session", {}, {{"password", password}});
}

}  // namespace

TEST_CASE("before a password there is setup, and a link is the way in") {
  AdminWorld world;
  CHECK(session(world)["state"] == "setup");
  CHECK(try_password(world, "whatever").status == 409);
  const std::string link = must(world.accounts->make_link()).reveal();
  const auto set_up = [&](const std::string& sent, const std::string& password) {
    return world.send("POST", "/api/v1/setup", {}, {{"link", sent}, {"password", password}});
  };
  CHECK(set_up(link, "too short").status == 400);
  CHECK(set_up(link, std::string(201, 'x')).status == 400);
  CHECK(set_up(link + "x", "long enough it is").status == 410);
  CHECK(session(world)["state"] == "setup");
  const Reply reply = set_up(link, "zehn Zeiche\xC3\xA4");
  CHECK(reply.status == 200);
  const Json answer = world.json_of(reply);
  CHECK(answer["state"] == "signed_in");
  CHECK(answer["idle_minutes"] == 30);
  CHECK(answer == session(world, world.who_of(reply)));
  CHECK(session(world)["state"] == "signed_out");
  CHECK(session(world)["csrf"] == nullptr);
  CHECK(set_up(link, "long enough it is").status == 410);
}

TEST_CASE("ten characters are enough, counted as people count them") {
  AdminWorld world;
  const std::string link = must(world.accounts->make_link()).reveal();
  std::string ten;
  for (int i = 0; i < 10; ++i) ten += "\xC3\xA4";
  const std::string nine = ten.substr(2);
  CHECK(world.send("POST", "/api/v1/setup", {}, {{"link", link}, {"password", nine}}).status == 400);
  CHECK(world.send("POST", "/api/v1/setup", {}, {{"link", link}, {"password", ten}}).status == 200);
}

TEST_CASE("the cookie is for this listener's own pages only, and Secure when the browser came by https") {
  AdminWorld world;
  world.sign_in();
  const Reply plain = try_password(world, AdminWorld::kPassword);
  const std::string cookie = plain.header("set-cookie");
  CHECK(plain.count("set-cookie") == 1);
  CHECK(cookie.find("backstock_session=") == 0);
  CHECK(cookie.substr(cookie.find(';')) == "; Path=/; HttpOnly; SameSite=Strict");
  CHECK(plain.header("cache-control") == "no-store");
  const Reply proxied =
      world.ask("POST", "/api/v1/session", std::string("Origin: https://backup.example.com\r\n") + AdminWorld::kJson,
                to_text(Json{{"password", AdminWorld::kPassword}}), "backup.example.com");
  REQUIRE(proxied.status == 200);
  CHECK(proxied.header("set-cookie").ends_with("; SameSite=Strict; Secure"));
}

TEST_CASE("a session is found among other cookies, of other programs and of its own name") {
  AdminWorld world;
  const Who who = world.sign_in();
  const std::string mine = who.headers.substr(8, who.headers.size() - 10);
  for (const std::string& cookies :
       {"a=b; " + mine, mine + ";a=b", "backstock_session=other; " + mine, "xbackstock_session=1; " + mine + "; c="})
    CHECK(session(world, {"Cookie: " + cookies + "\r\n"})["state"] == "signed_in");
  CHECK(session(world, {"Cookie: x" + mine + "\r\n"})["state"] == "signed_out");
}

TEST_CASE("signing out ends the session and clears the cookie") {
  AdminWorld world;
  const Who who = world.sign_in();
  const Reply reply = world.send("DELETE", "/api/v1/session", who);
  CHECK(reply.status == 200);
  CHECK(world.json_of(reply)["state"] == "signed_out");
  CHECK(reply.header("set-cookie").find("backstock_session=; ") == 0);
  CHECK(reply.header("set-cookie").find("Max-Age=0") != std::string::npos);
  CHECK(world.get("/api/v1/status", who).status == 401);
}

TEST_CASE("another password ends the other sessions and keeps this one") {
  AdminWorld world;
  const Who mine = world.sign_in();
  const Who other = world.sign_in();
  const auto change = [&](const char* old, const char* password) {
    return world.send("POST", "/api/v1/password", mine, {{"old", old}, {"new", password}}).status;
  };
  CHECK(change("not the password", "a new password") == 422);
  CHECK(change(AdminWorld::kPassword, "too short") == 400);
  CHECK(world.get("/api/v1/status", other).status == 200);
  CHECK(change(AdminWorld::kPassword, "a new password") == 200);
  CHECK(world.get("/api/v1/status", mine).status == 200);
  CHECK(world.get("/api/v1/status", other).status == 401);
  CHECK(try_password(world, AdminWorld::kPassword).status == 401);
  CHECK(try_password(world, "a new password").status == 200);
}

TEST_CASE("sessions survive a restart of the daemon") {
  AdminWorld world;
  const Who who = world.sign_in();
  world.start();
  CHECK(session(world, who)["state"] == "signed_in");
  CHECK(session(world, who)["csrf"] == who.csrf);
}

TEST_CASE("requests keep a session alive, the event stream does not") {
  AdminWorld world;
  const Who busy = world.sign_in();
  const Who watching = world.sign_in();
  for (int i = 0; i < 4; ++i) {
    world.clock.advance(9min);
    CHECK(world.get("/api/v1/status", busy).status == 200);
    RawClient client(world.port);
    client.send(test::get(world.port, "/api/v1/events", watching.headers));
    const auto reply = client.read_reply(true);
    REQUIRE(reply);
    CHECK(reply->status == (i < 3 ? 200 : 401));
  }
}

TEST_CASE("after five wrong passwords none is looked at for a while, not even the right one") {
  AdminWorld world;
  world.sign_in();
  for (int i = 0; i < 5; ++i) CHECK(try_password(world, "wrong").status == 401);
  const Reply refused = try_password(world, AdminWorld::kPassword);
  CHECK(refused.status == 429);
  CHECK(refused.header("retry-after") == "300");
  CHECK(refused.body.find("backstock admin link") != std::string::npos);
  world.clock.advance(299s);
  CHECK(try_password(world, AdminWorld::kPassword).header("retry-after") == "1");
  world.clock.advance(1s);
  CHECK(try_password(world, AdminWorld::kPassword).status == 200);
}

TEST_CASE("a right password begins the count anew") {
  AdminWorld world;
  world.sign_in();
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 4; ++i) CHECK(try_password(world, "wrong").status == 401);
    CHECK(try_password(world, AdminWorld::kPassword).status == 200);
  }
}

TEST_CASE("guessing the old password is slowed down too, and a one-time link is the way round it") {
  AdminWorld world;
  const Who who = world.sign_in();
  const Json guess = {{"old", "wrong"}, {"new", "a new password"}};
  for (int i = 0; i < 5; ++i) CHECK(world.send("POST", "/api/v1/password", who, guess).status == 422);
  CHECK(world.send("POST", "/api/v1/password", who, guess).status == 429);
  CHECK(try_password(world, AdminWorld::kPassword).status == 429);
  const std::string link = must(world.accounts->make_link()).reveal();
  CHECK(world.send("POST", "/api/v1/setup", {}, {{"link", link}, {"password", "a new password"}}).status == 200);
  CHECK(try_password(world, "a new password").status == 200);
}

TEST_CASE("tokens are made, shown once, listed without their secret, used, and revoked") {
  AdminWorld world;
  const Who who = world.sign_in();
  const Reply reply = world.send("POST", "/api/v1/tokens", who, {{"name", "Nagios"}, {"access", "read"}});
  CHECK(reply.status == 201);
  const Json made = world.json_of(reply);
  const std::string secret = made["token"];
  CHECK(secret.rfind("bk_", 0) == 0);
  const Who monitor{"Authorization: bearer " + secret + "\r\n"};
  CHECK(world.get("/api/v1/status", monitor).status == 200);
  const Reply list = world.get("/api/v1/tokens", who);
  CHECK(list.body.find(secret) == std::string::npos);
  const Json row = world.json_of(list)["tokens"][0];
  CHECK(row["id"] == made["id"]);
  CHECK(row["name"] == "Nagios");
  CHECK(row["access"] == "read");
  CHECK(row["last_used_at"] == format_rfc3339(world.clock.now()));
  const std::string id = made["id"];
  CHECK(world.json_of(world.send("DELETE", "/api/v1/tokens?id=" + id, who))["tokens"].empty());
  CHECK(world.get("/api/v1/status", monitor).status == 401);
  CHECK(world.send("DELETE", "/api/v1/tokens?id=" + id, who).status == 404);
  for (const Json& body :
       {Json{{"name", ""}, {"access", "read"}}, Json{{"name", "n"}, {"access", "all"}}, Json{{"name", "n"}},
        Json{{"name", 1}, {"access", "read"}}, Json{{"name", std::string(101, 'n')}, {"access", "read"}}})
    CHECK(world.send("POST", "/api/v1/tokens", who, body).status == 400);
}
