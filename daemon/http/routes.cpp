#include "http/routes.h"

#include "http/api_answer.h"
#include "http/api_backups.h"
#include "http/api_items.h"
#include "http/api_runs.h"
#include "http/api_search.h"
#include "http/api_session.h"
#include "http/api_status.h"
#include "http/api_tokens.h"
#include "http/api_types.h"
#include "http/api_versions.h"
#include "http/embedded_file.h"
#include "http/origin_guard.h"

namespace backstock::http {
namespace {

Response text(std::string_view line) {
  return {.status = 200,
          .content_type = "text/plain; charset=utf-8",
          .body = std::string(line) + '\n',
          .headers = {{"Cache-Control", "no-store"}}};
}

Result<Response> page(const Serving&, const ApiRequest& request) {
  return serve_file(webui_files(), "index.html", request.http());
}

Result<Response> healthz(const Serving&, const ApiRequest&) { return text("ok"); }

Result<Response> readyz(const Serving& serving, const ApiRequest&) {
  const auto ready = serving.status.ready();
  return ready ? text("ready") : problem(503, "Not ready", ready.error().sentence());
}

constexpr Route kRoutes[] = {
    {"GET", "/", Access::open, &page, "*"},
    {"GET", "/healthz", Access::open, &healthz, "*"},
    {"GET", "/readyz", Access::open, &readyz, "*"},

    {"GET", "/api/v1/session", Access::open, &get_session},
    {"POST", "/api/v1/session", Access::open, &post_session, "", "password"},
    {"DELETE", "/api/v1/session", Access::session, &delete_session},
    {"POST", "/api/v1/setup", Access::open, &post_setup, "", "link password"},
    {"POST", "/api/v1/password", Access::session, &post_password, "", "old new"},
    {"GET", "/api/v1/tokens", Access::session, &get_tokens},
    {"POST", "/api/v1/tokens", Access::session, &post_tokens, "", "name access"},
    {"DELETE", "/api/v1/tokens", Access::session, &delete_tokens, "id"},

    {"GET", "/api/v1/status", Access::session_or_read, &get_status},
    {.method = "GET",
     .path = "/api/v1/events",
     .access = Access::session_or_read,
     .answer = &get_events,
     .counts = false},  // else a page that is left open would never be signed out

    {"GET", "/api/v1/types", Access::session_or_read, &get_types, "store"},
    {"GET", "/api/v1/items", Access::session_or_read, &get_items, "store type q deleted sort at after limit"},
    {"GET", "/api/v1/item", Access::session_or_read, &get_item, "store type id"},
    {"GET", "/api/v1/versions", Access::session_or_read, &get_versions, "store type id before limit"},
    {"GET", "/api/v1/compare", Access::session_or_read, &get_compare, "store type id from to changes_only"},
    {"GET", "/api/v1/source", Access::session_or_read, &get_source, "store type id version parts download"},
    {"GET", "/api/v1/search", Access::session_or_read, &get_search, "store q type versions match_case at limit"},
    {"GET", "/api/v1/runs", Access::session_or_read, &get_runs, "store before limit"},
    {"GET", "/api/v1/run", Access::session_or_read, &get_run, "store run"},

    {"POST", "/api/v1/backups", Access::session_or_operate, &post_backups, "", "store types full"},
    {"POST", "/api/v1/backups/cancel", Access::session_or_operate, &post_backups_cancel, "", "store"},
};

Result<Response> answer(const Route& route, const Serving& serving, const Request& request) {
  Caller caller;
  if (route.access != Access::open) {
    caller = TRY(find_caller(serving.accounts, request, route.counts));
    if (auto refused = refuse_caller(caller, route.access, request)) return std::move(*refused);
  }
  ApiRequest checked = TRY(ApiRequest::read(request, route.parameters, route.fields));
  checked.set_caller(std::move(caller));
  return route.answer(serving, checked);
}

}  // namespace

std::span<const Route> all_routes() { return kRoutes; }

Response route_request(const HostGuard& guard, const Serving& serving, const Request& request) {
  if (!guard.allows(request.header("Host")))
    return problem(421, "Wrong host name",
                   "this name is not one of Backstock's; if you reach it through a tunnel or a proxy, add the name to "
                   "admin.hosts in the configuration");
  if (auto refused = refuse_foreign_origin(guard, request)) return std::move(*refused);
  const std::string_view method = request.method == "HEAD" ? std::string_view("GET") : request.method;
  std::string allowed;
  for (const Route& route : all_routes()) {
    if (route.path != request.path) continue;
    if (route.method == method) {
      auto answered = answer(route, serving, request);
      return answered ? std::move(*answered) : problem_of(answered.error());
    }
    if (!allowed.empty()) allowed += ", ";
    allowed += route.method == "GET" ? "GET, HEAD" : std::string(route.method);
  }
  const std::string_view file = std::string_view(request.path).substr(1);
  if (allowed.empty() && has_file(webui_files(), file)) {
    if (method == "GET") return serve_file(webui_files(), file, request);
    allowed = "GET, HEAD";
  }
  if (allowed.empty()) return problem(404, "Not found", "there is no such page");
  Response response = problem(405, "Method not allowed", "this address answers " + allowed);
  response.headers.push_back({"Allow", allowed});
  return response;
}

std::vector<Header> security_headers() {
  // No Access-Control-* anywhere: no other origin has business here.
  return {{"Content-Security-Policy",
           "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src "
           "'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; "
           "require-trusted-types-for 'script'"},
          {"Permissions-Policy",
           "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), "
           "microphone=(), midi=(), payment=(), serial=(), usb=()"},
          {"X-Content-Type-Options", "nosniff"},
          {"Referrer-Policy", "no-referrer"},
          {"Cross-Origin-Opener-Policy", "same-origin"},
          {"Cross-Origin-Resource-Policy", "same-origin"}};
}

}  // namespace backstock::http
