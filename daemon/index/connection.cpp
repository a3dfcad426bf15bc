#include "index/connection.h"

#include <sqlite3.h>

#include <cassert>
#include <filesystem>

namespace backstock::index {
namespace {

std::string name_of(const OpenFile& file) { return std::string(file.words.noun) + " " + file.path; }

Error sqlite_error(int code, const char* words, const OpenFile& file) {
  const int primary = code & 0xFF;
  const std::string message = name_of(file) + ": " + words;
  switch (primary) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    // All our SQL is fixed and goes by the schema that the file says it has: with a table or column missing, or a table
    // there that is to be made, the file is not what it says.
    case SQLITE_ERROR:
      return make_error(ErrorKind::corrupt, message, std::string(file.words.if_damaged));
    case SQLITE_FULL:
      return make_error(ErrorKind::no_space, message, "free some space on that disk");
    case SQLITE_READONLY:
      return make_error(ErrorKind::no_space, message, "the daemon's user needs to write to that folder");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return make_error(ErrorKind::conflict, message, "another process holds it; try again");
    case SQLITE_CANTOPEN:
      return make_error(ErrorKind::not_found, message, std::string(file.words.if_missing));
    default:
      return make_error(ErrorKind::failed, message);
  }
}

constexpr int kBusyTimeoutMs = 10'000;

// Opens anew, whatever the handle was.
int open_file(const char* name, int flags, sqlite3*& handle) {
  sqlite3_close_v2(handle);
  handle = nullptr;
  return sqlite3_open_v2(name, &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
}

// With the characters that mean something in a URI encoded.
std::string immutable_uri(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) uri += c == '%' ? "%25" : c == '?' ? "%3f" : c == '#' ? "%23" : std::string(1, c);
  return uri + "?immutable=1";
}

// Even a reader of a WAL file needs to write beside it. Where nothing may be written (a read-only mount), the file
// alone is the whole truth if no WAL with commits lies beside it.
int open_to_read(const std::string& path, sqlite3*& handle) {
  int code = open_file(path.c_str(), SQLITE_OPEN_READWRITE, handle);
  if (code != SQLITE_OK) code = open_file(path.c_str(), SQLITE_OPEN_READONLY, handle);
  if (code != SQLITE_OK) return code;
  code = sqlite3_exec(handle, "SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr);
  const bool cannot_write_beside = (code & 0xFF) == SQLITE_CANTOPEN || (code & 0xFF) == SQLITE_READONLY;
  if (!cannot_write_beside) return SQLITE_OK;  // anything else shows at the first real query, with its words
  std::error_code none;
  const auto wal_size = std::filesystem::file_size(path + "-wal", none);
  if (!none && wal_size > 0) return code;
  return open_file(immutable_uri(path).c_str(), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, handle);
}

}  // namespace

Statement::~Statement() { sqlite3_finalize(handle_); }

void Statement::reset() { sqlite3_reset(handle_); }

void Statement::bind_one(int place, std::int64_t value) { sqlite3_bind_int64(handle_, place, value); }
void Statement::bind_one(int place, std::string_view value) {
  sqlite3_bind_text64(handle_, place, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
}
void Statement::bind_one(int place, Blob value) {
  sqlite3_bind_blob64(handle_, place, value.bytes.data(), value.bytes.size(), SQLITE_STATIC);
}
void Statement::bind_one(int place, std::nullopt_t) { sqlite3_bind_null(handle_, place); }

Result<bool> Statement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(handle_);
    return false;
  }
  sqlite3* database = sqlite3_db_handle(handle_);
  Error error = sqlite_error(code, sqlite3_errmsg(database), *file_);
  sqlite3_reset(handle_);
  return error;
}

Result<> Statement::run() {
  const bool row = TRY(step());
  if (row) reset();
  return {};
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }
std::string_view Statement::text(int column) const {
  const void* bytes = sqlite3_column_blob(handle_, column);
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}
int Statement::columns() const { return sqlite3_column_count(handle_); }
bool Statement::is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Access access, FileWords words) {
  std::unique_ptr<Connection> connection(new Connection({path, words}));
  int code = access == Access::write
                 ? open_file(path.c_str(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, connection->handle_)
                 : open_to_read(path, connection->handle_);
  if (code != SQLITE_OK) return sqlite_error(code, sqlite3_errstr(code), connection->file_);
  sqlite3_busy_timeout(connection->handle_, kBusyTimeoutMs);
  sqlite3_db_config(connection->handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  TRY(connection->execute("PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON"));
  if (access == Access::write) {
    TRY(connection->execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8000"));
  } else {
    TRY(connection->execute("PRAGMA query_only=ON"));
  }
  return connection;
}

std::string Connection::name() const { return name_of(file_); }

Connection::~Connection() { sqlite3_close_v2(handle_); }

Result<> Connection::execute(std::string_view sql) {
  const std::string text(sql);
  const int code = sqlite3_exec(handle_, text.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return sqlite_error(code, sqlite3_errmsg(handle_), file_);
  return {};
}

Result<Statement> Connection::prepare(std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &handle, nullptr);
  if (code != SQLITE_OK) return sqlite_error(code, sqlite3_errmsg(handle_), file_);
  return Statement(handle, &file_);
}

Result<std::int64_t> Connection::query_integer(std::string_view sql) {
  Statement statement = TRY(prepare(sql));
  const bool row = TRY(statement.step());
  if (!row) return make_error(ErrorKind::not_found, name() + ": no row");
  return statement.integer(0);
}

std::int64_t Connection::last_row() const { return sqlite3_last_insert_rowid(handle_); }

Result<Snapshot> Snapshot::begin(Connection& connection) {
  TRY(connection.execute("BEGIN"));
  return Snapshot(&connection);
}

Snapshot::~Snapshot() {
  if (connection_ == nullptr) return;
  // Nothing was written; a connection that cannot even end its reading says so at its next call.
  [[maybe_unused]] const auto ended = connection_->execute("COMMIT");
}

Result<Transaction> Transaction::begin(Connection& connection) {
  TRY(connection.execute("BEGIN IMMEDIATE"));
  return Transaction(&connection);
}

Result<> Transaction::commit() {
  assert(connection_ != nullptr);
  TRY(connection_->execute("COMMIT"));
  connection_ = nullptr;
  return {};
}

Transaction::~Transaction() {
  if (connection_ == nullptr) return;
  // A failed rollback leaves the connection unusable and every later call says so; nothing more to do here.
  [[maybe_unused]] const auto rolled_back = connection_->execute("ROLLBACK");
}

}  // namespace backstock::index
