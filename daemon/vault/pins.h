// Pinning versions: what is pinned, retention never removes.
//
// A pin is a control record, so that it survives the index. It is durable when the call returns. The caller's process
// holds the writer's lock; a backup or a compaction may go on beside it.
//
// Threads: any.
#pragma once

#include "index/pin_rows.h"
#include "vault/vault_options.h"

namespace backstock::vault {

struct PinChange {
  bool pinned = true;  // false: unpin
  std::string type;
  std::string id;
  std::uint32_t version = 0;  // 0: to pin the newest; to unpin the only one that is pinned
  std::string by;             // who asks: "command line"
  std::string note = {};
};

// At most so many bytes of a note.
inline constexpr std::size_t kMaxNote = 1000;

// The version that is pinned, or not any more; pinning what is pinned takes the new note.
// not_found when there is no such version, or no such pin; bad_input when several are pinned and none was named.
Result<index::PinRow> change_pin(const Options& options, const PinChange& change);

}  // namespace backstock::vault
