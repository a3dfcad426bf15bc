// The part of verify() that reads `removed/`. Only for this room.
//
// Threads: one.
#pragma once

#include "vault/removed_packs.h"
#include "vault/verify.h"

namespace backstock::vault {

// Adds to the counts and the findings. Gives the lines, as a pack of `packs/` that has not been removed yet may hold
// them, too.
Result<RemovedLines> verify_removed(const Options& options, const std::stop_token& stop, Verified& found);

}  // namespace backstock::vault
