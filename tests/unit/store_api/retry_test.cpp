#include "store_api/retry.h"

#include <catch2/catch.hpp>

using namespace backstock;
using namespace backstock::store_api;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t kLow = 0;     // the random value that gives the shortest wait
constexpr std::uint64_t kHigh = 999;  // and the longest

Fault status(int code, RateHeaders headers = {}) { return {.status = code, .headers = headers}; }

RateHeaders reset_and_retry(std::optional<std::chrono::milliseconds> reset,
                            std::optional<std::chrono::milliseconds> retry_after) {
  RateHeaders headers;
  headers.reset = reset;
  headers.retry_after = retry_after;
  return headers;
}

}  // namespace

TEST_CASE("only what may pass by itself is tried again") {
  const RetryLimits limits;
  for (const int code : {408, 429, 500, 502, 503, 504}) CHECK(retry_delay(limits, 1, status(code), kLow));
  for (const int code : {200, 301, 400, 401, 403, 404, 405, 409, 413, 414, 415, 422, 423, 501, 507}) {
    CHECK_FALSE(retry_delay(limits, 1, status(code), kLow));
  }
  CHECK(retry_delay(limits, 1, {.no_answer = ErrorKind::unreachable}, kLow));
  for (const auto kind :
       {ErrorKind::cancelled, ErrorKind::too_large, ErrorKind::bad_input, ErrorKind::rejected, ErrorKind::failed}) {
    CHECK_FALSE(retry_delay(limits, 1, {.no_answer = kind}, kLow));
  }
  CHECK(retry_delay(limits, 1, {.status = 200, .unusable_body = true}, kLow));
}

TEST_CASE("six tries take about a minute") {
  const RetryLimits limits;
  std::chrono::milliseconds shortest{};
  std::chrono::milliseconds longest{};
  for (unsigned attempt = 1; attempt < 6; ++attempt) {
    shortest += *retry_delay(limits, attempt, status(503), kLow);
    longest += *retry_delay(limits, attempt, status(503), kHigh);
  }
  CHECK(shortest > 45s);
  CHECK(longest < 78s);
  CHECK_FALSE(retry_delay(limits, 6, status(503), kLow));
}

TEST_CASE("waits double, within a quarter around, and stop growing") {
  const RetryLimits limits{.tries = 100};
  struct {
    unsigned attempt;
    std::chrono::milliseconds middle;
  } rows[] = {{1, 2s}, {2, 4s}, {3, 8s}, {4, 16s}, {5, 32s}, {6, 60s}, {90, 60s}};
  for (const auto& row : rows) {
    CHECK(*retry_delay(limits, row.attempt, status(500), kLow) == row.middle * 3 / 4);
    CHECK(*retry_delay(limits, row.attempt, status(500), kHigh) > row.middle * 6 / 5);
    CHECK(*retry_delay(limits, row.attempt, status(500), kHigh) <= row.middle * 5 / 4);
  }
}

TEST_CASE("a 429 waits for the longer of reset and retry-after, never shorter") {
  const RetryLimits limits;
  struct {
    std::optional<std::chrono::milliseconds> reset, retry_after;
    std::chrono::milliseconds least;
  } rows[] = {{9186ms, std::nullopt, 9186ms},   {9186ms, 15s, 15s}, {9186ms, 2s, 9186ms}, {std::nullopt, 3s, 3s},
              {std::nullopt, std::nullopt, 1s}, {0ms, 0s, 1s}};
  for (const auto& row : rows) {
    for (const std::uint64_t random : {kLow, std::uint64_t{500}, kHigh}) {
      const auto wait = retry_delay(limits, 1, status(429, reset_and_retry(row.reset, row.retry_after)), random);
      REQUIRE(wait);
      CHECK(*wait >= row.least);
      CHECK(*wait <= row.least * 5 / 4 + 50ms);
    }
  }
}

TEST_CASE("a 429 without headers doubles from one second, with patience of its own") {
  const RetryLimits limits;
  CHECK(*retry_delay(limits, 1, status(429), kLow) == 1s);
  CHECK(*retry_delay(limits, 4, status(429), kLow) == 8s);
  CHECK(*retry_delay(limits, 9, status(429), kLow) == 60s);
  CHECK_FALSE(retry_delay(limits, 10, status(429), kLow));
}

TEST_CASE("a 503 that names a time is given it") {
  CHECK(*retry_delay({}, 1, status(503, reset_and_retry(std::nullopt, 20s)), kHigh) == 20s);
  CHECK(*retry_delay({}, 5, status(503, reset_and_retry(std::nullopt, 1s)), kLow) == 24s);
}
