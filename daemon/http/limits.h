// What a client may cost: bytes, time, connections. One set per listener.
#pragma once

#include <chrono>
#include <cstddef>

#include "base/bytes.h"

namespace backstock::http {

struct Limits {
  std::size_t head_bytes = 16_KiB;
  std::size_t target_bytes = 8000;  // cpp-httplib refuses request lines over 8192 without a word; we say why
  std::size_t headers = 100;
  std::size_t body_bytes = 1_MiB;  // decoded
  std::size_t connections = 256;
  std::size_t requests_per_connection = 1000;

  // Each covers a whole step, not one read: a byte a second gains nothing.
  std::chrono::milliseconds head_time{10'000};  // from a request's first byte (or the connect) to the end of its head
  std::chrono::milliseconds body_time{30'000};
  std::chrono::milliseconds idle_time{30'000};   // between two requests of a kept connection
  std::chrono::milliseconds write_time{30'000};  // one whole answer
  std::chrono::milliseconds beat_time{15'000};   // a stream that has nothing to say for so long says that
  std::chrono::milliseconds drain_time{2'000};   // waiting for the client's end after our last byte
};

}  // namespace backstock::http
