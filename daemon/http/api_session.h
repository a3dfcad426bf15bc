// Getting in and out: /api/v1/session, setup, password.
#pragma once

#include "http/routes.h"

namespace backstock::http {

Result<Response> get_session(const Serving& serving, const ApiRequest& request);
Result<Response> post_session(const Serving& serving, const ApiRequest& request);
Result<Response> delete_session(const Serving& serving, const ApiRequest& request);
Result<Response> post_setup(const Serving& serving, const ApiRequest& request);
Result<Response> post_password(const Serving& serving, const ApiRequest& request);

}  // namespace backstock::http
