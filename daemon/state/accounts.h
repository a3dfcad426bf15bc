// Who may use the admin listener: the password, sessions, one-time links and API tokens, in state.db.
//
// Secrets are handed out once and kept only as hashes. A session ends 30 minutes after its last use and 12 hours after
// it began, and survives a restart of the daemon. Reading changes nothing on the disk: that a session or a token was
// used is noted in memory and written by save_use(); a crash before that only makes a session end earlier.
//
// Threads: any. Hashing a password takes some tens of milliseconds and holds nobody else up.
// Lifetime: what the options point to outlives it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/guarded.h"
#include "base/random.h"
#include "base/secret.h"
#include "index/connection.h"
#include "sys/fs.h"

namespace backstock::state {

inline constexpr std::chrono::minutes kSessionIdle{30};
inline constexpr std::chrono::hours kSessionWhole{12};
inline constexpr std::chrono::hours kLinkLife{24};
inline constexpr std::size_t kPasswordLeast = 10;  // characters
inline constexpr std::size_t kPasswordMost = 200;
inline constexpr std::size_t kTokenNameMost = 100;

enum class TokenAccess { read, operate };
std::string_view to_string(TokenAccess access);
std::optional<TokenAccess> token_access(std::string_view word);

struct Token {
  std::string id;
  std::string name;
  TokenAccess access = TokenAccess::read;
  TimePoint created_at;
  std::optional<TimePoint> last_used_at;
};

struct NewToken {
  Token token;
  Secret secret;  // "bk_" and 43 characters
};

struct NewSession {
  std::string id;
  Secret cookie;
};

class Accounts {
 public:
  struct Options {
    sys::Fs* fs;
    Clock* clock;
    Random* random;  // for names; secrets come from the kernel
    sys::Path path;  // data_dir/state.db
  };
  // corrupt when the file is damaged.
  static Result<std::unique_ptr<Accounts>> open(Options options);
  ~Accounts();

  Result<bool> has_password();
  // nullopt: the password is wrong, or there is none yet.
  Result<std::optional<NewSession>> sign_in(const Secret& password);
  // Every other session ends. False: `old` is wrong.
  Result<bool> change_password(const std::string& session_id, const Secret& old, const Secret& password);
  Result<> sign_out(const std::string& session_id);

  // The last path segment of a new one-time link.
  Result<Secret> make_link();
  // Uses the link up, with all others; sets the password; every session ends and a new one begins.
  // nullopt: there is no such link any more.
  Result<std::optional<NewSession>> set_up(const Secret& link, const Secret& password);

  // The id of the session, which counts as used if `use`. nullopt: there is none, or it has ended.
  Result<std::optional<std::string>> find_session(const Secret& cookie, bool use);
  Result<bool> session_lives(const std::string& session_id);

  // bad_input for a name that is empty, too long or holds control characters.
  Result<NewToken> make_token(const std::string& name, TokenAccess access);
  Result<std::vector<Token>> tokens();
  Result<std::optional<Token>> find_token(const Secret& secret);
  Result<bool> token_lives(const std::string& id);
  // not_found when there is none of that id.
  Result<> revoke_token(const std::string& id);

  // Writes down what was used since the last call, and removes what has ended. Once a minute is often enough.
  Result<> save_use();

 private:
  using Uses = std::map<std::string, std::int64_t, std::less<>>;
  struct Held {
    std::unique_ptr<index::Connection> connection;
    Uses sessions;  // last uses that are not on the disk yet
    Uses tokens;
  };
  explicit Accounts(Options options) : options_(std::move(options)) {}
  std::int64_t now() const { return to_ms(options_.clock->now()); }
  Result<bool> lives(Held& held, const std::string& session_id) const;
  Result<std::optional<std::string>> password_hash();
  Result<NewSession> begin_session(Held& held) const;

  Options options_;
  Guarded<Held> held_;
};

}  // namespace backstock::state
