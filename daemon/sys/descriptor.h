// A file descriptor that closes itself. Only for this room.
#pragma once

#include <cerrno>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/result.h"
#include "sys/fs.h"

namespace backstock::sys {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  // What close() answers is not looked at: nothing counts as written before a sync() that succeeded.
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_ = -1;
};

// O_CLOEXEC and O_NOCTTY are always set; files made get mode 0600. `doing` is a word for the error: "opening".
inline Result<Descriptor> open_descriptor(const Path& path, int flags, const char* doing) {
  for (;;) {
    const int number = ::open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY, 0600);
    if (number >= 0) return Descriptor(number);
    if (errno == EINTR) continue;
    const int code = errno;
    Error error = os_error(code, std::string(doing) + " " + path);
    if (code == EEXIST) error.kind = ErrorKind::conflict;
    if (code == ELOOP) error.hint = "a symbolic link is not followed here; name the file itself";
    return error;
  }
}

}  // namespace backstock::sys
