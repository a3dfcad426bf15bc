// From the registry's words for a request to the request: paths with placeholders, queries as text.
//
// Threads: pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "content/content_type.h"
#include "store_api/listing.h"

namespace backstock::capture {

// "sort=id&direction=asc"
store_api::Query parse_query(std::string_view text);

// What stands for `{id}`, `{owner}` and `{parent}`.
struct Placeholders {
  std::string_view id = {};
  std::string_view owner = {};
  std::string_view parent = {};
};
// Values are escaped for a path only where they could leave it: an id never holds `/`, `?` or `#` after this.
std::string fill_in(std::string_view text, const Placeholders& values);

// The list of a part: of one item (`values.id`), one owner, or of all items (no values).
store_api::ListSpec part_list(const content::ContentType& type, const content::Part& part, std::string_view path,
                              const Placeholders& values = {});

// The list of a type's items, or of the items below one parent. `parent` empty where there is none: then a query
// parameter that holds `{parent}` is left out.
store_api::ListSpec item_list(const content::ContentType& type, std::string_view parent = {});

// The query that asks for whole items: includes joined.
store_api::Query item_query(const content::ContentType& type);

// With date, time and offset: given the date alone, stores add the current time of day and miss changes.
std::string filter_instant(std::int64_t at);

}  // namespace backstock::capture
