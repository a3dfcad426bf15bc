#include "raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace backstock::test {
namespace {

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

// The head without its empty line.
std::optional<Reply> parse_head(std::string_view head) {
  Reply reply;
  if (!head.starts_with("HTTP/1.1 ") || head.size() < 12) return std::nullopt;
  std::from_chars(head.data() + 9, head.data() + 12, reply.status);
  for (std::size_t at = head.find("\r\n"); at != head.npos;) {
    const std::size_t next = head.find("\r\n", at + 2);
    const std::string_view line = head.substr(at + 2, next == head.npos ? next : next - at - 2);
    const std::size_t colon = line.find(": ");
    if (colon == line.npos) return std::nullopt;
    reply.headers.emplace_back(lower(std::string(line.substr(0, colon))), line.substr(colon + 2));
    at = next;
  }
  return reply;
}

}  // namespace

std::size_t Reply::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(headers.begin(), headers.end(), [&](const auto& header) { return header.first == name; }));
}

std::string Reply::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

RawClient::RawClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{10, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) ended_ = true;
}

RawClient::~RawClient() {
  if (fd_ >= 0) ::close(fd_);
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

void RawClient::finish() { ::shutdown(fd_, SHUT_WR); }

bool RawClient::read_more(std::chrono::steady_clock::time_point until) {
  if (ended_) return false;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  pollfd wait{fd_, POLLIN, 0};
  if (left.count() <= 0 || ::poll(&wait, 1, static_cast<int>(left.count())) <= 0) return false;
  std::array<char, 65536> buffer;
  const ssize_t got = ::recv(fd_, buffer.data(), buffer.size(), 0);
  if (got <= 0) {
    ended_ = true;
    return false;
  }
  seen_.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

std::optional<Reply> RawClient::read_reply(bool after_head, std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  std::size_t end = 0;
  while ((end = seen_.find("\r\n\r\n")) == seen_.npos) {
    if (!read_more(until)) return std::nullopt;
  }
  auto reply = parse_head(std::string_view(seen_).substr(0, end));
  if (!reply) return std::nullopt;
  seen_.erase(0, end + 4);
  if (after_head || reply->status == 304 || reply->status == 100) return reply;
  const std::string length = reply->header("content-length");
  std::size_t size = 0;
  std::from_chars(length.data(), length.data() + length.size(), size);
  while (seen_.size() < size) {
    if (!read_more(until)) return std::nullopt;
  }
  reply->body = seen_.substr(0, size);
  seen_.erase(0, size);
  return reply;
}

std::optional<std::string> RawClient::read_until(std::string_view text, std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  std::size_t at = 0;
  while ((at = seen_.find(text)) == seen_.npos) {
    if (!read_more(until)) return std::nullopt;
  }
  std::string found = seen_.substr(0, at + text.size());
  seen_.erase(0, found.size());
  return found;
}

bool RawClient::read_to_end(std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  do {
    thrown_away_ += seen_.size();
    seen_.clear();
  } while (read_more(until));
  return ended_;
}

std::optional<Reply> ask(std::uint16_t port, std::string_view request) {
  RawClient client(port);
  client.send(request);
  return client.read_reply();
}

std::string get(std::uint16_t port, std::string_view path, std::string_view more) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n" +
         std::string(more) + "\r\n";
}

}  // namespace backstock::test
