#include "state/rows.h"

namespace backstock::state {
namespace {

template <class... Values>
Result<> run(index::Connection& connection, std::string_view sql, const Values&... values) {
  index::Statement statement = TRY(connection.prepare(sql));
  return statement.bind(values...).run();
}

TokenRow token_of(const index::Statement& row) {
  return {std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)), row.integer(3),
          row.is_null(4) ? std::nullopt : std::optional(row.integer(4))};
}

}  // namespace

Result<std::optional<std::string>> read_password(index::Connection& connection) {
  index::Statement statement = TRY(connection.prepare("SELECT hash FROM password"));
  const bool row = TRY(statement.step());
  return row ? std::optional(std::string(statement.text(0))) : std::nullopt;
}

Result<> write_password(index::Connection& connection, const std::string& hash, std::int64_t now) {
  return run(connection,
             "INSERT INTO password (one, hash, set_at) VALUES (1, ?1, ?2)"
             " ON CONFLICT (one) DO UPDATE SET hash=excluded.hash, set_at=excluded.set_at",
             hash, now);
}

Result<std::optional<SessionRow>> read_session(index::Connection& connection, const std::string& hash) {
  index::Statement statement = TRY(connection.prepare("SELECT begun_at, used_at FROM sessions WHERE hash=?1"));
  const bool row = TRY(statement.bind(hash).step());
  return row ? std::optional(SessionRow{statement.integer(0), statement.integer(1)}) : std::nullopt;
}

Result<> add_session(index::Connection& connection, const std::string& hash, std::int64_t now) {
  return run(connection, "INSERT INTO sessions (hash, begun_at, used_at) VALUES (?1, ?2, ?2)", hash, now);
}

Result<> set_session_used(index::Connection& connection, const std::string& hash, std::int64_t at) {
  return run(connection, "UPDATE sessions SET used_at=?2 WHERE hash=?1 AND used_at<?2", hash, at);
}

Result<> remove_session(index::Connection& connection, const std::string& hash) {
  return run(connection, "DELETE FROM sessions WHERE hash=?1", hash);
}

Result<> remove_sessions_but(index::Connection& connection, const std::string& hash) {
  return run(connection, "DELETE FROM sessions WHERE hash<>?1", hash);
}

Result<> remove_old_sessions(index::Connection& connection, std::int64_t begun_before, std::int64_t used_before) {
  return run(connection, "DELETE FROM sessions WHERE begun_at<?1 OR used_at<?2", begun_before, used_before);
}

Result<std::optional<std::int64_t>> read_link(index::Connection& connection, const std::string& hash) {
  index::Statement statement = TRY(connection.prepare("SELECT made_at FROM links WHERE hash=?1"));
  const bool row = TRY(statement.bind(hash).step());
  return row ? std::optional(statement.integer(0)) : std::nullopt;
}

Result<> add_link(index::Connection& connection, const std::string& hash, std::int64_t now) {
  return run(connection, "INSERT INTO links (hash, made_at) VALUES (?1, ?2)", hash, now);
}

Result<> remove_links_before(index::Connection& connection, std::int64_t made_before) {
  return run(connection, "DELETE FROM links WHERE made_at<?1", made_before);
}

Result<> remove_all_links(index::Connection& connection) { return run(connection, "DELETE FROM links"); }

Result<std::vector<TokenRow>> read_tokens(index::Connection& connection) {
  std::vector<TokenRow> tokens;
  index::Statement statement =
      TRY(connection.prepare("SELECT id, name, access, created_at, last_used_at FROM tokens ORDER BY created_at, id"));
  while (TRY(statement.step())) tokens.push_back(token_of(statement));
  return tokens;
}

Result<std::optional<TokenRow>> read_token(index::Connection& connection, const std::string& hash) {
  index::Statement statement =
      TRY(connection.prepare("SELECT id, name, access, created_at, last_used_at FROM tokens WHERE hash=?1"));
  const bool row = TRY(statement.bind(hash).step());
  return row ? std::optional(token_of(statement)) : std::nullopt;
}

Result<bool> has_token(index::Connection& connection, const std::string& id) {
  index::Statement statement = TRY(connection.prepare("SELECT 1 FROM tokens WHERE id=?1"));
  return statement.bind(id).step();
}

Result<> add_token(index::Connection& connection, const TokenRow& token, const std::string& hash) {
  return run(connection, "INSERT INTO tokens (id, hash, name, access, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
             token.id, hash, token.name, token.access, token.created_at);
}

Result<> set_token_used(index::Connection& connection, const std::string& id, std::int64_t at) {
  return run(connection, "UPDATE tokens SET last_used_at=?2 WHERE id=?1 AND coalesce(last_used_at, 0)<?2", id, at);
}

Result<> remove_token(index::Connection& connection, const std::string& id) {
  return run(connection, "DELETE FROM tokens WHERE id=?1", id);
}

}  // namespace backstock::state
