#include "backup/progress_meter.h"

namespace backstock::backup {

ProgressMeter::ProgressMeter(std::string store, std::string run, std::size_t type_count,
                             const store_api::StoreClient& client, Clock& clock, ProgressSink* sink)
    : client_(&client), clock_(&clock), sink_(sink) {
  now_.store = std::move(store);
  now_.run = std::move(run);
  now_.type_count = type_count;
}

void ProgressMeter::begin_type(std::string_view type) {
  now_.type = type;
  ++now_.type_number;
  phase("listing");
}

void ProgressMeter::phase(std::string_view name, std::optional<std::uint64_t> total) {
  now_.phase = name;
  now_.items_done = 0;
  now_.items_total = total;
  phase_began_ = clock_->ticks();
  show();
}

void ProgressMeter::add(std::uint64_t items, std::uint64_t versions) {
  now_.items_done += items;
  now_.versions += versions;
  show();
}

void ProgressMeter::show() {
  if (sink_ == nullptr) return;
  now_.ticks = clock_->ticks();
  const store_api::Usage usage = client_->usage();
  now_.requests = usage.all.requests;
  now_.rate = usage.rate;
  const auto spent = now_.ticks - phase_began_;
  now_.items_per_second =
      spent.count() > 0 ? static_cast<double>(now_.items_done) * 1000.0 / static_cast<double>(spent.count()) : 0;
  now_.seconds_left.reset();
  if (now_.items_total && now_.items_done > 0 && *now_.items_total >= now_.items_done) {
    now_.seconds_left =
        static_cast<std::int64_t>(static_cast<double>(*now_.items_total - now_.items_done) *
                                  static_cast<double>(spent.count()) / static_cast<double>(now_.items_done) / 1000.0);
  }
  sink_->show(now_);
}

}  // namespace backstock::backup
