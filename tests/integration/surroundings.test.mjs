// Must hold 6: bad surroundings end in one sentence with the next step, the right exit code, and nothing lost.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import test from 'node:test';
import { openHouse, TOKEN, until } from './harness.mjs';

/** The command failed with this code and complained in one sentence that names a next step. */
function complained(ran, code, pattern) {
  ran.expect(code);
  const lines = ran.err.split('\n').filter((line) => line.startsWith('backstock: '));
  assert.equal(lines.length, 1, `one sentence, not\n${ran.err}`);
  assert.match(lines[0], pattern, ran.err);
  assert.match(lines[0], / - \S/, `a next step behind a dash: ${lines[0]}`);
  assert.ok(!ran.err.includes(TOKEN) && !ran.text.includes(TOKEN), 'no token');
  return lines[0];
}

test('a wrong token, an unknown host, a closed port and a wrong store hash each give one sentence and lose nothing', async (t) => {
  const house = await openHouse(t, { store: { products: 20 } });
  const { store } = house;
  await house.backup();
  const before = house.lines().length;
  const { origin, hash } = store;

  fs.writeFileSync(house.tokenFile(store), 'not-the-token\n');
  complained(await house.run(['backup', '--full']), 1, /acme.*401.*token/);
  complained(await house.run(['check']), 1, /401.*token/);
  fs.writeFileSync(house.tokenFile(store), TOKEN + '\n');

  store.origin = 'https://no-such-host.invalid';
  house.writeConfig();
  complained(await house.run(['backup', '--full']), 1, /no-such-host\.invalid/);
  complained(await house.run(['check']), 1, /no-such-host\.invalid/);

  store.origin = 'http://127.0.0.1:1';
  house.writeConfig();
  complained(await house.run(['backup', '--full']), 1, /127\.0\.0\.1/);

  store.origin = origin;
  store.hash = 'zzz999';
  house.writeConfig();
  complained(await house.run(['backup', '--full']), 1, /zzz999|store_hash|store hash/);
  complained(await house.run(['check']), 1, /zzz999|store_hash|store hash/);
  await store.set({ wrong_store_hash: '401' });
  complained(await house.run(['backup', '--full']), 1, /zzz999|store_hash|store hash/);

  store.hash = hash;
  house.writeConfig();
  assert.equal(house.lines().length, before);
  assert.equal((await house.backup(['--full'])).versions, 0);
  await house.checkVault({ exact: true });
});

test('a store that sends the token elsewhere by a redirect gets nothing', async (t) => {
  const house = await openHouse(t, { store: { products: 5 } });
  const heard = [];
  const thief = http.createServer((req, res) => {
    heard.push(req.headers);
    res.end('{"data":[]}');
  });
  const redirector = http.createServer((req, res) => {
    res.writeHead(302, { Location: `http://localhost:${thief.address().port}${req.url}` });
    res.end();
  });
  t.after(() => [thief, redirector].forEach((one) => (one.closeAllConnections(), one.close())));
  for (const one of [thief, redirector]) await new Promise((resolve) => one.listen(0, '127.0.0.1', resolve));
  house.store.settings.api_url = `http://127.0.0.1:${redirector.address().port}`;
  house.writeConfig();
  (await house.run(['backup'])).expect(1);
  assert.deepEqual(heard, []);
});

test('a token file that others can read, or that is missing, is refused by name', async (t) => {
  const house = await openHouse(t, { store: { products: 5 } });
  const file = house.tokenFile(house.store);
  fs.chmodSync(file, 0o644);
  const ran = (await house.run(['config', 'check'])).expect(2);
  assert.match(ran.text + ran.err, /backstock\.yaml:\d+/);
  assert.match(ran.text + ran.err, /chmod 600/);
  const backup = await house.run(['backup']);
  assert.ok(backup.code === 1 || backup.code === 2, `exit ${backup.code}`);
  assert.match(backup.err, /chmod 600/);
  const serve = await house.run(['serve'], { seconds: 20 });
  serve.expect(2);
  assert.match(serve.err, /chmod 600/);
  fs.rmSync(file);
  assert.match((await house.run(['config', 'check'])).expect(2).text, /acme\.token/);
  assert.match((await house.run(['backup'])).err, /acme\.token/);
  assert.equal((await house.store.requests()).length, 0, 'the store was never asked');
});

test('config problems are all told at once with file, line and what is allowed, exit 2', async (t) => {
  const house = await openHouse(t, { store: { products: 5 } });
  house.writeConfig(`data_dir: relative/path
admin: {listen: 127.0.0.1:99999}
log: loud
stores:
  - name: acme
    store_hash: ABC
    access_tokn: {file: /nowhere}
    api_share: 7
    timezone: Europe/Berln
    schedule: {default: "61 * * * *"}
`);
  const ran = (await house.run(['config', 'check'])).expect(2);
  const lines = ran.text.split('\n').filter((line) => /backstock\.yaml:\d+/.test(line));
  assert.ok(lines.length >= 7, ran.text);
  assert.match(ran.text, /access_token/);
  assert.match(ran.text, /Europe\/Berlin/);
  for (const args of [['backup'], ['stores'], ['status'], ['verify'], ['serve']]) {
    const other = (await house.run(args, { seconds: 20 })).expect(2);
    assert.match(other.err, /backstock\.yaml:\d+/, args.join(' '));
  }
  fs.rmSync(house.configFile);
  assert.match((await house.run(['stores'])).expect(2).err, /does not exist/);
});

test('a disk that runs full in a run says so and keeps what was stored', async (t) => {
  if (process.getuid() !== 0) return t.skip('a small disk can be mounted by root alone');
  const house = await openHouse(t, { store: { products: 600, categories: 10, brands: 10, hugePage: 30_000_000 } });
  fs.mkdirSync(house.dataDir);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', house.dataDir]).status !== 0) return t.skip('no tmpfs can be mounted here');
  t.after(() => spawnSync('umount', ['-l', house.dataDir]));
  try {
    const ran = complained(await house.run(['backup']), 1, /(no space|full|space left)/i);
    assert.match(ran, /space|disk/i);
    // What was told as stored is there.
    const verified = (await house.run(['verify', '--json'])).expect(0).json().stores[0];
    assert.deepEqual(verified.findings, []);
    // Of a frame that was torn zstd prints what came through, and no version of it was acknowledged.
    const printed = house.lines().length;
    assert.ok(verified.notes.length ? verified.versions <= printed : verified.versions === printed, `${verified.versions} of ${printed}`);
    complained(await house.run(['backup']), 1, /(no space|full|space left)/i);
    // Room again: the run goes on.
    assert.equal(spawnSync('mount', ['-o', 'remount,size=200m', house.dataDir]).status, 0);
    await house.backup();
    await house.checkVault();
  } finally {
    spawnSync('umount', ['-l', house.dataDir]);
  }
});

test('a data directory that cannot be written is named', async (t) => {
  const house = await openHouse(t, { store: { products: 5 } });
  await house.backup();
  if (process.getuid() === 0) {
    if (spawnSync('mount', ['--bind', house.dataDir, house.dataDir]).status !== 0) return t.skip('root may write everywhere, and nothing can be mounted here');
    t.after(() => spawnSync('umount', ['-l', house.dataDir]));
    assert.equal(spawnSync('mount', ['-o', 'remount,bind,ro', house.dataDir]).status, 0);
  } else {
    for (const dir of [house.dataDir, path.join(house.dataDir, 'stores'), house.vaultDir(), path.join(house.vaultDir(), 'packs')]) fs.chmodSync(dir, 0o500);
  }
  try {
    complained(await house.run(['backup', '--full']), 1, /data/);
    const serve = (await house.run(['serve'], { seconds: 20 })).expect(1);
    assert.match(serve.err, /data/);
    await t.test('reading goes on', async () => {
      for (const args of [['items', 'acme', 'products'], ['verify'], ['status']]) (await house.run(args)).expect(0);
    });
  } finally {
    if (process.getuid() === 0) spawnSync('umount', ['-l', house.dataDir]);
    else for (const dir of [house.dataDir, path.join(house.dataDir, 'stores'), house.vaultDir(), path.join(house.vaultDir(), 'packs')]) fs.chmodSync(dir, 0o700);
  }
  await house.backup(['--full']);
  await house.checkVault({ exact: true });
});

test('a second daemon on the same data_dir, and a vault of another store, are refused', async (t) => {
  const house = await openHouse(t, { store: { products: 5 } });
  const daemon = await house.serve();
  const second = (await house.run(['serve'], { seconds: 20 })).expect(1);
  assert.match(second.err, /daemon\.lock|another|running/);
  assert.match(second.err, / - \S/);
  assert.equal((await daemon.get('healthz')).status, 200);
  (await house.run(['rebuild'])).expect(1);
  assert.equal((await daemon.stop()).code, 0);
  await house.backup();
  await house.checkVault({ exact: true });
});

test('a second backup beside a running one is refused in one sentence, and the first goes on', async (t) => {
  const house = await openHouse(t, { store: { products: 60 } });
  await house.store.trouble({ path_regex: '^/v3/catalog/brands$' }, { delay_ms: 3000 }, { times: 1 });
  const first = house.spawn(['backup', '--json']);
  await until(async () => (await house.store.requests(/brands$/)).length > 0, 'the first run has begun');
  complained(await house.run(['backup']), 1, /writer\.lock|another|in use|process/);
  assert.equal((await first.ended).code, 0, first.errText);
  await house.checkVault({ exact: true });
});

test('Ctrl-C ends a command that backs up by itself, and what it stored stays', async (t) => {
  const house = await openHouse(t, { store: { products: 120 } });
  await house.store.trouble({ path_regex: '^/v3/catalog/products$', query_regex: 'id:in=' }, { delay_ms: 100 });
  const backup = house.spawn(['backup', '--json']);
  await until(() => house.lines().some((line) => line.type === 'brands') && /products: reading/.test(backup.errText), 'products are being read');
  const began = Date.now();
  backup.process.kill('SIGINT');
  const { code } = await backup.ended;
  assert.equal(code, 1, backup.errText);
  assert.ok(Date.now() - began < 10_000);
  assert.equal(JSON.parse(backup.stdout()).runs[0].outcome, 'cancelled');
  await house.store.calm();
  await house.backup();
  await house.checkVault({ exact: true });
});

test('a flipped byte in a pack is named by verify with what it cost, and a full run stores it anew', async (t) => {
  const house = await openHouse(t, { store: { products: 40 } });
  await house.backup();
  const [pack] = house.packs();
  const bytes = fs.readFileSync(pack);
  const lines = house.lines();
  // In the middle: in one of the frames of products.
  const at = Math.floor(bytes.length / 2);
  bytes[at] ^= 0x10;
  fs.writeFileSync(pack, bytes);
  const verified = (await house.run(['verify', '--json'])).expect(1).json().stores[0];
  assert.equal(verified.findings.length, 1);
  const [finding] = verified.findings;
  assert.ok(finding.lost_count > 0 && finding.lost_count < lines.length);
  assert.match(finding.subject + finding.what, /00000001/);
  const text = (await house.run(['verify'])).expect(1).text;
  assert.match(text, /1 damaged place/);
  assert.match(text, /backstock backup acme --full/);
  const lost = finding.lost[0];
  const [, type, id] = /^(\S+) (\S+)/.exec(lost) ?? assert.fail(`lost: ${lost}`);
  complained(await house.run(['show', 'acme', type, id.replace(',', '')]), 1, /damaged|checksum|read/);
  // pack show and pack cat tell of it and give the rest.
  assert.match((await house.run(['pack', 'cat', pack])).expect(1).err, /cannot be read/);
  // The advice of verify: every item can be read again.
  (await house.run(['rebuild', 'acme'])).expect(1);
  const repaired = await house.backup(['--full']);
  assert.equal(repaired.versions, finding.lost_count, 'what cannot be read any more is stored anew');
  for (const one of finding.lost) {
    const [, kind, item] = /^(\S+) ([^\s,]+)/.exec(one);
    assert.ok((await house.show(kind, item)).length > 2, one);
  }
});

test('logs hold no token and no text of the store', async (t) => {
  const house = await openHouse(t, { store: { products: 20, brands: 5, categories: 5 }, log: 'debug' });
  const { store } = house;
  const words = ['Unmistakable Secretname', 'customer@example.org'];
  const ids = await store.ids('products');
  await store.edit('products', ids[0], { name: words[0], description: words[1] });
  await store.trouble({ path_regex: 'brands$' }, { status: 500 });
  await store.trouble({ path_regex: 'categories$' }, { status: 403 });
  const daemon = await house.serve();
  (await house.run(['backup', '--full'])).expect(1);
  await store.calm();
  await store.control('POST', 'token', { token: 'changed' });
  const refused = (await house.run(['backup', '--full'])).expect(1);
  await store.control('POST', 'token', { token: TOKEN });
  (await house.run(['backup', '--full'])).expect(0);
  await daemon.stop();
  assert.ok(daemon.log.includes('type ended'));
  for (const text of [daemon.log, refused.err, refused.text]) for (const word of [TOKEN, ...words]) assert.ok(!text.includes(word), word);
  for (const id of ids.slice(1, 4)) {
    const { name } = await store.item('products', id);
    assert.ok(!daemon.log.includes(name), name);
  }
  await house.checkVault();
});
