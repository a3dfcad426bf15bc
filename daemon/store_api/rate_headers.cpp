#include "store_api/rate_headers.h"

#include <charconv>

namespace backstock::store_api {
namespace {

using std::chrono::milliseconds;

std::optional<std::uint64_t> number(const net::HeaderList& headers, std::string_view name) {
  const auto text = headers.find(name);
  std::uint64_t value = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return value;
}

std::optional<milliseconds> span(const net::HeaderList& headers, std::string_view name, milliseconds unit) {
  constexpr std::uint64_t kHour = 3'600'000;  // longer is a fault of the store's: never stand still for days
  const auto value = number(headers, name);
  if (!value) return std::nullopt;
  const auto most = kHour / static_cast<std::uint64_t>(unit.count());
  return milliseconds(static_cast<std::int64_t>(std::min(*value, most))) * unit.count();
}

}  // namespace

RateHeaders read_rate_headers(const net::HeaderList& headers) {
  RateHeaders rate;
  rate.quota = number(headers, "X-Rate-Limit-Requests-Quota");
  if (rate.quota == 0U) rate.quota.reset();
  rate.left = number(headers, "X-Rate-Limit-Requests-Left");
  rate.reset = span(headers, "X-Rate-Limit-Time-Reset-Ms", milliseconds(1));
  rate.window = span(headers, "X-Rate-Limit-Time-Window-Ms", milliseconds(1));
  if (rate.window == milliseconds(0)) rate.window.reset();
  rate.retry_after = span(headers, "X-Retry-After", std::chrono::seconds(1));
  if (!rate.retry_after) rate.retry_after = span(headers, "Retry-After", std::chrono::seconds(1));
  return rate;
}

}  // namespace backstock::store_api
