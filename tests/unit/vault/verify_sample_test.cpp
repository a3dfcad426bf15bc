// A sample reads the share that was asked for, other frames each time, and says what it read.
#include "support/vault_world.h"
#include "vault/blobs.h"

namespace backstock::vault {
namespace {

using namespace testing;

struct Filled : VaultWorld {
  Filled() {
    options.pack_size = 20'000;
    const auto writer = open();
    for (int i = 0; i < 400; ++i) {
      put(*writer, "products", std::to_string(i), product("item " + std::to_string(random.next())));
      if (i % 4 == 0) must(writer->flush());
    }
    for (int i = 0; i < 40; ++i) must(put_blob(options, std::string(1000, 'a') + std::to_string(i)));
  }
  Verified sample(const Sample& how) { return must(vault::verify(options, {}, {}, how)); }
};

TEST_CASE("a sample reads about the share that was asked for and tells of how much") {
  Filled world;
  const Verified whole = world.verify();
  CHECK_FALSE(whole.sampled);
  std::uint64_t frames = 0;
  std::uint64_t blobs = 0;
  std::uint64_t bytes = 0;
  constexpr int kTimes = 40;
  for (int time = 0; time < kTimes; ++time) {
    const Verified part = world.sample({0.1, {}});
    CHECK(all_of(part).empty());
    CHECK(part.sampled);
    CHECK(part.packs == whole.packs);
    CHECK(part.frames_there == whole.frames);
    CHECK(part.blobs_there == whole.blobs);
    CHECK(part.bytes_there >= whole.bytes);  // seals and headers too
    CHECK(part.versions < whole.versions);
    frames += part.frames;
    blobs += part.blobs;
    bytes += part.bytes;
  }
  // 40 times 100 frames and 40 blobs, each with one chance in ten: far outside of what chance does is a bug.
  CHECK(frames > kTimes * whole.frames / 20);
  CHECK(frames < kTimes * whole.frames / 5);
  CHECK(blobs > kTimes * whole.blobs / 20);
  CHECK(blobs < kTimes * whole.blobs / 5);
  CHECK(bytes < kTimes * whole.bytes / 5);
}

TEST_CASE("a sample by size reads that much, and no more than there is") {
  Filled world;
  const Verified whole = world.verify();
  std::uint64_t bytes = 0;
  for (int time = 0; time < 40; ++time) bytes += world.sample({{}, whole.bytes / 4}).bytes;
  CHECK(bytes > 40 * whole.bytes / 8);
  CHECK(bytes < 40 * whole.bytes / 3);
  const Verified all = world.sample({{}, whole.bytes * 10});
  CHECK(all.frames == whole.frames);
  CHECK(all.versions == whole.versions);
  CHECK(all.blobs == whole.blobs);
}

TEST_CASE("damage anywhere is met by one sample or another, and named") {
  Filled world;
  const auto row = must(world.reader()->items().find_version("products", "77", 1));
  world.flip(row->frame.pack, row->frame.offset + row->frame.header_size + 5);
  int met = 0;
  for (int time = 0; time < 60; ++time) {
    const Verified part = world.sample({0.3, {}});
    met += part.findings.empty() ? 0 : 1;
    for (const Finding& finding : part.findings) {
      CHECK(finding.of == Finding::Of::file);
      CHECK(finding.file == "packs/" + pack::pack_name(row->frame.pack));
      CHECK(std::find(finding.lost.begin(), finding.lost.end(), "products 77 version 1") != finding.lost.end());
    }
  }
  CHECK(met > 5);
  CHECK(met < 40);
}

TEST_CASE("a sample finds packs that are missing or cut off, and headers that are damaged, however small it is") {
  const auto what = GENERATE(0, 1, 2);
  Filled world;
  if (what == 0) must(world.memory.remove(world.pack(2)));
  if (what == 1) world.damage(2, world.bytes(2).substr(0, world.bytes(2).size() / 2));
  if (what == 2) world.flip(2, 98);
  const Verified part = world.sample({1e-9, {}});
  CHECK_FALSE(part.findings.empty());
  for (const Finding& finding : part.findings) CHECK(finding.file == "packs/" + pack::pack_name(2));
}

}  // namespace
}  // namespace backstock::vault
