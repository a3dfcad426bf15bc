// The NDJSON line of one version, made and read. Its form is described in pack/FORMAT.md.
//
// Bytes that JSON text cannot carry (invalid UTF-8, control characters inside strings) stand in base64 under another
// key, so that what is read back is what the store sent, byte for byte; else raw, with line breaks between tokens as
// spaces.
//
// Threads: pure.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace backstock::vault {

using Hash = std::array<std::uint8_t, 16>;

// Raw bytes on their way in; borrowed for the call.
struct RawText {
  std::string_view bytes;
  bool textual = true;  // false: keep in base64
};
struct NamedText {
  std::string_view name;
  RawText value;
};

struct VersionMeta {
  std::string type;
  std::string id;
  std::uint32_t version = 0;
  std::int64_t at = 0;  // UTC milliseconds
  bool gone = false;
  std::string source;
  std::string run;
  // For the index, which tells by them whether an item has changed. Not in the line: they follow from its bytes, so a
  // rebuild asks for them again, and 16 bytes of hash take over 20 a version in a pack, where all else of the line but
  // its item takes 8.
  Hash hash{};
  int scheme = 0;
};

struct StoredPart {
  std::string name;
  std::string bytes;
};

// A version as read back.
struct StoredVersion {
  VersionMeta meta;
  std::string line;  // the whole line, without the line break
  std::string item;  // empty for a tombstone
  std::vector<StoredPart> parts;
};

// Appends the line and its line break.
void append_version_line(std::string& out, const VersionMeta& meta, const RawText& item,
                         std::span<const NamedText> parts);

// Does the line say itself that it is this version? Reads its first fields only.
bool is_line_of(std::string_view line, std::string_view type, std::string_view id, std::uint32_t version);

// corrupt when the line is not one that append_version_line makes.
Result<StoredVersion> parse_version_line(std::string&& line);
Result<StoredVersion> parse_version_line(std::string_view line);

}  // namespace backstock::vault
