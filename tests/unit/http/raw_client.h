// A client that sends exactly the bytes it is told to, for talking to a server on loopback as an attacker would.
// Every wait has a time-out, so a server that hangs fails a test instead of stopping it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace backstock::test {

struct Reply {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;

  std::size_t count(std::string_view name) const;
  std::string header(std::string_view name) const;  // empty when it is not there
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  RawClient(RawClient&& other) noexcept : fd_(std::exchange(other.fd_, -1)), seen_(std::move(other.seen_)) {}
  RawClient(const RawClient&) = delete;
  RawClient& operator=(RawClient&&) = delete;

  // False when the server has hung up.
  bool send(std::string_view bytes);
  // Half-closes: nothing more will come from here.
  void finish();
  // The next answer; its body is not waited for after HEAD. Nullopt at the server's end, on junk or after `patience`.
  std::optional<Reply> read_reply(bool after_head = false,
                                  std::chrono::milliseconds patience = std::chrono::milliseconds(10'000));
  // What comes up to and with this text; nullopt at the server's end or after `patience`.
  std::optional<std::string> read_until(std::string_view text,
                                        std::chrono::milliseconds patience = std::chrono::milliseconds(10'000));
  // True once the server has closed, throwing away what still comes.
  bool read_to_end(std::chrono::milliseconds patience = std::chrono::milliseconds(10'000));
  // Bytes thrown away by read_to_end().
  std::size_t thrown_away() const { return thrown_away_; }

 private:
  bool read_more(std::chrono::steady_clock::time_point until);

  int fd_ = -1;
  std::string seen_;
  std::size_t thrown_away_ = 0;
  bool ended_ = false;
};

// One request on a connection of its own.
std::optional<Reply> ask(std::uint16_t port, std::string_view request);

// "GET /path HTTP/1.1" with the Host that a loopback server expects, then `more` header lines.
std::string get(std::uint16_t port, std::string_view path, std::string_view more = "");

}  // namespace backstock::test
