// A frame, packed and checked, that stands in no file yet.
//
// It is unpacked again from memory and compared before this returns: a bit that flipped while packing is caught here.
//
// Threads: a Compressor by one at a time.
#pragma once

#include <string>

#include "pack/pack_format.h"
#include "pack/zstd_frame.h"

namespace backstock::pack {

struct PackedFrame {
  FrameHeader header;  // whole but for its place: sequence and offset
  std::string bytes;   // the zstd frame, behind room for the header
  std::size_t room = 0;
};

// `header` needs kind, content_type, lines. `raw` is NDJSON that ends in a line break; bad_input or too_large when it
// is not what the header says or larger than a frame may be.
Result<PackedFrame> pack_frame(Compressor& compressor, FrameHeader header, ByteView raw);

}  // namespace backstock::pack
