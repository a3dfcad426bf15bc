// Reads every byte of a vault again and again, slowly, so that damage is known while there is still a copy elsewhere.
//
// A pass over packs, removed packs, dictionaries and blobs takes 25 days (less where there is little to read), so that
// each byte is read at least every 30. Checks what is stored against its checksums; the index, and whether every
// version is in its place, is for verify. Changes nothing but the file `scrub.json`, in which it keeps where it stands
// and what it found: no truth, with it gone a pass begins anew.
//
// Threads: one for each vault, beside writers, readers and compaction. Lifetime: what the options point to outlives it.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "vault/vault_options.h"

namespace backstock::vault {

// One for each file that was damaged or missing when it was read last.
struct ScrubFinding {
  std::string file;     // below the vault's folder
  std::string what;     // a clause
  std::int64_t at = 0;  // found then, UTC milliseconds
};

struct ScrubState {
  std::int64_t began = 0;    // this pass, UTC milliseconds; 0: none has begun
  bool ended = false;        // it is over, and the next one has not begun
  std::string file;          // read next, below the vault's folder; empty: the first one
  std::uint64_t offset = 0;  // in it
  ByteCount done = 0;        // bytes read in this pass
  std::optional<std::int64_t> last_ended;
  std::vector<ScrubFinding> findings;
};

// Without a file, or with one that cannot be read, as if none had ever run.
ScrubState read_scrub_state(const Options& options);
Result<> write_scrub_state(const Options& options, const ScrubState& state);
// Of files that a repair has taken out of use.
Result<> forget_scrub_findings(const Options& options);

// What a pass has to read.
Result<ByteCount> scrub_size(const Options& options);

// How much to read now, or how long to wait until the question is worth asking again.
struct ScrubDue {
  ByteCount bytes = 0;
  std::chrono::milliseconds wait{0};
};
ScrubDue scrub_due(const ScrubState& state, ByteCount size, TimePoint now);

// Reads on for about so many bytes, or to the end of the pass, and gives the findings that are new. `rest` hears of the
// bytes read since it heard last. When stopped, what was read counts.
Result<std::vector<ScrubFinding>> scrub(const Options& options, ScrubState& state, ByteCount bytes,
                                        const std::function<void(ByteCount read)>& rest, const std::stop_token& stop);

}  // namespace backstock::vault
