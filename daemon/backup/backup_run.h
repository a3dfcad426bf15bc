// One backup run of one store: every content type in turn, with a report.
//
// 403 ends its type only; 401, a full disk, damage and cancelling end the run. Everything stored before stays stored. A
// run that was killed is taken up again by the next call with the same request: types already done are not read again,
// and the type it was at goes on behind its checkpoint.
// The report says what happened even when the run failed; only a vault that cannot be written gives an Error instead.
//
// Threads: one at a time per vault. Lifetime: everything given outlives the call.
#pragma once

#include <functional>
#include <stop_token>

#include "backup/run_types.h"
#include "base/random.h"
#include "store_api/store_client.h"
#include "vault/vault_writer.h"

namespace backstock::backup {

struct RunParts {
  store_api::StoreClient& client;
  vault::VaultWriter& vault;
  Clock& clock;
  Random& random;
  ProgressSink* progress = nullptr;
  // True when `stop` means that the program ends, not that somebody cancelled: the run then stays unfinished, to be
  // taken up again. Without it every stop is a cancel.
  std::function<bool()> leaving = nullptr;
};

Result<RunReport> run_backup(const RunRequest& request, RunParts parts, std::stop_token stop);

}  // namespace backstock::backup
