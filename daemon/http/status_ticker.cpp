#include "http/status_ticker.h"

#include <condition_variable>

#include "base/log.h"
#include "http/api_status.h"
#include "http/gatekeeper.h"
#include "http/worker_pool.h"

namespace backstock::http {
namespace {

using namespace std::chrono_literals;
constexpr auto kLookEvery = 500ms;
constexpr auto kSaveEvery = 60s;

void wait_for(std::chrono::milliseconds span, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any none;
  std::unique_lock lock(mutex);
  none.wait_for(lock, stop, span, [] { return false; });
}

}  // namespace

StatusTicker::StatusTicker(const StatusSource& source, state::Accounts& accounts, EventFeed& events)
    : source_(&source), accounts_(&accounts), events_(&events) {
  thread_ = std::jthread([this](std::stop_token stop) { work(std::move(stop)); });
}

void StatusTicker::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void StatusTicker::work(std::stop_token stop) {
  name_this_thread("http-ticker");
  auto save_at = std::chrono::steady_clock::now() + kSaveEvery;
  while (!stop.stop_requested()) {
    if (events_->wait_for_listeners(stop, save_at)) {
      wait_for(kLookEvery, stop);
      look();
    }
    if (std::chrono::steady_clock::now() < save_at) continue;
    if (auto saved = accounts_->save_use(); !saved) log_warn("state", saved.error().sentence());
    save_at = std::chrono::steady_clock::now() + kSaveEvery;
  }
}

void StatusTicker::look() {
  // The catch-all of this thread: a bug in the status must not end the daemon.
  try {
    offer_status(*source_, *events_);
  } catch (const std::exception& exception) {
    log_error("http", "a bug in the status", {{"why", exception.what()}});
  }
  events_->end_unless([&](const std::string& who) { return still_valid(*accounts_, who).value_or(false); });
}

}  // namespace backstock::http
