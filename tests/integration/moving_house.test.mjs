// A vault moves to another machine: packs and blobs alone, copied while the daemon backs up and compacts.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { openHouse, until } from './harness.mjs';

const hasRsync = spawnSync('rsync', ['--version']).status === 0;

/** As `rsync -a --delete` does it: what differs in size or time, under another name first; files may come and go. */
function copyFolder(from, to) {
  fs.mkdirSync(to, { recursive: true });
  const there = new Set();
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    there.add(entry.name);
    if (entry.isDirectory()) {
      copyFolder(source, target);
      continue;
    }
    try {
      const now = fs.statSync(source);
      const old = fs.existsSync(target) ? fs.statSync(target) : null;
      if (old && old.size === now.size && Math.abs(old.mtimeMs - now.mtimeMs) < 1) continue;
      fs.copyFileSync(source, `${target}.copying`);
      fs.renameSync(`${target}.copying`, target);
      fs.utimesSync(target, now.atime, now.mtime);
    } catch (error) {
      assert.equal(error.code, 'ENOENT', error.message); // vanished
    }
  }
  for (const name of fs.readdirSync(to)) if (!there.has(name)) fs.rmSync(path.join(to, name), { recursive: true });
}

function copyVault(from, to, byRsync) {
  for (const name of ['packs', 'blobs']) {
    const source = path.join(from, name);
    if (!fs.existsSync(source)) continue;
    if (!byRsync) {
      copyFolder(source, path.join(to, name));
      continue;
    }
    fs.mkdirSync(path.join(to, name), { recursive: true });
    const ran = spawnSync('rsync', ['-a', '--delete', `${source}/`, `${path.join(to, name)}/`], { encoding: 'utf8' });
    assert.ok(ran.status === 0 || ran.status === 24, ran.stderr);
  }
}

/** Everything that list, history and show tell. */
async function told(house) {
  const all = {};
  for (const { type, items, gone } of (await house.run(['status', '--json'])).expect(0).json().stores[0].types.map((one) => ({ ...one, gone: one.deleted }))) {
    for (const more of [[], ['--deleted']]) {
      const listed = (await house.run(['items', 'acme', type, '--json', '--limit', '100000', ...more])).expect(0).json().items;
      all[`${type} ${more}`] = listed;
    }
    assert.equal(all[`${type} `].length + all[`${type} --deleted`].length, items + gone, type);
  }
  return all;
}

const versions = (house) => new Map(house.lines().map((line) => [`${line.type} ${line.id} ${line.version}`, line.item?.toString('latin1') ?? 'gone']));

for (const byRsync of hasRsync ? [false, true] : [false]) {
  test(`packs and blobs, copied ${byRsync ? 'by rsync ' : ''}while the daemon works, are a vault on a new machine`, async (t) => {
    const house = await openHouse(t, { store: { products: 250 } });
    const copy = path.join(house.folder, 'new machine');
    const target = path.join(copy, 'stores', house.store.hash);
    const daemon = await house.serve();
    let copying = true;
    let passes = 0;
    t.after(() => (copying = false));
    const copier = (async () => {
      while (copying) {
        if (fs.existsSync(path.join(house.vaultDir(), 'packs'))) {
          copyVault(house.vaultDir(), target, byRsync);
          passes++;
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    await house.backup();
    const ids = await house.store.ids('products');
    for (let day = 0; day < 3; day++) {
      for (const id of ids.slice(day * 20, day * 20 + 40)) await house.store.write('PUT', `/v3/catalog/products/${id}`, { name: `renamed ${id} ${day}` });
      await house.store.delete('products', ids[200 + day]);
      await house.backup(['--full']);
      // The daemon may be at it by itself.
      await until(async () => (await house.run(['compact'])).code === 0, 'a compaction', { seconds: 60 });
    }
    await until(() => passes > 3, 'some passes of the copy');
    copying = false;
    await copier;
    t.diagnostic(`${passes} passes while the daemon worked`);
    await daemon.stop();
    await daemon.child.ended;
    copyVault(house.vaultDir(), target, byRsync); // the last one
    assert.deepEqual(fs.readdirSync(target).filter((name) => !['packs', 'blobs'].includes(name)), []);

    const before = { told: await told(house), versions: versions(house) };
    const old = house.dataDir;
    house.dataDir = copy;
    house.writeConfig();
    (await house.run(['rebuild'])).expect(0);
    const verified = (await house.run(['verify', '--json'])).expect(0).json().stores[0];
    assert.deepEqual(verified.findings, []);
    assert.deepEqual(versions(house), before.versions);
    assert.deepEqual(await told(house), before.told);
    for (const id of [ids[0], ids[30], ids[240]]) {
      for (const { version } of await house.history('products', id)) {
        const line = (await house.show('products', id, '--version', String(version), '--parts')).toString('latin1');
        assert.ok(line.includes(before.versions.get(`products ${id} ${version}`)), `${id} ${version}`);
      }
    }
    assert.equal((await house.backup(['--full'])).versions, 0, 'nothing is stored twice');
    await house.store.edit('products', ids[3], { description: 'edited after the move' });
    assert.equal((await house.backup(['--full'])).versions, 1);
    await house.checkVault();
    assert.notEqual(old, house.dataDir);
  });
}

test('a copy that was made while the daemon worked, without a last pass, is a whole vault of an earlier time', async (t) => {
  const house = await openHouse(t, { store: { products: 120 } });
  await house.backup();
  const known = versions(house);
  const daemon = await house.serve();
  const target = path.join(house.folder, 'copy', 'stores', house.store.hash);
  const ids = await house.store.ids('products');
  for (const id of ids.slice(0, 60)) await house.store.write('PUT', `/v3/catalog/products/${id}`, { name: `renamed ${id}` });
  const run = house.run(['backup', '--full']);
  copyVault(house.vaultDir(), target, false);
  (await run).expect(0);
  await daemon.stop();
  const all = versions(house);
  house.dataDir = path.join(house.folder, 'copy');
  house.writeConfig();
  (await house.run(['rebuild'])).expect(0);
  (await house.run(['verify'])).expect(0);
  const copied = versions(house);
  for (const [version, item] of known) assert.equal(copied.get(version), item, version);
  for (const [version, item] of copied) assert.equal(all.get(version), item, version);
  await house.backup(['--full']);
  await house.checkVault();
});
