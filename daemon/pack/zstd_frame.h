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
  // One frame; valid until the next call of anything here.
  Result<ByteView> compress(ByteView raw);
  // What a giant needed is given back.
  void forget_large_buffer();
  const Dictionary* dictionary() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The content of exactly one frame that must unpack to exactly `raw_size` bytes, with exactly this dictionary (null:
// none). No more than that is ever allocated. `room` is a string that is needed no more: its memory serves again, as
// fresh memory costs as much as a third of the unpacking.
Result<std::string> decompress(ByteView frame, std::size_t raw_size, const Dictionary* dictionary = nullptr,
                               std::string room = {});

// Does the frame unpack to `raw`? Needs no room for a second copy of it.
Result<> check_unpacks_to(ByteView frame, ByteView raw, const Dictionary* dictionary = nullptr);

}  // namespace backstock::pack
