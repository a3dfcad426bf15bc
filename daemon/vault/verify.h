// Reads every byte of a vault and says what is damaged, by name.
//
// Goes on past damage. Names the pack, the bytes, and the items and versions that stood there as far as the index or
// the frame's header know. A torn tail of the newest pack is a note, not damage: nobody was told of those bytes.
// Changes nothing, and may run beside a writer: frames that the index does not know yet are only counted.
//
// Threads: one; opens its own reader.
#pragma once

#include <optional>
#include <stop_token>

#include "vault/pack_to_index.h"
#include "vault/vault_options.h"

namespace backstock::vault {

struct Finding {
  std::string subject;            // "pack 00000003.pack.zst", "blob ...", "index"
  std::string what;               // a clause
  std::vector<std::string> lost;  // "products 123 version 4", at most kMaxNamed
  std::uint64_t lost_count = 0;
  // What would have to be made anew. A file stands below the vault's folder, "packs/00000003.pack.zst", or is missing.
  enum class Of { neither, file, index } of = Of::neither;
  std::string file = {};
};
inline constexpr std::size_t kMaxNamed = 1000;

// Looks at a part only, of both at the smaller: frames, dictionaries and blobs chosen by chance, others each time.
// Headers are read of all packs and frames, and packs that are missing or cut off are found; the index is only asked
// about what was read.
struct Sample {
  std::optional<double> share;  // above 0; 1: all
  std::optional<ByteCount> bytes;
};

struct Verified {
  std::uint64_t packs = 0;
  std::uint64_t frames = 0;
  std::uint64_t versions = 0;
  std::uint64_t blobs = 0;
  std::uint64_t removed_packs = 0;     // of `removed/`
  std::uint64_t removed_versions = 0;  // in these
  std::uint64_t bytes = 0;             // of all that was read
  // Of a sample: what there is.
  bool sampled = false;
  std::uint64_t frames_there = 0;
  std::uint64_t blobs_there = 0;
  std::uint64_t bytes_there = 0;
  std::vector<Finding> findings;
  std::vector<std::string> notes;
};

Result<Verified> verify(const Options& options, const ByteProgress& progress, std::stop_token stop,
                        const Sample& sample = {});

}  // namespace backstock::vault
