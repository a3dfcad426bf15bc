// Tokens for scripts and monitors: /api/v1/tokens.
#pragma once

#include "http/routes.h"

namespace backstock::http {

Result<Response> get_tokens(const Serving& serving, const ApiRequest& request);
Result<Response> post_tokens(const Serving& serving, const ApiRequest& request);
Result<Response> delete_tokens(const Serving& serving, const ApiRequest& request);

}  // namespace backstock::http
