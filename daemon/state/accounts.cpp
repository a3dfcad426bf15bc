#include "state/accounts.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/log.h"
#include "state/rows.h"
#include "state/state_file.h"

namespace backstock::state {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kIdleMs = milliseconds(kSessionIdle).count();
constexpr std::int64_t kWholeMs = milliseconds(kSessionWhole).count();
constexpr std::int64_t kLinkMs = milliseconds(kLinkLife).count();
// What lies further in the future was made while the clock was wrong.
constexpr std::int64_t kClockSlackMs = 60'000;

std::string hash_of(const Secret& secret) { return to_hex(view(sha256(secret.reveal()))); }

bool is_within(std::int64_t now, std::int64_t since, std::int64_t span) {
  return now - since <= span && since - now <= kClockSlackMs;
}

Token token_of(const TokenRow& row) {
  Token token{row.id, row.name, token_access(row.access).value_or(TokenAccess::read), from_ms(row.created_at), {}};
  if (row.last_used_at) token.last_used_at = from_ms(*row.last_used_at);
  return token;
}

bool is_printable(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

std::string_view to_string(TokenAccess access) { return access == TokenAccess::read ? "read" : "operate"; }

std::optional<TokenAccess> token_access(std::string_view word) {
  if (word == "read") return TokenAccess::read;
  if (word == "operate") return TokenAccess::operate;
  return std::nullopt;
}

Result<std::unique_ptr<Accounts>> Accounts::open(Options options) {
  auto connection = TRY(open_state(*options.fs, options.path));
  std::unique_ptr<Accounts> accounts(new Accounts(std::move(options)));
  accounts->held_.lock()->connection = std::move(connection);
  return accounts;
}

Accounts::~Accounts() {
  if (auto saved = save_use(); !saved) log_warn("state", saved.error().sentence());
}

Result<std::optional<std::string>> Accounts::password_hash() { return read_password(*held_.lock()->connection); }

Result<bool> Accounts::has_password() { return TRY(password_hash()).has_value(); }

Result<NewSession> Accounts::begin_session(Held& held) const {
  NewSession session{{}, make_secret()};
  session.id = hash_of(session.cookie);
  TRY(add_session(*held.connection, session.id, now()));
  return session;
}

Result<std::optional<NewSession>> Accounts::sign_in(const Secret& password) {
  const std::optional<std::string> hash = TRY(password_hash());
  if (!hash || !password_matches(password, *hash)) return std::optional<NewSession>();
  auto held = held_.lock();
  // A password that was replaced while the old one was being checked does not open any more.
  if (TRY(read_password(*held->connection)) != hash) return std::optional<NewSession>();
  return std::optional(TRY(begin_session(*held)));
}

Result<bool> Accounts::change_password(const std::string& session_id, const Secret& old, const Secret& password) {
  const std::optional<std::string> hash = TRY(password_hash());
  if (!hash || !password_matches(old, *hash)) return false;
  const std::string made = TRY(hash_password(password));
  auto held = held_.lock();
  index::Transaction transaction = TRY(index::Transaction::begin(*held->connection));
  if (TRY(read_password(*held->connection)) != hash) return false;
  TRY(write_password(*held->connection, made, now()));
  TRY(remove_sessions_but(*held->connection, session_id));
  // A link that somebody else still has would undo the change.
  TRY(remove_all_links(*held->connection));
  TRY(transaction.commit());
  return true;
}

Result<> Accounts::sign_out(const std::string& session_id) {
  auto held = held_.lock();
  held->sessions.erase(session_id);
  return remove_session(*held->connection, session_id);
}

Result<Secret> Accounts::make_link() {
  Secret link = make_secret();
  auto held = held_.lock();
  TRY(remove_links_before(*held->connection, now() - kLinkMs));
  TRY(add_link(*held->connection, hash_of(link), now()));
  return link;
}

Result<std::optional<NewSession>> Accounts::set_up(const Secret& link, const Secret& password) {
  const std::string hash = hash_of(link);
  const auto is_valid = [&](Held& held) -> Result<bool> {
    const std::optional<std::int64_t> made_at = TRY(read_link(*held.connection, hash));
    return made_at && is_within(now(), *made_at, kLinkMs);
  };
  // Twice: before the work of hashing, which a stranger must not be able to order, and where it is used up.
  if (!TRY(is_valid(*held_.lock()))) return std::optional<NewSession>();
  const std::string made = TRY(hash_password(password));
  auto held = held_.lock();
  index::Transaction transaction = TRY(index::Transaction::begin(*held->connection));
  if (!TRY(is_valid(*held))) return std::optional<NewSession>();
  TRY(remove_all_links(*held->connection));
  TRY(write_password(*held->connection, made, now()));
  TRY(remove_sessions_but(*held->connection, ""));
  NewSession session = TRY(begin_session(*held));
  TRY(transaction.commit());
  held->sessions.clear();
  return std::optional(std::move(session));
}

Result<bool> Accounts::lives(Held& held, const std::string& session_id) const {
  const std::optional<SessionRow> row = TRY(read_session(*held.connection, session_id));
  if (!row) return false;
  const auto noted = held.sessions.find(session_id);
  const std::int64_t used_at = noted == held.sessions.end() ? row->used_at : std::max(row->used_at, noted->second);
  return is_within(now(), row->begun_at, kWholeMs) && is_within(now(), used_at, kIdleMs);
}

Result<std::optional<std::string>> Accounts::find_session(const Secret& cookie, bool use) {
  std::string id = hash_of(cookie);
  auto held = held_.lock();
  if (!TRY(lives(*held, id))) return std::optional<std::string>();
  if (use) held->sessions[id] = now();
  return std::optional(std::move(id));
}

Result<bool> Accounts::session_lives(const std::string& session_id) { return lives(*held_.lock(), session_id); }

Result<NewToken> Accounts::make_token(const std::string& name, TokenAccess access) {
  if (name.empty() || name.size() > 4 * kTokenNameMost || !is_printable(name))
    return make_error(ErrorKind::bad_input, "this is no name for a token",
                      "give it a name of 1 to " + std::to_string(kTokenNameMost) + " characters that says who uses it");
  NewToken made{{make_ulid(options_.clock->now(), *options_.random), name, access, options_.clock->now(), {}},
                Secret("bk_" + make_secret().reveal())};
  auto held = held_.lock();
  TRY(add_token(*held->connection,
                {made.token.id, name, std::string(to_string(access)), to_ms(made.token.created_at), {}},
                hash_of(made.secret)));
  return made;
}

Result<std::vector<Token>> Accounts::tokens() {
  std::vector<Token> all;
  auto held = held_.lock();
  for (const TokenRow& row : TRY(read_tokens(*held->connection))) {
    all.push_back(token_of(row));
    if (const auto used = held->tokens.find(row.id); used != held->tokens.end())
      all.back().last_used_at = std::max(all.back().last_used_at.value_or(TimePoint()), from_ms(used->second));
  }
  return all;
}

Result<std::optional<Token>> Accounts::find_token(const Secret& secret) {
  auto held = held_.lock();
  const std::optional<TokenRow> row = TRY(read_token(*held->connection, hash_of(secret)));
  if (!row) return std::optional<Token>();
  held->tokens[row->id] = now();
  return std::optional(token_of(*row));
}

Result<bool> Accounts::token_lives(const std::string& id) { return has_token(*held_.lock()->connection, id); }

Result<> Accounts::revoke_token(const std::string& id) {
  auto held = held_.lock();
  if (!TRY(has_token(*held->connection, id)))
    return make_error(ErrorKind::not_found, "there is no token of this id",
                      "`backstock admin tokens` lists them with their ids");
  held->tokens.erase(id);
  return remove_token(*held->connection, id);
}

Result<> Accounts::save_use() {
  auto held = held_.lock();
  if (held->connection == nullptr) return {};
  index::Transaction transaction = TRY(index::Transaction::begin(*held->connection));
  for (const auto& [hash, at] : held->sessions) TRY(set_session_used(*held->connection, hash, at));
  for (const auto& [id, at] : held->tokens) TRY(set_token_used(*held->connection, id, at));
  TRY(remove_old_sessions(*held->connection, now() - kWholeMs, now() - kIdleMs));
  TRY(remove_links_before(*held->connection, now() - kLinkMs));
  TRY(transaction.commit());
  held->sessions.clear();
  held->tokens.clear();
  return {};
}

}  // namespace backstock::state
