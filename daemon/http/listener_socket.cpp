#include "http/listener_socket.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

namespace backstock::http {
namespace {

constexpr int kBacklog = 511;

Error bind_error(int code, const std::string& host, std::uint16_t port, const std::string& setting) {
  if (code == EADDRINUSE) {
    return make_error(ErrorKind::conflict, fmt::format("port {} on {} is already in use", port, host),
                      fmt::format("`ss -ltnp 'sport = :{}'` shows by whom; stop that program (a second backstock?) or "
                                  "choose another port in {}",
                                  port, setting));
  }
  if (code == EACCES) {
    return make_error(ErrorKind::bad_input, fmt::format("port {} on {} is reserved for root", port, host),
                      fmt::format("choose a port of 1024 or above in {}", setting));
  }
  if (code == EADDRNOTAVAIL) {
    return make_error(ErrorKind::bad_input, fmt::format("{} is not an address of this machine", host),
                      fmt::format("correct {}; 127.0.0.1 is always there", setting));
  }
  return os_error(code, fmt::format("listening on {} port {}", host, port));
}

std::uint16_t bound_port(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = other.release();
  }
  return *this;
}

int Descriptor::release() { return std::exchange(fd_, -1); }

void Descriptor::reset() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Result<ListenerSocket> open_listener(const std::string& host, std::uint16_t port, const std::string& setting) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | AI_PASSIVE;
  addrinfo* found = nullptr;
  const int rc = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (rc != 0) {
    return make_error(ErrorKind::bad_input, fmt::format("{} is not an address: {}", host, ::gai_strerror(rc)),
                      fmt::format("correct {}", setting));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);

  // A name may stand for several addresses, some of a family this machine has switched off: the first that works.
  int code = EADDRNOTAVAIL;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    Descriptor socket(::socket(at->ai_family, at->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, at->ai_protocol));
    const int on = 1;
    if (socket && ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        ::bind(socket.get(), at->ai_addr, at->ai_addrlen) == 0 && ::listen(socket.get(), kBacklog) == 0) {
      const std::uint16_t taken = bound_port(socket.get());
      return ListenerSocket{std::move(socket), taken};
    }
    code = errno;
    if (code == EADDRINUSE) break;  // not on to ::1: the page must be where the configuration says
  }
  return bind_error(code, host, port, setting);
}

}  // namespace backstock::http
