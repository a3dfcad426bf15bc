// A store for one test file: started in this process on a free port, closed by node:test. Promises: calls return {status, headers, body, text}.

import http from 'node:http';
import zlib from 'node:zlib';
import { after } from 'node:test';
import { FakeStore } from '../fake_store.mjs';
import { FakeServer } from '../server.mjs';

export async function openStore(options = {}) {
  const fake = new FakeStore({ products: 120, categories: 40, brands: 12, now: '2026-01-10T12:00:00Z', ...options });
  const server = new FakeServer(fake);
  const port = await server.listen(0);
  after(() => server.close());
  const agent = new http.Agent({ keepAlive: true });
  after(() => agent.destroy());

  function request(method, path, { body, headers = {} } = {}) {
    return new Promise((resolve, reject) => {
      // Node frames the body of a DELETE only when it is told the length.
      const framed = body === undefined ? headers : { ...headers, 'Content-Length': Buffer.byteLength(body) };
      const req = http.request({ port, method, path, agent, headers: framed }, (res) => {
        const chunks = [];
        res.on('data', (c) => chunks.push(c));
        res.on('error', reject);
        res.on('end', () => {
          let bytes = Buffer.concat(chunks);
          if (res.headers['content-encoding'] === 'gzip') {
            try {
              bytes = zlib.gunzipSync(bytes);
            } catch (error) {
              reject(error);
              return;
            }
          }
          const text = bytes.toString();
          let parsed;
          try {
            parsed = JSON.parse(text);
          } catch {
            parsed = undefined;
          }
          resolve({ status: res.statusCode, headers: res.headers, raw: res.rawHeaders, bytes, text, body: parsed, complete: res.complete });
        });
      });
      req.on('error', reject);
      req.end(body);
    });
  }

  const at = (path) => `/stores/${fake.options.storeHash}${path}`;
  const auth = { 'X-Auth-Token': fake.options.token };
  const send = (method, path, body, headers = {}) =>
    request(method, at(path), {
      body: body === undefined ? undefined : Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body),
      headers: { ...auth, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    });
  return {
    fake,
    cat: fake.catalog,
    port,
    request,
    send,
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body, headers) => send('POST', path, body, headers),
    put: (path, body, headers) => send('PUT', path, body, headers),
    del: (path, body) => send('DELETE', path, body),
    control: async (method, path, body) =>
      (
        await request(method, `/__control__/${path}`, {
          body: body === undefined ? undefined : Buffer.isBuffer(body) ? body : JSON.stringify(body),
        })
      ).body,
    trouble: (match, action, more = {}) => fake.troubles.add({ match, action, ...more }),
    switch: (name, value) => fake.switches.set(name, value),
    /** The first product of which the test is true. */
    find: (test) => {
      for (const id of fake.catalog.products.toArray()) {
        const r = fake.catalog.record(id);
        if (test(r)) return r;
      }
      return null;
    },
  };
}
