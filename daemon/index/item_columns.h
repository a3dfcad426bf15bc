// How ids and versions stand in the tables; for the index's own code.
#pragma once

#include <string>
#include <string_view>

#include "index/item_writer.h"

namespace backstock::index {

// The columns id_number and id.
struct StoredId {
  explicit StoredId(std::string_view id) : number(number_of(id).value_or(kText)), text(number >= 0 ? "" : id) {}
  static constexpr std::int64_t kText = -1;
  std::int64_t number;
  std::string_view text;
};

// From the columns id_number and id, in this order.
inline std::string read_id(const Statement& s, int first) {
  return s.integer(first) >= 0 ? std::to_string(s.integer(first)) : std::string(s.text(first + 1));
}

// Of `versions v`, `run_keys r` and `frames f`.
inline constexpr std::string_view kVersionColumns =
    "v.version, v.at, v.gone, r.source, r.run, f.pack, f.offset, f.header_size, f.stored_size, v.at_byte, v.size";

inline VersionRow read_version(const Statement& s, int first = 0) {
  VersionRow row;
  row.version = static_cast<std::uint32_t>(s.integer(first));
  row.at = s.integer(first + 1);
  row.gone = s.integer(first + 2) != 0;
  row.source = s.text(first + 3);
  row.run = s.text(first + 4);
  row.frame = {static_cast<std::uint64_t>(s.integer(first + 5)), static_cast<std::uint64_t>(s.integer(first + 6)),
               static_cast<std::uint32_t>(s.integer(first + 7)), static_cast<std::uint32_t>(s.integer(first + 8))};
  row.at_byte = static_cast<std::uint32_t>(s.integer(first + 9));
  row.size = static_cast<std::uint32_t>(s.integer(first + 10));
  return row;
}

}  // namespace backstock::index
