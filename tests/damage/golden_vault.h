// The golden vault in memory with its index, to be damaged, and what must be read from it whatever the damage.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "support/vault_world.h"

namespace backstock::testing {

using namespace vault;

// Loops over every byte look at one in so many where a sanitizer makes them slow.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr std::size_t kThinned = 31;
#else
inline constexpr std::size_t kThinned = 1;
#endif

struct Key {
  std::string type;
  std::string id;
  std::uint32_t version = 0;
  auto operator<=>(const Key&) const = default;
  std::string name() const { return type + " " + id + " version " + std::to_string(version); }
};
using Keys = std::set<Key>;

// A frame of a pack and what stands in it.
struct GoldenFrame {
  std::string file;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  Keys versions;
  bool touches(std::uint64_t begin, std::uint64_t end) const { return begin < to && end > from; }
};

struct GoldenVault : VaultWorld {
  // Reads tests/golden/vault_v1 and makes its index.
  GoldenVault();

  std::map<std::string, std::string> files;  // by name: "packs/00000002.pack.zst"
  std::map<Key, std::string> truth;          // the line of every version
  std::map<Key, index::VersionRow> rows;     // where the index has them
  std::vector<GoldenFrame> frames;           // in the order of packs and offsets
  std::string golden_index;
  std::string golden_dump;

  static std::string pack_file(std::uint64_t number) { return "packs/" + pack::pack_name(number); }
  // Packs by number.
  std::vector<std::uint64_t> packs() const;
  void set(const std::string& file, std::string bytes) {
    memory.plant(sys::join(options.folder, file), std::move(bytes));
  }
  void drop(const std::string& file) { must(memory.remove(sys::join(options.folder, file))); }
  void mend(const std::string& file) { set(file, files.at(file)); }

  // What stands in those bytes of that file.
  Keys versions_in(const std::string& file, std::uint64_t from, std::uint64_t to) const;
  Keys versions_of(const std::string& file) const { return versions_in(file, 0, ~std::uint64_t{0}); }
  // Does damage in these bytes reach the newest pack's last frame? With the index gone, that is what a crash leaves.
  bool may_be_torn(const std::string& file, std::uint64_t from, std::uint64_t to) const {
    return file == frames.back().file && frames.back().touches(from, to);
  }

  // Every version that is given is the right one; those that are not must be among `lost`, and are called corrupt or,
  // where `forgotten` says that the index was made from what is left, may be not found. Gives the unreadable ones.
  Keys check_reads(const std::string& after, const Keys& lost = {}, bool forgotten = false);
  // Makes an index from what is left, and checks reads through it: it knows nothing that there never was.
  Rebuilt check_rebuild(const std::string& after, const Keys& lost);
};

// Of a verify, the findings' subjects: "pack 00000002.pack.zst".
std::set<std::string> subjects(const Verified& verified);
std::string subject_of(const std::string& file);
// Of a finding or a note.
bool tells_of(const Verified& verified, const std::string& subject);
bool tells_of(const std::vector<std::string>& sentences, const std::string& subject);
Keys lost_in(const GoldenVault& vault, const Verified& verified);

}  // namespace backstock::testing
