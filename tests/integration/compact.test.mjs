// Compaction through the command and in the daemon: every version stays what it was, for the program and for stock tools.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { openHouse, until } from './harness.mjs';

const READER = fileURLToPath(new URL('../format/read_vault.py', import.meta.url));

const packsFolder = (house) => path.join(house.vaultDir(), 'packs');
const sizeOf = (folder) => fs.readdirSync(folder).reduce((sum, name) => sum + fs.statSync(path.join(folder, name)).size, 0);

/** Every version by the 60 lines of Python that know FORMAT.md and nothing else. */
function readByPython(house, what) {
  const ran = spawnSync('python3', [READER, what, packsFolder(house)], { maxBuffer: 1 << 30 });
  assert.equal(ran.status, 0, ran.stderr.toString());
  return ran.stdout.toString('latin1').split('\n').slice(0, -1);
}

/** A store that was backed up, changed and backed up again, some items gone. */
async function lived(t, options = {}) {
  const house = await openHouse(t, { store: { products: 300, ...options } });
  await house.backup();
  const ids = await house.store.ids('products');
  for (let day = 1; day <= 3; ++day) {
    for (const id of ids.slice(day * 10, day * 10 + 30)) await house.store.write('PUT', `/v3/catalog/products/${id}`, { name: `renamed ${id} ${day}` });
    if (day === 2) await house.store.write('DELETE', `/v3/catalog/products?id:in=${ids[5]}`);
    await house.backup(day === 2 ? ['--full'] : []);
  }
  return { house, ids };
}

test('every version is the same after compaction, by the program, by stock zstd and after a rebuild', async (t) => {
  const { house, ids } = await lived(t);
  const lines = readByPython(house, 'print').sort();
  const runs = house.controls().length;
  const history = await house.history('products', ids[20]);
  const before = sizeOf(packsFolder(house));
  const done = (await house.run(['compact', '--json'])).expect(0).json().stores[0];
  assert.deepEqual(done.findings, []);
  assert.ok(done.types.some((type) => type.type === 'products' && type.dictionary > 0));
  assert.ok(sizeOf(packsFolder(house)) < before / 1.5, `${sizeOf(packsFolder(house))} of ${before} bytes`);

  const check = async () => {
    assert.deepEqual(readByPython(house, 'print').sort(), lines);
    assert.equal(house.controls().length, runs);
    assert.deepEqual(await house.history('products', ids[20]), history);
    for (const { version } of history) {
      const shown = (await house.show('products', ids[20], '--version', String(version), '--parts')).toString('latin1');
      assert.ok(lines.includes(shown), `version ${version}`);
    }
    const verified = (await house.run(['verify', '--json'])).expect(0).json().stores[0];
    assert.deepEqual([verified.findings, verified.versions], [[], lines.length]);
  };
  await check();
  fs.rmSync(path.join(house.vaultDir(), 'index.db'));
  (await house.run(['rebuild'])).expect(0);
  await check();
  assert.equal((await house.backup(['--full'])).versions, 0, 'what the store has is known to be unchanged');
  assert.match((await house.run(['compact'])).expect(0).out.toString(), /nothing to do/);
});

test('the list of the Python reader tells every version that the history tells', async (t) => {
  const { house, ids } = await lived(t, { products: 60 });
  (await house.run(['compact'])).expect(0);
  const rows = readByPython(house, 'list').map((row) => row.split('\t'));
  for (const id of [ids[5], ids[12], ids[40]]) {
    const history = await house.history('products', id);
    const listed = rows.filter(([type, one]) => type === 'products' && one === String(id));
    assert.deepEqual(
      listed.map(([, , version, , size]) => [Number(version), size === 'gone']),
      history.map((one) => [one.version, one.deleted]).sort((a, b) => a[0] - b[0]),
    );
  }
});

test('the daemon compacts by itself after a backup, and when it is asked', async (t) => {
  const house = await openHouse(t, { store: { products: 300 } });
  const daemon = await house.serve();
  await house.backup();
  await until(() => /compaction ended/.test(daemon.child.errText), 'the daemon has compacted');
  const done = (await house.run(['compact', '--json'])).expect(0).json().stores[0];
  assert.deepEqual(done.findings, []);
  assert.ok(fs.readdirSync(packsFolder(house)).some((name) => name.endsWith('.dict.zst')));
  await house.checkVault();
  daemon.stop();
  await daemon.child.ended;
  await house.checkVault();
});
