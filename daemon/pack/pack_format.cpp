#include "pack/pack_format.h"

#include <algorithm>
#include <charconv>

#include "pack/byte_order.h"

namespace backstock::pack {

namespace {

constexpr ByteView kTag = "BACKSTOK";
constexpr std::size_t kChecksum = std::tuple_size_v<Checksum>;
constexpr std::size_t kPackHeaderFixed = 96;  // up to the store hash
constexpr std::size_t kMinPackHeader = kPackHeaderFixed + kChecksum;
constexpr std::size_t kFrameHeaderFixed = 64;  // up to the content type
constexpr std::size_t kFrameIdentity = 40;     // where it stands in a frame header
constexpr std::uint8_t kHasPredecessor = 1;
constexpr std::uint8_t kCompacted = 2;

constexpr std::size_t kPackReserved = 24;
constexpr std::size_t kSealReserved = 16;

PackIdentity identity_at(ByteView bytes, std::size_t at) {
  PackIdentity identity;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), identity.size(), identity.begin());
  return identity;
}

bool all_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == 0; });
}

void put_zeros(std::string& out, std::size_t count) { out.append(count, '\0'); }

std::string begin_record(std::uint32_t magic, std::size_t size) {
  std::string out;
  out.reserve(size);
  put(out, magic);
  put(out, static_cast<std::uint32_t>(size - kPrologue));
  return out;
}

void end_record(std::string& out) {
  const Checksum checksum = checksum_of(out);
  out += view(checksum);
}

Error corrupt(std::string what) { return make_error(ErrorKind::corrupt, std::move(what)); }

// The bytes of the record at the front, once its magic and size are believable.
Result<ByteView> frame_record(ByteView bytes, std::uint32_t magic, std::size_t min, std::size_t max, const char* name) {
  if (bytes.size() < kPrologue || get<std::uint32_t>(bytes, 0) != magic) {
    return corrupt("there is no " + std::string(name) + " here");
  }
  const std::uint64_t size = std::uint64_t{get<std::uint32_t>(bytes, 4)} + kPrologue;
  if (size < min || size > max) return corrupt("the size of the " + std::string(name) + " is impossible");
  if (size > bytes.size()) return corrupt("the file ends inside the " + std::string(name));
  return bytes.substr(0, static_cast<std::size_t>(size));
}

Result<> check_record(ByteView record, const char* name) {
  const Checksum checksum = checksum_of(record.substr(0, record.size() - kChecksum));
  if (record.substr(record.size() - kChecksum) == view(checksum)) return {};
  return corrupt("the checksum of the " + std::string(name) + " does not hold");
}

// Identity and offset come before the checksum: a search through damaged bytes tries this at every place that looks
// like a header, and nobody outside knows the identity, so nobody can make that search expensive.
Result<ByteView> checked_frame_record(ByteView bytes, const PackIdentity* identity, std::uint64_t offset) {
  const ByteView record = TRY(frame_record(bytes, kFrameHeaderMagic, kMinFrameHeader, kMaxFrameHeader, "frame header"));
  if (record.size() != kMinFrameHeader + get<std::uint8_t>(record, 9)) {
    return corrupt("the size of the frame header does not fit its content type");
  }
  if (identity != nullptr && identity_at(record, kFrameIdentity) != *identity)
    return corrupt("this frame belongs to another pack");
  if (get<std::uint64_t>(record, 32) != offset) {
    return corrupt("this frame belongs at offset " + std::to_string(get<std::uint64_t>(record, 32)));
  }
  TRY(check_record(record, "frame header"));
  return record;
}

}  // namespace

Checksum checksum_of(ByteView bytes) {
  const Sha256Digest digest = sha256(bytes);
  Checksum checksum;
  std::copy_n(digest.begin(), checksum.size(), checksum.begin());
  return checksum;
}

std::string encode(const PackHeader& header) {
  const std::size_t size = kMinPackHeader + header.store_hash.size() + 8 * header.replaces.size();
  std::string out = begin_record(kPackHeaderMagic, size);
  out += kTag;
  put(out, header.version);
  put(out, static_cast<std::uint8_t>((header.predecessor ? kHasPredecessor : 0) | (header.compacted ? kCompacted : 0)));
  put(out, static_cast<std::uint8_t>(header.store_hash.size()));
  put(out, static_cast<std::uint32_t>(header.replaces.size()));
  put(out, header.number);
  out += view(header.identity);
  put(out, static_cast<std::uint64_t>(header.created_ms));
  const Predecessor before = header.predecessor.value_or(Predecessor{});
  put(out, before.number);
  out += view(before.identity);
  put(out, before.end);
  put_zeros(out, kPackReserved);
  out += header.store_hash;
  for (const std::uint64_t number : header.replaces) put(out, number);
  end_record(out);
  return out;
}

Result<DecodedPackHeader> decode_pack_header(ByteView bytes) {
  const ByteView record = TRY(frame_record(bytes, kPackHeaderMagic, kMinPackHeader, kMaxHeader, "pack header"));
  TRY(check_record(record, "pack header"));
  // Every version keeps the prologue, the tag, the place of the version, and the checksum at the end.
  if (record.substr(8, 8) != kTag) return corrupt("this is not a pack of Backstock's");
  DecodedPackHeader decoded;
  PackHeader& header = decoded.header;
  decoded.size = record.size();
  header.version = get<std::uint16_t>(record, 16);
  if (header.version != kFormatVersion) {
    return make_error(ErrorKind::rejected,
                      "this pack has format version " + std::to_string(header.version) + "; this program knows " +
                          std::to_string(kFormatVersion),
                      "use the newer Backstock that wrote it; the pack is whole");
  }
  const auto flags = get<std::uint8_t>(record, 18);
  const std::size_t store_length = get<std::uint8_t>(record, 19);
  const std::uint64_t replaced = get<std::uint32_t>(record, 20);
  if (record.size() != kMinPackHeader + store_length + 8 * replaced) {
    return corrupt("the size of the pack header does not fit its lists");
  }
  if ((flags & ~(kHasPredecessor | kCompacted)) != 0 || !all_zero(record.substr(72, kPackReserved))) {
    return corrupt("the pack header uses bytes that version 1 reserves");
  }
  header.number = get<std::uint64_t>(record, 24);
  header.identity = identity_at(record, 32);
  header.created_ms = static_cast<std::int64_t>(get<std::uint64_t>(record, 40));
  header.compacted = (flags & kCompacted) != 0;
  if ((flags & kHasPredecessor) != 0) {
    header.predecessor =
        Predecessor{get<std::uint64_t>(record, 48), identity_at(record, 56), get<std::uint64_t>(record, 64)};
  } else if (!all_zero(record.substr(48, 24))) {
    return corrupt("the pack header names a predecessor and says that it has none");
  }
  header.store_hash = record.substr(kPackHeaderFixed, store_length);
  for (std::size_t i = 0; i < replaced; ++i) {
    header.replaces.push_back(get<std::uint64_t>(record, kPackHeaderFixed + store_length + 8 * i));
  }
  return decoded;
}

std::optional<PackIdentity> claimed_identity(ByteView pack) {
  if (pack.size() < kMinPackHeader) return std::nullopt;
  return identity_at(pack, 32);
}

std::string encode(const PackIdentity& identity, const FrameHeader& header) {
  std::string out = begin_record(kFrameHeaderMagic, kMinFrameHeader + header.content_type.size());
  put(out, static_cast<std::uint8_t>(header.kind));
  put(out, static_cast<std::uint8_t>(header.content_type.size()));
  put_zeros(out, 2);
  put(out, header.lines);
  put(out, header.raw_size);
  put(out, header.stored_size);
  put(out, header.dictionary);
  put(out, header.sequence);
  put(out, header.offset);
  out += view(identity);
  out += view(header.stored_checksum);
  out += header.content_type;
  end_record(out);
  return out;
}

Result<DecodedFrameHeader> decode_frame_header(ByteView bytes, const PackIdentity& identity, std::uint64_t offset) {
  const ByteView record = TRY(checked_frame_record(bytes, &identity, offset));
  DecodedFrameHeader decoded;
  FrameHeader& header = decoded.header;
  decoded.size = record.size();
  const auto kind = get<std::uint8_t>(record, 8);
  if (kind != static_cast<std::uint8_t>(FrameKind::versions) && kind != static_cast<std::uint8_t>(FrameKind::control)) {
    return corrupt("the frame is of an unknown kind, " + std::to_string(kind));
  }
  header.kind = static_cast<FrameKind>(kind);
  header.lines = get<std::uint32_t>(record, 12);
  header.raw_size = get<std::uint32_t>(record, 16);
  header.stored_size = get<std::uint32_t>(record, 20);
  header.dictionary = get<std::uint32_t>(record, 24);
  header.sequence = get<std::uint32_t>(record, 28);
  header.offset = offset;
  std::copy_n(record.begin() + 48, kChecksum, header.stored_checksum.begin());
  header.content_type = record.substr(kFrameHeaderFixed, get<std::uint8_t>(record, 9));
  if (header.raw_size > kMaxRawFrame || header.stored_size > kMaxStoredFrame) {
    return corrupt("the frame claims an impossible size");
  }
  if (get<std::uint16_t>(record, 10) != 0) {
    return corrupt("the frame header uses bytes that version 1 reserves");
  }
  return decoded;
}

Result<PackIdentity> decode_frame_identity(ByteView bytes, std::uint64_t offset) {
  return identity_at(TRY(checked_frame_record(bytes, nullptr, offset)), kFrameIdentity);
}

std::string encode_seal(const PackIdentity& identity, std::uint64_t frames, std::uint64_t end) {
  std::string out = begin_record(kSealMagic, kSealSize);
  out += view(identity);
  put(out, frames);
  put(out, end);
  put_zeros(out, kSealReserved);
  end_record(out);
  return out;
}

Result<std::uint64_t> decode_seal_frames(ByteView bytes, const PackIdentity& identity, std::uint64_t end) {
  const ByteView record = TRY(frame_record(bytes, kSealMagic, kSealSize, kSealSize, "seal"));
  if (identity_at(record, 8) != identity) return corrupt("this seal belongs to another pack");
  if (get<std::uint64_t>(record, 24) != end) return corrupt("this seal belongs at another offset");
  TRY(check_record(record, "seal"));
  if (!all_zero(record.substr(32, kSealReserved))) return corrupt("the seal uses bytes that version 1 reserves");
  return get<std::uint64_t>(record, 16);
}

Result<bool> decode_seal(ByteView bytes, const PackIdentity& identity, std::uint64_t frames, std::uint64_t end) {
  if (bytes.size() < kPrologue || get<std::uint32_t>(bytes, 0) != kSealMagic) return false;
  const std::uint64_t sealed = TRY(decode_seal_frames(bytes, identity, end));
  if (sealed == frames) return true;
  return corrupt("the seal speaks of " + std::to_string(sealed) + " frames, but there are " + std::to_string(frames));
}

std::string encode(const DictionaryHeader& header) {
  std::string out = begin_record(kDictionaryMagic, kDictionaryHeader);
  put(out, header.number);
  put(out, header.raw_size);
  put(out, header.stored_size);
  put_zeros(out, 4);
  out += view(header.stored_checksum);
  end_record(out);
  return out;
}

Result<DictionaryHeader> decode_dictionary_header(ByteView bytes) {
  const ByteView record =
      TRY(frame_record(bytes, kDictionaryMagic, kDictionaryHeader, kDictionaryHeader, "dictionary header"));
  TRY(check_record(record, "dictionary header"));
  if (!all_zero(record.substr(20, 4))) return corrupt("the dictionary header uses bytes that version 1 reserves");
  DictionaryHeader header;
  header.number = get<std::uint32_t>(record, 8);
  header.raw_size = get<std::uint32_t>(record, 12);
  header.stored_size = get<std::uint32_t>(record, 16);
  std::copy_n(record.begin() + 24, kChecksum, header.stored_checksum.begin());
  return header;
}

namespace {
constexpr std::string_view kSuffix = ".pack.zst";
constexpr std::size_t kDigits = 8;
}  // namespace

std::string pack_name(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return std::string(digits.size() < kDigits ? kDigits - digits.size() : 0, '0') + digits + std::string(kSuffix);
}

std::optional<std::uint64_t> parse_pack_name(std::string_view name) {
  if (!name.ends_with(kSuffix)) return std::nullopt;
  const std::string_view digits = name.substr(0, name.size() - kSuffix.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  // Only the one way of writing it: two files must not have one number.
  if (name != pack_name(number)) return std::nullopt;
  return number;
}

}  // namespace backstock::pack
