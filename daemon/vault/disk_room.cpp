#include "vault/disk_room.h"

#include <algorithm>

namespace backstock::vault {
namespace {

constexpr ByteCount kGiB = 1024 * 1_MiB;
constexpr ByteCount kWarnShare = 20;  // a twentieth of the disk
constexpr ByteCount kWarnAtLeast = 2 * kGiB;
constexpr ByteCount kWarnAtMostShare = 5;
constexpr ByteCount kStopAtLeast = 256_MiB;
constexpr ByteCount kIndexShare = 50;  // of its size: what one commit and its checkpoint may add
constexpr ByteCount kStopAtMostShare = 10;

Result<ByteCount> index_size(const Options& options) {
  ByteCount size = 0;
  const std::string name = options.index().substr(options.folder.size() + 1);
  for (const sys::Entry& entry : TRY(options.fs->list(options.folder)))
    if (entry.name.starts_with(name)) size += entry.size;
  return size;
}

}  // namespace

DiskRoom judge_room(ByteCount free, ByteCount total, ByteCount index_size, const DiskLimits& limits) {
  DiskRoom room{RoomLevel::enough, free, total, 0, 0};
  if (total == 0) return room;
  room.stop = limits.stop.value_or(std::min(kStopAtLeast + index_size / kIndexShare, total / kStopAtMostShare));
  room.warn = limits.warn.value_or(std::min(std::max(total / kWarnShare, kWarnAtLeast), total / kWarnAtMostShare));
  // Whoever raises one limit alone means no other order of the two.
  room.warn = std::max(room.warn, room.stop);
  if (free < room.warn) room.level = RoomLevel::low;
  if (free < room.stop) room.level = RoomLevel::full;
  return room;
}

Result<DiskRoom> look_at_disk(const Options& options) {
  const ByteCount free = TRY(options.fs->free_space(options.folder));
  const ByteCount total = TRY(options.fs->total_space(options.folder));
  return judge_room(free, total, TRY(index_size(options)), options.disk);
}

Result<> check_room(const Options& options) {
  const auto room = look_at_disk(options);
  if (!room || room->level != RoomLevel::full) return {};
  return make_error(ErrorKind::no_space,
                    "the disk is full for the vault " + options.folder + ": " + describe_bytes(room->free) +
                        " are free, and " + describe_bytes(room->stop) + " are kept free for its index",
                    "free some space; a daemon that runs goes on by itself");
}

std::string describe(const DiskRoom& room) {
  return describe_bytes(room.free) + " free of " + describe_bytes(room.total) + ", below " +
         describe_bytes(room.level == RoomLevel::full ? room.stop : room.warn);
}

std::string describe_bytes(ByteCount bytes) {
  constexpr const char* kUnits[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  ByteCount tenths = bytes * 10;  // rounded down: never more than there is
  std::size_t unit = 0;
  while (tenths >= 10240 && unit + 1 < std::size(kUnits)) tenths /= 1024, ++unit;
  const std::string whole = std::to_string(tenths / 10);
  const bool shows_tenths = tenths < 100 && tenths % 10 != 0;
  return whole + (shows_tenths ? "." + std::to_string(tenths % 10) : "") + " " + kUnits[unit];
}

}  // namespace backstock::vault
