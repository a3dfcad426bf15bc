// Brings an index file to the newest schema: each migration once, in order, in a transaction of its own.
//
// A file from a newer program is refused with both numbers. An existing file is copied beside (VACUUM INTO) before its
// first migration; the copy's path comes back so that the operator can be told. The copy is there whole or not at all,
// and one that an earlier attempt left is replaced.
//
// Lifetime: all are borrowed for the call.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "index/connection.h"
#include "sys/fs.h"

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

Result<Migrated> migrate(sys::Fs& fs, Connection& connection, std::span<const Migration> migrations);

// For who only reads: conflict, with both numbers, when the file is of an older or newer schema; not_found when nobody
// has made the tables yet.
Result<> check_schema(Connection& connection, std::span<const Migration> migrations);

}  // namespace backstock::index
