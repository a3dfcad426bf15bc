// A complete request and the answer to it, as handlers see them: no sockets, no library.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/stream.h"

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
  std::shared_ptr<Stream> stream = {};  // instead of a body: what comes as it comes; the connection ends with it
};

// Why a request is not served, in the three halves of a sentence for people. Never an echo of what was sent.
struct Problem {
  int status = 500;
  std::string_view title;  // of the status, in a few words
  std::string what;        // could not be done
  std::string why;
  std::string next = {};  // the next step; may be empty
};

// A short JSON problem (RFC 9457), never cached.
Response problem(const Problem& problem);
// Where "the request was refused" is what there is to say.
Response problem(int status, std::string_view title, std::string_view why);

// Answers whole requests. Called by several workers at once. May throw: that becomes a 500 without details.
class RequestHandler {
 public:
  virtual ~RequestHandler() = default;
  virtual Response answer(const Request& request) = 0;
};

}  // namespace backstock::http
