// The golden vault is read by today's program as it was written, and today's program would write it so.
#include <zstd.h>

#include "golden_files.h"
#include "golden_vault.h"

namespace backstock::testing {
namespace {

constexpr unsigned kGoldenZstd = 10504;  // whose choices the compressed bytes show

TEST_CASE("the golden vault is what the writer makes", "[made]") {
  const GoldenFiles made = make_golden();
  if (std::getenv("BACKSTOCK_ACCEPT") != nullptr) {
    write_golden(made);
    write_fuzz_seeds(fuzz_seeds(made));
  }
  const GoldenFiles golden = read_golden();
  CHECK(made.versions == golden.versions);
  // Inputs that once failed are put among the seeds too.
  const auto seeds = read_fuzz_seeds();
  for (const auto& [name, bytes] : fuzz_seeds(golden)) {
    INFO("seed " << name);
    CHECK((seeds.count(name) == 1 && seeds.at(name) == bytes));
  }
  if (ZSTD_versionNumber() != kGoldenZstd) {
    WARN("this libzstd is not the one the golden vault was made with and may compress otherwise: bytes not compared");
    return;
  }
  for (const auto& [name, bytes] : golden.files) {
    INFO(name);
    REQUIRE(made.files.count(name) == 1);
    CHECK(to_hex(made.files.at(name)) == to_hex(bytes));
  }
  CHECK(made.files.size() == golden.files.size());
}

TEST_CASE("every version of the golden vault reads as it was written, and verify finds nothing", "[made]") {
  GoldenVault world;
  CHECK(world.truth.size() == 32);
  CHECK(world.frames.size() == 11);
  world.check_reads("as it is");
  const Verified verified = world.verify();
  INFO(all_of(verified));
  CHECK(verified.findings.empty());
  CHECK(verified.notes.empty());
  CHECK(verified.versions == world.truth.size());
  CHECK(verified.packs == 5);
  CHECK(verified.blobs == 1);
  const auto reader = world.reader();
  for (const char* run : {"01GOLDEN1", "01GOLDEN2", "01GOLDEN3"}) {
    CHECK(world.dump().find("run|" + std::string(run) + "|full|manual|") != std::string::npos);
  }
  const StoredVersion page = must(reader->read_newest("pages", "a page/of text"));
  CHECK(page.item == "[\"\xFF\xFE not UTF-8\"]");
  CHECK(must(reader->read_newest("brands", "7")).item == "{\"name\":\"Caf\xC3\xA9 Noir\",   \"rank\":1e2,\"rank\":2}");
  CHECK(must(reader->read_newest("products", "4")).meta.gone);
}

}  // namespace
}  // namespace backstock::testing
