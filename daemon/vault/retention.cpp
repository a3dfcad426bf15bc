#include "vault/retention.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <limits>

namespace backstock::vault {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::milliseconds;
using Facts = std::span<const VersionFacts>;

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

// Younger than the span. One that is for ever has no end, and what lies ahead of now is young in any.
bool within(TimePoint at, const RetentionRules::Span& span, TimePoint now) { return !span || now - at < *span; }

// Where an instant stands in the store's calendar. Later ones have higher numbers.
struct Place {
  std::int64_t hour;
  std::int64_t day;
  std::int64_t week;
  std::int64_t month;
  std::int64_t year;
};

Place place_of(TimePoint at, const LocalOffset& offset_at) {
  const std::chrono::seconds offset = offset_at(at);
  const TimePoint local = at + offset;
  const auto day = floor<days>(local);
  const std::chrono::year_month_day date(day);
  const std::int64_t year = static_cast<int>(date.year());
  return {// By the instant it begins at: an hour that comes twice when clocks are turned back is two.
          .hour = to_ms(floor<hours>(local) - offset),
          .day = day.time_since_epoch().count(),
          .week = floor<std::chrono::weeks>(day - std::chrono::sys_days(days(4))).count(),  // the 5th was a Monday
          .month = year * 12 + static_cast<unsigned>(date.month()),
          .year = year};
}

struct Bucket {
  std::int64_t Place::*where;
  unsigned RetentionRules::*count;
  KeepReason reason;
};

constexpr Bucket kBuckets[] = {{&Place::hour, &RetentionRules::hourly, KeepReason::last_of_hour},
                               {&Place::day, &RetentionRules::daily, KeepReason::last_of_day},
                               {&Place::week, &RetentionRules::weekly, KeepReason::last_of_week},
                               {&Place::month, &RetentionRules::monthly, KeepReason::last_of_month},
                               {&Place::year, &RetentionRules::yearly, KeepReason::last_of_year}};

class Decision {
 public:
  Decision(Facts versions, const RetentionRules& rules, const LocalOffset& offset_at, TimePoint now)
      : versions_(versions), rules_(rules), offset_at_(offset_at), now_(now), latest_(versions.size()) {
    for (const VersionFacts& version : versions) verdicts_.push_back({version.number, std::nullopt});
  }

  std::vector<Verdict> take() {
    if (versions_.empty()) return {};
    keep(versions_.size() - 1, KeepReason::newest);
    keep_if([&](std::size_t i) { return versions_[i].pinned; }, KeepReason::pinned);
    keep_if([&](std::size_t i) { return versions_[i].at > now_; }, KeepReason::ahead_of_clock);
    keep_clock_steps();
    keep_before_suspicious_runs();
    keep_if([&](std::size_t i) { return within(versions_[i].at, rules_.keep_all, now_); }, KeepReason::young);
    if (long_gone()) {
      // What the item is known by does not change while any of its contents is left.
      if (keeps_content()) keep_last_content();
    } else {
      keep_last_content();
      keep_newest(rules_.min_versions);
      keep_buckets();
    }
    keep_tombstones();
    return std::move(verdicts_);
  }

 private:
  bool kept(std::size_t i) const { return verdicts_[i].keep.has_value(); }
  void keep(std::size_t i, KeepReason reason) {
    if (!kept(i)) verdicts_[i].keep = reason;
  }
  template <class Test>
  void keep_if(Test test, KeepReason reason) {
    for (std::size_t i = 0; i < versions_.size(); ++i)
      if (test(i)) keep(i, reason);
  }

  // Numbers rise with time, so a version that is earlier than one before it has a time that is not true, or that one
  // has. Both stay: with the one gone, the other would look like any version the next time.
  void keep_clock_steps() {
    stepped_.assign(versions_.size(), false);
    std::size_t latest = 0;
    for (std::size_t i = 0; i < versions_.size(); ++i) {
      if (versions_[i].at < versions_[latest].at)
        stepped_[i] = stepped_[latest] = true;
      else
        latest = i;
      latest_[i] = versions_[latest].at;
    }
    keep_if([&](std::size_t i) { return stepped_[i]; }, KeepReason::clock_stepped);
  }

  // The suspicious version too: with it gone, so would be the reason to keep the others.
  void keep_before_suspicious_runs() {
    RetentionRules::Span hold = rules_.keep_all;
    if (hold) hold = std::max<milliseconds>(*hold, kSuspicionHolds);
    bool held = false;
    for (std::size_t i = versions_.size(); i-- > 0;) {
      // Its own time may be a step back by years.
      held = held || (versions_[i].suspicious && within(latest_[i], hold, now_));
      if (held) keep(i, KeepReason::suspicious_run);
    }
  }

  // A tombstone whose time is in doubt counts from never.
  bool long_gone() const {
    const VersionFacts& newest = versions_.back();
    return newest.gone && !stepped_.back() && !within(newest.at, rules_.deleted, now_);
  }

  bool keeps_content() const {
    for (std::size_t i = 0; i < versions_.size(); ++i)
      if (kept(i) && !versions_[i].gone) return true;
    return false;
  }

  void keep_last_content() {
    for (std::size_t i = versions_.size(); i-- > 0;)
      if (!versions_[i].gone) return keep(i, KeepReason::last_content);
  }

  void keep_newest(unsigned count) {
    unsigned all = 0;
    unsigned sound = 0;
    for (std::size_t i = versions_.size(); i-- > 0 && sound < count;) {
      if (versions_[i].gone) continue;
      if (all < count || !versions_[i].suspicious) keep(i, KeepReason::min_versions);
      ++all;
      if (!versions_[i].suspicious) ++sound;
    }
  }

  void keep_buckets() {
    if (std::none_of(std::begin(kBuckets), std::end(kBuckets), [&](const Bucket& b) { return rules_.*b.count > 0; }))
      return;
    // What stays for its time takes no place from what is older, and what has no true time stands in no hour or day.
    std::vector<std::size_t> old;
    std::vector<Place> places;
    for (std::size_t i = 0; i < versions_.size(); ++i) {
      const VersionFacts& version = versions_[i];
      if (version.gone || stepped_[i] || within(version.at, rules_.keep_all, now_)) continue;
      old.push_back(i);
      places.push_back(place_of(version.at, offset_at_));
    }
    for (const Bucket& bucket : kBuckets) {
      std::map<std::int64_t, std::size_t, std::greater<>> last;
      for (std::size_t k = 0; k < old.size(); ++k) {
        std::size_t& chosen = last.try_emplace(places[k].*bucket.where, kNone).first->second;
        if (chosen == kNone || versions_[chosen].suspicious || !versions_[old[k]].suspicious) chosen = old[k];
      }
      unsigned left = rules_.*bucket.count;
      for (auto at = last.begin(); at != last.end() && left > 0; ++at, --left) keep(at->second, bucket.reason);
    }
  }

  void keep_tombstones() {
    bool content = false;
    for (std::size_t i = 0; i < versions_.size(); ++i) {
      if (versions_[i].gone && content) keep(i, KeepReason::tombstone_needed);
      if (kept(i)) content = !versions_[i].gone;
    }
  }

  Facts versions_;
  const RetentionRules& rules_;
  const LocalOffset& offset_at_;
  TimePoint now_;
  std::vector<bool> stepped_;
  std::vector<TimePoint> latest_;  // of each version and all before it
  std::vector<Verdict> verdicts_;
};

Error behind(TimePoint now, const char* what, TimePoint at) {
  return make_error(ErrorKind::failed,
                    fmt::format("the clock says {}, but {} at {}", format_rfc3339(now), what, format_rfc3339(at)),
                    "nothing is removed by a clock that may be wrong: set it right (timedatectl shows it), or repeat "
                    "with --force-clock if it is right now");
}

Error jumped(TimePoint now, TimePoint from, TimePoint to) {
  return make_error(
      ErrorKind::failed,
      fmt::format("the clock says {}, and there was no run for {} days, from {} to {}", format_rfc3339(now),
                  floor<days>(to - from).count(), format_rfc3339(from), to == now ? "now" : format_rfc3339(to)),
      fmt::format("nothing is removed by a clock that may have jumped: if it is right, repeat with "
                  "--force-clock, or wait until runs have gone on for {} days",
                  kLongestPause.count()));
}

}  // namespace

const RetentionRules& RetentionPolicy::of(std::string_view type) const {
  const auto own = by_type.find(type);
  return own == by_type.end() ? fallback : own->second;
}

bool RetentionPolicy::keeps_everything() const {
  return !fallback.keep_all &&
         std::none_of(by_type.begin(), by_type.end(), [](const auto& own) { return own.second.keep_all.has_value(); });
}

std::string_view to_string(KeepReason reason) {
  switch (reason) {
    case KeepReason::newest:
      return "the newest version";
    case KeepReason::pinned:
      return "pinned";
    case KeepReason::ahead_of_clock:
      return "captured later than the clock says now";
    case KeepReason::clock_stepped:
      return "captured while the clock was stepping";
    case KeepReason::suspicious_run:
      return "a run that looks wrong came with it or after it";
    case KeepReason::young:
      return "younger than keep_all";
    case KeepReason::last_content:
      return "the last content of a deleted item";
    case KeepReason::min_versions:
      return "one of min_versions";
    case KeepReason::last_of_hour:
      return "the last of its hour";
    case KeepReason::last_of_day:
      return "the last of its day";
    case KeepReason::last_of_week:
      return "the last of its week";
    case KeepReason::last_of_month:
      return "the last of its month";
    case KeepReason::last_of_year:
      return "the last of its year";
    case KeepReason::tombstone_needed:
      return "tells that the version before it was deleted";
  }
  return "";
}

std::vector<Verdict> apply_retention(std::span<const VersionFacts> versions, const RetentionRules& rules,
                                     const LocalOffset& offset_at, TimePoint now) {
  assert(std::is_sorted(versions.begin(), versions.end(),
                        [](const auto& a, const auto& b) { return a.number < b.number; }));
  return Decision(versions, rules, offset_at, now).take();
}

Result<TimePoint> trusted_now(const ClockEvidence& evidence) {
  const TimePoint now = evidence.now;
  const auto ahead = [&](const std::optional<TimePoint>& at) { return at && *at > now + kClockSlack; };
  std::vector<TimePoint> ends = evidence.finished_runs;
  if (ahead(evidence.last_version)) return behind(now, "the last version was captured", *evidence.last_version);
  if (ahead(evidence.last_pack)) return behind(now, "the last pack was begun", *evidence.last_pack);
  if (ahead(evidence.last_prune)) return behind(now, "versions were last removed", *evidence.last_prune);
  if (!ends.empty() && ahead(ends.back())) return behind(now, "the last run ended", ends.back());

  // A vault whose first run has not ended has versions all the same.
  if (ends.empty() && evidence.last_version) ends.push_back(*evidence.last_version);
  ends.push_back(now);
  for (std::size_t i = ends.size() - 1; i > 0; --i) {
    const bool recent = ends[i] <= now && now - ends[i] < kLongestPause;
    if (recent && ends[i] - ends[i - 1] > kLongestPause) return jumped(now, ends[i - 1], ends[i]);
  }
  return now;
}

}  // namespace backstock::vault
