// The files of the golden vault, and how they were made: a little of everything that packs may hold.
//
//   pack 1  (gone: compacted into 3 and 4, its control records into 5, whose header says so)
//   pack 2  sealed: an item with parts, bytes in base64, a tombstone
//   pack 3  compacted, with a dictionary: two frames            pack 4  compacted, with the same dictionary
//   pack 5  compacted: control records only
//   pack 6  begun after pack 2, without a seal: three flushes
//   a dictionary and its copy, and one blob
//
// A golden vault of a released version is never made again: it must stay readable for ever. While version 1 is not
// frozen, `BACKSTOCK_ACCEPT=1 damage_vault "[made]"` writes tests/golden/vault_v1 anew, and the seeds of fuzz_vault.
#pragma once

#include <map>
#include <string>

namespace backstock::testing {

struct GoldenFiles {
  std::map<std::string, std::string> files;  // "packs/00000002.pack.zst" and its bytes
  std::string versions;                      // the line of every version, by type, id and number
  bool operator==(const GoldenFiles&) const = default;
};

inline constexpr const char* kGoldenStore = "golden1";
inline constexpr const char* kGoldenBlob = "\x89PNG, or so this file says. A blob is any bytes.";

GoldenFiles make_golden();

// Of tests/golden/vault_v1.
GoldenFiles read_golden();
void write_golden(const GoldenFiles& golden);

// The same as inputs of fuzz/fuzz_vault.cpp, by the names that they have among its seeds.
std::map<std::string, std::string> fuzz_seeds(const GoldenFiles& golden);
std::map<std::string, std::string> read_fuzz_seeds();
void write_fuzz_seeds(const std::map<std::string, std::string>& seeds);

}  // namespace backstock::testing
