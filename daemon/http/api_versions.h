// An item's history, two versions beside each other, and the bytes of one: /api/v1/versions, compare, source.
//
// Memory: a large version (over kLarge bytes) is read by one request at a time, its frame becomes its line and its line
// the answer, so that its bytes are there twice at the most while the answer is made.
#pragma once

#include "http/routes.h"

namespace backstock::http {

Result<Response> get_versions(const Serving& serving, const ApiRequest& request);
Result<Response> get_compare(const Serving& serving, const ApiRequest& request);
Result<Response> get_source(const Serving& serving, const ApiRequest& request);

}  // namespace backstock::http
