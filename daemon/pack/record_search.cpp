#include "pack/record_search.h"

#include <algorithm>

namespace backstock::pack {

namespace {

constexpr std::size_t kChunk = 1_MiB;
constexpr std::size_t kLongest = std::max(kMaxFrameHeader, kSealSize);
constexpr ByteView kMagicTail = "\x2A\x4D\x18";  // what all our magics end in, as stored; the byte before it differs

std::optional<FoundRecord> record_at(ByteView bytes, std::uint64_t offset, const PackIdentity* identity) {
  if (identity == nullptr) {
    const auto owner = decode_frame_identity(bytes, offset);
    if (owner) return FoundRecord{offset, *owner};
    return std::nullopt;
  }
  if (decode_frame_header(bytes, *identity, offset) || decode_seal_frames(bytes, *identity, offset)) {
    return FoundRecord{offset, *identity};
  }
  return std::nullopt;
}

}  // namespace

Result<std::optional<FoundRecord>> find_record(const sys::File& file, std::uint64_t from,
                                               const PackIdentity* identity) {
  for (;;) {
    const std::string chunk = TRY(file.read_at(from, kChunk));
    const bool last = chunk.size() < kChunk;
    // A record that begins near the end of a chunk is looked at in the next one, which overlaps.
    const std::size_t limit = last ? chunk.size() : chunk.size() - kLongest;
    std::size_t at = 0;
    for (;;) {
      const std::size_t tail = ByteView(chunk).find(kMagicTail, at + 1);
      if (tail == ByteView::npos || tail - 1 >= limit) break;
      at = tail - 1;
      if (auto found = record_at(ByteView(chunk).substr(at), from + at, identity)) return found;
      at = tail;
    }
    if (last) return std::optional<FoundRecord>();
    from += limit;
  }
}

}  // namespace backstock::pack
