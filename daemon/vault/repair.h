// Takes damage out of a vault: what is whole in a damaged file is written anew, what is not is named.
//
// Promise: no damaged file is changed, overwritten or deleted. It is moved to `damaged/` beside `packs/`, under its
// name and the time, after all that could be read of it stands in a sealed, synced pack; a report lies there with it.
// The index then forgets the versions that no pack holds any more, so that the next full backup stores what the store
// still has, under numbers that were never given before: a control record keeps those of the lost ones. A version that
// another pack holds too is not lost. It may be stopped, fail or be killed at any moment: the next one goes on. Left
// alone: torn tails, which are no damage; packs that this program cannot judge (of a newer format, unreadable for the
// want of a dictionary, or of a permission), and then all packs.
//
// Threads: one. Takes the writer's lock: conflict while a daemon or a backup has it.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "vault/vault_options.h"

namespace backstock::vault {

// "looking for damage", "writing pack ... anew", "rebuilding the index", and bytes.
using OnRepairProgress = std::function<void(std::string_view doing, std::uint64_t done, std::uint64_t total)>;

struct RepairedPack {
  std::uint64_t number = 0;
  std::string what;         // is wrong with it, a clause
  std::uint64_t saved = 0;  // versions written anew
  std::uint64_t into = 0;   // the pack that they are in now; 0: there was nothing left to write
  std::string moved_to;     // "damaged/..."; empty: the file is missing
};

struct RepairedFile {
  std::string file;  // below the vault's folder
  std::string done;  // a clause
};

struct Repaired {
  std::vector<RepairedPack> packs;
  std::vector<RepairedFile> files;  // dictionaries and blobs
  std::vector<std::string> left;    // what was left alone and why, in sentences
  std::vector<std::string> lost;    // "products 123 version 4", at most kMaxNamed
  std::uint64_t lost_count = 0;
  bool rebuilt_index = false;
  std::string report;  // "damaged/repair-..."; empty: nothing was lost or moved
};

struct RepairOptions {
  bool dry_run = false;  // only says what it would do, and takes no lock
};

// `cancelled` when stopped.
Result<Repaired> repair(const Options& options, const RepairOptions& how, const OnRepairProgress& progress = {},
                        std::stop_token stop = {});

}  // namespace backstock::vault
