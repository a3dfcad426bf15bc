#include "http/request_reader.h"

#include <catch2/catch.hpp>

using namespace backstock;
using namespace backstock::http;
using Progress = RequestReader::Progress;

namespace {

const Limits kLimits;

// The status it is refused with, 0 when it is a complete request, -1 when more is awaited. Whole, then byte by byte:
// both must agree.
int judge(std::string_view text) {
  const auto verdict = [](const RequestReader& reader) {
    if (reader.progress() == Progress::refused) return reader.refusal().status;
    return reader.progress() == Progress::complete ? 0 : -1;
  };
  RequestReader whole(kLimits);
  whole.feed(text);
  RequestReader dripping(kLimits);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (dripping.feed(text.substr(i, 1)) == 0) break;
  }
  CHECK(verdict(whole) == verdict(dripping));
  return verdict(whole);
}

std::string with(std::string_view headers, std::string_view body = "") {
  return "POST /x HTTP/1.1\r\nHost: h\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

}  // namespace

TEST_CASE("a request comes out as it was sent, whatever pieces it arrives in") {
  const std::string text =
      "POST /a%20b?c=d HTTP/1.1\r\nHost: h:1\r\nX-Empty:\r\nX-Odd:  a b \t\r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    RequestReader reader(kLimits);
    for (std::size_t at = 0; at < text.size(); at += piece) {
      const ByteView bytes = ByteView(text).substr(at, piece);
      REQUIRE(reader.feed(bytes) == bytes.size());
    }
    REQUIRE(reader.progress() == Progress::complete);
    CHECK_FALSE(reader.wants_close());
    const Request request = reader.take();
    CHECK(request.method == "POST");
    CHECK(request.target == "/a%20b?c=d");
    CHECK(request.header("host") == "h:1");
    CHECK(request.header("X-ODD") == "a b");
    CHECK(request.header("x-empty") == "");
    CHECK(request.body == "hello");
    CHECK(reader.progress() == Progress::nothing);
  }
}

TEST_CASE("a chunked body is put together, and what follows it is left alone") {
  RequestReader reader(kLimits);
  const std::string text = with("Transfer-Encoding: Chunked\r\n", "5\r\nhello\r\n01\r\n!\r\n0\r\n\r\n");
  CHECK(reader.feed(text + "GET /next") == text.size());
  REQUIRE(reader.progress() == Progress::complete);
  CHECK(reader.take().body == "hello!");
}

TEST_CASE("a request line that is not one is refused") {
  const auto line =
      GENERATE(as<std::string>{}, "GET", "GET /", "GET / ", " / HTTP/1.1", "GET  / HTTP/1.1", "GET / / HTTP/1.1",
               "GET / HTTP/1.1 ", "GET / HTTP/2.0", "GET / HTTP/0.9", "GET / http/1.1", "GET x HTTP/1.1",
               "GET * HTTP/1.1", "GET http://h/ HTTP/1.1", "G(T / HTTP/1.1", "GET /\x01 HTTP/1.1",
               "GET /\xc3\xa9 HTTP/1.1", "GET /#x HTTP/1.1", "GET\t/\tHTTP/1.1", "PRI * HTTP/2.0", "");
  CAPTURE(line);
  CHECK(judge(line + "\r\nHost: h\r\n\r\n") == 400);
}

TEST_CASE("an unknown method is not implemented") { CHECK(judge("BREW / HTTP/1.1\r\nHost: h\r\n\r\n") == 501); }

TEST_CASE("junk is refused at once, not at the deadline") {
  CHECK(judge("\x16\x03\x01\x02") == 400);  // a TLS greeting
  CHECK(judge(std::string_view("\0", 1)) == 400);
  CHECK(judge("\r\n") == 400);
  CHECK(judge("GET /\r\n") == 400);  // HTTP/0.9
  CHECK(judge("hello there\r\n") == 400);
}

TEST_CASE("a header line that two readers could read differently is refused") {
  const auto line = GENERATE(as<std::string>{}, "Host : x", "X : x", " folded: x", "\tfolded", "no colon", ": x",
                             "X\x01: x", "X: a\rb", "X: a\x7f", std::string("X: a\0b", 6), "X(y): z", "Host: other",
                             "Host: a b", "Host: a,b", "Host: u@h", "X: a\nY: b");
  CAPTURE(line);
  CHECK(judge("GET / HTTP/1.1\r\nHost: h\r\n" + line + "\r\n\r\n") == 400);
}

TEST_CASE("Host is needed once in 1.1 and optional in 1.0") {
  CHECK(judge("GET / HTTP/1.1\r\n\r\n") == 400);
  CHECK(judge("GET / HTTP/1.0\r\n\r\n") == 0);
  CHECK(judge("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n") == 400);
}

TEST_CASE("a body whose length is in doubt is refused") {
  CHECK(judge(with("Content-Length: 3\r\nContent-Length: 3\r\n", "abc")) == 400);
  CHECK(judge(with("Content-Length: 3\r\nContent-Length: 4\r\n", "abc")) == 400);
  CHECK(judge(with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")) == 400);
  CHECK(judge(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")) == 400);
  const auto length = GENERATE(as<std::string>{}, "+5", "-1", "0x5", "5,5", "5 5", "", "five", "1e3");
  CAPTURE(length);
  CHECK(judge(with("Content-Length: " + length + "\r\n")) == 400);
}

TEST_CASE("a transfer coding other than chunked alone is not implemented") {
  const auto coding = GENERATE(as<std::string>{}, "gzip", "gzip, chunked", "chunked, x", "identity", "xchunked", "");
  CAPTURE(coding);
  CHECK(judge(with("Transfer-Encoding: " + coding + "\r\n")) == 501);
  CHECK(judge("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
}

TEST_CASE("an encoded body is refused before it is read") {
  CHECK(judge(with("Content-Encoding: gzip\r\nContent-Length: 9\r\n")) == 415);
}

TEST_CASE("malformed chunks are refused") {
  const auto body = GENERATE(as<std::string>{}, "x\r\n", "-1\r\n", "+1\r\n", "0x1\r\n", "\r\n", "1;a=b\r\nx\r\n",
                             "1 \r\nx\r\n", "1\nx\r\n", "1\r\nxy\r\n", "1\r\nx\n", "0\r\nTrailer: x\r\n\r\n", "0\r\n\n",
                             "fffffffffffffffff\r\n", "00000000000000001\r\n");
  CAPTURE(body);
  CHECK(judge(with("Transfer-Encoding: chunked\r\n", body)) == 400);
}

TEST_CASE("each limit holds on the byte") {
  const auto padded = [](std::size_t size) {
    std::string head = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
    return head + std::string(size - head.size() - 4, 'x') + "\r\n\r\n";
  };
  CHECK(judge(padded(kLimits.head_bytes)) == 0);
  CHECK(judge(padded(kLimits.head_bytes + 1)) == 431);

  const auto headers = [](std::size_t count) {
    std::string head = "GET / HTTP/1.1\r\nHost: h\r\n";
    for (std::size_t i = 1; i < count; ++i) head += "a:\r\n";
    return head + "\r\n";
  };
  CHECK(judge(headers(kLimits.headers)) == 0);
  CHECK(judge(headers(kLimits.headers + 1)) == 431);

  const auto target = [](std::size_t size) {
    return "GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n";
  };
  CHECK(judge(target(kLimits.target_bytes)) == 0);
  CHECK(judge(target(kLimits.target_bytes + 1)) == 414);

  const auto body = [](std::size_t size) { return "Content-Length: " + std::to_string(size) + "\r\n"; };
  CHECK(judge(with(body(kLimits.body_bytes))) == -1);
  CHECK(judge(with(body(kLimits.body_bytes + 1))) == 413);
  CHECK(judge(with("Content-Length: 99999999999999999999999\r\n")) == 413);

  CHECK(judge(with("Transfer-Encoding: chunked\r\n", "100000\r\n")) == -1);
  CHECK(judge(with("Transfer-Encoding: chunked\r\n", "100001\r\n")) == 413);
  CHECK(judge(with("Transfer-Encoding: chunked\r\n", "1\r\nx\r\n100000\r\n")) == 413);
  CHECK(judge(with("Transfer-Encoding: chunked\r\n", "ffffffff\r\n")) == 413);
}

TEST_CASE("a refused reader takes nothing more") {
  RequestReader reader(kLimits);
  reader.feed("junk\r\n");
  REQUIRE(reader.progress() == Progress::refused);
  CHECK(reader.feed("GET / HTTP/1.1\r\nHost: h\r\n\r\n") == 0);
  CHECK(reader.progress() == Progress::refused);
}
