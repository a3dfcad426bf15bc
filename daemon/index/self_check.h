// Does the index agree with itself? Half of an index's bit flips are invisible to SQLite (measured); the packs stay the
// truth.
//
// Threads: those of the connection.
#pragma once

#include <string>
#include <vector>

#include "index/connection.h"

namespace backstock::index {

// What is wrong, in clauses; empty: nothing found. Reads the whole file.
Result<std::vector<std::string>> self_check(Connection& connection);

}  // namespace backstock::index
