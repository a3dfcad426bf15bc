// Packs of control records alone, beside the pack that the writer appends to. Only for this room.
//
// Any thread of the process that holds the vault's lock may write one while the writer goes on: who asks for a pin need
// not wait for a backup to end. The next retirement of packs gathers them into one.
//
// Threads: any, each with a connection of its own.
#pragma once

#include "base/json.h"
#include "index/rows.h"
#include "vault/vault_options.h"

namespace backstock::vault {

// Sealed, synced and in its place; the row that it is to have. `lines` is NDJSON, or empty.
Result<index::PackRow> write_record_pack(const Options& options, std::uint64_t& next_number, std::string_view lines,
                                         std::vector<std::uint64_t> replaces);

// Durable, and in the index, when it returns.
Result<> write_record(const Options& options, const Json& record);

}  // namespace backstock::vault
