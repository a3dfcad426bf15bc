// A text in all fields of all versions, as a stream of what is found: /api/v1/search.
#pragma once

#include "http/routes.h"

namespace backstock::http {

Result<Response> get_search(const Serving& serving, const ApiRequest& request);

}  // namespace backstock::http
