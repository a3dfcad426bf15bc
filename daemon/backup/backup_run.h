// One backup run of one store: every content type in turn, with a report.
//
// 403 ends its type only; 401, a full disk, damage and cancelling end the run. Everything stored before stays stored. A
// run that was killed is taken up again by the next call for the same types that reads no more than it: types it had
// done are not read again while that is fresh (an hour, a day for those read item by item), and the type it was at goes
// on behind its checkpoint. A cancelled run has ended and is not taken up.
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
