// How much room the disk under a vault has: enough, low (people are told), or full (nothing more is written).
//
// A vault stops before its disk is full, so that what is acknowledged can still be committed to the index, and the disk
// can be tidied. Without limits of the operator: low below 5 % of the disk and below 2 GiB, whichever is more, but
// never above a fifth of the disk; full below 256 MiB and a fiftieth of the index, but never above a tenth of it.
//
// Threads: any.
#pragma once

#include "vault/vault_options.h"

namespace backstock::vault {

enum class RoomLevel { enough, low, full };

struct DiskRoom {
  RoomLevel level = RoomLevel::enough;
  ByteCount free = 0;
  ByteCount total = 0;
  ByteCount warn = 0;  // low below this
  ByteCount stop = 0;  // full below this
};

// Pure. A disk that does not tell its size (`total` 0) counts as one with room: the writing itself will tell.
DiskRoom judge_room(ByteCount free, ByteCount total, ByteCount index_size, const DiskLimits& limits);

// Asks the disk that holds `options.folder`.
Result<DiskRoom> look_at_disk(const Options& options);

// no_space in one sentence if the disk counts as full. A disk that cannot be asked has room until writing fails.
Result<> check_room(const Options& options);

// "1.8 GiB free of 40 GiB, below 2 GiB": of a disk that is low or full, with the limit it is below.
std::string describe(const DiskRoom& room);
// "1.8 GiB", "512 MiB", "3.5 KiB".
std::string describe_bytes(ByteCount bytes);

}  // namespace backstock::vault
