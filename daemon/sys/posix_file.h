// The File of the real machine. Made by PosixFs only.
#pragma once

#include "sys/descriptor.h"
#include "sys/fs.h"

namespace backstock::sys {

class PosixFile final : public File {
 public:
  // `flags` beyond O_CLOEXEC and O_NOFOLLOW. Refuses what is no regular file.
  static Result<std::unique_ptr<File>> open(const Path& path, int flags, const char* doing);
  PosixFile(Descriptor descriptor, Path path) : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  Result<> append(ByteView bytes) override;
  Result<std::string> read_at(std::uint64_t offset, std::size_t count) const override;
  Result<std::uint64_t> size() const override;
  Result<> sync() override;

 private:
  Descriptor descriptor_;
  Path path_;
};

}  // namespace backstock::sys
