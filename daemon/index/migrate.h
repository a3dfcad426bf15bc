// Brings an index file to the newest schema: each migration once, in order, in a transaction of its own.
//
// A file from a newer program is refused with both numbers. An existing file is copied beside (VACUUM INTO) before its
// first migration; the copy's path comes back so that the operator can be told.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "index/connection.h"

namespace backstock::index {

struct Migration {
  std::string_view name;
  std::string_view sql;
};

// From migrations/*.sql, by room.cmake.
std::span<const Migration> released_migrations();

struct Migrated {
  int from = 0;
  int to = 0;
  std::optional<std::string> copy;
};

Result<Migrated> migrate(Connection& connection, std::span<const Migration> migrations);

}  // namespace backstock::index
