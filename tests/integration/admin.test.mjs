// Who may use the page: the first link, forgotten passwords, sessions across restarts, tokens; by the daemon and without one.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import test from 'node:test';
import { openHouse, PASSWORD, signIn, until } from './harness.mjs';

const small = { store: { products: 5, brands: 2, categories: 2 } };
const lastLine = (child) => child.out.toString().trim().split('\n').at(-1);
const bearer = (token) => ({ Authorization: `Bearer ${token}` });

test('the first start prints a link that sets the password; later starts print none', async (t) => {
  const house = await openHouse(t, small);
  const first = await house.serve();
  assert.match(first.log, /nobody has set a password .*link=http:\/\/127\.0\.0\.1:\d+\/#\/setup\/[\w-]{43}\n/);
  assert.equal(first.log.match(/#\/setup\//g).length, 1);
  const visitor = await first.signIn();
  assert.equal((await visitor.json('api/v1/session')).state, 'signed_in');
  await assert.rejects(first.signIn(), /410/, 'the link is used up');
  await first.stop();

  const second = await house.serve();
  assert.doesNotMatch(second.log, /setup/);
  // The port is another one now; the session is not.
  const back = Object.assign(await signIn(second.page), { cookie: visitor.cookie });
  assert.equal((await back.json('api/v1/session')).csrf, visitor.csrf);
  await second.stop();
});

test('state.db is for its owner alone, and holds no secret; neither does the log', async (t) => {
  const house = await openHouse(t, small);
  const daemon = await house.serve();
  const visitor = await daemon.signIn();
  const token = lastLine((await house.run(['admin', 'token', 'monitor'])).expect(0));
  assert.equal((await daemon.get('api/v1/status', bearer(token))).status, 200);
  await assert.rejects(signIn(daemon.page, 'http://x/#/setup/not-a-link'), /410/);
  const link = /setup\/(\S+)/.exec(daemon.log)[1];
  await daemon.stop();
  const secrets = [PASSWORD, token, visitor.cookie.split('=')[1], link];
  for (const name of fs.readdirSync(house.dataDir).filter((one) => one.startsWith('state.db'))) {
    const file = path.join(house.dataDir, name);
    assert.equal(fs.statSync(file).mode & 0o777, 0o600, name);
    const bytes = fs.readFileSync(file, 'latin1');
    for (const secret of secrets) assert.ok(!bytes.includes(secret), name);
  }
  for (const secret of secrets.slice(0, 3)) assert.ok(!daemon.log.includes(secret), secret.slice(0, 3));
});

test('a forgotten password is replaced by a link of the running daemon, which signs everybody out', async (t) => {
  const house = await openHouse(t, small);
  const daemon = await house.serve();
  const before = await daemon.signIn();
  const link = lastLine((await house.run(['admin', 'link'])).expect(0));
  assert.ok(link.startsWith(`${daemon.page}#/setup/`), link);
  const after = await signIn(daemon.page, link);
  assert.equal((await after.get('api/v1/status')).status, 200);
  assert.equal((await before.get('api/v1/status')).status, 401);
  await daemon.stop();
});

test('without a daemon the same commands work on state.db, and the daemon finds what they did', async (t) => {
  const house = await openHouse(t, small);
  assert.match((await house.run(['admin', 'link'])).expect(1).err, /admin\.listen has port 0/);
  const [read, operate] = [
    (await house.run(['admin', 'token', 'monitor'])).expect(0),
    (await house.run(['admin', 'token', 'nightly job', '--access', 'operate'])).expect(0),
  ].map(lastLine);
  assert.match(read, /^bk_[\w-]{43}$/);
  const { tokens } = (await house.run(['admin', 'tokens', '--json'])).expect(0).json();
  assert.deepEqual(tokens.map((one) => [one.name, one.access, one.last_used_at]), [['monitor', 'read', null], ['nightly job', 'operate', null]]);
  (await house.run(['admin', 'token', 'x', '--access', 'all'])).expect(2);

  const daemon = await house.serve();
  assert.equal((await daemon.get('api/v1/status', bearer(read))).status, 200);
  assert.equal((await daemon.get('api/v1/tokens', bearer(operate))).status, 403, 'tokens are for people');
  const table = (await house.run(['admin', 'tokens'])).expect(0).out.toString();
  assert.match(table, /^ID +NAME +ACCESS +MADE +LAST USED$/m);
  assert.doesNotMatch(table, /bk_/);
  const id = tokens[0].id;
  (await house.run(['admin', 'revoke', id])).expect(0);
  assert.equal((await daemon.get('api/v1/status', bearer(read))).status, 401);
  assert.match((await house.run(['admin', 'revoke', id])).expect(3).err, /there is no token of this id/);
  await daemon.stop();
  assert.ok((await house.run(['admin', 'tokens', '--json'])).expect(0).json().tokens[0].last_used_at, 'what was used is written down');
});

test('a damaged state.db keeps the daemon from starting, in words that help; away with it, a link comes', async (t) => {
  const house = await openHouse(t, small);
  await (await house.serve()).stop();
  const file = path.join(house.dataDir, 'state.db');
  const bytes = fs.readFileSync(file);
  bytes.fill(0x55, 0, 64);
  fs.writeFileSync(file, bytes);
  const failed = (await house.run(['serve'])).expect(1);
  assert.match(failed.err, /state .*state\.db.*move state\.db and the files beside it/);
  (await house.run(['admin', 'tokens'])).expect(1);
  assert.ok(fs.readFileSync(file).equals(bytes), 'nobody touched it');
  fs.renameSync(file, `${file}.damaged`);
  const daemon = await house.serve();
  assert.equal((await (await daemon.signIn()).get('api/v1/status')).status, 200);
  await daemon.stop();
});

test('the event stream brings the status of a run as it changes, and ends with the daemon', async (t) => {
  const house = await openHouse(t, small);
  const daemon = await house.serve();
  const visitor = await daemon.signIn();
  let text = '';
  let ended = false;
  const stream = http.get(new URL('api/v1/events', daemon.page), { headers: { Cookie: visitor.cookie } }, (answer) => {
    answer.on('data', (bytes) => (text += bytes));
    answer.on('end', () => (ended = true));
    answer.on('error', () => (ended = true));
  });
  stream.on('error', () => (ended = true));
  const statuses = () => [...text.matchAll(/^event: status\ndata: (.*)\n\n/gm)].map((one) => JSON.parse(one[1]).stores[0]);
  await until(() => statuses().length > 0, 'the first event');
  assert.equal(statuses()[0].last_run, null);
  await house.run(['backup', '--type', 'brands']);
  await until(() => statuses().some((one) => one.last_run !== null && one.state === 'idle'), 'the end of the run');
  await daemon.stop();
  await until(() => ended, 'the stream ended');
});
