// Turns what a run counts into Progress: rate, and the time that is left, as truthfully as it can be known.
//
// Where items whose parts must be read stand among items that are there already, the two are counted apart: after a
// resumed first load, a rate that averages both would promise hours too few. And never is less promised than the share
// of the store's quota allows.
#pragma once

#include "backup/run_types.h"
#include "store_api/store_client.h"

namespace backstock::backup {

class ProgressMeter {
 public:
  // `sink` may be null.
  ProgressMeter(std::string store, std::string run, std::size_t type_count, const store_api::StoreClient& client,
                Clock& clock, ProgressSink* sink);

  // How long the types will take that come after this one, from earlier runs; empty where that is not known.
  void begin_type(std::string_view type, std::optional<std::int64_t> seconds_after);
  // `known` of the total are stored already, and probably need no more than a look.
  void phase(std::string_view name, std::optional<std::uint64_t> total = std::nullopt, std::uint64_t known = 0);
  void total(std::optional<std::uint64_t> items);
  // Items done since the last call that counts, versions stored, and how many of the items needed no more than a look.
  void add(std::uint64_t items, std::uint64_t versions, std::uint64_t looks = 0);
  void show();

 private:
  std::optional<std::int64_t> seconds_left(std::chrono::milliseconds spent, const store_api::RateState& rate) const;

  const store_api::StoreClient* client_;
  Clock* clock_;
  ProgressSink* sink_;
  Progress now_;
  std::optional<std::int64_t> seconds_after_;
  // Of the phase.
  std::chrono::milliseconds began_{};
  std::chrono::milliseconds last_add_{};
  std::chrono::milliseconds reading_{};  // spent on items that were read
  std::uint64_t requests_before_ = 0;
  std::uint64_t known_ = 0;
  std::uint64_t looks_ = 0;
};

}  // namespace backstock::backup
