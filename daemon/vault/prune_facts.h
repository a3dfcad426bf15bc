// What the rules of retention.h are to be asked with, from the index and the packs. Only for this room.
//
// Threads: those of the connection.
#pragma once

#include <map>
#include <set>
#include <span>

#include "index/item_scans.h"
#include "vault/retention.h"
#include "vault/vault_options.h"

namespace backstock::vault {

// More changes than this by one run to items that were known before look like an import gone wrong: this share of the
// type's items, and so many.
inline constexpr double kUnusualShare = 0.2;
inline constexpr std::uint64_t kUnusualChanges = 20;

struct ClockFacts {
  ClockEvidence evidence;
  std::int64_t ahead = 0;  // the latest instant known that lies ahead of now; 0: none
};

// A prune with --force-clock settles what was known then: runs before it are not asked again, nor is what lay ahead.
Result<ClockFacts> read_clock_facts(const Options& options, index::Connection& connection);

class PruneFacts {
 public:
  static Result<PruneFacts> read(index::Connection& connection);

  // Of all versions of one item.
  std::vector<VersionFacts> of(const std::string& type, std::span<const index::ScannedVersion> item) const;
  bool is_suspicious(const std::string& type, const std::string& run) const;

 private:
  std::map<std::pair<std::string, std::string>, std::set<std::uint32_t>> pins_;  // by type and id
  std::set<std::pair<std::string, std::string>> bad_;                            // run and type
  std::map<std::string, std::set<std::string>, std::less<>> open_;               // see index::DoubtfulRuns
};

}  // namespace backstock::vault
