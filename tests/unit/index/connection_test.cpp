#include "index/connection.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "index/self_check.h"
#include "index_world.h"

namespace backstock::index {
namespace {

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}
void write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

TEST_CASE("a connection for reading does not make the file") {
  testing::TempFolder folder;
  const auto opened = Connection::open(folder.path() + "/none.db", Access::read);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().kind == ErrorKind::not_found);
  CHECK(opened.error().message.find("none.db") != std::string::npos);
  CHECK(::access((folder.path() + "/none.db").c_str(), F_OK) != 0);
}

TEST_CASE("a file that is no database is corrupt, and the operator is told of rebuild") {
  testing::TempFolder folder;
  const std::string path = folder.path() + "/index.db";
  write(path, std::string(8192, 'x'));
  for (const Access access : {Access::read, Access::write}) {
    auto opened = Connection::open(path, access);
    const Result<std::int64_t> asked =
        opened ? (*opened)->query_integer("SELECT count(*) FROM sqlite_master") : Result<std::int64_t>(opened.error());
    REQUIRE_FALSE(asked);
    CHECK(asked.error().kind == ErrorKind::corrupt);
    CHECK(asked.error().hint.find("backstock rebuild") != std::string::npos);
  }
}

TEST_CASE("an index cut off in the middle is corrupt") {
  IndexWorld world;
  for (int i = 1; i < 400; ++i) world.add(IndexWorld::row("products", std::to_string(i), 1, {std::string(40, 'n')}));
  world.items.reset();
  world.writer.reset();
  world.connection.reset();
  const std::string bytes = read(world.path);
  write(world.path, bytes.substr(0, bytes.size() / 2));
  const auto opened = Connection::open(world.path, Access::write);
  const auto asked = opened ? (*opened)->query_integer("SELECT count(*) FROM items") : opened.error();
  REQUIRE_FALSE(asked);
  CHECK(asked.error().kind == ErrorKind::corrupt);
}

TEST_CASE("a connection for reading refuses to write and sees each commit") {
  IndexWorld world;
  const auto reader = must(Connection::open(world.path, Access::read));
  CHECK(must(reader->query_integer("SELECT count(*) FROM items")) == 0);
  CHECK_FALSE(reader->execute("DELETE FROM items"));
  {
    const auto transaction = must(Transaction::begin(*world.connection));
    world.add(IndexWorld::row("products", "1", 1));
    CHECK(must(reader->query_integer("SELECT count(*) FROM items")) == 0);
  }  // rolled back
  CHECK(must(reader->query_integer("SELECT count(*) FROM items")) == 0);
  auto transaction = must(Transaction::begin(*world.connection));
  world.writer = must(ItemWriter::open(*world.connection));  // the type's key went with the rollback
  world.add(IndexWorld::row("products", "1", 1));
  must(transaction.commit());
  CHECK(must(reader->query_integer("SELECT count(*) FROM items")) == 1);
}

TEST_CASE("a writing connection syncs every commit and keeps a write-ahead log") {
  const testing::TempFolder folder;
  const auto connection = must(Connection::open(folder.path() + "/index.db", Access::write));
  CHECK(must(connection->query_integer("PRAGMA synchronous")) == 2);
  CHECK(must(connection->query_integer("PRAGMA foreign_keys")) == 1);
  Statement mode = must(connection->prepare("PRAGMA journal_mode"));
  REQUIRE(must(mode.step()));
  CHECK(mode.text(0) == "wal");
}

TEST_CASE("a full disk under the index is no_space") {
  IndexWorld world;
  const auto pages = must(world.connection->query_integer("PRAGMA page_count"));
  must(world.connection->query_integer("PRAGMA max_page_count=" + std::to_string(pages)));
  Result<> worked;
  Statement insert = must(world.connection->prepare("INSERT INTO meta VALUES (?1, ?2)"));
  for (int i = 0; i < 50 && worked; ++i) worked = insert.bind(std::to_string(i), std::string(4000, 'v')).run();
  REQUIRE_FALSE(worked);
  CHECK(worked.error().kind == ErrorKind::no_space);
}

TEST_CASE("an index that this user may not write to is no_space for a writer and readable for a reader") {
  if (::geteuid() == 0) return;  // root may write everywhere
  IndexWorld world;
  world.add(IndexWorld::row("products", "1", 1));
  world.items.reset();
  world.writer.reset();
  world.connection.reset();
  REQUIRE(::chmod(world.path.c_str(), 0400) == 0);
  const auto writer = Connection::open(world.path, Access::write);
  const auto wrote = writer ? (*writer)->execute("DELETE FROM items") : Result<>(writer.error());
  REQUIRE_FALSE(wrote);
  CHECK(wrote.error().kind == ErrorKind::no_space);
  const auto reader = must(Connection::open(world.path, Access::read));
  CHECK(must(reader->query_integer("SELECT count(*) FROM items")) == 1);
}

TEST_CASE("a second transaction gives conflict instead of waiting for ever") {
  IndexWorld world;
  const auto other = must(Connection::open(world.path, Access::write));
  must(other->query_integer("PRAGMA busy_timeout=0"));
  const auto first = must(Transaction::begin(*world.connection));
  const auto second = Transaction::begin(*other);
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == ErrorKind::conflict);
}

TEST_CASE("text and bytes come back as they were bound, zero bytes and broken UTF-8 too") {
  IndexWorld world;
  const std::string odd("a\0b\xFF\xC3(\"'|", 9);
  Statement s = must(world.connection->prepare("SELECT ?1, ?2, ?3, ?4, ?5, ?6"));
  REQUIRE(must(
      s.bind(odd, Statement::Blob{odd}, std::nullopt, std::int64_t{-5}, true, std::optional<std::int64_t>()).step()));
  CHECK(s.text(0) == odd);
  CHECK(s.text(1) == odd);
  CHECK(s.is_null(2));
  CHECK(s.integer(3) == -5);
  CHECK(s.integer(4) == 1);
  CHECK(s.is_null(5));
}

TEST_CASE("a query without a row is not_found; without a column that it asks for the index is damaged, and named") {
  IndexWorld world;
  const auto none = world.connection->query_integer("SELECT 1 FROM items");
  REQUIRE_FALSE(none);
  CHECK(none.error().kind == ErrorKind::not_found);
  const auto wrong = world.connection->query_integer("SELECT nonsense FROM items");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().kind == ErrorKind::corrupt);
  CHECK(wrong.error().message.find(world.path) != std::string::npos);
}

TEST_CASE("the self-check finds an item's row that disagrees with its versions") {
  IndexWorld world;
  world.add(IndexWorld::row("products", "1", 1));
  world.add(IndexWorld::row("products", "1", 2));
  CHECK(must(self_check(*world.connection)).empty());
  must(world.connection->execute("UPDATE items SET version=1"));
  const auto wrong = must(self_check(*world.connection));
  REQUIRE(wrong.size() == 1);
  CHECK(wrong.front() == "the row of products 1 does not agree with its versions");
}

TEST_CASE("the self-check finds what a list, a search or a pack would not find") {
  const auto wrong_after = [](const char* sql) {
    IndexWorld world;
    world.add(IndexWorld::row("products", "1", 1, {"Chair", "C-1"}));
    world.add(IndexWorld::row("products", "2", 1, {"Table", "T-1"}));
    REQUIRE(must(self_check(*world.connection)).empty());
    must(world.connection->execute(sql));
    return must(self_check(*world.connection));
  };
  CHECK(wrong_after("UPDATE changes SET at=at+1 WHERE item_key=1") ==
        Ids{"the row of products 1 does not agree with its versions"});
  CHECK(wrong_after("INSERT INTO changes VALUES (1, 1, 1000, 1)") ==
        Ids{"there are not as many newest versions as items"});
  CHECK(wrong_after("UPDATE items SET labels='Stool' WHERE item_key=1") ==
        Ids{"the search does not agree with the labels"});
  CHECK(wrong_after("DELETE FROM search") == Ids{"the search does not agree with the labels"});
  CHECK(wrong_after("UPDATE versions SET frame_key=77 WHERE item_key=1") ==
        Ids{"there are versions in frames that are not known"});
}

TEST_CASE("the self-check finds an index tree that does not fit its table") {
  IndexWorld world;
  for (int i = 1; i < 50; ++i) world.add(IndexWorld::row("products", std::to_string(i), 1));
  must(world.connection->query_integer("PRAGMA wal_checkpoint(TRUNCATE)"));
  const auto page =
      must(world.connection->query_integer("SELECT rootpage FROM sqlite_master WHERE name='items_by_id'"));
  world.items.reset();
  world.writer.reset();
  world.connection.reset();
  std::string bytes = read(world.path);
  bytes.replace(static_cast<std::size_t>(page) * 4096 - 600, 600, std::string(600, '\x07'));
  write(world.path, bytes);
  const auto connection = must(Connection::open(world.path, Access::read));
  const auto wrong = self_check(*connection);
  CHECK((!wrong || !wrong->empty()));
}

}  // namespace
}  // namespace backstock::index
