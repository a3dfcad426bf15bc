#!/usr/bin/env node
// The vault beside git, zstd and SQLite, on one corpus in one run; prints each figure beside its goal. Machines drift, so ratios within a run are
// what to look at, and nothing is judged by an exit code: it is 1 only when something answered wrong bytes.
// usage: BACKSTOCK_BENCH_VAULT=... [BACKSTOCK_MAKE_CORPUS=...] bench_vault.mjs [--corpus DIR | --items 10000] [--work DIR] [--rounds 3] [--parts vault,git,appends,growth] [--floor BYTES|skip] [--json FILE]
//   --corpus  what make_corpus wrote; without one, a corpus of so many items is made in the folder of the work
//   --floor   what `zstd --ultra -22 --long=31` makes of history.ndjson (minutes for 80 MB, half an hour for 800): known values are kept beside the
//             corpus in floors.json, by checksum
//   --level, --frame, --dictionary  of compaction, to compare settings; without them its defaults
//   --parts   growth is left out unless asked for: ten million versions take long

import { spawn, spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { MiB, measure, table } from '../measure.mjs';
import { GitPeer, readDays } from './git_peer.mjs';

const STATE_DAY = 15;
const { values } = parseArgs({
  options: {
    corpus: { type: 'string' },
    items: { type: 'string', default: '10000' },
    work: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    parts: { type: 'string', default: 'vault,git,appends' },
    floor: { type: 'string' },
    json: { type: 'string' },
    level: { type: 'string' },
    frame: { type: 'string' },
    dictionary: { type: 'string' },
    'growth-versions': { type: 'string', default: '1000000,10000000' },
  },
});
if (!process.env.BACKSTOCK_BENCH_VAULT || !(values.corpus || process.env.BACKSTOCK_MAKE_CORPUS)) {
  console.error('bench_vault: BACKSTOCK_BENCH_VAULT (the program) is needed, and --corpus DIR or BACKSTOCK_MAKE_CORPUS');
  process.exit(2);
}
const work = values.work ? path.resolve(values.work) : fs.mkdtempSync(path.join(os.tmpdir(), 'backstock-bench-vault-'));
fs.mkdirSync(work, { recursive: true });
const corpus = path.resolve(values.corpus ?? path.join(work, 'corpus'));
if (!values.corpus) {
  const made = spawnSync(process.env.BACKSTOCK_MAKE_CORPUS, ['--out', corpus, '--items', values.items], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (made.status !== 0) process.exit(1);
}
const wants = (part) => values.parts.split(',').includes(part);
const rounds = Number(values.rounds);
const at = (name) => path.join(work, name);

// Only what was given: the program knows the defaults.
const how = Object.fromEntries(['level', 'frame', 'dictionary'].filter((name) => values[name]).map((name) => [name, values[name]]));

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)];
const mb = (bytes) => (bytes === undefined ? undefined : `${(bytes / 1e6).toFixed(2)} MB`);
const result = { corpus, machine: os.cpus()[0]?.model, cores: os.cpus().length };

/** One command of the program: its figures, and the memory and CPU that it took. */
async function bench(command, options) {
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.env.BACKSTOCK_BENCH_VAULT, [command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const figures = measure(child.pid);
  let out = '';
  child.stdout.on('data', (text) => (out += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  const used = figures.stop();
  if (code !== 0) throw new Error(`bench_vault ${command} ended with ${code}`);
  return { ...JSON.parse(out), used };
}

const note = (text) => console.error(`bench_vault: ${text}`);

function checksum(file) {
  const hash = crypto.createHash('sha256');
  const handle = fs.openSync(file, 'r');
  const buffer = Buffer.allocUnsafe(4 * MiB);
  for (let n; (n = fs.readSync(handle, buffer)) > 0; ) hash.update(buffer.subarray(0, n));
  fs.closeSync(handle);
  return hash.digest('hex');
}

function floorOf(history) {
  if (values.floor === 'skip') return undefined;
  const known = path.join(path.dirname(corpus), 'floors.json');
  const floors = fs.existsSync(known) ? JSON.parse(fs.readFileSync(known, 'utf8')) : {};
  const key = checksum(history);
  if (values.floor) floors[key] = Number(values.floor);
  if (!floors[key]) {
    note('zstd --ultra -22 --long=31 of the history; this takes minutes');
    const ran = spawnSync('sh', ['-c', 'zstd -q --ultra -22 --long=31 -c "$0" | wc -c', history]);
    if (ran.status !== 0) throw new Error(`zstd: ${ran.stderr}`);
    floors[key] = Number(ran.stdout);
  }
  fs.writeFileSync(known, `${JSON.stringify(floors, null, 2)}\n`);
  return floors[key];
}

/** What a vault gives back, and what it takes. */
async function look(vault) {
  const sizes = await bench('sizes', { vault });
  sizes.bodies = sizes.packs + sizes.dictionaries;
  sizes.all = sizes.bodies + sizes.index + sizes.other;
  const reads = await bench('reads', { corpus, vault, requests: at('requests.tsv') });
  return { sizes, reads, state: await bench('state', { corpus, vault, day: STATE_DAY }) };
}

function fillGit(days, history) {
  const git = new GitPeer(at('git'));
  const times = days.map((entries) => git.commit(entries, history));
  return { git, day0: times[0], day: { all: median(times.slice(1).map((t) => t.all)), alone: median(times.slice(1).map((t) => t.alone)) } };
}

// --- the run ---------------------------------------------------------------------------------------------------------------------------------

const days = readDays(corpus);
const history = fs.readFileSync(path.join(corpus, 'history.ndjson'));
const day0Bytes = days[0].reduce((sum, entry) => sum + entry.size, 0);
let git;

// In turn, so that both meet the machine in the same mood.
const fills = [];
const gitFills = [];
for (let round = 1; round <= rounds; round += 1) {
  if (wants('vault')) {
    note(`fills a vault, ${round} of ${rounds}`);
    fs.rmSync(at('vault'), { recursive: true, force: true });
    fills.push(await bench('fill', { corpus, vault: at('vault') }));
  }
  if (wants('git')) {
    note(`fills a git repository, ${round} of ${rounds}`);
    gitFills.push(fillGit(days, history));
    git = gitFills.at(-1).git;
  }
}
if (wants('vault')) {
  const of = (name) => median(fills.map((fill) => fill[name]));
  result.vault = { day0_mb_s: of('day0_mb_s'), day0_cpu_mb_s: of('day0_cpu_mb_s'), day_ms: of('day_ms'), versions: fills[0].versions, json_bytes: fills[0].json_bytes };
  note('reads the vault as it was written');
  result.before = await look(at('vault'));
  note('compacts');
  result.compaction = await bench('compact', { vault: at('vault'), ...how });
  result.after = await look(at('vault'));
}
if (git) {
  const of = (pick) => median(gitFills.map(pick));
  result.git = {
    day0_mb_s: day0Bytes / 1e6 / of((fill) => fill.day0.alone),
    day0_with_files_mb_s: day0Bytes / 1e6 / of((fill) => fill.day0.all),
    day_ms: of((fill) => fill.day.alone) * 1000,
    day_with_files_ms: of((fill) => fill.day.all) * 1000,
  };
  note('git repack -adf --depth=50 --window=250');
  result.git.repack_seconds = git.repack();
  result.git.size = git.size();
  if (result.before) {
    const asked = git.requests(at('requests.tsv'));
    result.git.reads = await bench('git_reads', { corpus, repository: at('git'), requests: asked.byName });
    result.git.reads_by_object = await bench('git_reads', { corpus, repository: at('git'), requests: asked.byObject });
    result.git.archive_mb_s = result.before.state.bytes / 1e6 / median([1, 2, 3].map(() => git.archive(STATE_DAY)));
  }
}
result.floor = floorOf(path.join(corpus, 'history.ndjson'));
if (wants('appends')) {
  note('durable appends');
  result.appends = [];
  for (const group of [10, 100]) result.appends.push(await bench('appends', { corpus, vault: at('appends'), group }));
}
if (wants('growth')) {
  result.growth = [];
  for (const versions of values['growth-versions'].split(',').map(Number)) {
    note(`${versions} small versions`);
    fs.rmSync(at('growth'), { recursive: true, force: true });
    const grown = await bench('grow', { vault: at('growth'), versions });
    const compaction = await bench('compact', { vault: at('growth'), ...how });
    result.growth.push({ ...grown, compaction, ...(await bench('growth_reads', { vault: at('growth'), versions })) });
  }
  fs.rmSync(at('growth'), { recursive: true, force: true });
}

// --- the table -------------------------------------------------------------------------------------------------------------------------------

const rows = [['figure', 'value', 'goal', '']];
/** One figure beside its goal; left out when a peer that it needs was not measured. */
function row(what, value, text, goal, good) {
  if (value === undefined || Number.isNaN(value)) return;
  rows.push([what, text(value), goal, goal === '' ? '' : good(value) ? 'ok' : 'MISSED']);
}
const ratio = (a, b) => (a === undefined || b === undefined ? undefined : a / b);
const times = (value) => `${value.toFixed(2)} x`;
const us = (value) => `${value.toFixed(1)} us`;
const ms = (value) => `${value.toFixed(1)} ms`;
const rate = (value) => `${value.toFixed(0)} MB/s`;
const info = () => true;

const { vault, before, after, compaction, floor } = result;
const peer = result.git ?? {};
row('floor: zstd --ultra -22 --long=31', floor, mb, '', info);
row('git repacked', peer.size, mb, '', info);
row('before compaction: packs and index', before?.sizes.all, mb, '', info);
row('  x floor', ratio(before?.sizes.all, floor), times, '<= 4', (v) => v <= 4);
row('after compaction: packs and dictionaries', after?.sizes.bodies, mb, '', info);
row('  x floor', ratio(after?.sizes.bodies, floor), times, '<= 1.35', (v) => v <= 1.35);
row('after compaction: everything', after?.sizes.all, mb, '', info);
row('  x floor', ratio(after?.sizes.all, floor), times, '<= 1.75', (v) => v <= 1.75);
row('  x git repacked', ratio(after?.sizes.all, peer.size), times, '<= 0.6', (v) => v <= 0.6);
row('day 0 from memory', vault?.day0_mb_s, rate, '>= 120 MB/s', (v) => v >= 120);
row('  in CPU time', vault?.day0_cpu_mb_s, rate, '', info);
row('  x git (update-index and commit alone)', ratio(vault?.day0_mb_s, peer.day0_mb_s), times, '>= 2.5', (v) => v >= 2.5);
row('  x git (with the writing of its files)', ratio(vault?.day0_mb_s, peer.day0_with_files_mb_s), times, '', info);
row("a day's changes", vault?.day_ms, ms, '', info);
row('  x git (update-index and commit alone)', ratio(vault?.day_ms, peer.day_ms), times, '<= 0.3', (v) => v <= 0.3);
for (const [when, seen] of [['as written', before], ['compacted', after]]) {
  if (!seen) continue;
  const judged = seen === (after ?? before);
  const goal = (text) => (judged ? text : '');
  row(`one version by item and instant, ${when}: p50`, seen.reads.p50_us, us, goal('<= 100 us'), (v) => v <= 100);
  row('  p99', seen.reads.p99_us, us, goal('<= 500 us'), (v) => v <= 500);
  row('  p50 x git cat-file --batch, commit:path', ratio(seen.reads.p50_us, peer.reads?.p50_us), times, goal('<= 0.5'), (v) => v <= 0.5);
  row('  p50 x git cat-file --batch, object id known', ratio(seen.reads.p50_us, peer.reads_by_object?.p50_us), times, '', info);
  row(`day ${STATE_DAY} streamed, ${when}: in memory`, seen.state.memory_mb_s, rate, goal('>= 1000 MB/s'), (v) => v >= 1000);
  row('  to a pipe', seen.state.pipe_mb_s, rate, '', info);
  row('  to a pipe, x git archive', ratio(seen.state.pipe_mb_s, peer.archive_mb_s), times, goal('>= 4'), (v) => v >= 4);
}
row('compaction, per core', compaction && vault.json_bytes / 1e6 / compaction.cpu_seconds, rate, '>= 8 MB/s', (v) => v >= 8);
row('  peak memory', compaction?.used.peak, (v) => `${(v / MiB).toFixed(0)} MiB`, '<= 256 MiB', (v) => v <= 256 * MiB);
for (const appends of result.appends ?? []) {
  row(`durable appends in groups of ${appends.group}`, appends.vault_per_s, (v) => `${v.toFixed(0)}/s`, '', info);
  row('  x SQLite (WAL, FULL, bodies as they are)', appends.ratio, times, '>= 0.8', (v) => v >= 0.8);
}
if (result.growth?.length > 1) {
  const [small, large] = [result.growth[0], result.growth.at(-1)];
  for (const [what, name] of [['one version', 'reads'], ['a page of a list', 'pages'], ['a page as of an instant', 'pages_at']]) {
    row(`${what}, ${large.versions} versions: p50`, large[name].p50_us, us, '', info);
    row(`  x with ${small.versions}`, ratio(large[name].p50_us, small[name].p50_us), times, '<= 2', (v) => v <= 2);
  }
}
console.log(table(rows));
if (values.json) fs.writeFileSync(values.json, `${JSON.stringify({ ...result, rows }, null, 2)}\n`);
if (!values.work) fs.rmSync(work, { recursive: true, force: true });
