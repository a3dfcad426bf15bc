// The HTTP face of the simulated store. Promises: the order of checks of the real service (store, token, quota, path, scope, query, body),
// one log entry per request, control calls outside of all that.

import http from 'node:http';
import { randomBytes } from 'node:crypto';
import { Refusal, errorBody } from './answers.mjs';
import { JsonText } from './json_text.mjs';
import { splitQuery, parseQuery } from './query.mjs';
import { replacement } from './trouble.mjs';
import { send } from './send.mjs';
import { readBody, parseBody } from './body.mjs';
import { control } from './control.mjs';
import { cdn } from './cdn.mjs';

const LOG_LIMIT = 50000;

export class FakeServer {
  /** fake: the store (fake_store.mjs). */
  constructor(fake) {
    this.fake = fake;
    this.log = [];
    this.requests = 0;
    this.counters = new Map();
    this.server = http.createServer((req, res) => this.serve(req, res));
    this.server.keepAliveTimeout = 60000;
  }

  listen(port) {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', () => resolve(this.server.address().port));
    });
  }

  close() {
    this.server.closeAllConnections?.();
    return new Promise((resolve) => this.server.close(resolve));
  }

  note(entry, status, bytes) {
    entry.status = status;
    entry.bytes = bytes;
    const key = `${entry.method} ${entry.template ?? '(unknown path)'}`;
    const c = this.counters.get(key) ?? { count: 0, bytes: 0, errors: 0 };
    c.count++;
    c.bytes += bytes;
    if (status >= 400) c.errors++;
    this.counters.set(key, c);
  }

  resetLog() {
    this.log = [];
    this.counters.clear();
    this.fake.rate.given429 = 0;
    this.fake.traps.clear();
  }

  serve(req, res) {
    const mark = req.url.indexOf('?');
    const path = mark < 0 ? req.url : req.url.slice(0, mark);
    const query = mark < 0 ? '' : req.url.slice(mark + 1);
    if (path.startsWith('/__control__/')) {
      control(this, req, res, path.slice('/__control__/'.length), query);
      return;
    }
    if (path.startsWith('/cdn/')) {
      cdn(this.fake, req, res, path);
      return;
    }
    const entry = { n: ++this.requests, t: Date.now(), method: req.method, path, query, status: 0, bytes: 0 };
    this.log.push(entry);
    if (this.log.length > LOG_LIMIT) this.log.splice(0, LOG_LIMIT / 10);
    this.handle(req, res, path, query, entry).catch((error) => {
      process.stderr.write(`fake store: ${req.method} ${path}: ${error.stack}\n`);
      if (!res.headersSent)
        this.finish(
          req,
          res,
          entry,
          { status: 500, refusal: new Refusal(500, 'The simulated store failed: ' + error.message) },
          [],
          'v3',
          {},
        );
      else res.destroy();
    });
  }

  async handle(req, res, path, query, entry) {
    const { fake } = this;
    const m = /^\/stores\/([^/]+)\/(v[23])(\/.*)$/.exec(path);
    const version = m?.[2] ?? 'v3';
    const local = m ? `/${m[2]}${m[3]}` : path;
    let headers = {};
    let actions = [];
    let outcome;
    try {
      if (!m) throw new Refusal(404);
      this.checkStore(m[1]);
      const rights = this.checkToken(req);
      const rate = fake.rate.take();
      headers = rate.headers;
      if (!rate.allowed) throw new Refusal(429);
      let decoded = query;
      try {
        decoded = decodeURIComponent(query.replaceAll('+', ' '));
      } catch {
        /* matched as it came */
      }
      actions = fake.troubles.strike(req.method, local, decoded);
      const delay = actions.find((a) => a.delay_ms);
      if (delay) await new Promise((resolve) => setTimeout(resolve, Number(delay.delay_ms)));
      if (actions.some((a) => a.timeout)) {
        this.note(entry, 0, 0);
        req.resume();
        return;
      }
      outcome = replacement(actions);
      if (outcome) {
        req.resume();
        try {
          entry.template = fake.router.find(req.method, local).route.path;
        } catch {
          /* stays unknown */
        }
      } else outcome = await this.answer(req, local, query, rights, actions, entry);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      req.resume();
      outcome = { status: error.status, refusal: error, headers: error.headers };
    }
    this.finish(req, res, entry, outcome, actions, version, headers);
  }

  checkStore(hash) {
    if (hash === this.fake.options.storeHash) return;
    throw new Refusal(
      Number(this.fake.switches.wrong_store_hash),
      this.fake.switches.wrong_store_hash === '404' ? 'The store was not found.' : undefined,
    );
  }

  checkToken(req) {
    const token = req.headers['x-auth-token'];
    if (token !== undefined && token === this.fake.options.token) return { write: true };
    if (token !== undefined && token === this.fake.options.readToken) return { write: false };
    throw new Refusal(401);
  }

  async answer(req, local, query, rights, actions, entry) {
    const { fake } = this;
    const accept = req.headers.accept;
    if (accept && !/application\/(\*|json|problem\+json)|\*\/\*/i.test(accept)) throw new Refusal(406);
    let path = local;
    if (path.length > 4 && path.endsWith('/')) {
      if (fake.switches.trailing_slash === '404') throw new Refusal(404);
      path = path.slice(0, -1);
    }
    const { route, params } = fake.router.find(req.method, path);
    entry.template = route.path;
    fake.checkScope(route, rights);
    const badQuery = route.badQuery ?? (local.startsWith('/v2/') ? 400 : 422);
    const q = parseQuery(splitQuery(query), route.query, fake.switches, fake.clock, badQuery);
    const ctx = { fake, cat: fake.catalog, sw: fake.switches, clock: fake.clock, q, params, trouble: actions, method: req.method };
    if (req.method !== 'GET') {
      const bytes = await readBody(req);
      Object.assign(ctx, parseBody(req, bytes, route));
    }
    this.vanished(ctx, route);
    return route.handler(ctx);
  }

  /** The trouble `vanish`: a record that was listed is gone when it is asked for by id. */
  vanished(ctx, route) {
    const ids = ctx.trouble.flatMap((t) => (t.vanish ? [].concat(t.vanish) : []));
    const first = Object.values(ctx.params)[0];
    if (ids.length && route.names.length && ids.includes(first)) throw new Refusal(404);
  }

  finish(req, res, entry, outcome, actions, version, headers) {
    const { fake } = this;
    const all = { ...headers, ...outcome.headers, 'X-Request-Id': randomBytes(16).toString('hex') };
    let bytes = null;
    if (outcome.text !== undefined) {
      bytes = Buffer.from(outcome.text);
      if (outcome.contentType) all['Content-Type'] = outcome.contentType;
    } else if (outcome.refusal) {
      bytes = Buffer.from(JSON.stringify(errorBody(outcome.refusal, version)));
    } else if (outcome.body !== undefined) {
      const text = new JsonText({
        pretty: fake.options.pretty,
        escape: fake.switches.escape_slashes,
        unicode: fake.switches.escape_unicode,
      }).write(outcome.body);
      bytes = typeof text === 'string' ? Buffer.from(text) : text;
    }
    send(req, res, { status: outcome.status, bytes, headers: all }, actions, (sent) => this.note(entry, outcome.status, sent));
  }
}
