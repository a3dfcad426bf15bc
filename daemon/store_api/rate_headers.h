// What an answer says about the store's request quota. Fields that are absent or no sensible number stay empty.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "net/header_list.h"

namespace backstock::store_api {

struct RateHeaders {
  std::optional<std::uint64_t> quota;                    // X-Rate-Limit-Requests-Quota; 0 counts as absent
  std::optional<std::uint64_t> left;                     // X-Rate-Limit-Requests-Left
  std::optional<std::chrono::milliseconds> reset;        // X-Rate-Limit-Time-Reset-Ms; at most an hour is believed
  std::optional<std::chrono::milliseconds> window;       // X-Rate-Limit-Time-Window-Ms
  std::optional<std::chrono::milliseconds> retry_after;  // X-Retry-After or Retry-After, both in seconds
};

RateHeaders read_rate_headers(const net::HeaderList& headers);

}  // namespace backstock::store_api
