// How one store's backup stands: counts, size, runs. For `backstock status` and the page.
//
// Threads: those of the reader.
#pragma once

#include "backup/run_types.h"
#include "base/json.h"
#include "vault/disk_room.h"
#include "vault/scrub.h"
#include "vault/vault_reader.h"

namespace backstock::backup {

struct StoreStatus {
  std::string name;
  std::string store_hash;
  bool has_backup = false;
  std::optional<std::string> title;   // what the store calls itself, where a content type tells
  std::optional<std::string> domain;  // and its address, if it stands there too
  std::vector<index::TypeCount> types;
  std::vector<index::RunRow> runs;  // newest first
  std::optional<index::RunRow> last_ended;
  std::vector<TypeReport> last_types;       // of last_ended
  std::optional<index::RunRow> last_whole;  // the newest in which every type there is was done
  std::vector<std::string> never;           // labels of types that no run has done yet
  vault::DiskUse disk;
  std::optional<vault::DiskRoom> room;  // where the disk tells
  vault::ScrubState scrub;
};

// A store without a vault is no error: has_backup is false.
Result<StoreStatus> read_status(std::string name, const vault::Options& options);

// How a run ended, in the word that people are told: done, partial, failed, cancelled. Partial: it failed, and at least
// one content type is done all the same. Empty while it has not ended.
std::string_view outcome_word(const index::RunRow& run, const std::vector<TypeReport>& types);
// Of a run, as far as they ended.
Result<std::vector<TypeReport>> reports_of(index::Connection& connection, std::string_view run);

// One sentence: is this store backed up?
std::string verdict(const StoreStatus& status, TimePoint now);

// What people are told of a disk that is low or full.
std::string disk_sentence(const std::string& store, const vault::DiskRoom& room);
// What reading the vault through has found, in a sentence: that there is damage, and what to do.
std::string describe_damage(const StoreStatus& status);
// How far that is: "the last scrub ended 3 days ago, all as written".
std::string describe_scrub(const StoreStatus& status, TimePoint now);

Json to_json(const StoreStatus& status, TimePoint now);

// "3 minutes ago", "2 days ago".
std::string describe_age(std::int64_t at, TimePoint now);

}  // namespace backstock::backup
