#include "index/migrate.h"

#include <cstdlib>
#include <fstream>

#include "base/crypto.h"
#include "index_world.h"
#include "support/faulty_fs.h"

namespace backstock::index {
namespace {

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}
bool accepting() { return std::getenv("BACKSTOCK_ACCEPT") != nullptr; }

constexpr Migration kOne{"0001_one", "CREATE TABLE a (x INTEGER) STRICT;"};
constexpr Migration kTwo{"0002_two", "CREATE TABLE b (y INTEGER) STRICT; INSERT INTO b SELECT x FROM a;"};
constexpr Migration kBroken{"0002_broken", "CREATE TABLE b (y INTEGER) STRICT; INSERT INTO nowhere VALUES (1);"};
constexpr Migration kDangling{"0002_dangling",
                              "CREATE TABLE c (a INTEGER PRIMARY KEY) STRICT; CREATE TABLE d (a INTEGER REFERENCES c) "
                              "STRICT; PRAGMA defer_foreign_keys=ON; INSERT INTO d VALUES (7);"};

struct Plain {
  testing::TempFolder folder;
  sys::PosixFs fs;
  std::string path = folder.path() + "/index.db";
  std::unique_ptr<Connection> connection = must(Connection::open(path, Access::write));

  Result<Migrated> run(std::initializer_list<Migration> migrations) {
    const std::vector<Migration> all(migrations);
    return migrate(fs, *connection, all);
  }
  std::int64_t ask(const char* sql) { return must(connection->query_integer(sql)); }
};

TEST_CASE("a fresh index gets every migration and no copy") {
  Plain plain;
  const Migrated done = must(plain.run({kOne, kTwo}));
  CHECK(done.from == 0);
  CHECK(done.to == 2);
  CHECK_FALSE(done.copy);
  CHECK(plain.ask("PRAGMA user_version") == 2);
  CHECK(must(plain.run({kOne, kTwo})).from == 2);
}

TEST_CASE("an existing index is copied before it is migrated, and its rows come along") {
  Plain plain;
  must(plain.run({kOne}));
  must(plain.connection->execute("INSERT INTO a VALUES (42)"));
  const Migrated done = must(plain.run({kOne, kTwo}));
  CHECK(plain.ask("SELECT y FROM b") == 42);
  REQUIRE(done.copy);
  CHECK(*done.copy == plain.path + ".schema1");
  const auto copy = must(Connection::open(*done.copy, Access::read));
  CHECK(must(copy->query_integer("PRAGMA user_version")) == 1);
  CHECK(must(copy->query_integer("SELECT x FROM a")) == 42);
}

TEST_CASE("a migration that fails changes nothing, and can be tried again with a new copy") {
  Plain plain;
  must(plain.run({kOne}));
  const auto failed = plain.run({kOne, kBroken});
  REQUIRE_FALSE(failed);
  CHECK(failed.error().sentence().find("0002_broken") != std::string::npos);
  CHECK(plain.ask("PRAGMA user_version") == 1);
  CHECK(plain.ask("SELECT count(*) FROM sqlite_master WHERE name='b'") == 0);
  must(plain.connection->execute("INSERT INTO a VALUES (1)"));
  const Migrated done = must(plain.run({kOne, kTwo}));  // the first attempt's copy is in the way
  REQUIRE(done.copy);
  const auto copy = must(Connection::open(*done.copy, Access::read));
  CHECK(must(copy->query_integer("SELECT count(*) FROM a")) == 1);
}

TEST_CASE("half a copy that a crash left is made anew") {
  Plain plain;
  must(plain.run({kOne}));
  std::ofstream(plain.path + ".schema1.new") << "half";
  std::ofstream(plain.path + ".schema1") << "old";
  const Migrated done = must(plain.run({kOne, kTwo}));
  CHECK(must(Connection::open(*done.copy, Access::read))->query_integer("PRAGMA user_version").value_or(0) == 1);
}

TEST_CASE("without a copy there is no migration") {
  Plain plain;
  must(plain.run({kOne}));
  for (const testing::Call call : {testing::Call::sync, testing::Call::rename, testing::Call::sync_folder}) {
    testing::FaultyFs faulty(plain.fs);
    faulty.fail(call, 1, 5);
    const std::vector<Migration> all = {kOne, kTwo};
    CHECK_FALSE(migrate(faulty, *plain.connection, all));
    CHECK(plain.ask("PRAGMA user_version") == 1);
  }
}

TEST_CASE("rows that lost their owners stop a migration") {
  Plain plain;
  must(plain.run({kOne}));
  const auto failed = plain.run({kOne, kDangling});
  REQUIRE_FALSE(failed);
  CHECK(plain.ask("PRAGMA user_version") == 1);
}

TEST_CASE("an index of a newer program is refused with both numbers and not touched") {
  Plain plain;
  must(plain.run({kOne, kTwo}));
  const auto refused = plain.run({kOne});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::conflict);
  CHECK(refused.error().message.find("schema 2") != std::string::npos);
  CHECK(refused.error().message.find("up to 1") != std::string::npos);
  CHECK(plain.ask("PRAGMA user_version") == 2);
}

TEST_CASE("a reader is told of a schema that is not its own") {
  Plain plain;
  const std::vector<Migration> one = {kOne};
  const std::vector<Migration> two = {kOne, kTwo};
  CHECK(check_schema(*plain.connection, one).error().kind == ErrorKind::not_found);
  must(plain.run({kOne}));
  CHECK(check_schema(*plain.connection, one));
  CHECK(check_schema(*plain.connection, two).error().message.find("schema 1, this program reads schema 2") !=
        std::string::npos);
  must(plain.run({kOne, kTwo}));
  CHECK(check_schema(*plain.connection, one).error().kind == ErrorKind::conflict);
}

// A released migration is never edited. To add one: BACKSTOCK_ACCEPT=1, and look at the difference.
TEST_CASE("each released migration is what it was") {
  std::string now;
  for (const Migration& migration : released_migrations()) {
    now += std::string(migration.name) + " " + to_hex(view(sha256(migration.sql))) + "\n";
  }
  const std::string path = std::string(BACKSTOCK_GOLDEN_DIR) + "/index/migrations.sha256";
  if (accepting()) std::ofstream(path, std::ios::trunc) << now;
  CHECK(read(path) == now);
}

TEST_CASE("SCHEMA.sql shows the schema as it is") {
  IndexWorld world;
  std::string now =
      "-- Written by tests/unit/index/migrate_test.cpp (BACKSTOCK_ACCEPT=1); for reading, never executed.\n";
  Statement s = must(world.connection->prepare(
      "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY tbl_name, type='index', name"));
  while (must(s.step())) now += "\n" + std::string(s.text(0)) + ";\n";
  const std::string path = std::string(BACKSTOCK_SOURCE_DIR) + "/daemon/index/SCHEMA.sql";
  if (accepting()) std::ofstream(path, std::ios::trunc) << now;
  CHECK(read(path) == now);
}

TEST_CASE("every table is strict and every index of our own says which query it serves") {
  for (const Migration& migration : released_migrations()) {
    std::string_view sql = migration.sql;
    while (!sql.empty()) {
      const auto end = std::min(sql.find('\n'), sql.size());
      const std::string_view line = sql.substr(0, end);
      if (line.starts_with(")")) CHECK(line.find("STRICT") != line.npos);
      if (line.find("INDEX") != line.npos) CHECK(line.find("-- ") != line.npos);
      sql.remove_prefix(std::min(end + 1, sql.size()));
    }
  }
}

}  // namespace
}  // namespace backstock::index
