#include "app/retention_of.h"

namespace backstock::app {
namespace {

vault::RetentionRules rules_of(const config::Retention& written) {
  return {.keep_all = written.keep_all.length,
          .hourly = written.hourly.value,
          .daily = written.daily.value,
          .weekly = written.weekly.value,
          .monthly = written.monthly.value,
          .yearly = written.yearly.value,
          .min_versions = written.min_versions.value,
          .deleted = written.deleted.length};
}

vault::RetentionRules rules_of(const config::TypeRetention& own, const config::Retention& others) {
  config::Retention merged = others;
  merged.keep_all = own.keep_all.value_or(others.keep_all);
  merged.hourly = own.hourly.value_or(others.hourly);
  merged.daily = own.daily.value_or(others.daily);
  merged.weekly = own.weekly.value_or(others.weekly);
  merged.monthly = own.monthly.value_or(others.monthly);
  merged.yearly = own.yearly.value_or(others.yearly);
  merged.min_versions = own.min_versions.value_or(others.min_versions);
  merged.deleted = own.deleted.value_or(others.deleted);
  return rules_of(merged);
}

}  // namespace

vault::RetentionPolicy retention_of(const config::Config& config, const config::Store& store) {
  vault::RetentionPolicy policy;
  policy.offset_at = [zone = store.timezone](TimePoint t) { return zone.offset_at(t); };
  const std::optional<config::Retention>& written = store.retention ? store.retention : config.retention;
  if (!written) return policy;
  policy.fallback = rules_of(*written);
  for (const auto& [type, own] : written->types) policy.by_type[type] = rules_of(own, *written);
  policy.grace = written->grace.length.value();  // the config refuses one for ever
  return policy;
}

}  // namespace backstock::app
