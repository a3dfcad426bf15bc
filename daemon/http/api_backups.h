// Starting and cancelling runs: /api/v1/backups.
#pragma once

#include "http/routes.h"

namespace backstock::http {

Result<Response> post_backups(const Serving& serving, const ApiRequest& request);
Result<Response> post_backups_cancel(const Serving& serving, const ApiRequest& request);

}  // namespace backstock::http
