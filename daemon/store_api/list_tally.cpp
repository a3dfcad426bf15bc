#include "store_api/list_tally.h"
#include "content/item_id.h"

#include <fmt/format.h>

#include <algorithm>

namespace backstock::store_api {

std::size_t ListTally::take(Page& page) {
  std::size_t fresh = 0;
  std::size_t repeated = 0;
  std::erase_if(page.items, [&](std::string_view item) {
    std::string id = id_field_.empty() ? std::string() : content::read_id(item, id_field_);
    if (id.empty()) {
      if (!id_field_.empty()) doubt(fmt::format("a row has no {}", id_field_));
      ++without_id_;
      ++given_;
      ++fresh;
      return false;
    }
    if (!seen_.insert(id)) {
      ++repeated;
      return true;
    }
    ++fresh;
    if (given_before_.contains(id)) return true;
    ++given_;
    return false;
  });
  if (repeated > 0) doubt(fmt::format("{} rows came twice", repeated));
  return fresh;
}

bool ListTally::all_seen(const Page& page) const {
  return !id_field_.empty() && std::all_of(page.items.begin(), page.items.end(), [&](std::string_view item) {
    return seen_.contains(content::read_id(item, id_field_));
  });
}

void ListTally::start_over() {
  given_before_ = std::move(seen_);
  seen_ = {};
  without_id_ = 0;
  announced_.reset();
  why_not_.clear();
}

void ListTally::doubt(std::string why) {
  if (why_not_.empty()) why_not_ = std::move(why);
}

Completeness ListTally::completeness() const {
  Completeness result;
  result.seen = given_;
  result.announced = announced_;
  result.why_not = why_not_;
  if (!ended_) result.why_not = "the list was not read to its end";
  if (result.why_not.empty() && announced_ && *announced_ != seen()) {
    result.why_not = fmt::format("{} rows were announced, {} came", *announced_, seen());
  }
  result.complete = result.why_not.empty();
  return result;
}

}  // namespace backstock::store_api
