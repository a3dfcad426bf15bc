// Runs and how they went: /api/v1/runs, /api/v1/run.
#pragma once

#include "http/routes.h"

namespace backstock::http {

Result<Response> get_runs(const Serving& serving, const ApiRequest& request);
Result<Response> get_run(const Serving& serving, const ApiRequest& request);

}  // namespace backstock::http
