#include "store_api/seen_ids.h"

#include <algorithm>
#include <functional>

#include "base/json_text.h"

namespace backstock::store_api {
namespace {

// Only where number and text stand for each other: "007" is not 7.
std::optional<std::int64_t> as_number(const std::string& id) {
  const auto number = json_text::as_int(id);
  return number && std::to_string(*number) == id ? number : std::nullopt;
}

}  // namespace

bool SeenIds::contains(const std::string& id) const {
  if (const auto number = as_number(id); number && contains_number(*number)) return true;
  return others_.contains(id);
}

bool SeenIds::contains_number(std::int64_t number) const {
  return std::binary_search(rising_.begin(), rising_.end(), number) ||
         std::binary_search(falling_.begin(), falling_.end(), number, std::greater<>());
}

bool SeenIds::insert(const std::string& id) {
  const auto number = as_number(id);
  if (!number) return others_.insert(id).second;
  // An id beyond all in the rows may still have come earlier, out of order.
  const bool above = rising_.empty() || *number > rising_.back();
  const bool below = !above && *number < (falling_.empty() ? rising_.front() : falling_.back());
  if (!above && !below && contains_number(*number)) return false;
  if (others_.contains(id)) return false;
  if (above) {
    rising_.push_back(*number);
  } else if (below) {
    falling_.push_back(*number);
  } else {
    others_.insert(id);
  }
  return true;
}

}  // namespace backstock::store_api
