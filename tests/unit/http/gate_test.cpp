#include "gate_fixture.h"

using namespace backstock;
using namespace backstock::test;
using namespace std::chrono_literals;

TEST_CASE("pipelined requests are answered in their order") {
  RunningGate gate;
  RawClient client(gate.port);
  std::string all;
  for (int i = 0; i < 50; ++i) all += get(gate.port, "/" + std::to_string(i));
  client.send(all + "POST /last HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
  for (int i = 0; i < 50; ++i) {
    const auto reply = client.read_reply();
    REQUIRE(reply);
    CHECK(reply->body == "GET /" + std::to_string(i) + " from 127.0.0.1");
    CHECK(reply->header("connection") != "close");
  }
  const auto last = client.read_reply();
  REQUIRE(last);
  CHECK(last->body == "POST /last body 3 from 127.0.0.1");
  CHECK(last->header("connection") == "close");
  CHECK(client.read_to_end());
}

TEST_CASE("a client that half-closes after its request still gets the answer") {
  RunningGate gate;
  RawClient client(gate.port);
  client.send(get(gate.port, "/one") + get(gate.port, "/two"));
  client.finish();
  CHECK(client.read_reply());
  const auto reply = client.read_reply();
  REQUIRE(reply);
  CHECK(reply->body == "GET /two from 127.0.0.1");
  CHECK(client.read_to_end());
}

TEST_CASE("a client that half-closes inside its request is told so") {
  RunningGate gate;
  RawClient client(gate.port);
  client.send("GET / HTTP/1.1\r\nHo");
  client.finish();
  const auto reply = client.read_reply();
  REQUIRE(reply);
  CHECK(reply->status == 400);
  CHECK(client.read_to_end());
}

TEST_CASE("clients that vanish while their answer is made do no harm") {
  RunningGate gate;
  for (int i = 0; i < 50; ++i) {
    RawClient client(gate.port);
    client.send(get(gate.port, i == 0 ? "/big" : "/fine"));
  }
  CHECK(gate.status_of(get(gate.port, "/fine")) == 200);
}

TEST_CASE("a large answer arrives whole") {
  RunningGate gate;
  const auto reply = ask(gate.port, get(gate.port, "/big"));
  REQUIRE(reply);
  CHECK(reply->body.size() == EchoHandler::big_bytes);
}

TEST_CASE("HTTP/1.0 and the request cap end the connection after the answer") {
  RunningGate gate({.requests_per_connection = 2});
  RawClient old(gate.port);
  old.send("GET /old HTTP/1.0\r\n\r\n");
  const auto reply = old.read_reply();
  REQUIRE(reply);
  CHECK(reply->body == "GET /old from 127.0.0.1");
  CHECK(old.read_to_end());

  RawClient busy(gate.port);
  busy.send(get(gate.port, "/1") + get(gate.port, "/2") + get(gate.port, "/3"));
  CHECK(busy.read_reply());
  const auto second = busy.read_reply();
  REQUIRE(second);
  CHECK(second->header("connection") == "close");
  CHECK_FALSE(busy.read_reply());
}

TEST_CASE("a kept connection that stays idle is closed") {
  RunningGate gate({.idle_time = 150ms});
  RawClient client(gate.port);
  client.send(get(gate.port, "/fine"));
  CHECK(client.read_reply());
  CHECK(client.read_to_end(5s));
}

TEST_CASE("HEAD has the headers of GET and no body") {
  RunningGate gate;
  RawClient client(gate.port);
  client.send("HEAD /fine HTTP/1.1\r\nHost: h\r\n\r\n" + get(gate.port, "/next"));
  const auto head = client.read_reply(true);
  REQUIRE(head);
  CHECK(head->header("content-length") == std::to_string(std::string("HEAD /fine from 127.0.0.1").size()));
  const auto next = client.read_reply();
  REQUIRE(next);
  CHECK(next->body == "GET /next from 127.0.0.1");
}

TEST_CASE("a handler that throws becomes a 500 without details, and the connection goes on") {
  RunningGate gate;
  RawClient client(gate.port);
  client.send(get(gate.port, "/throw") + get(gate.port, "/fine"));
  const auto reply = client.read_reply();
  REQUIRE(reply);
  CHECK(reply->status == 500);
  CHECK(reply->header("x-always") == "yes");
  CHECK(reply->body.find("secret") == std::string::npos);
  for (const auto& [name, value] : reply->headers) CHECK(value.find("secret") == std::string::npos);
  CHECK(client.read_reply());
}

TEST_CASE("a taken port is an error that names it and says what to do") {
  RunningGate gate;
  const auto second = http::Gate::open({.port = gate.port, .setting = "admin.listen"});
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().kind == ErrorKind::conflict);
  CHECK(second.error().message == "port " + std::to_string(gate.port) + " on 127.0.0.1 is already in use");
  CHECK(second.error().hint.find("admin.listen") != std::string::npos);
}

TEST_CASE("an address that is not ours or no address at all is refused with the setting's name") {
  for (const char* host : {"203.0.113.7", "not an address"}) {
    const auto opened = http::Gate::open({.host = host});
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error().kind == ErrorKind::bad_input);
    CHECK(opened.error().hint.find("admin.listen") != std::string::npos);
  }
}

TEST_CASE("a port can be bound again right after a stop, and stop may come twice") {
  std::uint16_t port = 0;
  {
    RunningGate gate;
    port = gate.port;
    CHECK(gate.serves_others());
    gate.gate->stop();
    gate.gate->stop();
  }
  CHECK(http::Gate::open({.port = port}).has_value());
}

TEST_CASE("stop takes less than a second, whatever clients do") {
  RunningGate gate;
  std::vector<RawClient> silent, sending, reading, kept;
  for (int i = 0; i < 20; ++i) {
    silent.emplace_back(gate.port);
    sending.emplace_back(gate.port).send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nab");
    kept.emplace_back(gate.port).send(get(gate.port, "/fine"));
    CHECK(kept.back().read_reply());
  }
  for (int i = 0; i < 2; ++i) {
    reading.emplace_back(gate.port).send(get(gate.port, "/big"));
    REQUIRE(reading.back().read_reply(true));  // the head: the rest is stuck behind a client that reads no more
  }
  const auto begin = std::chrono::steady_clock::now();
  gate.gate->stop();
  CHECK(std::chrono::steady_clock::now() - begin < 2s);  // a loaded machine gets one of grace
  CHECK(silent.front().read_to_end());
  CHECK(kept.front().read_to_end());
}
