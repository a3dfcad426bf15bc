// What the page and /api/v1/status show, from the index and the workers. The form: http/API.md.
//
// Threads: any; each call opens its own readers. Lifetime: the workers outlive it.
#pragma once

#include "app/store_worker.h"
#include "backup/store_status.h"
#include "http/status_source.h"

namespace backstock::app {

// What a worker is at.
struct WorkerState {
  std::optional<backup::Progress> progress;
  std::size_t waiting = 0;
  std::optional<Error> trouble;                 // its vault cannot be written to
  std::optional<int> rebuilding;                // percent, while its index is made again
  std::chrono::milliseconds ticks{};            // now
  TimePoint now = {};                           // now, on the calendar
  std::optional<Error> retention_trouble = {};  // why no version is removed
};

// One store of the answer. Without a status (its vault cannot be read) it still has its name, its reason and zeros.
Json store_json(const std::string& name, const std::string& store_hash, const Result<backup::StoreStatus>& status,
                const WorkerState& worker);

class StatusReport final : public http::StatusSource {
 public:
  StatusReport(std::vector<StoreWorker*> workers, Clock& clock) : workers_(std::move(workers)), clock_(&clock) {}
  Json status() const override;

 private:
  std::vector<StoreWorker*> workers_;
  Clock* clock_;
};

}  // namespace backstock::app
