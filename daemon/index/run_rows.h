// Runs in the index: a view over the control records in the packs. Checkpoints are the index's own.
//
// apply_control() is how every control record, fresh or read back from a pack, becomes rows: a rebuild calls the same.
//
// Threads: those of the connection.
#pragma once

#include "base/json.h"
#include "index/connection.h"
#include "index/rows.h"

namespace backstock::index {

// Kinds known: run_begin, type_end, run_end, lost, pin, unpin, prune. Others are kept in the packs and passed over here.
Result<> apply_control(Connection& connection, const Json& record);

Result<std::vector<RunRow>> recent_runs(Connection& connection, std::uint32_t limit);  // newest first
// Newest first, of those before the named run; empty: from the newest.
Result<std::vector<RunRow>> runs_before(Connection& connection, std::string_view run, std::uint32_t limit);
// The newest that has ended, with this outcome if one is named, of those that were to do at least so many types.
Result<std::optional<RunRow>> last_ended_run(Connection& connection, std::string_view outcome, std::size_t types);
Result<std::optional<RunRow>> find_run(Connection& connection, std::string_view run);
Result<std::vector<RunRow>> unfinished_runs(Connection& connection);
Result<std::vector<RunTypeRow>> types_of_run(Connection& connection, std::string_view run);
// The newest row of the type that is done; `full` asks for those that read everything from a whole listing.
Result<std::optional<RunTypeRow>> last_good(Connection& connection, std::string_view type, bool full);
Result<std::optional<RunTypeRow>> last_attempt(Connection& connection, std::string_view type);

Result<> set_checkpoint(Connection& connection, std::string_view run, std::string_view type, std::string_view state);
Result<std::optional<std::string>> find_checkpoint(Connection& connection, std::string_view run, std::string_view type);
Result<> drop_checkpoints(Connection& connection, std::string_view run);

}  // namespace backstock::index
