#!/usr/bin/env node
// A large store: the first full backup and a second one without changes. Prints figures beside their goals; exit 1 when one is missed.
// usage: BACKSTOCK_BINARY=... bench_backup.mjs [--products N] [--seed N] [--keep]     (default 100000 products)
// The store runs beside the program and takes most of the CPU: only the program's own CPU seconds are judged, wall time is for information.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { House, TYPES } from '../integration/harness.mjs';
import { MiB, measure, table } from './measure.mjs';

const GOAL = { peak: 64 * MiB, megabytesPerCpuSecond: 20, requests: 1.02 };
// Below this many bytes start-up and lists dominate: no judgement on speed.
const ENOUGH = 50e6;

const { values } = parseArgs({
  options: { products: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' }, keep: { type: 'boolean', default: false } },
});
const products = Number(values.products);

const house = new House(fs.mkdtempSync(path.join(os.tmpdir(), 'backstock-bench-')));
const number = (n) => Math.round(n).toLocaleString('en');
const missed = [];
function judge(what, value, good, text, goal) {
  if (!good) missed.push(`${what}: ${text}, goal ${goal}`);
  return [what, text, goal, good ? 'ok' : 'MISSED'];
}

async function backup(title) {
  const began = Date.now();
  const child = house.spawn(['backup', '--full', '--json']);
  const figures = measure(child.pid);
  const ended = await child.ended;
  const used = figures.stop();
  if (ended.code !== 0) throw new Error(`${title}: exit ${ended.code ?? ended.signal}\n${child.errText.slice(-3000)}\n${child.stdout().toString().slice(-3000)}`);
  return { title, report: JSON.parse(child.stdout().toString()).runs[0], used, wall: (Date.now() - began) / 1000 };
}

function show({ title, report, used, wall }) {
  const bytes = report.types.reduce((sum, type) => sum + type.bytes, 0);
  const requests = report.types.reduce((sum, type) => sum + type.requests, 0);
  const minimum = report.types.reduce((sum, type) => sum + type.requests_minimum, 0);
  const speed = bytes / 1e6 / used.cpu;
  console.log(`\n${title}: ${report.outcome}, ${number(report.versions)} versions, ${wall.toFixed(1)} s (store included)`);
  console.log(
    table([
      ['type', 'items', 'MB read', 'requests', 'minimum', 'ratio', 'seconds'],
      ...report.types.map((type) => [
        type.type,
        number(type.seen),
        (type.bytes / 1e6).toFixed(1),
        number(type.requests),
        number(type.requests_minimum),
        (type.requests / type.requests_minimum).toFixed(3),
        ((type.ended - type.started) / 1000).toFixed(1),
      ]),
    ]),
  );
  console.log('');
  console.log(
    table([
      ['figure', 'value', 'goal', ''],
      judge(`${title}: peak memory`, used.peak, used.peak <= GOAL.peak, `${(used.peak / MiB).toFixed(1)} MiB`, `<= ${GOAL.peak / MiB} MiB`),
      judge(
        `${title}: item JSON per CPU second`,
        speed,
        speed >= GOAL.megabytesPerCpuSecond || bytes < ENOUGH,
        `${speed.toFixed(1)} MB (${(bytes / 1e6).toFixed(0)} MB in ${used.user.toFixed(2)} + ${used.system.toFixed(2)} s)`,
        `>= ${GOAL.megabytesPerCpuSecond} MB`,
      ),
      judge(
        `${title}: requests`,
        requests,
        requests <= Math.max(minimum * GOAL.requests, minimum + 2),
        `${number(requests)} of ${number(minimum)}, ${(requests / minimum).toFixed(4)}`,
        `<= ${GOAL.requests}`,
      ),
    ]),
  );
}

/** The least that the API's own limits allow: lists at 250, whole products with options or modifiers at 10, rules one by one. */
async function leastThinkable(counters) {
  let withOptions = 0;
  let withModifiers = 0;
  for (const pack of house.packs()) {
    const { spawn } = await import('node:child_process');
    const { createInterface } = await import('node:readline');
    const cat = spawn('zstdcat', [pack], { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: cat.stdout })) {
      if (!line.startsWith('{"type":"products"')) continue;
      const modifiers = !line.includes('"modifiers":[]');
      if (modifiers) withModifiers++;
      if (modifiers || !line.includes('"options":[]')) withOptions++;
    }
  }
  const least = Math.ceil(products / 250) + Math.ceil(withOptions / 10) + withModifiers;
  const asked = Object.entries(counters.by_route)
    .sort((a, b) => b[1].count - a[1].count)
    .map(([route, c]) => [route, number(c.count), number(c.errors), (c.bytes / 1e6).toFixed(1)]);
  console.log(`\n${table([['asked of the store in the first run', 'requests', 'errors', 'MB sent'], ...asked])}`);
  console.log(
    `\n${number(withOptions)} products have options or modifiers, ${number(withModifiers)} modifiers: N/250 + those/10 + one list of rules each = ` +
      `${number(least)} requests, if nothing else had to be read with its parts`,
  );
}

const packBytes = () => house.packs().reduce((sum, pack) => sum + fs.statSync(pack).size, 0);

try {
  console.log(`${number(products)} products, seed ${values.seed}, Node ${process.version}, ${os.cpus().length} x ${os.cpus()[0].model}, load ${os.loadavg()[0].toFixed(1)}`);
  const store = await house.addStore({ products, categories: 1000, brands: 500, seed: Number(values.seed), settings: { api_share: 1 } });
  const first = await backup('first full backup');
  const counters = await store.counters();
  show(first);
  await leastThinkable(counters);
  const size = packBytes();
  const raw = first.report.types.reduce((sum, type) => sum + type.bytes, 0);
  console.log(`packs: ${(size / 1e6).toFixed(1)} MB for ${(raw / 1e6).toFixed(1)} MB of item JSON (${(raw / size).toFixed(1)} to 1)`);
  const index = fs.statSync(path.join(house.vaultDir(), 'index.db')).size;
  console.log(`index: ${(index / 1e6).toFixed(1)} MB`);

  const second = await backup('unchanged full backup');
  show(second);
  const grown = packBytes() - size;
  // A run's own control records are all that may be added: begin, one end per type, end.
  console.log('');
  console.log(
    table([
      ['figure', 'value', 'goal', ''],
      judge('unchanged: new versions', 0, second.report.versions === 0, `${second.report.versions}`, '0'),
      judge('unchanged: packs grow by', grown, grown < 4096 * (TYPES.length + 2), `${number(grown)} bytes`, 'control records only'),
    ]),
  );
  const began = Date.now();
  (await house.run(['verify'], { seconds: 3600 })).expect(0);
  console.log(`verify: ${((Date.now() - began) / 1000).toFixed(1)} s`);
} finally {
  if (values.keep) {
    console.log(`kept: ${house.folder}`);
    for (const child of house.children) if (!child.done) child.process.kill('SIGKILL');
  } else await house.close();
}
for (const sentence of missed) console.log(`MISSED ${sentence}`);
process.exit(missed.length ? 1 : 0);
