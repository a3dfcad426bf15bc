#include "store_api/store_client.h"

#include <catch2/catch.hpp>
#include <thread>

#include "client_fixture.h"

using namespace backstock;
using namespace backstock::store_api;
using namespace std::chrono_literals;
using backstock::testing::json_reply;
using backstock::testing::plain_reply;

namespace {

net::HeaderList rate(std::uint64_t quota, std::uint64_t left, std::uint64_t reset_ms) {
  return {{"X-Rate-Limit-Requests-Quota", std::to_string(quota)},
          {"X-Rate-Limit-Requests-Left", std::to_string(left)},
          {"X-Rate-Limit-Time-Reset-Ms", std::to_string(reset_ms)},
          {"X-Rate-Limit-Time-Window-Ms", "30000"}};
}

std::vector<Get> gets(std::size_t count) {
  std::vector<Get> result;
  for (std::size_t i = 0; i < count; ++i) result.push_back({.path = "/v3/items/" + std::to_string(i)});
  return result;
}

}  // namespace

TEST_CASE("a read is signed, asks for JSON, and gives the body byte for byte") {
  ClientFixture f;
  const std::string body = " {\"price\":19.9900,\n\"name\":\"\xff\"}";
  f.transport.on("/v3/", json_reply(200, body, {{"X-Thing", "1"}}));
  const auto reply = f.client.get({.path = "/v3/catalog/products", .query = {{"id:in", "1,2"}}}, {});
  REQUIRE(reply);
  CHECK(reply->body == body);
  CHECK_FALSE(reply->findings.valid_utf8);
  CHECK(reply->headers.find("x-thing") == "1");
  const auto& request = f.transport.requests().at(0);
  CHECK(request.url == "https://api.example.com/stores/abc123/v3/catalog/products?id:in=1,2");
  net::HeaderList sent;
  for (const auto& [name, value] : request.headers) sent.add(name, value);
  CHECK(sent.find("X-Auth-Token") == "t0ken");
  CHECK(sent.find("Accept") == "application/json");
  CHECK_FALSE(sent.find("Content-Type"));
}

TEST_CASE("a 204 is an empty list") {
  ClientFixture f;
  f.transport.on("/v2/", plain_reply(204, ""));
  const auto reply = f.client.get({.path = "/v2/orders"}, {});
  REQUIRE(reply);
  CHECK(reply->status == 204);
  CHECK(reply->body.empty());
}

TEST_CASE("passing trouble is waited out") {
  ClientFixture f;
  f.transport.on("/v3/", {.times = 1}, json_reply(503, "{}"));
  f.transport.on("/v3/", {.times = 1}, make_error(ErrorKind::unreachable, "cut"));
  f.transport.on("/v3/", {.times = 1}, plain_reply(200, "<html>Bad gateway</html>"));
  f.transport.on("/v3/", {.times = 1}, plain_reply(200, ""));
  f.transport.on("/v3/", {.times = 1}, plain_reply(200, "{\"data\":[1,2"));
  f.transport.on("/v3/", json_reply(200, "{}"));
  CHECK(f.client.get({.path = "/v3/x"}, {}).has_value());
  CHECK(f.transport.requests().size() == 6);
  CHECK(f.clock.sleeps().size() == 5);
  const Usage usage = f.client.usage();
  CHECK(usage.all.requests == 6);
  CHECK(usage.all.retries == 5);
  CHECK(usage.all.failed == 0);
}

TEST_CASE("trouble that stays is an error after six tries, in words for an operator") {
  struct {
    Result<net::HttpReply> answer;
    std::string_view said;
  } rows[] = {{plain_reply(200, "<html>"), "answered HTML instead of JSON"},
              {plain_reply(200, "<?xml version='1.0'?><a/>"), "answered XML instead of JSON"},
              {plain_reply(200, "  "), "answered nothing where JSON was due"},
              {plain_reply(200, "{\"a\":"), "answered something that is not JSON at byte 5"},
              {json_reply(500, "{}"), "answered 500, tried 6 times"},
              {make_error(ErrorKind::unreachable, "cannot connect to h"), "cannot connect to h, tried 6 times"}};
  for (auto& row : rows) {
    ClientFixture f;
    f.transport.on("/v3/", std::move(row.answer));
    const auto reply = f.client.get({.path = "/v3/customers", .query = {{"email:in", "jane@example.org"}}}, {});
    REQUIRE_FALSE(reply);
    const std::string sentence = reply.error().sentence();
    INFO(sentence);
    CHECK(reply.error().kind == ErrorKind::unreachable);
    CHECK(sentence.find(row.said) != std::string::npos);
    CHECK(sentence.find("acme") != std::string::npos);
    CHECK(sentence.find("/v3/customers") != std::string::npos);
    CHECK(sentence.find("jane") == std::string::npos);
    CHECK(sentence.find("t0ken") == std::string::npos);
    CHECK(f.transport.requests().size() == 6);
  }
}

TEST_CASE("what will not get better is not tried again") {
  for (const int status : {301, 400, 401, 403, 404, 409, 413, 422, 507}) {
    ClientFixture f;
    f.transport.on("/v3/", json_reply(status, "{}"));
    CHECK_FALSE(f.client.get({.path = "/v3/x"}, {}).has_value());
    CHECK(f.transport.requests().size() == 1);
  }
  ClientFixture f(10);
  f.transport.on("/v3/", json_reply(200, "[1,2,3,4,5,6,7,8]"));
  CHECK(f.client.get({.path = "/v3/x"}, {}).error().kind == ErrorKind::too_large);
  CHECK(f.transport.requests().size() == 1);
  CHECK(f.client.get({.path = "/v3/x", .max_body = 100}, {}).has_value());
}

TEST_CASE("a 429 holds everything back until the store's window ends") {
  ClientFixture f;
  f.transport.on("/v3/", {.times = 1}, json_reply(429, "{}", rate(150, 0, 9186)));
  f.transport.on("/v3/", json_reply(200, "{}", rate(150, 149, 30'000)));
  const auto before = f.clock.ticks();
  CHECK(f.client.get({.path = "/v3/x"}, {}).has_value());
  CHECK(f.clock.ticks() - before >= 9186ms);
  CHECK(f.clock.ticks() - before < 11s);
  CHECK(f.client.usage().all.limited == 1);
}

TEST_CASE("429 after all patience is an error that says so") {
  ClientFixture f;
  f.transport.on("/v3/", json_reply(429, "{}", rate(150, 0, 1000)));
  const auto reply = f.client.get({.path = "/v3/x"}, {});
  REQUIRE_FALSE(reply);
  CHECK(reply.error().kind == ErrorKind::rate_limited);
  CHECK(reply.error().retry_after.has_value());
  CHECK(f.transport.requests().size() == 10);
}

TEST_CASE("many reads go out a few at a time and come back in order") {
  ClientFixture f;
  f.transport.on("/v3/items/", [](const net::HttpRequest& request) -> Result<net::HttpReply> {
    return json_reply(200, "\"" + std::string(testing::url_path(request.url)) + "\"");
  });
  const auto replies = f.client.get_many(gets(11), {});
  REQUIRE(replies.size() == 11);
  for (std::size_t i = 0; i < 11; ++i) {
    CHECK(replies[i]->body == "\"/stores/abc123/v3/items/" + std::to_string(i) + "\"");
  }
  CHECK(f.transport.most_at_once() == 4);
  CHECK(f.transport.requests().size() == 11);
  CHECK(f.client.get_many({}, {}).empty());
}

TEST_CASE("one 429 or failure among many does not lose the others, and only it is repeated") {
  ClientFixture f;
  f.transport.on("/v3/items/2", {.times = 1}, json_reply(429, "{}", rate(150, 10, 500)));
  f.transport.on("/v3/items/3", {.times = 2}, json_reply(502, "<html>"));
  f.transport.on("/v3/items/5", json_reply(404, "{}"));
  f.transport.on("/v3/items/6", make_error(ErrorKind::too_large, "big"));
  f.transport.on("/v3/items/", json_reply(200, "{}"));
  const auto replies = f.client.get_many(gets(9), {});
  for (std::size_t i = 0; i < 9; ++i) CHECK(replies[i].has_value() == (i != 5 && i != 6));
  CHECK(replies[5].error().kind == ErrorKind::not_found);
  CHECK(replies[6].error().kind == ErrorKind::too_large);
  CHECK(f.transport.requests().size() == 9 + 1 + 2);
}

TEST_CASE("after a 429 fewer reads go out at the same time, and more again when all is well") {
  ClientFixture f;
  f.transport.on("/v3/items/1", {.times = 1}, json_reply(429, "{}"));
  f.transport.on("/v3/items/", json_reply(200, "{}"));
  (void)f.client.get_many(gets(4), {});
  CHECK(f.transport.most_at_once() == 3);  // the very first goes out alone, to learn the quota
  const auto at_once = [&](std::size_t count) {
    f.transport.forget_requests();
    (void)f.client.get_many(gets(count), {});
    return f.transport.most_at_once();
  };
  CHECK(at_once(8) == 2);
  CHECK(at_once(100) == 4);
}

TEST_CASE("the client keeps within its share of every window") {
  ClientFixture f;
  // A store with 20 requests in 30 s and no other clients.
  std::uint64_t used = 0;
  auto window_end = f.clock.ticks() + 12s;
  std::uint64_t most = 0;
  f.transport.on("/v3/", [&](const net::HttpRequest&) -> Result<net::HttpReply> {
    while (f.clock.ticks() >= window_end) {
      window_end += 30s;
      used = 0;
    }
    ++used;
    most = std::max(most, used);
    const auto reset = static_cast<std::uint64_t>((window_end - f.clock.ticks()).count());
    const std::uint64_t left = 20 - std::min<std::uint64_t>(20, used);
    net::HttpReply reply = json_reply(used > 20 ? 429 : 200, "{}", rate(20, left, reset));
    f.clock.advance(50ms);
    return reply;
  });
  const auto replies = f.client.get_many(gets(100), {});
  for (const auto& reply : replies) CHECK(reply.has_value());
  CHECK(most == 10);
  CHECK(f.client.usage().all.limited == 0);
  CHECK(f.client.usage().rate.quota == 20U);
  CHECK(f.client.usage().rate.our_part == 10U);
}

TEST_CASE("a write is sent once, whatever comes") {
  for (Result<net::HttpReply> answer :
       {Result<net::HttpReply>(json_reply(503, "{}")), Result<net::HttpReply>(json_reply(429, "{}")),
        Result<net::HttpReply>(make_error(ErrorKind::unreachable, "cut")),
        Result<net::HttpReply>(plain_reply(200, "<html>"))}) {
    ClientFixture f;
    f.transport.on("/v3/", std::move(answer));
    CHECK_FALSE(f.client.send({.method = "POST", .path = "/v3/x", .body = "{}"}, {}).has_value());
    CHECK(f.transport.requests().size() == 1);
    CHECK(f.transport.requests()[0].method == "POST");
  }
  ClientFixture f;
  f.transport.on("/v3/", {.times = 1}, json_reply(503, "{}"));
  f.transport.on("/v3/", plain_reply(204, ""));
  CHECK(f.client.send({.method = "DELETE", .path = "/v3/x/1", .safe_to_repeat = true}, {})->status == 204);
  CHECK(f.transport.requests().size() == 2);
}

TEST_CASE("a stop ends waiting and everything not yet answered") {
  ClientFixture f;
  std::stop_source source;
  f.transport.on("/v3/items/0", json_reply(200, "{}"));
  f.transport.on("/v3/", json_reply(503, "{}"));
  f.clock.on_sleep([&] { source.request_stop(); });
  const auto replies = f.client.get_many(gets(3), source.get_token());
  CHECK(replies[0].has_value());
  REQUIRE_FALSE(replies[1]);
  CHECK(replies[1].error().kind == ErrorKind::cancelled);
  CHECK(f.clock.sleeps().size() == 1);
  CHECK(f.client.get({.path = "/v3/items/0"}, source.get_token()).error().kind == ErrorKind::cancelled);
}

TEST_CASE("usage counts by path template and can be read by another thread meanwhile") {
  ClientFixture f;
  f.transport.on("/v3/", json_reply(200, "[1,2]"));
  std::jthread reader([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) (void)f.client.usage();
  });
  (void)f.client.get_many(gets(50), {});
  reader.request_stop();
  reader.join();
  const Usage usage = f.client.usage();
  REQUIRE(usage.by_path.size() == 1);
  CHECK(usage.by_path.at("/v3/items/{id}").requests == 50);
  CHECK(usage.by_path.at("/v3/items/{id}").bytes == 250);
  CHECK(usage.all.bytes == 250);
}

TEST_CASE("a budget wait is shown with its end") {
  ClientFixture f;
  f.transport.on("/v3/", json_reply(200, "{}", rate(2, 1, 10'000)));
  std::optional<std::chrono::milliseconds> seen;
  f.clock.on_sleep([&] {
    if (!seen) seen = f.client.usage().rate.wait_until;
  });
  const auto began = f.clock.ticks();
  (void)f.client.get_many(gets(2), {});
  REQUIRE(seen);
  CHECK(*seen == began + 10s + 100ms);
}
