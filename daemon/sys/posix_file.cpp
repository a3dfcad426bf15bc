#include "sys/posix_file.h"

#include <algorithm>

namespace backstock::sys {

Result<std::unique_ptr<File>> PosixFile::open(const Path& path, int flags, const char* doing) {
  // O_NONBLOCK means nothing to a regular file, and keeps a FIFO put in its place from blocking us for ever.
  Descriptor descriptor = TRY(open_descriptor(path, flags | O_NOFOLLOW | O_NONBLOCK, doing));
  struct stat status {};
  if (::fstat(descriptor.number(), &status) != 0) return os_error(errno, std::string(doing) + " " + path);
  if (!S_ISREG(status.st_mode)) {
    return make_error(ErrorKind::failed, std::string(doing) + " " + path + ": not a regular file");
  }
  return std::make_unique<PosixFile>(std::move(descriptor), path);
}

Result<> PosixFile::append(ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_.number(), bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return os_error(errno, "writing " + path_);
    }
    // A short write is often a disk that is just filling up: the next write tells the cause.
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::string> PosixFile::read_at(std::uint64_t offset, std::size_t count) const {
  // A count from a damaged record must not make us allocate what the file cannot hold.
  const std::uint64_t end = TRY(size());
  if (offset >= end) return std::string();
  std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(count, end - offset)), '\0');
  std::size_t got = 0;
  while (got < bytes.size()) {
    const ssize_t n =
        ::pread(descriptor_.number(), bytes.data() + got, bytes.size() - got, static_cast<off_t>(offset + got));
    if (n < 0) {
      if (errno == EINTR) continue;
      return os_error(errno, "reading " + path_ + " at " + std::to_string(offset + got));
    }
    if (n == 0) break;
    got += static_cast<std::size_t>(n);
  }
  bytes.resize(got);
  return bytes;
}

Result<std::uint64_t> PosixFile::size() const {
  struct stat status {};
  if (::fstat(descriptor_.number(), &status) != 0) return os_error(errno, "reading the size of " + path_);
  return static_cast<std::uint64_t>(status.st_size);
}

Result<> PosixFile::sync() {
  // fdatasync writes the bytes and the size that is needed to read them back; what it leaves out are times, which
  // nothing here depends on. Not retried, not even for EINTR: after a failure the kernel may have dropped the dirty
  // pages and a second call would answer "ok" for bytes that are not on the disk (seen on ext4).
  if (::fdatasync(descriptor_.number()) != 0) return os_error(errno, "syncing " + path_);
  return {};
}

}  // namespace backstock::sys
