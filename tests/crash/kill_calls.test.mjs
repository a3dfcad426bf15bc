// A backup and a compaction, each killed at every call that changes a file, SQLite's among them, one call after the other. Whatever the moment:
// no version that was there is gone or other, verify finds nothing, and the next call finishes what this one began.
//
// BACKSTOCK_KILL_CALLS is the library that kills (kill_at_call.cpp). BACKSTOCK_STRIDE=N looks at every n-th call only (1), beginning at a
// random one of the first n.

import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { checkWhole, merchantEdits, openLab, randomNumbers, vaultLines } from './kill_lab.mjs';

const seed = Number(process.env.BACKSTOCK_SEED ?? Date.now() % 1000000007);
const stride = Number(process.env.BACKSTOCK_STRIDE ?? 1);
const library = process.env.BACKSTOCK_KILL_CALLS;
const skip = library ? false : 'BACKSTOCK_KILL_CALLS does not name the library that kills';
console.log(`# BACKSTOCK_SEED=${seed} BACKSTOCK_STRIDE=${stride}`);

/** A store with some life behind it, its folder as it is now, and the same edits still to come for every try. */
async function openWithPast(t) {
  const house = await openLab(t, { products: 150, categories: 10, brands: 10 });
  const random = randomNumbers(seed);
  await house.backup(['--full']);
  for (let run = 0; run < 2; run++) {
    await merchantEdits(house.store, random, 12);
    await house.backup(['--full']);
  }
  const saved = `${house.dataDir}.saved`;
  house.save = () => {
    fs.rmSync(saved, { recursive: true, force: true });
    fs.cpSync(house.dataDir, saved, { recursive: true });
    house.known = vaultLines(house).lines;
  };
  house.restore = () => {
    fs.rmSync(house.dataDir, { recursive: true, force: true });
    fs.cpSync(saved, house.dataDir, { recursive: true });
  };
  house.cleanups.push(() => fs.rmSync(saved, { recursive: true, force: true }));
  return house;
}

async function verified(house, at) {
  const report = (await house.run(['verify', '--json'])).expect(0).json().stores[0];
  assert.deepEqual(report.findings, [], at);
  return report.versions;
}

function nothingLost(house, at) {
  const { lines, twice } = vaultLines(house);
  assert.deepEqual(twice, [], `${at}: version numbers that two lines have`);
  assert.deepEqual([...house.known].filter(([key, line]) => lines.get(key) !== line).map(([key]) => key), [], `${at}: lost or altered`);
  return lines;
}

/** Calls look(n, at) after each kill; gives how many calls there were. */
async function killAtEach(house, command, look) {
  const kills = { count: 0, last: 0 };
  for (let n = 1 + (seed % stride); ; n += stride) {
    house.restore();
    const ran = await house.run(command, { env: { LD_PRELOAD: library, BACKSTOCK_KILL_AT: String(n), BACKSTOCK_KILL_BELOW: house.dataDir } });
    if (ran.signal !== 'SIGKILL') {
      ran.expect(0);
      return kills;
    }
    kills.count++;
    kills.last = n;
    await look(n, `${command.join(' ')}, killed at call ${n}`);
  }
}

const withoutIndex = (house) => {
  for (const end of ['', '-wal', '-shm']) fs.rmSync(path.join(house.vaultDir(), `index.db${end}`), { force: true });
};

test('a compaction killed at any file call loses nothing, and the next one finishes it', { skip }, async (t) => {
  const house = await openWithPast(t);
  house.save();
  const kills = await killAtEach(house, ['compact'], async (n, at) => {
    nothingLost(house, at);
    await verified(house, at);
    if (n % 5 === 0) withoutIndex(house);
    (await house.run([n % 5 === 0 ? 'rebuild' : 'compact'])).expect(0);
    (await house.run(['compact'])).expect(0);
    const lines = nothingLost(house, `${at}, compacted again`);
    assert.equal(await verified(house, `${at}, compacted again`), lines.size);
    const left = fs.readdirSync(path.join(house.vaultDir(), 'packs'));
    assert.deepEqual(left.filter((name) => name.endsWith('.new')), [], at);
  });
  t.diagnostic(`${kills.count} kills, the last at call ${kills.last}`);
  assert.ok(kills.last > 60, 'a compaction makes many calls');
});

test('a backup killed at any file call loses nothing, and the next one makes the vault what the store is', { skip }, async (t) => {
  const house = await openWithPast(t);
  house.save();
  await merchantEdits(house.store, randomNumbers(seed + 1), 12);
  const kills = await killAtEach(house, ['backup', '--full'], async (n, at) => {
    const kept = nothingLost(house, at);
    await verified(house, at);
    if (n % 5 === 0) withoutIndex(house);
    await house.backup(['--full']);
    const after = nothingLost(house, `${at}, backed up again`);
    for (const [key, line] of kept) assert.equal(after.get(key), line, `${at}: ${key}`);
    if (n % 8 === 0) await checkWhole(house, { known: house.known });
    else assert.equal(await verified(house, `${at}, backed up again`), after.size);
  });
  t.diagnostic(`${kills.count} kills, the last at call ${kills.last}`);
  assert.ok(kills.last > 60, 'a backup makes many calls');
});
