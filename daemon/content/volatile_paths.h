// A content type's volatile paths, split once, to be matched field by field while an item is walked.
//
// A path is a row of keys; a key written `key[]` is followed through the elements of an array, one written `key`
// through an object, and nothing else: a field that has another shape than the path says is not volatile. The last key
// is the field.
//
// Threads: pure. Lifetime: the ContentType's strings outlive it.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

#include "content/content_type.h"

namespace backstock::content {

class VolatilePaths {
 public:
  // The paths that still match at some place of the item, one bit each.
  using Alive = std::uint32_t;

  // What a field leads to.
  struct Step {
    bool dropped = false;   // the field itself is volatile
    Alive in_object = 0;    // alive inside it, if it is an object
    Alive in_elements = 0;  // alive inside its elements, if it is an array
  };

  constexpr VolatilePaths() = default;
  constexpr explicit VolatilePaths(const ContentType& type) {
    for (const std::string_view path : type.volatile_fields) add(path);
  }

  constexpr Alive all() const { return count_ == 0 ? 0 : ~Alive{0} >> (32U - count_); }

  // `key` stands `depth` keys below the item; `alive` is what the steps so far left.
  constexpr Step into(Alive alive, unsigned depth, std::string_view key) const {
    Step step;
    if (depth >= kMostKeys || (filter_[depth] >> filter_bit(key) & 1U) == 0) return step;
    for (; alive != 0; alive &= alive - 1) {
      const auto path = static_cast<unsigned>(std::countr_zero(alive));
      const Key& wanted = paths_[path][depth];
      if (wanted.name != key) continue;
      if (wanted.last)
        step.dropped = true;
      else if (wanted.elements)
        step.in_elements |= Alive{1} << path;
      else
        step.in_object |= Alive{1} << path;
    }
    return step;
  }

  // Can every path of the type be followed? For a static_assert.
  static constexpr bool fits(const ContentType& type) {
    if (type.volatile_fields.size() > kMostPaths) return false;
    for (std::string_view path : type.volatile_fields) {
      if (path.ends_with("[]")) return false;
      unsigned keys = 0;
      while (true) {
        const auto dot = path.find('.');
        std::string_view name = path.substr(0, dot);
        if (name.ends_with("[]")) name.remove_suffix(2);
        if (name.empty() || name.find_first_of("[]") != name.npos || ++keys > kMostKeys) return false;
        if (dot == path.npos) break;
        path.remove_prefix(dot + 1);
      }
    }
    return true;
  }

 private:
  static constexpr unsigned kMostPaths = 24;
  static constexpr unsigned kMostKeys = 4;
  struct Key {
    std::string_view name;
    bool elements = false;
    bool last = false;
  };

  // Most keys of an item are in no path: one look into 64 bits tells.
  static constexpr unsigned filter_bit(std::string_view key) {
    return key.empty() ? 0U : (static_cast<unsigned>(key.size()) * 11U + static_cast<unsigned char>(key.front())) & 63U;
  }

  constexpr void add(std::string_view path) {
    for (unsigned depth = 0; depth < kMostKeys; ++depth) {
      const auto dot = path.find('.');
      Key& key = paths_[count_][depth];
      key.name = path.substr(0, dot);
      key.elements = key.name.ends_with("[]");
      if (key.elements) key.name.remove_suffix(2);
      key.last = dot == path.npos;
      filter_[depth] |= std::uint64_t{1} << filter_bit(key.name);
      if (key.last) break;
      path.remove_prefix(dot + 1);
    }
    ++count_;
  }

  unsigned count_ = 0;
  std::uint64_t filter_[kMostKeys] = {};
  Key paths_[kMostPaths][kMostKeys] = {};
};

}  // namespace backstock::content
