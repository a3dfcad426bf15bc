// What retention would remove, and what would be deleted for good: found before anything is done, and told.
//
// Promise: reads only, and holds one item at a time. A prune right after does what the plan says, but for what came in
// between.
//
// Threads: one; opens its own reader.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "index/connection.h"
#include "vault/prune_facts.h"
#include "vault/removed_packs.h"
#include "vault/retention.h"
#include "vault/vault_options.h"

namespace backstock::vault {

struct PlannedType {
  std::string type;
  std::uint64_t items = 0;
  std::uint64_t versions = 0;
  ByteCount bytes = 0;        // of their lines, as in VersionRow
  std::uint64_t going = 0;    // versions that no rule keeps
  ByteCount going_bytes = 0;  // of their lines
  std::map<KeepReason, std::uint64_t> kept = {};
  std::map<std::uint64_t, ByteCount> going_from = {};  // by pack
};

// Versions that were removed before.
struct PlannedDeletion {
  RemovedPack pack;
  std::optional<TimePoint> due;               // when its grace ends; nothing: its header is damaged
  std::vector<std::uint64_t> waits_for = {};  // once it is due: packs in which its lines may still stand
};

struct PrunePlan {
  TimePoint now;           // what was taken for the time
  std::int64_t ahead = 0;  // see ClockFacts
  std::vector<PlannedType> types;
  std::vector<PlannedDeletion> removed;

  std::uint64_t going() const;
  bool is_due(const PlannedDeletion& deletion) const { return deletion.due && *deletion.due <= now; }
};

// What is in `removed/`, and when it is due.
Result<std::vector<PlannedDeletion>> plan_deletions(index::Connection& connection, const Options& options,
                                                    std::chrono::milliseconds grace, TimePoint now);

struct GoingVersion {
  const std::string& type;
  const std::string& id;
  std::uint32_t version;
  TimePoint at;
  bool gone;
  std::uint32_t bytes;
};
using EachGoing = std::function<void(const GoingVersion& version)>;

// `force_clock`: a person says that the clock is right. Errors: those of trusted_now().
Result<PrunePlan> plan_prune(const Options& options, const RetentionPolicy& policy, bool force_clock,
                             const EachGoing& each = {});
// The same over an open index.
Result<PrunePlan> plan_prune_in(index::Connection& connection, const Options& options, const RetentionPolicy& policy,
                                bool force_clock, const EachGoing& each);

}  // namespace backstock::vault
