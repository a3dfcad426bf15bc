// Each file of the golden vault cut off at every length.
#include "golden_vault.h"
#include "vault/pack_chain.h"

namespace backstock::testing {
namespace {

// Where the pack's frames end: behind it stands its seal, if it has one.
std::uint64_t end_of_frames(const GoldenVault& world, const std::string& file) {
  std::uint64_t end = 0;
  for (const GoldenFrame& frame : world.frames) {
    if (frame.file == file) end = frame.to;
  }
  return end;
}

// With the index gone nobody knows how far the newest pack was written: whatever is cut off it looks like a write that
// was cut off. A compacted pack is nobody's, so a header of one alone looks like a pack that was never begun. And a
// seal says nothing that the pack after it does not say too.
bool can_be_told_without_index(const GoldenVault& world, const std::string& file, std::size_t size) {
  if (file == GoldenVault::pack_file(6)) return false;
  if (file == GoldenVault::pack_file(2)) return size < end_of_frames(world, file);
  return size > header_only_size(world.options);
}

TEST_CASE("a file cut off at any length is named, and what stands before the cut is read", "[cuts]") {
  GoldenVault kept;
  kept.options.content_hash = nullptr;  // a check of the index, which is whole here
  GoldenVault gone;
  gone.drop_index();
  GoldenVault rebuilt;
  const std::uint64_t seed = seed_from_environment(SystemRandom().next() % 1'000'000);
  for (const auto& [file, whole] : kept.files) {
    const std::string subject = subject_of(file);
    const bool is_pack = subject.starts_with("pack");
    for (std::size_t size = seed % kThinned; size < whole.size(); size += kThinned) {
      const std::string after = file + " cut off at " + std::to_string(size) + " of " + std::to_string(whole.size());
      for (GoldenVault* world : {&kept, &gone, &rebuilt}) world->set(file, whole.substr(0, size));
      const Keys lost = kept.versions_in(file, size, whole.size());
      // Of the list of packs that may be gone, the one that this header holds is cut off with it.
      const bool blames_first = file == GoldenVault::pack_file(5) && size < kept.frames.front().from + 200;

      Verified verified = kept.verify();
      std::set<std::string> named = subjects(verified);
      if (named.erase(subject) == 0) FAIL(after << ": verify has no finding\n" << all_of(verified));
      if (blames_first) named.erase("pack 00000001.pack.zst");
      if (!named.empty()) FAIL(after << ": verify blames others\n" << all_of(verified));
      if (lost_in(kept, verified) != lost) FAIL(after << ": verify names other versions\n" << all_of(verified));
      if (kept.check_reads(after, lost) != lost) FAIL(after << ": a version that was cut off is read");

      verified = gone.verify();
      named = subjects(verified);
      named.erase("the index");
      const bool told = named.erase(subject) != 0;
      if (blames_first) named.erase("pack 00000001.pack.zst");
      if (!named.empty()) FAIL(after << ": verify without the index blames others\n" << all_of(verified));
      if (is_pack && !told && can_be_told_without_index(gone, file, size))
        FAIL(after << ": verify without the index has no finding\n" << all_of(verified));

      const Rebuilt made = rebuilt.check_rebuild(after, lost);
      if (is_pack && can_be_told_without_index(gone, file, size) && !tells_of(made.findings, subject))
        FAIL(after << ": the rebuild says nothing");
    }
    for (GoldenVault* world : {&kept, &gone, &rebuilt}) world->mend(file);
  }
}

}  // namespace
}  // namespace backstock::testing
