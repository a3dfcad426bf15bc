// The constants and records of the pack format. The only ones: FORMAT.md beside this file describes the same bytes.
//
// A pack is a file that stock zstdcat prints: skippable frames (our headers, which it passes over) before ordinary zstd
// frames (NDJSON). No I/O here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/result.h"

namespace backstock::pack {

inline constexpr std::uint32_t kSkippableMagic = 0x184D2A50;  // zstd's own; its low 4 bits are free for us
inline constexpr std::uint32_t kPackHeaderMagic = kSkippableMagic | 0xB;
inline constexpr std::uint32_t kFrameHeaderMagic = kSkippableMagic | 0xC;
inline constexpr std::uint32_t kSealMagic = kSkippableMagic | 0xD;
inline constexpr std::uint32_t kDictionaryMagic = kSkippableMagic | 0xE;
inline constexpr std::uint16_t kFormatVersion = 1;
inline constexpr std::size_t kMaxRawFrame = 256_MiB;  // a reader refuses more: no bomb
inline constexpr std::size_t kMaxStoredFrame = 300_MiB;
inline constexpr std::size_t kMaxHeader = 64_KiB;
inline constexpr std::size_t kPrologue = 8;         // magic and size: what zstd itself reads of a record
inline constexpr std::size_t kMaxName = 255;        // of a content type or a store hash
inline constexpr std::size_t kMinFrameHeader = 80;  // with no content type
inline constexpr std::size_t kMaxFrameHeader = kMinFrameHeader + kMaxName;
inline constexpr std::size_t kSealSize = 64;
inline constexpr std::size_t kDictionaryHeader = 56;

// Random; every frame header repeats it, so that frames cannot swap packs.
using PackIdentity = std::array<std::uint8_t, 8>;
// The front half of a SHA-256: against damage, which is what it is for, as good as the whole. There is one for each
// frame of some KiB, so its size counts.
using Checksum = std::array<std::uint8_t, 16>;
Checksum checksum_of(ByteView bytes);

// What the pack before this one ended as, when this one was begun: makes a cut-off or replaced predecessor visible even
// with the index gone. Bytes of the predecessor beyond `end` are a torn tail that nobody was ever told of.
struct Predecessor {
  std::uint64_t number = 0;
  PackIdentity identity{};
  std::uint64_t end = 0;
};

struct PackHeader {
  std::uint16_t version = kFormatVersion;
  std::uint64_t number = 0;
  PackIdentity identity{};
  std::int64_t created_ms = 0;
  std::string store_hash;
  std::optional<Predecessor> predecessor;
  bool compacted = false;               // made by compaction, sealed before it got its name
  std::vector<std::uint64_t> replaces;  // packs that may be gone: what they held stands in compacted packs
};

enum class FrameKind : std::uint8_t { versions = 1, control = 2 };

struct FrameHeader {
  FrameKind kind = FrameKind::versions;
  std::string content_type;  // of all lines; empty for control frames
  std::uint32_t lines = 0;
  std::uint32_t raw_size = 0;    // NDJSON bytes
  std::uint32_t dictionary = 0;  // 0: none
  // Set by the writer:
  std::uint32_t sequence = 0;     // of the frame within its pack, from 0
  std::uint64_t offset = 0;       // of the header within its pack
  std::uint32_t stored_size = 0;  // bytes of the zstd frame
  Checksum stored_checksum{};     // of the zstd frame's bytes
};

// Stands before the one zstd frame of a dictionary's file.
struct DictionaryHeader {
  std::uint32_t number = 0;
  std::uint32_t raw_size = 0;
  std::uint32_t stored_size = 0;
  Checksum stored_checksum{};
};

// Where a frame is: enough to read it with one call.
struct FramePlace {
  std::uint64_t pack = 0;
  std::uint64_t offset = 0;  // of its header
  std::uint32_t header_size = 0;
  std::uint32_t stored_size = 0;
  std::uint64_t end() const { return offset + header_size + stored_size; }
};

// Bytes of each record, its own skippable-frame prologue and checksum included. Names longer than kMaxName, or more
// replaced packs than fit kMaxHeader, are the caller's to refuse (PackWriter does).
std::string encode(const PackHeader& header);
std::string encode(const PackIdentity& identity, const FrameHeader& header);
std::string encode_seal(const PackIdentity& identity, std::uint64_t frames, std::uint64_t end);

std::string encode(const DictionaryHeader& header);

struct DecodedPackHeader {
  PackHeader header;
  std::size_t size = 0;  // bytes it took
};
struct DecodedFrameHeader {
  FrameHeader header;
  std::size_t size = 0;
};

// From the first bytes of `bytes`. corrupt on any checksum, magic or bound that does not hold. A pack header that is
// whole but of a newer version is `rejected`: nothing is wrong with that pack, it is only not for this program.
Result<DecodedPackHeader> decode_pack_header(ByteView bytes);
Result<DecodedFrameHeader> decode_frame_header(ByteView bytes, const PackIdentity& identity, std::uint64_t offset);
// True for a seal that matches; false for what is no seal at all; corrupt for one that is damaged or of other contents.
Result<bool> decode_seal(ByteView bytes, const PackIdentity& identity, std::uint64_t frames, std::uint64_t end);

Result<DictionaryHeader> decode_dictionary_header(ByteView bytes);

// The three for readers of damaged packs. What a damaged pack header says its identity is, to be believed only when a
// frame bears it out:
std::optional<PackIdentity> claimed_identity(ByteView pack);
// Whose frame this is, if it is a whole frame header that stands at its place:
Result<PackIdentity> decode_frame_identity(ByteView bytes, std::uint64_t offset);
// The number of frames a whole seal of this pack at this place speaks of.
Result<std::uint64_t> decode_seal_frames(ByteView bytes, const PackIdentity& identity, std::uint64_t end);

// A pack that is written beside its place has this behind its name.
inline constexpr std::string_view kBeside = ".new";

// "00000012.pack.zst" and back; nullopt for other names.
std::string pack_name(std::uint64_t number);
std::optional<std::uint64_t> parse_pack_name(std::string_view name);

}  // namespace backstock::pack
