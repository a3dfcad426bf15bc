// Numbers of versions that a repair could not save: given once, they are never given again.
//
// A view over control records {"control":"lost","type":T,"items":[[ID,NUMBER],...]}, in any order.
//
// Threads: those of the connection.
#pragma once

#include <map>
#include <string>

#include "base/json.h"
#include "index/connection.h"

namespace backstock::index {

Result<> apply_lost(Connection& connection, const Json& record);

// By content type and id. Few: only items that were hit by damage.
using LostNumbers = std::map<std::pair<std::string, std::string>, std::uint32_t>;
Result<LostNumbers> lost_numbers(Connection& connection);

}  // namespace backstock::index
