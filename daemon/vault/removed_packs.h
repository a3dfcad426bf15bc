// The folder `removed/`: packs of versions that retention has removed, until their grace ends.
//
// They are packs like those of `packs/`, all sealed, without dictionaries, with numbers of their own. The header of
// each lists the packs in which the same lines may still stand. While they do, the pack in `removed/` stays: it is what
// tells them from lines that the index has lost.
//
// Threads: values. Errors: those of the file system; a pack that cannot be read is told by `trouble`, not an error.
#pragma once

#include <array>
#include <optional>
#include <set>
#include <stop_token>
#include <vector>

#include "index/connection.h"
#include "pack/pack_reader.h"
#include "vault/vault_options.h"

namespace backstock::vault {

struct RemovedPack {
  std::uint64_t number = 0;
  std::optional<TimePoint> removed_at;      // nothing: its header is damaged
  ByteCount bytes = 0;                      // of the file
  std::vector<std::uint64_t> copies_in;     // packs of `packs/` that may hold the same lines
  std::optional<std::string> trouble = {};  // why it cannot be read
};

// By number. Reads headers only. No folder: no packs.
Result<std::vector<RemovedPack>> list_removed_packs(const Options& options);

// Those of these packs of `packs/` that are there and hold lines of versions which no row of the index points at: moved
// or removed ones. One that cannot be read is among them. Reads headers of frames only.
Result<std::set<std::uint64_t>> packs_with_loose_lines(const Options& options, index::Connection& connection,
                                                       const std::set<std::uint64_t>& numbers);

// The lines of all removed packs that can be read, as half a SHA-256 of each: 16 bytes of memory for a line.
class RemovedLines {
 public:
  static Result<RemovedLines> read(const Options& options, const std::stop_token& stop);
  bool contains(std::string_view line) const;
  std::size_t size() const { return digests_.size(); }

 private:
  using Digest = std::array<std::uint8_t, 16>;
  static Digest digest_of(std::string_view line);
  std::vector<Digest> digests_;  // sorted
};

}  // namespace backstock::vault
