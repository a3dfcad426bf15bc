// kill -9 at random moments of a run or of a compaction, then the next call takes it up. Nothing that another process was told of may be lost,
// nothing may be stored twice, and in the end the vault is what the store is.
//
// BACKSTOCK_SEED=N repeats a run, BACKSTOCK_CYCLES=N sets how many kills (100).

import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { until } from '../integration/harness.mjs';
import { acknowledged, checkWhole, hasStopPoints, hasUnfinishedRun, merchantEdits, openLab, randomNumbers, vaultLines } from './kill_lab.mjs';

const seed = Number(process.env.BACKSTOCK_SEED ?? Date.now() % 1000000007);
const cycles = Number(process.env.BACKSTOCK_CYCLES ?? 100);
const byDaemon = Math.round(cycles * 0.3);
const ofCompaction = Math.round(cycles * 0.2);
const ofBackup = cycles - byDaemon - ofCompaction;
console.log(`# BACKSTOCK_SEED=${seed} BACKSTOCK_CYCLES=${cycles}`);

const STOPS = ['before_sync', 'after_sync', 'before_commit', 'after_commit'];
// A run passes each at its begin, at the end of each of four types, and at its own end; more often with something to store.
const SURE_PASSES = 6;

const newestRun = async (house) => {
  const ran = await house.run(['status', house.store.name, '--json']);
  return ran.code === 0 ? ran.json().stores[0].runs?.[0] : undefined;
};
const unfinished = (run) => run !== undefined && !run.ended;

/** A moment of a run with about `full` requests. */
function pickMoment(random, full, passes = SURE_PASSES) {
  if (hasStopPoints() && random.below(2) === 0) {
    const stop = `${random.pick(STOPS)}:${1 + random.below(passes)}`;
    return { stop, look: 1 + random.below(full), text: stop };
  }
  const request = 1 + random.below(full);
  if (random.below(2) === 0) return { request, held: true, text: `while request ${request} waits for its answer` };
  const delay = random.below(25);
  return { request, delay, look: 1 + random.below(request), text: `${delay} ms after request ${request}` };
}

/**
 * Runs `start()` (a child that is to be killed, or whose work is) and kills at the moment. Gives the requests that were seen, and what other
 * processes were told meanwhile. `killed` is false when the work was over first.
 */
async function killAt(house, random, moment, start) {
  const { store } = house;
  const promised = new Set();
  let child;
  const look = async () => {
    for (const key of await acknowledged(house, random)) promised.add(key);
  };
  store.watch((n) => {
    if (n === moment.request) {
      if (moment.held) return look().then(() => child.process.kill('SIGKILL'));
      setTimeout(() => child.process.kill('SIGKILL'), moment.delay);
    }
    return n === moment.look ? look() : null;
  });
  const work = start(moment.stop ? { BACKSTOCK_STOP_AT: moment.stop } : {});
  child = work.child;
  const { signal } = await work.ended;
  const requests = store.seen;
  store.watch(null);
  return { killed: signal === 'SIGKILL', requests, promised };
}

const paths = (house, since) =>
  house.store.server.log.filter((e) => e.n > since).map((e) => e.path.replace(/^\/stores\/[^/]+/, ''));

/** What a resumed run may not ask again when the killed one was at the products already. */
const EARLIER = /^\/v3\/catalog\/(trees|brands|categories)/;

function judgeResumed(at, killed, resumed, full) {
  if (killed.paths.some((p) => p.startsWith('/v3/catalog/products')) && resumed.resumed) {
    assert.deepEqual(resumed.paths.filter((p) => EARLIER.test(p)), [], `${at}: content types that were done were read again`);
  }
  if (killed.requests >= full / 3 && resumed.resumed)
    assert.ok(resumed.requests < full, `${at}: ${killed.requests} of ${full} requests were done, and the resumed run made ${resumed.requests}`);
}

/** Gives the number of requests that it took. */
async function firstBackup(house) {
  house.store.watch(null);
  await house.backup(['--full']);
  return house.store.seen;
}

async function freshVault(house) {
  fs.rmSync(house.dataDir, { recursive: true, force: true });
}

test(`a backup killed at ${ofBackup} random moments loses nothing that was acknowledged and is taken up by the next call`, async (t) => {
  const random = randomNumbers(seed);
  const house = await openLab(t);
  const full = await firstBackup(house);
  let known = await checkWhole(house);
  const again = { killed: 0, resumed: 0 };
  for (let cycle = 1; cycle <= ofBackup; cycle++) {
    const fresh = cycle % 6 === 0;
    if (fresh) {
      await freshVault(house);
      known = new Map();
    }
    await merchantEdits(house.store, random, 3 + random.below(25));
    let moment = pickMoment(random, full, 9);
    let since;
    let killed;
    for (;;) {
      since = house.store.server.requests;
      killed = await killAt(house, random, moment, (env) => {
        const child = house.spawn(['backup', '--full', '--json'], { env });
        return { child, ended: child.ended };
      });
      if (killed.killed) break;
      // The moment lay behind the end: something new to store, and an earlier moment.
      await merchantEdits(house.store, random, 3);
      moment = { request: 1 + random.below(Math.floor(full / 2)), held: true };
      moment.text = `while request ${moment.request} waits for its answer`;
    }
    killed.paths = paths(house, since);
    const at = `cycle ${cycle}${fresh ? ' (first backup)' : ''}, killed ${moment.text}`;
    await t.test(at, async () => {
      const left = vaultLines(house);
      if (fs.existsSync(house.vaultDir())) {
        const told = await acknowledged(house, random);
        assert.deepEqual([...killed.promised].filter((key) => !left.lines.has(key)), [], 'told before the kill, not in the packs behind it');
        for (const key of told) killed.promised.add(key);
        if (cycle % 4 === 0 && left.lines.size > 0) (await house.run(['verify', '--json'])).expect(0);
      }
      const before = hasUnfinishedRun(house);
      since = house.store.server.requests;
      house.store.watch(null);
      const report = await house.backup(['--full']);
      const resumed = { resumed: report.resumed, requests: house.store.seen, paths: paths(house, since) };
      assert.equal(report.outcome, 'done');
      assert.equal(report.resumed, before, 'a run that has no end in the packs, and only such a one, is taken up');
      for (const [key, line] of left.lines) if (killed.promised.has(key)) known.set(key, line);
      known = await checkWhole(house, { known, promised: killed.promised });
      judgeResumed(at, killed, resumed, full);
      if (killed.requests >= full / 3 && resumed.resumed) {
        again.killed += killed.requests;
        again.resumed += resumed.requests;
        again.runs = (again.runs ?? 0) + 1;
      }
    });
    if (cycle % 10 === 0) await house.checkVault();
  }
  if (again.runs)
    t.diagnostic(
      `${again.runs} resumed runs after at least a third: on average ${(again.killed / again.runs).toFixed(1)} requests before the kill, ` +
        `${(again.resumed / again.runs).toFixed(1)} after it, a full run has ${full}`,
    );
});

test(`a daemon killed at ${byDaemon} random moments of a run takes it up by itself when it is started again`, async (t) => {
  const random = randomNumbers(seed + 1);
  const house = await openLab(t);
  const full = await firstBackup(house);
  let known = await checkWhole(house);
  for (let cycle = 1; cycle <= byDaemon; cycle++) {
    if (cycle % 6 === 0) {
      await freshVault(house);
      known = new Map();
    }
    await merchantEdits(house.store, random, 3 + random.below(25));
    const moment = pickMoment(random, full - 2);
    const at = `cycle ${cycle}, daemon killed ${moment.text}`;
    await t.test(at, async () => {
      const daemon = await house.serve({ env: moment.stop ? { BACKSTOCK_STOP_AT: moment.stop } : {} });
      let since = house.store.server.requests;
      const client = house.spawn(['backup', '--full', '--json']);
      const killed = await killAt(house, random, moment, () => ({
        child: daemon.child,
        // The client ends when the daemon dies, or when the run is over.
        ended: client.ended.then((ended) => (ended.code === 0 ? { signal: null } : daemon.child.ended)),
      }));
      killed.paths = paths(house, since);
      assert.ok(killed.killed, 'the moment came before the end of the run');
      const { code } = await client.ended;
      assert.equal(code, 1, client.errText);
      assert.match(client.errText, /backstock: \S.{10,}/, 'the client says what happened');
      const left = vaultLines(house);
      assert.deepEqual([...killed.promised].filter((key) => !left.lines.has(key)), [], 'told before the kill, not in the packs behind it');
      const before = hasUnfinishedRun(house);
      since = house.store.server.requests;
      house.store.watch(null);
      const second = await house.serve();
      let resumed = { resumed: false };
      if (before) {
        await until(async () => !unfinished(await newestRun(house)), 'the interrupted run was taken up and ended', { seconds: 120, every: 50 });
        assert.equal((await newestRun(house)).outcome, 'done');
        resumed = { resumed: true, requests: house.store.seen, paths: paths(house, since) };
      } else {
        await house.backup(['--full']);
      }
      for (const [key, line] of left.lines) if (killed.promised.has(key)) known.set(key, line);
      assert.deepEqual(await second.stop(), { code: 0, signal: null }, second.log.slice(-2000));
      known = await checkWhole(house, { known, promised: killed.promised });
      judgeResumed(at, killed, resumed, full);
    });
  }
});

test(`a compaction killed at ${ofCompaction} random moments, by itself or in the daemon, loses nothing and is finished by the next one`, async (t) => {
  const random = randomNumbers(seed + 2);
  const house = await openLab(t);
  await firstBackup(house);
  let known = await checkWhole(house);
  // How long one takes is known from one that was not killed.
  let length = 400;
  let killed = 0;
  for (let cycle = 1; cycle <= ofCompaction; cycle++) {
    await merchantEdits(house.store, random, 30);
    await house.backup(['--full']);
    known = vaultLines(house).lines;
    const daemon = cycle % 2 === 0 ? await house.serve() : null;
    const moment = random.below(length);
    const at = `cycle ${cycle}, killed ${moment} ms into a compaction${daemon ? ' of the daemon' : ''}`;
    await t.test(at, async () => {
      const began = Date.now();
      const client = house.spawn(['compact']);
      const victim = daemon ? daemon.child : client;
      await Promise.race([client.ended, new Promise((resolve) => setTimeout(resolve, moment))]);
      if (client.done) length = Math.max(50, Date.now() - began);
      else killed++;
      victim.process.kill('SIGKILL');
      await Promise.all([client.ended, victim.ended]);
      const { lines, twice } = vaultLines(house);
      assert.deepEqual(twice, [], 'version numbers that two lines have');
      assert.deepEqual([...known].filter(([key, line]) => lines.get(key) !== line).map(([key]) => key), [], 'lost or altered');
      const verify = async () => assert.deepEqual((await house.run(['verify', '--json'])).expect(0).json().stores[0].findings, []);
      await verify();
      (await house.run(['compact'])).expect(0);
      await verify();
      const left = fs.readdirSync(path.join(house.vaultDir(), 'packs'));
      assert.deepEqual(left.filter((name) => name.endsWith('.new')), []);
      if (cycle % 5 === 0) known = await checkWhole(house, { known });
    });
  }
  t.diagnostic(`${killed} of ${ofCompaction} were killed before their end`);
});

test('a run over an unchanged store that is killed near its end does not begin again', async (t) => {
  const house = await openLab(t);
  const full = await firstBackup(house);
  const at = Math.floor(full * 0.9);
  const killed = await killAt(house, randomNumbers(1), { request: at, held: true }, () => {
    const child = house.spawn(['backup', '--full']);
    return { child, ended: child.ended };
  });
  assert.ok(killed.killed);
  house.store.watch(null);
  const report = await house.backup(['--full']);
  assert.equal(report.resumed, true);
  assert.equal(report.versions, 0);
  // Lists are walked again; items that were read before the kill are not.
  assert.ok(house.store.seen < full * 0.6, `killed at request ${at} of ${full}; the resumed run made ${house.store.seen} requests`);
});

test('what was edited between the kill and the next call, in items read before the kill, is seen by the next incremental run at the latest', async (t) => {
  // Long descriptions: versions are flushed, with a checkpoint, in the middle of the products.
  const house = await openLab(t, { hugePage: 20e6 });
  const { store } = house;
  const killed = await killAt(house, randomNumbers(1), { request: 40, held: true }, () => {
    const child = house.spawn(['backup', '--full']);
    return { child, ended: child.ended };
  });
  assert.ok(killed.killed);
  const [first] = await store.ids('products');
  assert.ok([...killed.promised].includes(`products/${first}/1`), 'the first product was stored and acknowledged before the kill');
  // The machine was down: the run began half an hour before it is taken up, the edit was made 15 minutes before.
  const index = path.join(house.vaultDir(), 'index.db');
  execFileSync('sqlite3', [
    index,
    `UPDATE runs SET started = started - 1800000 WHERE ended IS NULL;
     UPDATE checkpoints SET state = json_set(state, '$.started', json_extract(state, '$.started') - 1800000)`,
  ]);
  const date_modified = new Date(Date.now() - 15 * 60000).toISOString().replace(/\.\d+Z$/, '+00:00');
  await store.edit('products', first, { warranty: 'edited while the machine was down', date_modified });
  store.watch(null);
  const report = await house.backup(['--full']);
  assert.equal(report.resumed, true);
  assert.ok(store.seen < 90, `the resumed run went on behind its checkpoint: ${store.seen} requests`);
  await house.backup([]);
  await checkWhole(house);
});
