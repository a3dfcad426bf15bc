#include "sys/posix_fs.h"

#include <dirent.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cstdio>

#include "sys/posix_file.h"
#include "sys/posix_lock.h"

namespace backstock::sys {

namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

}  // namespace

Result<std::unique_ptr<File>> PosixFs::open_read(const Path& path) {
  return PosixFile::open(path, O_RDONLY, "opening");
}

// Read and write, here and below, because read_at() is promised for every File.
Result<std::unique_ptr<File>> PosixFs::create(const Path& path) {
  return PosixFile::open(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL, "creating");
}

Result<std::unique_ptr<File>> PosixFs::open_append(const Path& path) {
  return PosixFile::open(path, O_RDWR | O_APPEND, "opening");
}

Result<> PosixFs::rename(const Path& from, const Path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return os_error(errno, "renaming " + from + " to " + to);
  return {};
}

Result<> PosixFs::remove(const Path& path) {
  if (::unlink(path.c_str()) == 0) return {};
  if (errno == EISDIR && ::rmdir(path.c_str()) == 0) return {};
  return os_error(errno, "removing " + path);
}

Result<std::vector<Entry>> PosixFs::list(const Path& folder) {
  // Links to folders are followed: data_dir may be one. What stands in the folder is not.
  const Descriptor descriptor = TRY(open_descriptor(folder, O_RDONLY | O_DIRECTORY, "listing"));
  const int copy = ::fcntl(descriptor.number(), F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return os_error(errno, "listing " + folder);
  const std::unique_ptr<DIR, CloseFolder> stream(::fdopendir(copy));
  if (stream == nullptr) {
    const int code = errno;
    ::close(copy);
    return os_error(code, "listing " + folder);
  }
  std::vector<Entry> entries;
  for (;;) {
    errno = 0;
    const dirent* found = ::readdir(stream.get());
    if (found == nullptr) {
      if (errno != 0) return os_error(errno, "listing " + folder);
      break;
    }
    const std::string name = found->d_name;
    if (name == "." || name == "..") continue;
    struct stat status {};
    if (::fstatat(descriptor.number(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno == ENOENT) continue;  // removed while we listed
      return os_error(errno, "listing " + join(folder, name));
    }
    const bool is_folder = S_ISDIR(status.st_mode);
    entries.push_back({name, is_folder, is_folder ? 0 : static_cast<std::uint64_t>(status.st_size)});
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return entries;
}

Result<> PosixFs::make_folder(const Path& folder) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return {};
    return make_error(ErrorKind::failed, "making the folder " + folder + ": there is a file of that name");
  }
  if (errno != ENOENT) return os_error(errno, "making the folder " + folder);
  const Path parent = folder_of(folder);
  TRY(make_folder(parent));
  if (::mkdir(folder.c_str(), 0700) != 0) {
    if (errno == EEXIST) return make_folder(folder);  // somebody else was faster
    return os_error(errno, "making the folder " + folder);
  }
  auto synced = sync_folder(parent);
  // Not durable: take it back, or the next call would find it and say that all is well.
  if (!synced) ::rmdir(folder.c_str());
  return synced;
}

Result<> PosixFs::sync_folder(const Path& folder) {
  const Descriptor descriptor = TRY(open_descriptor(folder, O_RDONLY | O_DIRECTORY, "syncing"));
  if (::fsync(descriptor.number()) != 0) return os_error(errno, "syncing " + folder);
  return {};
}

Result<ByteCount> PosixFs::free_space(const Path& folder) {
  struct statvfs status {};
  if (::statvfs(folder.c_str(), &status) != 0) return os_error(errno, "asking for the free space of " + folder);
  return static_cast<ByteCount>(status.f_bavail) * status.f_frsize;  // for us, without what is reserved for root
}

Result<ByteCount> PosixFs::total_space(const Path& folder) {
  struct statvfs status {};
  if (::statvfs(folder.c_str(), &status) != 0) return os_error(errno, "asking for the size of the disk of " + folder);
  return static_cast<ByteCount>(status.f_blocks) * status.f_frsize;
}

Result<std::unique_ptr<Lock>> PosixFs::lock(const Path& path) { return PosixLock::take(path); }

Result<unsigned> file_mode(const Path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return os_error(errno, "reading the mode of " + path);
  return static_cast<unsigned>(status.st_mode & 07777U);
}

}  // namespace backstock::sys
