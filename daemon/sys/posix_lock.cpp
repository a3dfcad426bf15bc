#include "sys/posix_lock.h"

#include <sys/file.h>

namespace backstock::sys {

namespace {

// " by process 123", or nothing when the holder has not written its number yet.
std::string holder(int descriptor) {
  char text[20] = {};
  const ssize_t length = ::pread(descriptor, text, sizeof text - 1, 0);
  std::string digits;
  for (ssize_t i = 0; i < length && text[i] >= '0' && text[i] <= '9'; ++i) digits += text[i];
  return digits.empty() ? "" : " by process " + digits;
}

}  // namespace

Result<std::unique_ptr<Lock>> PosixLock::take(const Path& path) {
  Descriptor descriptor = TRY(open_descriptor(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, "locking"));
  if (::flock(descriptor.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return os_error(errno, "locking " + path);
    return make_error(ErrorKind::conflict, path + " is held" + holder(descriptor.number()),
                      "stop that process first, or let it do the work");
  }
  // The lock holds without the number: a full disk must not keep the daemon from starting.
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(descriptor.number(), 0) == 0) {
    [[maybe_unused]] const ssize_t written = ::pwrite(descriptor.number(), pid.data(), pid.size(), 0);
  }
  return std::make_unique<PosixLock>(std::move(descriptor));
}

PosixLock::~PosixLock() {
  // So that nobody reads the number of a process that is long gone.
  [[maybe_unused]] const int ignored = ::ftruncate(descriptor_.number(), 0);
}

}  // namespace backstock::sys
