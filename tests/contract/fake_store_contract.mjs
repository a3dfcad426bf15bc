#!/usr/bin/env node
// Drives the simulated store through a validating proxy that knows BigCommerce's own OpenAPI files. Promises: fails on every violation that is
// neither known to the harness nor explained in false_alarms.json; says so and exits 77 when the harness is not there.
// usage: fake_store_contract.mjs [HARNESS_DIR]   (or BACKSTOCK_CONTRACT_DIR; default ../shared/contract beside the checkout)

import { spawn, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { drive } from './drive_store.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const checkout = path.resolve(here, '../..');
const harness = path.resolve(process.argv[2] ?? process.env.BACKSTOCK_CONTRACT_DIR ?? path.join(checkout, '../shared/contract'));

if (!fs.existsSync(path.join(harness, 'contract.cjs'))) {
  console.log(`The contract harness is not at ${harness}; this check is left out.`);
  process.exit(77);
}

const CONTENT = [
  ...['--products', '300', '--giant-variants'],
  ...['--orders', '80'],
  ...['--price-lists', '3', '--price-records', '120'],
  ...['--pages', '60', '--blog-posts', '40', '--redirects', '90', '--channels', '9'],
  ...['--promotions', '60', '--codes', '4', '--coupons', '40', '--gift-certificates', '20'],
  ...['--locations', '4', '--inventory', 'on'],
  ...['--customers', '220', '--customer-groups', '9', '--customer-attributes', '16', '--email-templates', 'on'],
];

const children = [];
function start(command, args, env, ready) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    let text = '';
    child.stdout.on('data', (d) => {
      text += d;
      const m = ready.exec(text);
      if (m) resolve(m);
    });
    child.on('exit', (code) => reject(new Error(`${args[0]} ended with ${code}: ${text}`)));
  });
}

const freePort = () =>
  new Promise((resolve) => {
    const s = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = s.address();
      s.close(() => resolve(port));
    });
  });

/** Where the harness keeps its modules; made once per user and used again. */
function workDir() {
  const given = process.env.BACKSTOCK_CONTRACT_WORK;
  const work = given ?? path.join(os.tmpdir(), `backstock-contract-${process.getuid?.() ?? 0}`);
  if (!fs.existsSync(path.join(work, 'spec', 'REVISION')) || !fs.existsSync(path.join(work, 'node_modules', 'ajv-formats'))) {
    execFileSync('sh', [path.join(harness, 'setup.sh'), work], { stdio: 'inherit' });
  }
  return work;
}

const alarms = JSON.parse(fs.readFileSync(path.join(here, 'false_alarms.json'), 'utf8')).map((a) => ({
  ...a,
  opRe: new RegExp(a.op),
  problemRe: new RegExp(a.problem),
  hits: 0,
}));

function judge(log) {
  const open = new Map();
  let exchanges = 0;
  const operations = new Set();
  for (const line of fs.readFileSync(log, 'utf8').split('\n').filter(Boolean)) {
    const e = JSON.parse(line);
    if (e.type === 'exchange') {
      exchanges++;
      operations.add(e.op ?? `${e.method} ${e.path}`);
    }
    if (e.type !== 'violation' || e.level !== 'error' || e.known) continue;
    const op = e.op ?? `${e.method} ${e.path}`;
    const alarm = alarms.find((a) => a.kind === e.kind && a.opRe.test(op) && a.problemRe.test(e.problem));
    if (alarm) {
      alarm.hits++;
      continue;
    }
    const key = `${op} [${e.kind} ${e.status ?? ''}] ${e.problem.replace(/\/\d+(?=\/|:)/g, '/*')}`;
    open.set(key, (open.get(key) ?? 0) + 1);
  }
  return { open, exchanges, operations: operations.size };
}

let code = 1;
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'backstock-contract-run-'));
try {
  const work = workDir();
  const log = path.join(dir, 'contract.jsonl');
  const started = await start(
    process.execPath,
    [path.join(checkout, 'tests/fake_store/main.mjs'), '--port', '0', ...CONTENT],
    {},
    /fake store on (\S+)/,
  );
  const upstream = started[1];
  const port = await freePort();
  await start(
    process.execPath,
    [path.join(harness, 'contract.cjs'), 'proxy', '--port', String(port), '--upstream', upstream, '--log', log],
    { BC_CONTRACT_WORK: work },
    /proxy on/,
  );
  const notes = await drive({ base: `http://127.0.0.1:${port}/stores/abc123`, control: `${upstream}/__control__`, token: 'TOKEN' });
  try {
    process.stdout.write(
      execFileSync(process.execPath, [path.join(harness, 'contract.cjs'), 'summary', log], {
        env: { ...process.env, BC_CONTRACT_WORK: work },
      })
        .toString()
        .split('\n')
        .slice(-12)
        .join('\n'),
    );
  } catch {
    /* summary ends with 1 while errors are left; judged below */
  }
  const { open, exchanges, operations } = judge(log);
  console.log(
    `\n${exchanges} exchanges on ${operations} operations; ${notes.unexpected.length} unexpected statuses; ${open.size} unexplained kinds of violation`,
  );
  for (const n of notes.unexpected) console.log('  unexpected: ' + n);
  for (const [key, n] of open) console.log(`  violation x${n}: ${key}`);
  for (const a of alarms) if (!a.hits) console.log(`  (never seen: ${a.op} ${a.problem})`);
  code = open.size || notes.unexpected.length ? 1 : 0;
} catch (error) {
  console.error(error.stack);
} finally {
  for (const c of children) {
    c.removeAllListeners('exit');
    c.kill();
  }
  fs.rmSync(dir, { recursive: true, force: true });
}
process.exit(code);
