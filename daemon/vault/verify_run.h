// What the parts of verify share: the vault that is being looked at and what was found so far. Only for this room.
//
// Threads: one at a time. Lifetime: the options outlive it.
#pragma once

#include <limits>
#include <memory>
#include <set>

#include "vault/pack_chain.h"
#include "vault/removed_packs.h"
#include "vault/vault_reader.h"
#include "vault/verify.h"

namespace backstock::vault {

inline constexpr std::uint64_t kToTheEnd = std::numeric_limits<std::int64_t>::max();
inline constexpr const char* kRunRebuild = "; run `backstock rebuild`";

struct VerifyRun {
  const Options& options;
  const ByteProgress& progress;
  std::stop_token stop;
  double share = 1;                               // of frames and files that are read
  std::unique_ptr<VaultReader> reader = nullptr;  // null: there is no index to be asked
  PackChain chain = {};
  RemovedLines removed = {};  // a pack that has not been removed yet may hold them too
  std::uint64_t total = 0;  // bytes of packs
  Verified found = {};

  bool chance() { return !found.sampled || static_cast<double>(options.random->next()) < share * 0x1p64; }
  void tell_of_index(const std::string& subject, const std::string& what) {
    found.findings.push_back({subject, what + kRunRebuild, {}, 0, Finding::Of::index});
  }
  void tell_of_file(std::string file, std::string subject, std::string what) {
    found.findings.push_back({std::move(subject), std::move(what), {}, 0, Finding::Of::file, std::move(file)});
  }
  // Names what stood in those bytes of a pack, as far as the index knows.
  void tell_of_pack(std::uint64_t pack, std::string what, std::uint64_t from, std::uint64_t to);
};

// The file of a pack as findings name it, and the pack itself.
std::string pack_file(std::uint64_t number);
std::string pack_subject(std::uint64_t number);

// All packs that are there and all that should be. Gives the dictionaries that they need.
Result<std::set<std::uint32_t>> check_packs(VerifyRun& run, const std::vector<sys::Entry>& entries);

// Either file of a dictionary serves; with both gone all that needs it is lost.
void check_dictionaries(VerifyRun& run, const std::vector<sys::Entry>& entries, std::set<std::uint32_t> needed);

Result<> check_blobs(VerifyRun& run);

}  // namespace backstock::vault
