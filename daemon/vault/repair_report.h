// The text that lies beside damaged files: what became of them. Only for this room.
//
// Threads: pure.
#pragma once

#include <string>
#include <vector>

#include "vault/pack_rescue.h"
#include "vault/repair.h"

namespace backstock::vault {

// "products 123 version 4"
std::string name_of(const LostVersion& lost);

// All lost versions are named, however many there are.
std::string repair_report(const Options& options, const Repaired& done, const std::vector<LostVersion>& lost);

}  // namespace backstock::vault
