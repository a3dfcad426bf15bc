// A content type as it was at an instant, item by item: for exports, restores and comparisons of whole stores.
//
// Promise: each item's newest version captured at or before the instant, once, with its bytes checked as every read is;
// items that were gone then are left out. In bounded memory, and in the order in which the packs give them fastest:
// nearly that of the ids in a compacted vault. Versions appended meanwhile change nothing, as they are younger. A
// version that cannot be read is handed over as its error, and the stream goes on.
//
// Threads: `take` is called by the caller's thread; one more reads ahead in the index. Lifetime: what Options point to
// outlives the call.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "vault/vault_options.h"

namespace backstock::vault {

// Borrowed for the call.
struct StateItem {
  std::string_view id;
  std::uint32_t version = 0;
  std::int64_t at = 0;    // when it was captured
  std::string_view line;  // as FORMAT.md says; parse_version_line() takes it apart
};
// False ends the stream.
using TakeState = std::function<bool(const StateItem& item)>;
using TakeLost = std::function<void(std::string_view id, std::uint32_t version, const Error& why)>;

struct StreamedState {
  std::uint64_t items = 0;
  std::uint64_t lost = 0;
  ByteCount bytes = 0;  // of lines
};

// `cancelled` when stopped; not_found when there is no vault.
Result<StreamedState> stream_state(const Options& options, std::string_view type, TimePoint at, const TakeState& take,
                                   const TakeLost& lost, const std::stop_token& stop = {});

}  // namespace backstock::vault
