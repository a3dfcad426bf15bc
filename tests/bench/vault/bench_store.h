// The vault under the bench: opened, filled, compacted and read as the daemon does it.
//
// Threads: one at a time. Lifetime: a Store outlives the writers and readers opened with its options.
#pragma once

#include <functional>

#include "base/json.h"
#include "history.h"
#include "sys/posix_fs.h"
#include "vault/compact.h"
#include "vault/vault_reader.h"
#include "vault/vault_writer.h"

namespace backstock::bench {

class Store {
 public:
  explicit Store(const std::string& folder);
  const vault::Options& options() const { return options_; }
  vault::Options& options() { return options_; }

 private:
  sys::PosixFs fs_;
  SystemClock clock_;
  SeededRandom random_{7};
  vault::Options options_;
};

struct Filled {
  std::vector<double> seconds;  // of each day
  double day0_cpu_seconds = 0;
};

// Day by day, each a run with its records, durable at its end.
Result<Filled> fill(Store& store, const History& history);

// The versions of day 0, hashed.
std::vector<vault::VersionMeta> metas_of(const History& history);
// As many of them as some seconds allow into a new vault, each group durable before the next begins: versions per
// second.
Result<double> vault_appends(const std::string& folder, const History& history,
                             const std::vector<vault::VersionMeta>& metas, std::size_t group, double seconds);

// All that is in the vault, ended and compacted as the daemon does it. Its figures: what was done, and in what time.
Result<Json> compact(Store& store, const vault::CompactOptions& how);

// Bytes of what lies in the vault's folder: packs, dictionaries, index.
Result<Json> sizes(const std::string& folder);

// The line of every item as it was at an instant, one type after another.
using TakeLine = std::function<Result<>(std::string_view type, std::string_view id, std::string_view line)>;
Result<> stream_state(const Store& store, std::int64_t at, const TakeLine& take);

}  // namespace backstock::bench
