#include "backup/progress_meter.h"

#include <algorithm>

namespace backstock::backup {

ProgressMeter::ProgressMeter(std::string store, std::string run, std::size_t type_count,
                             const store_api::StoreClient& client, Clock& clock, ProgressSink* sink)
    : client_(&client), clock_(&clock), sink_(sink) {
  now_.store = std::move(store);
  now_.run = std::move(run);
  now_.type_count = type_count;
}

void ProgressMeter::begin_type(std::string_view type, std::optional<std::int64_t> seconds_after) {
  now_.type = type;
  ++now_.type_number;
  seconds_after_ = seconds_after;
  phase("listing");
}

void ProgressMeter::phase(std::string_view name, std::optional<std::uint64_t> total, std::uint64_t known) {
  now_.phase = name;
  now_.items_done = 0;
  now_.items_total = total;
  known_ = known;
  looks_ = 0;
  began_ = clock_->ticks();
  last_add_ = began_;
  reading_ = {};
  requests_before_ = client_->usage().all.requests;
  show();
}

void ProgressMeter::total(std::optional<std::uint64_t> items) {
  if (items) now_.items_total = items;
}

void ProgressMeter::add(std::uint64_t items, std::uint64_t versions, std::uint64_t looks) {
  const auto ticks = clock_->ticks();
  if (looks < items) reading_ += ticks - last_add_;
  last_add_ = ticks;
  now_.items_done += items;
  now_.versions += versions;
  looks_ += looks;
  show();
}

std::optional<std::int64_t> ProgressMeter::seconds_left(std::chrono::milliseconds spent,
                                                        const store_api::RateState& rate) const {
  if (!now_.items_total || now_.items_done == 0 || *now_.items_total < now_.items_done) return std::nullopt;
  const auto left = static_cast<double>(*now_.items_total - now_.items_done);
  const auto done = static_cast<double>(now_.items_done);
  const auto looks = static_cast<double>(looks_);
  const double read = done - looks;
  // Items that were stored before this phase and have not come by yet; of these, as many must be read as of those that
  // have.
  const double known_left = std::min(left, std::max(0.0, static_cast<double>(known_) - looks));
  const double seen_known = std::min(static_cast<double>(known_), done);
  const double changed = seen_known > 0 ? std::max(0.0, seen_known - looks) / seen_known : 0;
  const double to_read = left - known_left + known_left * changed;
  const auto requests = static_cast<double>(now_.requests - requests_before_);
  double per_read = read > 0 ? static_cast<double>(reading_.count()) / read : 0;
  if (rate.our_part > 0 && read > 0) {
    const double floor =
        requests / read * static_cast<double>(rate.window.count()) / static_cast<double>(rate.our_part);
    per_read = std::max(per_read, floor);
  }
  const double per_look = looks > 0 ? static_cast<double>((spent - reading_).count()) / looks : 0;
  if (read == 0 && to_read >= 1) return std::nullopt;  // nothing is known of what is to come
  return static_cast<std::int64_t>((to_read * per_read + (left - to_read) * per_look) / 1000.0);
}

void ProgressMeter::show() {
  if (sink_ == nullptr) return;
  now_.ticks = clock_->ticks();
  const store_api::Usage usage = client_->usage();
  now_.requests = usage.all.requests;
  now_.rate = usage.rate;
  const auto spent = now_.ticks - began_;
  now_.items_per_second =
      spent.count() > 0 ? static_cast<double>(now_.items_done) * 1000.0 / static_cast<double>(spent.count()) : 0;
  now_.seconds_left = seconds_left(spent, usage.rate);
  now_.seconds_left_all.reset();
  if (now_.seconds_left && seconds_after_) now_.seconds_left_all = *now_.seconds_left + *seconds_after_;
  sink_->show(now_);
}

}  // namespace backstock::backup
