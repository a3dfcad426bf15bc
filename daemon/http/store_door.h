// The stores that the daemon works for, as the API sees them; app/ implements it.
//
// Threads: called from several http workers at once; answers from memory.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backup/run_types.h"
#include "vault/vault_options.h"

namespace backstock::http {

class StoreDoor {
 public:
  struct Store {
    std::string name;
    vault::Options vault;
  };
  struct Work {
    std::optional<std::string> type;  // the content type being backed up now
    std::size_t waiting = 0;          // runs asked for that have not begun
  };
  virtual ~StoreDoor() = default;

  // In the order of the configuration; fixed while the daemon runs.
  virtual const std::vector<Store>& stores() const = 0;
  virtual Work work(const std::string& store) const = 0;
  // Queues a run behind what runs and waits; gives how many wait now. conflict when too many do.
  virtual Result<std::size_t> submit(const std::string& store, backup::RunRequest request) = 0;
  // Ends the run being done and drops those that wait. conflict when there is neither.
  virtual Result<> cancel(const std::string& store) = 0;
};

}  // namespace backstock::http
