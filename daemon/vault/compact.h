// Compaction: writes the versions of a content type again, in the order of their items, so that the versions of one
// item, and items that are alike, are packed against each other; then removes the packs that hold nothing more.
//
// Promise: no version is ever in fewer than one whole, synced place that the index or a rebuild finds. A pack is
// removed only after each line in it was found, byte for byte, in a pack that stays. What cannot be read stays where it
// is, with its pack, and is told. It may be stopped, fail or be killed at any moment: versions may then stand twice,
// never less. Readers go on all the time; so does the VaultWriter of this process, which the caller keeps open (it
// holds the lock) and whose pack it has ended before, so that what was appended so far takes part.
//
// Memory: some ten MiB, and what the largest version takes twice.
//
// Threads: one at a time, beside those of the writer and of readers.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "vault/vault_options.h"

namespace backstock::vault {

struct CompactOptions {
  int level = 12;                     // zstd's
  ByteCount frame_size = 64_KiB;      // of lines: what reading one version unpacks
  ByteCount dictionary_size = 1_MiB;  // at most
  double loose_share = 0.1;           // of a type's bytes outside compacted packs: from there on it pays
  ByteCount reserve = 256_MiB;        // of free disk space that must be left
  std::function<void()> rest = {};    // called after each frame: where a budget of CPU and I/O is kept
};

struct CompactProgress {
  std::string_view doing;  // a content type, or empty while packs are checked and removed
  std::uint64_t done = 0;  // bytes of lines
  std::uint64_t total = 0;
};
using OnCompactProgress = std::function<void(const CompactProgress& progress)>;

struct CompactedType {
  std::string type;
  std::uint64_t versions = 0;
  ByteCount raw = 0;             // bytes of lines
  ByteCount stored = 0;          // bytes of the packs they are in now
  std::uint32_t dictionary = 0;  // 0: without
};

struct Compacted {
  std::vector<CompactedType> types;    // those that were written again
  std::vector<std::uint64_t> removed;  // packs
  ByteCount before = 0;                // packs and dictionaries
  ByteCount after = 0;
  std::vector<std::string> findings;  // what could not be read or removed, in sentences
};

// Nothing to do is no error. `cancelled` when stopped: what was finished until then stays done.
Result<Compacted> compact(const Options& options, const CompactOptions& how, const OnCompactProgress& progress = {},
                          std::stop_token stop = {});

// Whether compact() would write anything: reads the index only.
Result<bool> would_compact(const Options& options, const CompactOptions& how);

}  // namespace backstock::vault
