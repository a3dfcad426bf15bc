// The door to SQLite: connections, statements and transactions as objects, failures as Errors.
//
// Errors call the file by the words it was opened with: of a vault's index unless the opener says otherwise.
//
// A connection for writing uses WAL and synchronous=FULL: a committed row is on disk, unless its owner says that rows may
// wait (vault/README.md). Readers see the last commit.
// A damaged file gives ErrorKind::corrupt; a full or read-only disk no_space.
//
// Threads: a connection and its statements belong to one thread at a time. Statements die before their connection.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace backstock::index {

enum class Access { read, write };

// What errors say of a file. Literals.
struct FileWords {
  std::string_view noun = "index";
  std::string_view if_damaged = "run `backstock rebuild`; it makes the index again from the packs";
  std::string_view if_missing = "has a backup run yet, and may this user read the folder?";
  std::string_view if_too_new = "use the newer program, or move the index away and run `backstock rebuild`";
};

struct OpenFile {
  std::string path;
  FileWords words;
};

class Statement {
 public:
  Statement(Statement&& other) noexcept : handle_(other.handle_), file_(other.file_) { other.handle_ = nullptr; }
  Statement& operator=(Statement&&) = delete;
  Statement(const Statement&) = delete;
  ~Statement();

  // Binds from ?1 on: integers, text, std::nullopt for NULL, Blob for bytes. Bound text must live until the step.
  template <class... Args>
  Statement& bind(const Args&... args) {
    reset();
    int place = 0;
    (bind_one(++place, args), ...);
    return *this;
  }
  // True: there is a row to read. False: done.
  Result<bool> step();
  // For statements without rows.
  Result<> run();
  void reset();

  std::int64_t integer(int column) const;
  std::string_view text(int column) const;  // until the next step
  bool is_null(int column) const;
  int columns() const;

  struct Blob {
    ByteView bytes;
  };

 private:
  friend class Connection;
  Statement(sqlite3_stmt* handle, const OpenFile* file) : handle_(handle), file_(file) {}
  void bind_one(int place, std::int64_t value);
  void bind_one(int place, std::string_view value);
  void bind_one(int place, Blob value);
  void bind_one(int place, std::nullopt_t);
  void bind_one(int place, const std::string& value) { bind_one(place, std::string_view(value)); }
  void bind_one(int place, const char* value) { bind_one(place, std::string_view(value)); }
  void bind_one(int place, int value) { bind_one(place, static_cast<std::int64_t>(value)); }
  void bind_one(int place, bool value) { bind_one(place, static_cast<std::int64_t>(value)); }
  void bind_one(int place, std::uint32_t value) { bind_one(place, static_cast<std::int64_t>(value)); }
  void bind_one(int place, std::uint64_t value) { bind_one(place, static_cast<std::int64_t>(value)); }
  template <class T>
  void bind_one(int place, const std::optional<T>& value) {
    value ? bind_one(place, *value) : bind_one(place, std::nullopt);
  }

  sqlite3_stmt* handle_;
  const OpenFile* file_;
};

class Connection {
 public:
  static Result<std::unique_ptr<Connection>> open(const std::string& path, Access access, FileWords words = {});
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Result<> execute(std::string_view sql);  // one or more statements without rows
  Result<Statement> prepare(std::string_view sql);
  // The first column of the first row; not_found when there is none.
  Result<std::int64_t> query_integer(std::string_view sql);
  std::int64_t last_row() const;
  const std::string& path() const { return file_.path; }
  // "index /var/…/index.db"
  std::string name() const;
  const FileWords& words() const { return file_.words; }

 private:
  explicit Connection(OpenFile file) : file_(std::move(file)) {}
  OpenFile file_;
  sqlite3* handle_ = nullptr;
};

// Reads that belong together see one state, whatever is committed meanwhile. Short: the write-ahead log grows until it
// ends.
class Snapshot {
 public:
  static Result<Snapshot> begin(Connection& connection);
  Snapshot(Snapshot&& other) noexcept : connection_(other.connection_) { other.connection_ = nullptr; }
  Snapshot& operator=(Snapshot&&) = delete;
  ~Snapshot();

 private:
  explicit Snapshot(Connection* connection) : connection_(connection) {}
  Connection* connection_;
};

// Rolled back unless committed.
class Transaction {
 public:
  static Result<Transaction> begin(Connection& connection);
  Transaction(Transaction&& other) noexcept : connection_(other.connection_) { other.connection_ = nullptr; }
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<> commit();

 private:
  explicit Transaction(Connection* connection) : connection_(connection) {}
  Connection* connection_;
};

}  // namespace backstock::index
