// The others, measured from a program as fast as ours: git's batch reader and SQLite's durable inserts.
//
// Threads: one at a time.
#pragma once

#include "base/json.h"
#include "history.h"

namespace backstock::bench {

// Asks a warm `git cat-file --batch` in `repository` for each line of `requests` (name, tab, offset, tab, size of what
// it must answer). Gives microseconds of each.
Result<std::vector<double>> git_reads(const std::string& repository, const std::string& requests,
                                      const History& history);

// Inserts the history's first versions, `group` in each durable transaction, into a new database, for some seconds.
// Gives versions per second.
Result<double> sqlite_appends(const std::string& file, const History& history, std::size_t group, double seconds);

}  // namespace backstock::bench
