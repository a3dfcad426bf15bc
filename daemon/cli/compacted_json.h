// What a compaction did, as JSON: the answer of the daemon, and of `backstock compact --json`.
//
// Threads: pure.
#pragma once

#include "base/json.h"
#include "vault/compact.h"

namespace backstock::cli {

Json to_json(const vault::Compacted& done);

}  // namespace backstock::cli
