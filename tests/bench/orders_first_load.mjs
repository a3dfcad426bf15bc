#!/usr/bin/env node
// The first load of a store with many orders through a small quota, killed three times: newest first, what the page promises as the time left
// against what it takes, requests against the least. Prints figures beside their goals; exit 1 when one is missed.
// usage: BACKSTOCK_BINARY=... orders_first_load.mjs [--orders N] [--window MS] [--seed N] [--keep]     (default 50000 orders)
// The quota is 450 requests per window, of which the program takes half. A window of 30 s would make it ten hours; the window here is shorter, and
// every time is that much shorter too: 1000 ms stand for 30 s. What the program does by the clock alone (making durable every 10 s) is not scaled.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { House, until } from '../integration/harness.mjs';
import { MiB, measure, table } from './measure.mjs';

const QUOTA = 450;
const SHARE = 0.5;
const REAL_WINDOW = 30000;
const KILLS = [0.2, 0.45, 0.7]; // of all orders, stored
const FLUSH_SECONDS = 10;
// promise: seconds left as promised, divided by what it took. use: of the requests that we may send.
const GOAL = { promise: [0.8, 1.25], use: 0.85, peak: 96 * MiB, requests: 1.02 };

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '50000' },
    window: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
});
const orders = Number(values.orders);
const window = Number(values.window);
const scale = REAL_WINDOW / window;
const rate = (QUOTA * SHARE * 1000) / window; // requests per second

const house = new House(fs.mkdtempSync(path.join(os.tmpdir(), 'backstock-bench-')));
const number = (n) => Math.round(n).toLocaleString('en');
const seconds = (ms) => (ms / 1000).toFixed(1);
const missed = [];
function judge(what, good, text, goal) {
  if (!good) missed.push(`${what}: ${text}, goal ${goal}`);
  return [what, text, goal, good ? 'ok' : 'MISSED'];
}

/** Ids of orders in the order in which they were stored. */
async function storedIds() {
  const ids = [];
  for (const pack of house.packs()) {
    const cat = spawn('zstdcat', [pack], { stdio: ['ignore', 'pipe', 'ignore'] });
    for await (const line of createInterface({ input: cat.stdout })) {
      const found = /^\{"type":"orders","id":"(\d+)"/.exec(line);
      if (found) ids.push(Number(found[1]));
    }
  }
  return ids;
}

const samples = []; // {at, process, done, total, left}
const kills = []; // {at, done}
let peak = 0;

/** One daemon, until the run has ended or `stored` orders are done; gives whether the run has ended. */
async function work(number, until_stored) {
  const daemon = await house.serve();
  const figures = measure(daemon.child.pid);
  const visitor = await daemon.signIn();
  if (number === 0) {
    const answer = await visitor.send('POST', 'api/v1/backups', { store: house.store.name, types: ['orders'], full: true });
    if (answer.status !== 202) throw new Error(`${answer.status} ${answer.body}`);
  }
  const began = performance.now();
  let seen = false;
  const ended = await until(
    async () => {
      const [status] = (await visitor.json('api/v1/status')).stores;
      if (status.running?.type === 'orders') {
        seen = true;
        const { done, total, seconds_left } = status.running;
        samples.push({ at: performance.now(), process: number, since: performance.now() - began, done, total, left: seconds_left, rate: status.running.our_part });
        return done >= until_stored && 'killed';
      }
      return seen && status.state === 'idle' && 'ended';
    },
    'the run goes on',
    { seconds: 24 * 3600, every: 200 },
  );
  if (ended === 'killed') {
    kills.push({ at: performance.now(), done: samples.at(-1).done });
    await daemon.kill();
  } else await daemon.stop();
  peak = Math.max(peak, figures.stop().peak);
  return ended === 'ended';
}

try {
  console.log(
    `${number(orders)} orders, seed ${values.seed}, ${QUOTA} requests per ${window} ms (stands for ${REAL_WINDOW / 1000} s: times x ${scale.toFixed(1)} are real ones), ` +
      `api_share ${SHARE}, Node ${process.version}, ${os.cpus().length} x ${os.cpus()[0].model}, load ${os.loadavg()[0].toFixed(1)}`,
  );
  const store = await house.addStore({
    products: 50,
    orders,
    seed: Number(values.seed),
    quota: QUOTA,
    windowMs: window,
    settings: { api_share: SHARE },
  });
  const began = performance.now();
  for (const [i, share] of [...KILLS, 2].entries()) {
    const whole = await work(i, share * orders);
    if (whole !== (i === KILLS.length)) throw new Error(`the run ended too early: ${whole}`);
  }
  const ended = performance.now();
  const counters = await store.counters();
  const routes = counters.by_route;
  const count = (route) => routes[`GET ${route}`]?.count ?? 0;
  const readTwice = count('/v2/orders/{order_id}/products') - orders;
  const parts = Object.keys(routes).filter((route) => route.includes('{order_id}')).reduce((sum, route) => sum + routes[route].count, 0);
  const perOrder = parts / count('/v2/orders/{order_id}/products');
  const least = counters.total - readTwice * perOrder;
  console.log(`\n${table([['asked of the store', 'requests', 'errors'], ...Object.entries(routes).sort((a, b) => b[1].count - a[1].count).map(([route, c]) => [route, number(c.count), number(c.errors)])])}`);

  const lost = kills.map(({ at, done }, i) => ({ at, span: (samples.find((one) => one.process === i + 1 && one.done >= done)?.at ?? ended) - at }));
  const lostAfter = (when) => lost.filter(({ at }) => at >= when).reduce((sum, { span }) => sum + span, 0);

  // What was promised, at tenths of each process's own way, where there was much left.
  const rows = [];
  const ratios = [];
  for (let tenth = 1; tenth < 10; tenth++) {
    const sample = samples.find((one) => one.total && one.done / one.total >= tenth / 10 && one.left !== null && one.since > 3 * window);
    if (!sample) continue;
    // Nobody promises a kill: the way back to where it was does not count.
    const took = ended - sample.at - lostAfter(sample.at);
    const ratio = (sample.left * 1000) / took;
    if (took > 20 * window) ratios.push(ratio);
    rows.push([`${tenth * 10} %`, number(sample.done), String(sample.process), `${sample.left}`, seconds(took), ratio.toFixed(2)]);
  }
  console.log(`\n${table([['at', 'orders', 'kills before', 'promised s', 'took s, kills left out', 'ratio'], ...rows])}`);
  const first = samples.find((one) => one.left !== null);
  console.log(`back at where they were, after the kills: ${lost.map(({ span }) => `${seconds(span)} s`).join(', ')}`);
  console.log(`the first promise came ${seconds(first.at - began)} s after the start: ${first.left} s, it took ${seconds(ended - first.at)} s`);

  const ids = await storedIds();
  const rises = ids.filter((id, i) => i > 0 && id > ids[i - 1]).length;
  const elapsed = ended - began;
  const use = counters.total / (((elapsed - lostAfter(0)) / window) * QUOTA * SHARE);
  const mayBeTwice = KILLS.length * ((FLUSH_SECONDS * rate) / perOrder + 16);
  const worst = [Math.min(...ratios), Math.max(...ratios)];
  console.log('');
  console.log(
    table([
      ['figure', 'value', 'goal', ''],
      judge('orders stored', new Set(ids).size === orders && ids.length === orders, `${number(ids.length)}, ${number(new Set(ids).size)} different`, `${number(orders)}, each once`),
      // The plain list falls, and so do the further walks behind it (archived, incomplete).
      judge('newest first: ids that rise', rises <= 3, number(rises), '<= 3, where another walk begins'),
      // Of a load of a few windows nothing can be promised.
      ...(ratios.length ? [judge('promised by taken', worst[0] >= GOAL.promise[0] && worst[1] <= GOAL.promise[1], worst.map((r) => r.toFixed(2)).join(' to '), GOAL.promise.join(' to '))] : []),
      judge('answers 429', counters.given_429 === 0, number(counters.given_429), '0'),
      judge('use of our share', use >= GOAL.use, use.toFixed(3), `>= ${GOAL.use}`),
      judge('orders read twice', readTwice <= mayBeTwice, number(readTwice), `<= ${number(mayBeTwice)}: ${KILLS.length} times ${FLUSH_SECONDS} s`),
      judge('requests but for those', least <= (orders * perOrder + orders / 250 + 40 * (KILLS.length + 1)) * GOAL.requests, `${number(least)}, ${perOrder.toFixed(2)} an order`, `<= ${GOAL.requests}`),
      judge('peak memory', peak <= GOAL.peak, `${(peak / MiB).toFixed(1)} MiB`, `<= ${GOAL.peak / MiB} MiB`),
    ]),
  );
  console.log(`\n${seconds(elapsed)} s in all, three kills and restarts included: ${((elapsed * scale) / 3600000).toFixed(1)} hours with a window of 30 s`);
} finally {
  if (values.keep) {
    console.log(`kept: ${house.folder}`);
    for (const child of house.children) if (!child.done) child.process.kill('SIGKILL');
  } else await house.close();
}
for (const sentence of missed) console.log(`MISSED ${sentence}`);
process.exit(missed.length ? 1 : 0);
