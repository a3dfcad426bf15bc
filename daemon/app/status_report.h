// What the page and /api/v1/status show, from the index and the workers.
//
// Threads: any; each call opens its own readers. Lifetime: the workers outlive it.
#pragma once

#include "app/store_worker.h"
#include "http/status_source.h"

namespace backstock::app {

class StatusReport final : public http::StatusSource {
 public:
  StatusReport(std::vector<StoreWorker*> workers, Clock& clock) : workers_(std::move(workers)), clock_(&clock) {}
  Json status() const override;

 private:
  std::vector<StoreWorker*> workers_;
  Clock* clock_;
};

}  // namespace backstock::app
