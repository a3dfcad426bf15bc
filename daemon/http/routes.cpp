#include "http/routes.h"

#include "http/embedded_file.h"

namespace backstock::http {
namespace {

Response text(std::string_view line) {
  return {.status = 200,
          .content_type = "text/plain; charset=utf-8",
          .body = std::string(line) + '\n',
          .headers = {{"Cache-Control", "no-store"}}};
}

// The same path in the embedded files.
Response page_file(const Serving&, const Request& request) {
  return serve_file(webui_files(), std::string_view(request.path).substr(1), request);
}

Response page(const Serving&, const Request& request) { return serve_file(webui_files(), "index.html", request); }

Response healthz(const Serving&, const Request&) { return text("ok"); }

Response readyz(const Serving& serving, const Request&) {
  const auto ready = serving.status.ready();
  return ready ? text("ready") : problem(503, "Not ready", ready.error().sentence());
}

Response status(const Serving& serving, const Request&) {
  return {.status = 200,
          .content_type = "application/json",
          .body = to_text(serving.status.status()) + '\n',
          .headers = {{"Cache-Control", "no-store"}}};
}

constexpr Route kRoutes[] = {
    {"GET", "/", Access::open, &page},
    {"GET", "/app.css", Access::open, &page_file},
    {"GET", "/app.js", Access::open, &page_file},
    {"GET", "/favicon.svg", Access::open, &page_file},
    {"GET", "/healthz", Access::open, &healthz},
    {"GET", "/readyz", Access::open, &readyz},
    {"GET", "/api/v1/status", Access::open, &status},
};

}  // namespace

std::span<const Route> all_routes() { return kRoutes; }

Response route_request(const HostGuard& guard, const Serving& serving, const Request& request) {
  if (!guard.allows(request.header("Host")))
    return problem(421, "Wrong host name",
                   "this name is not one of Backstock's; if you reach it through a tunnel or a proxy, add the name to "
                   "admin.hosts in the configuration");
  const std::string_view method = request.method == "HEAD" ? std::string_view("GET") : request.method;
  std::string allowed;
  for (const Route& route : all_routes()) {
    if (route.path != request.path) continue;
    if (route.method == method) return route.answer(serving, request);
    if (!allowed.empty()) allowed += ", ";
    allowed += route.method == "GET" ? "GET, HEAD" : std::string(route.method);
  }
  if (allowed.empty()) return problem(404, "Not found", "there is no such page");
  Response response = problem(405, "Method not allowed", "this address answers " + allowed);
  response.headers.push_back({"Allow", allowed});
  return response;
}

std::vector<Header> security_headers() {
  // No Access-Control-* anywhere: no other origin has business here.
  return {{"Content-Security-Policy",
           "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"},
          {"X-Content-Type-Options", "nosniff"},
          {"Referrer-Policy", "no-referrer"},
          {"Cross-Origin-Opener-Policy", "same-origin"},
          {"Cross-Origin-Resource-Policy", "same-origin"}};
}

}  // namespace backstock::http
