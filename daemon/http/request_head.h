// Reads a request's head line by line and decides how its body is framed. Strict where leniency would let two readers
// of the same bytes (a proxy and us) disagree, or let a request cost more than it should.
//
// Refused: anything but METHOD SP /target SP HTTP/1.0|1.1; white space before a colon; folded lines; control
// characters; two of Host, Content-Length or Transfer-Encoding; a length that is not digits; a length beside chunked;
// any coding but chunked; any Content-Encoding (there is no decompression here, so no bomb); 1.1 without Host.
// The bare line feed and the byte limit are the caller's: see request_reader.h.
//
// Threads: one at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "http/limits.h"
#include "http/message.h"

namespace backstock::http {

struct Refusal {
  int status = 400;
  std::string_view title;   // literals: a refusal never echoes input
  std::string_view detail;  // may be the same as the title
};

enum class Framing { none, length, chunked };

struct Head {
  std::string method;
  std::string target;
  std::vector<Header> headers;
  Framing framing = Framing::none;
  std::size_t length = 0;         // with Framing::length
  bool close = false;             // the client asked for it, or speaks 1.0
  bool expects_continue = false;  // waits for our word before it sends the body
};

class HeadReader {
 public:
  // One line without its line end; the empty line completes the head.
  std::optional<Refusal> take_line(std::string_view line, const Limits& limits);
  bool complete() const { return complete_; }
  bool at_request_line() const { return head_.method.empty(); }
  Head& head() { return head_; }
  const Head& head() const { return head_; }

 private:
  std::optional<Refusal> take_request_line(std::string_view line, const Limits& limits);
  std::optional<Refusal> take_header(std::string_view line, const Limits& limits);
  std::optional<Refusal> finish(const Limits& limits);
  std::optional<Refusal> decide_framing(const Limits& limits);

  Head head_;
  bool version_1_0_ = false;
  bool complete_ = false;
};

// True for the characters of a method or a header name.
bool is_token_char(char c);

}  // namespace backstock::http
