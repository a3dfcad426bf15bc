-- The first schema of state.db: who may use the admin listener. Not a cache: nothing makes it again.
-- Of each secret only what is needed to recognise it: hex of its SHA-256, of the password its Argon2id text.
-- Times are UTC milliseconds. Never edit this file once released: add the next number.

CREATE TABLE password (
  one INTEGER PRIMARY KEY CHECK (one = 1),  -- there is one password
  hash TEXT NOT NULL,
  set_at INTEGER NOT NULL
) STRICT;

-- One row per sign-in, until it ends.
CREATE TABLE sessions (
  hash TEXT PRIMARY KEY,         -- of the cookie's value
  begun_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL       -- as far as it was saved: see accounts.h
) STRICT, WITHOUT ROWID;

-- One-time links that set the password; gone once used.
CREATE TABLE links (
  hash TEXT PRIMARY KEY,         -- of the link's last path segment
  made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL,            -- of the whole token
  name TEXT NOT NULL,            -- for people; may stand there twice
  access TEXT NOT NULL,          -- read, operate
  created_at INTEGER NOT NULL,
  last_used_at INTEGER           -- as far as it was saved; null: never
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tokens_by_hash ON tokens (hash);                       -- who asks
