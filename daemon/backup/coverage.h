// What is covered and what is not, per content type, in words an operator can act on.
//
// Says what the last runs have really seen, and what an incremental run cannot see at all: edits to parts that may not
// move the item's change date, and deletions. `blind_since` is the start of the last pass that would have seen
// everything.
//
// Threads: those of the connection.
#pragma once

#include "base/clock.h"
#include "base/json.h"
#include "index/connection.h"

namespace backstock::backup {

struct TypeCoverage {
  std::string type;
  std::string label;
  std::string state;                        // covered, failing, forbidden, braked, never
  std::optional<std::int64_t> last_good;    // start of the last pass that ended well
  std::optional<std::int64_t> blind_since;  // edits made since then may be unseen by anything until the next full pass
  std::optional<std::int64_t> deletions_known_to;  // start of the last complete listing
  std::string trouble;                             // of the last attempt, one sentence; empty when it went well
  std::vector<std::string> blind_spots;            // what only a full pass sees
  std::vector<std::string> gaps;                   // what no pass sees
};

struct Coverage {
  std::vector<TypeCoverage> types;
  // Over all types: the oldest blind_since. Empty when a type has never been read whole.
  std::optional<std::int64_t> longest_blind_since;
};

Result<Coverage> read_coverage(index::Connection& connection);

Json to_json(const Coverage& coverage, TimePoint now);

}  // namespace backstock::backup
