// What retention asks of the index besides versions: former removals, and which runs look wrong.
//
// Threads: those of the connection.
#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "base/json.h"
#include "index/connection.h"

namespace backstock::index {

// A control record `prune`.
struct PruneRow {
  std::int64_t at = 0;
  bool undo = false;
  bool forced = false;
  std::int64_t ahead = 0;
  std::string report;  // JSON
};

// Of apply_control() alone.
Result<> apply_prune(Connection& connection, const Json& record);

Result<std::vector<PruneRow>> prunes(Connection& connection);  // earliest first

// Ends of the newest runs, in the order of their names.
Result<std::vector<std::int64_t>> run_ends(Connection& connection, std::uint32_t limit);

// How many versions each run added to items that were known before. Looks at every version.
struct RunChanges {
  std::string type;
  std::string run;
  std::uint64_t changed = 0;
};
Result<std::vector<RunChanges>> changes_by_run(Connection& connection);

struct DoubtfulRuns {
  std::set<std::pair<std::string, std::string>> bad;  // run and type that failed or was braked
  // Runs that failed or have not ended, with the types that had ended by then, of which `bad` tells.
  std::map<std::string, std::set<std::string>, std::less<>> open;
};
Result<DoubtfulRuns> doubtful_runs(Connection& connection);

}  // namespace backstock::index
