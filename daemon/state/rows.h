// The rows of state.db, subject by subject. No clock and no rules here: those are in accounts.cpp.
//
// Threads: those of the connection.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "index/connection.h"

namespace backstock::state {

// Each gives nullopt where there is no such row.
Result<std::optional<std::string>> read_password(index::Connection& connection);
Result<> write_password(index::Connection& connection, const std::string& hash, std::int64_t now);

struct SessionRow {
  std::int64_t begun_at = 0;
  std::int64_t used_at = 0;
};
Result<std::optional<SessionRow>> read_session(index::Connection& connection, const std::string& hash);
Result<> add_session(index::Connection& connection, const std::string& hash, std::int64_t now);
// Never back in time; a session that is gone stays gone.
Result<> set_session_used(index::Connection& connection, const std::string& hash, std::int64_t at);
Result<> remove_session(index::Connection& connection, const std::string& hash);
// With an empty hash all of them.
Result<> remove_sessions_but(index::Connection& connection, const std::string& hash);
// What began or was last used before these times.
Result<> remove_old_sessions(index::Connection& connection, std::int64_t begun_before, std::int64_t used_before);

Result<std::optional<std::int64_t>> read_link(index::Connection& connection, const std::string& hash);
Result<> add_link(index::Connection& connection, const std::string& hash, std::int64_t now);
Result<> remove_links_before(index::Connection& connection, std::int64_t made_before);
Result<> remove_all_links(index::Connection& connection);

struct TokenRow {
  std::string id;
  std::string name;
  std::string access;
  std::int64_t created_at = 0;
  std::optional<std::int64_t> last_used_at;
};
// In the order they were made.
Result<std::vector<TokenRow>> read_tokens(index::Connection& connection);
Result<std::optional<TokenRow>> read_token(index::Connection& connection, const std::string& hash);
Result<bool> has_token(index::Connection& connection, const std::string& id);
Result<> add_token(index::Connection& connection, const TokenRow& token, const std::string& hash);
Result<> set_token_used(index::Connection& connection, const std::string& id, std::int64_t at);
Result<> remove_token(index::Connection& connection, const std::string& id);

}  // namespace backstock::state
