// `backstock verify --sample` and `backstock repair`, as an operator meets them on a bad day.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { openHouse } from './harness.mjs';

const vault = (house, ...names) => path.join(house.vaultDir(), ...names);

/** Flips one bit in the middle of the largest pack; gives its path and what it held before and after. */
function damage(house) {
  const file = house.packs().sort((a, b) => fs.statSync(b).size - fs.statSync(a).size)[0];
  const whole = fs.readFileSync(file);
  const bad = Buffer.from(whole);
  bad[bad.length >> 1] ^= 4;
  fs.writeFileSync(file, bad);
  return { file, whole, bad };
}

async function lived(t) {
  const house = await openHouse(t, { store: { products: 200 } });
  await house.backup();
  const ids = await house.store.ids('products');
  for (const id of ids.slice(0, 60)) await house.store.write('PUT', `/v3/catalog/products/${id}`, { name: `renamed ${id}` });
  await house.backup(['--full']);
  return { house, ids };
}

test('a sample says how much it read, and refuses what is no amount', async (t) => {
  const { house } = await lived(t);
  const ran = (await house.run(['verify', '--sample', '30%'])).expect(0);
  assert.match(ran.text, /acme: a sample of [\d.]+ % \(.* of .*\): .* versions in \d+ of \d+ frames of \d+ packs?.*: what was read is as written\./);
  const all = (await house.run(['verify', '--json'])).expect(0).json().stores[0];
  const part = (await house.run(['verify', '--sample', '1kB', '--json'])).expect(0).json().stores[0];
  assert.equal(part.sample_of.frames, all.frames);
  assert.ok(part.frames < all.frames);
  assert.equal(all.sample_of, undefined);
  for (const wrong of ['0%', '101%', '5', 'much', '-1%', '5 XB']) {
    const refused = (await house.run(['verify', '--sample', wrong])).expect(2);
    assert.match(refused.err, /such as 5%/, wrong);
  }
});

for (const compacted of [false, true]) {
  test(`damage in ${compacted ? 'a compacted' : 'an appended'} pack: planned, repaired, stored anew, nothing altered`, async (t) => {
    const { house } = await lived(t);
    if (compacted) (await house.run(['compact'])).expect(0);
    const before = new Map(house.lines().map((line) => [`${line.type} ${line.id} version ${line.version}`, line.item?.toString('latin1')]));
    const { file, bad } = damage(house);
    const name = path.basename(file);

    const verified = (await house.run(['verify'])).expect(1);
    assert.match(verified.text, /1 damaged place/);
    assert.match(verified.text, /backstock repair acme/);
    const planned = (await house.run(['repair', '--dry-run'])).expect(1);
    assert.match(planned.text, /nothing was changed/);
    assert.ok(fs.readFileSync(file).equals(bad));

    const done = (await house.run(['repair', '--json'])).json().stores[0];
    assert.equal(done.packs.length, 1);
    assert.ok(done.lost_count > 0 && done.lost.length === done.lost_count);
    assert.ok(!fs.existsSync(file));
    assert.ok(fs.readFileSync(vault(house, done.packs[0].moved_to)).equals(bad), `${name} is kept as it was`);
    const report = fs.readFileSync(vault(house, done.report), 'utf8');
    for (const lost of done.lost) assert.ok(report.includes(`  ${lost}\n`), lost);

    (await house.run(['verify'])).expect(0);
    assert.match((await house.run(['repair'])).expect(0).text, /nothing to repair/);
    const after = new Map(house.lines().map((line) => [`${line.type} ${line.id} version ${line.version}`, line.item?.toString('latin1')]));
    assert.equal(after.size, before.size - done.lost_count);
    for (const [version, item] of after) assert.equal(item, before.get(version), version);

    // The next full backup stores what the store still has, under numbers that were never given.
    const report2 = await house.backup(['--full']);
    assert.ok(report2.versions > 0);
    for (const line of house.lines()) {
      const version = `${line.type} ${line.id} version ${line.version}`;
      assert.ok(after.has(version) || !before.has(version), `${version} was given before`);
    }
    await house.checkVault();
    fs.rmSync(vault(house, 'index.db'));
    (await house.run(['rebuild'])).expect(0);
    await house.checkVault();
    assert.equal((await house.backup(['--full'])).versions, 0);
  });
}

test('while the daemon runs a repair is refused in a sentence, and changes nothing', async (t) => {
  const { house } = await lived(t);
  const { file, bad } = damage(house);
  const daemon = await house.serve();
  const refused = (await house.run(['repair'])).expect(1);
  assert.match(refused.err, /stop the daemon first/);
  assert.ok(fs.readFileSync(file).equals(bad));
  await daemon.stop();
  await house.run(['repair']);
  (await house.run(['verify'])).expect(0);
});

test('damage that reading the vault through has found stands in the status', async (t) => {
  const { house } = await lived(t);
  assert.match((await house.run(['status'])).expect(0).text, /has not read the vault through yet/);
  const at = Date.parse('2026-11-20T10:00:00Z');
  const state = { began: at, ended: true, file: '', offset: 0, done: 1, last_ended: at, findings: [] };
  fs.writeFileSync(vault(house, 'scrub.json'), JSON.stringify(state));
  assert.match((await house.run(['status'])).expect(0).text, /last scrub ended .* ago, all as written/);
  state.findings.push({ file: 'packs/00000001.pack.zst', what: 'damaged at byte 7', at });
  fs.writeFileSync(vault(house, 'scrub.json'), JSON.stringify(state));
  assert.match((await house.run(['status'])).expect(0).text, /Damage was found on 2026-11-20T10:00:00Z in packs\/00000001.pack.zst: run `backstock verify acme`/);
  assert.deepEqual((await house.run(['status', '--json'])).json().stores[0].scrub.damaged.map((one) => one.file), ['packs/00000001.pack.zst']);
  const daemon = await house.serve();
  const page = await daemon.signIn();
  const [shown] = (await page.json('api/v1/status')).stores;
  assert.equal(shown.verdict.level, 'bad');
  assert.match(shown.problems.at(-1), /Damage was found/);
  await daemon.stop();
});
