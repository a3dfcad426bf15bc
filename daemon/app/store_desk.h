// What the API may ask of the stores' workers.
//
// Threads: any. Lifetime: the workers outlive it.
#pragma once

#include "app/store_worker.h"
#include "http/store_door.h"

namespace backstock::app {

class StoreDesk final : public http::StoreDoor {
 public:
  // More runs than this wait for nobody: whoever asks again gets no more of them.
  static constexpr std::size_t kMostWaiting = 8;

  explicit StoreDesk(std::vector<StoreWorker*> workers);

  const std::vector<Store>& stores() const override { return stores_; }
  Work work(const std::string& store) const override;
  Result<std::size_t> submit(const std::string& store, backup::RunRequest request) override;
  Result<> cancel(const std::string& store) override;

 private:
  StoreWorker* find(const std::string& store) const;

  std::vector<StoreWorker*> workers_;
  std::vector<Store> stores_;
};

}  // namespace backstock::app
