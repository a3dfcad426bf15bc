#include <thread>

#include "support/vault_world.h"
#include "vault/blobs.h"
#include "vault/scratch.h"

namespace backstock::vault {
namespace {

using namespace testing;

TEST_CASE("a blob is kept once under its digest and given back exactly") {
  VaultWorld world;
  const std::string bytes("\0\xFF picture \r\n", 13);
  const Sha256Digest digest = must(put_blob(world.options, bytes));
  CHECK(digest == sha256(bytes));
  const auto creations = world.fs.calls(Call::create);
  CHECK(must(put_blob(world.options, bytes)) == digest);
  CHECK(world.fs.calls(Call::create) == creations);
  CHECK(must(get_blob(world.options, digest)) == bytes);
  CHECK(get_blob(world.options, sha256("never put")).error().kind == ErrorKind::not_found);
  CHECK(must(get_blob(world.options, must(put_blob(world.options, "")))).empty());
}

TEST_CASE("a damaged blob is corrupt, and putting it again mends it") {
  VaultWorld world;
  const Sha256Digest digest = must(put_blob(world.options, "a picture"));
  world.memory.plant(blob_path(world.options, digest), "a pictur");
  CHECK(get_blob(world.options, digest).error().kind == ErrorKind::corrupt);
  must(put_blob(world.options, "a picture"));
  CHECK(must(get_blob(world.options, digest)) == "a picture");
}

TEST_CASE("a blob that was put outlives a power cut at any moment, whole or not there") {
  VaultWorld world;
  for (std::uint64_t cut = 0;; ++cut) {
    const std::string bytes = "picture " + std::to_string(cut);
    world.memory.cut_after(cut);
    const auto put = put_blob(world.options, bytes);
    world.memory.crash();
    const auto got = get_blob(world.options, sha256(bytes));
    INFO("cut after " << cut);
    if (put) {
      REQUIRE(got);
      break;
    }
    REQUIRE((got || got.error().kind == ErrorKind::not_found));
    must(put_blob(world.options, bytes));
    world.memory.crash();
    REQUIRE(get_blob(world.options, sha256(bytes)));
  }
}

TEST_CASE("a blob that a killed process left half durable is made durable by the next that puts it") {
  VaultWorld world;
  world.fs.fail(Call::sync_folder, 1, EIO);
  CHECK_FALSE(put_blob(world.options, "a picture"));
  world.fs.heal();
  const Sha256Digest digest = must(put_blob(world.options, "a picture"));
  world.memory.crash();
  CHECK(must(get_blob(world.options, digest)) == "a picture");
}

TEST_CASE("threads that put the same blobs at once all succeed") {
  use_memory_for_temp_folders();
  TempFolder folder;
  sys::PosixFs fs;
  SystemRandom random;
  VaultWorld world;
  world.options.fs = &fs;
  world.options.random = &random;
  world.options.folder = folder.path();
  std::atomic<int> failed = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) {
          if (!put_blob(world.options, std::string(2000, static_cast<char>('a' + i % 25)))) ++failed;
        }
      });
    }
  }
  CHECK(failed == 0);
  CHECK(must(fs.list(folder.path() + "/scratch")).empty());
}

TEST_CASE("scratch rows come back by key in the order they were put") {
  VaultWorld world;
  const auto scratch = must(Scratch::create(world.options));
  SeededRandom random(3);
  std::map<std::string, std::vector<std::string>> expected;
  for (int i = 0; i < 3000; ++i) {
    const std::string key = std::to_string(random.next() % 50);
    const std::string row(random.next() % 400, static_cast<char>(i));
    must(scratch->put(key, row));
    expected[key].push_back(row);
    if (i % 1000 == 0) {
      std::size_t seen = 0;
      must(scratch->for_each(key, [&](std::string_view) { ++seen; }));
      CHECK(seen == expected[key].size());
    }
  }
  CHECK(scratch->rows() == 3000);
  for (const auto& [key, rows] : expected) {
    std::vector<std::string> back;
    must(scratch->for_each(key, [&](std::string_view row) { back.emplace_back(row); }));
    REQUIRE(back == rows);
  }
  must(scratch->for_each("no such key", [](std::string_view) { FAIL(); }));
  must(scratch->for_each("", [](std::string_view) { FAIL(); }));
}

TEST_CASE("scratch files go with their object, and at the next open after a crash") {
  VaultWorld world;
  const sys::Path folder = world.options.folder + "/scratch";
  must(remove_old_scratch(world.options));
  {
    const auto scratch = must(Scratch::create(world.options));
    CHECK(must(world.memory.list(folder)).size() == 1);
  }
  CHECK(must(world.memory.list(folder)).empty());
  world.memory.plant(folder + "/left", "by a crash");
  must(world.memory.make_folder(folder + "/odd"));
  world.open();
  CHECK(must(world.memory.list(folder)).size() == 1);  // a folder is nothing of ours
}

TEST_CASE("a scratch file that lost its end is corrupt, not short") {
  VaultWorld world;
  const auto scratch = must(Scratch::create(world.options));
  must(scratch->put("a", std::string(300'000, 'x')));
  world.fs.fail(Call::append, 1, ENOSPC);
  const auto put = scratch->put("a", std::string(300'000, 'y'));
  REQUIRE_FALSE(put);
  CHECK(put.error().kind == ErrorKind::no_space);
}

}  // namespace
}  // namespace backstock::vault
