// The daemon: ready, asked, cancelled, left alone, stopped in the middle, taken up again.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { openHouse, until } from './harness.mjs';

const BRANDS = { path_regex: '^/v3/catalog/brands$' };
const BY_ID = { path_regex: '^/v3/catalog/products$', query_regex: 'id:in=' };

test('serve becomes ready, answers health and page, and stops with exit 0', async (t) => {
  const house = await openHouse(t, { store: { products: 10, brands: 4, categories: 4 } });
  const daemon = await house.serve();
  assert.equal((await daemon.get('healthz')).status, 200);
  assert.equal((await daemon.get('readyz')).status, 200);
  const page = await daemon.get('');
  assert.equal(page.status, 200);
  assert.match(page.headers['content-type'], /^text\/html/);
  assert.match(page.headers['content-security-policy'] ?? '', /default-src/);
  assert.equal((await daemon.get('no-such-thing')).status, 404);
  assert.equal((await daemon.get('healthz', { Host: 'evil.example' })).status >= 400, true, 'another Host is refused');
  assert.equal((await daemon.get('api/v1/status')).status, 401, 'the status needs a session');
  const visitor = await daemon.signIn();
  const idle = await visitor.json('api/v1/status');
  assert.deepEqual(idle.stores.map((store) => [store.name, store.state, store.items, store.last_run]), [['acme', 'idle', 0, null]]);
  const report = await house.backup();
  const after = (await visitor.json('api/v1/status')).stores[0];
  assert.equal(after.versions, report.versions);
  assert.equal(after.last_run.outcome, 'done');
  assert.ok(after.last_complete_at);
  assert.deepEqual(after.problems, []);
  const socket = path.join(house.dataDir, 'backstock.sock');
  assert.equal(fs.statSync(socket).mode & 0o777, 0o600);
  assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
  assert.ok(!fs.existsSync(socket));
  assert.match(daemon.log, /app: stopped/);
  await house.checkVault({ exact: true });
});

test('commands that read beside the daemon take nothing away from it', async (t) => {
  const house = await openHouse(t, { store: { products: 12, brands: 4, categories: 4 } });
  const daemon = await house.serve();
  const visitor = await daemon.signIn();
  await house.backup();
  const [product] = await house.store.ids('products');
  for (let round = 1; round <= 3; round++) {
    // Each opens the index in a process of its own, and closes it as the last of that process.
    await house.show('products', String(product), '--version', '1');
    (await house.run(['status', '--json'])).expect(0);
    (await house.run(['verify'])).expect(0);
    await visitor.json('api/v1/types?store=acme');
    await house.store.edit('products', product, { warranty: `round ${round}` });
    assert.equal((await house.backup([])).versions, 1);
    const [one] = (await visitor.json('api/v1/status')).stores;
    assert.deepEqual([one.state, one.problems], ['idle', []]);
  }
  await daemon.stop();
  await house.checkVault({ exact: true });
});

test('a backup by the daemon shows its progress to the command and on the page, and both runs are one after another', async (t) => {
  const house = await openHouse(t, { store: { products: 120, brands: 4, categories: 4 } });
  const { store } = house;
  await store.trouble(BY_ID, { delay_ms: 60 });
  const daemon = await house.serve();
  const visitor = await daemon.signIn();
  const first = house.spawn(['backup']);
  await until(async () => {
    const [one] = (await visitor.json('api/v1/status')).stores;
    return one.state === 'running' && one.running.type === 'products' && one.running.done > 0 && one.running.total === 120;
  }, 'the page shows the run');
  const second = house.run(['backup', '--full', '--json']);
  assert.equal((await first.ended).code, 0, first.errText);
  assert.match(first.errText, /products: reading/);
  assert.match(first.stdout().toString(), /acme: (full|incremental) run done/);
  const later = (await second).expect(0).json().runs[0];
  assert.equal(later.versions, 0);
  assert.equal(later.kind, 'full');
  await daemon.stop();
  await house.checkVault({ exact: true });
});

test('Ctrl-C of the command cancels the run in the daemon', async (t) => {
  const house = await openHouse(t, { store: { products: 120, brands: 4, categories: 4 } });
  const { store } = house;
  await store.trouble(BY_ID, { delay_ms: 150 });
  const daemon = await house.serve();
  const backup = house.spawn(['backup', '--json']);
  await until(() => /products: reading/.test(backup.errText), 'products are being read');
  backup.process.kill('SIGINT');
  assert.equal((await backup.ended).code, 1, backup.errText);
  assert.equal(JSON.parse(backup.stdout()).runs[0].outcome, 'cancelled');
  const status = (await house.run(['status', '--json'])).expect(0).json().stores[0];
  assert.equal(status.runs[0].outcome, 'cancelled');
  await store.calm();
  const next = await house.backup();
  assert.equal(next.resumed, false);
  await daemon.stop();
  await house.checkVault({ exact: true });
});

test('a command that dies leaves the run going', async (t) => {
  const house = await openHouse(t, { store: { products: 60, brands: 4, categories: 4 } });
  const { store } = house;
  await store.trouble(BY_ID, { delay_ms: 100 });
  const daemon = await house.serve();
  const backup = house.spawn(['backup']);
  await until(() => /products: reading/.test(backup.errText), 'products are being read');
  await backup.kill();
  await until(() => /backup: run ended .*outcome=done/.test(daemon.log), 'the run ended well');
  await daemon.stop();
  await house.checkVault({ exact: true });
});

test('SIGTERM in a run ends the daemon within 10 s, and the next start takes the run up', async (t) => {
  const house = await openHouse(t, { store: { products: 200, brands: 4, categories: 4 } });
  const { store } = house;
  await store.trouble(BY_ID, { delay_ms: 200 });
  const daemon = await house.serve();
  const backup = house.spawn(['backup', '--json']);
  await until(() => /products: reading [1-9]\d* of/.test(backup.errText) || house.lines().some((line) => line.type === 'products'), 'products are stored');
  const began = Date.now();
  assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
  assert.ok(Date.now() - began < 10_000);
  const told = await backup.ended;
  assert.equal(told.code, 1);
  const first = house.lines().filter((line) => line.type === 'products').length;
  await store.calm();
  await store.resetLog();
  const again = await house.serve();
  await until(() => /backup: run ended .*outcome=done/.test(again.log), 'the run was taken up and ended well');
  assert.match(again.log, /backup: run goes on/);
  assert.equal((await store.requests(/\/v3\/catalog\/brands$/)).length, 0, 'types already done are not read again');
  const status = (await house.run(['status', '--json'])).expect(0).json().stores[0];
  assert.equal(status.runs.length, 1, 'it is one run');
  const all = house.lines().filter((line) => line.type === 'products');
  assert.equal(all.length, 200);
  assert.ok(first < 200 && all.every((line) => line.version === 1), `${first} before the stop`);
  await again.stop();
  await house.checkVault({ exact: true });
});

test('kill -9 in a run loses nothing that was stored, and the next start goes on behind it', async (t) => {
  const house = await openHouse(t, { store: { products: 200, brands: 4, categories: 4 } });
  const { store } = house;
  await store.trouble(BY_ID, { delay_ms: 100 });
  const daemon = await house.serve();
  house.spawn(['backup']);
  await until(async () => (await store.requests(/catalog\/products$/)).length > 10, 'products are being read');
  await daemon.kill();
  const stored = new Set(house.lines().map((line) => `${line.type} ${line.id} ${line.version}`));
  await store.calm();
  const again = await house.serve();
  await until(() => /backup: run ended .*outcome=done/.test(again.log), 'the run was taken up and ended well');
  const now = new Set(house.lines().map((line) => `${line.type} ${line.id} ${line.version}`));
  for (const one of stored) assert.ok(now.has(one), one);
  await again.stop();
  await house.checkVault({ exact: true });
});

test('a stop while requests hang, are retried or wait for quota comes within 10 s', async (t) => {
  const house = await openHouse(t, { store: { products: 10, brands: 4, categories: 4 } });
  const { store } = house;
  house.env = { ...house.env, BACKSTOCK_RETRY_FIRST_MS: '2000' };
  for (const action of [{ timeout: true }, { status: 500 }, { status: 429, headers: { 'X-Retry-After': '30' } }, { slow: 20 }]) {
    await store.resetLog();
    await store.trouble(BRANDS, action);
    const daemon = await house.serve();
    const backup = house.spawn(['backup']);
    await until(async () => (await store.requests(/brands$/)).length > 0, 'the trouble has begun');
    const began = Date.now();
    assert.equal((await daemon.stop()).code, 0, JSON.stringify(action));
    assert.ok(Date.now() - began < 10_000, `${JSON.stringify(action)}: ${Date.now() - began} ms`);
    assert.equal((await backup.ended).code, 1);
    await store.calm();
  }
  await house.backup();
  await house.checkVault({ exact: true });
});

test('several stores are backed up side by side, by the daemon and without it', async (t) => {
  const house = await openHouse(t, {
    stores: [
      { name: 'acme', hash: 'abc123', products: 40, brands: 4, categories: 4 },
      { name: 'beta', hash: 'def456', token: 'another-token', products: 50, seed: 2, brands: 4, categories: 4 },
      { name: 'broken', hash: 'ghi789', products: 10, brands: 4, categories: 4 },
    ],
  });
  const [acme, beta, broken] = house.stores;
  await broken.trouble({ path_regex: '.' }, { status: 403 });
  // Each waits for the other: only side by side do both go on within the deadline.
  for (const store of [acme, beta]) await store.trouble(BRANDS, { delay_ms: 1500 }, { times: 1 });
  const daemon = await house.serve();
  const running = house.run(['backup', '--json']);
  await until(async () => {
    const waiting = await Promise.all([acme, beta].map(async (store) => (await store.requests(/brands$/)).some((r) => r.status === 0)));
    return waiting.every(Boolean);
  }, 'both stores wait for an answer at the same time');
  const ran = (await running).expect(1);
  const { runs } = ran.json();
  assert.deepEqual(runs.map((run) => [run.store, run.outcome]), [['acme', 'done'], ['beta', 'done'], ['broken', 'failed']]);
  assert.match((await house.run(['items', '', 'products'])).expect(2).err, /name one of: acme, beta, broken/);
  await daemon.stop();
  await broken.calm();
  const { runs: again } = (await house.run(['backup', '--full', '--json'])).expect(0).json();
  assert.deepEqual(again.map((run) => [run.store, run.outcome]), [['acme', 'done'], ['beta', 'done'], ['broken', 'done']]);
  for (const store of house.stores) await house.checkVault({ store, exact: true });
});

test('systemd is told READY and STOPPING', async (t) => {
  const house = await openHouse(t, { store: { products: 5, brands: 4, categories: 4 } });
  const socket = path.join(house.folder, 'notify');
  // Node has no datagram Unix sockets.
  const listener = house.spawnAny('python3', [
    '-u',
    '-c',
    'import socket,sys\ns=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)\ns.bind(sys.argv[1])\nprint("listening")\nwhile True: print(s.recv(4096).decode().replace("\\n"," "))',
    socket,
  ]);
  await until(() => listener.stdout().includes('listening'), 'the listener listens');
  const daemon = await house.serve({ env: { NOTIFY_SOCKET: socket } });
  await until(() => /READY=1/.test(listener.stdout()), 'READY=1');
  await until(() => /WATCHDOG=1/.test(listener.stdout()), 'WATCHDOG=1');
  await daemon.stop();
  await until(() => /STOPPING=1/.test(listener.stdout()), 'STOPPING=1');
  await house.backup();
  await house.checkVault({ exact: true });
});

test('SIGINT stops the daemon too, and SIGHUP does not', async (t) => {
  const house = await openHouse(t, { store: { products: 5, brands: 4, categories: 4 } });
  const daemon = await house.serve();
  daemon.child.process.kill('SIGHUP');
  await until(() => /SIGHUP/.test(daemon.log), 'it says what it does not do');
  assert.equal((await daemon.get('healthz')).status, 200);
  assert.equal((await daemon.child.kill('SIGINT')).code, 0);
  await house.backup();
  await house.checkVault({ exact: true });
});
