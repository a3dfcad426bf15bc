#include "http/api_session.h"

#include "base/log.h"
#include "http/api_answer.h"
#include "http/origin_guard.h"
#include "http/session_cookie.h"

#ifndef BACKSTOCK_VERSION
#define BACKSTOCK_VERSION "development"
#endif

namespace backstock::http {
namespace {

constexpr std::string_view kForgotten =
    "if it is forgotten: `backstock admin link` on the server gives a link for setting another";

Response session_answer(std::string_view state, const std::string& csrf) {
  return json_answer(Json{{"state", state},
                          {"csrf", csrf.empty() ? Json(nullptr) : Json(csrf)},
                          {"version", BACKSTOCK_VERSION},
                          {"idle_minutes", state::kSessionIdle.count()}});
}

Response signed_in(const ApiRequest& request, const state::NewSession& session) {
  Response response = session_answer("signed_in", csrf_of(session.cookie));
  response.headers.push_back(set_cookie(session.cookie, came_by_https(request.http())));
  log_info("http", "signed in", {{"from", request.http().remote_addr}});
  return response;
}

Response too_many(std::chrono::seconds wait) {
  Response response = problem({429, "Too many wrong passwords", "the password was not looked at",
                               "five wrong ones came within five minutes",
                               "try again in " + std::to_string(wait.count()) +
                                   " seconds, or use a one-time link: "
                                   "`backstock admin link`"});
  response.headers.push_back({"Retry-After", std::to_string(wait.count())});
  return response;
}

Response wrong_password(const ApiRequest& request, std::string_view what, int status) {
  log_warn("http", "a wrong password", {{"from", request.http().remote_addr}});
  return problem(
      {status, "Wrong password", std::string(what), "the password is not the right one", std::string(kForgotten)});
}

Result<Secret> new_password(const ApiRequest& request, std::string_view field) {
  return Secret(TRY(request.text_field(field, state::kPasswordLeast, state::kPasswordMost)));
}

// For a password that is only compared: what is too long for any is no reason to hash it.
Result<Secret> tried_password(const ApiRequest& request, std::string_view field) {
  return Secret(TRY(request.text_field(field, 1, state::kPasswordMost)));
}

std::string session_id(const ApiRequest& request) {
  const std::string& key = request.caller().key;
  return key.substr(key.find(' ') + 1);
}

}  // namespace

Result<Response> get_session(const Serving& serving, const ApiRequest& request) {
  if (!TRY(serving.accounts.has_password())) return session_answer("setup", "");
  const Caller caller = TRY(find_caller(serving.accounts, request.http(), true));
  if (caller.kind != Caller::Kind::session) return session_answer("signed_out", "");
  return session_answer("signed_in", caller.csrf);
}

Result<Response> post_session(const Serving& serving, const ApiRequest& request) {
  const Secret password = TRY(tried_password(request, "password"));
  if (!TRY(serving.accounts.has_password()))
    return problem({409, "No password yet", "nobody can sign in yet", "no password has been set",
                    "open the link that the daemon printed at its start, or get one with `backstock admin link`"});
  const std::string& from = request.http().remote_addr;
  if (const auto wait = serving.throttle.admit(from); wait.count() > 0) return too_many(wait);
  const auto session = TRY(serving.accounts.sign_in(password));
  if (!session) return wrong_password(request, "you are not signed in", 401);
  serving.throttle.right(from);
  return signed_in(request, *session);
}

Result<Response> delete_session(const Serving& serving, const ApiRequest& request) {
  TRY(serving.accounts.sign_out(session_id(request)));
  Response response = session_answer("signed_out", "");
  response.headers.push_back(clear_cookie());
  return response;
}

Result<Response> post_setup(const Serving& serving, const ApiRequest& request) {
  const Secret link(TRY(request.text_field("link", 1, 200)));
  const Secret password = TRY(new_password(request, "password"));
  const auto session = TRY(serving.accounts.set_up(link, password));
  if (!session)
    return problem({410, "Link used up", "the password was not set",
                    "this link has been used already, or it is older than a day",
                    "`backstock admin link` on the server gives another"});
  log_info("http", "a password was set by a one-time link", {{"from", request.http().remote_addr}});
  serving.throttle.right(request.http().remote_addr);
  return signed_in(request, *session);
}

Result<Response> post_password(const Serving& serving, const ApiRequest& request) {
  const Secret old = TRY(tried_password(request, "old"));
  const Secret password = TRY(new_password(request, "new"));
  const std::string& from = request.http().remote_addr;
  // Whoever finds a page left open must not be able to guess on.
  if (const auto wait = serving.throttle.admit(from); wait.count() > 0) return too_many(wait);
  // 422 and not 401: the session is fine.
  if (!TRY(serving.accounts.change_password(session_id(request), old, password)))
    return wrong_password(request, "the password was not changed", 422);
  serving.throttle.right(from);
  log_info("http", "the password was changed", {{"from", from}});
  return session_answer("signed_in", request.caller().csrf);
}

}  // namespace backstock::http
