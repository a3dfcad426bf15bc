// A folder of its own for a test, gone with the object.
#pragma once

#include "sys/fs.h"

namespace backstock::testing {

class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const sys::Path& path() const { return path_; }

 private:
  sys::Path path_;
};

}  // namespace backstock::testing
