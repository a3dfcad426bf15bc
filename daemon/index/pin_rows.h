// Pins in the index: a view over the control records `pin` and `unpin`.
//
// Records may be read in any order: of one version's the one with the latest `at` holds.
//
// Threads: those of the connection.
#pragma once

#include <optional>
#include <vector>

#include "base/json.h"
#include "index/connection.h"

namespace backstock::index {

struct PinRow {
  std::string type;
  std::string id;
  std::uint32_t version = 0;
  std::int64_t at = 0;
  bool pinned = false;
  std::string by;
  std::string note;
};

// Of apply_control() alone.
Result<> apply_pin(Connection& connection, const Json& record, bool pinned);

// Those in force, of one type or (empty) of all: by type, id and version.
Result<std::vector<PinRow>> pins(Connection& connection, std::string_view type = {});
// What was last said of a version: pinned or not.
Result<std::optional<PinRow>> find_pin(Connection& connection, std::string_view type, std::string_view id,
                                       std::uint32_t version);

}  // namespace backstock::index
