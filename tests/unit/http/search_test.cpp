// /api/v1/search over sockets: what is found comes as it is found, one search at a time, and it ends with its listener.
#include "admin_world.h"
#include "http/search_desk.h"
#include "support/vault_world.h"

using namespace backstock;
using namespace backstock::test;

namespace {

Json data_of(const std::string& events, const std::string& name) {
  Json all = Json::array();
  const std::string begin = "event: " + name + "\ndata: ";
  for (std::size_t at = 0; (at = events.find(begin, at)) != events.npos;) {
    at += begin.size();
    all.push_back(must(parse_json(events.substr(at, events.find('\n', at) - at), "an event")));
  }
  return all;
}

// All events of a stream, until it has ended.
std::string all_of(http::Stream& stream, const std::function<void()>& wait) {
  std::string events;
  while (!stream.ended()) {
    if (const auto bytes = stream.take())
      events += *bytes;
    else
      wait();
  }
  return events;
}

struct DeskWorld : testing::VaultWorld {
  DeskWorld() {
    desk.on_change([this] {
      ++*changes.lock();
      changed.notify_all();
    });
    auto writer = open();
    for (int id = 1; id <= 3000; ++id)
      testing::put(*writer, "products", std::to_string(id), testing::product("chair " + std::string(300, 'x')));
    testing::must(writer->flush());
  }
  ~DeskWorld() { desk.stop(); }
  std::shared_ptr<http::Stream> start(
      const std::string& who, std::uint64_t limit = 1'000'000, std::function<bool()> may_listen = [] { return true; }) {
    vault::TextQuery query;
    query.text = "CHAIR";
    query.most_hits = limit;
    return desk.start(who, options, query, std::move(may_listen));
  }
  std::string events_of(http::Stream& stream) {
    return all_of(stream, [&] { wait(); });
  }
  void wait() {
    auto held = changes.lock();
    changed.wait(held.lock(), [&] { return *held > 0; });
    *held = 0;
  }
  http::SearchDesk desk;
  Guarded<int> changes{0};
  std::condition_variable changed;
};

}  // namespace

TEST_CASE("a listener who reads slowly misses nothing of a search") {
  DeskWorld world;
  const auto stream = world.start("session 1");
  REQUIRE(stream);
  const std::string events = world.events_of(*stream);
  CHECK(data_of(events, "hit").size() == 3000);
  const Json end = data_of(events, "end");
  REQUIRE(end.size() == 1);
  CHECK(end[0]["hits"] == 3000);
  CHECK(end[0]["limited"] == false);
  CHECK(end[0]["stopped"] == false);
}

TEST_CASE("one search at a time: somebody else's is refused, one's own begins anew") {
  DeskWorld world;
  const auto first = world.start("session 1");  // over 256 KiB of hits wait for somebody who takes them
  REQUIRE(first);
  CHECK(world.start("session 2") == nullptr);
  const auto second = world.start("session 1", 5);
  REQUIRE(second);
  const Json end = data_of(world.events_of(*first), "end");
  REQUIRE(end.size() == 1);
  CHECK(end[0]["stopped"] == true);
  CHECK(data_of(world.events_of(*second), "hit").size() == 5);
  CHECK(world.start("session 2", 5) != nullptr);
}

TEST_CASE("a search ends when its listener leaves, and when the desk closes") {
  DeskWorld world;
  auto first = world.start("session 1");
  REQUIRE(first);
  first.reset();
  // Were it still running, it would wait for ever for somebody who takes what it found.
  std::shared_ptr<http::Stream> second;
  while ((second = world.start("session 2")) == nullptr) world.wait();
  world.desk.stop();
  CHECK(data_of(world.events_of(*second), "end")[0]["stopped"] == true);
}

namespace {

// The events of a search, up to its last one.
std::string search(const AdminWorld& world, const std::string& query, const Who& who) {
  RawClient client(world.port);
  client.send(get(world.port, "/api/v1/search?store=acme&" + query, who.headers));
  const auto head = client.read_reply(true);
  REQUIRE(head);
  CHECK(head->status == 200);
  CHECK(head->header("content-type") == "text/event-stream");
  std::string events = client.read_until("event: end\n").value_or("");
  events += client.read_until("\n\n").value_or("");
  return events;
}

}  // namespace

TEST_CASE("over the wire: what is found, then the end") {
  AdminWorld world;
  const Who who = world.token(state::TokenAccess::read);
  const std::string events = search(world, "q=SUN&versions=all", who);
  const Json hits = data_of(events, "hit");
  REQUIRE(hits.size() == 2);
  CHECK(hits[0] == Json{{"type", "brands"},
                        {"id", "7"},
                        {"version", 1},
                        {"at", "1970-01-01T00:00:01Z"},
                        {"path", "name"},
                        {"excerpt", "Sun hat"}});
  CHECK(data_of(events, "end")[0]["hits"] == 2);
  CHECK(data_of(search(world, "q=SUN", who), "hit").size() == 1);
  CHECK(data_of(search(world, "q=SUN&match_case=1", who), "hit").empty());
  CHECK(data_of(search(world, "q=17.5&type=brands", who), "hit").size() == 1);
  CHECK(data_of(search(world, "q=SUN&versions=all&limit=1", who), "end")[0]["limited"] == true);
  CHECK(world.get("/api/v1/search?store=acme", who).status == 400);
  CHECK(world.get("/api/v1/search?store=other&q=a", who).status == 404);
  CHECK(world.get("/api/v1/search?store=acme&q=a&type=none", who).status == 404);
  CHECK(world.get("/api/v1/search?store=acme&q=a").status == 401);
}
