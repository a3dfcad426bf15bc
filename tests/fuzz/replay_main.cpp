// Runs every file of the folders it is given through a fuzz target once, for builds without libFuzzer.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

bool run(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", path.c_str());
    return false;
  }
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  // Named first: should the target abort, the last name is the culprit.
  std::printf("%s\n", path.c_str());
  std::fflush(stdout);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  return true;
}

}  // namespace

int main(int count, char** words) {
  int seeds = 0;
  for (int i = 1; i < count; ++i) {
    std::error_code error;
    if (!std::filesystem::is_directory(words[i], error)) {
      if (!run(words[i])) return 1;
      ++seeds;
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(words[i], error)) {
      if (!entry.is_regular_file()) continue;
      if (!run(entry.path())) return 1;
      ++seeds;
    }
    if (error) {
      std::fprintf(stderr, "%s: %s\n", words[i], error.message().c_str());
      return 1;
    }
  }
  std::printf("%d seeds\n", seeds);
  // A test that ran nothing has shown nothing.
  return seeds > 0 ? 0 : 1;
}
