// When a disk is low, when it is full, and what the writer does then.
#include "vault/disk_room.h"

#include "support/vault_world.h"

using namespace backstock;
using namespace backstock::vault;
using testing::must;
using testing::put;
using testing::VaultWorld;

namespace {

constexpr ByteCount kGiB = 1024 * 1_MiB;

}  // namespace

TEST_CASE("a disk is low below a twentieth of it or 2 GiB, and full below 256 MiB and some of the index") {
  struct Row {
    ByteCount total, index, warn, stop;
  };
  for (const Row& row :
       {Row{1000 * kGiB, 0, 50 * kGiB, 256_MiB}, Row{1000 * kGiB, 5 * kGiB, 50 * kGiB, 256_MiB + 5 * kGiB / 50},
        Row{40 * kGiB, 0, 2 * kGiB, 256_MiB}, Row{20 * kGiB, 0, 2 * kGiB, 256_MiB}, Row{5 * kGiB, 0, kGiB, 256_MiB},
        Row{kGiB, 0, kGiB / 5, kGiB / 10}, Row{64_MiB, 40_MiB, 64_MiB / 5, 64_MiB / 10}}) {
    INFO(row.total << " " << row.index);
    const DiskRoom room = judge_room(row.total, row.total, row.index, {});
    CHECK(room.level == RoomLevel::enough);
    CHECK(room.warn == row.warn);
    CHECK(room.stop == row.stop);
    CHECK(judge_room(row.warn, row.total, row.index, {}).level == RoomLevel::enough);
    CHECK(judge_room(row.warn - 1, row.total, row.index, {}).level == RoomLevel::low);
    CHECK(judge_room(row.stop, row.total, row.index, {}).level == RoomLevel::low);
    CHECK(judge_room(row.stop - 1, row.total, row.index, {}).level == RoomLevel::full);
    CHECK(judge_room(0, row.total, row.index, {}).level == RoomLevel::full);
  }
}

TEST_CASE("limits that are set count as they are, and a warning never comes after the stop") {
  const DiskRoom set = judge_room(3 * kGiB, 10 * kGiB, kGiB, {4 * kGiB, kGiB});
  CHECK(set.level == RoomLevel::low);
  CHECK(set.warn == 4 * kGiB);
  CHECK(set.stop == kGiB);
  const DiskRoom stop_only = judge_room(6 * kGiB, 100 * kGiB, 0, {std::nullopt, 7 * kGiB});
  CHECK(stop_only.level == RoomLevel::full);
  CHECK(stop_only.warn == 7 * kGiB);
}

TEST_CASE("a disk that does not tell its size counts as one with room") {
  CHECK(judge_room(0, 0, 0, {}).level == RoomLevel::enough);
}

TEST_CASE("sizes are told in few digits, and never as more than there is") {
  CHECK(describe_bytes(0) == "0 bytes");
  CHECK(describe_bytes(1023) == "1023 bytes");
  CHECK(describe_bytes(1536) == "1.5 KiB");
  CHECK(describe_bytes(512_MiB) == "512 MiB");
  CHECK(describe_bytes(2 * kGiB - 1) == "1.9 GiB");
  CHECK(describe_bytes(40 * kGiB) == "40 GiB");
  CHECK(describe(judge_room(kGiB + 900_MiB, 40 * kGiB, 0, {})) == "1.8 GiB free of 40 GiB, below 2 GiB");
  CHECK(describe(judge_room(10_MiB, 40 * kGiB, 0, {})) == "10 MiB free of 40 GiB, below 256 MiB");
}

TEST_CASE("on a full disk the writer refuses before it writes a byte, and the next one goes on where there is room") {
  VaultWorld world;
  {
    auto writer = world.open();
    put(*writer, "products", "1", testing::product("kept"));
    must(writer->flush());
  }
  const std::string before = world.bytes(1);
  auto writer = world.open();
  world.memory.set_free_space(200_MiB);
  put(*writer, "products", "2", testing::product("late"));
  const std::uint64_t appends = world.fs.calls(testing::Call::append);
  const auto refused = writer->flush();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::no_space);
  CHECK_THAT(refused.error().sentence(), Catch::Contains(world.options.folder) && Catch::Contains("200 MiB are free") &&
                                             Catch::Contains("256 MiB") && Catch::Contains("free some space"));
  CHECK(world.fs.calls(testing::Call::append) == appends);
  CHECK(world.bytes(1) == before);
  CHECK_FALSE(writer->flush());  // it is finished, as after any failure
  writer.reset();

  world.memory.set_free_space(300_MiB);
  writer = world.open();
  CHECK(writer->opened().findings.empty());
  CHECK(must(writer->current("products", "1")).has_value());
  CHECK_FALSE(must(writer->current("products", "2")).has_value());
  put(*writer, "products", "2", testing::product("late"));
  must(writer->flush());
  CHECK(testing::all_of(world.verify()) == "");
}

TEST_CASE("on a full disk the index still takes what needs no frame: the reserve is for it") {
  VaultWorld world;
  auto writer = world.open();
  world.memory.set_free_space(1_MiB);
  must(writer->flush());
  writer->set_checkpoint("01RUN", "products", "{}");
  must(writer->flush());
}

TEST_CASE("a disk that cannot be asked is written to") {
  VaultWorld world;
  auto writer = world.open();
  world.fs.fail(testing::Call::free_space, 1, 5, testing::Fault::from_then_on);
  put(*writer, "products", "1", testing::product("kept"));
  must(writer->flush());
}
