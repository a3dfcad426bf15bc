#include "app/store_desk.h"

namespace backstock::app {
namespace {

Error no_store() { return make_error(ErrorKind::not_found, "there is no store of that name"); }

}  // namespace

StoreDesk::StoreDesk(std::vector<StoreWorker*> workers) : workers_(std::move(workers)) {
  for (const StoreWorker* worker : workers_) stores_.push_back({worker->setup().name, worker->setup().vault});
}

StoreWorker* StoreDesk::find(const std::string& store) const {
  for (StoreWorker* worker : workers_)
    if (worker->setup().name == store) return worker;
  return nullptr;
}

http::StoreDoor::Work StoreDesk::work(const std::string& store) const {
  const StoreWorker* worker = find(store);
  if (worker == nullptr) return {};
  const auto progress = worker->progress();
  return {progress ? std::optional(progress->type) : std::nullopt, worker->waiting()};
}

Result<std::size_t> StoreDesk::submit(const std::string& store, backup::RunRequest request) {
  StoreWorker* worker = find(store);
  if (worker == nullptr) return no_store();
  if (worker->waiting() >= kMostWaiting)
    return make_error(ErrorKind::conflict, "eight backups of this store wait already", "let these be done first");
  worker->submit(std::move(request));
  return worker->waiting();
}

Result<> StoreDesk::cancel(const std::string& store) {
  StoreWorker* worker = find(store);
  if (worker == nullptr) return no_store();
  if (!worker->cancel_all()) return make_error(ErrorKind::conflict, "no backup of this store runs or waits");
  return {};
}

}  // namespace backstock::app
