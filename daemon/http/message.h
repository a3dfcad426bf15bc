// A complete request and the answer to it, as handlers see them: no sockets, no library.
//
// Streaming answers (SSE) are not here yet. Their place: a member `std::function<void(BodySink&)> stream` in Response,
// run by the worker on the connection's own socket, which the gate leaves alone while a request is being answered
// (see connection.h). Nothing else changes for handlers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace backstock::http {

struct Header {
  std::string name;
  std::string value;
};

// Header names know no case; only ASCII is folded, whatever the locale.
bool same_name(std::string_view a, std::string_view b);

struct Request {
  std::string method;
  std::string target;                                      // as sent, starts with '/'
  std::string path;                                        // percent-decoded, without the query
  std::vector<std::pair<std::string, std::string>> query;  // percent-decoded
  std::vector<Header> headers;                             // names as sent
  std::string body;                                        // whole, dechunked
  std::string remote_addr;                                 // of the socket; never from a header

  // The first header of that name; nullopt when there is none.
  std::optional<std::string_view> header(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type = {};  // empty when there is no body
  std::string body = {};
  std::vector<Header> headers = {};
};

// Why a request is not served: a short JSON problem (RFC 9457), never cached. `detail` is one sentence of ours, never
// an echo of what was sent.
Response problem(int status, std::string_view title, std::string_view detail);

// Answers whole requests. Called by several workers at once. May throw: that becomes a 500 without details.
class RequestHandler {
 public:
  virtual ~RequestHandler() = default;
  virtual Response answer(const Request& request) = 0;
};

}  // namespace backstock::http
