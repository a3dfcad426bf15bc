#include "sys/posix_fs.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include <catch2/catch.hpp>

#include "support/temp_folder.h"

using namespace backstock;
using namespace backstock::sys;
using namespace backstock::testing;

TEST_CASE("files are made for their owner only, and folders too") {
  TempFolder folder;
  PosixFs fs;
  const Path inner = join(folder.path(), "a/b");
  const Path file = join(inner, "file");
  REQUIRE(fs.make_folder(inner));
  REQUIRE(fs.create(file));
  CHECK(file_mode(inner).value() == 0700);
  CHECK(file_mode(join(folder.path(), "a")).value() == 0700);
  CHECK(file_mode(file).value() == 0600);
  REQUIRE(replace_file(fs, file, "x"));
  CHECK(file_mode(file).value() == 0600);
  CHECK(file_mode(join(inner, "missing")).error().kind == ErrorKind::not_found);
}

TEST_CASE("a symbolic link in a file's place is not followed") {
  TempFolder folder;
  PosixFs fs;
  const Path target = join(folder.path(), "target");
  const Path link = join(folder.path(), "link");
  REQUIRE(fs.create(target));
  REQUIRE(::symlink(target.c_str(), link.c_str()) == 0);
  for (const auto& result : {fs.open_read(link).has_value(), fs.open_append(link).has_value(),
                             fs.create(link).has_value(), fs.lock(link).has_value()}) {
    CHECK_FALSE(result);
  }
  CHECK_FALSE(fs.open_read(link).error().hint.empty());
  // Replacing puts a file in the link's place and leaves the target alone.
  REQUIRE(replace_file(fs, link, "mine"));
  CHECK(read_file(fs, target, 10).value().empty());
  CHECK(read_file(fs, link, 10).value() == "mine");
}

TEST_CASE("a link to a folder is followed: an operator may put the data elsewhere") {
  TempFolder folder;
  PosixFs fs;
  const Path link = join(folder.path(), "link");
  REQUIRE(fs.make_folder(join(folder.path(), "real")));
  REQUIRE(::symlink(join(folder.path(), "real").c_str(), link.c_str()) == 0);
  REQUIRE(fs.make_folder(link));
  REQUIRE(fs.create(join(link, "file")));
  REQUIRE(fs.sync_folder(link));
  CHECK(fs.list(link).value().size() == 1);
}

TEST_CASE("a FIFO in a file's place is refused at once") {
  TempFolder folder;
  PosixFs fs;
  const Path path = join(folder.path(), "fifo");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  CHECK_FALSE(fs.open_read(path).has_value());
}

TEST_CASE("a lock held by another process is a conflict that names it, and ends with it") {
  TempFolder folder;
  PosixFs fs;
  const Path path = join(folder.path(), "lock");
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto held = fs.lock(path);
    [[maybe_unused]] const auto told = ::write(ready[1], held ? "y" : "n", 1);
    ::pause();
    ::_exit(0);
  }
  char answer = 0;
  REQUIRE(::read(ready[0], &answer, 1) == 1);
  REQUIRE(answer == 'y');
  const auto refused = fs.lock(path);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == ErrorKind::conflict);
  CHECK(refused.error().message.find("by process " + std::to_string(child)) != std::string::npos);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(fs.lock(path).has_value());
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_CASE("an append goes on after a short write and tells why it could not end") {
  TempFolder folder;
  PosixFs fs;
  auto file = fs.create(join(folder.path(), "file")).value();
  // The kernel writes up to the limit and says so; only the next write fails.
  struct rlimit before {};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  struct rlimit small = before;
  small.rlim_cur = 1000;
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto result = file->append(std::string(1500, 'x'));
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, old_handler);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().message.find("File too large") != std::string::npos);
  CHECK(file->size().value() == 1000);
}

TEST_CASE("a device in a file's place is refused") {
  PosixFs fs;
  const auto opened = fs.open_append("/dev/full");
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().message.find("not a regular file") != std::string::npos);
}

TEST_CASE("the folder of a path") {
  CHECK(folder_of("/a/b") == "/a");
  CHECK(folder_of("/a/b/") == "/a");
  CHECK(folder_of("/a") == "/");
  CHECK(folder_of("/") == "/");
  CHECK(folder_of("a") == ".");
  CHECK(folder_of("a/b") == "a");
}
