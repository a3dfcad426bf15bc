// The query part of a URL: names and values as text, encoded in one place.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace backstock::store_api {

using Query = std::vector<std::pair<std::string, std::string>>;

// "?a=1&id:in=2,3", "" for an empty query. Everything is percent-encoded except what RFC 3986 lets stand readable here:
// letters, digits, `-._~` and `:` and `,` (both forms work, BigCommerce's own examples write them bare). A `+` becomes
// %2B: bare it would arrive as a space and spoil the offset of a date.
std::string encode_query(const Query& query);

// A path written as plain text: what would end or change it (`?`, `#`, `%`, spaces) is encoded, `/` stays.
std::string encode_path(std::string_view path);

}  // namespace backstock::store_api
