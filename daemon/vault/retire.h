// Removes packs that hold nothing more: after everything in them was found in packs that stay. Only for this room.
//
// Threads: one at a time, beside those of the writer and of readers.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "index/item_writer.h"
#include "vault/compact.h"
#include "vault/frame_cache.h"
#include "vault/rewriting.h"

namespace backstock::vault {

struct Retired {
  std::vector<std::uint64_t> packs;
  std::vector<std::string> findings;  // why a pack that holds nothing stays
};

// Whether a pack is there that no row points into and that is to be removed. Reads the index, and headers.
Result<bool> has_empty_packs(index::Connection& connection, FrameCache& cache);

// Looks at every line of every pack that no row of the index points into, the newest that is appended to left out. Each
// must stand where its row points, in a pack that stays, or, when the index does not know it, in `removed/`.
// Their control records are written into a new pack first, whose header names the packs that are gone. Dictionaries
// that no pack needs go too.
Result<Retired> retire_packs(const Options& options, index::Connection& connection, index::ItemWriter& rows,
                             FrameCache& cache, std::uint64_t& next_number, const WorkMeter& meter);

}  // namespace backstock::vault
