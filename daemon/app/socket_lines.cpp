#include "app/socket_lines.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace backstock::app {
namespace {

constexpr std::size_t kMaxLine = 16 * 1024 * 1024;
constexpr int kWritePatienceMs = 5000;
constexpr int kBacklog = 64;

Result<sockaddr_un> address_of(const sys::Path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return make_error(ErrorKind::bad_input,
                      "the socket path " + path + " is longer than the system allows (" +
                          std::to_string(sizeof address.sun_path - 1) + " bytes)",
                      "use a shorter data_dir");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

}  // namespace

SocketLines::~SocketLines() { ::close(socket_); }

Result<std::optional<std::string>> SocketLines::read_line(std::chrono::milliseconds patience) {
  while (true) {
    if (const auto end = buffer_.find('\n'); end != buffer_.npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return std::optional<std::string>(std::move(line));
    }
    if (buffer_.size() > kMaxLine) return make_error(ErrorKind::too_large, "a line on the control socket is too long");
    pollfd wait{socket_, POLLIN, 0};
    const int ready = ::poll(&wait, 1, static_cast<int>(patience.count()));
    if (ready == 0 || (ready < 0 && errno == EINTR)) return std::optional<std::string>();
    char bytes[65536];
    const ssize_t got = ::recv(socket_, bytes, sizeof bytes, 0);
    if (got <= 0) return make_error(ErrorKind::not_found, "the other side of the control socket is gone");
    buffer_.append(bytes, static_cast<std::size_t>(got));
  }
}

Result<> SocketLines::write_line(const std::string& line) {
  const std::string text = line + "\n";
  std::size_t sent = 0;
  while (sent < text.size()) {
    pollfd wait{socket_, POLLOUT, 0};
    if (::poll(&wait, 1, kWritePatienceMs) <= 0)
      return make_error(ErrorKind::not_found, "the other side of the control socket does not read");
    const ssize_t wrote = ::send(socket_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (wrote < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (wrote <= 0) return make_error(ErrorKind::not_found, "the other side of the control socket is gone");
    sent += static_cast<std::size_t>(wrote);
  }
  return {};
}

Result<int> listen_at(const sys::Path& path) {
  const sockaddr_un address = TRY(address_of(path));
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return os_error(errno, "control socket " + path);
  ::unlink(path.c_str());
  // Nobody can connect before listen(), and by then the mode is right. Not by umask: that is the whole process's, and
  // workers may be making folders.
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::chmod(path.c_str(), 0600) != 0 || ::listen(socket, kBacklog) != 0) {
    const int code = errno;
    ::close(socket);
    return os_error(code, "control socket " + path);
  }
  return socket;
}

Result<int> connect_to(const sys::Path& path) {
  const sockaddr_un address = TRY(address_of(path));
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return os_error(errno, "control socket " + path);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int code = errno;
    ::close(socket);
    // No file, or a leftover of a daemon that is gone: nobody listens.
    if (code == ENOENT || code == ECONNREFUSED || code == ENOTDIR)
      return make_error(ErrorKind::not_found, "no daemon listens at " + path);
    return os_error(code, "control socket " + path);
  }
  return socket;
}

}  // namespace backstock::app
