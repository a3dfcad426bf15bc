// What config needs from the machine, given from outside: app/ passes the real files, tests pass a map.
//
// read_file gives at most `max` bytes and else too_large; not_found for a missing file; any other failure says what the
// operating system said. file_mode gives the permission bits. env gives nothing for a variable that is not set.
// Threads: as the functions given. Lifetime: they outlive the call.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace backstock::config {

struct Sources {
  std::function<Result<std::string>(const std::string& path, ByteCount max)> read_file;
  std::function<Result<unsigned>(const std::string& path)> file_mode;
  std::function<std::optional<std::string>(const std::string& name)> env;
};

}  // namespace backstock::config
