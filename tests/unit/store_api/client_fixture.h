// A StoreClient on a scripted store and a clock that stands still.
#pragma once

#include "base/random.h"
#include "store_api/store_client.h"
#include "support/manual_clock.h"
#include "support/scripted_transport.h"

namespace backstock::store_api {

struct ClientFixture {
  testing::ScriptedTransport transport;
  testing::ManualClock clock;
  SeededRandom random{7};
  StoreClient client;

  explicit ClientFixture(ByteCount max_body = 16_MiB)
      : client(Options{.store_name = "acme",
                       .store_hash = "abc123",
                       .token = Secret("t0ken"),
                       .api_url = "https://api.example.com/",
                       .max_body = max_body},
               transport, clock, random) {}
};

}  // namespace backstock::store_api
