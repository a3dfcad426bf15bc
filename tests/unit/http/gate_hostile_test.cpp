// What broke cpp-httplib bare (research/dependencies.md, section 1), against the real gate on a loopback port.
#include "gate_fixture.h"

using namespace backstock;
using namespace backstock::test;
using namespace std::chrono_literals;

namespace {

std::string post(std::string_view headers) { return "POST /x HTTP/1.1\r\nHost: h\r\n" + std::string(headers) + "\r\n"; }

}  // namespace

TEST_CASE("a chunked body of 10 MB is refused at 1 MiB and the client learns why") {
  RunningGate gate;
  RawClient client(gate.port);
  client.send(post("Transfer-Encoding: chunked\r\n"));
  const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
  for (int i = 0; i < 160; ++i) REQUIRE(client.send(chunk));
  const auto reply = client.read_reply();
  REQUIRE(reply);
  CHECK(reply->status == 413);
  CHECK(reply->header("connection") == "close");
  CHECK(client.read_to_end());
  CHECK(gate.handler.calls == 0);
}

TEST_CASE("a header line or first line without end is refused") {
  RunningGate gate;
  const auto start = GENERATE(as<std::string>{}, "GET / HTTP/1.1\r\nHost: h\r\nX: ", "GET /");
  RawClient client(gate.port);
  client.send(start);
  const std::string more(100'000, 'x');
  for (int i = 0; i < 20; ++i) client.send(more);
  const auto reply = client.read_reply();
  REQUIRE(reply);
  CHECK(reply->status == 431);
  CHECK(gate.serves_others());
}

TEST_CASE("100,000 headers are refused") {
  RunningGate gate;
  std::string text = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (int i = 0; i < 100'000; ++i) text += "a: b\r\n";
  CHECK(gate.status_of(text + "\r\n") == 431);
}

TEST_CASE("requests that a proxy could read otherwise are refused and the connection ends") {
  RunningGate gate;
  const auto text =
      GENERATE(as<std::string>{}, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
               "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
               "GET / HTTP/1.1\r\nHost : h\r\n\r\n", "GET / HTTP/1.1\nHost: h\n\n", "GET /\r\n\r\n",
               "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  RawClient client(gate.port);
  client.send(text + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto reply = client.read_reply();
  REQUIRE(reply);
  CHECK(reply->status == 400);
  CHECK(reply->header("content-type") == "application/problem+json");
  CHECK(reply->header("x-always") == "yes");
  CHECK_FALSE(client.read_reply());
  CHECK(gate.handler.calls == 0);
}

TEST_CASE("a gzip body is refused") {
  RunningGate gate;
  CHECK(gate.status_of(post("Content-Encoding: gzip\r\nContent-Length: 3\r\n") + "abc") == 415);
}

TEST_CASE("a thousand ranges get the page once") {
  RunningGate gate;
  std::string ranges = "Range: bytes=0-";
  for (int i = 0; i < 1500; ++i) ranges += ",0-";
  const auto reply = ask(gate.port, get(gate.port, "/fine", ranges + "\r\n"));
  REQUIRE(reply);
  CHECK(reply->status == 200);
  CHECK(reply->body == "GET /fine from 127.0.0.1");
  CHECK(reply->count("content-length") == 1);
}

TEST_CASE("the library's own readings of headers are switched off") {
  RunningGate gate;
  const auto forged =
      ask(gate.port, get(gate.port, "/", "REMOTE_ADDR: 6.6.6.6%0d%0a\r\nAccept-Encoding: br, gzip\r\n"));
  REQUIRE(forged);
  CHECK(forged->body == "GET / header 6.6.6.6%0d%0a from 127.0.0.1");
  CHECK(forged->count("content-encoding") == 0);
  const auto query = ask(gate.port, get(gate.port, "/a%2Fb?x=1%202&y=a?b"));
  REQUIRE(query);
  CHECK(query->body == "GET /a/b x=1 2 y=a?b from 127.0.0.1");
}

TEST_CASE("64 slow senders do not delay an ordinary client") {
  RunningGate gate;
  std::vector<RawClient> slow;
  for (int i = 0; i < 64; ++i) slow.emplace_back(gate.port);
  const std::string head = "GET /slow HTTP/1.1\r\nHost: h\r\nX: " + std::string(20, 'x');
  for (std::size_t at = 0; at < head.size(); ++at) {
    for (RawClient& client : slow) REQUIRE(client.send(head.substr(at, 1)));
    if (at % 10 == 0) CHECK(gate.serves_others());
  }
  CHECK(gate.serves_others());
}

TEST_CASE("a head that is not complete in time is answered 408, however often a byte comes") {
  RunningGate gate({.head_time = 300ms});
  RawClient client(gate.port);
  client.send("GET / HTTP/1.1\r\nHost: h\r\nX: ");
  std::optional<Reply> reply;
  const auto begin = std::chrono::steady_clock::now();
  while (!reply && std::chrono::steady_clock::now() - begin < 5s && client.send("x"))
    reply = client.read_reply(false, 20ms);
  REQUIRE(reply);
  CHECK(reply->status == 408);
  CHECK(std::chrono::steady_clock::now() - begin < 4s);
}

TEST_CASE("a body that is not complete in time is answered 408") {
  RunningGate gate({.body_time = 200ms});
  CHECK(gate.status_of(post("Content-Length: 100\r\n") + "abc") == 408);
}

TEST_CASE("a connection that says nothing is closed without a word") {
  RunningGate gate({.head_time = 150ms});
  RawClient client(gate.port);
  CHECK(client.read_to_end(5s));
  CHECK(client.thrown_away() == 0);
}

TEST_CASE("a client that does not read its answer loses it, and delays nobody") {
  RunningGate gate({.write_time = 300ms});
  RawClient lazy(gate.port);
  lazy.send(get(gate.port, "/big"));
  REQUIRE(lazy.read_reply(true));  // the head: from here on the time to write runs
  const auto begin = std::chrono::steady_clock::now();
  do {
    CHECK(gate.serves_others());
  } while (std::chrono::steady_clock::now() - begin < 600ms);
  CHECK(lazy.read_to_end());
  CHECK(lazy.thrown_away() < EchoHandler::big_bytes);
}

TEST_CASE("over the connection limit idle clients give way and newcomers are told 503") {
  RunningGate gate({.connections = 4});
  std::vector<RawClient> kept;
  for (int i = 0; i < 4; ++i) {
    kept.emplace_back(gate.port);
    kept.back().send(get(gate.port, "/fine"));
    REQUIRE(kept.back().read_reply());
  }
  RawClient fifth(gate.port);
  fifth.send(get(gate.port, "/fine"));
  const auto reply = fifth.read_reply();
  REQUIRE(reply);
  CHECK(reply->status == 200);
  CHECK(kept.front().read_to_end());  // idle longest

  // All four places busy with a half-sent head each; answered 100 proves that the gate has read it.
  std::vector<RawClient> busy;
  for (int i = 0; i < 4; ++i) {
    busy.emplace_back(gate.port);
    busy.back().send(post("Expect: 100-continue\r\nContent-Length: 5\r\n"));
    const auto go_on = busy.back().read_reply();
    REQUIRE(go_on);
    CHECK(go_on->status == 100);
  }
  const auto refused = ask(gate.port, get(gate.port, "/fine"));
  REQUIRE(refused);
  CHECK(refused->status == 503);

  busy.front().send("hello");
  const auto served = busy.front().read_reply();
  REQUIRE(served);
  CHECK(served->body == "POST /x body 5 from 127.0.0.1");
}
