#include "state/state_file.h"

#include <cstdlib>

#include "base/crypto.h"
#include "state_world.h"

namespace backstock::state {
namespace {

TEST_CASE("state.db is readable by its owner alone, the files beside it too") {
  StateWorld world;
  world.set_password("first password");
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(world.folder.path())) {
    CAPTURE(entry.path());
    CHECK((must(sys::file_mode(entry.path().string())) & 0777U) == 0600U);
    ++files;
  }
  CHECK(files == 3);  // with the WAL and its index
}

TEST_CASE("a commit is on the disk before it is told: synchronous, with a write-ahead log") {
  StateWorld world;
  const auto connection = must(open_state(world.fs, world.path));
  CHECK(must(connection->query_integer("PRAGMA synchronous")) == 2);
}

TEST_CASE("a damaged state.db is refused in words that say what to do, and is left as it is") {
  StateWorld world;
  for (int i = 0; i < 200; ++i) must(world.accounts->make_token("token " + std::to_string(i), TokenAccess::read));
  world.accounts.reset();
  std::string bytes = must(sys::read_file(world.fs, world.path, 10_MiB));
  REQUIRE(bytes.size() > 20000);
  for (const std::size_t at : {std::size_t{0}, std::size_t{4096 + 3}, bytes.size() - 4096 + 5}) {
    CAPTURE(at);
    std::string damaged = bytes;
    for (std::size_t i = 0; i < 16; ++i) damaged[at + i] = static_cast<char>(damaged[at + i] ^ 0x55);
    must(sys::replace_file(world.fs, world.path, damaged));
    const auto opened = Accounts::open({&world.fs, &world.clock, &world.random, world.path});
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error().kind == ErrorKind::corrupt);
    CHECK(opened.error().sentence().find("state " + world.path) != std::string::npos);
    CHECK(opened.error().hint.find("move state.db") != std::string::npos);
    CHECK(opened.error().sentence().find("rebuild") == std::string::npos);
    CHECK(must(sys::read_file(world.fs, world.path, 10_MiB)) == damaged);
  }
}

TEST_CASE("a state.db of a newer program is refused with both numbers") {
  StateWorld world;
  world.accounts.reset();
  must(must(open_state(world.fs, world.path))->execute("PRAGMA user_version=99"));
  const auto opened = open_state(world.fs, world.path);
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().kind == ErrorKind::conflict);
  CHECK(opened.error().message.find("state " + world.path + " has schema 99") != std::string::npos);
}

// A released migration is never edited. To add one: BACKSTOCK_ACCEPT=1, and look at the difference.
TEST_CASE("each released migration of state.db is what it was") {
  std::string now;
  for (const index::Migration& migration : released_migrations())
    now += std::string(migration.name) + " " + to_hex(view(sha256(migration.sql))) + "\n";
  const std::string path = std::string(BACKSTOCK_GOLDEN_DIR) + "/state/migrations.sha256";
  if (std::getenv("BACKSTOCK_ACCEPT") != nullptr) std::ofstream(path, std::ios::trunc) << now;
  std::ifstream file(path, std::ios::binary);
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == now);
}

}  // namespace
}  // namespace backstock::state
