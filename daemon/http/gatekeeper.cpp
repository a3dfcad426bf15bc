#include "http/gatekeeper.h"

#include "base/crypto.h"
#include "http/session_cookie.h"

namespace backstock::http {
namespace {

constexpr std::string_view kSession = "session ";
constexpr std::string_view kToken = "token ";

Result<Caller> find_by_token(state::Accounts& accounts, std::string_view authorization) {
  constexpr std::string_view kScheme = "Bearer ";
  if (authorization.size() < kScheme.size() || !same_name(authorization.substr(0, kScheme.size()), kScheme))
    return Caller{};
  const auto token = TRY(accounts.find_token(Secret(std::string(authorization.substr(kScheme.size())))));
  if (!token) return Caller{};
  const bool operates = token->access == state::TokenAccess::operate;
  return Caller{.kind = operates ? Caller::Kind::operate_token : Caller::Kind::read_token,
                .key = std::string(kToken) + token->id};
}

Response not_signed_in() {
  Response response = problem({401, "Not signed in", "the request was refused",
                               "it carries no session or token that is valid (a session ends 30 minutes after its last "
                               "use)",
                               "sign in, or send a token as Authorization: Bearer"});
  // Not "Basic": browsers would ask for a name and a password in a box of their own.
  response.headers.push_back({"WWW-Authenticate", "Bearer realm=\"backstock\""});
  return response;
}

Response too_little(Access access) {
  return access == Access::session
             ? problem({403, "For people only", "the request was refused", "a token may not do this", "sign in"})
             : problem({403, "Token may only read", "the request was refused",
                        "this token may look, but not start or cancel anything",
                        "make one that may: `backstock admin token NAME --access operate`"});
}

bool changes_something(const Request& request) { return request.method != "GET" && request.method != "HEAD"; }

}  // namespace

Result<Caller> find_caller(state::Accounts& accounts, const Request& request, bool use) {
  if (const auto authorization = request.header("Authorization")) return find_by_token(accounts, *authorization);
  for (const Secret& cookie : read_cookies(request)) {
    if (const auto id = TRY(accounts.find_session(cookie, use)))
      return Caller{.kind = Caller::Kind::session, .key = std::string(kSession) + *id, .csrf = csrf_of(cookie)};
  }
  return Caller{};
}

Result<bool> still_valid(state::Accounts& accounts, const std::string& caller_key) {
  if (caller_key.starts_with(kSession)) return accounts.session_lives(caller_key.substr(kSession.size()));
  if (caller_key.starts_with(kToken)) return accounts.token_lives(caller_key.substr(kToken.size()));
  return false;
}

std::optional<Response> refuse_caller(const Caller& caller, Access access, const Request& request) {
  if (access == Access::open) return std::nullopt;
  switch (caller.kind) {
    case Caller::Kind::nobody:
      return not_signed_in();
    case Caller::Kind::read_token:
      if (access != Access::session_or_read) return too_little(access);
      return std::nullopt;
    case Caller::Kind::operate_token:
      if (access == Access::session) return too_little(access);
      return std::nullopt;
    case Caller::Kind::session:
      break;
  }
  if (!changes_something(request) || same_secret(request.header(kCsrfHeader).value_or(""), caller.csrf))
    return std::nullopt;
  return problem({403, "No CSRF value", "the request was refused",
                  "it changes something and does not carry the session's value in the header X-Backstock-CSRF",
                  "reload the page"});
}

}  // namespace backstock::http
