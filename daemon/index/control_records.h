// The rows that control records have made, as the records that would make them again: for a repair, whose packs may
// have lost some of them.
//
// apply_control() of each, in any order, beside the true ones or without, gives the same rows.
//
// Threads: those of the connection.
#pragma once

#include <functional>

#include "base/json.h"
#include "index/connection.h"

namespace backstock::index {

Result<> for_each_control_record(Connection& connection, const std::function<void(const Json& record)>& take);

}  // namespace backstock::index
