// The disk fills in the middle of a run. One sentence says so, nothing that was acknowledged is lost, and once there is space the next run goes
// on without any repair. Needs root: the vault stands on a small tmpfs.

import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { until } from '../integration/harness.mjs';
import { acknowledged, checkWhole, merchantEdits, openLab, randomNumbers, vaultLines } from './kill_lab.mjs';

const seed = Number(process.env.BACKSTOCK_SEED ?? Date.now() % 1000000007);
const random = randomNumbers(seed);
console.log(`# BACKSTOCK_SEED=${seed}`);

function run(...command) {
  const ran = spawnSync(command[0], command.slice(1), { encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`${command.join(' ')}: ${ran.stderr}`);
}

/** Why there is no small disk to be had here, or false. */
function whyNot() {
  if (process.getuid() !== 0) return 'this test needs root, to mount a small tmpfs';
  const dir = fs.mkdtempSync('/tmp/backstock-mount-');
  try {
    run('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dir);
    run('umount', dir);
    return false;
  } catch (error) {
    return `this machine does not let root mount a tmpfs (${error.message.trim()})`;
  } finally {
    fs.rmdirSync(dir);
  }
}
const skip = whyNot();

async function openSmallDisk(t, size) {
  const house = await openLab(t);
  fs.mkdirSync(house.dataDir);
  run('mount', '-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', house.dataDir);
  house.cleanups.push(() => run('umount', '-l', house.dataDir));
  house.setSize = (more) => run('mount', '-o', `remount,size=${more}`, house.dataDir);
  return house;
}

function oneSentenceAboutTheDisk(house, text) {
  const lines = text.split('\n').filter((line) => line.startsWith('backstock: '));
  assert.equal(lines.length, 1, `not one sentence: ${text}`);
  assert.match(lines[0], /no space|disk is full|is full/i, 'it names the trouble');
  assert.ok(lines[0].includes(house.dataDir), `it names the place: ${lines[0]}`);
  assert.match(lines[0], / - \w+/, `it names the next step: ${lines[0]}`);
}

for (const size of ['64k', '160k', '320k', '448k', '576k']) {
  test(`a first backup that fills a disk of ${size} says so, and goes on by itself when there is more`, { skip }, async (t) => {
    const house = await openSmallDisk(t, size);
    const ran = await house.run(['backup', '--full']);
    assert.equal(ran.code, 1, `${ran.text}${ran.err}`);
    oneSentenceAboutTheDisk(house, ran.err);
    const promised = await acknowledged(house, random);
    const left = vaultLines(house).lines;
    assert.deepEqual([...promised].filter((key) => !left.has(key)), []);
    // Still full: the same again, nothing worse.
    const once_more = await house.run(['backup', '--full']);
    assert.equal(once_more.code, 1, `${once_more.text}${once_more.err}`);
    house.setSize('64m');
    const report = await house.backup(['--full']);
    assert.equal(report.outcome, 'done');
    await checkWhole(house, { promised, known: new Map([...left].filter(([key]) => promised.has(key))) });
    await house.checkVault();
  });
}

test('a disk that fills under a running daemon stops the run with a sentence, and the next run needs neither repair nor restart', { skip }, async (t) => {
  const house = await openSmallDisk(t, '64m');
  await house.backup(['--full']);
  let known = await checkWhole(house);
  const daemon = await house.serve();
  for (let round = 1; round <= 3; round++) {
    await merchantEdits(house.store, random, 150);
    const used = Number(spawnSync('du', ['-sk', house.dataDir], { encoding: 'utf8' }).stdout.split('\t')[0]);
    house.setSize(`${used + 4 + random.below(40)}k`);
    const ran = await house.run(['backup', '--full']);
    assert.equal(ran.code, 1, `${ran.text}${ran.err}`);
    oneSentenceAboutTheDisk(house, ran.err);
    const promised = await acknowledged(house, random);
    house.setSize('64m');
    const report = await house.backup(['--full']);
    assert.equal(report.outcome, 'done');
    assert.equal(daemon.child.done, null, 'the daemon is the same one');
    known = await checkWhole(house, { known, promised });
  }
  assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
  await house.checkVault();
});

test('a daemon on a nearly full disk warns, then waits, and goes on by itself when there is room', { skip }, async (t) => {
  const house = await openSmallDisk(t, '64m');
  await house.backup(['--full']);
  const known = await checkWhole(house);
  const ballast = path.join(house.dataDir, 'ballast');
  const leaveFree = (bytes) => {
    const { bavail, bsize } = fs.statfsSync(house.dataDir);
    fs.appendFileSync(ballast, Buffer.alloc(bavail * bsize - bytes));
  };
  const disk = async () => (await house.run(['status', '--json'])).expect(0).json().stores[0].disk;
  assert.equal((await disk()).level, 'enough');
  leaveFree(9 << 20);
  assert.equal((await disk()).level, 'low');
  assert.match((await house.run(['status'])).expect(0).text, /^disk low: [89].* MiB free of 64 MiB, below 12 MiB$/m);
  const daemon = await house.serve({ env: { BACKSTOCK_LOOK_MS: '200' } });
  await until(() => /disk low: /.test(daemon.child.errText), 'the log warns');

  leaveFree(3 << 20);
  await merchantEdits(house.store, random, 50);
  const before = vaultLines(house).lines;
  const ran = await house.run(['backup', '--full']);
  assert.equal(ran.code, 1, `${ran.text}${ran.err}`);
  oneSentenceAboutTheDisk(house, ran.err);
  assert.deepEqual([...vaultLines(house).lines.keys()], [...before.keys()], 'not a version was written');
  assert.match((await house.run(['status'])).expect(0).text, /^no room: backups of acme wait .*go on by themselves$/m);
  await until(() => /no room: backups of acme wait/.test(daemon.child.errText), 'the log says that they wait');

  fs.rmSync(ballast);
  await until(() => /there is room again, the backup goes on/.test(daemon.child.errText), 'the run goes on');
  await until(() => /run ended .*outcome=done/.test(daemon.child.errText), 'and ends well');
  assert.equal(daemon.child.done, null, 'the daemon is the same one');
  assert.equal(daemon.child.errText.match(/no room: backups/g).length, 1, 'said once, not at every look');
  await checkWhole(house, { known });
  assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
  await house.checkVault();
});
