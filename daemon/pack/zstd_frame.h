// One zstd frame, packed and unpacked: the door to libzstd.
//
// A frame made here carries its content size and zstd's own checksum, and a frame without both is refused: without the
// flag, damaged text decodes "successfully" to other text.
//
// Threads: a Compressor by one at a time; the functions by all (each thread has a context of its own, kept).
#pragma once

#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace backstock::pack {

class Dictionary;

class Compressor {
 public:
  // With a dictionary each frame carries its number, and is read with it only.
  explicit Compressor(int level, std::shared_ptr<const Dictionary> dictionary = nullptr);
  ~Compressor();
  // The frame is written behind the first `offset` bytes of `out`, which stay free for a header; gives its size.
  // `out` may be longer than that afterwards: it is a buffer to be used again.
  Result<std::size_t> compress(ByteView raw, std::size_t offset, std::string& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The content of exactly one frame that must unpack to exactly `raw_size` bytes, with exactly this dictionary (null:
// none). No more than that is ever allocated.
Result<std::string> decompress(ByteView frame, std::size_t raw_size, const Dictionary* dictionary = nullptr);

// Does the frame unpack to `raw`? Needs no room for a second copy of it.
Result<> check_unpacks_to(ByteView frame, ByteView raw, const Dictionary* dictionary = nullptr);

}  // namespace backstock::pack
