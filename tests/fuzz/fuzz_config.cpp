// Any bytes as a config: never a crash, and either a config or problems that each say what to do.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/load.h"

using namespace backstock;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const config::Sources sources = {
      .read_file = [](const std::string&, ByteCount) -> Result<std::string> { return std::string("token\n"); },
      .file_mode = [](const std::string&) -> Result<unsigned> { return 0600U; },
      .env = [](const std::string&) -> std::optional<std::string> { return "/run/credentials"; }};
  const config::Loaded loaded = config::load_text(text, "fuzz.yaml", sources, config::Secrets::check);
  if (loaded.config.has_value() != loaded.problems.empty()) std::abort();
  for (const config::Problem& problem : loaded.problems)
    if (problem.message.empty() || problem.hint.empty() || problem.line < 0) std::abort();
  static_cast<void>(config::format(loaded.problems));
  return 0;
}
