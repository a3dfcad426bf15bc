// What the packs of a vault tell of one another: each header says where the pack before it ended.
//
// So a file that is missing, cut off, exchanged, or was never begun in earnest is told apart from damage even with the
// index gone. Reads headers only.
//
// Threads: pure once made.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "pack/pack_reader.h"
#include "vault/vault_options.h"

namespace backstock::vault {

// The end of a pack as a later one's header tells it.
struct ToldEnd {
  pack::PackIdentity identity{};
  std::uint64_t end = 0;
  std::uint64_t by = 0;  // the later pack
};

class PackChain {
 public:
  // Packs of other stores have no say.
  static Result<PackChain> read(const Options& options);

  std::optional<ToldEnd> told_of(std::uint64_t number) const;
  // Packs that a later one names and that are not there, nor taken over by a compacted one.
  std::vector<std::uint64_t> missing() const;
  bool is_replaced(std::uint64_t number) const { return replaced_.count(number) != 0; }
  // Bytes at the end of a pack that nobody was ever told of: what a crash leaves, no damage.
  bool is_torn_tail(const pack::Damage& damage, std::uint64_t known_end) const;
  // A file that cannot be opened as a pack, was never whole, and never held a frame.
  bool is_never_begun(const Options& options, std::uint64_t number, std::uint64_t size) const;

 private:
  std::set<std::uint64_t> there_;  // all files, readable or not
  std::set<std::uint64_t> replaced_;
  std::map<std::uint64_t, ToldEnd> told_;
  std::uint64_t newest_ = 0;  // of those that are appended to and can be opened
};

// A compacted pack got its name with its seal on: without one, some of it is gone, however whole the rest is.
inline bool is_cut_off(const pack::PackHeader& header, bool sealed) { return header.compacted && !sealed; }
inline constexpr const char* kNoSeal = "it ends without its seal, so that versions may be missing from its end";

// No file of that size or less holds a frame.
std::uint64_t header_only_size(const Options& options);

}  // namespace backstock::vault
