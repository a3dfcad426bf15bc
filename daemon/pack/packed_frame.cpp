#include "pack/packed_frame.h"

#include "pack/dictionary.h"

namespace backstock::pack {

namespace {

Error bad(std::string what) { return make_error(ErrorKind::bad_input, std::move(what)); }

// What the caller got wrong.
Result<> check_lines(const FrameHeader& header, ByteView raw) {
  if (raw.size() > kMaxRawFrame) {
    return make_error(ErrorKind::too_large, "a frame of " + std::to_string(raw.size()) +
                                                " bytes is over the limit of " + std::to_string(kMaxRawFrame));
  }
  if (header.content_type.size() > kMaxName) return bad("the content type's name is too long for a frame header");
  if (raw.empty() || raw.back() != '\n') return bad("a frame must end in a line break");
  std::uint64_t lines = 0;
  for (std::size_t at = 0; (at = raw.find('\n', at)) != raw.npos; ++at) ++lines;
  if (lines != header.lines) {
    return bad("a frame said to have " + std::to_string(header.lines) + " lines has " + std::to_string(lines));
  }
  return {};
}

}  // namespace

Result<PackedFrame> pack_frame(Compressor& compressor, FrameHeader header, ByteView raw) {
  TRY(check_lines(header, raw));
  const ByteView frame = TRY(compressor.compress(raw));
  header.raw_size = static_cast<std::uint32_t>(raw.size());
  header.stored_size = static_cast<std::uint32_t>(frame.size());
  header.dictionary = compressor.dictionary() == nullptr ? 0 : compressor.dictionary()->number();
  header.stored_checksum = checksum_of(frame);
  // After the checksum: a bit that flips between the two is then found by every reader, and one before by this.
  TRY(check_unpacks_to(frame, raw, compressor.dictionary()));
  PackedFrame packed;
  packed.room = kMinFrameHeader + header.content_type.size();
  packed.bytes.reserve(packed.room + frame.size());
  packed.bytes.assign(packed.room, '\0');
  packed.bytes += frame;
  packed.header = std::move(header);
  compressor.forget_large_buffer();
  return packed;
}

}  // namespace backstock::pack
