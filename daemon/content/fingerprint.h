// What counts as a change: the hash of an item and its parts.
//
// The hash keeps number text (`10` and `10.0` differ), sorts keys, unescapes strings, keeps duplicate keys in their
// order, drops the registry's volatile fields, and nothing else. kScheme grows with any change to these rules.
//
// Threads: pure.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "content/content_type.h"

namespace backstock::content {

inline constexpr int kScheme = 1;

// The first 128 bits of a SHA-256.
using Fingerprint = std::array<std::uint8_t, 16>;

struct RawPart {
  std::string_view name;
  std::string_view value;  // raw JSON, usually an array
};

// `item` and the parts passed json_text::check(). Parts read on their own (not embedded) come in the order of the
// entry.
Fingerprint fingerprint(const ContentType& type, std::string_view item, std::span<const RawPart> parts);

// The canonical text that fingerprint() hashes: for tests and for finding out why two versions differ.
std::string canonical(const ContentType& type, std::string_view item, std::span<const RawPart> parts);

// What people search an item by, in the order of label_fields: absent and null ones are empty.
std::vector<std::string> labels(const ContentType& type, std::string_view item);

}  // namespace backstock::content
