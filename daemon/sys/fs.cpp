#include "sys/fs.h"

#include <algorithm>

namespace backstock::sys {

Path folder_of(Path path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  const auto slash = path.rfind('/');
  if (slash == Path::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

namespace {

Result<> write_whole(Fs& fs, const Path& path, ByteView content) {
  const auto file = TRY(fs.create(path));
  TRY(file->append(content));
  return file->sync();
}

}  // namespace

Result<bool> exists(Fs& fs, const Path& path) {
  const auto entries = fs.list(folder_of(path));
  if (!entries) {
    if (entries.error().kind == ErrorKind::not_found) return false;
    return entries.error();
  }
  const std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
  return std::any_of(entries->begin(), entries->end(), [&](const Entry& entry) { return entry.name == name; });
}

Result<std::string> read_file(Fs& fs, const Path& path, ByteCount max) {
  const auto file = TRY(fs.open_read(path));
  const std::uint64_t size = TRY(file->size());
  if (size > max) {
    return make_error(ErrorKind::too_large, path + " has " + std::to_string(size) + " bytes, more than the " +
                                                std::to_string(max) + " allowed");
  }
  return file->read_at(0, static_cast<std::size_t>(size));
}

Result<> replace_file(Fs& fs, const Path& path, ByteView content) {
  const Path beside = path + ".new";
  // Left by a crash before the rename: nobody was ever told of it.
  const auto cleared = fs.remove(beside);
  if (!cleared && cleared.error().kind != ErrorKind::not_found) return cleared;

  auto done = write_whole(fs, beside, content);
  if (done) done = fs.rename(beside, path);
  if (!done) {
    // The error that counts is the first one; a left-over goes with the next call.
    [[maybe_unused]] const auto tidied = fs.remove(beside);
    return done;
  }
  return fs.sync_folder(folder_of(path));
}

}  // namespace backstock::sys
