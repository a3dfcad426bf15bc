// Opens state.db: makes it with mode 0600, checks every page, brings it to the newest schema.
//
// Unlike an index it cannot be made again: commits are synchronous, and a damaged file is ErrorKind::corrupt with what
// to do, never replaced by itself.
//
// Lifetime: the file system is borrowed for the call.
#pragma once

#include <memory>
#include <span>

#include "index/connection.h"
#include "index/migrate.h"
#include "sys/fs.h"

namespace backstock::state {

// From migrations/*.sql, by room.cmake.
std::span<const index::Migration> released_migrations();

Result<std::unique_ptr<index::Connection>> open_state(sys::Fs& fs, const sys::Path& path);

}  // namespace backstock::state
