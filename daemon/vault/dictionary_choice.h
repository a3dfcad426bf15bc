// Which dictionary the versions of a content type are to be packed with: the one they have, a better one, or none.
// Only for this room.
//
// Threads: one at a time.
#pragma once

#include <memory>

#include "index/connection.h"
#include "pack/dictionary.h"
#include "vault/compact.h"
#include "vault/frame_cache.h"

namespace backstock::vault {

// Reads a sample of the type's items, trains a dictionary, and compares what the sample takes with it, with the one in
// use (0: none) and with none, their own files counted. A new one is kept on disk before this returns, with a number
// from the packs' counter. Null: none pays.
Result<std::shared_ptr<const pack::Dictionary>> choose_dictionary(const CompactOptions& how,
                                                                  index::Connection& connection, FrameCache& cache,
                                                                  std::string_view type, ByteCount raw,
                                                                  std::uint32_t in_use, std::uint64_t& next_number);

}  // namespace backstock::vault
