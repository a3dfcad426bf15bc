// Items by what a person types: an id, or how a label begins.
//
// Threads: those of the connection.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "index/connection.h"

namespace backstock::index {

// 0: there is none.
Result<std::int64_t> key_of_id(Connection& connection, std::int64_t type, std::string_view id);
// Of all items with this id or with a label that begins so, whatever its case; each once, ascending.
Result<std::vector<std::int64_t>> find_keys(Connection& connection, std::int64_t type, const std::string& text);

}  // namespace backstock::index
