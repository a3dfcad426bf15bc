// The fake that crash tests stand on: does it forget what it must?
#include "support/memory_fs.h"

#include <cerrno>
#include <set>

#include <catch2/catch.hpp>

#include "support/faulty_fs.h"

using namespace backstock;
using namespace backstock::sys;
using namespace backstock::testing;

namespace {

struct World {
  MemoryFs fs;
  World() { REQUIRE(fs.make_folder("/d")); }
};

void write(Fs& fs, const Path& path, ByteView bytes) {
  auto file = fs.create(path).value();
  REQUIRE(file->append(bytes));
  REQUIRE(file->sync());
}

}  // namespace

TEST_CASE("after a crash a synced file without its folder's sync is gone") {
  World w;
  write(w.fs, "/d/file", "x");
  w.fs.crash();
  CHECK_FALSE(w.fs.has("/d/file"));
}

TEST_CASE("after a crash a folder's sync alone leaves an empty file") {
  World w;
  auto file = w.fs.create("/d/file").value();
  REQUIRE(file->append("x"));
  REQUIRE(w.fs.sync_folder("/d"));
  w.fs.crash();
  CHECK(w.fs.has("/d/file"));
  CHECK(w.fs.bytes_of("/d/file").empty());
}

TEST_CASE("after a crash exactly the synced bytes are there") {
  World w;
  auto file = w.fs.create("/d/file").value();
  REQUIRE(file->append("kept"));
  REQUIRE(file->sync());
  REQUIRE(w.fs.sync_folder("/d"));
  REQUIRE(file->append(" lost"));
  w.fs.crash();
  CHECK(w.fs.bytes_of("/d/file") == "kept");
  CHECK_FALSE(file->append("x").has_value());
  CHECK_FALSE(file->read_at(0, 1).has_value());
}

TEST_CASE("a rename or removal without the folder's sync is undone by a crash") {
  World w;
  write(w.fs, "/d/a", "a");
  write(w.fs, "/d/b", "b");
  REQUIRE(w.fs.sync_folder("/d"));
  REQUIRE(w.fs.rename("/d/a", "/d/b"));
  CHECK(w.fs.bytes_of("/d/b") == "a");
  w.fs.crash();
  CHECK(w.fs.bytes_of("/d/a") == "a");
  CHECK(w.fs.bytes_of("/d/b") == "b");
  REQUIRE(w.fs.remove("/d/a"));
  w.fs.crash();
  CHECK(w.fs.has("/d/a"));
}

TEST_CASE("a rename between folders lasts once either is synced") {
  World w;
  REQUIRE(w.fs.make_folder("/e"));
  write(w.fs, "/d/a", "a");
  REQUIRE(w.fs.rename("/d/a", "/e/a"));
  REQUIRE(w.fs.sync_folder("/e"));
  REQUIRE(w.fs.sync_folder("/d"));
  w.fs.crash();
  CHECK(w.fs.bytes_of("/e/a") == "a");
  CHECK_FALSE(w.fs.has("/d/a"));
}

TEST_CASE("with a seed a crash keeps a prefix of what was not synced, and every length comes up") {
  std::set<std::size_t> lengths;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    INFO("seed " << seed);
    World w;
    auto file = w.fs.create("/d/file").value();
    REQUIRE(w.fs.sync_folder("/d"));
    REQUIRE(file->append("ab"));
    REQUIRE(file->sync());
    REQUIRE(file->append("cdef"));
    w.fs.crash(seed);
    const std::string bytes = w.fs.bytes_of("/d/file");
    REQUIRE(bytes.size() >= 2);
    const std::size_t zeros = bytes.size() - bytes.find_last_not_of('\0') - 1;
    CHECK(std::string("abcdef").starts_with(bytes.substr(0, bytes.size() - zeros)));
    CHECK(bytes.substr(0, 2) == "ab");
    lengths.insert(bytes.size());
  }
  CHECK(lengths.size() == 5);
}

TEST_CASE("replace_file leaves the old or the new content, wherever the machine stops") {
  for (std::uint64_t cut = 0;; ++cut) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      INFO("cut after " << cut << " operations, seed " << seed);
      World w;
      REQUIRE(replace_file(w.fs, "/d/file", "old"));
      w.fs.cut_after(cut);
      const bool done = replace_file(w.fs, "/d/file", "new").has_value();
      w.fs.crash(seed == 0 ? std::nullopt : std::optional(seed));
      const std::string now = read_file(w.fs, "/d/file", 100).value();
      CHECK((now == "new" || (!done && now == "old")));
      REQUIRE(replace_file(w.fs, "/d/file", "newer"));
      if (done && seed == 19) return;
    }
  }
}

TEST_CASE("after the cut nothing works until the crash") {
  World w;
  w.fs.cut_after(1);
  auto file = w.fs.create("/d/file").value();
  CHECK_FALSE(file->append("x").has_value());
  CHECK_FALSE(w.fs.list("/d").has_value());
  w.fs.crash();
  CHECK(w.fs.list("/d").value().empty());
}

TEST_CASE("a crash lets go of locks, and what held one does not let go of the next") {
  World w;
  auto dead = w.fs.lock("/d/lock").value();
  w.fs.crash();
  const auto alive = w.fs.lock("/d/lock").value();
  dead.reset();
  CHECK_FALSE(w.fs.lock("/d/lock").has_value());
}

TEST_CASE("a planned fault comes at its call, once or from then on") {
  World w;
  FaultyFs fs(w.fs);
  fs.fail(Call::append, 2, EIO);
  auto file = fs.create("/d/file").value();
  CHECK(file->append("a").has_value());
  CHECK_FALSE(file->append("b").has_value());
  CHECK(file->append("c").has_value());
  CHECK(fs.calls(Call::append) == 3);
  fs.fail(Call::sync, 1, ENOSPC, Fault::from_then_on);
  CHECK(file->sync().error().kind == ErrorKind::no_space);
  CHECK_FALSE(file->sync().has_value());
  fs.heal();
  CHECK(file->sync().has_value());
  fs.short_write(1, 2);
  CHECK(file->append("xyz").error().kind == ErrorKind::no_space);
  CHECK(w.fs.bytes_of("/d/file") == "acxy");
}

TEST_CASE("replace_file passes every failure on, keeps the old content and works again later") {
  for (const Call call : {Call::create, Call::append, Call::sync, Call::rename, Call::remove, Call::sync_folder}) {
    World w;
    REQUIRE(replace_file(w.fs, "/d/file", "old"));
    FaultyFs fs(w.fs);
    fs.fail(call, 1, EIO, Fault::from_then_on);
    INFO("call kind " << static_cast<int>(call));
    CHECK_FALSE(replace_file(fs, "/d/file", "new").has_value());
    fs.heal();
    const std::string now = read_file(fs, "/d/file", 100).value();
    CHECK((now == "old" || call == Call::sync_folder));
    REQUIRE(replace_file(fs, "/d/file", "newer"));
    CHECK(w.fs.list("/d").value().size() == 1);
  }
}
