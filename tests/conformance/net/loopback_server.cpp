#include "loopback_server.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

namespace backstock::net {
namespace {

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool receive_more(int socket, std::string& buffer) {
  char chunk[4096];
  const ssize_t got = ::recv(socket, chunk, sizeof chunk, 0);
  if (got <= 0) return false;
  buffer.append(chunk, static_cast<std::size_t>(got));
  return true;
}

std::size_t content_length(const std::string& head) {
  const auto at = head.find("Content-Length: ");
  return at == head.npos ? 0 : std::strtoul(head.c_str() + at + 16, nullptr, 10);
}

bool read_request(int socket, std::string& buffer, LoopbackServer::Request& request) {
  std::size_t end = 0;
  while ((end = buffer.find("\r\n\r\n")) == buffer.npos) {
    if (!receive_more(socket, buffer)) return false;
  }
  request.head = buffer.substr(0, end + 2);
  const std::size_t whole = end + 4 + content_length(request.head);
  while (buffer.size() < whole) {
    if (!receive_more(socket, buffer)) return false;
  }
  request.body = buffer.substr(end + 4, whole - end - 4);
  buffer.erase(0, whole);
  const auto first = request.head.find(' ');
  request.path = request.head.substr(first + 1, request.head.find(' ', first + 1) - first - 1);
  return true;
}

}  // namespace

LoopbackServer::LoopbackServer(Respond respond) : respond_(std::move(respond)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 || ::listen(listener_, 32) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  accepting_ = std::thread([this] { accept_all(); });
}

LoopbackServer::~LoopbackServer() {
  ::shutdown(listener_, SHUT_RDWR);
  accepting_.join();
  ::close(listener_);
  {
    const std::lock_guard lock(mutex_);
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
  for (const int socket : sockets_) ::close(socket);
}

void LoopbackServer::accept_all() {
  while (true) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const std::lock_guard lock(mutex_);
    const int number = static_cast<int>(sockets_.size());
    sockets_.push_back(socket);
    threads_.emplace_back([this, socket, number] { serve(socket, number); });
  }
}

void LoopbackServer::serve(int socket, int number) {
  std::string buffer;
  Request request;
  request.connection = number;
  while (read_request(socket, buffer, request)) {
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      changed_.notify_all();
    }
    const Answer answer = respond_(request);
    if (!send_all(socket, answer.bytes)) break;
    if (answer.then == Answer::close) break;
    if (answer.then == Answer::hang) {
      while (receive_more(socket, buffer)) buffer.clear();
      break;
    }
  }
  ::shutdown(socket, SHUT_RDWR);  // closed by the destructor, so that no number is used twice
}

std::vector<LoopbackServer::Request> LoopbackServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

int LoopbackServer::connections() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(sockets_.size());
}

void LoopbackServer::wait_for_requests(std::size_t count) const {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return requests_.size() >= count; });
}

LoopbackServer::Answer answer(const std::string& status, const std::vector<std::string>& headers,
                              const std::string& body) {
  std::string bytes = "HTTP/1.1 " + status + "\r\n";
  for (const std::string& header : headers) bytes += header + "\r\n";
  bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  return {bytes};
}

}  // namespace backstock::net
