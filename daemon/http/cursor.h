// Where a list goes on, as text for a client to hand back.
//
// Opaque: base64url of JSON, which may change with any release. Bound to its query: with another one it is refused
// instead of giving a page of something else.
//
// Threads: pure.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"

namespace backstock::http {

// `query` is all that the list depends on; `place` is the list's own.
std::string make_cursor(std::string_view query, Json place);

// The place; bad_input for what was not made for this query.
Result<Json> read_cursor(std::string_view query, std::string_view cursor);

}  // namespace backstock::http
