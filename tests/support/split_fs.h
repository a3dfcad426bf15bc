// One vault on two file systems: its index on the real disk, where SQLite needs it, all else wherever the test wants.
//
// Paths are the same on both. For crash tests: the packs' part forgets what was not synced, while a row that SQLite has
// committed stays, as it does on a disk.
//
// Threads: any. Lifetime: the other Fs outlives it.
#pragma once

#include "sys/posix_fs.h"

namespace backstock::testing {

class SplitFs final : public sys::Fs {
 public:
  explicit SplitFs(sys::Fs& other) : other_(&other) {}

  Result<std::unique_ptr<sys::File>> open_read(const sys::Path& path) override;
  Result<std::unique_ptr<sys::File>> create(const sys::Path& path) override;
  Result<std::unique_ptr<sys::File>> open_append(const sys::Path& path) override;
  Result<> rename(const sys::Path& from, const sys::Path& to) override;
  Result<> remove(const sys::Path& path) override;
  Result<std::vector<sys::Entry>> list(const sys::Path& folder) override;
  Result<> make_folder(const sys::Path& folder) override;
  Result<> sync_folder(const sys::Path& folder) override;
  Result<ByteCount> free_space(const sys::Path& folder) override;
  Result<ByteCount> total_space(const sys::Path& folder) override;
  Result<std::unique_ptr<sys::Lock>> lock(const sys::Path& path) override;

 private:
  sys::Fs& of(const sys::Path& path);
  sys::PosixFs real_;
  sys::Fs* other_;
};

}  // namespace backstock::testing
