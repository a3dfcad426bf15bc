// What only real sockets can show: cut bodies, compression, time-outs, kept connections, stops, TLS.
#include "net/curl_transport.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <csignal>
#include <future>

#include "gzip_bytes.h"
#include "loopback_server.h"

using namespace backstock;
using namespace backstock::net;
using namespace std::chrono_literals;
using Answer = LoopbackServer::Answer;

namespace {

std::unique_ptr<CurlTransport> make() { return std::move(*CurlTransport::create()); }

// One request to a server that always answers the same bytes.
Result<HttpReply> exchange(const std::string& bytes, decltype(Answer::close) then, HttpRequest request = {}) {
  LoopbackServer server([&](const auto&) {
    Answer answer{bytes};
    answer.then = then;
    return answer;
  });
  request.url = server.url("/");
  return make()->send(request, {});
}

ErrorKind kind_of(const Result<HttpReply>& result) {
  REQUIRE_FALSE(result.has_value());
  INFO(result.error().sentence());
  CHECK(result.error().message.find("127.0.0.1") != std::string::npos);
  return result.error().kind;
}

}  // namespace

TEST_CASE("a body shorter than its Content-Length is unreachable, not a reply") {
  CHECK(kind_of(exchange("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive.", Answer::close)) ==
        ErrorKind::unreachable);
}

TEST_CASE("a chunked body without its last chunk is unreachable") {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  CHECK(exchange(head + "5\r\nhello\r\n0\r\n\r\n", Answer::keep)->body == "hello");
  CHECK(kind_of(exchange(head + "5\r\nhello\r\n", Answer::close)) == ErrorKind::unreachable);
  CHECK(kind_of(exchange(head + "5\r\nhel", Answer::close)) == ErrorKind::unreachable);
}

TEST_CASE("a connection closed without a word is unreachable") {
  CHECK(kind_of(exchange("", Answer::close)) == ErrorKind::unreachable);
}

TEST_CASE("an answer that is not HTTP is an error") {
  CHECK_FALSE(exchange("SSH-2.0-OpenSSH_9.2\r\n", Answer::close).has_value());
}

TEST_CASE("a gzip body arrives unpacked, and its packed size is what counts as wire bytes") {
  const std::string packed = gzip_zeros(100'000);
  const auto reply =
      exchange("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + std::to_string(packed.size()) +
                   "\r\n\r\n" + packed,
               Answer::keep);
  REQUIRE(reply);
  CHECK(reply->body == std::string(100'000, '\0'));
  CHECK(reply->wire_bytes < 2'000);
}

TEST_CASE("a damaged or cut gzip body is unreachable") {
  std::string packed = gzip_zeros(1'000);
  packed[packed.size() - 6] = static_cast<char>(packed[packed.size() - 6] ^ 1);  // in the checksum
  CHECK(kind_of(exchange("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " +
                             std::to_string(packed.size()) + "\r\n\r\n" + packed,
                         Answer::keep)) == ErrorKind::unreachable);
}

TEST_CASE("a small packed body that unpacks above max_body is too large, and given up in the middle") {
  const std::string packed = gzip_zeros(30'000'000);
  const auto started = std::chrono::steady_clock::now();
  const auto result =
      exchange("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + std::to_string(packed.size()) +
                   "\r\n\r\n" + packed,
               Answer::keep, {.max_body = 3_MiB});
  CHECK(kind_of(result) == ErrorKind::too_large);
  CHECK(std::chrono::steady_clock::now() - started < 5s);
}

TEST_CASE("an announced length above max_body is given up before the body") {
  CHECK(kind_of(exchange("HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n", Answer::hang)) ==
        ErrorKind::too_large);
}

TEST_CASE("an endless chunked body is given up at max_body") {
  std::string bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 64; ++i) bytes += "400\r\n" + std::string(1024, 'x') + "\r\n";
  CHECK(kind_of(exchange(bytes, Answer::hang, {.max_body = 10'000})) == ErrorKind::too_large);
}

TEST_CASE("too many headers, or too long ones, are refused") {
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 300; ++i) many += "X-H" + std::to_string(i) + ": 1\r\n";
  CHECK(kind_of(exchange(many + "Content-Length: 0\r\n\r\n", Answer::keep)) == ErrorKind::rejected);
  std::string lengthy = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 10; ++i) lengthy += "X-H: " + std::string(10'000, 'h') + "\r\n";
  CHECK(kind_of(exchange(lengthy + "Content-Length: 0\r\n\r\n", Answer::keep)) == ErrorKind::rejected);
}

TEST_CASE("a 204 and an answer to HEAD have no body and do not wait for one") {
  CHECK(exchange("HTTP/1.1 204 No Content\r\n\r\n", Answer::keep)->body.empty());
  CHECK(exchange("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", Answer::keep, {.method = "HEAD"})->status ==
        200);
}

TEST_CASE("a server that accepts and says nothing runs into the total time-out") {
  const auto result = exchange("", Answer::hang, {.timeout_total = 50ms});
  CHECK(kind_of(result) == ErrorKind::unreachable);
  CHECK(result.error().message.find("too long") != std::string::npos);
}

TEST_CASE("a body that stops flowing runs into the stall time-out") {
  const auto result =
      exchange("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome", Answer::hang, {.timeout_stall = 60ms});
  CHECK(kind_of(result) == ErrorKind::unreachable);
}

TEST_CASE("a closed port and an unknown host are unreachable, each in its own words") {
  int port = 0;
  {
    LoopbackServer server([](const auto&) { return Answer{}; });
    port = server.port();
  }
  auto transport = make();
  const auto closed = transport->send({.url = "http://127.0.0.1:" + std::to_string(port) + "/secret-path"}, {});
  CHECK(kind_of(closed) == ErrorKind::unreachable);
  CHECK(closed.error().sentence().find("secret-path") == std::string::npos);
  CHECK_FALSE(closed.error().hint.empty());
  const auto unknown = transport->send({.url = "https://no-such-host.invalid/", .timeout_connect = 10s}, {});
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().kind == ErrorKind::unreachable);
  CHECK(unknown.error().message.find("no-such-host.invalid") != std::string::npos);
}

TEST_CASE("requests of the same transport share a kept connection") {
  LoopbackServer server([](const auto&) { return answer("200 OK", {}, "x"); });
  auto transport = make();
  for (int i = 0; i < 5; ++i) REQUIRE(transport->send({.url = server.url("/")}, {}));
  CHECK(server.connections() == 1);
}

TEST_CASE("requests of one send_many run at the same time") {
  // Nobody is answered before all four have asked: one after another would never end.
  std::promise<void> all_here;
  auto everybody = all_here.get_future().share();
  std::atomic<int> count = 0;
  LoopbackServer server([&](const auto& request) {
    if (++count == 4) all_here.set_value();
    everybody.wait();
    return answer("200 OK", {}, request.path);
  });
  std::vector<HttpRequest> requests(4);
  for (std::size_t i = 0; i < 4; ++i) requests[i].url = server.url("/" + std::to_string(i));
  const auto results = make()->send_many(requests, {});
  for (std::size_t i = 0; i < 4; ++i) CHECK(results[i]->body == "/" + std::to_string(i));
}

TEST_CASE("a write over a kept connection that dies unanswered is sent once") {
  const std::string body = GENERATE("{\"name\":\"x\"}", "");
  LoopbackServer server([](const auto& request) {
    Answer answer = net::answer("200 OK", {}, "{}");
    if (request.head.starts_with("POST")) answer = {"", Answer::close};
    return answer;
  });
  auto transport = make();
  REQUIRE(transport->send({.url = server.url("/first")}, {}));
  const auto result = transport->send({.method = "POST", .url = server.url("/write"), .body = body}, {});
  CHECK(kind_of(result) == ErrorKind::unreachable);
  const auto requests = server.requests();
  CHECK(std::count_if(requests.begin(), requests.end(), [](const auto& r) { return r.path == "/write"; }) == 1);
}

TEST_CASE("method, headers and body arrive as given, and nothing that was not asked for") {
  LoopbackServer server([](const auto&) { return answer("200 OK", {}, "{}"); });
  auto transport = make();
  const std::string method = GENERATE("POST", "PUT", "PATCH", "DELETE");
  REQUIRE(transport->send({.method = method,
                           .url = server.url("/x?id:in=1,2"),
                           .headers = {{"X-Auth-Token", "t"}, {"Content-Type", "application/json"}},
                           .body = "{\"a\":1}"},
                          {}));
  const auto request = server.requests().at(0);
  CHECK(request.head.starts_with(method + " /x?id:in=1,2 HTTP/1.1\r\n"));
  CHECK(request.body == "{\"a\":1}");
  CHECK(request.head.find("X-Auth-Token: t\r\n") != std::string::npos);
  CHECK(request.head.find("Content-Type: application/json\r\n") != std::string::npos);
  CHECK(request.head.find("Accept-Encoding: gzip\r\n") != std::string::npos);
  CHECK(request.head.find("Expect") == std::string::npos);
  REQUIRE(transport->send({.method = "DELETE", .url = server.url("/y"), .accept_compressed = false}, {}));
  CHECK(server.requests().at(1).head.find("Accept-Encoding") == std::string::npos);
}

TEST_CASE("a stop ends waiting requests at once") {
  LoopbackServer server([](const auto&) { return Answer{"", Answer::hang}; });
  std::vector<HttpRequest> requests(3);
  for (auto& request : requests) request.url = server.url("/");
  std::stop_source source;
  std::chrono::steady_clock::time_point asked;
  std::jthread stopper([&] {
    server.wait_for_requests(3);
    asked = std::chrono::steady_clock::now();
    source.request_stop();
  });
  const auto results = make()->send_many(requests, source.get_token());
  const auto ended = std::chrono::steady_clock::now();
  stopper.join();
  for (const auto& result : results) CHECK(kind_of(result) == ErrorKind::cancelled);
  CHECK(ended - asked < 1s);  // about 100 ms promised; the machine may be busy
}

TEST_CASE("a transport is of use after errors and stops") {
  LoopbackServer server([](const auto& request) {
    return request.path == "/ok" ? answer("200 OK", {}, "fine")
                                 : Answer{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", Answer::close};
  });
  auto transport = make();
  CHECK_FALSE(transport->send({.url = server.url("/cut")}, {}));
  CHECK(transport->send({.url = server.url("/ok")}, {})->body == "fine");
}

TEST_CASE("a server without TLS behind an https URL is told apart from a dead one") {
  LoopbackServer server([](const auto&) { return answer("200 OK", {}, "x"); });
  // The ClientHello never has an empty line in it, so the server waits; its end of the connection is closed by the
  // test.
  const auto result =
      make()->send({.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/", .timeout_connect = 200ms}, {});
  CHECK(kind_of(result) == ErrorKind::unreachable);
}

TEST_CASE("a broken connection does not end the process") {
  struct sigaction current {};
  make();
  REQUIRE(sigaction(SIGPIPE, nullptr, &current) == 0);
  CHECK(current.sa_handler == SIG_IGN);
}
