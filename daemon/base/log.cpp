#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <memory>

#include "base/guarded.h"

namespace backstock {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warn:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::optional<LogLevel> parse_level(std::string_view text) {
  if (text == "debug") return LogLevel::debug;
  if (text == "info") return LogLevel::info;
  if (text == "warn") return LogLevel::warn;
  if (text == "error") return LogLevel::error;
  return std::nullopt;
}

struct Levels {
  LogLevel all = LogLevel::info;
  std::map<std::string, LogLevel, std::less<>> rooms;
};

Guarded<Levels>& levels() {
  static Guarded<Levels> instance;
  return instance;
}

// JOURNAL_STREAM is set by systemd when standard error is the journal: it has its own times and understands <N>.
spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = [] {
    auto made = std::make_shared<spdlog::logger>("backstock", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_level(spdlog::level::debug);
    made->set_pattern(std::getenv("JOURNAL_STREAM") != nullptr ? "%v" : "%Y-%m-%dT%H:%M:%S.%eZ %l %v",
                      spdlog::pattern_time_type::utc);
    made->flush_on(spdlog::level::debug);
    return made;
  }();
  return *instance;
}

// A value with a space, a quote or a line break would break the key=value form.
std::string quoted(std::string_view value) {
  if (!value.empty() && value.find_first_of(" \"=\n\r\t") == value.npos) return std::string(value);
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    text += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return text + '"';
}

std::string_view journal_priority(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "<7>";
    case LogLevel::info:
      return "<6>";
    case LogLevel::warn:
      return "<4>";
    case LogLevel::error:
      return "<3>";
  }
  return "<6>";
}

}  // namespace

void log_line(LogLevel level, std::string_view room, std::string_view event, std::initializer_list<LogField> fields) {
  {
    auto held = levels().lock();
    const auto found = held->rooms.find(room);
    if (level < (found == held->rooms.end() ? held->all : found->second)) return;
  }
  std::string line;
  if (std::getenv("JOURNAL_STREAM") != nullptr) line += journal_priority(level);
  line.append(room).append(": ").append(event);
  for (const LogField& field : fields) {
    if (!field.value.empty()) line.append(" ").append(field.key).append("=").append(quoted(field.value));
  }
  logger().log(to_spdlog(level), line);
}

Result<> set_log_levels(std::string_view spec) {
  Levels wanted;
  while (!spec.empty()) {
    const auto comma = spec.find(',');
    const std::string_view part = spec.substr(0, comma);
    spec = comma == spec.npos ? std::string_view() : spec.substr(comma + 1);
    const auto equals = part.find('=');
    const auto level = parse_level(equals == part.npos ? part : part.substr(equals + 1));
    if (!level) {
      return make_error(ErrorKind::bad_input, "log level \"" + std::string(part) + "\" is not known",
                        "use debug, info, warn or error, alone or as room=level");
    }
    if (equals == part.npos) {
      wanted.all = *level;
    } else {
      wanted.rooms[std::string(part.substr(0, equals))] = *level;
    }
  }
  *levels().lock() = std::move(wanted);
  return {};
}

}  // namespace backstock
