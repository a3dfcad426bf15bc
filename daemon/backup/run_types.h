// What a backup run is asked to do, tells while it works, and says at the end.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "content/content_type.h"
#include "store_api/usage.h"

namespace backstock::backup {

struct RunRequest {
  std::vector<std::string> types;  // by name; empty: all
  bool full = false;
  std::string origin = "manual";  // who asked: manual, schedule
  bool accept_deletions = false;  // the operator says that a listing which shrank a lot is right
  // Parts that are read only where the config asks for them: "customers.consent".
  std::vector<std::string> extra_parts;
  double deletion_brake = 0.2;  // share of a type's items that may vanish in one listing without that
};

enum class TypeOutcome {
  done,
  failed,     // in part or whole: `message` says so
  forbidden,  // the store refuses this type: a coverage hole
  braked,     // items vanished on a scale that a person must confirm; everything else was kept
  cancelled
};
std::string_view to_string(TypeOutcome outcome);

struct TypeReport {
  std::string type;
  TypeOutcome outcome = TypeOutcome::done;
  bool full = false;      // every item was read, not only those with a newer change date
  bool complete = false;  // the listing was whole, so absence meant something
  std::int64_t started = 0;
  std::int64_t ended = 0;
  std::uint64_t seen = 0;
  std::uint64_t added = 0;
  std::uint64_t changed = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t returned = 0;
  std::uint64_t gone = 0;
  std::uint64_t bytes = 0;             // item JSON read
  std::uint64_t requests = 0;          // sent, retries included
  std::uint64_t requests_minimum = 0;  // computed from the counts, without any trouble
  std::string message;                 // one sentence where the outcome is not done
  std::vector<std::string> problems;   // of single items, in sentences; at most kMaxProblems
  std::uint64_t problem_count = 0;
  // Parts that the token was refused, by this pass or an earlier one which none has made up for.
  std::vector<std::string> closed_parts;
  std::vector<std::string> gaps;  // what the store or the token does not let us read, in sentences; no failure
  // Of types whose parts are swept: up to when sweeps are done, and how many shares of all time that were.
  std::int64_t swept_until = 0;
  std::uint64_t swept_shares = 0;
  std::map<std::string, std::uint64_t> list_rows;  // of lists over all items (metafields), by part; empty: not read
};
inline constexpr std::size_t kMaxProblems = 50;

struct RunReport {
  std::string run;
  std::string kind;  // full, incremental
  std::string store;
  std::int64_t started = 0;
  std::int64_t ended = 0;
  bool resumed = false;
  std::string outcome;  // done, failed, cancelled
  std::string message;  // one sentence where not done
  std::vector<TypeReport> types;

  std::uint64_t versions() const;  // stored by this run, tombstones included
};

Json to_json(const TypeReport& report);
TypeReport type_report_from_json(const Json& json);
Json to_json(const RunReport& report);

// How far a run is. Sent often; whoever shows it decides how often to draw.
struct Progress {
  std::string store;
  std::string run;
  std::string type;             // being done now
  std::string phase;            // "listing", "reading", "confirming deletions"
  std::size_t type_number = 0;  // from 1
  std::size_t type_count = 0;
  std::uint64_t items_done = 0;  // of the type
  std::optional<std::uint64_t> items_total;
  std::uint64_t versions = 0;  // stored in this run
  double items_per_second = 0;
  std::optional<std::int64_t> seconds_left;      // of the type
  std::optional<std::int64_t> seconds_left_all;  // of the run; empty where a type to come was never read before
  std::uint64_t requests = 0;
  store_api::RateState rate;
  std::chrono::milliseconds ticks{};  // when this was true
};

class ProgressSink {
 public:
  virtual ~ProgressSink() = default;
  virtual void show(const Progress& progress) = 0;
};

}  // namespace backstock::backup
