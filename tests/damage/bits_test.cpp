// Each bit of each file of the golden vault is flipped, one at a time.
#include "golden_vault.h"
#include "vault/frame_cache.h"

namespace backstock::testing {
namespace {

enum class Index { kept, gone };

// What one damaged byte may cost, and who has to be named for it.
struct Flip {
  GoldenVault& world;
  std::string file;
  std::string subject;
  std::string after;
  Keys lost;  // what stands in the damaged frame
  bool in_frame = false;
  bool is_header = false;
  bool may_be_torn = false;
};

// A damaged pack header takes with it the list of packs that may be gone: the one it listed is then missed.
std::set<std::string> blameless(const Flip& flip) {
  if (flip.is_header && flip.file == GoldenVault::pack_file(5)) return {"pack 00000001.pack.zst"};
  return {};
}

void check_verify(const Flip& flip, Index index) {
  const Verified verified = flip.world.verify();
  std::set<std::string> named = subjects(verified);
  for (const std::string& subject : blameless(flip)) named.erase(subject);
  const bool told = named.erase(flip.subject) != 0;
  if (index == Index::gone) named.erase("the index");
  if (!named.empty()) FAIL(flip.after << ": verify blames others\n" << all_of(verified));
  if (index == Index::kept) {
    if (!told) FAIL(flip.after << ": verify has no finding\n" << all_of(verified));
    const Keys lost = lost_in(flip.world, verified);
    if (lost != flip.lost) FAIL(flip.after << ": verify names other versions\n" << all_of(verified));
  } else if (!told && !tells_of(verified.notes, flip.subject)) {
    FAIL(flip.after << ": verify without the index says nothing\n" << all_of(verified));
  } else if (!told && flip.in_frame && !flip.may_be_torn) {
    FAIL(flip.after << ": verify without the index takes a lost frame for a torn tail\n" << all_of(verified));
  }
}

std::vector<Flip> flips_of(GoldenVault& kept, GoldenVault& gone, const std::string& file, std::size_t at, int bit) {
  std::vector<Flip> flips;
  for (GoldenVault* world : {&kept, &gone}) {
    std::string bytes = world->files.at(file);
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
    world->set(file, bytes);
    Flip flip{*world, file, subject_of(file), file + " byte " + std::to_string(at) + " bit " + std::to_string(bit), {}};
    flip.lost = world->versions_in(file, at, at + 1);
    const auto first = std::find_if(world->frames.begin(), world->frames.end(),
                                    [&](const GoldenFrame& frame) { return frame.file == file; });
    flip.is_header = first != world->frames.end() && at < first->from;
    flip.in_frame = std::any_of(world->frames.begin(), world->frames.end(), [&](const GoldenFrame& frame) {
      return frame.file == file && frame.touches(at, at + 1);
    });
    flip.may_be_torn = world->may_be_torn(file, at, at + 1);
    flips.push_back(std::move(flip));
  }
  return flips;
}

// Those that are read from the file, or by way of it.
Keys versions_near(const GoldenVault& world, const std::string& file) {
  Keys keys = world.versions_of(file);
  if (file.ends_with(".dict.zst")) {
    for (const std::uint64_t number : {3, 4}) keys.merge(world.versions_of(GoldenVault::pack_file(number)));
  }
  return keys;
}

// As compaction reads them: by rows that are known already.
Keys check_lines(const GoldenVault& world, const std::string& after, const Keys& keys) {
  FrameCache cache(world.options, 1_MiB);
  Keys unreadable;
  for (const Key& key : keys) {
    const auto line = cache.line(key.type, key.id, world.rows.at(key));
    if (!line) {
      unreadable.insert(key);
    } else if (*line != world.truth.at(key)) {
      FAIL(after << ": " << key.name() << " reads as other bytes");
    }
  }
  return unreadable;
}

// A file's own damage is what a rebuild says of it too; blobs and dictionaries are not read by it, or from the copy.
void check_rebuild(GoldenVault& world, const Flip& flip) {
  const Rebuilt rebuilt = world.check_rebuild(flip.after, flip.lost);
  if (flip.in_frame && !flip.may_be_torn && !tells_of(rebuilt.findings, flip.subject))
    FAIL(flip.after << ": the rebuild says nothing");
}

TEST_CASE("every flipped bit is found and named, costs its frame at most, and never gives other bytes", "[bits]") {
  GoldenVault kept;
  kept.options.content_hash = nullptr;  // a check of the index, which is whole here
  GoldenVault gone;                     // its index is gone: what verify tells by the packs alone
  GoldenVault rebuilt;                  // and what a rebuild makes of them
  gone.drop_index();
  const std::uint64_t seed = seed_from_environment(SystemRandom().next() % 1'000'000);
  std::size_t flipped = 0;
  for (const auto& [file, whole] : kept.files) {
    const Keys near = versions_near(kept, file);
    for (std::size_t at = seed % kThinned; at < whole.size(); at += kThinned) {
      // A rebuild makes a database, and other packs are other files: for one bit of a byte, another one at each byte.
      const int of_rebuild = static_cast<int>((at + seed) % 8);
      for (int bit = 0; bit < 8; ++bit) {
        const auto flips = flips_of(kept, gone, file, at, bit);
        check_verify(flips[0], Index::kept);
        const bool all = bit == of_rebuild;
        const Keys unreadable =
            all ? kept.check_reads(flips[0].after, flips[0].lost) : check_lines(kept, flips[0].after, near);
        if (unreadable != flips[0].lost) FAIL(flips[0].after << ": a version of a damaged frame is read");
        check_verify(flips[1], Index::gone);
        if (all) {
          rebuilt.set(file, must(sys::read_file(kept.fs, sys::join(kept.options.folder, file), 1_MiB)));
          check_rebuild(rebuilt, flips[0]);
        }
        ++flipped;
      }
    }
    for (GoldenVault* world : {&kept, &gone, &rebuilt}) world->mend(file);
  }
  std::cout << flipped << " bits flipped" << std::endl;
  kept.check_reads("mended");
  CHECK(kept.verify().findings.empty());
  must(rebuild_index_locked(rebuilt.options, {}));
  CHECK(rebuilt.dump() == rebuilt.golden_dump);
}

}  // namespace
}  // namespace backstock::testing
