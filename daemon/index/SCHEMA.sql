-- Written by tests/unit/index/migrate_test.cpp (BACKSTOCK_ACCEPT=1); for reading, never executed.

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
  id TEXT NOT NULL,
  id_number INTEGER,             -- the id where it is a number: listings go by it
  version INTEGER NOT NULL,      -- the newest
  gone INTEGER NOT NULL,         -- 1: the newest version is a tombstone
  hash BLOB,                     -- of the newest version that is no tombstone
  scheme INTEGER NOT NULL,       -- by which rules the hash was made
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL
) STRICT;

CREATE INDEX items_by_change ON items (type_key, gone, last_at);

CREATE UNIQUE INDEX items_by_id ON items (type_key, id);

CREATE INDEX items_in_order ON items (type_key, gone, id_number, id);

CREATE TABLE labels (
  item_key INTEGER NOT NULL REFERENCES items,
  place INTEGER NOT NULL,        -- position in the registry's label_fields
  type_key INTEGER NOT NULL,
  text TEXT NOT NULL,            -- as written
  folded TEXT NOT NULL,          -- lower case
  PRIMARY KEY (item_key, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX labels_by_text ON labels (type_key, folded);

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

CREATE TABLE type_counts (
  type_key INTEGER PRIMARY KEY REFERENCES types,
  present INTEGER NOT NULL,      -- items that are not gone
  gone INTEGER NOT NULL,
  versions INTEGER NOT NULL,     -- of all items, tombstones too
  first_at INTEGER NOT NULL,     -- the oldest of all versions
  last_at INTEGER NOT NULL       -- the youngest
) STRICT;

CREATE TABLE types (
  type_key INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE "versions" (
  item_key INTEGER NOT NULL REFERENCES items,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,           -- captured, or noticed to be gone
  gone INTEGER NOT NULL,
  run_key INTEGER NOT NULL REFERENCES run_keys,
  frame_key INTEGER NOT NULL REFERENCES frames,
  at_byte INTEGER NOT NULL,      -- of its line within the frame's NDJSON
  size INTEGER NOT NULL,
  PRIMARY KEY (item_key, version)
) STRICT, WITHOUT ROWID;

CREATE INDEX versions_by_frame ON versions (frame_key);
