// Brands, categories, trees, metafields.

import test from 'node:test';
import assert from 'node:assert/strict';
import { openStore } from './open_store.mjs';

const store = await openStore();
const C = '/v3/catalog';

test('brands: unique names, 207 for a taken URL, DELETE by name only', async () => {
  const b = (await store.post(`${C}/brands`, { name: 'Acme' })).body.data;
  assert.equal((await store.post(`${C}/brands`, { name: 'ACME' })).status, 409);
  const other = await store.post(`${C}/brands`, { name: 'Acme 2', custom_url: { url: b.custom_url.url } });
  assert.equal(other.status, 207);
  assert.equal((await store.put(`${C}/brands/${b.id}`, { page_title: 'x' })).status, 422, 'name is required in a PUT');
  assert.equal((await store.del(`${C}/brands`)).status, 422);
  assert.equal((await store.del(`${C}/brands?page_title=x`)).status, 422);
  assert.equal((await store.del(`${C}/brands?name=acme`)).status, 204);
  assert.equal((await store.get(`${C}/brands/${b.id}`)).status, 404);
});

test('deleting a brand clears brand_id of its products, seeded and edited', async () => {
  const record = store.find((r) => r.row.brand_id);
  const brand = record.row.brand_id;
  const second = store.find((r) => r.row.brand_id === brand && r.id !== record.id);
  if (second) await store.put(`${C}/products/${second.id}`, { sort_order: 1 });
  assert.equal((await store.del(`${C}/brands/${brand}`)).status, 204);
  assert.equal((await store.get(`${C}/products/${record.id}`)).body.data.brand_id, 0);
  if (second) assert.equal((await store.get(`${C}/products/${second.id}`)).body.data.brand_id, 0);
  assert.ok(!(await store.get(`${C}/brands/metafields?limit=250`)).body.data.some((m) => m.resource_id === brand));
});

test('brand_name in a product write creates the brand', async () => {
  const p = (
    await store.post(`${C}/products`, { name: 'With brand x', type: 'physical', weight: 1, price: 1, brand_name: 'Silently made' })
  ).body.data;
  assert.equal((await store.get(`${C}/brands/${p.brand_id}`)).body.data.name, 'Silently made');
});

const T = `${C}/trees/categories`;
test('categories: exactly one of tree_id and parent_id, unique among siblings, 201, 207, 422', async () => {
  const made = await store.post(T, [{ name: 'Bath', tree_id: 1, url: { path: '/bath-x/', is_customized: false } }]);
  assert.equal(made.status, 201);
  const [bath] = made.body.data;
  assert.deepEqual(made.body.meta, { total: 1, success: 1, failed: 0 });
  assert.match(bath.category_uuid, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  const mixed = await store.post(T, [
    { name: 'Towels', parent_id: bath.category_id },
    { name: 'Both', parent_id: bath.category_id, tree_id: 1 },
    { name: 'bath', tree_id: 1 },
  ]);
  assert.equal(mixed.status, 207);
  assert.equal(mixed.body.data[0].url.path, '/bath-x/towels/');
  assert.deepEqual(Object.keys(mixed.body.errors.errors), ['1.tree_id', '2.name']);
  assert.deepEqual(mixed.body.meta, { total: 3, success: 1, failed: 2 });
  assert.equal((await store.post(T, [{ name: 'Neither' }])).status, 422);
  assert.equal((await store.post(T, [{ name: 'x'.repeat(51), tree_id: 1 }])).status, 422);
  const put = await store.put(T, [{ category_id: bath.category_id, description: 'd' }]);
  assert.deepEqual([put.status, put.body.data], [200, undefined]);
});

test('more than ten new categories without url fail as a whole', async () => {
  const rows = (n, url) =>
    Array.from({ length: n }, (_, k) => ({
      name: `Bulk ${n} ${k}`,
      tree_id: 1,
      ...(url ? { url: { path: `/bulk-${n}-${k}/`, is_customized: true } } : {}),
    }));
  const r = await store.post(T, rows(11));
  assert.deepEqual([r.status, r.body.title], [422, 'Url is required']);
  assert.equal((await store.post(T, rows(11, true))).status, 201);
  assert.equal((await store.post(T, rows(10))).status, 201);
});

test('deleting a category takes its children and its place in products; the bare collection is refused', async () => {
  const child = [...store.cat.categories.values()].find((c) => c.parent_id && store.find((r) => r.row.categories.includes(c.category_id)));
  const product = store.find((r) => r.row.categories.includes(child.category_id));
  assert.equal((await store.del(T)).status, 422);
  const r = await store.del(`${T}?category_id:in=${child.parent_id}`);
  assert.equal(r.status, 202);
  assert.ok(!store.cat.categories.has(child.category_id));
  assert.ok(!(await store.get(`${C}/products/${product.id}`)).body.data.categories.includes(child.category_id));
});

test('with the switch off a category with children is refused', async () => {
  store.switch('category_delete_cascades', false);
  const child = [...store.cat.categories.values()].find((c) => c.parent_id);
  assert.equal((await store.del(`${T}?category_id:in=${child.parent_id}`)).status, 422);
  store.switch('category_delete_cascades', true);
});

test('trees: channels on create only, one tree per channel, DELETE needs id:in', async () => {
  const names = async (body) => (await store.put(`${C}/trees`, body)).status;
  assert.equal(await names([{ id: 1, name: 'Main', channels: [1] }]), 422);
  assert.equal(await names([{ id: 1, name: 'Main' }]), 200);
  assert.equal(await names([{ name: 'Third', channels: [1] }]), 422, 'the channel has a tree');
  assert.equal((await store.del(`${C}/trees`)).status, 422);
  assert.equal((await store.del(`${C}/trees?id:in=2`)).status, 204);
  assert.ok([...store.cat.categories.values()].every((c) => c.tree_id !== 2));
  assert.equal(await names([{ name: 'Second', channels: [2] }]), 200);
});

test('metafields: one per namespace and key, value not empty, batches answer 422 with what worked', async () => {
  const id = store.cat.products.ids[2];
  const row = { permission_set: 'write', namespace: 'n', key: 'k', value: 'v' };
  const m = (await store.post(`${C}/products/${id}/metafields`, row)).body.data;
  assert.equal(m.owner_client_id, 'backstockclient');
  assert.equal((await store.post(`${C}/products/${id}/metafields`, row)).status, 409);
  assert.equal((await store.post(`${C}/products/${id}/metafields`, { ...row, key: 'e', value: '' })).status, 422);
  const batch = await store.post(`${C}/products/metafields`, [
    { ...row, key: 'b', resource_id: id },
    { ...row, resource_id: id },
    { ...row, resource_id: 999999 },
  ]);
  assert.equal(batch.status, 422);
  assert.deepEqual(batch.body.meta, { total: 3, success: 1, failed: 2 });
  assert.deepEqual(
    batch.body.errors.map((e) => e.status),
    [409, 404],
  );
  assert.equal((await store.put(`${C}/products/metafields`, [{ id: m.id, value: 'w' }])).status, 200);
  assert.equal((await store.del(`${C}/products/metafields`)).status, 422);
  assert.equal((await store.del(`${C}/products/metafields`, [m.id])).status, 200);
  assert.equal((await store.get(`${C}/products/${id}/metafields/${m.id}`)).status, 404);
});

test('without the full metafield scope foreign app_only rows are invisible and foreign read rows cannot be written', async () => {
  const all = (await store.get(`${C}/products/metafields?limit=250`)).body.data;
  const hidden = all.find((m) => m.permission_set === 'app_only' && m.owner_client_id !== 'backstockclient');
  const shown = all.find((m) => m.permission_set === 'read' && m.owner_client_id !== 'backstockclient');
  store.switch('metafield_access', 'own');
  const now = (await store.get(`${C}/products/metafields?limit=250`)).body.data;
  if (hidden) assert.ok(!now.some((m) => m.id === hidden.id));
  assert.ok(now.some((m) => m.id === shown.id));
  assert.equal((await store.put(`${C}/products/${shown.resource_id}/metafields/${shown.id}`, { value: 'x' })).status, 403);
  store.switch('metafield_access', 'full');
});

test('the legacy category DELETE refuses categories with products', async () => {
  const c = [...store.cat.categories.values()].find((x) => x.tree_id === 1 && store.find((r) => r.row.categories.includes(x.category_id)));
  assert.equal((await store.del(`${C}/categories/${c.category_id}`)).status, 422);
  assert.equal((await store.del(`${C}/categories`)).status, 422);
});

test('sort orders of products in a category are listed and written, not for products outside', async () => {
  const c = [...store.cat.categories.values()].find((x) => store.find((r) => r.row.categories.includes(x.category_id)));
  const at = `${C}/categories/${c.category_id}/products/sort-order`;
  const [row] = (await store.get(at)).body.data;
  assert.equal((await store.put(at, [{ product_id: row.product_id, sort_order: 42 }])).status, 200);
  assert.equal((await store.get(at)).body.data[0].sort_order, 42);
  const outside = store.find((r) => !r.row.categories.includes(c.category_id)).id;
  assert.equal((await store.put(at, [{ product_id: outside, sort_order: 1 }])).status, 422);
  assert.equal((await store.put(at, [{ product_id: row.product_id, sort_order: null }])).status, 422);
});
