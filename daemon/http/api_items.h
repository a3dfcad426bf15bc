// Lists of items, and one item: /api/v1/items, /api/v1/item.
#pragma once

#include "http/routes.h"

namespace backstock::http {

Result<Response> get_items(const Serving& serving, const ApiRequest& request);
Result<Response> get_item(const Serving& serving, const ApiRequest& request);

}  // namespace backstock::http
