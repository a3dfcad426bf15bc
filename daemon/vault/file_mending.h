// Repair of what stands beside packs: dictionaries, of which there are two files, and blobs. Only for this room.
//
// Threads: one, which holds the writer's lock.
#pragma once

#include <string>

#include "vault/vault_options.h"

namespace backstock::vault {

struct Mended {
  bool left = false;  // nothing could be done
  std::string what;   // what was done, a clause
};

// `file` stands below the vault's folder. With `dry_run` only says what would be done.
Result<Mended> mend_file(const Options& options, const std::string& file, bool dry_run);

}  // namespace backstock::vault
