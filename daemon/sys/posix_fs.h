// The Fs of the real machine. See fs.h for the promises.
#pragma once

#include "sys/fs.h"

namespace backstock::sys {

class PosixFs final : public Fs {
 public:
  Result<std::unique_ptr<File>> open_read(const Path& path) override;
  Result<std::unique_ptr<File>> create(const Path& path) override;
  Result<std::unique_ptr<File>> open_append(const Path& path) override;
  Result<> rename(const Path& from, const Path& to) override;
  Result<> remove(const Path& path) override;
  Result<std::vector<Entry>> list(const Path& folder) override;
  Result<> make_folder(const Path& folder) override;
  Result<> sync_folder(const Path& folder) override;
  Result<ByteCount> free_space(const Path& folder) override;
  Result<ByteCount> total_space(const Path& folder) override;
  Result<std::unique_ptr<Lock>> lock(const Path& path) override;
};

// Mode bits of a file, for the check that nobody else can read a token file.
Result<unsigned> file_mode(const Path& path);

}  // namespace backstock::sys
