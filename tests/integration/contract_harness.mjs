// BigCommerce's own API descriptions as a judge: the harness that stands beside the checkout (BACKSTOCK_CONTRACT_DIR, default
// ../shared/contract), as a store of its own (mock) or between program and store (proxy). Promises: set up once per user and machine, used again;
// what was started ends with the test.

import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { execFileSync, spawnSync } from 'node:child_process';
import { sourceDir, until } from './harness.mjs';

const folder = path.resolve(process.env.BACKSTOCK_CONTRACT_DIR ?? path.join(sourceDir, '../shared/contract'));
const program = path.join(folder, 'contract.cjs');

/** For the option `skip` of a test: false, or a sentence. */
export const absent = fs.existsSync(program) ? false : `the contract harness is not at ${folder}: BigCommerce's own descriptions judge nothing here`;
if (absent) console.log(`# ${absent}`);

const isSetUp = (work) => fs.existsSync(path.join(work, 'spec/REVISION')) && fs.existsSync(path.join(work, 'node_modules/ajv-formats'));

/** Where the harness keeps its modules. */
function workFolder() {
  const work = process.env.BC_CONTRACT_WORK ?? process.env.BACKSTOCK_CONTRACT_WORK ?? path.join(os.tmpdir(), `backstock-contract-${process.getuid()}`);
  if (isSetUp(work)) return work;
  // Several tests may get here at once: each makes its own, the first one's stays.
  const own = `${work}.${process.pid}`;
  execFileSync('sh', [path.join(folder, 'setup.sh'), own], { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    fs.renameSync(own, work);
  } catch (error) {
    if (!isSetUp(work)) throw error;
    fs.rmSync(own, { recursive: true, force: true });
  }
  return work;
}

const freePort = () =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** mode 'mock', or 'proxy' with an upstream origin. Gives its origin and its log. */
export async function startContract(house, mode, upstream) {
  const work = workFolder();
  const port = await freePort();
  const log = path.join(house.folder, `${mode}.jsonl`);
  const args = [program, mode, '--port', String(port), '--log', log, ...(upstream ? ['--upstream', upstream] : [])];
  const child = house.spawnAny(process.execPath, args, { env: { BC_CONTRACT_WORK: work } });
  await until(
    () => {
      if (child.done) throw new Error(`the contract ${mode} ended: ${child.errText}`);
      return child.stdout().toString().includes(`${mode} on`);
    },
    `the contract ${mode} is ready`,
    { seconds: 60 },
  );
  return {
    origin: `http://127.0.0.1:${port}`,
    entries: () =>
      fs
        .readFileSync(log, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    /** The harness's own verdict: {code, text}. */
    summary: () => {
      const ran = spawnSync(process.execPath, [program, 'summary', log], { env: { ...process.env, BC_CONTRACT_WORK: work }, encoding: 'utf8' });
      return { code: ran.status, text: ran.stdout + ran.stderr };
    },
  };
}

const alarms = JSON.parse(fs.readFileSync(path.join(sourceDir, 'tests/contract/false_alarms.json'), 'utf8')).map((alarm) => ({
  kind: alarm.kind,
  op: new RegExp(alarm.op),
  problem: new RegExp(alarm.problem),
}));

/** Sentences, each once with its count, of all errors that neither the harness nor tests/contract/false_alarms.json explains. */
export function unexplained(entries) {
  const open = new Map();
  for (const e of entries) {
    if (e.type !== 'violation' || e.level !== 'error' || e.known) continue;
    if (alarms.some((a) => a.kind === e.kind && a.op.test(e.op) && a.problem.test(e.problem))) continue;
    const key = `${e.kind} ${e.op} ${e.status ?? ''}: ${e.problem.replace(/\/\d+(?=\/|:)/g, '/*')}`;
    open.set(key, (open.get(key) ?? 0) + 1);
  }
  return [...open].map(([key, count]) => `${count} x ${key}`);
}

/** Passes everything on unchanged and keeps it. `answers`: {method, path, query, status, body} in order. */
export async function startRecorder(t, upstream) {
  const to = new URL(upstream);
  const answers = [];
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer((req, res) => {
    const url = new URL(req.url, 'http://x');
    // Unpacked, so that the bytes of the answer are the bytes kept here.
    const headers = { ...req.headers, host: to.host, 'accept-encoding': 'identity' };
    const on = http.request({ hostname: to.hostname, port: to.port, method: req.method, path: req.url, headers, agent }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => {
        const body = Buffer.concat(chunks);
        answers.push({ method: req.method, path: url.pathname.replace(/^\/stores\/[^/]+/, ''), query: url.searchParams, status: answer.statusCode, body });
        const kept = { ...answer.headers };
        delete kept['transfer-encoding'];
        if (answer.statusCode !== 204) kept['content-length'] = String(body.length);
        res.writeHead(answer.statusCode, kept);
        res.end(body);
      });
    });
    on.on('error', () => res.destroy());
    req.pipe(on);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    agent.destroy();
    server.closeAllConnections?.();
    return new Promise((resolve) => server.close(resolve));
  });
  return { origin: `http://127.0.0.1:${server.address().port}`, answers };
}
