-- Written by tests/unit/index/migrate_test.cpp (BACKSTOCK_ACCEPT=1); for reading, never executed.

CREATE TABLE changes (
  type_key INTEGER NOT NULL,
  gone INTEGER NOT NULL,
  at INTEGER NOT NULL,
  item_key INTEGER NOT NULL REFERENCES items,
  PRIMARY KEY (type_key, gone, at, item_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
  run TEXT NOT NULL,
  type TEXT NOT NULL,
  state TEXT NOT NULL,           -- JSON
  PRIMARY KEY (run, type)
) STRICT, WITHOUT ROWID;

CREATE TABLE frames (
  frame_key INTEGER PRIMARY KEY,
  pack INTEGER NOT NULL REFERENCES packs,
  offset INTEGER NOT NULL,
  header_size INTEGER NOT NULL,
  stored_size INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX frames_by_place ON frames (pack, offset);

CREATE TABLE items (
  item_key INTEGER PRIMARY KEY,
  type_key INTEGER NOT NULL REFERENCES types,
  id_number INTEGER NOT NULL,    -- the id where it is a number: listings go by it; -1: it is a text
  id TEXT NOT NULL,              -- the id where it is a text, else empty
  version INTEGER NOT NULL,      -- the newest
  gone INTEGER NOT NULL,         -- 1: the newest version is a tombstone
  hash BLOB,                     -- null: there is none, or it is not known
  scheme INTEGER NOT NULL,       -- by which rules the hash was made
  labels TEXT                    -- what people search by, as written: labels_text.h; null: nothing
) STRICT;

CREATE UNIQUE INDEX items_by_id ON items (type_key, gone, id_number, id);

CREATE TABLE lost (
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (type, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE packs (
  pack INTEGER PRIMARY KEY,      -- number in the file's name
  identity BLOB NOT NULL,        -- from its header: a replaced file is noticed
  known_end INTEGER NOT NULL,
  frames INTEGER NOT NULL,
  sealed INTEGER NOT NULL        -- 0 or 1
) STRICT;

CREATE TABLE pins (
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  pinned INTEGER NOT NULL,       -- 0: unpinned then
  by TEXT NOT NULL,              -- who asked
  note TEXT NOT NULL,
  PRIMARY KEY (type, id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE prunes (
  at INTEGER NOT NULL,
  undo INTEGER NOT NULL,         -- 1: removed versions were put back
  forced INTEGER NOT NULL,       -- 1: a person said that the clock was right
  ahead INTEGER NOT NULL,        -- the latest instant known then that lay ahead of it; 0: none
  report TEXT NOT NULL,          -- JSON: counts by content type
  PRIMARY KEY (at, undo)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_keys (
  run_key INTEGER PRIMARY KEY,
  run TEXT NOT NULL,
  source TEXT NOT NULL           -- kind of the run: full, incremental, ...
) STRICT;

CREATE UNIQUE INDEX run_keys_by_run ON run_keys (run, source);

CREATE TABLE run_types (
  run TEXT NOT NULL,
  type TEXT NOT NULL,
  at INTEGER NOT NULL,           -- when it ended
  started INTEGER NOT NULL,
  outcome TEXT NOT NULL,         -- done, failed, forbidden, braked, cancelled
  complete INTEGER NOT NULL,     -- 1: the listing was whole, so absence means something
  full INTEGER NOT NULL,         -- 1: every item was read, 0: only changed ones
  report TEXT NOT NULL,          -- JSON: counts and message
  PRIMARY KEY (run, type)
) STRICT, WITHOUT ROWID;

CREATE INDEX run_types_by_type ON run_types (type, at);

CREATE TABLE runs (
  run TEXT PRIMARY KEY,
  kind TEXT NOT NULL,            -- full, incremental
  origin TEXT NOT NULL,          -- who asked: manual, schedule
  started INTEGER NOT NULL,
  ended INTEGER,                 -- null: unfinished
  outcome TEXT,                  -- done, failed, cancelled
  types TEXT NOT NULL,           -- JSON array of the content types it was to do
  message TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE search (
  type_key INTEGER NOT NULL,
  text BLOB NOT NULL,            -- lower case, cut off
  item_key INTEGER NOT NULL,
  more BLOB NOT NULL,            -- the next ones
  PRIMARY KEY (type_key, text, item_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE type_counts (
  type_key INTEGER PRIMARY KEY REFERENCES types,
  present INTEGER NOT NULL,      -- items that are not gone
  gone INTEGER NOT NULL,
  versions INTEGER NOT NULL,     -- of all items, tombstones too
  first_at INTEGER,              -- the oldest of all versions; null: to be found again, it was removed
  last_at INTEGER                -- the youngest
) STRICT;

CREATE TABLE types (
  type_key INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE versions (
  item_key INTEGER NOT NULL REFERENCES items,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,           -- captured, or noticed to be gone
  gone INTEGER NOT NULL,
  run_key INTEGER NOT NULL REFERENCES run_keys,
  frame_key INTEGER NOT NULL,
  at_byte INTEGER NOT NULL,      -- of its line within the frame's NDJSON
  size INTEGER NOT NULL,
  PRIMARY KEY (item_key, version)
) STRICT, WITHOUT ROWID;
