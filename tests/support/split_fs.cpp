#include "support/split_fs.h"

#include <algorithm>

namespace backstock::testing {

using sys::Path;

sys::Fs& SplitFs::of(const Path& path) {
  const bool index = path.substr(path.rfind('/') + 1).starts_with("index.db");
  return index ? static_cast<sys::Fs&>(real_) : *other_;
}

Result<std::unique_ptr<sys::File>> SplitFs::open_read(const Path& path) { return of(path).open_read(path); }
Result<std::unique_ptr<sys::File>> SplitFs::create(const Path& path) { return of(path).create(path); }
Result<std::unique_ptr<sys::File>> SplitFs::open_append(const Path& path) { return of(path).open_append(path); }
Result<> SplitFs::rename(const Path& from, const Path& to) { return of(from).rename(from, to); }
Result<> SplitFs::remove(const Path& path) { return of(path).remove(path); }
Result<std::vector<sys::Entry>> SplitFs::list(const Path& folder) {
  auto entries = TRY(other_->list(folder));
  const auto here = real_.list(folder);
  if (!here) return entries;
  for (const sys::Entry& entry : *here) {
    if (&of(sys::join(folder, entry.name)) == &real_) entries.push_back(entry);
  }
  std::sort(entries.begin(), entries.end(), [](const sys::Entry& a, const sys::Entry& b) { return a.name < b.name; });
  return entries;
}
Result<> SplitFs::make_folder(const Path& folder) { return other_->make_folder(folder); }
// The index's folder is not synced: what a rename loses there is as if it had come later.
Result<> SplitFs::sync_folder(const Path& folder) { return other_->sync_folder(folder); }
Result<ByteCount> SplitFs::free_space(const Path& folder) { return other_->free_space(folder); }
Result<ByteCount> SplitFs::total_space(const Path& folder) { return other_->total_space(folder); }
Result<std::unique_ptr<sys::Lock>> SplitFs::lock(const Path& path) { return other_->lock(path); }

}  // namespace backstock::testing
