// A file system in memory that remembers what was synced, and forgets the rest when told to: power cuts for tests.
//
// Stricter than most real ones: bytes last only after sync() of their file, names only after sync_folder() of their
// folder, each without the other. A make_folder() lasts at once (see fs.h).
//
//   fs.cut_after(n);      the machine stops after n more operations: all later calls fail
//   run(fs);
//   fs.crash();           what was not synced is gone, files that were open are dead, everything works again
//   check(fs);
//
// Operations are the calls that change something: create, append, sync, rename, remove, make_folder, sync_folder.
//
// Threads: any. Lifetime: outlives its files and locks.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "base/guarded.h"
#include "sys/fs.h"

namespace backstock::testing {

class MemoryFs final : public sys::Fs {
 public:
  Result<std::unique_ptr<sys::File>> open_read(const sys::Path& path) override;
  Result<std::unique_ptr<sys::File>> create(const sys::Path& path) override;
  Result<std::unique_ptr<sys::File>> open_append(const sys::Path& path) override;
  Result<> rename(const sys::Path& from, const sys::Path& to) override;  // files only
  Result<> remove(const sys::Path& path) override;
  Result<std::vector<sys::Entry>> list(const sys::Path& folder) override;
  Result<> make_folder(const sys::Path& folder) override;
  Result<> sync_folder(const sys::Path& folder) override;
  Result<ByteCount> free_space(const sys::Path& folder) override;
  Result<ByteCount> total_space(const sys::Path& folder) override;
  Result<std::unique_ptr<sys::Lock>> lock(const sys::Path& path) override;

  // Without a seed, all that was not synced goes. With one, chance keeps some of it, as a disk may: a prefix of each
  // file's unsynced bytes (the end of it sometimes zeros), and the first few of the changes to folders.
  void crash(std::optional<std::uint64_t> seed = std::nullopt);
  void cut_after(std::uint64_t operations);
  std::uint64_t operations() const;
  void set_free_space(ByteCount bytes);
  void set_total_space(ByteCount bytes);

  // A file's bytes as they are, and any bytes put in their place, durably: to plant damage.
  std::string bytes_of(const sys::Path& path) const;
  void plant(const sys::Path& path, std::string bytes);
  bool has(const sys::Path& path) const;

 private:
  friend class MemoryFile;
  friend class MemoryLock;
  // Files are only ever appended to, so what is durable of one is a prefix.
  struct Node {
    std::string bytes;
    std::size_t synced = 0;
  };
  using NodePtr = std::shared_ptr<Node>;  // shared as an inode is: by names, by open files
  using Names = std::map<sys::Path, NodePtr>;
  // A change to folders that is not durable yet: `gone` lost its name (empty: none), `come` got one.
  struct Change {
    sys::Path gone;
    sys::Path come;
    NodePtr node;
  };
  struct World {
    Names now;
    Names durable;
    std::vector<Change> changes;
    std::set<sys::Path> folders;
    std::set<sys::Path> locks;
    std::uint64_t generation = 0;  // a file or lock from before a crash belongs to a process that is no more
    std::uint64_t operations = 0;
    std::optional<std::uint64_t> left;  // operations until the cut
    ByteCount free_space = 64 * 1024 * 1_MiB;
    ByteCount total_space = 128 * 1024 * 1_MiB;

    bool is_folder(const sys::Path& path) const;
    Result<> alive() const;
    Result<> count();
    void change(Change change);
    static void apply(const Change& change, Names& names);
  };
  Result<std::unique_ptr<sys::File>> open(const sys::Path& path);

  mutable Guarded<World> world_;
};

}  // namespace backstock::testing
