// Content types with their counts and how they stand: /api/v1/types.
#pragma once

#include "http/routes.h"

namespace backstock::http {

Result<Response> get_types(const Serving& serving, const ApiRequest& request);

}  // namespace backstock::http
