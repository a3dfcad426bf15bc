// Beginning a pack: its header, and a number that nobody has. Only for this room.
//
// Threads: pure, but for the Fs and the Random of the options.
#pragma once

#include "pack/pack_writer.h"
#include "vault/vault_options.h"

namespace backstock::vault {

// With a random identity, and no number yet.
pack::PackHeader new_header(const Options& options);

// Appending and compacting both begin packs: who finds a number taken goes on to the next.
template <class Create>
Result<std::unique_ptr<pack::PackWriter>> with_free_number(std::uint64_t& next_number, pack::PackHeader& header,
                                                           Create&& create) {
  while (true) {
    header.number = next_number++;
    auto writer = create();
    if (writer || writer.error().kind != ErrorKind::conflict) return writer;
  }
}

// What a compaction or a prune that was cut off had written beside its place: copies of what stands in other packs, and
// dictionaries that nothing needs yet.
Result<> remove_unfinished_packs(const Options& options);

}  // namespace backstock::vault
