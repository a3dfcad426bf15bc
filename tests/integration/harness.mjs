// The real program against simulated stores. Promises: each house has its own folder, stores and config; everything that it
// started is ended and removed when its test ends, however it ends; nothing sleeps without a condition and a deadline.
//
//   test('a sentence', async (t) => {
//     const house = await openHouse(t, { store: { products: 30 } });
//     await house.backup();                                        // exit 0 expected; house.run(...) expects nothing
//     await house.store.edit('products', 77, { name: 'New' });
//     const daemon = await house.serve();                          // ready when this returns
//     await daemon.stop();
//     await house.checkVault();                                    // verify, and the vault against the store
//   });

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterVolatile, rowsOf, spacedBreaks } from './raw_json.mjs';
import { packLines } from './pack_lines.mjs';
import { TYPES, knownIds, liveItems } from './live_items.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
export const sourceDir = path.resolve(here, '../..');
export const TOKEN = 'secret-token-5f2a9c';
export { TYPES };

/** The program under test: CTest says which; by hand the debug build. */
export function binary() {
  const found = process.env.BACKSTOCK_BINARY ?? path.join(sourceDir, 'build/debug/backstock');
  assert.ok(fs.existsSync(found), `no program at ${found}: build it, or set BACKSTOCK_BINARY`);
  return found;
}

/** Waits until `condition` gives something true, which is the result. */
export async function until(condition, what, { seconds = 20, every = 15 } = {}) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

/** A child with its output collected. `ended` gives {code, signal}; kill(signal) waits for the end. */
export class Child {
  constructor(command, args, { env = {}, cwd, stdin = 'ignore' } = {}) {
    this.what = [path.basename(command), ...args].join(' ');
    this.out = [];
    this.errText = '';
    this.process = spawn(command, args, { env: { ...process.env, ...env }, cwd, stdio: [stdin, 'pipe', 'pipe'] });
    this.process.stdout.on('data', (bytes) => this.out.push(bytes));
    this.process.stderr.on('data', (bytes) => (this.errText += bytes));
    this.done = null;
    this.ended = new Promise((resolve, reject) => {
      this.process.on('error', reject);
      this.process.on('close', (code, signal) => resolve((this.done = { code, signal })));
    });
    this.ended.catch(() => {});
  }
  get pid() {
    return this.process.pid;
  }
  stdout() {
    return Buffer.concat(this.out);
  }
  async kill(signal = 'SIGKILL') {
    if (!this.done) this.process.kill(signal);
    return this.ended;
  }
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
process.on('exit', () => agent.destroy());

/** One plain request; the body as a Buffer. */
export function request(method, url, { headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const framed = body === undefined ? headers : { ...headers, 'Content-Length': Buffer.byteLength(body) };
    const req = http.request(url, { method, agent, headers: framed }, (res) => {
      const chunks = [];
      res.on('data', (c) => chunks.push(c));
      res.on('error', reject);
      res.on('end', () => resolve({ status: res.statusCode, headers: res.headers, body: Buffer.concat(chunks) }));
    });
    req.on('error', reject);
    req.end(body);
  });
}

/** A simulated store in its own process, and its control calls. */
export class Store {
  static async start(house, { name = 'acme', hash = 'abc123', token = TOKEN, settings = {}, ...options }) {
    const store = new Store();
    Object.assign(store, { name, hash, token, settings, house });
    const file = path.join(house.folder, `store-${hash}.json`);
    const given = { products: 40, categories: 12, brands: 8, seed: 1, ...options, storeHash: hash, token };
    fs.writeFileSync(file, JSON.stringify({ port: 0, ...given }));
    store.child = house.spawnAny(process.execPath, [path.join(sourceDir, 'tests/fake_store/main.mjs'), '--config', file]);
    const line = await until(
      () => {
        assert.ok(!store.child.done, `the simulated store ended: ${store.child.errText}`);
        return /http:\/\/127\.0\.0\.1:\d+/.exec(store.child.stdout().toString());
      },
      'the simulated store is ready',
    );
    store.origin = line[0];
    return store;
  }
  async control(method, what, body) {
    const bytes = body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const answer = await request(method, `${this.origin}/__control__/${what}`, { body: bytes });
    const json = JSON.parse(answer.body.toString());
    assert.equal(answer.status, 200, `${method} ${what}: ${answer.body}`);
    return json;
  }
  ids = async (type) => (await this.control('GET', `state/${type}`)).ids;
  item = (type, id) => this.control('GET', `item/${type}/${id}`);
  edit = (type, id, set, more = {}) => this.control('POST', 'edit', { type, id, set, ...more });
  editPart = (id, part, part_id, set) => this.control('POST', 'edit_part', { id, part, part_id, set });
  create = (type, fields = {}) => this.control('POST', 'create', { type, fields });
  delete = (type, id) => this.control('POST', 'delete', { type, id });
  /** Exact bytes that stand for the item wherever it is served whole. */
  raw = (type, id, bytes) => this.control('PUT', `raw/${type}/${id}`, Buffer.from(bytes));
  trouble = (match, action, more = {}) => this.control('POST', 'trouble', { match, action, ...more });
  calm = () => this.control('DELETE', 'trouble');
  set = (switches) => this.control('POST', 'switch', switches);
  counters = () => this.control('GET', 'counters');
  resetLog = () => this.control('POST', 'reset_log');
  /** Requests of the log whose path (without the store) matches. */
  async requests(pattern = /./) {
    const { entries } = await this.control('GET', 'log?limit=50000');
    return entries.filter((e) => pattern.test(e.path.replace(`/stores/${this.hash}`, '')));
  }
  /** The API's answer, byte for byte. */
  get(pathAndQuery) {
    return request('GET', `${this.origin}/stores/${this.hash}${pathAndQuery}`, { headers: { 'X-Auth-Token': this.token, Accept: 'application/json' } });
  }
  /** A write as an app does it, answered 2xx; gives data. */
  async write(method, where, body) {
    const headers = { 'X-Auth-Token': this.token, Accept: 'application/json', 'Content-Type': 'application/json' };
    const answer = await request(method, `${this.origin}/stores/${this.hash}${where}`, {
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    assert.ok(answer.status < 300, `${method} ${where}: ${answer.status} ${answer.body}`);
    return answer.body.length ? JSON.parse(answer.body.toString()).data : null;
  }
  /** All raw rows of a list by page numbers, as Buffers. */
  async rows(list, limit = 250) {
    const all = [];
    for (let page = 1; ; page++) {
      const answer = await this.get(`${list}${list.includes('?') ? '&' : '?'}limit=${limit}&page=${page}`);
      if (answer.status === 204) return all;
      assert.equal(answer.status, 200, `${list}: ${answer.body.subarray(0, 300)}`);
      const rows = rowsOf(answer.body);
      all.push(...rows);
      if (rows.length < limit) return all;
    }
  }
}

/** What one `backstock` command gave. */
class Ran {
  constructor(child, { code, signal }) {
    Object.assign(this, { code, signal, out: child.stdout(), err: child.errText, what: child.what });
  }
  get text() {
    return this.out.toString();
  }
  json() {
    return JSON.parse(this.text);
  }
  expect(code) {
    assert.equal(this.code, code, `${this.what}: exit ${this.code ?? this.signal}, not ${code}\n${this.text.slice(-3000)}\n${this.err.slice(-3000)}`);
    return this;
  }
}

/** `backstock serve`, ready. */
export const PASSWORD = 'a password of the tests';

/** Somebody who is signed in to the page at `url`: by a one-time link, or by the password that an earlier one set. */
export async function signIn(url, link) {
  const code = link?.split('/').at(-1);
  const visitor = new Visitor(url);
  const answer = await (code
    ? visitor.send('POST', 'api/v1/setup', { link: code, password: PASSWORD })
    : visitor.send('POST', 'api/v1/session', { password: PASSWORD }));
  assert.equal(answer.status, 200, answer.body.toString());
  visitor.cookie = answer.headers['set-cookie'][0].split(';')[0];
  visitor.csrf = JSON.parse(answer.body).csrf;
  return visitor;
}

export class Visitor {
  cookie = '';
  csrf = '';
  constructor(page) {
    this.page = page;
  }
  get = (where, headers = {}) => request('GET', new URL(where, this.page), { headers: { Cookie: this.cookie, ...headers } });
  send(method, where, body, headers = {}) {
    const all = { Cookie: this.cookie, 'X-Backstock-CSRF': this.csrf, ...headers };
    if (body !== undefined) all['Content-Type'] ??= 'application/json';
    return request(method, new URL(where, this.page), { headers: all, body: body === undefined ? undefined : JSON.stringify(body) });
  }
  /** The answer as JSON, 200 expected. */
  async json(where) {
    const answer = await this.get(where);
    assert.equal(answer.status, 200, `${where}: ${answer.body}`);
    return JSON.parse(answer.body);
  }
}

export class Daemon {
  constructor(child, page) {
    this.child = child;
    this.page = page; // "http://127.0.0.1:PORT/"
  }
  get log() {
    return this.child.errText;
  }
  get = (where, headers = {}) => request('GET', new URL(where, this.page), { headers });
  /** By the link of its log the first time; later by the password. */
  signIn = () => signIn(this.page, /link=(\S+)/.exec(this.log)?.[1]);
  /** As systemd does it; gives {code, signal}. */
  stop = () => this.child.kill('SIGTERM');
  kill = () => this.child.kill('SIGKILL');
}

export class House {
  constructor(folder) {
    this.folder = folder;
    this.dataDir = path.join(folder, 'data');
    this.configFile = path.join(folder, 'backstock.yaml');
    this.children = [];
    this.stores = [];
    this.log = 'info';
    this.admin = '127.0.0.1:0';
    // Real patience is minutes.
    this.env = { BACKSTOCK_RETRY_FIRST_MS: '2', BACKSTOCK_CONFIG: this.configFile };
  }
  get store() {
    return this.stores[0];
  }
  tokenFile(store) {
    return path.join(this.folder, `${store.name}.token`);
  }
  vaultDir(store = this.store) {
    return path.join(this.dataDir, 'stores', store.hash);
  }
  packs(store = this.store) {
    const folder = path.join(this.vaultDir(store), 'packs');
    if (!fs.existsSync(folder)) return [];
    return fs
      .readdirSync(folder)
      .filter((name) => name.endsWith('.pack.zst'))
      .sort()
      .map((name) => path.join(folder, name));
  }
  spawnAny(command, args, options = {}) {
    const child = new Child(command, args, { ...options, env: { ...this.env, ...options.env } });
    this.children.push(child);
    return child;
  }
  /** A command that goes on; see Child. */
  spawn(args, options = {}) {
    return this.spawnAny(binary(), args, options);
  }
  /** A command to its end. */
  async run(args, options = {}) {
    const child = this.spawn(args, options);
    const seconds = options.seconds ?? 120;
    const timer = setTimeout(() => child.process.kill('SIGKILL'), seconds * 1000);
    const ended = await child.ended;
    clearTimeout(timer);
    this.children = this.children.filter((one) => one !== child);
    return new Ran(child, ended);
  }
  /** `backstock backup ... --json`, ended with exit code `code`; gives the first store's report. */
  async backup(args = [], { code = 0, ...options } = {}) {
    const ran = await this.run(['backup', ...args, '--json'], options);
    if (ran.code !== code && ran.text.startsWith('{')) {
      const trouble = ran.json().runs.flatMap((run) => run.types).filter((type) => type.outcome !== 'done');
      ran.err += trouble.map((type) => `${type.type} ${type.outcome}: ${type.message}\n${type.problems.slice(0, 5).join('\n')}\n`).join('');
    }
    const report = ran.expect(code).json().runs[0];
    report.of = (type) => report.types.find((one) => one.type === type);
    report.stderr = ran.err;
    return report;
  }
  async serve(options = {}) {
    const child = this.spawn(['serve'], options);
    const ready = await until(
      () => {
        if (child.done) throw new Error(`serve ended with ${child.done.code ?? child.done.signal}: ${child.errText}`);
        return /app: ready page=(\S+)/.exec(child.errText);
      },
      'the daemon is ready',
    );
    return new Daemon(child, ready[1]);
  }
  /** The bytes of `show`, without the line break that the command adds. */
  async show(type, id, ...more) {
    const ran = (await this.run(['show', this.store.name, type, String(id), ...more])).expect(0);
    assert.equal(ran.out.at(-1), 0x0a);
    return ran.out.subarray(0, -1);
  }
  async history(type, id) {
    return (await this.run(['history', this.store.name, type, String(id), '--json'])).expect(0).json().versions;
  }
  /** Version lines of the vault, each once, oldest first, through stock zstd. */
  lines(store = this.store) {
    const lines = new Map();
    for (const line of packLines(this.packs(store))) if (line.control === undefined) lines.set(`${line.type} ${line.id} ${line.version}`, line);
    return [...lines.values()].sort((a, b) => a.at - b.at);
  }
  /** Control records of the vault. */
  controls(store = this.store) {
    return packLines(this.packs(store)).filter((line) => line.control !== undefined);
  }
  writeConfig(lines) {
    fs.writeFileSync(this.configFile, lines ?? this.configText());
  }
  configText() {
    const stores = this.stores.map((store) => {
      const own = Object.entries(store.settings).map(([key, value]) => `    ${key}: ${JSON.stringify(value)}\n`);
      const api = 'api_url' in store.settings ? '' : `    api_url: ${store.origin}\n`;
      return `  - name: ${store.name}\n    store_hash: ${store.hash}\n    access_token: {file: ${this.tokenFile(store)}}\n${api}${own.join('')}`;
    });
    return `data_dir: ${this.dataDir}\nadmin: {listen: "${this.admin}"}\nlog: ${this.log}\nstores:\n${stores.join('')}`;
  }
  async addStore(options = {}) {
    const store = await Store.start(this, options);
    this.stores.push(store);
    fs.writeFileSync(this.tokenFile(store), store.token + '\n', { mode: 0o600 });
    this.writeConfig();
    return store;
  }
  /** `verify` finds nothing, and the vault is what the store is. */
  async checkVault({ store = this.store, exact = false, skip = [] } = {}) {
    const verified = (await this.run(['verify', store.name, '--json'])).expect(0).json().stores[0];
    assert.deepEqual(verified.findings, []);
    await store.calm();
    await store.control('POST', 'rate', { quota: 0, windowMs: 30000, others: 0, headers: false });
    const lines = this.lines(store);
    for (const type of TYPES) if (!skip.includes(type)) await checkType(this, store, { type, exact, lines: lines.filter((line) => line.type === type) });
  }
  async close() {
    for (const child of [...this.children].reverse()) {
      if (!child.done && child.pid) child.process.kill('SIGKILL');
      await child.ended.catch(() => {});
    }
    // A test may have taken write permission away.
    const unlock = (dir) => {
      fs.chmodSync(dir, 0o700);
      for (const entry of fs.readdirSync(dir, { withFileTypes: true })) if (entry.isDirectory()) unlock(path.join(dir, entry.name));
    };
    unlock(this.folder);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** store: options of the one store; stores: of several; each with name, hash, settings (config keys) and the simulated store's options. */
export async function openHouse(t, { store = {}, stores = [store], log } = {}) {
  const house = new House(fs.mkdtempSync(path.join(os.tmpdir(), 'backstock-it-')));
  t.after(() => house.close());
  if (log) house.log = log;
  for (const one of stores) await house.addStore(one);
  return house;
}

function joined(rows) {
  return Buffer.from(`[${rows.map((row) => row.toString('latin1')).join(',')}]`, 'latin1');
}

async function checkType(house, store, { type, exact, lines }) {
  const live = await liveItems(store, type);
  const stored = new Map(lines.map((line) => [line.id, line]));
  for (const [id, line] of stored) if (line.gone) stored.delete(id);
  const sorted = (ids) => [...ids].sort();
  const known = await knownIds(store, type);
  if (known) assert.deepEqual(sorted(live.keys()), sorted(known), `the simulated store's own answers about ${type}`);
  assert.deepEqual(sorted(stored.keys()), sorted(live.keys()), `${type} present in the vault (packs)`);
  if (lines.length === 0) return;
  const listed = (await house.run(['items', store.name, type, '--json', '--limit', '100000'])).expect(0).json().items;
  assert.deepEqual(sorted(listed.map((item) => item.id)), sorted(live.keys()), `${type} present in the vault (index)`);
  const versions = new Map(listed.map((item) => [item.id, item.version]));
  for (const [id, { item, parts }] of live) {
    const line = stored.get(id);
    assert.equal(versions.get(id), line.version, `${type} ${id}: newest version`);
    same(line.item, item, `${type} ${id}`, type, '', exact);
    for (const [name, rows] of Object.entries(parts)) {
      assert.ok(line.parts[name], `${type} ${id}: the part ${name} is missing`);
      same(line.parts[name], joined(rows), `${type} ${id}, part ${name}`, type, name, exact);
    }
    for (const name of Object.keys(line.parts)) assert.ok(parts[name], `${type} ${id}: the store has no ${name} any more`);
  }
  // Through the program, for the first and the last.
  const ids = [...live.keys()];
  for (const id of new Set([ids[0], ids.at(-1)])) {
    if (id === undefined) continue;
    const shown = (await house.run(['show', store.name, type, id])).expect(0).out.subarray(0, -1);
    assert.ok(shown.equals(stored.get(id).item), `show ${type} ${id} is not what stock zstd reads`);
  }
}

function same(stored, sent, what, type, part, exact) {
  if (stored.equals(spacedBreaks(sent))) return;
  if (!exact && afterVolatile(stored, type, part) === afterVolatile(sent, type, part)) return;
  const text = (bytes) => bytes.toString().slice(0, 1500);
  assert.fail(`${what}: stored\n${text(stored)}\nsent\n${text(sent)}`);
}
