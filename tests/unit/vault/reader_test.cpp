// Reading many versions at once, and large ones.
#include <set>

#include "support/vault_world.h"

namespace backstock::vault {
namespace {

using namespace testing;

// Reads of pack files since the last question.
struct CountedReads {
  VaultWorld& world;
  std::uint64_t before = world.fs.calls(Call::read_at);
  std::uint64_t since() {
    const std::uint64_t now = world.fs.calls(Call::read_at);
    return now - std::exchange(before, now);
  }
};

std::vector<WantedVersion> all_of(VaultReader& reader, const std::string& type) {
  std::vector<WantedVersion> wanted;
  for (const index::ItemRow& row : must(reader.items().list({type, "", index::Deleted::include, {}, "", 1000})))
    wanted.push_back({type, row.id, *must(reader.items().newest_content(row.key, {}))});
  return wanted;
}

TEST_CASE("a page of items is read with one read of each frame, whatever their order") {
  VaultWorld world;
  world.options.frame_size = 1000;
  const auto writer = world.open();
  for (int i = 0; i < 60; ++i) put(*writer, "products", std::to_string(i), product("p" + std::to_string(i)));
  must(writer->flush());
  const auto reader = world.reader();
  std::vector<WantedVersion> wanted = all_of(*reader, "products");
  REQUIRE(wanted.size() == 60);
  std::set<std::uint64_t> frames;
  for (const WantedVersion& one : wanted) frames.insert(one.row.frame.offset);
  REQUIRE(frames.size() > 5);
  std::reverse(wanted.begin(), wanted.begin() + 30);
  std::swap(wanted[1], wanted[58]);
  CHECK(must(reader->read(wanted[0])).item == product("p29"));  // opens the pack
  CountedReads reads{world};
  std::vector<std::string> items(wanted.size());
  reader->read_many(wanted, [&](std::size_t nth, Result<StoredVersion> version) { items[nth] = must(version).item; });
  CHECK(reads.since() <= frames.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) CHECK(items[i] == product("p" + wanted[i].id));
}

TEST_CASE("one damaged frame costs a page its own versions and no others") {
  VaultWorld world;
  const auto writer = world.open();
  for (int i = 0; i < 30; ++i) put(*writer, "products", std::to_string(i), product("p" + std::to_string(i)));
  must(writer->flush());
  const std::vector<WantedVersion> wanted = all_of(*world.reader(), "products");
  const index::FrameRow hit = wanted[12].row.frame;
  world.flip(1, hit.offset + hit.header_size + 5);
  std::size_t lost = 0;
  std::size_t taken = 0;
  const auto reader = world.reader();
  reader->read_many(wanted, [&](std::size_t nth, Result<StoredVersion> version) {
    ++taken;
    const bool in_it = wanted[nth].row.frame.offset == hit.offset;
    CHECK(version.has_value() == !in_it);
    if (in_it) {
      ++lost;
      CHECK(version.error().kind == ErrorKind::corrupt);
    }
  });
  CHECK(taken == 30);
  CHECK(lost > 0);
  CHECK(lost < 30);
}

TEST_CASE("a row that leads to another item's bytes gives none of them") {
  VaultWorld world;
  const auto writer = world.open();
  put(*writer, "products", "1", product("a"));
  put(*writer, "products", "2", product("b"));
  must(writer->flush());
  const auto reader = world.reader();
  std::vector<WantedVersion> wanted = all_of(*reader, "products");
  std::swap(wanted[0].row, wanted[1].row);
  CHECK(reader->read(wanted[0]).error().kind == ErrorKind::corrupt);
}

TEST_CASE("a version larger than a frame is read again and again, byte for byte, between small ones") {
  VaultWorld world;
  const auto writer = world.open();
  const std::string large = product(std::string(3'000'000, 'x'));
  put(*writer, "products", "1", product("small"));
  put(*writer, "products", "2", large);
  put(*writer, "products", "3", product("also small"));
  must(writer->flush());
  const auto reader = world.reader();
  for (int round = 0; round < 2; ++round) {
    CHECK(must(reader->read_newest("products", "2")).item == large);
    const StoredVersion again = must(reader->read_newest("products", "2"));
    CHECK(again.item == large);
    CHECK(again.line.ends_with('}'));
    CHECK(must(reader->read_newest("products", "1")).item == product("small"));
    CHECK(must(reader->read_newest("products", "3")).item == product("also small"));
    reader->forget_large_frames();
  }
}

}  // namespace
}  // namespace backstock::vault
