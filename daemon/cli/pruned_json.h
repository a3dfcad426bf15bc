// What retention would remove, removed or put back, as JSON: answers of the daemon, and of `backstock prune --json`.
//
// Threads: pure.
#pragma once

#include "base/json.h"
#include "index/pin_rows.h"
#include "vault/prune.h"

namespace backstock::cli {

Json to_json(const vault::PrunePlan& plan);
Json to_json(const vault::Pruned& done);
Json to_json(const vault::Unpruned& done);
Json to_json(const index::PinRow& pin);

}  // namespace backstock::cli
