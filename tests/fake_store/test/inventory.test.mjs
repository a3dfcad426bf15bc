// Locations and stock.

import test from 'node:test';
import assert from 'node:assert/strict';
import { openStore } from './open_store.mjs';

const store = await openStore({ locations: 4, inventory: 'on', switches: { async_write_ms: 0 } });
const L = '/v3/inventory/locations';
const I = '/v3/inventory';
const address = {
  address1: '5th Ave',
  city: 'New York',
  state: 'NY',
  zip: '10021',
  email: 'contact@example.com',
  geo_coordinates: { latitude: 40.7, longitude: -73.9 },
  country_code: 'US',
};
const location = (code, more = {}) => ({
  code,
  label: code,
  managed_by_external_source: false,
  type_id: 'PHYSICAL',
  time_zone: 'Etc/UTC',
  address,
  ...more,
});
const byCode = async (code) => (await store.get(`${L}?location_code:in=${code}`)).body.data[0];
const absolute = (...items) => store.put(`${I}/adjustments/absolute`, { reason: 'test', items });
const relative = (...items) => store.post(`${I}/adjustments/relative`, { reason: 'test', items });
const rowOf = async (variant) => (await store.get(`${I}/items?variant_id:in=${variant}`)).body.data[0];
const at = (row, id) => row.locations.find((l) => l.location_id === id);
const simple = (tracking) => store.find((r) => r.row.base_variant_id !== null && r.row.inventory_tracking === tracking);
const complex = (tracking) => store.find((r) => r.row.base_variant_id === null && r.row.inventory_tracking === tracking);

test('stock rows are those of the variants: skus, sku ids, products; location 1 shows the catalog level', async () => {
  const rows = [];
  for (let page = 1; page < 9; page++) rows.push(...(await store.get(`${I}/items?limit=1000&page=${page}`)).body.data);
  assert.equal(rows.length, store.cat.lists.variants.length);
  for (const { identity, locations } of rows) {
    const variant = store.cat.findChild('variants', identity.variant_id);
    assert.deepEqual([identity.sku, identity.sku_id, identity.product_id], [variant.sku, variant.sku_id, variant.product_id]);
    const { row } = store.cat.record(identity.product_id);
    const level = row.inventory_tracking === 'product' ? row.inventory_level : variant.inventory_level;
    assert.equal(at({ locations }, 1).total_inventory_onhand, level);
    for (const l of locations) assert.equal(l.available_to_sell, Math.max(0, l.total_inventory_onhand - l.settings.safety_stock));
  }
  assert.ok(rows.some((r) => r.locations.length === 1) && rows.some((r) => r.locations.length > 2));
  const one = (await store.get(`${I}/items?limit=9999`)).body.meta.pagination;
  assert.equal(one.per_page, 1000);
});

test('stock is filtered by identity and location', async () => {
  const [a, b] = store.cat.lists.variants.slice(3, 5);
  const { sku } = store.cat.findChild('variants', b);
  const ids = async (q) => (await store.get(`${I}/items?${q}`)).body.data.map((r) => r.identity.variant_id);
  assert.deepEqual(await ids(`variant_id:in=${b},${a},999999`), [a, b]);
  assert.deepEqual(await ids(`sku:in=${encodeURIComponent(sku)}`), [b]);
  const rows = (await store.get(`${I}/items?location_id:in=3&limit=1000`)).body.data;
  assert.ok(rows.length && rows.every((r) => r.locations.length === 1 && r.locations[0].location_id === 3));
  const here = (await store.get(`${I}/locations/3/items?limit=1000`)).body.data;
  assert.deepEqual(
    here.map((r) => [r.identity.variant_id, r.total_inventory_onhand]),
    rows.map((r) => [r.identity.variant_id, r.locations[0].total_inventory_onhand]),
  );
  assert.equal((await store.get(`${I}/locations/99/items`)).status, 404);
});

test('an absolute adjustment at location 1 is the catalog level, elsewhere it is not', async () => {
  const product = simple('product');
  const variant = product.row.base_variant_id;
  assert.match((await absolute({ location_id: 1, product_id: product.id, quantity: 41 })).body.transaction_id, /^[0-9a-f-]{36}$/);
  assert.equal((await store.get(`/v3/catalog/products/${product.id}`)).body.data.inventory_level, 41);
  await absolute({ location_id: 3, variant_id: variant, quantity: 5 });
  const row = await rowOf(variant);
  assert.deepEqual([at(row, 1).total_inventory_onhand, at(row, 3).total_inventory_onhand], [41, 5]);
  assert.equal((await store.get(`/v3/catalog/products/${product.id}`)).body.data.inventory_level, 41);
  await relative({ location_id: 3, variant_id: variant, quantity: -9 });
  assert.equal(at(await rowOf(variant), 3).total_inventory_onhand, 0, 'never below zero');
  await store.put(`/v3/catalog/products/${product.id}`, { inventory_level: 12 });
  assert.equal(at(await rowOf(variant), 1).total_inventory_onhand, 12);
});

test('the identity must fit the tracking', async () => {
  const byProduct = complex('product');
  const byVariant = complex('variant');
  const none = simple('none');
  const [v, w] = byProduct.part('variants').map((x) => x.id);
  const wrong = await absolute({ location_id: 1, variant_id: v, quantity: 1 });
  assert.equal(wrong.status, 422);
  assert.equal(wrong.headers['content-type'], 'application/problem+json');
  assert.equal(wrong.body.title, `[Item with variant_id ${v} is tracked by product, please update stock by product id]`);
  assert.equal((await absolute({ location_id: 3, product_id: byProduct.id, quantity: 9 })).status, 200);
  assert.equal(at(await rowOf(w), 3).total_inventory_onhand, 9, 'all variants share it');
  assert.equal((await absolute({ location_id: 1, product_id: byVariant.id, quantity: 1 })).status, 422);
  const one = byVariant.part('variants')[0];
  assert.equal((await absolute({ location_id: 1, sku: one.sku, quantity: 17 })).status, 200);
  assert.equal((await store.get(`/v3/catalog/products/${byVariant.id}/variants/${one.id}`)).body.data.inventory_level, 17);
  assert.equal((await absolute({ location_id: 1, product_id: none.id, quantity: 1 })).status, 422);
  store.switch('inventory_untracked_write', 'ignore');
  assert.equal((await absolute({ location_id: 1, product_id: none.id, quantity: 1 })).status, 200);
  store.switch('inventory_untracked_write', 'refuse');
  assert.equal((await absolute({ location_id: 1, quantity: 1 })).status, 422);
  assert.equal((await absolute({ location_id: 99, product_id: byProduct.id, quantity: 1 })).status, 422);
  assert.equal((await absolute({ location_id: 1, product_id: byProduct.id, quantity: -1 })).status, 422);
  assert.equal((await absolute(...Array.from({ length: 2001 }, () => ({ location_id: 1, variant_id: 1, quantity: 1 })))).status, 413);
});

test('one bad item refuses all', async () => {
  const product = simple('product');
  const level = product.row.inventory_level;
  const r = await absolute(
    { location_id: 1, product_id: product.id, quantity: level + 5 },
    { location_id: 1, product_id: 999999, quantity: 1 },
  );
  assert.equal(r.status, 422);
  assert.equal((await store.get(`/v3/catalog/products/${product.id}`)).body.data.inventory_level, level);
});

test('a new product has no stock to add to until it was set once', async () => {
  const made = await store.post('/v3/catalog/products', {
    name: 'Stocked later',
    type: 'physical',
    weight: 1,
    price: 1,
    inventory_tracking: 'product',
  });
  const { id, base_variant_id } = made.body.data;
  const row = await rowOf(base_variant_id);
  assert.deepEqual(
    row.locations.map((l) => [l.location_id, l.total_inventory_onhand]),
    [[1, 0]],
  );
  const early = await relative({ location_id: 1, product_id: id, quantity: 2 });
  assert.deepEqual(
    [early.status, early.body.title],
    [422, `Items with identity: [variant_id ${base_variant_id}] requires absolute adjustment before relative`],
  );
  await absolute({ location_id: 1, product_id: id, quantity: 3 });
  await relative({ location_id: 1, product_id: id, quantity: 2 });
  assert.equal(at(await rowOf(base_variant_id), 1).total_inventory_onhand, 5);
});

test('settings need at least one of three; safety stock lowers what can be sold', async () => {
  const product = simple('product');
  const variant = product.row.base_variant_id;
  const put = (settings) => store.put(`${I}/locations/3/items`, { settings: [{ identity: { product_id: product.id }, ...settings }] });
  const wrong = await put({ bin_picking_number: '1-A' });
  assert.equal(wrong.status, 422);
  assert.ok(wrong.body.errors['setting.0.settings']);
  await absolute({ location_id: 3, product_id: product.id, quantity: 10 });
  assert.equal((await put({ safety_stock: 4, warning_level: 2, bin_picking_number: '1-A' })).status, 200);
  const l = at(await rowOf(variant), 3);
  assert.deepEqual(
    [l.available_to_sell, l.settings],
    [6, { safety_stock: 4, is_in_stock: true, warning_level: 2, bin_picking_number: '1-A' }],
  );
});

test('locations: a transaction id is all the answer, the new one is found by its code', async () => {
  const made = await store.post(L, [location('NEW-1')]);
  assert.deepEqual(Object.keys(made.body), ['transaction_id']);
  const row = await byCode('NEW-1');
  assert.deepEqual([row.label, row.enabled, row.address.phone], ['NEW-1', true, '']);
  assert.equal((await store.post(L, [location('NEW-1')])).status, 422);
  assert.equal((await store.post(L, [location('NEW-2'), location('NEW-2')])).status, 422);
  assert.equal((await store.post(L, [location('NEW-3', { address: undefined })])).status, 422);
  assert.equal((await store.post(L, [location('NEW-3', { address: undefined, type_id: 'VIRTUAL' })])).status, 200);
  assert.equal((await store.post(L, [{ code: 'NEW-4' }])).status, 422);
  assert.equal((await store.put(L, [{ id: row.id, label: 'Renamed', address: { city: 'Boston' } }])).status, 200);
  const now = await byCode('NEW-1');
  assert.deepEqual([now.label, now.address.city, now.address.zip], ['Renamed', 'Boston', '10021']);
  assert.equal((await store.put(L, [{ label: 'x' }])).status, 422);
});

test('locations: the shipping origin stays, deleting another one deletes its stock', async () => {
  const product = simple('product');
  const variant = product.row.base_variant_id;
  await store.post(L, [location('GOING')]);
  const { id } = await byCode('GOING');
  await absolute({ location_id: id, product_id: product.id, quantity: 8 });
  assert.equal(at(await rowOf(variant), id).total_inventory_onhand, 8);
  assert.equal((await store.del(L)).status, 422);
  assert.equal((await store.del(`${L}?location_id:in=1`)).status, 422);
  assert.equal((await store.del(`${L}?location_id:in=${id},99999`)).status, 404);
  assert.ok(await byCode('GOING'), 'nothing was deleted');
  assert.equal((await store.del(`${L}?location_id:in=${id}`)).status, 200);
  assert.equal(await byCode('GOING'), undefined);
  assert.equal(at(await rowOf(variant), id), undefined);
});

test('reads lag behind writes', async () => {
  const product = simple('product');
  const variant = product.row.base_variant_id;
  await absolute({ location_id: 3, product_id: product.id, quantity: 1 });
  store.switch('async_write_ms', 3600000);
  await absolute({ location_id: 3, product_id: product.id, quantity: 2 });
  await absolute({ location_id: 3, product_id: product.id, quantity: 3 });
  await store.post(L, [location('LATE')]);
  await store.put(L, [{ id: 3, description: 'late too' }]);
  assert.equal(at(await rowOf(variant), 3).total_inventory_onhand, 1);
  assert.equal(await byCode('LATE'), undefined);
  assert.notEqual((await store.get(`${L}?location_id:in=3`)).body.data[0].description, 'late too');
  assert.equal((await store.post(L, [location('LATE')])).status, 422, 'the code is taken although nobody sees it');
  assert.equal(at(await store.control('GET', `item/inventory/${variant}`), 3).total_inventory_onhand, 3, 'control calls see the truth');
  store.switch('async_write_ms', 0);
  assert.equal(at(await rowOf(variant), 3).total_inventory_onhand, 3);
  assert.equal((await byCode('LATE')).label, 'LATE');
  assert.equal((await store.get(`${L}?location_id:in=3`)).body.data[0].description, 'late too');
});

test('control calls: stock by variant id, locations, and a store without stock', async () => {
  const variant = simple('product').row.base_variant_id;
  await store.control('POST', 'edit', { type: 'inventory', id: variant, set: { onhand: 77 } });
  assert.equal(at(await rowOf(variant), 1).total_inventory_onhand, 77);
  const { id } = await store.control('POST', 'create', { type: 'locations', fields: { code: 'HAND' } });
  assert.equal((await byCode('HAND')).id, id);
  assert.equal((await store.control('POST', 'delete', { type: 'locations', id: 1 })).deleted, false);
  const { changes } = await store.control('POST', 'random_edits', { n: 12, seed: 4, kinds: ['edit:inventory', 'edit:locations'] });
  assert.equal(changes.length, 12);
  await store.control('POST', 'deny', { list: ['inventory', 'locations'] });
  assert.deepEqual([(await store.get(`${I}/items`)).status, (await store.get(L)).status], [403, 403]);
  await store.control('POST', 'deny', { list: [] });
  const plain = await openStore();
  assert.deepEqual((await plain.get(`${I}/items`)).body.data, []);
  assert.deepEqual(
    (await plain.get(L)).body.data.map((l) => l.id),
    [1],
  );
});
