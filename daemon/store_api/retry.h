// Whether to try a request again, and after how long: a table as a pure function.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/result.h"
#include "store_api/rate_headers.h"

namespace backstock::store_api {

struct RetryLimits {
  unsigned tries = 6;  // in all, for trouble: 2+4+8+16+32 s make about a minute
  std::chrono::milliseconds first_wait = std::chrono::seconds(2);
  std::chrono::milliseconds longest_wait = std::chrono::seconds(60);
  unsigned tries_limited = 10;                                             // in all, for 429: some windows long
  std::chrono::milliseconds first_wait_limited = std::chrono::seconds(1);  // 429 without headers
};

// What went wrong with one try.
struct Fault {
  int status = 0;                                // 0: no answer
  ErrorKind no_answer = ErrorKind::unreachable;  // where status is 0
  bool unusable_body = false;                    // 2xx, but HTML, empty or garbage where JSON was due
  RateHeaders headers = {};
};

// 429; 408, 500, 502, 503, 504, no connection, a cut or unusable body. Nothing else gets better by waiting.
bool is_transient(const Fault& fault);

// `attempt` counts from 1: the try that just failed. Empty: give up. For requests that are safe to repeat; whether one
// is, is the caller's to know. 429 with headers: the longer of reset and X-Retry-After, plus up to a tenth. Else
// doubling from the first wait, between three quarters and five quarters of it; never shorter than an X-Retry-After.
std::optional<std::chrono::milliseconds> retry_delay(const RetryLimits& limits, unsigned attempt, const Fault& fault,
                                                     std::uint64_t random);

}  // namespace backstock::store_api
