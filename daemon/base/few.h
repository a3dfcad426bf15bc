// A constexpr list with a fixed capacity: lets a table entry hold its lists in place.
#pragma once

#include <cstddef>
#include <initializer_list>

namespace backstock {

template <class T, std::size_t N>
struct Few {
  T items[N]{};
  std::size_t count = 0;

  constexpr Few() = default;
  constexpr Few(std::initializer_list<T> list) {       // NOLINT: implicit on purpose
    for (const T& item : list) items[count++] = item;  // one too many is an error at compile time
  }
  constexpr const T* begin() const { return items; }
  constexpr const T* end() const { return items + count; }
  constexpr std::size_t size() const { return count; }
  constexpr bool empty() const { return count == 0; }
  constexpr const T& operator[](std::size_t i) const { return items[i]; }
};

}  // namespace backstock
