#include "support/temp_folder.h"

#include <stdlib.h>  // mkdtemp

#include <cstdio>
#include <filesystem>

namespace backstock::testing {

TempFolder::TempFolder() {
  std::error_code ignored;
  auto base = std::filesystem::temp_directory_path(ignored);
  if (base.empty()) base = "/tmp";
  path_ = (base / "backstock-test-XXXXXX").string();
  if (::mkdtemp(path_.data()) == nullptr) {
    std::perror(path_.c_str());
    std::abort();  // no test that needs a folder can say anything
  }
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace backstock::testing
