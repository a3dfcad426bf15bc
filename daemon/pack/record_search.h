// Finds the next record in a pack of which some bytes are damaged. Only for this room.
#pragma once

#include <optional>

#include "pack/pack_format.h"
#include "sys/fs.h"

namespace backstock::pack {

struct FoundRecord {
  std::uint64_t offset = 0;
  PackIdentity identity{};
};

// The first whole frame header or seal of the pack `identity` at or behind `from`; with no identity, the first whole
// frame header of any pack that stands at its place. Needs a megabyte, whatever the size of the file.
Result<std::optional<FoundRecord>> find_record(const sys::File& file, std::uint64_t from, const PackIdentity* identity);

}  // namespace backstock::pack
