// The endpoint table and its lookup. Promises: only paths written down in endpoints/*.mjs exist; a known path with another method is
// a 405, anything else a 404. The table is written from the API reference, never from a client's registry.

import { Refusal } from './answers.mjs';

/** route('GET', '/v3/catalog/products/{product_id}', {type, scope, query}, handler); words: {name: pattern} for path parameters that are no numbers. */
export function route(method, path, about, handler) {
  return { method, path, query: {}, ...about, handler };
}

const branch = () => ({ next: new Map(), param: null, word: null, methods: new Map() });

export class Router {
  constructor(routes) {
    this.root = branch();
    for (const r of routes) this.add(r);
  }

  add(r) {
    let node = this.root;
    for (const part of r.path.split('/').slice(1)) {
      if (part.startsWith('{')) {
        const word = r.words?.[part.slice(1, -1)];
        if (word) node.word ??= { pattern: word, node: branch() };
        else node.param ??= branch();
        node = word ? node.word.node : node.param;
      } else {
        if (!node.next.has(part)) node.next.set(part, branch());
        node = node.next.get(part);
      }
    }
    if (node.methods.has(r.method)) throw new Error(`two routes for ${r.method} ${r.path}`);
    r.names = r.path
      .split('/')
      .filter((p) => p.startsWith('{'))
      .map((p) => p.slice(1, -1));
    node.methods.set(r.method, r);
  }

  /** -> {route, params} or throws. */
  find(method, path) {
    const parts = path.split('/').slice(1);
    const values = [];
    let node = this.root;
    for (const part of parts) {
      const fixed = node.next.get(part);
      if (fixed) {
        node = fixed;
        continue;
      }
      // Ids are numbers, or text where the route has a pattern for them; everything else in their place is an unknown path.
      if (node.param && /^\d{1,15}$/.test(part)) {
        values.push(Number(part));
        node = node.param;
      } else if (node.word?.pattern.test(part)) {
        values.push(part);
        node = node.word.node;
      } else throw new Refusal(404, 'The requested resource was not found.');
    }
    if (!node.methods.size) throw new Refusal(404, 'The requested resource was not found.');
    const r = node.methods.get(method);
    if (!r) throw new Refusal(405, 'Method Not Allowed', {}, {});
    return { route: r, params: Object.fromEntries(r.names.map((n, i) => [n, values[i]])) };
  }
}
