#include "admin_world.h"

using namespace backstock;
using namespace backstock::test;
using namespace std::chrono_literals;

namespace {

// Somebody who listens; the head has been read and was 200.
struct Listener {
  Listener(const AdminWorld& world, const Who& who) : client(world.port) {
    client.send(get(world.port, "/api/v1/events", who.headers));
    head = client.read_reply(true);
    REQUIRE(head);
  }
  std::optional<std::string> next() { return client.read_until("\n\n"); }
  // Its status, by the number in it; -1 at the end.
  int count() {
    for (;;) {
      const auto event = next();
      if (!event) return -1;
      if (event->starts_with(":")) continue;
      CHECK(event->starts_with("event: status\ndata: {"));
      CHECK(std::count(event->begin(), event->end(), '\n') == 3);
      return must(parse_json(event->substr(event->find('{')), "an event"))["count"].get<int>();
    }
  }
  RawClient client;
  std::optional<Reply> head;
};

}  // namespace

TEST_CASE("the status comes at once and then whenever it changes, and only then") {
  AdminWorld world;
  Listener listener(world, world.sign_in());
  CHECK(listener.head->status == 200);
  CHECK(listener.head->header("content-type") == "text/event-stream");
  CHECK(listener.head->header("cache-control") == "no-store");
  CHECK(listener.head->header("connection") == "close");
  CHECK(listener.head->count("content-length") == 0);
  for (const http::Header& header : http::security_headers()) {
    std::string name = header.name;
    for (char& c : name) c = static_cast<char>(std::tolower(c));
    CHECK(listener.head->header(name) == header.value);
  }
  CHECK(listener.count() == 0);
  // Asked often, with another `now` each time, and yet the next event is the next change.
  world.status.wait_for(3);
  world.status.count = 1;
  CHECK(listener.count() == 1);
  world.status.count = 2;
  CHECK(listener.count() == 2);
}

TEST_CASE("a later listener begins with the newest status, not with what the last one left") {
  AdminWorld world;
  const Who who = world.sign_in();
  CHECK(Listener(world, who).count() == 0);
  world.status.count = 5;
  CHECK(Listener(world, who).count() == 5);
}

TEST_CASE("a stream that has nothing to say says so") {
  AdminWorld world({.beat_time = 50ms});
  Listener listener(world, world.sign_in());
  CHECK(listener.count() == 0);
  CHECK(listener.next() == ":\n\n");
  CHECK(listener.next() == ":\n\n");
  world.status.count = 1;
  CHECK(listener.count() == 1);
}

TEST_CASE("a stream ends with its session or token, and no other does") {
  AdminWorld world;
  const Who leaving = world.sign_in();
  const Who staying = world.sign_in();
  const auto token = must(world.accounts->make_token("monitor", state::TokenAccess::read));
  Listener one(world, leaving);
  Listener two(world, staying);
  Listener three(world, {"Authorization: Bearer " + token.secret.reveal() + "\r\n"});
  for (Listener* listener : {&one, &two, &three}) CHECK(listener->count() == 0);
  world.send("DELETE", "/api/v1/session", leaving);
  CHECK(one.client.read_to_end());
  must(world.accounts->revoke_token(token.token.id));
  CHECK(three.client.read_to_end());
  world.status.count = 1;
  CHECK(two.count() == 1);
}

TEST_CASE("a stream ends when its session has not been used for 30 minutes") {
  AdminWorld world;
  Listener listener(world, world.sign_in());
  CHECK(listener.count() == 0);
  world.clock.advance(31min);
  CHECK(listener.client.read_to_end());
}

TEST_CASE("thirty-two may listen, the next is told so, and a place that becomes free is given away") {
  AdminWorld world;
  const Who who = world.sign_in();
  std::list<Listener> all;
  for (std::size_t i = 0; i < http::kMostListeners; ++i) CHECK(all.emplace_back(world, who).head->status == 200);
  const Reply refused = world.get("/api/v1/events", who);
  CHECK(refused.status == 503);
  CHECK(refused.header("content-type") == "application/problem+json");
  world.status.count = 1;
  for (Listener& listener : all) {
    int count = listener.count();
    if (count == 0) count = listener.count();
    CHECK(count == 1);
  }
  CHECK(world.get("/api/v1/status", who).status == 200);
  all.pop_front();
  const auto until = std::chrono::steady_clock::now() + 20s;
  int status = 0;
  while (status != 200 && std::chrono::steady_clock::now() < until) status = Listener(world, who).head->status;
  CHECK(status == 200);
}

TEST_CASE("HEAD gives the head of the stream and takes no place") {
  AdminWorld world;
  const Who who = world.sign_in();
  for (std::size_t i = 0; i < 2 * http::kMostListeners; ++i) {
    const Reply reply = world.ask("HEAD", "/api/v1/events", who.headers);
    CHECK(reply.status == 200);
    CHECK(reply.header("content-type") == "text/event-stream");
  }
}

TEST_CASE("a server with listeners stops within a second, and they see the end") {
  AdminWorld world;
  const Who who = world.sign_in();
  Listener one(world, who);
  Listener two(world, who);
  CHECK(one.count() == 0);
  const auto begin = std::chrono::steady_clock::now();
  world.server->stop();
  CHECK(std::chrono::steady_clock::now() - begin < 2s);
  CHECK(one.client.read_to_end());
  CHECK(two.client.read_to_end());
}

TEST_CASE("what a listener goes on sending is thrown away") {
  AdminWorld world;
  Listener listener(world, world.sign_in());
  CHECK(listener.count() == 0);
  listener.client.send(get(world.port, "/healthz") + std::string(100'000, 'x'));
  world.status.count = 1;
  CHECK(listener.count() == 1);
}
