// What a walk over one list has given, and whether that was all of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "store_api/listing.h"
#include "store_api/seen_ids.h"

namespace backstock::store_api {

class ListTally {
 public:
  explicit ListTally(std::string id_field) : id_field_(std::move(id_field)) {}

  // Takes rows out of the page that were given before, counts the rest. Gives how many rows were new to this walk.
  std::size_t take(Page& page);
  // Whether every row of the page was taken before. Rows without an id cannot be told apart: false.
  bool all_seen(const Page& page) const;
  // The list is walked a second time, another way: rows given so far are no repeats, but are not given again.
  void start_over();

  // A reason why the list is not known to be complete; the first one stays.
  void doubt(std::string why);
  void announce(std::uint64_t total) { announced_ = total; }
  void end() { ended_ = true; }

  std::optional<std::uint64_t> announced() const { return announced_; }
  std::uint64_t seen() const { return seen_.size() + without_id_; }  // in this walk
  Completeness completeness() const;

 private:
  std::string id_field_;
  SeenIds seen_;
  SeenIds given_before_;  // by the walk before start_over()
  std::uint64_t given_ = 0;
  std::uint64_t without_id_ = 0;  // rows that cannot be told apart
  std::optional<std::uint64_t> announced_;
  std::string why_not_;
  bool ended_ = false;
};

}  // namespace backstock::store_api
