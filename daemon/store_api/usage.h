// What was asked of a store so far: for progress lines, a run's report and the Health page.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "store_api/rate_budget.h"

namespace backstock::store_api {

struct PathUsage {
  std::uint64_t requests = 0;  // tries count
  std::uint64_t retries = 0;
  std::uint64_t limited = 0;  // answers of 429
  std::uint64_t failed = 0;   // requests that ended in an error
  ByteCount bytes = 0;        // received over the wire
};

struct Usage {
  PathUsage all;
  std::map<std::string, PathUsage, std::less<>> by_path;  // by path template
  RateState rate;  // as of the last request; rate.wait_until is set while requests are held back
};

// "/v3/catalog/products/123/images" -> "/v3/catalog/products/{id}/images": numbers, UUIDs and long hex.
std::string path_template(std::string_view path);

}  // namespace backstock::store_api
