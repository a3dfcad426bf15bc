#include <algorithm>

#include "pack/reader_state.h"
#include "pack/record_search.h"

namespace backstock::pack {

PackWalk::PackWalk(const PackReader& reader, std::uint64_t from, ChooseDepth choose)
    : reader_(&reader), choose_(std::move(choose)), at_(from), good_end_(from) {
  if (from == reader.header_size() && !reader.header_damaged()) next_sequence_ = 0;
}

Result<std::optional<PackWalk::Step>> PackWalk::next() {
  const PackReader::State& state = *reader_->state_;
  for (;;) {
    const std::uint64_t size = TRY(state.file->size());
    if (at_ >= size) return std::optional<Step>();
    const std::string bytes = TRY(state.file->read_at(at_, kMaxFrameHeader));
    const auto decoded = decode_frame_header(bytes, state.header.identity, at_);
    if (decoded) return std::optional<Step>(TRY(step_over_frame(*decoded, size)));
    const auto sealed = pass_seal(bytes);
    if (sealed && *sealed) continue;
    std::string what = sealed ? decoded.error().message : sealed.error().message;
    if (at_ == 0 && state.header_damage) what = *state.header_damage;
    return std::optional<Step>(TRY(step_over_damage(std::move(what), size)));
  }
}

Result<FrameContent> PackWalk::read_frame(const FrameHeader& header, const FramePlace& place,
                                          std::uint64_t size) const {
  // Of one that was cut off the error is told by reading it.
  const Depth depth = choose_ && place.end() <= size ? choose_(header) : Depth::lines;
  if (depth == Depth::lines) return reader_->read(place);
  if (depth == Depth::stored) TRY(reader_->read_stored(place));
  return FrameContent{header, place, {}};
}

Result<PackWalk::Step> PackWalk::step_over_frame(const DecodedFrameHeader& decoded, std::uint64_t size) {
  const PackReader::State& state = *reader_->state_;
  const FramePlace place{state.number, at_, static_cast<std::uint32_t>(decoded.size), decoded.header.stored_size};
  next_sequence_ = decoded.header.sequence + 1;
  sealed_ = false;  // a frame behind a seal: nobody writes that, yet what can be read is given
  at_ = std::min(place.end(), size);
  auto content = read_frame(decoded.header, place, size);
  if (content) {
    good_end_ = place.end();
    ++frames_;
    return Step{std::move(*content), std::nullopt};
  }
  if (content.error().kind != ErrorKind::corrupt) return std::move(content).error();
  Damage damage;
  damage.pack = state.number;
  damage.offset = place.offset;
  damage.size = at_ - place.offset;
  damage.content_type = decoded.header.content_type;
  damage.lines = decoded.header.lines;
  damage.what = std::move(content).error().message;
  // The header is whole and says where the next one begins, so no search is needed to go on; only to tell this.
  damage.at_end = !TRY(find_record(*state.file, at_, &state.header.identity)).has_value();
  return Step{std::nullopt, std::move(damage)};
}

Result<PackWalk::Step> PackWalk::step_over_damage(std::string what, std::uint64_t size) {
  const PackReader::State& state = *reader_->state_;
  const auto found = TRY(find_record(*state.file, at_ + 1, &state.header.identity));
  const std::uint64_t to = found ? found->offset : size;
  Damage damage;
  damage.pack = state.number;
  damage.offset = at_;
  damage.size = to - at_;
  damage.at_end = !found;
  damage.what = state.frame_error(at_, "", std::move(what)).message;
  at_ = to;
  next_sequence_.reset();
  return Step{std::nullopt, std::move(damage)};
}

// A seal that speaks of another number of frames than were met is not passed: frames are missing, or it is not ours.
Result<bool> PackWalk::pass_seal(ByteView bytes) {
  const PackIdentity& identity = reader_->state_->header.identity;
  // Behind damage, or in a walk from the middle, the number is not known and the seal is believed.
  const std::uint64_t frames = next_sequence_ ? *next_sequence_ : decode_seal_frames(bytes, identity, at_).value_or(0U);
  if (!TRY(decode_seal(bytes, identity, frames, at_))) return false;
  next_sequence_ = static_cast<std::uint32_t>(frames);
  sealed_ = true;
  at_ += kSealSize;
  return true;
}

}  // namespace backstock::pack
