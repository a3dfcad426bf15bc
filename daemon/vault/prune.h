// Retention done: versions that no rule keeps leave the index and the packs for `removed/`, and come back from there
// until their grace ends.
//
// Promise: a version's row goes only after its line stands, byte for byte, in a sealed, synced pack of `removed/`. Its
// pack goes only after each line in it was found in a pack that stays or in `removed/`. What cannot be read stays, with
// its row, and is told. A pack of `removed/` is deleted only when its grace is over by a clock that can be trusted, and
// no pack that its lines came from is left. It may be stopped, fail or be killed at any moment: versions then stand
// where they stood, or in `removed/`, or in both. Readers, the VaultWriter of this process and pins go on all the time;
// the caller holds the lock, and has ended the writer's pack before, as for compact().
//
// Threads: one at a time, compact() included.
#pragma once

#include "vault/compact.h"
#include "vault/prune_plan.h"

namespace backstock::vault {

struct PruneOptions {
  CompactOptions packing = {};
  bool force_clock = false;
  // False, where nobody asked: a type is left alone until it is worth the writing.
  bool thorough = true;
};

// A type is worth writing again when this share of its bytes would go, or so many.
inline constexpr double kWorthShare = 0.05;
inline constexpr ByteCount kWorthBytes = 64_MiB;

struct PrunedType {
  std::string type;
  std::uint64_t versions = 0;  // that were removed
  ByteCount bytes = 0;         // of their lines
};

struct Pruned {
  std::vector<PrunedType> types;             // those that lost versions
  std::vector<std::uint64_t> removed_packs;  // of `packs/`
  std::vector<std::uint64_t> deleted_packs;  // of `removed/`, for good
  ByteCount before = 0;                      // packs, dictionaries and what is in `removed/`
  ByteCount after = 0;
  std::vector<std::string> findings;  // what could not be read, removed or deleted, in sentences

  std::uint64_t versions() const;
};

// Nothing to do is no error, nor is a policy that keeps everything: then nothing is looked at. Progress as in
// compact(), in bytes of lines that are written again or into `removed/`. `cancelled` when stopped.
Result<Pruned> prune(const Options& options, const RetentionPolicy& policy, const PruneOptions& how,
                     const OnCompactProgress& progress = {}, std::stop_token stop = {});

// For who prunes unasked: whether a day has passed since the last prune, and the grace since removed versions were put
// back, which was not done to lose them again the next night.
Result<bool> may_prune_unasked(const Options& options, const RetentionPolicy& policy);

struct Unpruned {
  std::uint64_t versions = 0;  // that came back
  ByteCount bytes = 0;         // of their lines
  std::vector<std::string> findings;
};

// Puts back all versions that are in `removed/`. The same promise and the same caller as prune().
Result<Unpruned> undo_prune(const Options& options, const CompactOptions& how, const OnCompactProgress& progress = {},
                            std::stop_token stop = {});

}  // namespace backstock::vault
