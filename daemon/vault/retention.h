// Which versions of an item stay: the rules, and what they say of each version. What is done about it stands elsewhere.
//
// A version stays when any rule keeps it, so that a rule more never removes more. Never removed, whatever the rules
// say: the newest version, the last content of an item that exists, what is pinned, what was captured ahead of the
// clock or while the clock was stepping, and what came before a run that looks wrong and is still new.
//
// Promise: pure; the answer depends on nothing but what is passed in. What is removed at one time is removed at every
// later one, and removing it changes no other answer: pruning daily ends where pruning once ends.
//
// Threads: any. Errors: trusted_now() alone; a clock that makes no sense must not decide what is old.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace backstock::vault {

// All versions younger than `keep_all`; of the older ones the last of each hour, day, week (from Monday), month and
// year, for as many of these as have a version and are newest; and never fewer than `min_versions` with content.
struct RetentionRules {
  using Span = std::optional<std::chrono::milliseconds>;  // nothing: for ever

  Span keep_all = std::nullopt;
  unsigned hourly = 0;
  unsigned daily = 0;
  unsigned weekly = 0;
  unsigned monthly = 0;
  unsigned yearly = 0;
  unsigned min_versions = 2;
  // How long the counts above hold for an item that is gone, since its tombstone. After that keep_all alone does; a pin
  // keeps the last content too, and with nothing left the tombstone stands alone.
  Span deleted = std::nullopt;

  bool operator==(const RetentionRules&) const = default;
};

// Local time minus UTC at an instant: hours, days and years are those of the store.
using LocalOffset = std::function<std::chrono::seconds(TimePoint)>;

// One store's. As it is made it keeps everything.
struct RetentionPolicy {
  RetentionRules fallback;
  std::map<std::string, RetentionRules, std::less<>> by_type;
  std::chrono::milliseconds grace = std::chrono::days(14);  // how long removed versions stay recoverable
  LocalOffset offset_at = [](TimePoint) { return std::chrono::seconds(0); };

  const RetentionRules& of(std::string_view type) const;
  bool keeps_everything() const;
};

struct VersionFacts {
  std::uint32_t number = 0;
  TimePoint at;
  bool gone = false;  // a tombstone
  bool pinned = false;
  bool suspicious = false;  // of a run that failed, was braked, or changed more of a type than is usual
};

// In the order in which they are asked: a version names the first that keeps it.
enum class KeepReason {
  newest,
  pinned,
  ahead_of_clock,  // captured later than now
  clock_stepped,   // captured earlier than its predecessor, or the predecessor of such a one
  suspicious_run,  // at or before a version of a suspicious run that is younger than keep_all and kSuspicionHolds
  young,           // younger than keep_all
  last_content,    // of an item that is gone
  min_versions,    // among the newest; those of suspicious runs do not count against others
  last_of_hour,    // this and the next four: of a suspicious run only where there is no other
  last_of_day,
  last_of_week,
  last_of_month,
  last_of_year,
  tombstone_needed  // without it the content before would seem to live on
};

// In words for people: "the last of its day".
std::string_view to_string(KeepReason reason);

struct Verdict {
  std::uint32_t number = 0;
  std::optional<KeepReason> keep;  // nothing: no rule keeps it
  bool operator==(const Verdict&) const = default;
};

// At the least: a person needs the time to notice what a bad run has done.
inline constexpr std::chrono::days kSuspicionHolds{31};

// One verdict for each version, in the same order. `versions` are all that there are of one item, by rising numbers.
std::vector<Verdict> apply_retention(std::span<const VersionFacts> versions, const RetentionRules& rules,
                                     const LocalOffset& offset_at, TimePoint now);

// What a vault knows of the time. Last is what was written last, whatever time it bears: once a clock has been put
// right and used, its former errors count no more. Leave out what there is not.
struct ClockEvidence {
  TimePoint now;
  std::vector<TimePoint> finished_runs = {};  // when they ended, in the order in which they ran; two months are enough
  std::optional<TimePoint> last_version = std::nullopt;  // its `at`
  std::optional<TimePoint> last_pack = std::nullopt;     // its `created`
  std::optional<TimePoint> last_prune = std::nullopt;
};

// Clocks are put right by seconds every day; that is no step.
inline constexpr std::chrono::minutes kClockSlack{5};
// No schedule leaves out more than a month; a clock that is set wrong easily does.
inline constexpr std::chrono::days kLongestPause{31};

// `now`, unless it is earlier than something that has already happened, or time has jumped: a pause of more than
// kLongestPause before now or between runs, and less than kLongestPause of runs since. Such a jump is a machine that
// was off, or a clock that is wrong; to tell which takes a person, or a month without another.
// Errors: failed, with what to do; --force-clock is a caller's not asking.
Result<TimePoint> trusted_now(const ClockEvidence& evidence);

}  // namespace backstock::vault
