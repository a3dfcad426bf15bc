// Trouble rules, quota, log and control calls.

import test from 'node:test';
import assert from 'node:assert/strict';
import { openStore } from './open_store.mjs';

const store = await openStore();
const P = '/v3/catalog/products';
const clear = () => store.control('DELETE', 'trouble');

test('a rule strikes after the first k matches and n times', async () => {
  await store.control('POST', 'trouble', {
    match: { method: 'GET', path_regex: '^/v3/catalog/products$', query_regex: 'page=2' },
    after: 1,
    times: 2,
    action: { status: 503 },
  });
  const statuses = [];
  for (let k = 0; k < 5; k++) statuses.push((await store.get(`${P}?limit=10&page=2`)).status);
  assert.deepEqual(statuses, [200, 503, 503, 200, 200]);
  assert.equal((await store.get(`${P}?limit=10&page=1`)).status, 200);
  await clear();
});

test('statuses carry documented bodies', async () => {
  for (const status of [401, 403, 404, 429, 500, 502, 503]) {
    store.trouble({}, { status }, { times: 1 });
    const r = await store.get(P);
    assert.deepEqual([r.status, r.body.status, typeof r.body.title], [status, status, 'string']);
    if (status === 429) assert.ok(Number(r.headers['x-retry-after']) > 0);
  }
  await clear();
});

test('html, empty bodies, empty lists and garbage', async () => {
  store.trouble({}, { html: true }, { times: 1 });
  const html = await store.get(P);
  assert.deepEqual([html.status, html.headers['content-type'].startsWith('text/html')], [200, true]);
  await clear();
  store.trouble({}, { empty_body: true }, { times: 1 });
  assert.equal((await store.get(P)).bytes.length, 0);
  await clear();
  store.trouble({}, { empty: true }, { times: 1 });
  const empty = (await store.get(P)).body;
  assert.deepEqual([empty.data, empty.meta.pagination.total], [[], 0]);
  await clear();
  store.trouble({}, { garbage: true }, { times: 1 });
  assert.equal((await store.get(P)).body, undefined);
  await clear();
});

test('a cut body never ends well, chunked or with a length', async () => {
  for (const framing of ['chunked', 'length']) {
    store.trouble({}, { cut: 0.5, framing }, { times: 1 });
    await assert.rejects(store.get(P), framing);
    await clear();
  }
});

test('a broken gzip stream is refused by gunzip', async () => {
  store.trouble({}, { gzip_broken: true });
  await assert.rejects(store.get(P, { 'Accept-Encoding': 'gzip' }));
  await clear();
});

test('a timeout is never answered', async () => {
  store.trouble({ path_regex: 'brands' }, { timeout: true });
  let answered = false;
  const pending = store.get('/v3/catalog/brands').then(
    () => {
      answered = true;
    },
    () => {},
  );
  for (let k = 0; k < 20; k++) await store.get(`${P}?limit=1`);
  assert.equal(answered, false);
  await clear();
  store.fake.catalog.uploads.length = 0;
  void pending;
});

test('half_pages: the listing ends after half of its pages, with an honest or a lying total', async () => {
  for (const total of ['honest', 'lying']) {
    store.trouble({ path_regex: 'products$' }, { half_pages: true, total });
    const counts = [];
    let last;
    for (let page = 1; page <= 4; page++) {
      last = (await store.get(`${P}?limit=30&page=${page}`)).body;
      counts.push(last.data.length);
    }
    assert.deepEqual(counts, [30, 30, 0, 0]);
    assert.equal(last.meta.pagination.total, total === 'lying' ? 60 : 120);
    const ids = store.cat.products.toArray();
    const keyset = (await store.get(`${P}?limit=30&id:greater=${ids[49]}`)).body.data;
    assert.deepEqual(
      keyset.map((p) => p.id),
      ids.slice(50, 60),
      'id:greater sees the same half',
    );
    await clear();
  }
});

test('half_pages ends cursor lists as well, with an honest or a lying total', async () => {
  const all = store.cat.lists.metafields.toArray();
  const per = 4;
  const half = Math.ceil(Math.ceil(all.length / per) / 2) * per;
  for (const total of ['honest', 'lying']) {
    store.trouble({ path_regex: 'metafields$' }, { half_pages: true, total });
    const seen = [];
    let meta;
    for (let cursor = ''; ; cursor = `&after=${encodeURIComponent(meta.end_cursor)}`) {
      const { body } = await store.get(`${P}/metafields?limit=${per}${cursor}`);
      seen.push(...body.data.map((m) => m.id));
      meta = body.meta.cursor_pagination;
      if (!body.data.length || !meta.links.next) break;
    }
    assert.deepEqual(seen, all.slice(0, half));
    await clear();
  }
});

test('wrong totals and short pages', async () => {
  store.trouble({}, { wrong_total: -5 }, { times: 1 });
  assert.equal((await store.get(`${P}?limit=10`)).body.meta.pagination.total, 115);
  await clear();
  store.trouble({}, { short_page: 3 }, { times: 1 });
  const short = (await store.get(`${P}?limit=10`)).body;
  assert.deepEqual([short.data.length, short.meta.pagination.total], [7, 120]);
  await clear();
});

test('vanish: listed, but 404 alone and absent from id:in', async () => {
  const id = store.cat.products.ids[3];
  store.trouble({}, { vanish: [id] });
  assert.ok((await store.get(`${P}?limit=10`)).body.data.some((p) => p.id === id));
  assert.equal((await store.get(`${P}/${id}`)).status, 404);
  assert.equal((await store.get(`${P}/${id}/images`)).status, 404);
  assert.deepEqual((await store.get(`${P}?id:in=${id}`)).body.data, []);
  await clear();
});

test('shift: a row of an earlier page goes away or comes in just before a page', async () => {
  const ids = store.cat.products.toArray();
  store.trouble({ query_regex: 'page=2' }, { shift: 'delete' }, { times: 1 });
  const one = (await store.get(`${P}?limit=10&page=1`)).body.data;
  const two = (await store.get(`${P}?limit=10&page=2`)).body.data;
  assert.equal(one[9].id, ids[9]);
  assert.equal(two[0].id, ids[11], 'one row was skipped');
  await clear();
  store.trouble({ query_regex: 'page=3' }, { shift: 'insert' }, { times: 1 });
  const three = (await store.get(`${P}?limit=10&page=3`)).body.data;
  assert.equal(three[0].id, ids[20], 'one row comes twice');
  await clear();
});

test('delays and slow bodies still arrive whole', async () => {
  store.trouble({}, { delay_ms: 5, slow: 5e6 }, { times: 1 });
  assert.equal((await store.get(`${P}?limit=5`)).body.data.length, 5);
  await clear();
});

test('unknown actions and switches are refused', async () => {
  assert.match((await store.control('POST', 'trouble', { action: { explode: 1 } })).error, /no action explode/);
  assert.match((await store.control('POST', 'switch', { nothing: true })).error, /no switch/);
  assert.match((await store.control('POST', 'switch', { limit_above_max: 'maybe' })).error, /clamp, 413/);
  await store.control('POST', 'switch', { limit_above_max: '413' });
  assert.equal((await store.get(`${P}?limit=251`)).status, 413);
  await store.control('POST', 'switch', { limit_above_max: 'clamp' });
});

test('the quota: headers, others, 429 with the time to wait, counted', async () => {
  const limited = await openStore({ quota: 5, windowMs: 60000, others: 0 });
  const left = [];
  let r;
  for (let k = 0; k < 6; k++) {
    r = await limited.get('/v2/time');
    left.push(r.headers['x-rate-limit-requests-left']);
  }
  assert.deepEqual(left, ['4', '3', '2', '1', '0', '0']);
  assert.equal(r.status, 429);
  assert.equal(r.headers['x-rate-limit-requests-quota'], '5');
  assert.equal(r.headers['x-rate-limit-time-window-ms'], '60000');
  assert.ok(Number(r.headers['x-rate-limit-time-reset-ms']) <= 60000 && Number(r.headers['x-retry-after']) > 0);
  assert.equal((await limited.control('GET', 'counters')).given_429, 1);
});

test('other clients eat their share evenly through the window', async () => {
  const { RateLimit } = await import('../rate_limit.mjs');
  const rate = new RateLimit({ quota: 100, windowMs: 1000, others: 0.5 });
  rate.start = performance.now() - 500;
  const left = Number(rate.take().headers['X-Rate-Limit-Requests-Left']);
  assert.ok(left >= 72 && left <= 74, String(left));
});

test('without a quota there are no rate headers unless asked for', async () => {
  assert.equal((await store.get('/v2/time')).headers['x-rate-limit-requests-left'], undefined);
  const shown = await openStore({ products: 5, rateHeaders: true });
  assert.equal((await shown.get('/v2/time')).headers['x-rate-limit-requests-quota'], '3749');
});

test('the log and the counters say what was asked', async () => {
  await store.control('POST', 'reset_log');
  await store.get(`${P}?limit=7`);
  await store.get(`${P}/${store.cat.products.ids[5]}`);
  await store.get('/v3/nothing');
  const { entries } = await store.control('GET', 'log');
  assert.deepEqual(
    entries.map((e) => [e.method, e.path.replace('/stores/abc123', ''), e.query, e.status]),
    [
      ['GET', P, 'limit=7', 200],
      ['GET', `${P}/${store.cat.products.ids[5]}`, '', 200],
      ['GET', '/v3/nothing', '', 404],
    ],
  );
  assert.ok(entries[0].bytes > 1000);
  const { total, by_route } = await store.control('GET', 'counters');
  assert.equal(total, 3);
  assert.equal(by_route['GET /v3/catalog/products/{product_id}'].count, 1);
  assert.deepEqual((await store.control('GET', `log?since=${entries[1].n}`)).entries.length, 1);
});

test('merchant edits: whole items, parts, creation and deletion, and random ones are repeatable', async () => {
  const a = await openStore({ seed: 9 });
  const b = await openStore({ seed: 9 });
  const changes = (await a.control('POST', 'random_edits', { n: 40, seed: 3 })).changes;
  assert.deepEqual((await b.control('POST', 'random_edits', { n: 40, seed: 3 })).changes, changes);
  assert.ok(changes.length > 30 && changes.some((c) => c.change === 'create') && changes.some((c) => c.change === 'delete'));
  const id = a.cat.products.ids[7];
  const made = await a.control('POST', 'edit_part', { type: 'products', id, part: 'custom_fields', set: { name: 'x', value: 'y' } });
  assert.ok((await a.get(`${P}/${id}/custom-fields`)).body.data.some((f) => f.id === made.part_id && f.value === 'y'));
  await a.control('POST', 'edit_part', { type: 'products', id, part: 'custom_fields', part_id: made.part_id, set: null });
  assert.ok(!(await a.get(`${P}/${id}/custom-fields`)).body.data.some((f) => f.id === made.part_id));
  const brand = await a.control('POST', 'create', { type: 'brands', fields: { name: 'By hand' } });
  assert.equal((await a.get(`/v3/catalog/brands/${brand.id}`)).body.data.name, 'By hand');
  await a.control('POST', 'delete', { type: 'brands', id: brand.id });
  assert.equal((await a.control('GET', 'state/brands')).ids.includes(brand.id), false);
  assert.match((await a.control('GET', 'item/products/1')).error, /no such item/);
});
