// How much of each content type stands in each pack: what compaction decides by.
//
// Threads: those of the connection.
#pragma once

#include <vector>

#include "index/connection.h"

namespace backstock::index {

struct TypeUse {
  std::string type;
  std::uint64_t pack = 0;
  std::uint64_t versions = 0;
  std::uint64_t bytes = 0;  // of their lines
};

// By type and pack. Looks at every version.
Result<std::vector<TypeUse>> type_use(Connection& connection);

}  // namespace backstock::index
