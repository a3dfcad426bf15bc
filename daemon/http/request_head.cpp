#include "http/request_head.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace backstock::http {
namespace {

Refusal bad(std::string_view detail) { return {400, "Bad request", detail}; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_value_char(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return c == '\t' || (byte >= 0x20 && byte != 0x7f);
}

bool is_host_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         std::string_view(".-_:[]").find(c) != std::string_view::npos;
}

bool lists(std::string_view value, std::string_view wanted) {
  while (!value.empty()) {
    const std::size_t comma = value.find(',');
    if (same_name(trim(value.substr(0, comma)), wanted)) return true;
    if (comma == value.npos) break;
    value.remove_prefix(comma + 1);
  }
  return false;
}

// What cpp-httplib's parser knows; it drops the connection on others.
constexpr std::array<std::string_view, 9> kMethods = {"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                                      "CONNECT", "OPTIONS", "TRACE", "PATCH"};

}  // namespace

bool is_token_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::optional<Refusal> HeadReader::take_line(std::string_view line, const Limits& limits) {
  if (at_request_line()) return take_request_line(line, limits);
  if (line.empty()) return finish(limits);
  return take_header(line, limits);
}

std::optional<Refusal> HeadReader::take_request_line(std::string_view line, const Limits& limits) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == line.npos || first == last) return bad("the first line is not METHOD /target HTTP/1.1");
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (method.empty() || !std::all_of(method.begin(), method.end(), is_token_char))
    return bad("the method is not a token");
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return bad("the protocol is not HTTP/1.0 or HTTP/1.1");
  if (target.empty() || target.front() != '/') return bad("the target does not start with /");
  if (target.size() > limits.target_bytes) return Refusal{414, "Address too long", "the address is too long"};
  // A fragment never travels; anything outside visible ASCII must be percent-encoded.
  if (!std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '#'; }))
    return bad("the target holds a character that must be percent-encoded");
  if (std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end())
    return Refusal{501, "Unknown method", "this method is not known here"};
  head_.method = method;
  head_.target = target;
  version_1_0_ = version == "HTTP/1.0";
  head_.close = version_1_0_;
  return std::nullopt;
}

std::optional<Refusal> HeadReader::take_header(std::string_view line, const Limits& limits) {
  if (line.front() == ' ' || line.front() == '\t') return bad("a header line is folded");
  const std::size_t colon = line.find(':');
  if (colon == line.npos || colon == 0) return bad("a header line has no name");
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim(line.substr(colon + 1));
  // Catches "Host : x" too: a proxy may read that as Host, another reader as something else.
  if (!std::all_of(name.begin(), name.end(), is_token_char)) return bad("a header name is not a token");
  if (!std::all_of(value.begin(), value.end(), is_value_char)) return bad("a header value holds a control character");
  if (head_.headers.size() >= limits.headers)
    return Refusal{431, "Too many headers", "the request has too many header lines"};
  head_.headers.push_back({std::string(name), std::string(value)});
  return std::nullopt;
}

std::optional<Refusal> HeadReader::finish(const Limits& limits) {
  int hosts = 0;
  for (const auto& [name, value] : head_.headers) {
    if (same_name(name, "Host")) {
      ++hosts;
      if (!std::all_of(value.begin(), value.end(), is_host_char)) return bad("the Host header is malformed");
    } else if (same_name(name, "Content-Encoding")) {
      return Refusal{415, "Compressed body", "send the body without Content-Encoding"};
    } else if (same_name(name, "Connection")) {
      head_.close = head_.close || lists(value, "close");
    } else if (same_name(name, "Expect")) {
      head_.expects_continue = !version_1_0_ && same_name(value, "100-continue");
    }
  }
  if (hosts > 1) return bad("there is more than one Host header");
  if (hosts == 0 && !version_1_0_) return bad("there is no Host header");
  complete_ = true;
  return decide_framing(limits);
}

std::optional<Refusal> HeadReader::decide_framing(const Limits& limits) {
  std::optional<std::string_view> length;
  std::optional<std::string_view> coding;
  for (const auto& [name, value] : head_.headers) {
    if (same_name(name, "Content-Length")) {
      if (length) return bad("there is more than one Content-Length header");
      length = value;
    } else if (same_name(name, "Transfer-Encoding")) {
      if (coding) return bad("there is more than one Transfer-Encoding header");
      coding = value;
    }
  }
  if (length && coding) return bad("there are both Content-Length and Transfer-Encoding");
  if (coding) {
    if (version_1_0_) return bad("HTTP/1.0 has no Transfer-Encoding");
    if (!same_name(*coding, "chunked"))
      return Refusal{501, "Unknown transfer coding", "the only transfer coding known here is chunked"};
    head_.framing = Framing::chunked;
  }
  if (length) {
    // from_chars takes no sign, no space, no hex for an unsigned number; it must eat the whole text.
    const char* end = length->data() + length->size();
    const auto [at, error] = std::from_chars(length->data(), end, head_.length);
    if (length->empty() || at != end || error == std::errc::invalid_argument)
      return bad("Content-Length is not a number");
    if (error != std::errc{} || head_.length > limits.body_bytes)
      return Refusal{413, "Body too large", "the request body is over the limit"};
    if (head_.length > 0) head_.framing = Framing::length;
  }
  return std::nullopt;
}

}  // namespace backstock::http
