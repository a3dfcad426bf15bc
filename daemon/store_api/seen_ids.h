// Which ids have been seen, in little memory: 8 bytes each for numbers that come in rising or in
// falling order, as they mostly do.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

namespace backstock::store_api {

class SeenIds {
 public:
  // False if it was there already.
  bool insert(const std::string& id);
  bool contains(const std::string& id) const;
  std::uint64_t size() const { return rising_.size() + falling_.size() + others_.size(); }

 private:
  bool contains_number(std::int64_t number) const;

  std::vector<std::int64_t> rising_;
  std::vector<std::int64_t> falling_;  // all below the first of rising_
  std::unordered_set<std::string> others_;
};

}  // namespace backstock::store_api
