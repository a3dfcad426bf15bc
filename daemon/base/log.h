// Logging: one line per event, fixed keys (store, run, type, item), a level per room. Never secrets, never item
// contents.
//
// Fields without a value are left out.
//
//   log_info("backup", "run finished", {{"store", name}, {"run", id}});
// prints  backup: run finished store=acme run=01J...
// On a terminal each line has a time; under systemd the journal adds it, and lines begin with <N> priorities.
//
// Threads: any.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace backstock {

enum class LogLevel { debug, info, warn, error };

struct LogField {
  std::string_view key;
  std::string value;
};

void log_line(LogLevel level, std::string_view room, std::string_view event, std::initializer_list<LogField> fields);

inline void log_debug(std::string_view room, std::string_view event, std::initializer_list<LogField> fields = {}) {
  log_line(LogLevel::debug, room, event, fields);
}
inline void log_info(std::string_view room, std::string_view event, std::initializer_list<LogField> fields = {}) {
  log_line(LogLevel::info, room, event, fields);
}
inline void log_warn(std::string_view room, std::string_view event, std::initializer_list<LogField> fields = {}) {
  log_line(LogLevel::warn, room, event, fields);
}
inline void log_error(std::string_view room, std::string_view event, std::initializer_list<LogField> fields = {}) {
  log_line(LogLevel::error, room, event, fields);
}

// `spec` is a level, or room=level pairs after it: "info,store_api=debug". Lines go to standard error.
Result<> set_log_levels(std::string_view spec);

}  // namespace backstock
