// The program: start line, options, pid file, quit.

import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../main.mjs', import.meta.url));
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'fake-store-'));
test.after(() => fs.rmSync(dir, { recursive: true, force: true }));

async function start(args) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stderr.on('data', (d) => {
    err += d;
  });
  await Promise.race([
    new Promise((resolve) =>
      child.stdout.on('data', (d) => {
        out += d;
        if (out.includes('\n')) resolve();
      }),
    ),
    once(child, 'exit'),
  ]);
  return { child, out, err: () => err, base: /http:\/\/127\.0\.0\.1:\d+/.exec(out)?.[0] };
}

test('it prints one line, writes its pid, serves, and quits by a control call', async () => {
  const pidFile = path.join(dir, 'pid');
  const { child, out, base } = await start([
    '--port',
    '0',
    '--store-hash',
    'h1',
    '--token',
    'T',
    '--products',
    '20',
    '--pid-file',
    pidFile,
    '--switch',
    'pagination_links=true',
    '--cdn-base',
    'self',
  ]);
  assert.match(out, /^fake store on http:\/\/127\.0\.0\.1:\d+ store_hash=h1\n$/);
  assert.equal(fs.readFileSync(pidFile, 'utf8'), String(child.pid));
  const page = await (
    await fetch(`${base}/stores/h1/v3/catalog/products?limit=5&include=images`, { headers: { 'X-Auth-Token': 'T' } })
  ).json();
  assert.deepEqual(page.meta.pagination.links, { current: '?limit=5&page=1', next: '?limit=5&page=2' });
  const image = page.data.find((p) => p.images.length).images[0];
  const picture = Buffer.from(await (await fetch(image.url_zoom)).arrayBuffer());
  assert.equal(picture.subarray(1, 4).toString(), 'PNG');
  await fetch(`${base}/__control__/quit`, { method: 'POST' });
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
});

test('options come from a file as well, and wrong ones are refused', async () => {
  const file = path.join(dir, 'c.json');
  fs.writeFileSync(file, JSON.stringify({ 'store-hash': 'h2', products: 5, switches: { unknown_params: 'ignore' } }));
  const { child, base } = await start(['--config', file]);
  assert.equal((await (await fetch(`${base}/__control__/health`)).json()).counts.products, 5);
  child.kill();
  for (const args of [
    ['--nonsense', '1'],
    ['--switch', 'nonsense=1'],
    ['--products', 'many'],
  ]) {
    const bad = await start(args);
    assert.equal(bad.out, '');
    assert.match(bad.err(), /^fake store: /);
  }
});
