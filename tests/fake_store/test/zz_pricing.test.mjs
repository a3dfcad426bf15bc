// Price lists, price records, assignments.

import test from 'node:test';
import assert from 'node:assert/strict';
import { openStore } from './open_store.mjs';

const store = await openStore({ seed: 9, priceLists: 4, priceRecords: 90, customerGroups: 9 });
const P = '/v3/pricelists';
const { pricing } = store.fake;
const FULL = 'include=bulk_pricing_tiers,sku';

async function sweep(path) {
  const out = [];
  let cursor = '';
  for (;;) {
    const { body } = await store.get(`${path}${cursor}`);
    if (!body.data.length) return out;
    out.push(...body.data);
    const { end_cursor, links } = body.meta.cursor_pagination;
    if (links.next === undefined) return out;
    cursor = `&after=${encodeURIComponent(end_cursor)}`;
  }
}

test('records name variants that exist, tiers and sku come on request, cursors and pages see the same', async () => {
  const rows = await sweep(`${P}/1/records?limit=40&${FULL}`);
  assert.equal(rows.length, 90);
  for (const r of rows) {
    const variant = store.cat.findChild('variants', r.variant_id);
    assert.deepEqual([r.product_id, r.sku], [variant.product_id, variant.sku]);
    assert.ok(Array.isArray(r.bulk_pricing_tiers));
    const product = store.cat.record(r.product_id);
    assert.equal(product.row.base_variant_id === null, variant.option_values.length > 0, 'no record for a parent');
  }
  assert.ok(rows.some((r) => r.bulk_pricing_tiers.some((t) => t.quantity_max === null)));
  assert.ok(rows.some((r) => r.sale_price === null) && rows.some((r) => r.currency === 'eur'));
  const bare = (await store.get(`${P}/1/records?limit=250`)).body.data;
  assert.deepEqual(
    bare.map((r) => [r.variant_id, r.currency]),
    rows.map((r) => [r.variant_id, r.currency]),
  );
  assert.ok(bare.every((r) => !('bulk_pricing_tiers' in r) && !('sku' in r)));
  assert.equal((await store.get(`${P}/1/records?page=1&after=x`)).status, 422);
});

test('a record is found by variant and currency in any case, and by the control id', async () => {
  const [r] = (await store.get(`${P}/2/records?limit=1`)).body.data;
  const one = await store.get(`${P}/2/records/${r.variant_id}/${r.currency.toUpperCase()}?${FULL}`);
  assert.equal(one.body.data.price, r.price);
  assert.equal((await store.get(`${P}/2/records/${r.variant_id}/gbp`)).status, 404);
  assert.equal((await store.get(`${P}/2/records/${r.variant_id}/nonsense`)).status, 404);
  const ids = (await store.control('GET', 'state/price_records')).ids;
  assert.equal(ids.length, 360);
  const key = `2/${r.variant_id}/${r.currency}`;
  assert.ok(ids.includes(key));
  assert.equal((await store.control('GET', `item/price_records/${key}`)).price, r.price);
  assert.equal((await store.control('GET', `item/price_records/${encodeURIComponent(key)}`)).price, r.price);
  await store.control('PUT', `raw/price_records/${key}`, Buffer.from('{"price": 1.50}'));
  assert.ok((await store.get(`${P}/2/records?limit=1`)).text.includes('{"price": 1.50}'));
  await store.control('DELETE', `raw/price_records/${key}`);
  await store.control('POST', 'edit', { type: 'price_records', id: key, set: { price: { $num: '7.7700' } } });
  assert.ok((await store.get(`${P}/2/records/${r.variant_id}/${r.currency}`)).text.includes('"price":7.7700'));
});

test('records of a deleted variant and of a deleted list are gone', async () => {
  const [r] = (await store.get(`${P}/1/records?limit=1&page=30`)).body.data;
  assert.equal((await store.del(`/v3/catalog/products/${r.product_id}`)).status, 204);
  assert.equal((await store.get(`${P}/1/records/${r.variant_id}/usd`)).status, 404);
  const left = await sweep(`${P}/1/records?limit=250`);
  assert.ok(left.length < 90 && left.every((x) => x.product_id !== r.product_id));
  assert.equal((await store.del(`${P}/4`)).status, 204);
  assert.equal((await store.get(`${P}/4/records`)).status, 404);
  assert.ok([...pricing.assignments.values()].every((a) => a.price_list_id !== 4));
  assert.ok((await store.control('GET', 'state/price_records')).ids.every((k) => !k.startsWith('4/')));
});

test('POST creates only, PUT overwrites; a bad row is named and the good ones are saved', async () => {
  const { id } = (await store.post(P, { name: 'Fresh' })).body.data;
  const R = `${P}/${id}/records`;
  const [a, b, c] = store.cat.lists.variants.slice(0, 3);
  assert.deepEqual((await store.post(R, [{ variant_id: a, currency: 'USD', price: 10.99999 }])).body, { data: {}, meta: {} });
  const [row] = (await store.get(`${R}?${FULL}`)).body.data;
  assert.deepEqual([row.price, row.currency, row.sale_price, row.bulk_pricing_tiers], [11, 'usd', null, []]);
  const mixed = await store.post(R, [
    { variant_id: a, currency: 'usd', price: 1 },
    { variant_id: b, currency: 'usd', price: 2 },
  ]);
  assert.equal(mixed.status, 422);
  assert.deepEqual(
    mixed.body.batch_errors.map((e) => e.data),
    [{ price_list_id: id, variant_id: a, currency: 'usd' }],
  );
  assert.equal((await store.get(`${R}/${b}/usd`)).body.data.price, 2);
  store.switch('price_batch_partial_saves', false);
  assert.equal(
    (
      await store.put(R, [
        { variant_id: c, currency: 'usd', price: 3 },
        { variant_id: 9999999, currency: 'usd' },
      ])
    ).status,
    422,
  );
  assert.equal((await store.get(`${R}/${c}/usd`)).status, 404);
  store.switch('price_batch_partial_saves', true);
  const { sku } = store.cat.findChild('variants', c);
  assert.equal((await store.put(R, [{ sku, currency: 'eur', price: 4 }])).status, 200);
  assert.equal((await store.get(`${R}/${c}/eur`)).body.data.price, 4);
  const bad = async (item) => (await store.put(R, [item])).status;
  assert.equal(await bad({ currency: 'usd', price: 1 }), 422);
  assert.equal(await bad({ variant_id: a, price: 1 }), 422);
  assert.equal(await bad({ variant_id: a, currency: 'xyz', price: 1 }), 422);
  assert.equal(await bad({ variant_id: a, currency: 'usd', price: '1' }), 422);
  assert.equal(await bad({ variant_id: a, currency: 'usd', sale_price: null }), 422);
});

test('batches have their limits', async () => {
  const rows = (n) => Array.from({ length: n }, () => ({ variant_id: 9999999, currency: 'usd' }));
  assert.equal((await store.post(`${P}/1/records`, rows(101))).status, 413);
  assert.equal((await store.put(`${P}/1/records`, rows(1001))).status, 413);
  assert.equal((await store.put(`${P}/records`, rows(101))).status, 413);
  assert.equal((await store.put(`${P}/1/records`, rows(1000))).status, 422);
});

test('a PUT without tiers keeps or clears them', async () => {
  const { id } = (await store.post(P, { name: 'Tiers' })).body.data;
  const [a] = store.cat.lists.variants.slice(0, 1);
  const at = `${P}/${id}/records/${a}/usd`;
  const tiers = [{ quantity_min: 5, quantity_max: 9, type: 'percent', amount: 2.5 }];
  assert.deepEqual((await store.put(at, { price: 5, bulk_pricing_tiers: tiers })).body.data.bulk_pricing_tiers, tiers);
  assert.deepEqual((await store.put(at, { price: 6 })).body.data.bulk_pricing_tiers, tiers);
  store.switch('price_put_without_tiers', 'clear');
  assert.deepEqual((await store.put(at, { price: 7 })).body.data.bulk_pricing_tiers, []);
  store.switch('price_put_without_tiers', 'keep');
});

test('nothing is deleted without a filter', async () => {
  for (const path of [P, `${P}/1/records`, `${P}/assignments`]) assert.equal((await store.del(path)).status, 422, path);
  const [r] = (await store.get(`${P}/1/records?limit=1`)).body.data;
  assert.equal((await store.del(`${P}/1/records?variant_id:in=${r.variant_id}&currency=gbp`)).status, 204);
  assert.equal((await store.get(`${P}/1/records/${r.variant_id}/${r.currency}`)).status, 200);
  assert.equal((await store.del(`${P}/1/records?variant_id:in=${r.variant_id}`)).status, 204);
  assert.equal((await store.get(`${P}/1/records/${r.variant_id}/${r.currency}`)).status, 404);
  assert.equal((await store.del(`${P}?id:in=3`)).status, 204);
  assert.equal((await store.get(`${P}/3`)).status, 404);
});

test('price list names are unique, dates move with writes', async () => {
  const [l] = (await store.get(`${P}?limit=1`)).body.data;
  assert.equal((await store.post(P, { name: l.name.toUpperCase() })).status, 409);
  assert.equal((await store.put(`${P}/${l.id}`, { active: true })).status, 422, 'name is required');
  const put = await store.put(`${P}/${l.id}`, { name: l.name, active: !l.active });
  assert.equal(put.body.data.active, !l.active);
  assert.match(put.body.data.date_modified, /^2026-01-10T12:\d\d:\d\dZ$/);
  assert.equal((await store.get(`${P}?date_modified:min=2026-01-10T00:00:00Z&id:in=${l.id}`)).body.data.length, 1);
});

test('assignments: references exist, one list per group and channel, PUT replaces', async () => {
  const A = `${P}/assignments`;
  const group = [...store.fake.customers.groups.values()].find((g) => !g.discount_rules.length).id;
  const ruled = [...store.fake.customers.groups.values()].find((g) => g.discount_rules.some((d) => d.type !== 'price_list'));
  const post = async (row) => (await store.post(A, [row])).status;
  assert.ok((await store.get(A)).body.data.length);
  assert.equal(await post({ price_list_id: 1 }), 422);
  assert.equal(await post({ price_list_id: 1, customer_group_id: 9999, channel_id: 1 }), 422);
  if (ruled) assert.equal(await post({ price_list_id: 1, customer_group_id: ruled.id, channel_id: 1 }), 422);
  await store.del(`${A}?customer_group_id=${group}`);
  const made = await store.post(A, [{ price_list_id: 1, customer_group_id: group, channel_id: 1 }]);
  assert.deepEqual([made.status, made.bytes.length], [200, 0]);
  assert.equal(await post({ price_list_id: 2, customer_group_id: group, channel_id: 1 }), 422, 'the pair has a list');
  const put = await store.put(`${P}/2/assignments`, { customer_group_id: group, channel_id: 1 });
  assert.equal(put.body.data.price_list_id, 2);
  assert.equal((await store.get(`${A}?customer_group_id=${group}&channel_id=1`)).body.data.length, 1);
  assert.equal((await store.put(`${P}/2/assignments`, { customer_group_id: 9999, channel_id: 1 })).status, 404);
  assert.equal(
    (
      await store.post(
        A,
        Array.from({ length: 26 }, () => ({ price_list_id: 1, channel_id: 2 })),
      )
    ).status,
    413,
  );
});

test('random edits of pricing types are real and repeatable', async () => {
  const kinds = ['edit:price_records', 'create:price_records', 'delete:price_records', 'edit:price_lists', 'delete:price_list_assignments'];
  const { changes } = await store.control('POST', 'random_edits', { n: 25, seed: 5, kinds });
  for (const c of changes.filter((x) => x.type === 'price_records' && x.change === 'create')) {
    const [list, variant, currency] = c.id.split('/');
    const later = changes.slice(changes.indexOf(c) + 1).some((x) => x.id === c.id && x.change === 'delete');
    assert.equal((await store.get(`${P}/${list}/records/${variant}/${currency}`)).status, later ? 404 : 200);
  }
  const twin = async () => {
    const other = await openStore({ seed: 9, priceLists: 4, priceRecords: 90 });
    return (await other.control('POST', 'random_edits', { n: 25, seed: 5, kinds })).changes;
  };
  assert.deepEqual(await twin(), await twin());
});
