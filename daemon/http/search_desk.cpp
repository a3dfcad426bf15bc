#include "http/search_desk.h"

#include <atomic>
#include <chrono>
#include <condition_variable>

#include "base/json.h"
#include "base/log.h"
#include "http/api_lookup.h"

namespace backstock::http {
namespace {

using namespace std::chrono_literals;
using Ticks = std::chrono::steady_clock;

constexpr std::size_t kMostPending = 256 * 1024;  // bytes; then the search waits for its listener
constexpr auto kTellEvery = 250ms;
constexpr unsigned kThreads = 2;

Json hit_json(const vault::TextHit& hit) {
  return Json{{"type", hit.type},        {"id", hit.id},     {"version", hit.version},
              {"at", time_json(hit.at)}, {"path", hit.path}, {"excerpt", hit.excerpt}};
}

Json end_json(const vault::Searched& done) {
  return Json{{"hits", done.hits},       {"bytes", done.bytes},           {"limited", done.limited},
              {"stopped", done.stopped}, {"unreadable", done.unreadable}, {"findings", done.findings}};
}

}  // namespace

// Shared by the search's threads and its listener.
class SearchDesk::Running {
 public:
  Running(std::string who, std::function<void()> stir, std::function<bool()> may_listen)
      : who_(std::move(who)), stir_(std::move(stir)), may_listen_(std::move(may_listen)) {}

  void search(const vault::Options& options, const vault::TextQuery& query) {
    // The catch-all of this thread: an exception is a bug of ours, which ends this search and never the daemon.
    try {
      const auto done = vault::search_text(
          options, query, kThreads, [this](const vault::TextHit& hit) { tell("hit", hit_json(hit)); },
          [this](const vault::SearchProgress& now) { show(now); }, stop_.get_token());
      if (done)
        tell("end", end_json(*done));
      else if (done.error().kind == ErrorKind::not_found)  // nothing was backed up yet
        tell("end", end_json({}));
      else
        tell("failed", Json{{"why", done.error().message}, {"next", text_or_null(done.error().hint)}});
    } catch (const std::exception& exception) {
      log_error("http", "a bug in the search", {{"why", exception.what()}});
    }
    over_ = true;
    stir_();
  }

  std::shared_ptr<const std::string> take() {
    auto pending = pending_.lock();
    if (pending->empty()) return nullptr;
    auto bytes = std::make_shared<const std::string>(std::move(*pending));
    pending->clear();
    taken_.notify_all();
    return bytes;
  }
  bool has_all() const { return over_ && pending_.lock()->empty(); }
  bool is_over() const { return over_; }
  const std::string& who() const { return who_; }
  void stop() { stop_.request_stop(); }

 private:
  void tell(std::string_view name, const Json& object) {
    {
      auto pending = pending_.lock();
      taken_.wait(pending.lock(), stop_.get_token(), [&] { return pending->size() < kMostPending; });
      // An object is one line, so one data field.
      *pending += "event: " + std::string(name) + "\ndata: " + to_text(object) + "\n\n";
    }
    stir_();
  }

  void show(const vault::SearchProgress& now) {
    if (Ticks::now() - shown_ < kTellEvery) return;
    shown_ = Ticks::now();
    if (!may_listen_()) stop_.request_stop();
    tell("progress", Json{{"done", now.done}, {"total", now.total}, {"hits", now.hits}});
  }

  std::string who_;
  std::function<void()> stir_;
  std::function<bool()> may_listen_;
  std::stop_source stop_;
  std::atomic<bool> over_ = false;
  Ticks::time_point shown_ = Ticks::now();  // by one of the search's threads at a time
  mutable Guarded<std::string> pending_;
  std::condition_variable_any taken_;
};

class SearchDesk::Listener final : public Stream {
 public:
  explicit Listener(std::shared_ptr<Running> running) : running_(std::move(running)) {}
  ~Listener() override { running_->stop(); }
  std::shared_ptr<const std::string> take() override { return running_->take(); }
  bool ended() const override { return running_->has_all(); }

 private:
  std::shared_ptr<Running> running_;
};

std::shared_ptr<Stream> SearchDesk::start(const std::string& who, const vault::Options& options, vault::TextQuery query,
                                          std::function<bool()> may_listen) {
  auto held = held_.lock();
  if (held->running != nullptr && !held->running->is_over()) {
    if (held->running->who() != who) return nullptr;
    held->running->stop();
  }
  if (held->thread.joinable()) held->thread.join();  // at its end, or at the end of a frame
  held->running = std::make_shared<Running>(
      who,
      [this] {
        if (stir_) stir_();
      },
      std::move(may_listen));
  held->thread =
      std::jthread([running = held->running, options, query = std::move(query)] { running->search(options, query); });
  return std::make_shared<Listener>(held->running);
}

void SearchDesk::stop() {
  auto held = held_.lock();
  if (held->running != nullptr) held->running->stop();
  if (held->thread.joinable()) held->thread.join();
}

}  // namespace backstock::http
