// The headers of one answer, in their order, found by name without regard to case.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace backstock::net {

class HeaderList {
 public:
  HeaderList() = default;
  HeaderList(std::initializer_list<std::pair<std::string, std::string>> list) : list_(list) {}

  void add(std::string name, std::string value) { list_.emplace_back(std::move(name), std::move(value)); }
  void clear() { list_.clear(); }

  // The value of the first header of that name.
  std::optional<std::string_view> find(std::string_view name) const {
    for (const auto& [own_name, value] : list_) {
      if (same_name(own_name, name)) return value;
    }
    return std::nullopt;
  }

  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }
  std::size_t size() const { return list_.size(); }
  bool empty() const { return list_.empty(); }

 private:
  // Header names are ASCII; std::tolower would follow the locale.
  static char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
  static bool same_name(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
  }

  std::vector<std::pair<std::string, std::string>> list_;
};

}  // namespace backstock::net
