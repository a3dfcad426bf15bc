#include "index/item_scans.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <tuple>

#include "base/random.h"
#include "index_world.h"

namespace backstock::index {
namespace {

// Items of both kinds of id with histories over two packs, put in in any order of ids.
struct ScanWorld : IndexWorld {
  struct Put {
    std::string id;
    std::uint32_t version = 0;
    std::int64_t at = 0;
    bool gone = false;
    std::uint64_t pack = 0;
    std::uint64_t offset = 0;
    std::uint32_t at_byte = 0;
    bool operator==(const Put&) const = default;
  };
  std::map<std::string, std::vector<Put>> model;

  explicit ScanWorld(std::uint64_t seed) {
    SeededRandom random(seed);
    const auto below = [&](std::uint64_t n) { return random.next() % n; };
    must(writer->set_pack({2, std::string(16, 'j'), 9000, 5, false}));
    std::vector<std::pair<FrameRow, std::int64_t>> frames;
    for (const FrameRow row : {FrameRow{2, 200, 176, 9}, FrameRow{1, 900, 176, 9}, FrameRow{2, 7000, 176, 9}})
      frames.emplace_back(row, must(writer->add_frame(row)));
    for (std::uint32_t i = 0; i < 400; ++i) {
      const std::string id = below(3) == 0 ? "k-" + std::to_string(below(30)) : std::to_string(below(120));
      std::vector<Put>& versions = model[id];
      const auto number = static_cast<std::uint32_t>(versions.size() + 1);
      const bool gone = number > 1 && below(4) == 0;
      const auto& [place, key] = frames[below(3)];
      const std::uint32_t at_byte = i * 7919 % 401 * 100;
      NewVersionRow made = gone ? tombstone("products", id, number) : row("products", id, number);
      made.at = 1000 + i;
      made.frame_key = key;
      made.at_byte = at_byte;
      must(writer->add_version(made));
      versions.push_back({id, number, made.at, gone, place.pack, place.offset, at_byte});
      if (below(3) == 0) add(row("customers", id, number));
    }
  }

  static bool is_id_before(const std::string& a, const std::string& b) {
    const auto x = number_of(a);
    const auto y = number_of(b);
    if (x && y) return *x < *y;
    return x.has_value() != y.has_value() ? x.has_value() : a < b;
  }
  std::vector<std::string> sorted_ids() const {
    std::vector<std::string> ids;
    for (const auto& [id, versions] : model) ids.push_back(id);
    std::sort(ids.begin(), ids.end(), &is_id_before);
    return ids;
  }
  template <class Scan>
  std::vector<Put> read(Scan scan) {  // moved: what it has bound must move along
    std::vector<Put> found;
    while (const auto row = must(scan.next())) {
      CHECK(row->item_key == must(items->find_item("products", row->id))->key);
      CHECK(row->version.run == "run1");
      found.push_back({row->id, row->version.version, row->version.at, row->version.gone, row->version.frame.pack,
                       row->version.frame.offset, row->version.at_byte});
    }
    CHECK_FALSE(must(scan.next()));
    return found;
  }
};

std::uint64_t seed() {
  const char* given = std::getenv("BACKSTOCK_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : 11;
}

TEST_CASE("a scan of versions gives all of a type in the order of ids, from behind any item") {
  INFO("run again with BACKSTOCK_SEED=" << seed());
  ScanWorld world(seed());
  for (const std::string after : {"", "0", "17", "119", "5000", "k-", "k-17", "zzz"}) {
    INFO(after);
    std::vector<ScanWorld::Put> expected;
    for (const std::string& id : world.sorted_ids()) {
      if (!after.empty() && !ScanWorld::is_id_before(after, id)) continue;
      for (const auto& version : world.model.at(id)) expected.push_back(version);
    }
    CHECK(world.read(must(VersionScan::open(*world.connection, "products", after))) == expected);
  }
  CHECK(world.read(must(VersionScan::open(*world.connection, "nothing"))).empty());
}

TEST_CASE("a scan as of an instant gives each item's version of then, pack after pack") {
  INFO("run again with BACKSTOCK_SEED=" << seed());
  ScanWorld world(seed());
  for (const std::int64_t at : {999, 1000, 1100, 1250, 5000}) {
    INFO(at);
    std::vector<ScanWorld::Put> expected;
    for (const auto& [id, versions] : world.model) {
      const auto later = std::find_if(versions.begin(), versions.end(), [&](const auto& each) { return each.at > at; });
      if (later != versions.begin()) expected.push_back(*std::prev(later));
    }
    const auto place = [](const ScanWorld::Put& put) { return std::tuple(put.pack, put.offset, put.at_byte); };
    std::sort(expected.begin(), expected.end(), [&](const auto& a, const auto& b) { return place(a) < place(b); });
    CHECK(world.read(must(InstantScan::open(*world.connection, "products", at))) == expected);
  }
}

}  // namespace
}  // namespace backstock::index
