// Appends frames to one pack file.
//
// A frame exists once sync() has succeeded after its append(); only then may its place be told to anyone.
// After the first failure the writer is finished: each later call repeats that error (a failed sync is never retried).
// A frame that is refused for what it is (bad_input, too_large) is no such failure: nothing has been written.
// It does not decide when a pack is full (vault does) and never reads the file.
//
// Threads: one at a time. Lifetime: the Fs outlives the writer. Bytes: FORMAT.md.
#pragma once

#include <memory>

#include "pack/dictionary.h"
#include "pack/packed_frame.h"
#include "sys/fs.h"

namespace backstock::pack {

struct Packing {
  // NOLINTNEXTLINE(google-explicit-constructor): a level alone is the common case
  Packing(int zstd_level, std::shared_ptr<const Dictionary> with = nullptr)
      : level(zstd_level), dictionary(std::move(with)) {}
  int level;
  std::shared_ptr<const Dictionary> dictionary;
};

class PackWriter {
 public:
  // Writes and syncs the header and the folder: when this returns, the pack exists. `header` comes complete, with a
  // random identity. conflict when there is a file of that number.
  static Result<std::unique_ptr<PackWriter>> create(sys::Fs& fs, const sys::Path& folder, PackHeader header,
                                                    const Packing& how);
  // Takes the number by an empty file of the pack's name, and writes beside it: only seal() puts the pack in its place,
  // whole and synced. What is given up before that leaves nothing.
  static Result<std::unique_ptr<PackWriter>> create_beside(sys::Fs& fs, const sys::Path& folder, PackHeader header,
                                                           const Packing& how);
  // Goes on after the last frame of a pack that ends exactly there, as a PackWalk over all of it says; conflict if it
  // does not: behind a torn tail nothing is ever appended. Syncs first: frames that a killed process left in the page
  // cache were read by that walk and are about to be told of.
  static Result<std::unique_ptr<PackWriter>> resume(sys::Fs& fs, const sys::Path& folder, PackHeader header,
                                                    std::uint64_t end, std::uint32_t frames, int level);
  virtual ~PackWriter() = default;

  // `header` needs kind, content_type, lines; the rest is filled in. `raw` is NDJSON that ends in a line break.
  virtual Result<FramePlace> append(FrameHeader header, ByteView raw) = 0;
  // One that was packed elsewhere, with the same dictionary.
  virtual Result<FramePlace> append(PackedFrame&& frame) = 0;
  virtual Result<> sync() = 0;
  // Appends the seal and syncs: nothing can be appended any more.
  virtual Result<> seal() = 0;
  virtual std::uint64_t number() const = 0;
  virtual const PackHeader& header() const = 0;
  // Behind the last frame; a seal does not count.
  virtual std::uint64_t end() const = 0;
};

}  // namespace backstock::pack
