// The index from nothing but packs.
//
// Built beside and put in place by a rename, so that a rebuild may be interrupted at any moment; a former index is kept
// as index.db.before-rebuild. Packs are only read. The result equals what the lost index held (runs and versions;
// checkpoints of unfinished runs are gone, so those runs begin their content type again). The next one goes on behind
// the packs that an interrupted one had finished, if these are what they were; else it begins anew.
//
// Threads: needs the writer's lock.
#pragma once

#include "index/connection.h"
#include "vault/pack_to_index.h"
#include "vault/vault_options.h"

namespace backstock::vault {

struct Rebuilt {
  std::uint64_t packs = 0;
  std::uint64_t taken_over = 0;  // of them, from an interrupted rebuild
  std::uint64_t versions = 0;
  std::vector<std::string> findings;  // damage, in sentences: what could not be read
};

Result<Rebuilt> rebuild_index(const Options& options, const ByteProgress& progress, const std::stop_token& stop = {});

// The same with the writer's lock taken for its time: conflict while a daemon or a backup holds it.
Result<Rebuilt> rebuild_index_locked(const Options& options, const ByteProgress& progress,
                                     const std::stop_token& stop = {});

// Opens for writing, brings the schema up to date, and pins or checks the store hash. corrupt when SQLite says so, or
// when the file is an index of another vault.
Result<std::unique_ptr<index::Connection>> open_index(const Options& options);

// What an interrupted rebuild has left, once the index is there and it will not be gone on with.
Result<> remove_unfinished_rebuild(const Options& options);

}  // namespace backstock::vault
