// Reads: pages, filters, includes, headers, access.

import test from 'node:test';
import assert from 'node:assert/strict';
import { openStore } from './open_store.mjs';

const store = await openStore();
const P = '/v3/catalog/products';

test('a page carries pagination without links, and past the last page data is empty with full pagination', async () => {
  const page = await store.get(`${P}?limit=50&page=3`);
  assert.deepEqual(page.body.meta.pagination, { total: 120, count: 20, per_page: 50, current_page: 3, total_pages: 3 });
  const past = await store.get(`${P}?limit=50&page=4`);
  assert.deepEqual(past.body.data, []);
  assert.deepEqual(past.body.meta.pagination, { total: 120, count: 0, per_page: 50, current_page: 4, total_pages: 3 });
});

test('a page holds 50 by default, 250 at most, and 10 with options or modifiers', async () => {
  assert.equal((await store.get(P)).body.data.length, 50);
  assert.equal((await store.get(`${P}?limit=999`)).body.meta.pagination.per_page, 250);
  for (const include of ['options', 'variants,modifiers']) {
    const page = await store.get(`${P}?limit=250&include=${include}`);
    assert.equal(page.body.data.length, 10);
    assert.equal(page.body.meta.pagination.per_page, 10);
    assert.equal(page.body.meta.pagination.total_pages, 12);
  }
  assert.equal((await store.get(`${P}?limit=250&include=variants,images`)).body.data.length, 120);
});

test('walking the pages gives every product exactly once in the order of ids', async () => {
  const ids = [];
  for (let page = 1; page <= 12; page++) ids.push(...(await store.get(`${P}?limit=10&page=${page}`)).body.data.map((p) => p.id));
  assert.deepEqual(ids, store.cat.products.toArray());
  assert.ok(
    ids.some((id, n) => n && id - ids[n - 1] > 1),
    'ids have gaps',
  );
});

test('walking by id:greater gives the same set', async () => {
  const ids = [];
  for (let last = 0; ;) {
    const page = (await store.get(`${P}?limit=50&id:greater=${last}`)).body.data;
    if (!page.length) break;
    ids.push(...page.map((p) => p.id));
    last = ids[ids.length - 1];
  }
  assert.deepEqual(ids, store.cat.products.toArray());
});

test('the id filters work in every form', async () => {
  const all = store.cat.products.toArray();
  const ids = async (q) => (await store.get(`${P}?limit=250&include_fields=name&${q}`)).body.data.map((p) => p.id);
  assert.deepEqual(await ids(`id:in=${all[3]},${all[1]},999999`), [all[1], all[3]]);
  assert.deepEqual(await ids(`id%3Ain=${all[3]}%2C${all[1]}`), [all[1], all[3]]);
  assert.deepEqual(await ids(`id:min=${all[5]}&id:max=${all[7]}`), all.slice(5, 8));
  assert.deepEqual(await ids(`id:greater=${all[5]}&id:less=${all[7]}`), [all[6]]);
  assert.equal((await ids(`id:not_in=${all[0]},${all[1]}`)).length, 118);
});

test('names, skus and unknown filters', async () => {
  const { row } = store.find((r) => r.row.sku && r.row.base_variant_id !== null);
  const one = await store.get(`${P}?name=${encodeURIComponent(row.name)}`);
  assert.deepEqual(
    one.body.data.map((p) => p.id),
    [row.id],
  );
  assert.deepEqual(
    (await store.get(`${P}?sku=${row.sku.toLowerCase()}`)).body.data.map((p) => p.id),
    [row.id],
  );
  for (const bad of [
    'name:like=a',
    'foo=1',
    'limit=x',
    'page=0',
    'id:in=',
    'id:in=1,x',
    'sort=color',
    'include=everything',
    'date_modified:min=soon',
  ]) {
    const refused = await store.get(`${P}?${bad}`);
    assert.equal(refused.status, 422, bad);
    assert.equal(refused.body.status, 422);
    assert.equal(typeof refused.body.title, 'string');
    assert.equal(typeof refused.body.errors, 'object');
  }
  store.switch('unknown_params', 'ignore');
  assert.equal((await store.get(`${P}?foo=1`)).status, 200);
  store.switch('unknown_params', 'reject');
});

test('date_modified:min takes ISO and Unix times, and a date alone gets the time of day of the store', async () => {
  const id = store.cat.products.ids[4];
  await store.control('POST', 'edit', { type: 'products', id, set: { date_modified: '2026-01-05T10:00:00+00:00' } });
  const found = async (v) => (await store.get(`${P}?date_modified:min=${v}`)).body.data.map((p) => p.id);
  assert.deepEqual(await found('2026-01-05T09:59:59%2B00:00'), [id]);
  assert.deepEqual(await found(String(Date.parse('2026-01-05T10:00:00Z') / 1000)), [id]);
  assert.deepEqual(await found('2026-01-05T10:00:01Z'), []);
  // It is 12:00 in the store, so the bare date means 2026-01-05 12:00.
  assert.deepEqual(await found('2026-01-05'), []);
  assert.equal((await store.get(`${P}?date_modified:min=2026-01-05T09:59:59+00:00`)).status, 422, 'a bare + is a space');
});

test('include_fields and exclude_fields keep the id and the gift wrapping fields', async () => {
  const row = (await store.get(`${P}?limit=1&include_fields=name`)).body.data[0];
  assert.deepEqual(Object.keys(row), ['id', 'name', 'gift_wrapping_options_type', 'gift_wrapping_options_list']);
  const rest = (await store.get(`${P}?limit=1&exclude_fields=description`)).body.data[0];
  assert.equal(rest.description, undefined);
  assert.equal(typeof rest.name, 'string');
  assert.equal((await store.get(`${P}?include_fields=color`)).status, 422);
});

test('sort and direction order the list', async () => {
  const names = (await store.get(`${P}?limit=250&sort=name&direction=desc`)).body.data.map((p) => p.name.toLowerCase());
  assert.deepEqual(names, [...names].sort().reverse());
  const prices = (await store.get(`${P}?limit=250&sort=price`)).body.data.map((p) => p.price);
  assert.deepEqual(
    prices,
    [...prices].sort((a, b) => a - b),
  );
});

test('a single product has an empty meta and the includes that were asked for', async () => {
  const id = store.cat.products.ids[0];
  const one = await store.get(`${P}/${id}?include=images,variants,channels`);
  assert.deepEqual(one.body.meta, {});
  assert.ok(Array.isArray(one.body.data.images) && Array.isArray(one.body.data.channels));
  assert.equal(one.body.data.options, undefined);
  assert.equal((await store.get(`${P}/999999`)).status, 404);
});

test('the same product looks the same in the list, alone and in its sub-resources', async () => {
  const list = (await store.get(`${P}?limit=10&include=options,variants,images`)).body.data;
  for (const p of list) {
    assert.deepEqual((await store.get(`${P}/${p.id}?include=options,variants,images`)).body.data, p);
    assert.deepEqual((await store.get(`${P}/${p.id}/variants?limit=250`)).body.data, p.variants);
    assert.deepEqual((await store.get(`${P}/${p.id}/images?limit=250`)).body.data, p.images);
  }
});

test('all variants are listed over all products and found by id, sku and product', async () => {
  const all = [];
  for (let page = 1; ; page++) {
    const { data } = (await store.get(`/v3/catalog/variants?limit=250&page=${page}`)).body;
    if (!data.length) break;
    all.push(...data);
  }
  const expected = store.cat.products
    .toArray()
    .flatMap((id) =>
      store.cat
        .record(id)
        .part('variants')
        .map((v) => v.id),
    )
    .sort((a, b) => a - b);
  assert.deepEqual(
    all.map((v) => v.id),
    expected,
  );
  const v = all.find((x) => x.option_values.length);
  assert.deepEqual(
    (await store.get(`/v3/catalog/variants?sku=${v.sku.toLowerCase()}`)).body.data.map((x) => x.id),
    [v.id],
  );
  assert.deepEqual(
    (await store.get(`/v3/catalog/variants?id=${v.id}`)).body.data.map((x) => x.id),
    [v.id],
  );
  assert.ok((await store.get(`/v3/catalog/variants?product_id:in=${v.product_id}`)).body.data.every((x) => x.product_id === v.product_id));
});

test('metafields are paged by cursor or by page, never by both', async () => {
  const all = [];
  for (let after = ''; ;) {
    const { data, meta } = (await store.get(`${P}/metafields?limit=5${after}`)).body;
    all.push(...data.map((m) => m.id));
    if (!meta.cursor_pagination.links.next) break;
    after = `&after=${encodeURIComponent(meta.cursor_pagination.end_cursor)}`;
  }
  assert.deepEqual(all, store.cat.lists.metafields.toArray());
  const second = (await store.get(`${P}/metafields?limit=5&page=2`)).body;
  assert.deepEqual(
    second.data.map((m) => m.id),
    all.slice(5, 10),
  );
  assert.equal(second.meta.pagination.total, all.length);
  assert.equal((await store.get(`${P}/metafields?page=2&after=eyJpZCI6OTAyfQ==`)).status, 422);
});

test('categories are filtered by tree and parent, and the nested view holds them all', async () => {
  const C = '/v3/catalog/trees/categories';
  const second = (await store.get(`${C}?tree_id:in=2&limit=250`)).body.data;
  assert.ok(second.length && second.every((c) => c.tree_id === 2));
  const child = (await store.get(`${C}?limit=250`)).body.data.find((c) => c.parent_id);
  assert.ok((await store.get(`${C}?parent_id:in=${child.parent_id}`)).body.data.some((c) => c.category_id === child.category_id));
  assert.ok(
    (await store.get(`${C}?name:like=${encodeURIComponent(child.name.slice(1, 4))}`)).body.data.some(
      (c) => c.category_id === child.category_id,
    ),
  );
  const count = (nodes) => nodes.reduce((n, c) => n + 1 + count(c.children), 0);
  const both =
    count((await store.get('/v3/catalog/trees/1/categories')).body.data) +
    count((await store.get('/v3/catalog/trees/2/categories')).body.data);
  assert.equal(both, store.cat.categories.size);
  const legacy = (await store.get('/v3/catalog/categories?limit=250')).body.data;
  assert.ok(legacy.every((c) => c.id && c.custom_url.url && c.tree_id === undefined));
});

test('headers: request id of 32 hex digits, JSON without charset, chunked, Vary, gzip when asked for', async () => {
  const plain = await store.get(`${P}?limit=1`);
  assert.match(plain.headers['x-request-id'], /^[0-9a-f]{32}$/);
  assert.equal(plain.headers['content-type'], 'application/json');
  assert.equal(plain.headers['transfer-encoding'], 'chunked');
  assert.equal(plain.headers.vary, 'Accept-Encoding');
  assert.equal(plain.headers['content-encoding'], undefined);
  const packed = await store.get(`${P}?limit=1`, { 'Accept-Encoding': 'gzip' });
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.deepEqual(packed.body, plain.body);
});

test('access: token, store hash, unknown path, method, Accept, trailing slash', async () => {
  const H = `/stores/abc123`;
  assert.equal((await store.request('GET', `${H}${P}`)).status, 401);
  assert.equal((await store.request('GET', `${H}${P}`, { headers: { 'X-Auth-Token': 'wrong' } })).status, 401);
  assert.deepEqual(Array.isArray((await store.request('GET', `${H}/v2/time`)).body), true, 'V2 errors are arrays');
  assert.equal((await store.request('GET', `/stores/other${P}`, { headers: { 'X-Auth-Token': 'TOKEN' } })).status, 404);
  assert.equal((await store.get('/v3/catalog/nothing')).status, 404);
  assert.equal((await store.get(`${P}/abc`)).status, 404);
  assert.equal((await store.send('PATCH', P)).status, 405);
  assert.equal((await store.get(P, { Accept: 'text/html' })).status, 406);
  assert.equal((await store.get('/v3/catalog/trees/?id:in=1')).status, 404);
});

test('a missing scope is 403 for the content type or for writes only', async () => {
  await store.control('POST', 'deny', { list: ['brand', 'product:write'] });
  assert.equal((await store.get('/v3/catalog/brands')).status, 403);
  assert.equal((await store.get(P)).status, 200);
  assert.equal((await store.del(`${P}/1`)).status, 403);
  await store.control('POST', 'deny', { list: [] });
});

test('the clock of the store is what /v2/time says', async () => {
  await store.control('POST', 'clock', { now: '2027-05-05T00:00:00Z', freeze: true });
  assert.equal((await store.get('/v2/time')).body.time, Date.parse('2027-05-05T00:00:00Z') / 1000);
  await store.control('POST', 'clock', { advance_ms: 5000 });
  assert.equal((await store.get('/v2/time')).body.time, Date.parse('2027-05-05T00:00:05Z') / 1000);
});
