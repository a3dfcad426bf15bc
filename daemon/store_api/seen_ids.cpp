#include "store_api/seen_ids.h"

#include <algorithm>

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
  const auto number = as_number(id);
  return (number && std::binary_search(rising_.begin(), rising_.end(), *number)) || others_.contains(id);
}

bool SeenIds::insert(const std::string& id) {
  const auto number = as_number(id);
  // An id above all in rising_ may still have come earlier, out of order.
  if (number && (rising_.empty() || *number > rising_.back())) {
    if (others_.contains(id)) return false;
    rising_.push_back(*number);
    return true;
  }
  if (number && std::binary_search(rising_.begin(), rising_.end(), *number)) return false;
  return others_.insert(id).second;
}

}  // namespace backstock::store_api
