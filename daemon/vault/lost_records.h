// Control records of the versions that a repair could not save, so that their numbers are never given again. Only for
// this room.
//
// Threads: one, which holds the writer's lock.
#pragma once

#include <string>
#include <vector>

#include "vault/pack_rescue.h"

namespace backstock::vault {

// As NDJSON, of those whose number the index does not keep yet.
Result<std::string> lost_lines(const Options& options, index::Connection& connection,
                               const std::vector<LostVersion>& lost);

// As NDJSON, all that the index knows from control records: some may have stood in a frame that is damaged.
Result<std::string> known_records(index::Connection& connection);

// In a pack of their own, whose header says which packs are gone; durable and in the index when it returns.
Result<> write_lost_records(const Options& options, index::Connection& connection, std::uint64_t& next_number,
                            const std::string& lines, std::vector<std::uint64_t> gone);

}  // namespace backstock::vault
