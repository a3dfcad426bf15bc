#include "vault/aside.h"

#include <algorithm>

namespace backstock::vault {
namespace {

constexpr const char* kFolder = "damaged";

// The time in a file's name: without colons, which some file systems and copying programs do not take.
std::string time_name(const Options& options) {
  std::string text = format_rfc3339(options.clock->now());
  std::replace(text.begin(), text.end(), ':', '-');
  return text;
}

Result<std::string> free_name(const Options& options, const std::string& wanted, const std::string& ending) {
  const sys::Path folder = sys::join(options.folder, kFolder);
  TRY(options.fs->make_folder(folder));
  const auto entries = TRY(options.fs->list(folder));
  const auto taken = [&](const std::string& name) {
    return std::any_of(entries.begin(), entries.end(), [&](const sys::Entry& entry) { return entry.name == name; });
  };
  std::string name = wanted + ending;
  for (int nth = 2; taken(name); ++nth) name = wanted + "." + std::to_string(nth) + ending;
  return std::string(kFolder) + "/" + name;
}

}  // namespace

Result<std::string> move_aside(const Options& options, const std::string& file) {
  const std::string base = file.substr(file.rfind('/') + 1);
  std::string to = TRY(free_name(options, base + "." + time_name(options), ""));
  TRY(options.fs->rename(sys::join(options.folder, file), sys::join(options.folder, to)));
  // First where it came to: synced the other way round, a power cut could take both names.
  TRY(options.fs->sync_folder(sys::join(options.folder, kFolder)));
  TRY(options.fs->sync_folder(sys::folder_of(sys::join(options.folder, file))));
  return to;
}

Result<std::string> write_report(const Options& options, const std::string& text) {
  std::string report = TRY(free_name(options, "repair-" + time_name(options), ".txt"));
  TRY(replace_report(options, report, text));
  return report;
}

Result<> replace_report(const Options& options, const std::string& report, const std::string& text) {
  return sys::replace_file(*options.fs, sys::join(options.folder, report), text);
}

}  // namespace backstock::vault
