#include "store_api/retry.h"

#include <algorithm>

namespace backstock::store_api {
namespace {

using std::chrono::milliseconds;

// wait * [from, to], in thousandths, by a random number.
milliseconds spread(milliseconds wait, std::int64_t from, std::int64_t to, std::uint64_t random) {
  const auto part = static_cast<std::int64_t>(random % 1000);
  return wait * (from * 1000 + (to - from) * part) / 1'000'000;
}

milliseconds doubled(milliseconds first, unsigned attempt, milliseconds longest) {
  milliseconds wait = first;
  for (unsigned i = 1; i < attempt && wait < longest; ++i) wait *= 2;
  return std::min(wait, longest);
}

}  // namespace

bool is_transient(const Fault& fault) {
  switch (fault.status) {
    case 0:
      return fault.no_answer == ErrorKind::unreachable;
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return true;
    default:
      return fault.unusable_body;
  }
}

std::optional<milliseconds> retry_delay(const RetryLimits& limits, unsigned attempt, const Fault& fault,
                                        std::uint64_t random) {
  if (!is_transient(fault)) return std::nullopt;
  const bool limited = fault.status == 429;
  if (attempt >= (limited ? limits.tries_limited : limits.tries)) return std::nullopt;
  const milliseconds asked = fault.headers.retry_after.value_or(milliseconds(0));
  if (limited) {
    const milliseconds told = std::max(fault.headers.reset.value_or(milliseconds(0)), asked);
    // Later than told, never earlier: earlier is one more 429.
    if (told.count() > 0) return spread(told, 1000, 1100, random) + milliseconds(random % 50);
    return spread(doubled(limits.first_wait_limited, attempt, limits.longest_wait), 1000, 1250, random);
  }
  return std::max(asked, spread(doubled(limits.first_wait, attempt, limits.longest_wait), 750, 1250, random));
}

}  // namespace backstock::store_api
