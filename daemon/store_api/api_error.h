// An answer that is no success, as an Error: what an operator may read, and beside it what the store said.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/http_transport.h"

namespace backstock::store_api {

// Names of fields that a refusal complains about: keys of V3 `errors`, field names that V2 messages quote. Only what
// looks like a path into our own request ("0.email", "variants[2].sku"): anything else might be a customer's.
std::vector<std::string> refused_fields(std::string_view body);

struct Subject {
  std::string_view store;
  std::string_view method;
  std::string_view path;
  std::string_view scope;
};

// For any status that is not 2xx. `tries` above 1 is told.
Error status_error(const Subject& subject, const net::HttpReply& answer, unsigned tries);

// "store acme: GET /v3/catalog/products"
std::string describe(const Subject& subject);

}  // namespace backstock::store_api
