#include "vault/file_mending.h"

#include "base/crypto.h"
#include "pack/dictionary.h"
#include "vault/aside.h"
#include "vault/blobs.h"

namespace backstock::vault {
namespace {

// From the other of the two files, which serves all the time.
Result<Mended> mend_dictionary(const Options& options, const std::string& file, std::uint32_t number, bool dry_run) {
  const sys::Path path = sys::join(options.folder, file);
  const std::string name = file.substr(file.rfind('/') + 1);
  const std::string other =
      name == pack::dictionary_name(number) ? pack::dictionary_copy_name(number) : pack::dictionary_name(number);
  const auto bytes = sys::read_file(*options.fs, sys::join(options.packs(), other), pack::kMaxDictionary + 64_KiB);
  if (!bytes || !pack::decode_dictionary(*bytes, number)) return Mended{true, ""};
  std::string moved;
  const bool there = TRY(sys::exists(*options.fs, path));
  if (there && !dry_run) moved = ", the damaged one is " + TRY(move_aside(options, file));
  if (!dry_run) TRY(sys::replace_file(*options.fs, path, *bytes));
  return Mended{false, "made anew from " + other + moved};
}

// One that only stands in the wrong folder goes where it belongs, unless it is there too.
Result<Mended> mend_blob(const Options& options, const std::string& file, bool dry_run) {
  const std::string name = file.substr(file.rfind('/') + 1);
  const sys::Path right = sys::join(sys::join(options.blobs(), name.substr(0, 2)), name);
  const sys::Path path = sys::join(options.folder, file);
  const auto bytes = sys::read_file(*options.fs, path, kMaxBlob);
  const bool whole = bytes && to_hex(view(sha256(*bytes))) == name;
  if (whole && path != right && !TRY(sys::exists(*options.fs, right))) {
    if (!dry_run) {
      TRY(options.fs->make_folder(sys::folder_of(right)));
      TRY(options.fs->rename(path, right));
      TRY(options.fs->sync_folder(sys::folder_of(right)));
      TRY(options.fs->sync_folder(sys::folder_of(path)));
    }
    return Mended{false, "put where it belongs, " + right.substr(options.folder.size() + 1)};
  }
  if (dry_run) return Mended{false, "would be moved to damaged/"};
  return Mended{false, "moved to " + TRY(move_aside(options, file))};
}

}  // namespace

Result<Mended> mend_file(const Options& options, const std::string& file, bool dry_run) {
  const std::string name = file.substr(file.rfind('/') + 1);
  if (const auto number = pack::parse_dictionary_name(name)) return mend_dictionary(options, file, *number, dry_run);
  return mend_blob(options, file, dry_run);
}

}  // namespace backstock::vault
