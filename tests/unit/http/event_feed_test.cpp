#include "http/event_feed.h"

#include <catch2/catch.hpp>
#include <thread>

using namespace backstock;
using namespace std::chrono_literals;

namespace {

bool anybody(http::EventFeed& feed) {
  return feed.wait_for_listeners(std::stop_token(), std::chrono::steady_clock::now());
}

}  // namespace

TEST_CASE("a listener gets the newest event once, whatever lay before it") {
  http::EventFeed feed;
  feed.offer("status", Json{{"n", 1}}, "1");
  feed.offer("status", Json{{"n", 2}}, "2");
  const auto listener = feed.listen("session a");
  REQUIRE(listener);
  CHECK(*listener->take() == "event: status\ndata: {\"n\":2}\n\n");
  CHECK(listener->take() == nullptr);
  feed.offer("status", Json{{"n", 3}}, "3");
  feed.offer("status", Json{{"n", 4}}, "4");
  CHECK(*listener->take() == "event: status\ndata: {\"n\":4}\n\n");
  CHECK(listener->take() == nullptr);
}

TEST_CASE("an event of the same key is no event, and a change stirs the gate") {
  http::EventFeed feed;
  int stirred = 0;
  feed.on_change([&] { ++stirred; });
  const auto listener = feed.listen("session a");
  CHECK(listener->take() == nullptr);
  feed.offer("status", Json{{"now", 1}}, "same");
  feed.offer("status", Json{{"now", 2}}, "same");
  CHECK(stirred == 1);
  CHECK(*listener->take() == "event: status\ndata: {\"now\":1}\n\n");
  CHECK(listener->take() == nullptr);
}

TEST_CASE("a line break in an event's text cannot end its line") {
  http::EventFeed feed;
  feed.offer("status", Json{{"text", "a\n\ndata: b\r"}}, "1");
  const std::string event = *feed.listen("session a")->take();
  CHECK(std::count(event.begin(), event.end(), '\n') == 3);
  CHECK(event.find('\r') == std::string::npos);
}

TEST_CASE("those end who may not listen any more") {
  http::EventFeed feed;
  int stirred = 0;
  feed.on_change([&] { ++stirred; });
  const auto a = feed.listen("session a");
  const auto b = feed.listen("session b");
  feed.end_unless([](const std::string&) { return true; });
  CHECK(stirred == 0);
  feed.end_unless([](const std::string& who) { return who == "session b"; });
  CHECK(stirred == 1);
  CHECK(a->ended());
  CHECK_FALSE(b->ended());
}

TEST_CASE("somebody listens until the last has gone, and the places are counted by who is there") {
  http::EventFeed feed;
  CHECK_FALSE(anybody(feed));
  std::vector<std::shared_ptr<http::Stream>> all;
  for (std::size_t i = 0; i < http::kMostListeners; ++i) all.push_back(feed.listen("session a"));
  CHECK(all.back() != nullptr);
  CHECK(feed.listen("session a") == nullptr);
  CHECK(anybody(feed));
  all.pop_back();
  CHECK(feed.listen("session a") != nullptr);
  all.clear();
  CHECK_FALSE(anybody(feed));
}

TEST_CASE("waiting for listeners ends with the first, and with a stop") {
  http::EventFeed feed;
  std::stop_source stop;
  std::atomic<int> heard = -1;
  const auto later = std::chrono::steady_clock::now() + 1h;
  std::jthread waiting([&] { heard = feed.wait_for_listeners(stop.get_token(), later) ? 1 : 0; });
  const auto listener = feed.listen("session a");
  waiting.join();
  CHECK(heard == 1);
  http::EventFeed empty;
  std::jthread stopped([&] { heard = empty.wait_for_listeners(stop.get_token(), later) ? 1 : 0; });
  stop.request_stop();
  stopped.join();
  CHECK(heard == 0);
}
