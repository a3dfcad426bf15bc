// A test double of the admin listener, as daemon/http/API.md describes it, with the built page. It exists for states that
// are hard or slow to reach with the real program: 500,000 items, hostile data, answers that fail, hang or break off, a
// daemon that goes away. real.test.mjs runs the real one. It holds data, and no rules of the daemon beyond the API's
// form; webui/src/api/types.test.ts checks its answers against the same types as the daemon's own samples.
//
//   const mock = await startMock({ page: DIST, world: 'normal', session: 'signed_in' });
//   mock.status.stores[0].state = 'running'; mock.push();      a change, told by the event stream
//   mock.fail('/api/v1/items', problem(503, ...));             until mock.heal()
//   const held = mock.hold('/api/v1/items'); ... held.release();
//   await mock.stop(); await mock.start();                     gone, and back on the same port
//
// By hand: node mock_daemon.mjs DIST [WORLD] [PORT]

import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import * as worlds from './mock_worlds.mjs';

export const PASSWORD = 'correct horse battery';
export const LINK = 'AbCdEf-123_xyz';
const kCsrf = 'csrf-of-the-mock';
const kCookie = 'backstock_session=mock';
const kSecurityHeaders = {
  'Content-Security-Policy': "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
const kContentTypes = { html: 'text/html; charset=utf-8', css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml' };

export function problem(status, what, why, next, headers = {}) {
  return { status, headers, body: { type: 'about:blank', title: what, status, detail: `${what}: ${why} - ${next}`, what, why, next } };
}

const notFound = (what) => problem(404, what, 'there is none by that name', 'look at the list');

class Mock {
  constructor({ page, world, session }) {
    Object.assign(this, { page, session, port: 0, failures: new Map(), holds: new Map(), log: [], streams: new Set(), isStreaming: true, wrongPasswords: 0 });
    this.world = worlds.makeWorld(world);
    this.status = worlds.statusOf(this.world);
    this.tokens = [{ id: 't1', name: 'Uptime monitor', access: 'read', created_at: worlds.iso(40_000), last_used_at: worlds.iso(4) }];
  }
  get origin() {
    return `http://127.0.0.1:${this.port}`;
  }
  async start() {
    this.server = http.createServer((req, res) => void this.serve(req, res));
    await new Promise((resolve, reject) => this.server.on('error', reject).listen(this.port, '127.0.0.1', resolve));
    this.port = this.server.address().port;
  }
  async stop() {
    this.streams.clear();
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
  /** Tells the listeners of the event stream. */
  push() {
    for (const stream of this.streams) stream.write(this.event());
  }
  event() {
    return `event: status\ndata: ${JSON.stringify(this.status)}\n\n`;
  }
  fail(pathname, answer) {
    this.failures.set(pathname, answer);
  }
  heal() {
    this.failures.clear();
  }
  /** Answers to this path wait until the result's release(). */
  hold(pathname) {
    let release;
    const gate = new Promise((resolve) => (release = resolve));
    this.holds.set(pathname, gate);
    return { release: () => (this.holds.delete(pathname), release()) };
  }
  endSession() {
    this.session = 'signed_out';
    for (const stream of this.streams) stream.end();
  }
  requests(method, pathname) {
    return this.log.filter((one) => one.method === method && one.path === pathname);
  }

  async serve(req, res) {
    const url = new URL(req.url, this.origin);
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    this.log.push({ method: req.method, path: url.pathname, query: Object.fromEntries(url.searchParams), headers: req.headers, body: text });
    await this.holds.get(url.pathname);
    const send = ({ status = 200, body, headers = {}, raw }) => {
      const type = raw !== undefined ? headers['Content-Type'] : status < 400 ? 'application/json' : 'application/problem+json';
      res.writeHead(status, { ...kSecurityHeaders, 'Cache-Control': 'no-store', 'Content-Type': type, ...headers });
      res.end(raw ?? JSON.stringify(body));
    };
    try {
      const failure = this.failures.get(url.pathname);
      if (failure === 'cut') return res.destroy();
      if (failure) return send(failure);
      if (url.pathname === '/healthz') return send({ raw: 'ok\n', headers: { 'Content-Type': 'text/plain' } });
      if (!url.pathname.startsWith('/api/')) return this.file(url.pathname, send);
      return this.api(req, res, url, text === '' ? {} : JSON.parse(text), send);
    } catch (error) {
      send(problem(500, 'the mock failed', error.stack, 'mend it'));
    }
  }

  file(pathname, send) {
    const name = pathname === '/' ? 'index.html' : pathname.slice(1);
    const file = path.join(this.page, name);
    if (name.includes('/') || !fs.existsSync(file)) return send(notFound('the page could not be shown'));
    send({ raw: fs.readFileSync(file), headers: { 'Content-Type': kContentTypes[path.extname(name).slice(1)] } });
  }

  sessionNow(status = 200) {
    const isIn = this.session === 'signed_in';
    const headers = isIn ? { 'Set-Cookie': `${kCookie}; Path=/; HttpOnly; SameSite=Strict` } : {};
    return { status, headers, body: { state: this.session, csrf: isIn ? kCsrf : null, version: '0.1.0', idle_minutes: 30 } };
  }

  api(req, res, url, body, send) {
    const query = Object.fromEntries(url.searchParams);
    const route = `${req.method} ${url.pathname.replace('/api/v1/', '')}`;
    const open = ['GET session', 'POST session', 'POST setup'];
    if (!open.includes(route)) {
      if (this.session !== 'signed_in') return send(problem(401, 'the request was refused', 'nobody is signed in', 'sign in'));
      if (req.method !== 'GET' && req.headers['x-backstock-csrf'] !== kCsrf) {
        return send(problem(403, 'the request was refused', 'the session’s proof is missing', 'reload the page'));
      }
    }
    const given = (answer, what) => send(answer === null ? notFound(what) : { body: answer });
    switch (route) {
      case 'GET session':
        return send(this.sessionNow());
      case 'POST session':
        return this.signIn(body, send);
      case 'DELETE session':
        this.endSession();
        return send(this.sessionNow());
      case 'POST setup':
        if (body.link !== LINK) return send(problem(403, 'the password was not set', 'this link is used up or too old', 'get another by “backstock admin link” on the server'));
        this.session = 'signed_in';
        return send(this.sessionNow());
      case 'POST password':
        if (body.old !== PASSWORD) return send(problem(403, 'the password was not changed', 'the present password is another one', 'type the present one again'));
        return send(this.sessionNow());
      case 'GET tokens':
        return send({ body: { tokens: this.tokens } });
      case 'POST tokens': {
        const { name, access } = body;
        const id = `t${this.tokens.length + 1}`;
        this.tokens.push({ id, name, access, created_at: worlds.kWorldNow, last_used_at: null });
        return send({ status: 201, body: { id, name, access, token: 'bk_0123456789abcdefghijklmnopqrstuvwxyzABCDEF' } });
      }
      case 'DELETE tokens':
        this.tokens = this.tokens.filter((token) => token.id !== query.id);
        return send({ body: {} });
      case 'GET status':
        return send({ body: this.status });
      case 'GET events':
        return this.stream(res, send);
      case 'GET types':
        return send({ body: worlds.typesOf(this.world) });
      case 'GET items':
        return send({ body: worlds.itemsOf(this.world, query) });
      case 'GET item':
        return given(worlds.itemOf(this.world, query), 'the item could not be shown');
      case 'GET versions':
        return given(worlds.versionsList(this.world, query), 'the versions could not be shown');
      case 'GET compare':
        return given(worlds.compared(this.world, query), 'the versions could not be compared');
      case 'GET source': {
        const text = worlds.sourceOf(this.world, query);
        if (text === null) return send(notFound('the source could not be shown'));
        const download = query.download === '1' ? { 'Content-Disposition': `attachment; filename="${query.type}-${query.version}.json"` } : {};
        return send({ raw: text, headers: { 'Content-Type': 'application/json', ...download } });
      }
      case 'GET search':
        return this.search(query, res);
      case 'GET runs':
        return send({ body: worlds.runsList(this.world, query) });
      case 'GET run':
        return given(worlds.runDetail(this.world, query), 'the run could not be shown');
      case 'POST backups':
        return send({ status: 202, body: { store: body.store, waiting: 1 } });
      case 'POST backups/cancel':
        return send({ status: 202, body: { store: body.store, waiting: 0 } });
      default:
        return send(notFound('the request could not be answered'));
    }
  }

  signIn({ password }, send) {
    if (this.wrongPasswords >= 5) return send(problem(429, 'you could not be signed in', 'there were five wrong passwords', 'wait a minute', { 'Retry-After': '42' }));
    if (password !== PASSWORD) {
      ++this.wrongPasswords;
      return send(problem(401, 'you could not be signed in', 'the password is wrong', 'try again; “backstock admin link” on the server helps where it is forgotten'));
    }
    this.session = 'signed_in';
    return send(this.sessionNow());
  }

  search({ q, type = 'products', versions }, res) {
    res.writeHead(200, { ...kSecurityHeaders, 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    const say = (name, data) => res.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    const items = worlds.itemsOf(this.world, { type, deleted: 'include', sort: 'id', limit: '200' }).items;
    const hits = items.filter(({ title }) => title.toLowerCase().includes(q.toLowerCase()));
    for (const { id, title, last_at } of hits) say('hit', { type, id, version: 1, at: last_at, path: 'name', excerpt: title.slice(0, 120) });
    say('progress', { done: 4000, total: 8000, hits: hits.length });
    if (q === 'endless') return;
    const unreadable = versions === 'all' ? 1 : 0;
    const findings = unreadable ? ['pack 00000001.pack.zst, frame at byte 512: the checksum of the stored bytes does not hold'] : [];
    say('end', { hits: hits.length, bytes: 8000, limited: false, stopped: false, unreadable, findings });
    res.end();
  }

  stream(res, send) {
    if (!this.isStreaming) return send(problem(503, 'there are no live news', 'too many pages are open', 'close some'));
    res.writeHead(200, { ...kSecurityHeaders, 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    res.write(this.event());
    this.streams.add(res);
    res.on('close', () => this.streams.delete(res));
  }
}

export async function startMock({ page, world = 'normal', session = 'signed_in' }) {
  const mock = new Mock({ page, world, session });
  await mock.start();
  return mock;
}

if (path.basename(process.argv[1] ?? '') === 'mock_daemon.mjs') {
  const [page, world, port] = process.argv.slice(2);
  const mock = new Mock({ page, world, session: 'signed_in' });
  mock.port = Number(port ?? 0);
  await mock.start();
  console.log(mock.origin);
}
