#include "peers.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "figures.h"

namespace backstock::bench {
namespace {

// `git cat-file --batch`, with a pipe to it and one from it.
class GitBatch {
 public:
  explicit GitBatch(const std::string& repository) {
    int to[2];
    int from[2];
    if (::pipe2(to, O_CLOEXEC) != 0 || ::pipe2(from, O_CLOEXEC) != 0) return;
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(to[0], 0);
      ::dup2(from[1], 1);
      ::execlp("git", "git", "-C", repository.c_str(), "cat-file", "--batch", nullptr);
      ::_exit(127);
    }
    ::close(to[0]);
    ::close(from[1]);
    to_ = to[1];
    from_ = ::fdopen(from[0], "r");
  }
  ~GitBatch() {
    if (to_ >= 0) ::close(to_);
    if (from_ != nullptr) std::fclose(from_);
    if (child_ > 0) ::waitpid(child_, nullptr, 0);
  }
  GitBatch(const GitBatch&) = delete;

  bool ask(const std::string& name, std::string& answer) {
    const std::string line = name + "\n";
    if (from_ == nullptr || ::write(to_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) return false;
    char head[256];
    unsigned long size = 0;
    if (std::fgets(head, sizeof head, from_) == nullptr || std::sscanf(head, "%*s blob %lu", &size) != 1) return false;
    answer.resize(size + 1);
    return std::fread(answer.data(), 1, answer.size(), from_) == answer.size() && (answer.pop_back(), true);
  }

 private:
  pid_t child_ = -1;
  int to_ = -1;
  std::FILE* from_ = nullptr;
};

// A connection and its one statement.
struct Database {
  sqlite3* handle = nullptr;
  sqlite3_stmt* insert = nullptr;
  ~Database() {
    sqlite3_finalize(insert);
    sqlite3_close(handle);
  }
  Error failed() const { return make_error(ErrorKind::failed, std::string("SQLite: ") + sqlite3_errmsg(handle)); }
  Result<> run(const char* sql) const {
    if (sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failed();
    return {};
  }
};

int length(std::string_view text) { return static_cast<int>(text.size()); }

}  // namespace

Result<std::vector<double>> git_reads(const std::string& repository, const std::string& requests,
                                      const History& history) {
  GitBatch git(repository);
  std::ifstream list(requests);
  std::vector<double> times;
  std::string name;
  std::string answer;
  Entry entry;
  while (list >> name >> entry.offset >> entry.size) {
    const Stopwatch watch;
    const bool answered = git.ask(name, answer);
    times.push_back(watch.seconds() * 1e6);
    if (!answered || answer != history.bytes(entry)) {
      return make_error(ErrorKind::corrupt, "git cat-file answered something else for " + name);
    }
  }
  return times;
}

Result<double> sqlite_appends(const std::string& file, const History& history, std::size_t group, double seconds) {
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file + suffix);
  Database database;
  if (sqlite3_open(file.c_str(), &database.handle) != SQLITE_OK) return database.failed();
  // A row with its body, found by item and version: the least that keeps a history.
  TRY(
      database.run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                   "CREATE TABLE version(type TEXT, id TEXT, version INTEGER, at INTEGER, body BLOB);"
                   "CREATE UNIQUE INDEX place ON version(type, id, version)"));
  if (sqlite3_prepare_v2(database.handle, "INSERT INTO version VALUES (?,?,1,?,?)", -1, &database.insert, nullptr) !=
      SQLITE_OK) {
    return database.failed();
  }
  const Stopwatch watch;
  std::size_t done = 0;
  while (watch.seconds() < seconds && done + group <= history.end_of(0)) {
    TRY(database.run("BEGIN IMMEDIATE"));
    for (std::size_t i = 0; i < group; ++i) {
      const Entry& entry = history.entries()[done++];
      const std::string_view body = history.bytes(entry);
      sqlite3_bind_text(database.insert, 1, entry.type.data(), length(entry.type), SQLITE_STATIC);
      sqlite3_bind_text(database.insert, 2, entry.id.data(), length(entry.id), SQLITE_STATIC);
      sqlite3_bind_int64(database.insert, 3, entry.at);
      sqlite3_bind_blob(database.insert, 4, body.data(), length(body), SQLITE_STATIC);
      if (sqlite3_step(database.insert) != SQLITE_DONE) return database.failed();
      sqlite3_reset(database.insert);
    }
    TRY(database.run("COMMIT"));
  }
  return static_cast<double>(done) / watch.seconds();
}

}  // namespace backstock::bench
