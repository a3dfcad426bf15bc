// Appending, flushing, reading back; limits, rolling over, refusals, failures.
#include <unistd.h>

#include "support/vault_world.h"

namespace backstock::vault {
namespace {

using namespace testing;

TEST_CASE("what was flushed is read back byte for byte") {
  VaultWorld world;
  const std::string item = R"({"name":"Chair","price":19.9900,"a":1,"a":2,"big":123456789012345678901234567890})";
  const std::string broken = "[\"\xFF\n\"]";
  {
    const auto writer = world.open();
    const NamedText parts[] = {{"variants", {"[ 1e2 ]"}}, {"images", {broken, false}}};
    VersionMeta meta = meta_of("products", "77", 1795269900123);
    meta.hash = hash_of(item);
    CHECK(must(writer->append(meta, {item}, parts)) == 1);
    CHECK(put(*writer, "orders", "5", R"({"id":5})") == 1);
    must(writer->flush());
  }
  const auto reader = world.reader();
  const StoredVersion back = must(reader->read_newest("products", "77"));
  CHECK(back.item == item);
  CHECK(back.meta.at == 1795269900123);
  REQUIRE(back.parts.size() == 2);
  CHECK(back.parts[0].bytes == "[ 1e2 ]");
  CHECK(back.parts[1].bytes == broken);
  CHECK(must(reader->read_version("orders", "5", 1)).item == R"({"id":5})");
  CHECK(world.verify().findings.empty());
}

TEST_CASE("a version is visible when its flush has succeeded, not before") {
  VaultWorld world;
  const auto writer = world.open();
  put(*writer, "products", "1", product("one"));
  must(writer->flush());
  const auto reader = world.reader();
  put(*writer, "products", "1", product("two"));
  put(*writer, "products", "2", product("new"));
  CHECK(must(reader->read_newest("products", "1")).meta.version == 1);
  CHECK(reader->read_newest("products", "2").error().kind == ErrorKind::not_found);
  must(writer->flush());
  CHECK(must(reader->read_newest("products", "1")).item == product("two"));
  CHECK(must(reader->read_newest("products", "2")).item == product("new"));
}

TEST_CASE("what was never flushed does not exist") {
  VaultWorld world;
  {
    const auto writer = world.open();
    put(*writer, "products", "1", product("one"));
    must(writer->flush());
    put(*writer, "products", "1", product("two"));
  }
  const auto writer = world.open();
  CHECK(must(writer->current("products", "1"))->version == 1);
  CHECK(put(*writer, "products", "1", product("three")) == 2);
}

TEST_CASE("current() knows appends that are not flushed yet") {
  VaultWorld world;
  const auto writer = world.open();
  CHECK_FALSE(must(writer->current("products", "1")));
  put(*writer, "products", "1", product("one"));
  put(*writer, "products", "1", product("two"));
  auto current = must(writer->current("products", "1"));
  REQUIRE(current);
  CHECK(current->version == 2);
  CHECK(current->hash == hash_of(product("two")));
  bury(*writer, "products", "1");
  current = must(writer->current("products", "1"));
  CHECK(current->gone);
  CHECK(current->version == 3);
  CHECK(current->hash == hash_of(product("two")));
  CHECK(current->scheme == 1);
  must(writer->flush());
  const auto flushed = must(writer->current("products", "1"));
  CHECK(flushed->gone);
  CHECK(flushed->version == 3);
  CHECK(flushed->hash == hash_of(product("two")));
  CHECK(flushed->scheme == 1);
}

TEST_CASE("an item that comes back after its tombstone goes on with its numbers") {
  VaultWorld world;
  {
    const auto writer = world.open();
    put(*writer, "products", "1", product("one"), 1000);
    bury(*writer, "products", "1", 2000);
    must(writer->flush());
    CHECK(put(*writer, "products", "1", product("again"), 3000) == 3);
    must(writer->flush());
  }
  const auto reader = world.reader();
  CHECK(must(reader->read_version("products", "1", 2)).meta.gone);
  CHECK(must(reader->read_newest("products", "1")).item == product("again"));
  CHECK(must(reader->read_version_at("products", "1", from_ms(1999))).item == product("one"));
  CHECK(must(reader->read_version_at("products", "1", from_ms(2000))).meta.gone);
  CHECK(must(reader->read_version_at("products", "1", from_ms(9999))).meta.version == 3);
  const auto early = reader->read_version_at("products", "1", from_ms(999));
  REQUIRE_FALSE(early);
  CHECK(early.error().kind == ErrorKind::not_found);
  CHECK(early.error().sentence().find("history begins at 1970-01-01T00:00:01Z") != std::string::npos);
  const auto fourth = reader->read_version("products", "1", 4);
  CHECK(fourth.error().hint == "its newest is version 3");
  CHECK(reader->read_newest("products", "2").error().message.find("products 2") != std::string::npos);
}

TEST_CASE("set_hash changes what current() compares with, and no version") {
  VaultWorld world;
  const auto writer = world.open();
  put(*writer, "products", "1", product("one"));
  must(writer->flush());
  const std::uint64_t size = world.bytes(1).size();
  must(writer->set_hash("products", "1", hash_of("by newer rules"), 2));
  must(writer->flush());
  CHECK(world.bytes(1).size() == size);
  const auto current = must(writer->current("products", "1"));
  CHECK(current->hash == hash_of("by newer rules"));
  CHECK(current->scheme == 2);
  CHECK(current->version == 1);
}

TEST_CASE("control records become rows with their flush, in the order of time") {
  VaultWorld world;
  const auto writer = world.open();
  const Json begin = {{"control", "run_begin"}, {"run", "01A"}, {"kind", "full"}, {"origin", "manual"}, {"at", 5}};
  must(writer->append_control(begin));
  CHECK(must(index::unfinished_runs(writer->connection())).empty());
  must(writer->flush());
  CHECK(must(index::unfinished_runs(writer->connection())).size() == 1);
  must(writer->append_control(Json{{"control", "run_end"}, {"run", "01A"}, {"at", 9}, {"outcome", "done"}}));
  must(writer->append_control(Json{{"control", "of a newer program"}, {"x", 1}}));
  must(writer->flush());
  CHECK(must(index::find_run(writer->connection(), "01A"))->ended == 9);
}

TEST_CASE("a record that something is done is not synced together with what it speaks of") {
  VaultWorld world;
  const auto writer = world.open();
  put(*writer, "products", "1", product("one"));
  must(writer->flush());
  const auto synced = world.fs.calls(Call::sync);
  put(*writer, "products", "1", product("two"));
  must(writer->append_control(Json{{"control", "type_end"}, {"run", "01A"}, {"type", "products"}}));
  must(writer->flush());
  CHECK(world.fs.calls(Call::sync) == synced + 2);
  must(writer->append_control(Json{{"control", "run_end"}, {"run", "01A"}}));
  must(writer->flush());
  CHECK(world.fs.calls(Call::sync) == synced + 3);
}

TEST_CASE("a checkpoint is committed with the versions before it, or not at all") {
  VaultWorld world;
  {
    const auto writer = world.open();
    put(*writer, "products", "1", product("one"));
    writer->set_checkpoint("01A", "products", "page 1");
    must(writer->flush());
    writer->set_checkpoint("01A", "products", "page 2");
    must(writer->flush());  // alone
    CHECK(must(index::find_checkpoint(writer->connection(), "01A", "products")) == "page 2");
    put(*writer, "products", "2", product("two"));
    writer->set_checkpoint("01A", "products", "page 3");
    world.fs.fail(Call::sync, 1, EIO);
    CHECK_FALSE(writer->flush());
  }
  world.fs.heal();
  const auto writer = world.open();
  CHECK(must(index::find_checkpoint(writer->connection(), "01A", "products")) == "page 2");
}

TEST_CASE("frames are cut by type and size, and a line is never cut") {
  VaultWorld world;
  const auto writer = world.open();
  const std::string big = product(std::string(5000, 'b'));
  for (int i = 0; i < 40; ++i) {
    put(*writer, "products", std::to_string(i), product("name " + std::to_string(i)));
    put(*writer, "orders", std::to_string(i), product("order"));
    if (i == 20) put(*writer, "products", "big", big);
  }
  must(writer->flush());
  const auto reader = must(pack::PackReader::open(world.fs, world.options.packs(), 1));
  pack::PackWalk walk(*reader, reader->header_size());
  std::uint64_t lines = 0;
  std::uint64_t frames = 0;
  for (auto step = must(walk.next()); step; step = must(walk.next())) {
    REQUIRE(step->frame);
    ++frames;
    lines += step->frame->header.lines;
    CHECK(step->frame->raw.size() < world.options.frame_size + big.size() + 400);
    for_each_line(step->frame->raw, [&](std::string_view line, std::size_t) {
      CHECK(must(parse_version_line(line)).meta.type == step->frame->header.content_type);
    });
  }
  CHECK(lines == 81);
  CHECK(frames > 15);
  CHECK(must(world.reader()->read_newest("products", "big")).item == big);
}

TEST_CASE("appends flush by themselves after flush_size bytes") {
  VaultWorld world;
  world.options.flush_size = 3000;
  const auto writer = world.open();
  for (int i = 0; i < 100; ++i) put(*writer, "products", std::to_string(i), product("name"));
  CHECK(must(world.reader()->items().count_present("products")) > 50);
}

TEST_CASE("an item of several megabytes is kept whole") {
  VaultWorld world;
  std::string text(3'000'000, '\0');
  for (char& c : text) c = static_cast<char>('a' + world.random.next() % 26);
  const std::string item = product(text);
  const auto writer = world.open();
  put(*writer, "products", "1", item);
  put(*writer, "products", "2", product("small"));
  must(writer->flush());
  CHECK(must(world.reader()->read_newest("products", "1")).item == item);
  CHECK(must(world.reader()->read_newest("products", "2")).item == product("small"));
}

TEST_CASE("an item that no frame can hold is refused and harms nothing", "[.big]") {
  VaultWorld world;
  const auto writer = world.open();
  put(*writer, "products", "1", product("one"));
  const std::string item(pack::kMaxRawFrame, ' ');
  const auto refused = writer->append(meta_of("products", "2"), {item}, {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::too_large);
  put(*writer, "products", "3", product("three"));
  must(writer->flush());
  CHECK(must(world.reader()->items().count_present("products")) == 2);
}

TEST_CASE("a full pack is sealed and the next one tells where it ended") {
  VaultWorld world;
  world.options.pack_size = 4000;
  {
    const auto writer = world.open();
    for (int i = 0; i < 200; ++i) {
      put(*writer, "products", std::to_string(i), product("name " + std::to_string(i * 7919)));
      if (i % 10 == 0) must(writer->flush());
    }
    must(writer->flush());
  }
  const auto packs = must(world.reader()->items().packs());
  REQUIRE(packs.size() >= 3);
  for (std::size_t i = 0; i < packs.size(); ++i) {
    CHECK(packs[i].pack == i + 1);
    const auto reader = must(pack::PackReader::open(world.fs, world.options.packs(), i + 1));
    CHECK(reader->header().store_hash == "abc123");
    pack::PackWalk walk(*reader, reader->header_size());
    while (must(walk.next())) continue;
    CHECK(walk.end() == packs[i].known_end);
    CHECK(walk.frames() == packs[i].frames);
    CHECK(walk.sealed() == packs[i].sealed);
    CHECK(walk.sealed() == (i + 1 < packs.size() || packs[i].sealed));
    if (i == 0) {
      CHECK_FALSE(reader->header().predecessor);
    } else {
      REQUIRE(reader->header().predecessor);
      CHECK(reader->header().predecessor->number == i);
      CHECK(view(reader->header().predecessor->identity) == packs[i - 1].identity);
      CHECK(reader->header().predecessor->end == packs[i - 1].known_end);
    }
  }
  for (int i = 0; i < 200; ++i) must(world.reader()->read_newest("products", std::to_string(i)));
  CHECK(all_of(world.verify()).empty());
}

TEST_CASE("a pack that is not full is gone on with by the next writer") {
  VaultWorld world;
  for (int round = 0; round < 5; ++round) {
    const auto writer = world.open();
    CHECK(writer->opened().findings.empty());
    CHECK(writer->opened().rolled_forward == 0);
    put(*writer, "products", "1", product(std::to_string(round)));
    must(writer->flush());
  }
  CHECK(must(world.reader()->items().packs()).size() == 1);
  CHECK(must(world.reader()->items().history("products", "1")).size() == 5);
  CHECK(all_of(world.verify()).empty());
}

TEST_CASE("opening and closing without a word written leaves no pack") {
  VaultWorld world;
  world.open();
  world.open();
  CHECK(must(world.memory.list(world.options.packs())).empty());
  CHECK(world.reader()->read_newest("products", "1").error().kind == ErrorKind::not_found);
}

TEST_CASE("a reader of a vault that does not exist says so, and makes nothing") {
  VaultWorld world;
  CHECK(VaultReader::open(world.options).error().kind == ErrorKind::not_found);
  must(world.memory.make_folder(world.options.packs()));
  CHECK(VaultReader::open(world.options).error().kind == ErrorKind::not_found);
  CHECK_FALSE(std::filesystem::exists(world.options.index()));
}

TEST_CASE("a second writer is refused with the first one's process id") {
  use_memory_for_temp_folders();
  TempFolder folder;
  sys::PosixFs fs;
  VaultWorld world;
  world.options.fs = &fs;
  world.options.folder = folder.path();
  const auto first = world.open();
  put(*first, "products", "1", product("one"));
  must(first->flush());
  const auto second = VaultWriter::open(world.options, "a second one");
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == ErrorKind::conflict);
  CHECK(second.error().message.find(std::to_string(::getpid())) != std::string::npos);
  CHECK(rebuild_index_locked(world.options, {}).error().kind == ErrorKind::conflict);
  CHECK(must(VaultReader::open(world.options)));  // readers need no lock
}

TEST_CASE("the vault of another store is refused and stays as it was") {
  VaultWorld world;
  {
    const auto writer = world.open();
    put(*writer, "products", "1", product("one"));
    must(writer->flush());
  }
  const std::string before = world.dump();
  const std::string bytes = world.bytes(1);
  world.options.store_hash = "other9";
  for (int round = 0; round < 2; ++round) {
    const auto refused = VaultWriter::open(world.options, "a test");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::conflict);
    CHECK(refused.error().message.find("belongs to store abc123, not to other9") != std::string::npos);
    CHECK(world.bytes(1) == bytes);
  }
  CHECK(VaultReader::open(world.options).error().kind == ErrorKind::corrupt);
  world.options.store_hash = "abc123";
  CHECK(world.dump() == before);
  world.drop_index();
  world.options.store_hash = "other9";
  CHECK(VaultWriter::open(world.options, "a test").error().kind == ErrorKind::conflict);
}

TEST_CASE("after a failed sync the writer repeats its error and never syncs again") {
  VaultWorld world;
  {
    const auto writer = world.open();
    put(*writer, "products", "1", product("one"));
    must(writer->flush());
    put(*writer, "products", "1", product("two"));
    world.fs.fail(Call::sync, 1, EIO);
    const auto failed = writer->flush();
    REQUIRE_FALSE(failed);
    world.fs.heal();
    const auto synced = world.fs.calls(Call::sync);
    CHECK(writer->flush().error().message == failed.error().message);
    CHECK(writer->append(meta_of("products", "9"), {"{}"}, {}).error().message == failed.error().message);
    CHECK(writer->append_control(Json{{"control", "x"}}).error().message == failed.error().message);
    CHECK(writer->set_hash("products", "1", {}, 2).error().message == failed.error().message);
    CHECK(world.fs.calls(Call::sync) == synced);
    CHECK(must(world.reader()->read_newest("products", "1")).meta.version == 1);
  }
  world.memory.crash();  // what was not synced is gone
  const auto writer = world.open();
  CHECK(writer->opened().findings.empty());
  CHECK(put(*writer, "products", "1", product("three")) == 2);
  must(writer->flush());
  CHECK(must(world.reader()->read_newest("products", "1")).item == product("three"));
  CHECK(all_of(world.verify()).empty());
}

TEST_CASE("a full disk costs nothing that was acknowledged, and the next writer goes on behind the torn tail") {
  VaultWorld world;
  {
    const auto writer = world.open();
    put(*writer, "products", "1", product("one"));
    must(writer->flush());
    put(*writer, "products", "1", product("two"));
    world.fs.short_write(1, 50);
    const auto failed = writer->flush();
    REQUIRE_FALSE(failed);
    CHECK(failed.error().kind == ErrorKind::no_space);
    CHECK_FALSE(writer->flush());
  }
  world.fs.heal();
  {
    const auto writer = world.open();
    CHECK(writer->opened().findings.empty());
    put(*writer, "products", "1", product("three"));
    must(writer->flush());
  }
  const auto reader = world.reader();
  CHECK(must(reader->read_version("products", "1", 1)).item == product("one"));
  CHECK(must(reader->read_version("products", "1", 2)).item == product("three"));
  CHECK(must(reader->items().packs()).size() == 2);
  // Noted, and no damage, also once another pack came after it and with the index gone.
  CHECK(world.verify().findings.empty());
  CHECK(world.verify().notes.size() == 1);
  world.drop_index();
  const auto writer = world.open();
  REQUIRE(writer->opened().findings.size() == 1);
  CHECK(writer->opened().findings[0].find("the index is missing") == 0);
}

TEST_CASE("labels may be left out") {
  VaultWorld world;
  world.options.labels = nullptr;
  const auto writer = world.open();
  put(*writer, "products", "1", product("one"));
  must(writer->flush());
  CHECK(must(world.reader()->items().count_present("products")) == 1);
}

TEST_CASE("a row of the index that a flipped bit made younger does not cost a version") {
  VaultWorld world;
  {
    const auto writer = world.open();
    for (int i = 0; i < 3; ++i) put(*writer, "products", "1", product(std::to_string(i)));
    must(writer->flush());
    must(writer->connection().execute("UPDATE items SET version=1"));
    const auto refused = writer->append(meta_of("products", "1"), {"{}"}, {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::corrupt);
    CHECK(refused.error().hint.find("rebuild") != std::string::npos);
    CHECK_FALSE(writer->flush());
  }
  must(rebuild_index_locked(world.options, {}));
  const auto writer = world.open();
  CHECK(put(*writer, "products", "1", product("four")) == 4);
}

}  // namespace
}  // namespace backstock::vault
