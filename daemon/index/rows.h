// The rows of the index as plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backstock::index {

struct FrameRow {
  std::uint64_t pack = 0;
  std::uint64_t offset = 0;
  std::uint32_t header_size = 0;
  std::uint32_t stored_size = 0;
};

struct PackRow {
  std::uint64_t pack = 0;
  std::string identity;  // 8 bytes
  std::uint64_t known_end = 0;
  std::uint64_t frames = 0;
  bool sealed = false;
};

// How much of a pack the index points at.
struct PackUse {
  std::uint64_t pack = 0;
  std::uint64_t versions = 0;
  std::uint64_t bytes = 0;  // of their lines, not compressed
};

// A version on its way into the index. Views are borrowed for the call.
struct NewVersionRow {
  std::string_view type;
  std::string_view id;
  std::uint32_t version = 0;
  std::int64_t at = 0;
  bool gone = false;
  std::string_view source;
  std::string_view run;
  std::string_view hash;  // 16 bytes; empty for a tombstone, and (with scheme 0) where it is not known
  int scheme = 0;
  std::int64_t frame_key = 0;
  std::uint32_t at_byte = 0;
  std::uint32_t size = 0;
  std::vector<std::string> labels;
};

struct ItemRow {
  std::int64_t key = 0;  // in this very file; a rebuild gives another
  std::string id;
  std::uint32_t version = 0;
  bool gone = false;
  std::string hash;
  int scheme = 0;
  std::int64_t first_at = 0;
  std::int64_t last_at = 0;
  std::vector<std::string> labels;  // of lists only
};

struct VersionRow {
  std::uint32_t version = 0;
  std::int64_t at = 0;
  bool gone = false;
  std::string source;
  std::string run;
  FrameRow frame;
  std::uint32_t at_byte = 0;
  std::uint32_t size = 0;
};

struct TypeCount {
  std::string type;
  std::uint64_t present = 0;
  std::uint64_t gone = 0;
  std::uint64_t versions = 0;
  std::int64_t first_at = 0;
  std::int64_t last_at = 0;
};

struct RunRow {
  std::string run;
  std::string kind;
  std::string origin;
  std::int64_t started = 0;
  std::optional<std::int64_t> ended;
  std::string outcome;  // empty while unfinished
  std::string types;    // JSON array
  std::string message;
};

struct RunTypeRow {
  std::string run;
  std::string type;
  std::int64_t at = 0;
  std::int64_t started = 0;
  std::string outcome;
  bool complete = false;
  bool full = false;
  std::string report;  // JSON
};

}  // namespace backstock::index
