#include "net/outgoing_url.h"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <memory>

namespace backstock::net {
namespace {

struct UrlFree {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

// By the address itself, never by a prefix of the name: 127.0.0.1.example.com is not this machine.
bool is_loopback(const std::string& host) {
  if (host == "localhost") return true;  // curl resolves it to 127.0.0.1 and ::1 by itself, whatever DNS says
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24U) == 127;
  in6_addr v6{};
  if (inet_pton(AF_INET6, host.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6);
  return false;
}

bool has_line_break(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos; }

}  // namespace

Result<UrlTarget> check_outgoing_url(std::string_view text) {
  // The same parser that will send the request, so that the two cannot disagree about what the host is.
  const std::unique_ptr<CURLU, UrlFree> url(curl_url());
  if (!url) return make_error(ErrorKind::failed, "out of memory");
  if (has_line_break(text)) return make_error(ErrorKind::bad_input, "a URL with a line break in it");
  if (curl_url_set(url.get(), CURLUPART_URL, std::string(text).c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    return make_error(ErrorKind::bad_input, "not a usable URL", "write it as https://host/path");
  }
  UrlTarget target;
  target.host = part(url.get(), CURLUPART_HOST);
  for (char& c : target.host) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (target.host.size() > 2 && target.host.front() == '[') target.host = target.host.substr(1, target.host.size() - 2);
  if (target.host.empty()) return make_error(ErrorKind::bad_input, "a URL without a host");
  target.loopback = is_loopback(target.host);
  if (!part(url.get(), CURLUPART_USER).empty() || !part(url.get(), CURLUPART_PASSWORD).empty()) {
    return make_error(ErrorKind::bad_input, "the URL for " + target.host + " has a user name or password in it",
                      "leave it out; credentials belong into their own files");
  }
  const std::string scheme = part(url.get(), CURLUPART_SCHEME);
  if (scheme == "https" || (scheme == "http" && target.loopback)) return target;
  if (scheme == "http") {
    return make_error(ErrorKind::bad_input, "http:// to " + target.host + " is not allowed: it is not this machine",
                      "use https://");
  }
  return make_error(ErrorKind::bad_input, "the URL for " + target.host + " is neither https:// nor http://",
                    "use https://");
}

Result<UrlTarget> check_outgoing_request(const HttpRequest& request) {
  UrlTarget target = TRY(check_outgoing_url(request.url));
  if (request.method.empty() || request.method.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos) {
    return make_error(ErrorKind::bad_input, "not an HTTP method");
  }
  for (const auto& [name, value] : request.headers) {
    if (name.empty() || name.find_first_of(": \t") != std::string::npos || has_line_break(name)) {
      return make_error(ErrorKind::bad_input, "a header with a broken name for " + target.host);
    }
    if (has_line_break(value)) {
      return make_error(ErrorKind::bad_input, "the header " + name + " for " + target.host + " has a line break in it",
                        "check the file that the value was read from");
    }
  }
  return target;
}

}  // namespace backstock::net
