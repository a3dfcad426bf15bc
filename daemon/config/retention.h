// Which versions are kept, as it is written: app/ makes the vault's rules of it.
//
// Promise: checked, as all of the config. A store's own `retention` stands alone; nothing of the top level's is mixed
// into it. A content type's block below `types` overrides the single keys that it names.
//
// Threads: values.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "config/field.h"

namespace backstock::config {

// A length of time: 12h, 90d, 8w, 10y (a year of 366 days: never a day short), or forever.
struct Span {
  std::optional<std::chrono::hours> length;  // nothing: forever
  std::string text = "forever";              // as written

  static Span of_days(int days) { return {std::chrono::days(days), std::to_string(days) + "d"}; }
  bool operator==(const Span&) const = default;
};

// How many; digits alone.
struct Count {
  unsigned value = 0;
  bool operator==(const Count&) const = default;
};

// Fill `into` when there is nothing to complain about.
std::optional<Complaint> parse_span(const std::string& text, Span& into);
std::optional<Complaint> parse_count(const std::string& text, Count& into);
std::optional<Complaint> check_grace(const Span& grace);          // not forever
std::optional<Complaint> check_min_versions(const Count& count);  // at least 1
std::optional<Complaint> check_own_min_versions(const std::optional<Count>& count);

// What one content type has of its own.
struct TypeRetention {
  std::optional<Span> keep_all;
  std::optional<Count> hourly;
  std::optional<Count> daily;
  std::optional<Count> weekly;
  std::optional<Count> monthly;
  std::optional<Count> yearly;
  std::optional<Count> min_versions;
  std::optional<Span> deleted;

  static constexpr auto fields() {
    return std::tuple(field("keep_all", &TypeRetention::keep_all), field("hourly", &TypeRetention::hourly),
                      field("daily", &TypeRetention::daily), field("weekly", &TypeRetention::weekly),
                      field("monthly", &TypeRetention::monthly), field("yearly", &TypeRetention::yearly),
                      field("min_versions", &TypeRetention::min_versions, Need::optional, check_own_min_versions),
                      field("deleted", &TypeRetention::deleted));
  }
};

struct Retention {
  using Types = std::map<std::string, TypeRetention, std::less<>>;

  Span keep_all;  // must be written: who names counts alone would not expect that they thin out nothing, or everything
  Count hourly;
  Count daily;
  Count weekly;
  Count monthly;
  Count yearly;
  Count min_versions{2};
  Span deleted;
  Span grace = Span::of_days(14);
  Types types;

  static constexpr auto fields() {
    return std::tuple(field("keep_all", &Retention::keep_all, Need::required), field("hourly", &Retention::hourly),
                      field("daily", &Retention::daily), field("weekly", &Retention::weekly),
                      field("monthly", &Retention::monthly), field("yearly", &Retention::yearly),
                      field("min_versions", &Retention::min_versions, Need::optional, check_min_versions),
                      field("deleted", &Retention::deleted),
                      field("grace", &Retention::grace, Need::optional, check_grace),
                      field("types", &Retention::types));
  }
};

}  // namespace backstock::config
