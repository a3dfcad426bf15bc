// Lines over a connected Unix socket, with time-outs.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/result.h"
#include "sys/fs.h"

namespace backstock::app {

class SocketLines {
 public:
  explicit SocketLines(int socket) : socket_(socket) {}
  ~SocketLines();
  SocketLines(const SocketLines&) = delete;
  SocketLines& operator=(const SocketLines&) = delete;

  // A line, nothing when none came in time. not_found when the other side is gone, too_large for an endless line.
  Result<std::optional<std::string>> read_line(std::chrono::milliseconds patience);
  // not_found when the other side is gone or does not read.
  Result<> write_line(const std::string& line);

 private:
  int socket_;
  std::string buffer_;
};

// Sockets as file descriptors; errors name the path. connect gives not_found when nobody listens.
Result<int> listen_at(const sys::Path& path);
Result<int> connect_to(const sys::Path& path);

}  // namespace backstock::app
