#include "http/event_feed.h"

namespace backstock::http {

class EventFeed::Listener final : public Stream {
 public:
  Listener(EventFeed& feed, std::string who) : feed_(&feed), who_(std::move(who)) {}
  std::shared_ptr<const std::string> take() override {
    auto held = feed_->held_.lock();
    if (seen_ == held->number) return nullptr;
    seen_ = held->number;
    return held->newest;
  }
  bool ended() const override { return ended_; }
  void end() { ended_ = true; }
  const std::string& who() const { return who_; }

 private:
  EventFeed* feed_;
  std::string who_;
  std::uint64_t seen_ = 0;  // the gate's thread
  std::atomic<bool> ended_ = false;
};

void EventFeed::offer(std::string_view name, const Json& object, std::string_view key) {
  {
    auto held = held_.lock();
    if (held->newest != nullptr && held->key == key) return;
    // An object is one line, so one data field.
    held->newest =
        std::make_shared<const std::string>("event: " + std::string(name) + "\ndata: " + to_text(object) + "\n\n");
    held->key = key;
    ++held->number;
  }
  stir();
}

std::shared_ptr<Stream> EventFeed::listen(const std::string& who) {
  auto held = held_.lock();
  held->listeners.remove_if([](const auto& listener) { return listener.expired(); });
  if (held->listeners.size() >= kMostListeners) return nullptr;
  auto listener = std::make_shared<Listener>(*this, who);
  held->listeners.push_back(listener);
  changed_.notify_all();
  return listener;
}

void EventFeed::end_unless(const std::function<bool(const std::string& who)>& may_listen) {
  std::list<std::shared_ptr<Listener>> all;
  {
    auto held = held_.lock();
    for (const auto& listener : held->listeners) {
      if (auto alive = listener.lock()) all.push_back(std::move(alive));
    }
  }
  bool any = false;
  for (const auto& listener : all) {
    if (may_listen(listener->who())) continue;
    listener->end();
    any = true;
  }
  if (any) stir();
}

bool EventFeed::wait_for_listeners(std::stop_token stop, std::chrono::steady_clock::time_point until) {
  auto held = held_.lock();
  return changed_.wait_until(held.lock(), stop, until, [&] {
    held->listeners.remove_if([](const auto& listener) { return listener.expired(); });
    return !held->listeners.empty();
  });
}

}  // namespace backstock::http
