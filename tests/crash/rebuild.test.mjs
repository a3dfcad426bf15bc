// The index is a cache: deleted, it comes back equal; killed while it is made again, nothing is worse than before.

import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { TYPES } from '../integration/harness.mjs';
import { checkWhole, hasStopPoints, merchantEdits, openLab, randomNumbers, vaultLines } from './kill_lab.mjs';

const seed = Number(process.env.BACKSTOCK_SEED ?? Date.now() % 1000000007);
const random = randomNumbers(seed);
console.log(`# BACKSTOCK_SEED=${seed}`);

// Everything but row numbers of the database's own.
const ID = 'iif(i.id_number < 0, i.id, i.id_number)';
const QUERIES = {
  items: `SELECT t.name, ${ID}, i.version, i.gone, hex(i.hash), i.scheme, i.labels, c.gone, c.at
          FROM items i JOIN types t USING (type_key) LEFT JOIN changes c USING (item_key) ORDER BY 1, 2`,
  versions: `SELECT t.name, ${ID}, v.version, v.at, v.gone, r.source, r.run, f.pack, f.offset, f.header_size, f.stored_size, v.at_byte, v.size
             FROM versions v JOIN items i USING (item_key) JOIN types t USING (type_key) JOIN run_keys r USING (run_key)
             JOIN frames f USING (frame_key) ORDER BY 1, 2, 3`,
  counts: 'SELECT t.name, c.present, c.gone, c.versions, c.first_at, c.last_at FROM type_counts c JOIN types t USING (type_key) ORDER BY 1',
  packs: 'SELECT pack, hex(identity), known_end, frames, sealed FROM packs ORDER BY 1',
  runs: 'SELECT run, kind, origin, started, ended, outcome, types, message FROM runs ORDER BY 1',
  lost: 'SELECT type, id, version FROM lost ORDER BY 1, 2',
  run_types: 'SELECT run, type, at, started, outcome, complete, full, report FROM run_types ORDER BY 1, 2',
  meta: 'SELECT key, value FROM meta ORDER BY 1',
};

function dump(house) {
  const found = {};
  for (const [name, query] of Object.entries(QUERIES)) {
    const ran = spawnSync('sqlite3', ['-readonly', path.join(house.vaultDir(), 'index.db'), query], { encoding: 'utf8', maxBuffer: 1 << 28 });
    assert.equal(ran.status, 0, `${name}: ${ran.stderr}`);
    found[name] = ran.stdout.split('\n').filter(Boolean);
  }
  return found;
}

/** What people are shown. */
async function told(house) {
  const name = house.store.name;
  const json = async (...args) => (await house.run([...args, '--json'])).expect(0).json();
  const [status] = (await json('status', name)).stores;
  delete status.verdict;
  delete status.disk;  // of the machine
  const shown = { status };
  for (const type of TYPES) {
    shown[type] = (await json('items', name, type, '--limit', '100000')).items;
    shown[`${type} deleted`] = (await json('items', name, type, '--limit', '100000', '--deleted')).items;
    const all = [...shown[type], ...shown[`${type} deleted`]];
    if (all.length === 0) continue;
    for (const { id } of [all[0], all.at(-1), all[all.length >> 1]]) shown[`${type} ${id}`] = (await json('history', name, type, id)).versions;
  }
  return shown;
}

/** A vault with several runs: full, incremental, killed and taken up, deletions, a failed type. */
async function openWithHistory(t) {
  const house = await openLab(t);
  await house.backup(['--full']);
  for (let run = 0; run < 4; run++) {
    await merchantEdits(house.store, random, 25);
    if (run % 2 === 0) {
      house.store.watch((n) => (n === 20 + run * 10 ? new Promise((resolve) => child.process.kill('SIGKILL') && resolve()) : null));
      const child = house.spawn(['backup', '--full']);
      await child.ended;
      house.store.watch(null);
    }
    await house.backup(run === 1 ? [] : ['--full']);
  }
  const ids = await house.store.ids('products');
  for (const id of ids.slice(0, 4)) await house.store.delete('products', id);
  await house.store.trouble({ path_regex: '^/v3/catalog/brands$' }, { status: 403 });
  await house.backup(['--full'], { code: 1 });
  await house.store.calm();
  await house.backup(['--full']);
  return house;
}

function deleteIndex(house) {
  for (const end of ['', '-wal', '-shm']) fs.rmSync(path.join(house.vaultDir(), `index.db${end}`), { force: true });
}

test('an index that was deleted comes back equal by rebuild, and by itself with the next run', async (t) => {
  const house = await openWithHistory(t);
  const before = { dump: dump(house), told: await told(house) };
  assert.ok(before.dump.versions.length > before.dump.items.length && before.dump.runs.length > 5);

  deleteIndex(house);
  (await house.run(['rebuild'])).expect(0);
  const after = { dump: dump(house), told: await told(house) };
  for (const name of Object.keys(QUERIES)) assert.deepEqual(after.dump[name], before.dump[name], name);
  assert.deepEqual(after.told, before.told);

  deleteIndex(house);
  const report = await house.backup(['--full']);
  assert.equal(report.versions, 0, 'nothing is stored twice');
  const again = dump(house);
  for (const name of ['items', 'versions', 'meta']) assert.deepEqual(again[name], before.dump[name], name);
  await checkWhole(house);
});

test('a rebuild killed at 20 random moments leaves what was there, and the next one ends equal', async (t) => {
  const house = await openWithHistory(t);
  const before = dump(house);
  const known = vaultLines(house).lines;
  const began = Date.now();
  (await house.run(['rebuild'])).expect(0);
  const length = Date.now() - began;
  let killed = 0;
  for (let cycle = 1; cycle <= 20; cycle++) {
    const withIndex = cycle % 3 !== 0;
    if (!withIndex) deleteIndex(house);
    const child = house.spawn(['rebuild']);
    const timer = setTimeout(() => child.process.kill('SIGKILL'), random.below(length + 5));
    const { signal } = await child.ended;
    clearTimeout(timer);
    if (signal) killed++;
    if (withIndex) {
      // Readers have an index at every moment.
      (await house.run(['history', house.store.name, 'category_trees', '1'])).expect(0);
      for (const name of ['items', 'versions']) assert.deepEqual(dump(house)[name], before[name], `cycle ${cycle}: ${name}`);
    }
    if (!withIndex || cycle % 5 === 0) {
      (await house.run(['rebuild'])).expect(0);
      const after = dump(house);
      for (const name of Object.keys(QUERIES)) assert.deepEqual(after[name], before[name], `cycle ${cycle}: ${name}`);
    }
  }
  t.diagnostic(`${killed} of 20 were killed before their end; a whole one takes ${length} ms`);
  assert.ok(killed > 3);
  const left = fs.readdirSync(house.vaultDir()).filter((name) => /rebuilding/.test(name));
  (await house.run(['rebuild'])).expect(0);
  t.diagnostic(`left by killed ones: ${left.join(' ') || 'nothing'}; behind a whole one: ${fs.readdirSync(house.vaultDir()).join(' ')}`);
  assert.equal((await house.backup(['--full'])).versions, 0);
  await checkWhole(house, { known });
});

test('a rebuild killed behind each pack in turn goes on behind it, and ends equal', { skip: !hasStopPoints() && 'a build without stop points' }, async (t) => {
  const house = await openWithHistory(t);
  (await house.run(['compact'])).expect(0);
  await merchantEdits(house.store, random, 25);
  await house.backup(['--full']);
  const before = dump(house);
  const packs = before.packs.length;
  assert.ok(packs > 3, `${packs} packs`);
  for (const withIndex of [true, false]) {
    if (!withIndex) deleteIndex(house);
    // Each goes one pack further than the one before.
    for (let finished = 1; finished < packs; finished++) {
      const killed = await house.run(['rebuild'], { env: { BACKSTOCK_STOP_AT: 'rebuilt_pack:1' } });
      assert.equal(killed.signal, 'SIGKILL');
    }
    const ran = (await house.run(['rebuild'])).expect(0);
    assert.match(ran.out.toString(), new RegExp(`${packs - 1} of them had been read by a rebuild that was interrupted`));
    const after = dump(house);
    for (const name of Object.keys(QUERIES)) assert.deepEqual(after[name], before[name], name);
  }
  assert.equal((await house.backup(['--full'])).versions, 0);
  await checkWhole(house);
});
