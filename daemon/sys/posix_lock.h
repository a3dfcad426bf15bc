// The Lock of the real machine. Made by PosixFs only.
#pragma once

#include "sys/descriptor.h"
#include "sys/fs.h"

namespace backstock::sys {

// flock on a file: the kernel lets go of it when the process ends, however it ends. The file stays: removing it while
// somebody else opens it would give two holders of two files with one name. The pid in it is for the message only.
class PosixLock final : public Lock {
 public:
  static Result<std::unique_ptr<Lock>> take(const Path& path);
  explicit PosixLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}
  ~PosixLock() override;

 private:
  Descriptor descriptor_;
};

}  // namespace backstock::sys
