#include "http/api_tokens.h"

#include "base/log.h"
#include "http/api_answer.h"

namespace backstock::http {

Result<Response> get_tokens(const Serving& serving, const ApiRequest&) {
  Json all = Json::array();
  for (const state::Token& token : TRY(serving.accounts.tokens())) {
    all.push_back(
        Json{{"id", token.id},
             {"name", token.name},
             {"access", to_string(token.access)},
             {"created_at", format_rfc3339(token.created_at)},
             {"last_used_at", token.last_used_at ? Json(format_rfc3339(*token.last_used_at)) : Json(nullptr)}});
  }
  return json_answer(Json{{"tokens", std::move(all)}});
}

Result<Response> post_tokens(const Serving& serving, const ApiRequest& request) {
  const std::string name = TRY(request.text_field("name", 1, state::kTokenNameMost));
  const std::string access = TRY(request.choice_field("access", {"read", "operate"}));
  const state::NewToken made = TRY(serving.accounts.make_token(name, *state::token_access(access)));
  log_info("http", "a token was made", {{"id", made.token.id}, {"access", access}});
  return json_answer(Json{{"id", made.token.id}, {"name", name}, {"access", access}, {"token", made.secret.reveal()}},
                     201);
}

Result<Response> delete_tokens(const Serving& serving, const ApiRequest& request) {
  const std::string id = TRY(request.needed_text("id"));
  TRY(serving.accounts.revoke_token(id).context("the token was not revoked"));
  log_info("http", "a token was revoked", {{"id", id}});
  return get_tokens(serving, request);
}

}  // namespace backstock::http
