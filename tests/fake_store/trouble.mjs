// Trouble on demand. Promises: a rule strikes exactly the requests that match (method, path, query), after the first k, n times;
// what it does is either an answer of its own, a spoilt way of sending, or a lie in a listing (paging.mjs).

import { Refusal, TITLES } from './answers.mjs';

export class Troubles {
  constructor() {
    this.rules = [];
    this.next = 1;
  }

  add({ match = {}, after = 0, times = Infinity, action }) {
    if (!action || typeof action !== 'object' || !Object.keys(action).length) throw new Error('trouble: an action is needed');
    const known = [
      'status',
      'timeout',
      'slow',
      'delay_ms',
      'cut',
      'framing',
      'html',
      'empty',
      'empty_body',
      'half_pages',
      'total',
      'shift',
      'wrong_total',
      'short_page',
      'vanish',
      'garbage',
      'gzip_broken',
      'headers',
    ];
    for (const k of Object.keys(action)) if (!known.includes(k)) throw new Error('trouble: no action ' + k);
    const rule = {
      id: this.next++,
      match,
      after,
      times: times ?? Infinity,
      action,
      seen: 0,
      struck: 0,
      path: match.path_regex ? new RegExp(match.path_regex) : null,
      query: match.query_regex ? new RegExp(match.query_regex) : null,
    };
    this.rules.push(rule);
    return rule;
  }

  clear() {
    this.rules = [];
  }
  remove(id) {
    this.rules = this.rules.filter((r) => r.id !== id);
  }
  show() {
    return this.rules.map(({ id, match, after, times, action, seen, struck }) => ({
      id,
      match,
      after,
      times: times === Infinity ? null : times,
      action,
      seen,
      struck,
    }));
  }

  /** Actions for this request; path is without /stores/{hash}, query is percent-decoded. */
  strike(method, path, query) {
    if (!this.rules.length) return [];
    const out = [];
    for (const r of this.rules) {
      if (r.match.method && r.match.method !== method) continue;
      if (r.path && !r.path.test(path)) continue;
      if (r.query && !r.query.test(query)) continue;
      r.seen++;
      if (r.seen <= r.after || r.struck >= r.times) continue;
      r.struck++;
      out.push(r.action);
    }
    return out;
  }
}

/** An answer that replaces the real one, or null. */
export function replacement(actions) {
  for (const a of actions) {
    if (a.status) {
      const refusal = new Refusal(a.status, TITLES[a.status]);
      const headers = { ...a.headers };
      if (a.status === 429 && headers['X-Retry-After'] === undefined) headers['X-Retry-After'] = '1';
      return { status: a.status, refusal, headers };
    }
    if (a.html)
      return {
        status: 200,
        text: '<!DOCTYPE html>\n<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1></body></html>\n',
        contentType: 'text/html; charset=UTF-8',
      };
    if (a.empty_body) return { status: 200, text: '' };
    if (a.garbage) return { status: 200, text: Buffer.from(Array.from({ length: 2000 }, (_, i) => (i * 73 + (i >> 3) * 151) & 255)) };
  }
  return null;
}
