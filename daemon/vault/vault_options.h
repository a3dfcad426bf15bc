// Where one store's vault is and how it is written.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/random.h"
#include "sys/fs.h"
#include "vault/version_line.h"

namespace backstock::vault {

struct ContentHash {
  Hash hash{};
  int scheme = 0;
};

// When the disk counts as low and as full: bytes free. What is not said follows from the disk's size (disk_room.h).
struct DiskLimits {
  std::optional<ByteCount> warn;
  std::optional<ByteCount> stop;
};

struct Options {
  sys::Fs* fs = nullptr;  // these three outlive the vault
  Clock* clock = nullptr;
  Random* random = nullptr;
  sys::Path folder;        // data_dir/stores/<store_hash>
  std::string store_hash;  // pinned in every pack: a vault is never filled from another store
  // What people search an item by; the same answer for the same bytes, as a rebuild asks again.
  std::function<std::vector<std::string>(std::string_view type, std::string_view item)> labels;
  // What tells whether an item has changed, likewise; nullopt when there is no such rule (any more).
  std::function<std::optional<ContentHash>(const StoredVersion& version)> content_hash;
  int level = 3;                   // zstd, for the append path
  ByteCount frame_size = 128_KiB;  // NDJSON bytes per frame: what reading one version costs
  ByteCount flush_size = 4_MiB;    // NDJSON bytes until an append makes all so far durable
  ByteCount pack_size = 256_MiB;   // stored bytes until a pack is sealed
  DiskLimits disk;

  sys::Path packs() const { return sys::join(folder, "packs"); }
  sys::Path removed() const { return sys::join(folder, "removed"); }  // packs of what retention removed, for its grace
  sys::Path blobs() const { return sys::join(folder, "blobs"); }
  sys::Path index() const { return sys::join(folder, "index.db"); }
  sys::Path lock() const { return sys::join(folder, "writer.lock"); }
};

}  // namespace backstock::vault
