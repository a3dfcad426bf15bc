// Outgoing HTTP as a seam: CurlTransport in the daemon, ScriptedTransport in tests.
//
// Promise, for every implementation (tests/conformance/net): a reply is whole - status, headers and each byte of the
// body - or it is an error. Redirects are replies like any other and never followed. A URL is https, or http to this
// machine (127.0.0.0/8, ::1, localhost); all else is refused before anything is sent, and so is a header with a line
// break. One request of send_many failing does not touch the others.
// Not promised: retries, pacing, any opinion on the status. That is the caller's (store_api/).
// Errors: bad_input (URL, header), unreachable (DNS, connection, TLS, time-out, cut body), too_large (body over
// max_body; given up as soon as it is passed), rejected (what came is not HTTP), cancelled. Messages name the host,
// never a header's value, the path or the query. Threads: one transport belongs to one thread at a time; `stop` may be
// asked from any.
#pragma once

#include <chrono>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "net/header_list.h"

namespace backstock::net {

struct HttpRequest {
  std::string method = "GET";
  std::string url = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  std::chrono::milliseconds timeout_connect = std::chrono::seconds(15);  // name, connection and TLS together
  std::chrono::milliseconds timeout_total = std::chrono::minutes(10);
  std::chrono::milliseconds timeout_stall = std::chrono::seconds(60);  // this long below the floor ends it; 0: never
  ByteCount stall_floor = 1;                                           // bytes per second
  ByteCount max_body = 16_MiB;                                         // after decompression
  // Off for bytes that nothing else checks (images): a compressed body that was cut where it was made goes unnoticed.
  bool accept_compressed = true;
};

struct HttpReply {
  int status = 0;
  HeaderList headers;
  std::string body;
  ByteCount wire_bytes = 0;  // what came over the wire: headers, and the body as it was compressed
  std::chrono::milliseconds duration{};
};

class HttpTransport {
 public:
  virtual ~HttpTransport() = default;
  virtual Result<HttpReply> send(const HttpRequest& request, std::stop_token stop) = 0;
  // All at the same time; results in the order of the requests. How many are sensible at once is the caller's to know.
  virtual std::vector<Result<HttpReply>> send_many(std::span<const HttpRequest> requests, std::stop_token stop) = 0;
};

}  // namespace backstock::net
