// LD_PRELOAD: ends the process hard at its n-th call that changes a file below a folder, SQLite's calls too, whatever
// thread it comes from. For kill_calls.test.mjs.
//
//   BACKSTOCK_KILL_AT=N          before the n-th such call; a write is done half where N is even
//   BACKSTOCK_KILL_BELOW=FOLDER  what counts: calls whose path, or file, has this in its name
//   BACKSTOCK_FORGET_SYNC=1      syncs say that they are done and do nothing: shows that a test of power cuts can fail
//
// Not for builds with sanitizers, which bring interposers of their own.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

std::atomic<unsigned long> calls{0};

const char* below() { return std::getenv("BACKSTOCK_KILL_BELOW"); }

bool counts(const char* path) { return below() != nullptr && path != nullptr && std::strstr(path, below()) != nullptr; }

bool counts(int file) {
  char link[64];
  char path[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t size = ::readlink(link, path, sizeof path - 1);
  if (size < 0) return false;
  path[size] = '\0';
  return counts(path);
}

// Is this the call? Then half of a write may go through first.
bool is_due() {
  static const unsigned long at = [] {
    const char* text = std::getenv("BACKSTOCK_KILL_AT");
    return text == nullptr ? 0UL : std::strtoul(text, nullptr, 10);
  }();
  return at != 0 && ++calls == at;
}
bool writes_half() { return calls % 2 == 0; }

bool forgets_sync() { return std::getenv("BACKSTOCK_FORGET_SYNC") != nullptr; }

[[noreturn]] void die() {
  ::raise(SIGKILL);
  std::abort();
}

template <class File>
void pass(File file) {
  if (counts(file) && is_due()) die();
}

template <class Call>
Call* real(const char* name) {
  return reinterpret_cast<Call*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* bytes, size_t size) {
  static auto* const call = real<ssize_t(int, const void*, size_t)>("write");
  if (counts(file) && is_due()) {
    if (writes_half()) call(file, bytes, size / 2);
    die();
  }
  return call(file, bytes, size);
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) {
  static auto* const call = real<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  if (counts(file) && is_due()) {
    if (writes_half()) call(file, bytes, size / 2, offset);
    die();
  }
  return call(file, bytes, size, offset);
}
ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) { return pwrite64(file, bytes, size, offset); }

int fsync(int file) {
  static auto* const call = real<int(int)>("fsync");
  pass(file);
  return forgets_sync() ? 0 : call(file);
}
int fdatasync(int file) {
  static auto* const call = real<int(int)>("fdatasync");
  pass(file);
  return forgets_sync() ? 0 : call(file);
}
int ftruncate64(int file, off64_t size) noexcept {
  static auto* const call = real<int(int, off64_t)>("ftruncate64");
  pass(file);
  return call(file, size);
}
int ftruncate(int file, off_t size) noexcept { return ftruncate64(file, size); }

int rename(const char* from, const char* to) noexcept {
  static auto* const call = real<int(const char*, const char*)>("rename");
  pass(from);
  return call(from, to);
}
int unlink(const char* path) noexcept {
  static auto* const call = real<int(const char*)>("unlink");
  pass(path);
  return call(path);
}
int mkdir(const char* path, mode_t mode) noexcept {
  static auto* const call = real<int(const char*, mode_t)>("mkdir");
  pass(path);
  return call(path, mode);
}

int open64(const char* path, int flags, ...) {
  static auto* const call = real<int(const char*, int, ...)>("open64");
  mode_t mode = 0;
  if ((flags & O_CREAT) != 0) {
    va_list more;
    va_start(more, flags);
    mode = va_arg(more, mode_t);
    va_end(more);
    pass(path);
  }
  return call(path, flags, mode);
}
int open(const char* path, int flags, ...) {
  mode_t mode = 0;
  if ((flags & O_CREAT) != 0) {
    va_list more;
    va_start(more, flags);
    mode = va_arg(more, mode_t);
    va_end(more);
  }
  return open64(path, flags, mode);
}
}
