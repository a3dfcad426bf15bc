// Looks, twice a second and only while somebody listens, whether the status has changed and whether those who listen
// still may. Once a minute it has written down which sessions and tokens were used: GET itself changes nothing.
//
// Threads: its own, named http-ticker. Lifetime: all that it is given outlives it.
#pragma once

#include <thread>

#include "http/event_feed.h"
#include "http/status_source.h"
#include "state/accounts.h"

namespace backstock::http {

class StatusTicker {
 public:
  StatusTicker(const StatusSource& source, state::Accounts& accounts, EventFeed& events);
  ~StatusTicker() { stop(); }
  void stop();

 private:
  void work(std::stop_token stop);
  void look();

  const StatusSource* source_;
  state::Accounts* accounts_;
  EventFeed* events_;
  std::jthread thread_;
};

}  // namespace backstock::http
