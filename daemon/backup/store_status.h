// How one store's backup stands: counts, size, runs. For `backstock status` and the page.
//
// Threads: those of the reader.
#pragma once

#include "base/json.h"
#include "vault/vault_reader.h"

namespace backstock::backup {

struct StoreStatus {
  std::string name;
  std::string store_hash;
  bool has_backup = false;
  std::vector<index::TypeCount> types;
  std::vector<index::RunRow> runs;  // newest first
  vault::DiskUse disk;
};

// A store without a vault is no error: has_backup is false.
Result<StoreStatus> read_status(std::string name, const vault::Options& options);

// One sentence: is this store backed up?
std::string verdict(const StoreStatus& status, TimePoint now);

Json to_json(const StoreStatus& status, TimePoint now);

// "3 minutes ago", "2 days ago".
std::string describe_age(std::int64_t at, TimePoint now);

}  // namespace backstock::backup
