// The file system, as a seam: real in the daemon, in memory and faulty in tests.
//
// Paths are plain strings, absolute or relative to the working directory. Every failure names the path and the cause;
// ErrorKind::no_space for a full or read-only disk, not_found for a missing file, conflict for a lock held elsewhere.
// Files are opened with O_CLOEXEC | O_NOFOLLOW and made with mode 0600, folders with 0700: they hold customers' data.
// Nothing here retries a failed sync: after one, the file's unsynced bytes are in doubt for ever (see vault/README.md).
//
// Threads: an Fs may be used by all; a File by one at a time, except read_at, which any number may call at once.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace backstock::sys {

using Path = std::string;

inline Path join(const Path& folder, std::string_view name) { return folder + "/" + std::string(name); }

// The folder a path stands in: "." for a bare name.
Path folder_of(Path path);

class File {
 public:
  virtual ~File() = default;
  // All of `bytes` at the end of the file, or an error; after an error any prefix may stand there.
  virtual Result<> append(ByteView bytes) = 0;
  // As many bytes as asked for, fewer only at the end of the file.
  virtual Result<std::string> read_at(std::uint64_t offset, std::size_t count) const = 0;
  virtual Result<std::uint64_t> size() const = 0;
  virtual Result<> sync() = 0;
};

// Held until destroyed.
class Lock {
 public:
  virtual ~Lock() = default;
};

struct Entry {
  std::string name;
  bool is_folder = false;
  std::uint64_t size = 0;
};

class Fs {
 public:
  virtual ~Fs() = default;
  virtual Result<std::unique_ptr<File>> open_read(const Path& path) = 0;
  // conflict if the file exists.
  virtual Result<std::unique_ptr<File>> create(const Path& path) = 0;
  // For appending to an existing file.
  virtual Result<std::unique_ptr<File>> open_append(const Path& path) = 0;
  // Replaces `to` if it exists, atomically.
  virtual Result<> rename(const Path& from, const Path& to) = 0;
  // A file or an empty folder.
  virtual Result<> remove(const Path& path) = 0;
  // Sorted by name. A missing folder is not_found.
  virtual Result<std::vector<Entry>> list(const Path& folder) = 0;
  // With its parents; an existing folder is fine. Durable at once, unlike files: a pack in a folder that a power cut
  // takes away would be lost however well it was synced.
  virtual Result<> make_folder(const Path& folder) = 0;
  // Makes creations, renames and removals in the folder durable.
  virtual Result<> sync_folder(const Path& folder) = 0;
  // What may still be written to the file system that holds the folder, and its size.
  virtual Result<ByteCount> free_space(const Path& folder) = 0;
  virtual Result<ByteCount> total_space(const Path& folder) = 0;
  // Exclusive, across processes, gone with the process. conflict when held; the message names the holder's pid if
  // known.
  virtual Result<std::unique_ptr<Lock>> lock(const Path& path) = 0;
};

// Looks into the folder and never opens the file: closing any descriptor of a file drops all locks that this process
// has on it (POSIX), so opening SQLite's files beside SQLite would let another process believe itself alone with them.
Result<bool> exists(Fs& fs, const Path& path);
Result<std::string> read_file(Fs& fs, const Path& path, ByteCount max);
// Write beside (`path`.new), sync, rename, sync folder: afterwards the old or the new content is there, whole.
// One caller at a time per path.
Result<> replace_file(Fs& fs, const Path& path, ByteView content);

}  // namespace backstock::sys
