// Rows of one content type: computed from the seed when read, kept once they were written. Promises: a table of 100,000 rows costs 400 kB and no
// start-up time, ids have gaps and are never used twice, unique keys are found without scanning.

import { copy } from '../json_text.mjs';
import { mix } from '../seed/random.mjs';
import { IdList } from './id_list.mjs';

const BLOCK = 13;

export class LazyTable {
  /**
   * make(id, index) -> a seeded row, always the same; keys: {name: {of(row) -> text or null, idIn(text) -> the only seeded id it can be, or null}}.
   * first: the lowest id; salt: which ids are missing.
   */
  constructor({ seed, salt, count, first = 1, make, keys = {}, idField = 'id' }) {
    Object.assign(this, { count, first, make, keySpecs: keys, idField });
    // One id of every 13 is missing, as if that row had been deleted. Never the first one.
    this.gap = 1 + (mix(seed, salt, 77) % (BLOCK - 1));
    this.ids = new IdList(count);
    for (let i = 0; i < count; i++) this.ids.push(this.idAt(i));
    this.overlay = new Map();
    this.found = Object.fromEntries(Object.keys(keys).map((k) => [k, new Map()]));
    this.owned = new Map();
    this.next = (count ? this.idAt(count - 1) : first - 1) + 5;
    this.version = 0;
  }

  idAt(index) {
    const slot = index % (BLOCK - 1);
    return this.first + Math.floor(index / (BLOCK - 1)) * BLOCK + slot + (slot >= this.gap ? 1 : 0);
  }
  indexOf(id) {
    const n = id - this.first;
    const slot = n % BLOCK;
    if (n < 0 || slot === this.gap) return -1;
    const index = Math.floor(n / BLOCK) * (BLOCK - 1) + slot - (slot > this.gap ? 1 : 0);
    return index < this.count ? index : -1;
  }

  get size() {
    return this.ids.length;
  }
  has(id) {
    return this.ids.has(id);
  }
  get(id) {
    return this.overlay.get(id) ?? (this.ids.has(id) ? this.make(id, this.indexOf(id)) : null);
  }
  /** The row for writing, kept from now on; call changed(id) afterwards. */
  edit(id) {
    const kept = this.overlay.get(id);
    if (kept || !this.ids.has(id)) return kept ?? null;
    const row = copy(this.make(id, this.indexOf(id)));
    this.overlay.set(id, row);
    this.index(row);
    return row;
  }
  changed(id) {
    const row = this.overlay.get(id);
    this.unindex(id);
    this.index(row);
    this.version++;
    return row;
  }
  takeId() {
    return this.next++;
  }
  add(row) {
    const id = row[this.idField];
    this.ids.push(id);
    this.overlay.set(id, row);
    this.index(row);
    this.version++;
    return row;
  }
  remove(id) {
    if (!this.ids.delete(id)) return false;
    this.unindex(id);
    this.overlay.delete(id);
    this.version++;
    return true;
  }

  index(row) {
    const own = [];
    for (const [name, spec] of Object.entries(this.keySpecs)) {
      const key = spec.of(row);
      if (key === null || key === undefined) continue;
      this.found[name].set(key, row[this.idField]);
      own.push([name, key]);
    }
    this.owned.set(row[this.idField], own);
  }
  unindex(id) {
    for (const [name, key] of this.owned.get(id) ?? []) if (this.found[name].get(key) === id) this.found[name].delete(key);
    this.owned.delete(id);
  }
  /** The id of the row with this key, or null. */
  find(name, key) {
    const kept = this.found[name].get(key);
    if (kept !== undefined) return kept;
    const spec = this.keySpecs[name];
    const id = spec.idIn(key);
    if (id === null || this.overlay.has(id) || !this.ids.has(id)) return null;
    return spec.of(this.make(id, this.indexOf(id))) === key ? id : null;
  }

  /** All rows in the order of their ids; computed one after another. */
  *rows() {
    for (let n = 0; n < this.ids.length; n++) yield this.get(this.ids.ids[n]);
  }
  filter(test) {
    const out = [];
    for (const row of this.rows()) if (test(row)) out.push(row);
    return out;
  }
}
