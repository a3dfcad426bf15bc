// Which ids have been seen, in little memory: 8 bytes each for numbers that come in rising order, as they mostly do.
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
  std::uint64_t size() const { return rising_.size() + others_.size(); }

 private:
  std::vector<std::int64_t> rising_;
  std::unordered_set<std::string> others_;
};

}  // namespace backstock::store_api
