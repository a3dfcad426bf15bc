#include "pack/pack_reader.h"

#include "pack/reader_state.h"
#include "pack/record_search.h"
#include "pack/zstd_frame.h"

namespace backstock::pack {

namespace {

Error corrupt(std::string what) { return make_error(ErrorKind::corrupt, std::move(what)); }

// Which identity the frames of a pack have whose header is damaged: the one that the header claims, if any frame has it
// too; else that of the first frame there is. In this order, because bytes inside a frame come from a store and could
// be made to look like a frame header of some other pack.
Result<PackIdentity> identity_from_frames(const sys::File& file, ByteView head) {
  if (const auto claimed = claimed_identity(head)) {
    if (TRY(find_record(file, 0, &*claimed))) return *claimed;
  }
  const auto first = TRY(find_record(file, 0, nullptr));
  if (!first) return corrupt("there is neither a whole pack header nor one whole frame header in it");
  return first->identity;
}

}  // namespace

Result<> PackReader::State::read_header() {
  const std::string head = TRY(file->read_at(0, kMaxHeader));
  auto decoded = decode_pack_header(head);
  if (decoded) {
    if (decoded->header.number != number) return corrupt("this file is pack " + pack_name(decoded->header.number));
    header = std::move(decoded->header);
    header_size = decoded->size;
    return {};
  }
  if (decoded.error().kind != ErrorKind::corrupt) return std::move(decoded).error();
  header_damage = decoded.error().message;
  header.number = number;
  header.identity = TRY(identity_from_frames(*file, head));
  return {};
}

Error PackReader::State::frame_error(std::uint64_t offset, const std::string& content_type, std::string what) const {
  const std::string type = content_type.empty() ? "" : " (" + content_type + ")";
  return corrupt(name + " at offset " + std::to_string(offset) + type + ": " + std::move(what));
}

Result<> PackReader::State::check_stored(const FrameHeader& frame, ByteView stored) const {
  if (checksum_of(stored) == frame.stored_checksum) return {};
  return frame_error(frame.offset, frame.content_type, "the checksum of the stored bytes does not hold");
}

Result<std::string> PackReader::State::unpack(const FrameHeader& frame, ByteView stored, std::string room) const {
  TRY(check_stored(frame, stored));
  std::shared_ptr<const Dictionary> dictionary;
  if (frame.dictionary != 0) {
    auto found = dictionaries->get(frame.dictionary);
    if (!found) return frame_error(frame.offset, frame.content_type, found.error().sentence());
    dictionary = std::move(*found);
  }
  auto raw = decompress(stored, frame.raw_size, dictionary.get(), std::move(room));
  if (!raw) return frame_error(frame.offset, frame.content_type, std::move(raw).error().message);
  return raw;
}

PackReader::PackReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
PackReader::~PackReader() = default;

Result<std::unique_ptr<PackReader>> PackReader::open(sys::Fs& fs, const sys::Path& folder, std::uint64_t number,
                                                     std::shared_ptr<Dictionaries> dictionaries) {
  auto state = std::make_unique<State>();
  state->dictionaries = dictionaries != nullptr ? std::move(dictionaries) : std::make_shared<Dictionaries>(fs, folder);
  state->number = number;
  state->name = pack_name(number);
  const sys::Path path = sys::join(folder, state->name);
  state->file = TRY(fs.open_read(path));
  TRY(state->read_header().context("opening the pack " + path));
  return std::unique_ptr<PackReader>(new PackReader(std::move(state)));
}

const PackHeader& PackReader::header() const { return state_->header; }
bool PackReader::header_damaged() const { return state_->header_damage.has_value(); }
std::size_t PackReader::header_size() const { return state_->header_size; }
Result<std::uint64_t> PackReader::file_size() const { return state_->file->size(); }

// The bytes of a frame with its header, as far as the header goes checked.
Result<std::pair<DecodedFrameHeader, std::string>> PackReader::State::fetch(const FramePlace& place) const {
  const auto fail = [&](std::string what) { return frame_error(place.offset, "", std::move(what)); };
  if (place.pack != number) return fail("this place is in another pack, " + pack_name(place.pack));
  if (place.header_size < kMinFrameHeader || place.header_size > kMaxFrameHeader ||
      place.stored_size > kMaxStoredFrame) {
    return fail("no frame has such a size");
  }
  const std::size_t size = place.header_size + place.stored_size;
  std::string bytes = TRY(file->read_at(place.offset, size));
  if (bytes.size() != size) return fail("the file ends inside this frame");
  auto decoded = decode_frame_header(bytes, header.identity, place.offset);
  if (!decoded) return fail(std::move(decoded).error().message);
  if (decoded->size != place.header_size || decoded->header.stored_size != place.stored_size) {
    return fail("the frame there has another size");
  }
  return std::pair(std::move(*decoded), std::move(bytes));
}

Result<std::optional<FrameHeader>> PackReader::first_frame() const { return frame_at(state_->header_size); }

Result<std::optional<FrameHeader>> PackReader::frame_at(std::uint64_t offset) const {
  const std::string bytes = TRY(state_->file->read_at(offset, kMaxFrameHeader));
  auto frame = decode_frame_header(bytes, state_->header.identity, offset);
  if (frame) return std::optional(std::move(frame->header));
  if (decode_seal_frames(bytes, state_->header.identity, offset)) return std::optional<FrameHeader>();
  return state_->frame_error(offset, "", frame.error().message);
}

Result<FrameContent> PackReader::read(const FramePlace& place, std::string room) const {
  auto [decoded, bytes] = TRY(state_->fetch(place));
  FrameContent content;
  content.raw = TRY(state_->unpack(decoded.header, ByteView(bytes).substr(decoded.size), std::move(room)));
  content.header = std::move(decoded.header);
  content.place = place;
  return content;
}

Result<PackReader::StoredFrame> PackReader::read_stored(const FramePlace& place) const {
  auto [decoded, bytes] = TRY(state_->fetch(place));
  bytes.erase(0, decoded.size);
  TRY(state_->check_stored(decoded.header, bytes));
  return StoredFrame{std::move(decoded.header), std::move(bytes)};
}

}  // namespace backstock::pack
