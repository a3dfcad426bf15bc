// Turns what a run counts into Progress: rate over the type so far, time left from the rate.
#pragma once

#include "backup/run_types.h"
#include "store_api/store_client.h"

namespace backstock::backup {

class ProgressMeter {
 public:
  // `sink` may be null.
  ProgressMeter(std::string store, std::string run, std::size_t type_count, const store_api::StoreClient& client,
                Clock& clock, ProgressSink* sink);

  void begin_type(std::string_view type);
  void phase(std::string_view name, std::optional<std::uint64_t> total = std::nullopt);
  // Items done since the last call that counts, and versions stored.
  void add(std::uint64_t items, std::uint64_t versions);
  void show();

 private:
  const store_api::StoreClient* client_;
  Clock* clock_;
  ProgressSink* sink_;
  Progress now_;
  std::chrono::milliseconds phase_began_{};
};

}  // namespace backstock::backup
