#!/usr/bin/env node
// The admin API over a large vault: how long answers take. Prints figures beside their goals; exit 1 when one is missed.
// usage: BACKSTOCK_BINARY=... BACKSTOCK_MAKE_VAULT=... bench_api.mjs [--items N] [--versions N] [--requests N] [--data DIR]
// (default 500,000 items, 2,000,000 versions, 300 requests of each kind; --data keeps and takes up a vault that was made before)
// One request at a time over one connection, as a page asks; each of another item, page or search.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { House, request } from '../integration/harness.mjs';
import { MiB, measure, table } from './measure.mjs';

const GOAL = { p95: 100, peak: 256 * MiB };
const WORDS = ['oak', 'äpfel', 'LINEN', 'chair', 'sku-1', 'SKU-4567', 'сад', 'blue', 'round li', '水', 'wool', 'Ørsted'];

const { values } = parseArgs({
  options: {
    items: { type: 'string', default: '500000' },
    versions: { type: 'string', default: '2000000' },
    requests: { type: 'string', default: '300' },
    data: { type: 'string' },
  },
});
const items = Number(values.items);
const requests = Number(values.requests);
const number = (n) => Math.round(n).toLocaleString('en');

// The same numbers in every run.
let seed = 42;
const below = (n) => {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return seed % n;
};

function makeVault(dataDir) {
  const folder = path.join(dataDir, 'stores/abc123');
  if (fs.existsSync(folder)) return;
  const make = process.env.BACKSTOCK_MAKE_VAULT ?? path.join(path.dirname(process.env.BACKSTOCK_BINARY), 'tests/bench/make_vault');
  const made = spawnSync(make, ['--data-dir', dataDir, '--items', String(items), '--versions', values.versions], { stdio: ['ignore', 'inherit', 'ignore'] });
  if (made.status !== 0) throw new Error(`${make} ended with ${made.status ?? made.signal}`);
}

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

const house = new House(fs.mkdtempSync(path.join(os.tmpdir(), 'backstock-bench-')));
const missed = [];
try {
  if (values.data) house.dataDir = path.resolve(values.data);
  console.log(`${number(items)} items, ${number(Number(values.versions))} versions, Node ${process.version}, ${os.cpus().length} x ${os.cpus()[0].model}, load ${os.loadavg()[0].toFixed(1)}`);
  makeVault(house.dataDir);
  const token = path.join(house.folder, 'acme.token');
  fs.writeFileSync(token, 'the-store-is-never-asked\n', { mode: 0o600 });
  house.writeConfig(
    `data_dir: ${house.dataDir}\nadmin: {listen: "127.0.0.1:0"}\nstores:\n  - name: acme\n    store_hash: abc123\n    access_token: {file: ${token}}\n    api_url: http://127.0.0.1:9\n`,
  );
  const secret = (await house.run(['admin', 'token', 'bench', '--access', 'read'])).expect(0).text.trim();
  const daemon = await house.serve();
  const figures = measure(daemon.child.pid);
  const get = (where, query = {}) => request('GET', new URL(`/api/v1/${where}?${new URLSearchParams(query)}`, daemon.page), { headers: { Authorization: `Bearer ${secret}` } });
  const json = async (where, query) => {
    const answer = await get(where, query);
    if (answer.status !== 200) throw new Error(`${where}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body.toString());
  };

  const of = (type) => ({ store: 'acme', type });
  const product = () => {
    const hundred = below(Math.floor(items / 100)) * 100;
    return String(hundred + 1 + below(92));
  };
  // Cursors from far inside each list: pages are asked for one after another from there.
  const deep = {};
  for (const sort of ['id', '-id', '-changed']) {
    let next = null;
    for (let page = 0; page < Math.min(100, items / 400); page++) next = (await json('items', { ...of('products'), sort, limit: 200, ...(next ? { after: next } : {}) })).next;
    deep[sort] = next;
  }
  const walk = (sort) => async () => {
    const answer = await json('items', { ...of('products'), sort, after: deep[sort] });
    deep[sort] = answer.next ?? deep[sort];
  };
  const versions = new Map();
  const numbersOf = async (id) => {
    if (!versions.has(id)) versions.set(id, (await json('item', { ...of('products'), id })).newest);
    return versions.get(id);
  };
  const some = Array.from({ length: 200 }, product);
  for (const id of some) await numbersOf(id);

  const kinds = [
    ['status', () => json('status')],
    ['types', () => json('types', { store: 'acme' })],
    ['items: first page', () => json('items', of(['products', 'categories', 'brands'][below(3)]))],
    ['items: first page of 200', () => json('items', { ...of('products'), limit: 200 })],
    ['items: next page, deep inside', walk('id')],
    ['items: -id, deep inside', walk('-id')],
    ['items: -changed, first page', () => json('items', { ...of('products'), sort: '-changed' })],
    ['items: -changed, deep inside', walk('-changed')],
    ['items: deleted only', () => json('items', { ...of('products'), deleted: 'only' })],
    ['items: search', () => json('items', { ...of('products'), q: WORDS[below(WORDS.length)] })],
    ['items: search, -changed', () => json('items', { ...of('products'), q: WORDS[below(WORDS.length)], sort: '-changed' })],
    ['items: as they were', () => json('items', { ...of('products'), at: `2025-01-${String(2 + below(29)).padStart(2, '0')}T12:00:00Z` })],
    ['item', () => json('item', { ...of('products'), id: product() })],
    ['versions', () => json('versions', { ...of('products'), id: product() })],
    ['versions: of 500', () => json('versions', { ...of('products'), id: '1', before: 30 + below(470) })],
    [
      'compare',
      async () => {
        const id = some[below(some.length)];
        const newest = await numbersOf(id);
        return json('compare', { ...of('products'), id, from: 1 + below(newest), to: newest });
      },
    ],
    ['source', async () => get('source', { ...of('products'), id: some[below(some.length)], version: 1 })],
    ['runs', () => json('runs', { store: 'acme' })],
  ];
  const rows = [['request', 'p50 ms', 'p95 ms', 'most ms', 'goal p95', '']];
  for (const [name, ask] of kinds) {
    for (let i = 0; i < 5; i++) await ask();
    const took = [];
    for (let i = 0; i < requests; i++) {
      const began = process.hrtime.bigint();
      await ask();
      took.push(Number(process.hrtime.bigint() - began) / 1e6);
    }
    took.sort((a, b) => a - b);
    const p95 = quantile(took, 0.95);
    if (p95 > GOAL.p95) missed.push(`${name}: p95 ${p95.toFixed(1)} ms, goal ${GOAL.p95} ms`);
    rows.push([name, quantile(took, 0.5).toFixed(1), p95.toFixed(1), took.at(-1).toFixed(1), `<= ${GOAL.p95}`, p95 > GOAL.p95 ? 'MISSED' : 'ok']);
  }
  console.log(table(rows));
  const used = figures.stop();
  if (used.peak > GOAL.peak) missed.push(`peak memory ${(used.peak / MiB).toFixed(0)} MiB`);
  console.log(`the daemon's peak memory: ${(used.peak / MiB).toFixed(1)} MiB (goal <= ${GOAL.peak / MiB} MiB), ${used.cpu.toFixed(1)} CPU seconds`);
  const index = fs.statSync(path.join(house.dataDir, 'stores/abc123/index.db')).size;
  const packs = house.packs({ hash: 'abc123' }).reduce((sum, pack) => sum + fs.statSync(pack).size, 0);
  console.log(`index: ${(index / 1e6).toFixed(1)} MB (${(index / Number(values.versions)).toFixed(0)} bytes per version), packs: ${(packs / 1e6).toFixed(1)} MB`);
  await daemon.stop();
} finally {
  await house.close();
}
for (const sentence of missed) console.log(`MISSED ${sentence}`);
process.exit(missed.length ? 1 : 0);
