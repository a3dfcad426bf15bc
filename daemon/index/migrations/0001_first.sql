-- The first schema. The index is a cache over one store's packs: every row can be read again from them (see
-- vault/README.md), except `checkpoints`, whose loss only makes an unfinished run begin again.
-- Times are UTC milliseconds. Never edit this file once released: add the next number.

-- Facts about the vault itself: store_hash.
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE types (
  type_key INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- How far each pack has been read into this index: what lies behind is rolled forward at the next open.
CREATE TABLE packs (
  pack INTEGER PRIMARY KEY,      -- number in the file's name
  identity BLOB NOT NULL,        -- from its header: a replaced file is noticed
  known_end INTEGER NOT NULL,
  frames INTEGER NOT NULL,
  sealed INTEGER NOT NULL        -- 0 or 1
) STRICT;

-- Of items of which a repair could not save a version: the highest number of these, which is not given again.
CREATE TABLE lost (
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (type, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE frames (
  frame_key INTEGER PRIMARY KEY,
  pack INTEGER NOT NULL REFERENCES packs,
  offset INTEGER NOT NULL,
  header_size INTEGER NOT NULL,
  stored_size INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX frames_by_place ON frames (pack, offset);              -- what damaged bytes held

-- Hash, scheme and labels belong to the newest version that is no tombstone.
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
CREATE UNIQUE INDEX items_by_id ON items (type_key, gone, id_number, id);  -- one item; lists; merging a listing

-- The newest version of each item: lists, what changed last first.
CREATE TABLE changes (
  type_key INTEGER NOT NULL,
  gone INTEGER NOT NULL,
  at INTEGER NOT NULL,
  item_key INTEGER NOT NULL REFERENCES items,
  PRIMARY KEY (type_key, gone, at, item_key)
) STRICT, WITHOUT ROWID;

-- Labels by how they begin, many in a row: search_keys.h. A row is named after its first.
CREATE TABLE search (
  type_key INTEGER NOT NULL,
  text BLOB NOT NULL,            -- lower case, cut off
  item_key INTEGER NOT NULL,
  more BLOB NOT NULL,            -- the next ones
  PRIMARY KEY (type_key, text, item_key)
) STRICT, WITHOUT ROWID;

-- Which run captured a version, and what kind it was: a text of 26 characters each, in a column of many million rows.
CREATE TABLE run_keys (
  run_key INTEGER PRIMARY KEY,
  run TEXT NOT NULL,
  source TEXT NOT NULL           -- kind of the run: full, incremental, ...
) STRICT;
CREATE UNIQUE INDEX run_keys_by_run ON run_keys (run, source);             -- the key of the run being written

-- No index by frame, and so none of SQLite's own checks of frame_key either: each would read all versions.
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

-- Kept up to date with every version added; self_check compares them with a full count.
CREATE TABLE type_counts (
  type_key INTEGER PRIMARY KEY REFERENCES types,
  present INTEGER NOT NULL,      -- items that are not gone
  gone INTEGER NOT NULL,
  versions INTEGER NOT NULL,     -- of all items, tombstones too
  first_at INTEGER,              -- the oldest of all versions; null: to be found again, it was removed
  last_at INTEGER                -- the youngest
) STRICT;

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
CREATE INDEX run_types_by_type ON run_types (type, at);                    -- coverage: the last good one of a type

-- How far an unfinished run has come.
CREATE TABLE checkpoints (
  run TEXT NOT NULL,
  type TEXT NOT NULL,
  state TEXT NOT NULL,           -- JSON
  PRIMARY KEY (run, type)
) STRICT, WITHOUT ROWID;

-- Versions that retention never removes. What was unpinned keeps its row: the record that pinned it may be read later.
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

-- When retention last removed versions, and when it was undone.
CREATE TABLE prunes (
  at INTEGER NOT NULL,
  undo INTEGER NOT NULL,         -- 1: removed versions were put back
  forced INTEGER NOT NULL,       -- 1: a person said that the clock was right
  ahead INTEGER NOT NULL,        -- the latest instant known then that lay ahead of it; 0: none
  report TEXT NOT NULL,          -- JSON: counts by content type
  PRIMARY KEY (at, undo)
) STRICT, WITHOUT ROWID;
