// Blocks of 512 zeros over the golden vault's files, as a disk leaves of a sector that it had never written.
#include "golden_vault.h"

namespace backstock::testing {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kEach = 64;

TEST_CASE("a block of zeros anywhere is named, and what stands beside it is read", "[blocks]") {
  GoldenVault kept;
  GoldenVault gone;
  gone.drop_index();
  GoldenVault rebuilt;
  for (const auto& [file, whole] : kept.files) {
    const std::string subject = subject_of(file);
    for (std::size_t at = 0; at < whole.size(); at += kEach) {
      const std::string after = file + " with zeros at " + std::to_string(at);
      const std::size_t end = std::min(at + kBlock, whole.size());
      std::string bytes = whole;
      std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin() + static_cast<std::ptrdiff_t>(end),
                '\0');
      for (GoldenVault* world : {&kept, &gone, &rebuilt}) world->set(file, bytes);
      const Keys lost = kept.versions_in(file, at, end);

      Verified verified = kept.verify();
      std::set<std::string> named = subjects(verified);
      if (named.erase(subject) == 0) FAIL(after << ": verify has no finding\n" << all_of(verified));
      if (file == GoldenVault::pack_file(5)) named.erase("pack 00000001.pack.zst");
      if (!named.empty()) FAIL(after << ": verify blames others\n" << all_of(verified));
      if (lost_in(kept, verified) != lost) FAIL(after << ": verify names other versions\n" << all_of(verified));
      if (kept.check_reads(after, lost) != lost) FAIL(after << ": a version under zeros is read");

      verified = gone.verify();
      if (!tells_of(verified, subject)) FAIL(after << ": verify without the index says nothing\n" << all_of(verified));
      const bool is_tail = kept.may_be_torn(file, at, end);
      if (!lost.empty() && !is_tail && subjects(verified).count(subject) == 0)
        FAIL(after << ": verify without the index takes a loss for less\n" << all_of(verified));
      const Rebuilt made = rebuilt.check_rebuild(after, lost);
      if (!lost.empty() && !is_tail && !tells_of(made.findings, subject)) FAIL(after << ": the rebuild says nothing");
    }
    for (GoldenVault* world : {&kept, &gone, &rebuilt}) world->mend(file);
  }
}

}  // namespace
}  // namespace backstock::testing
