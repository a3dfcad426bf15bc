// The bound, listening socket of one server, and what to tell an operator when it cannot be had.
//
// SO_REUSEADDR (a restart does not wait for old connections) but never SO_REUSEPORT: with that, two daemons would
// share a port without a word (cpp-httplib's default).
//
// Threads: one at a time.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace backstock::http {

// An open descriptor; closed with its owner.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release();
  void reset();

 private:
  int fd_ = -1;
};

struct ListenerSocket {
  Descriptor socket;  // non-blocking
  std::uint16_t port = 0;
};

// `host` is an address or a name (IPv6 without brackets); port 0 takes any free one. `setting` is the key of the
// configuration that chooses them: the hint of an error names it.
Result<ListenerSocket> open_listener(const std::string& host, std::uint16_t port, const std::string& setting);

}  // namespace backstock::http
