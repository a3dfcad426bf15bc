// A house (integration/harness.mjs) whose store lives in this process, so that a test meets the program at an exact request: it may look, wait
// or kill before the answer. Promises: as the harness; what the vault holds is read with stock zstd and cut by tests' own scissors.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FakeStore } from '../fake_store/fake_store.mjs';
import { FakeServer } from '../fake_store/server.mjs';
import { House, Store, TYPES, binary } from '../integration/harness.mjs';
import { unpacked } from '../integration/pack_lines.mjs';
import { liveItems } from '../integration/live_items.mjs';
import { afterVolatile, rawFields } from '../integration/raw_json.mjs';

/** Kills inside the vault need a build with stop points. */
export const hasStopPoints = () => fs.readFileSync(binary()).includes('BACKSTOCK_STOP_AT');

/** Numbers that look random and come again with the same seed. */
export function randomNumbers(seed) {
  let a = seed >>> 0;
  const next = () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { next, below: (n) => Math.floor(next() * n), pick: (list) => list[Math.floor(next() * list.length)] };
}

class LocalStore extends Store {
  static async start(options) {
    const store = new LocalStore();
    store.fake = new FakeStore(options);
    store.server = new FakeServer(store.fake);
    const port = await store.server.listen(0);
    Object.assign(store, { name: 'acme', hash: options.storeHash, token: options.token, settings: { api_share: 1 }, origin: `http://127.0.0.1:${port}` });
    store.watch(null);
    const serve = store.server.serve.bind(store.server);
    store.server.serve = (req, res) => {
      if (!/^backstock/i.test(req.headers['user-agent'] ?? '')) return serve(req, res);
      const wait = store.before?.(++store.seen);
      return wait ? wait.then(() => serve(req, res)) : serve(req, res);
    };
    return store;
  }
  /** From now on the program's requests are counted from 1, and each is shown to before(n), which may keep it waiting. */
  watch(before) {
    this.seen = 0;
    this.before = before ?? (() => null);
  }
}

export async function openLab(t, storeOptions = {}) {
  const house = new House(fs.mkdtempSync(path.join(os.tmpdir(), 'backstock-crash-')));
  const store = await LocalStore.start({ products: 400, categories: 60, brands: 40, storeHash: 'abc123', token: 'TOKEN', ...storeOptions });
  house.cleanups = [];
  t.after(async () => {
    await house.endAll();
    for (const cleanup of house.cleanups) cleanup();
    await house.close();
    await store.server.close();
  });
  house.endAll = () => Promise.allSettled(house.children.map((child) => child.kill('SIGKILL')));
  house.stores.push(store);
  fs.writeFileSync(house.tokenFile(store), store.token, { mode: 0o600 });
  house.writeConfig();
  return house;
}

/** Changes that must each make a version: nothing volatile, never a value that was there before. */
export async function merchantEdits(store, random, count) {
  const cat = store.fake.catalog;
  const kinds = ['product', 'product', 'product', 'custom_field', 'image', 'metafield', 'variant', 'brand', 'category', 'create', 'delete', 'brand_new'];
  const stamp = () => `${random.next()}`.slice(2);
  const editOne = async () => {
    const products = cat.products.toArray();
    const id = random.pick(products);
    const kind = random.pick(kinds);
    const editPart = async (part, set) => {
      const row = (await store.item('products', id))[part][0];
      return row && store.editPart(id, part, row.id, set);
    };
    switch (kind) {
      case 'product':
        return store.edit('products', id, { description: `<p>Edited ${stamp()} – ü 😀</p>`, warranty: stamp() });
      case 'custom_field':
        return store.editPart(id, 'custom_fields', undefined, { name: 'Batch', value: stamp() });
      case 'metafield':
        return store.editPart(id, 'metafields', undefined, { key: `k${stamp()}`, value: stamp() });
      case 'image':
        return editPart('images', { description: stamp() });
      case 'variant':
        return editPart('variants', { mpn: stamp() });
      case 'brand':
        return store.edit('brands', random.pick([...cat.brands.keys()]), { page_title: stamp() });
      case 'category':
        return store.edit('categories', random.pick([...cat.categories.keys()]), { description: stamp() });
      case 'create':
        return store.create('products', { name: `New ${stamp()}`, description: stamp() });
      case 'delete':
        return products.length > 380 && store.delete('products', id);
      default:
        return store.create('brands', { name: `Brand ${stamp()}` });
    }
  };
  for (let i = 0; i < count; i++) await editOne();
}

// ---- what is in a vault

const HEAD = /^\{"type":"([a-z_]+)","id":"([^"]*)","version":(\d+),/;

/** "type/id/version" -> the line's bytes (latin1); keys that came twice. Control records are left out. */
export function vaultLines(house) {
  const lines = new Map();
  const twice = [];
  for (const pack of house.packs()) {
    for (const line of unpacked(pack).toString('latin1').split('\n')) {
      const m = HEAD.exec(line);
      if (!m || !line.endsWith('}')) continue;
      const key = `${m[1]}/${m[2]}/${m[3]}`;
      // Compaction copies: the same line may stand in two packs for a while.
      if (lines.has(key) && lines.get(key) !== line) twice.push(key);
      lines.set(key, line);
    }
  }
  return { lines, twice };
}

/** Is there a run without an end in the packs? (The index may not know an end yet that is on the disk.) */
export function hasUnfinishedRun(house) {
  const begun = new Set();
  const ended = new Set(); // may stand in an earlier pack: compaction puts old records into a new one
  for (const pack of house.packs()) {
    for (const [, control, run] of unpacked(pack).toString('latin1').matchAll(/^\{"control":"(run_begin|run_end)","run":"(\w+)"/gm)) {
      if (control === 'run_begin') begun.add(run);
      else ended.add(run);
    }
  }
  return [...begun].some((run) => !ended.has(run));
}

/** What another process is told right now: "type/id/version" of every item's newest version, and of all versions of some. */
export async function acknowledged(house, random) {
  const keys = new Set();
  for (const type of TYPES) {
    for (const more of [[], ['--deleted']]) {
      const ran = await house.run(['items', house.store.name, type, '--json', '--limit', '100000', ...more]);
      if (ran.code !== 0) {
        assert.match(ran.err, /no backup|not been backed up|run `backstock backup/i, `items ${type}: ${ran.err}`);
        return keys;
      }
      const items = ran.json().items;
      for (const item of items) keys.add(`${type}/${item.id}/${item.version}`);
      if (items.length === 0) continue;
      const { id } = random.pick(items);
      for (const row of await house.history(type, id)) keys.add(`${type}/${id}/${row.version}`);
    }
  }
  return keys;
}

const cut = (key) => [key.slice(0, key.lastIndexOf('/')), Number(key.slice(key.lastIndexOf('/') + 1))];

/** A version's own bytes, without when and how it was captured. */
function content(line) {
  const { gone, item, item_base64, parts, parts_base64 } = rawFields(line);
  return [gone, item, item_base64, parts, parts_base64].map((bytes) => bytes?.toString('latin1') ?? '-').join('\n');
}

/** Versions among `lines` that do not differ from the one before; those in `known` were looked at already. */
export function equalNeighbours(lines, known = new Map()) {
  const found = [];
  for (const [key, line] of lines) {
    if (known.get(key) === line) continue;
    const [item, version] = cut(key);
    const before = lines.get(`${item}/${version - 1}`);
    if (version > 1 && before === undefined) found.push(`${key} (and version ${version - 1} is missing)`);
    else if (before !== undefined && content(before) === content(line)) found.push(key);
  }
  return found;
}

/** What the store answers now: "type/id" -> {item, parts: {name: [rows]}}, as latin1 text. */
async function liveNow(store) {
  const text = (row) => row.toString('latin1');
  const items = new Map();
  for (const type of TYPES) {
    for (const [id, { item, parts }] of await liveItems(store, type)) {
      const rows = Object.entries(parts).map(([name, list]) => [name, list.map(text)]);
      items.set(`${type}/${id}`, { item: text(item), parts: Object.fromEntries(rows) });
    }
  }
  return items;
}

/** Sentences about everything in which the newest versions differ from the store, byte for byte but for what is volatile. */
export async function differences(house, lines) {
  const now = new Map();
  for (const key of lines.keys()) {
    const [item, version] = cut(key);
    if ((now.get(item) ?? 0) < version) now.set(item, version);
  }
  const wrong = [];
  const live = await liveNow(house.store);
  for (const [key, { item, parts }] of live) {
    const line = lines.get(`${key}/${now.get(key)}`);
    if (line === undefined) {
      wrong.push(`${key} was never stored`);
      continue;
    }
    const stored = rawFields(line);
    const storedParts = stored.parts ? rawFields(stored.parts) : {};
    if (stored.gone) wrong.push(`${key} is in the store, and stored as deleted`);
    else if (!same(stored.item, item, key)) wrong.push(`${key}: ${firstDifference(stored.item.toString('latin1'), item)}`);
    else
      for (const name of new Set([...Object.keys(parts), ...Object.keys(storedParts)])) {
        const rows = `[${(parts[name] ?? []).join()}]`;
        const kept = storedParts[name]?.toString('latin1') ?? '[]';
        if (kept !== rows) wrong.push(`${key}, ${name}: ${firstDifference(kept, rows)}`);
      }
  }
  for (const [key, version] of now) {
    if (!live.has(key) && !/"gone":true\}$/.test(lines.get(`${key}/${version}`))) wrong.push(`${key} is gone from the store, and not stored as deleted`);
  }
  return wrong;
}

// What moves by itself may be of an earlier read: it makes no version.
function same(stored, item, key) {
  const text = stored.toString('latin1');
  const type = key.slice(0, key.indexOf('/'));
  return text === item || afterVolatile(text, type) === afterVolatile(item, type);
}

function firstDifference(stored, sent) {
  let i = 0;
  while (i < stored.length && stored[i] === sent[i]) i++;
  const around = (text) => JSON.stringify(text.slice(Math.max(0, i - 40), i + 80));
  return `byte ${i}: stored ${around(stored)}, store ${around(sent)}`;
}

/** Everything that must hold of a vault at rest after a finished full run. `known`: lines of an earlier look. */
export async function checkWhole(house, { known = new Map(), promised = new Set() } = {}) {
  const { lines, twice } = vaultLines(house);
  assert.deepEqual(twice, [], 'version numbers that two lines have');
  const lost = [...known].filter(([key, line]) => lines.get(key) !== line).map(([key]) => key);
  assert.deepEqual(lost, [], 'versions that were there before and are not, byte for byte');
  assert.deepEqual([...promised].filter((key) => !lines.has(key)), [], 'versions that another process was told of, and that are not there');
  assert.deepEqual(equalNeighbours(lines, known), [], 'versions equal to the one before');
  assert.deepEqual((await differences(house, lines)).slice(0, 20), [], 'the vault against the store');
  const verified = (await house.run(['verify', house.store.name, '--json'])).expect(0).json().stores[0];
  assert.deepEqual(verified.findings, []);
  assert.equal(verified.versions, lines.size, 'versions that verify counts');
  return lines;
}
