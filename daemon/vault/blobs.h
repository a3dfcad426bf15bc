// Binaries (images, theme archives) kept once under their SHA-256, beside the packs.
//
// put() returns when the blob is durable. get() gives bytes whose digest is the name, or `corrupt`; never others.
//
// Threads: any; two that put the same blob at once both succeed.
#pragma once

#include "base/crypto.h"
#include "vault/vault_options.h"

namespace backstock::vault {

inline constexpr ByteCount kMaxBlob = 512_MiB;

Result<Sha256Digest> put_blob(const Options& options, ByteView bytes);
Result<std::string> get_blob(const Options& options, const Sha256Digest& digest);
// blobs/ab/abcdef...
sys::Path blob_path(const Options& options, const Sha256Digest& digest);

}  // namespace backstock::vault
