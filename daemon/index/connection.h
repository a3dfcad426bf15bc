// The door to SQLite: connections, statements and transactions as objects, failures as Errors.
//
// A connection for writing uses WAL and synchronous=FULL: a committed row is on disk. Readers see the last commit.
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

class Statement {
 public:
  Statement(Statement&& other) noexcept : handle_(other.handle_), path_(other.path_) { other.handle_ = nullptr; }
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
  Statement(sqlite3_stmt* handle, const std::string* path) : handle_(handle), path_(path) {}
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
  const std::string* path_;
};

class Connection {
 public:
  static Result<std::unique_ptr<Connection>> open(const std::string& path, Access access);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Result<> execute(std::string_view sql);  // one or more statements without rows
  Result<Statement> prepare(std::string_view sql);
  // The first column of the first row; not_found when there is none.
  Result<std::int64_t> query_integer(std::string_view sql);
  std::int64_t last_row() const;
  const std::string& path() const { return path_; }

 private:
  explicit Connection(std::string path) : path_(std::move(path)) {}
  std::string path_;
  sqlite3* handle_ = nullptr;
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
