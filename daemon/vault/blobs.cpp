#include "vault/blobs.h"

#include "vault/scratch.h"

namespace backstock::vault {
namespace {

// Each caller writes a file of its own: two that put the same blob at once both rename whole bytes into place.
Result<> write_blob(const Options& options, const sys::Path& path, ByteView bytes) {
  const sys::Path beside = TRY(scratch_path(options));
  const auto write = [&]() -> Result<> {
    const auto file = TRY(options.fs->create(beside));
    TRY(file->append(bytes));
    TRY(file->sync());
    return options.fs->rename(beside, path);
  };
  auto written = write();
  if (!written) {
    // The first error counts; what stays is removed at the next open of a writer.
    [[maybe_unused]] const auto tidied = options.fs->remove(beside);
  }
  return written;
}

}  // namespace

sys::Path blob_path(const Options& options, const Sha256Digest& digest) {
  const std::string name = to_hex(view(digest));
  return sys::join(sys::join(options.blobs(), name.substr(0, 2)), name);
}

Result<Sha256Digest> put_blob(const Options& options, ByteView bytes) {
  if (bytes.size() > kMaxBlob) {
    return make_error(ErrorKind::too_large, "a binary of " + std::to_string(bytes.size()) +
                                                " bytes is over the cap of " + std::to_string(kMaxBlob));
  }
  const Sha256Digest digest = sha256(bytes);
  const sys::Path path = blob_path(options, digest);
  const sys::Path folder = sys::folder_of(path);
  TRY(options.fs->make_folder(folder));
  const bool there = TRY(sys::exists(*options.fs, path));
  if (!there || !get_blob(options, digest)) TRY(write_blob(options, path, bytes));
  // Also for one that was there: a crash may have come between its rename and this.
  TRY(options.fs->sync_folder(folder));
  return digest;
}

Result<std::string> get_blob(const Options& options, const Sha256Digest& digest) {
  const sys::Path path = blob_path(options, digest);
  std::string bytes = TRY(sys::read_file(*options.fs, path, kMaxBlob));
  if (sha256(bytes) != digest) {
    return make_error(ErrorKind::corrupt, "blob " + path + " is not what was stored there",
                      "run `backstock verify` to see what else is damaged");
  }
  return bytes;
}

}  // namespace backstock::vault
