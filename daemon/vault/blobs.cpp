#include "vault/blobs.h"

namespace backstock::vault {

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
  const bool there = TRY(sys::exists(*options.fs, path));
  if (there && get_blob(options, digest)) return digest;
  const sys::Path folder = path.substr(0, path.rfind('/'));
  TRY(options.fs->make_folder(folder));
  TRY(options.fs->sync_folder(options.blobs()));
  TRY(sys::replace_file(*options.fs, path, bytes));
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
