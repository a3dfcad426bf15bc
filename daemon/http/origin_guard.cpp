#include "http/origin_guard.h"

namespace backstock::http {
namespace {

constexpr std::string_view kHttp = "http://";
constexpr std::string_view kHttps = "https://";

bool is_own_origin(const HostGuard& guard, std::string_view origin) {
  for (const std::string_view scheme : {kHttp, kHttps}) {
    if (origin.starts_with(scheme)) return guard.allows(origin.substr(scheme.size()));
  }
  return false;  // "null" too: a sandboxed frame, a file
}

// A link that was followed, or an address that was typed: a whole window, and no data in sight.
bool opens_the_page(const Request& request) {
  return (request.method == "GET" || request.method == "HEAD") && !request.path.starts_with("/api/") &&
         request.header("Sec-Fetch-Mode") == "navigate" && request.header("Sec-Fetch-Dest") == "document";
}

}  // namespace

std::optional<Response> refuse_foreign_origin(const HostGuard& guard, const Request& request) {
  bool foreign = false;
  for (const auto& [name, value] : request.headers) {
    if (same_name(name, "Origin")) foreign = foreign || !is_own_origin(guard, value);
    if (same_name(name, "Sec-Fetch-Site"))
      foreign = foreign || (value != "same-origin" && value != "none" && !opens_the_page(request));
  }
  if (!foreign) return std::nullopt;
  return problem({403, "Foreign origin", "the request was refused", "it comes from a page that is not Backstock's",
                  "open Backstock's own page; if a proxy serves it under another name, add that name to admin.hosts in "
                  "the configuration"});
}

bool came_by_https(const Request& request) {
  const auto origin = request.header("Origin");
  return origin && origin->starts_with(kHttps);
}

}  // namespace backstock::http
