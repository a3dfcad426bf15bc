// Where the frames of versions stand: for who reads them all, whatever is in them.
//
// Threads: those of the connection.
#pragma once

#include <vector>

#include "index/connection.h"
#include "index/rows.h"

namespace backstock::index {

// Of one pack, in their order there, from an offset on.
Result<std::vector<FrameRow>> frames_of_pack(Connection& connection, std::uint64_t pack, std::uint64_t from,
                                             std::uint32_t limit);
// Stored bytes of all of them.
Result<std::uint64_t> stored_size_of_frames(Connection& connection);

}  // namespace backstock::index
