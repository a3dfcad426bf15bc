// What can be saved of a damaged pack, and the pack that it is written into. Only for this room.
//
// Threads: one, which holds the writer's lock while it writes.
#pragma once

#include <functional>
#include <set>
#include <stop_token>

#include "index/item_queries.h"
#include "index/item_writer.h"
#include "vault/frame_cache.h"
#include "vault/pack_chain.h"

namespace backstock::vault {

// A version that the index knows in a damaged pack and that cannot be read there.
struct LostVersion {
  std::string type;
  std::string id;
  std::uint32_t version = 0;
};

struct DamagedPack {
  std::uint64_t number = 0;
  std::string what;            // as verify told first
  bool there = false;          // its file
  bool ours = false;           // it can be opened and belongs to this store
  bool incomplete = false;     // frames of it are missing, or it is not known whether they are
  bool told_replaced = false;  // some pack says that all of it stands elsewhere
  std::uint64_t readable = 0;  // versions of the index that stand in whole frames
  std::vector<LostVersion> lost;
};

// Reads the whole pack. An error is a reason to leave this pack as it is: it cannot be judged.
Result<DamagedPack> examine_pack(const Options& options, const PackChain& chain, FrameCache& cache,
                                 index::ItemQueries* items, std::uint64_t number, const std::stop_token& stop);

struct Rescued {
  std::uint64_t versions = 0;
  std::uint64_t into = 0;  // 0: nothing had to be written
};

// Writes every line that the index has in this pack, and its control records, into a new pack that says that the
// damaged one may be gone; the rows follow. What was moved by an attempt before this is not written again.
Result<Rescued> rescue_pack(const Options& options, index::Connection& connection, FrameCache& cache,
                            std::uint64_t& next_number, const DamagedPack& damaged,
                            const std::function<void(std::uint64_t at)>& tell, const std::stop_token& stop);

}  // namespace backstock::vault
