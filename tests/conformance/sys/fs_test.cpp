// One suite for every Fs: what a room may rely on, whichever it was given.
#include "sys/fs.h"

#include <catch2/catch.hpp>

#include "support/faulty_fs.h"
#include "support/memory_fs.h"
#include "support/temp_folder.h"
#include "sys/posix_fs.h"

using namespace backstock;
using namespace backstock::sys;
using namespace backstock::testing;

namespace {

struct Posix {
  TempFolder folder;
  PosixFs fs;
  Path root = folder.path();
};

struct Memory {
  MemoryFs fs;
  Path root = "/memory";
  Memory() { REQUIRE(fs.make_folder(root)); }
};

struct Wrapped {
  MemoryFs memory;
  FaultyFs fs{memory};
  Path root = "/wrapped";
  Wrapped() { REQUIRE(fs.make_folder(root)); }
};

}  // namespace

#define FS_TEST(name) TEMPLATE_TEST_CASE(name, "", Posix, Memory, Wrapped)

FS_TEST("what is appended is read back, at any place and across the end") {
  TestType t;
  const Path path = join(t.root, "file");
  auto file = t.fs.create(path).value();
  REQUIRE(file->append("hello "));
  REQUIRE(file->append(""));
  REQUIRE(file->append(std::string("wor\0ld", 6)));
  REQUIRE(file->sync());
  CHECK(file->size().value() == 12);
  CHECK(file->read_at(0, 5).value() == "hello");
  const auto reader = t.fs.open_read(path).value();
  CHECK(reader->read_at(6, 6).value() == std::string("wor\0ld", 6));
  CHECK(reader->read_at(10, 1000).value() == "ld");
  CHECK(reader->read_at(12, 1).value().empty());
  CHECK(reader->read_at(std::uint64_t{1} << 40, 1).value().empty());
  CHECK(reader->read_at(0, std::size_t{1} << 40).value().size() == 12);
}

FS_TEST("a file opened for appending goes on at its end") {
  TestType t;
  const Path path = join(t.root, "file");
  REQUIRE(t.fs.create(path).value()->append("one"));
  auto file = t.fs.open_append(path).value();
  REQUIRE(file->append("two"));
  CHECK(file->read_at(0, 10).value() == "onetwo");
  CHECK(read_file(t.fs, path, 6).value() == "onetwo");
}

FS_TEST("a file opened for reading cannot be written") {
  TestType t;
  const Path path = join(t.root, "file");
  REQUIRE(t.fs.create(path));
  CHECK_FALSE(t.fs.open_read(path).value()->append("x").has_value());
}

FS_TEST("creating what exists is a conflict and leaves it alone") {
  TestType t;
  const Path path = join(t.root, "file");
  REQUIRE(t.fs.create(path).value()->append("kept"));
  const auto again = t.fs.create(path);
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().kind == ErrorKind::conflict);
  CHECK(again.error().message.find(path) != std::string::npos);
  CHECK(read_file(t.fs, path, 100).value() == "kept");
}

FS_TEST("a missing file or folder is not_found, and the message names it") {
  TestType t;
  const Path path = join(t.root, "missing");
  const auto check = [&](const auto& result) {
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().kind == ErrorKind::not_found);
    CHECK(result.error().message.find(path) != std::string::npos);
  };
  check(t.fs.open_read(path));
  check(t.fs.open_append(path));
  check(t.fs.remove(path));
  check(t.fs.rename(path, path + "2"));
  check(t.fs.list(path));
  check(t.fs.sync_folder(path));
  check(t.fs.free_space(path));
  check(t.fs.total_space(path));
  check(t.fs.create(join(path, "file")));
  check(t.fs.lock(join(path, "lock")));
}

FS_TEST("a folder is made with its parents, and again without complaint") {
  TestType t;
  const Path deep = join(join(t.root, "a"), "b");
  REQUIRE(t.fs.make_folder(deep));
  REQUIRE(t.fs.make_folder(deep));
  REQUIRE(t.fs.create(join(deep, "file")));
  CHECK(exists(t.fs, deep).value());
  CHECK_FALSE(t.fs.make_folder(join(deep, "file")).has_value());
}

FS_TEST("a folder does not open as a file") {
  TestType t;
  CHECK_FALSE(t.fs.open_read(t.root).has_value());
  CHECK_FALSE(t.fs.open_append(t.root).has_value());
}

FS_TEST("a listing is sorted and tells files from folders") {
  TestType t;
  REQUIRE(t.fs.make_folder(join(t.root, "b")));
  REQUIRE(t.fs.create(join(t.root, "c")).value()->append("123"));
  REQUIRE(t.fs.create(join(t.root, "a")));
  REQUIRE(t.fs.create(join(join(t.root, "b"), "hidden below")));
  const auto entries = t.fs.list(t.root).value();
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].name == "a");
  CHECK_FALSE(entries[0].is_folder);
  CHECK(entries[1].name == "b");
  CHECK(entries[1].is_folder);
  CHECK(entries[2].name == "c");
  CHECK(entries[2].size == 3);
}

FS_TEST("a rename replaces its target, and who had that open still reads it") {
  TestType t;
  const Path from = join(t.root, "from");
  const Path to = join(t.root, "to");
  REQUIRE(t.fs.create(from).value()->append("new"));
  REQUIRE(t.fs.create(to).value()->append("old"));
  const auto held = t.fs.open_read(to).value();
  REQUIRE(t.fs.rename(from, to));
  CHECK(read_file(t.fs, to, 100).value() == "new");
  CHECK(held->read_at(0, 3).value() == "old");
  CHECK_FALSE(exists(t.fs, from).value());
}

FS_TEST("remove takes files and empty folders, and no full ones") {
  TestType t;
  const Path folder = join(t.root, "folder");
  const Path file = join(folder, "file");
  REQUIRE(t.fs.make_folder(folder));
  REQUIRE(t.fs.create(file));
  CHECK_FALSE(t.fs.remove(folder).has_value());
  REQUIRE(t.fs.remove(file));
  REQUIRE(t.fs.remove(folder));
  CHECK_FALSE(exists(t.fs, folder).value());
}

FS_TEST("a lock is held until it is let go of") {
  TestType t;
  const Path path = join(t.root, "lock");
  auto first = t.fs.lock(path).value();
  const auto second = t.fs.lock(path);
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().kind == ErrorKind::conflict);
  first.reset();
  CHECK(t.fs.lock(path).has_value());
}

FS_TEST("a file larger than allowed is not read") {
  TestType t;
  const Path path = join(t.root, "file");
  REQUIRE(t.fs.create(path).value()->append("12345"));
  CHECK(read_file(t.fs, path, 5).value() == "12345");
  const auto refused = read_file(t.fs, path, 4);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == ErrorKind::too_large);
}

FS_TEST("replace_file makes, replaces, and clears what a crash left beside") {
  TestType t;
  const Path path = join(t.root, "file");
  REQUIRE(replace_file(t.fs, path, "one"));
  REQUIRE(t.fs.create(path + ".new").value()->append("half of som"));
  REQUIRE(replace_file(t.fs, path, "two"));
  CHECK(read_file(t.fs, path, 100).value() == "two");
  CHECK(t.fs.list(t.root).value().size() == 1);
}

FS_TEST("there is some free space, and no more of it than there is disk") {
  TestType t;
  CHECK(t.fs.free_space(t.root).value() > 0);
  CHECK(t.fs.free_space(t.root).value() <= t.fs.total_space(t.root).value());
}
