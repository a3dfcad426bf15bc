-- For pages of lists: counts that nobody has to count, lists in each order and by state, and versions in lean rows.

-- Kept up to date with every version added; self_check compares them with a full count.
CREATE TABLE type_counts (
  type_key INTEGER PRIMARY KEY REFERENCES types,
  present INTEGER NOT NULL,      -- items that are not gone
  gone INTEGER NOT NULL,
  versions INTEGER NOT NULL,     -- of all items, tombstones too
  first_at INTEGER NOT NULL,     -- the oldest of all versions
  last_at INTEGER NOT NULL       -- the youngest
) STRICT;

-- Which run captured a version, and what kind it was: a text of 26 characters each, in a column of many million rows.
CREATE TABLE run_keys (
  run_key INTEGER PRIMARY KEY,
  run TEXT NOT NULL,
  source TEXT NOT NULL           -- kind of the run: full, incremental, ...
) STRICT;
CREATE UNIQUE INDEX run_keys_by_run ON run_keys (run, source);             -- the key of the run being written
INSERT INTO run_keys (run, source) SELECT DISTINCT run, source FROM versions ORDER BY run, source;

CREATE TABLE lean_versions (
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
INSERT INTO lean_versions SELECT v.item_key, v.version, v.at, v.gone, r.run_key, v.frame_key, v.at_byte, v.size
  FROM versions v CROSS JOIN run_keys r ON r.run=v.run AND r.source=v.source ORDER BY v.item_key, v.version;
DROP TABLE versions;
ALTER TABLE lean_versions RENAME TO versions;
CREATE INDEX versions_by_frame ON versions (frame_key);                    -- what damaged bytes held

DROP INDEX items_in_order;                                                 -- made anew with gone in front
CREATE INDEX items_in_order ON items (type_key, gone, id_number, id);      -- lists; merging a listing with what is known
CREATE INDEX items_by_change ON items (type_key, gone, last_at);           -- lists, what changed last first

INSERT INTO type_counts
  SELECT i.type_key, sum(i.gone=0), sum(i.gone), sum(v.count), min(v.first_at), max(v.last_at)
  FROM items i JOIN (SELECT item_key, count(*) AS count, min(at) AS first_at, max(at) AS last_at FROM versions
  GROUP BY item_key) v USING (item_key) GROUP BY i.type_key;

-- Upper and lower case beyond ASCII; fold() is our own function, see connection.h.
UPDATE labels SET folded=fold(text) WHERE folded<>fold(text);
