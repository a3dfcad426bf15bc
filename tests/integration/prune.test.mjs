// Retention through the commands and in the daemon: the dry run says what is then done, what goes can come back, pins stay.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { openHouse, until } from './harness.mjs';
import { packLines } from './pack_lines.mjs';

const NEWEST_ONLY = { keep_all: '0h', min_versions: 1 };
const removedFolder = (house) => path.join(house.vaultDir(), 'removed');
const removedPacks = (house) =>
  fs.existsSync(removedFolder(house)) ? fs.readdirSync(removedFolder(house)).map((name) => path.join(removedFolder(house), name)) : [];
const numbers = async (house, id) => (await house.history('products', id)).map((version) => version.version);

/** A store whose first ten products were renamed three times, each time in a backup of its own. */
async function lived(t, retention = NEWEST_ONLY) {
  const house = await openHouse(t, { store: { products: 80, settings: retention ? { retention } : {} } });
  await house.backup();
  const ids = (await house.store.ids('products')).slice(0, 10);
  for (let day = 1; day <= 3; ++day) {
    for (const id of ids) await house.store.write('PUT', `/v3/catalog/products/${id}`, { name: `renamed ${id} ${day}` });
    await house.backup();
  }
  return { house, ids };
}

const plan = async (house, ...more) => (await house.run(['prune', 'acme', '--dry-run', '--json', ...more])).expect(0).json().stores[0];
const prune = async (house, ...more) => (await house.run(['prune', 'acme', '--json', ...more])).expect(0).json().stores[0];
const counts = (types, key) => Object.fromEntries(types.filter((type) => type[key] > 0).map((type) => [type.type, type[key]]));

/** The whole life of removed versions, whoever does the work. */
async function live(house, ids) {
  const history = await house.history('products', ids[0]);
  const bytes = await house.show('products', ids[0], '--version', '2', '--parts');
  (await house.run(['pin', 'acme', 'products', String(ids[1]), '--version', '2', '--note', 'the good one'])).expect(0);
  const planned = await plan(house, '--list');
  assert.equal(planned.going.length, 29);
  assert.equal(planned.types.find((type) => type.type === 'products').kept_as.pinned, 1);
  assert.ok(!planned.going.some((one) => one.id === String(ids[1]) && one.version === 2));
  assert.deepEqual(await numbers(house, ids[0]), [1, 2, 3, 4], 'a dry run removes nothing');

  const done = await prune(house);
  assert.deepEqual(done.findings, []);
  assert.deepEqual(counts(done.types, 'versions'), counts(planned.types, 'going'));
  assert.deepEqual(await numbers(house, ids[0]), [4]);
  assert.deepEqual(await numbers(house, ids[1]), [2, 4]);
  const gone = (await house.run(['show', 'acme', 'products', String(ids[0]), '--version', '2'])).expect(3);
  assert.match(gone.err, /no version 2/);
  assert.equal((await plan(house)).types.reduce((sum, type) => sum + type.going, 0), 0);
  await house.checkVault();
  const lines = packLines(removedPacks(house)).map((line) => `${line.type} ${line.id} ${line.version}`);
  assert.deepEqual(lines.sort(), planned.going.map((one) => `${one.type} ${one.id} ${one.version}`).sort(), 'as stock zstd reads removed/');

  const undone = await prune(house, '--undo');
  assert.deepEqual([undone.put_back, undone.findings], [29, []]);
  assert.deepEqual(removedPacks(house), []);
  assert.deepEqual(await house.history('products', ids[0]), history);
  assert.ok((await house.show('products', ids[0], '--version', '2', '--parts')).equals(bytes));
  await house.checkVault();
}

test('the dry run equals what is then done, and an undo brings all of it back', async (t) => {
  const { house, ids } = await lived(t);
  await live(house, ids);
  await prune(house);
  fs.rmSync(path.join(house.vaultDir(), 'index.db'));
  (await house.run(['rebuild'])).expect(0);
  assert.deepEqual(await numbers(house, ids[0]), [4]);
  assert.deepEqual(await numbers(house, ids[1]), [2, 4]);
  const pins = (await house.run(['pins', '--json'])).expect(0).json().stores[0].pins;
  assert.deepEqual(
    pins.map((pin) => [pin.type, pin.id, pin.version, pin.note]),
    [['products', String(ids[1]), 2, 'the good one']],
  );
  assert.equal((await house.backup(['--full'])).versions, 0, 'what the store has is known to be unchanged');
});

test('the same with the daemon at work, which does not prune unasked on the same day; in the end all is gone for good', async (t) => {
  const { house, ids } = await lived(t);
  let daemon = await house.serve();
  await live(house, ids);
  const unpinned = (await house.run(['unpin', 'acme', 'products', String(ids[1])])).expect(0);
  assert.match(unpinned.text, /version 2 is not pinned any more/);
  await daemon.stop();
  // Without a grace the daemon need not wait for its end after the undo, but still a day after the prune.
  house.store.settings.retention = { ...NEWEST_ONLY, grace: '0h' };
  house.writeConfig();
  daemon = await house.serve();
  await house.backup();
  assert.doesNotMatch(daemon.log, /removed by retention/, 'within a day of the last prune');
  await daemon.stop();
  (await house.run(['prune'])).expect(0);
  assert.deepEqual(await numbers(house, ids[1]), [4]);
  assert.match((await house.run(['prune'])).expect(0).text, /removed before were deleted for good, 1 packs/);
  assert.deepEqual(removedPacks(house), [], 'a grace of nothing is over at once');
  assert.match((await house.run(['prune', '--undo'])).expect(0).text, /nothing to put back/);
  await house.checkVault();
});

test('the daemon removes versions by itself after a backup', async (t) => {
  const { house, ids } = await lived(t);
  const daemon = await house.serve();
  await house.store.write('PUT', `/v3/catalog/products/${ids[0]}`, { name: 'once more' });
  await house.backup();
  await until(() => /versions removed by retention/.test(daemon.log), 'the daemon has pruned');
  await until(async () => (await numbers(house, ids[0])).length === 1, 'the old versions are gone');
  assert.deepEqual(await numbers(house, ids[0]), [5]);
  await house.checkVault();
});

test('without a retention everything is kept, in a sentence', async (t) => {
  const { house, ids } = await lived(t, null);
  for (const more of [[], ['--dry-run']]) assert.match((await house.run(['prune', ...more])).expect(0).text, /acme: every version is kept/);
  assert.deepEqual(await numbers(house, ids[0]), [1, 2, 3, 4]);
  assert.match((await house.run(['prune', '--undo'])).expect(0).text, /nothing to put back/);
  assert.deepEqual((await house.run(['prune', '--json'])).expect(0).json(), { stores: [{ store: 'acme', keeps_everything: true }] });
});

test('what people read names what goes and why the rest stays; wrong words end with their exit codes', async (t) => {
  const { house, ids } = await lived(t);
  const told = (await house.run(['prune', '--dry-run', '--list'])).expect(0).text;
  assert.match(told, /acme: 30 of \S+ versions would be removed/);
  assert.match(told, /\d: the newest version/);
  assert.match(told, new RegExp(`^products ${ids[0]} version 1, captured \\S+, `, 'm'));
  assert.match((await house.run(['prune'])).expect(0).text, /30 versions were removed; `backstock prune --undo acme` puts them back until \S+Z/);
  assert.match((await house.run(['prune', '--dry-run'])).expect(0).text, /removed\/\S+ \(removed .*\) can be put back until/);
  assert.match((await house.run(['prune'])).expect(0).text, /nothing to remove/);
  assert.match((await house.run(['prune', '--undo'])).expect(0).text, /30 versions were put back/);

  (await house.run(['prune', '--list'])).expect(2);
  (await house.run(['prune', '--undo', '--dry-run'])).expect(2);
  (await house.run(['prune', 'nowhere'])).expect(2);
  (await house.run(['pin', 'acme', 'chairs', '1'])).expect(2);
  (await house.run(['pin', 'acme', 'products', '999999'])).expect(3);
  (await house.run(['pin', 'acme', 'products', String(ids[0]), '--version', '99'])).expect(3);
  (await house.run(['pin', 'acme', 'products', String(ids[0]), '--version', '0'])).expect(2);
  assert.match((await house.run(['unpin', 'acme', 'products', String(ids[0])])).expect(3).err, /is not pinned/);
  assert.match((await house.run(['pins'])).expect(0).text, /no version is pinned/);
});
