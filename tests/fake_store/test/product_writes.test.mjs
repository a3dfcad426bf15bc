// Writes to products and their parts.

import test from 'node:test';
import assert from 'node:assert/strict';
import { openStore } from './open_store.mjs';

const store = await openStore();
const P = '/v3/catalog/products';
let n = 0;
const make = async (fields = {}) =>
  (await store.post(P, { name: `Made ${++n}x`, type: 'physical', weight: 1, price: 10, ...fields })).body.data;

test('a product needs name, type, weight and price', async () => {
  const r = await store.post(P, { name: 'Half' });
  assert.equal(r.status, 422);
  assert.deepEqual(Object.keys(r.body.errors).sort(), ['price', 'type', 'weight']);
});

test('a new product gets a new id, a base variant, four decimals and channel 1', async () => {
  const p = await make({ price: 10.99999, sku: 'NEW-1' });
  assert.equal(p.price, 11);
  assert.equal(p.base_variant_id, p.variants[0].id);
  assert.deepEqual([p.variants[0].sku, p.variants[0].sku_id, p.variants[0].option_values], ['NEW-1', null, []]);
  assert.match(p.date_created, /^2026-01-10T12:00:\d\d\+00:00$/);
  assert.deepEqual((await store.get(`${P}/${p.id}?include=channels`)).body.data.channels, [1]);
});

test('ids are never used twice', async () => {
  const first = await make();
  assert.equal((await store.del(`${P}/${first.id}`)).status, 204);
  const second = await make();
  assert.ok(second.id > first.id);
  assert.ok(second.base_variant_id > first.base_variant_id);
});

test('names and skus are unique whatever their case, over products and variants, seeded ones too', async () => {
  const seeded = store.find((r) => r.part('options').length && r.row.sku);
  const refused = async (fields) =>
    (await store.post(P, { name: `Other ${++n}x`, type: 'physical', weight: 1, price: 1, ...fields })).status;
  assert.equal(await refused({ name: seeded.row.name.toUpperCase() }), 409);
  assert.equal(await refused({ sku: seeded.row.sku.toLowerCase() }), 409);
  assert.equal(await refused({ sku: seeded.part('variants')[0].sku.toLowerCase() }), 409);
});

test('missing categories, brands and tax classes are 409', async () => {
  for (const fields of [{ categories: [999999] }, { brand_id: 999999 }, { tax_class_id: 200 }]) {
    assert.equal((await store.post(P, { name: `Bad ${++n}x`, type: 'physical', weight: 1, price: 1, ...fields })).status, 409);
  }
});

test('wrong types, enums and lengths are 422 with the field named', async () => {
  const p = await make();
  for (const [fields, key] of [
    [{ price: '10' }, 'price'],
    [{ condition: 'new' }, 'condition'],
    [{ name: 'x'.repeat(251) }, 'name'],
    [{ name: null }, 'name'],
    [{ categories: ['1'] }, 'categories.0'],
    [{ is_price_hidden: true }, 'is_price_hidden'],
    [{ is_preorder_only: true }, 'is_preorder_only'],
    [{ custom_url: { url: 'münchen' } }, 'custom_url.url'],
  ]) {
    const r = await store.put(`${P}/${p.id}`, fields);
    assert.equal(r.status, 422, JSON.stringify(fields));
    assert.ok(key in r.body.errors, `${key} in ${JSON.stringify(r.body.errors)}`);
  }
});

test('bodies: broken JSON 400, broken UTF-8 400, wrong content type 415', async () => {
  assert.equal((await store.post(P, '{"name":')).status, 400);
  assert.equal((await store.post(P, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))).status, 400);
  assert.equal((await store.post(P, 'name=x', { 'Content-Type': 'application/x-www-form-urlencoded' })).status, 415);
});

test('a PUT changes only what it names and moves date_modified; read-only fields are ignored', async () => {
  const record = store.find((r) => r.part('images').length > 1);
  const before = await store.control('GET', `item/products/${record.id}`);
  const r = await store.put(`${P}/${record.id}`, { sort_order: 7, date_created: '1999-01-01T00:00:00+00:00', calculated_price: 1, id: 5 });
  assert.equal(r.status, 200);
  const after = await store.control('GET', `item/products/${record.id}`);
  assert.match(after.date_modified, /^2026-01-10/);
  assert.deepEqual({ ...after, sort_order: before.sort_order, date_modified: before.date_modified }, before);
});

test('writes to parts leave date_modified alone unless the switch says otherwise', async () => {
  const record = store.find((r) => r.part('images').length && !r.row.date_modified.startsWith('2026'));
  const put = () => store.put(`${P}/${record.id}/images/${record.part('images')[0].id}`, { description: 'seen' });
  await put();
  assert.equal(store.cat.record(record.id).row.date_modified, record.row.date_modified);
  store.switch('parts_move_date_modified', true);
  await put();
  assert.match(store.cat.record(record.id).row.date_modified, /^2026/);
  store.switch('parts_move_date_modified', false);
});

test('a taken URL is 409 on create and 207 on update with everything else saved', async () => {
  const seeded = store.cat.record(store.cat.products.ids[0]).row.custom_url.url;
  assert.equal((await store.post(P, { name: 'Url x', type: 'physical', weight: 1, price: 1, custom_url: { url: seeded } })).status, 409);
  const p = await make();
  const r = await store.put(`${P}/${p.id}`, { custom_url: { url: seeded }, warranty: 'saved' });
  assert.equal(r.status, 207);
  assert.equal(r.body.data.warranty, 'saved');
  assert.ok('custom_url.url' in r.body.errors.errors);
  const category = [...store.cat.categories.values()][0];
  assert.equal((await store.put(`${P}/${p.id}`, { custom_url: { url: category.url.path } })).status, 207, 'categories share the space');
});

test('a batch takes 10 products; one bad item makes it 207, all bad ones 422 or 409, eleven 413', async () => {
  const ids = store.cat.products.slice(10, 21);
  assert.equal(
    (
      await store.put(
        P,
        ids.slice(0, 10).map((id) => ({ id, sort_order: 3 })),
      )
    ).status,
    200,
  );
  assert.equal(
    (
      await store.put(
        P,
        ids.map((id) => ({ id, sort_order: 3 })),
      )
    ).status,
    413,
  );
  const part = await store.put(P, [
    { id: ids[0], sort_order: 9 },
    { id: ids[1], price: -1 },
  ]);
  assert.equal(part.status, 207);
  assert.deepEqual(
    part.body.data.map((p) => p.id),
    [ids[0]],
  );
  assert.ok('1.price' in part.body.errors.errors);
  assert.equal((await store.put(P, [{ id: ids[0], brand_id: 999999 }])).status, 409);
  assert.equal((await store.put(P, [{ sort_order: 1 }])).status, 422);
});

test('DELETE on the bare collection is refused; by id:in it deletes what is there', async () => {
  const before = store.cat.products.length;
  assert.equal((await store.del(P)).status, 422);
  assert.equal((await store.del(`${P}?id:in=`)).status, 422);
  assert.equal(store.cat.products.length, before);
  const a = await make();
  const r = await store.del(`${P}?id:in=${a.id},999999`);
  assert.deepEqual([r.status, r.bytes.length, r.headers['content-type']], [204, 0, undefined]);
  assert.equal(store.cat.products.length, before);
});

test('deleting a product takes its variants, metafields and assignments along', async () => {
  const record = store.find((r) => r.part('metafields').length && r.part('channels').length);
  const [variant] = record.part('variants');
  const [meta] = record.part('metafields');
  assert.equal((await store.del(`${P}/${record.id}`)).status, 204);
  assert.equal((await store.get(`${P}/${record.id}/variants`)).status, 404);
  assert.deepEqual((await store.get(`/v3/catalog/variants?id=${variant.id}`)).body.data, []);
  assert.ok(!(await store.get(`${P}/metafields?limit=250`)).body.data.some((m) => m.id === meta.id));
  assert.deepEqual((await store.get(`${P}/channel-assignments?product_id:in=${record.id}`)).body.data, []);
});

test('custom fields: pairs are unique, bulk price ranges do not overlap', async () => {
  const p = await make({ custom_fields: [{ name: 'a', value: '1' }] });
  assert.equal((await store.post(`${P}/${p.id}/custom-fields`, { name: 'a', value: '1' })).status, 409);
  assert.equal((await store.post(`${P}/${p.id}/custom-fields`, { name: 'a', value: '' })).status, 422);
  assert.equal(
    (await store.post(`${P}/${p.id}/bulk-pricing-rules`, { quantity_min: 10, quantity_max: 0, type: 'price', amount: 1 })).status,
    200,
  );
  assert.equal(
    (await store.post(`${P}/${p.id}/bulk-pricing-rules`, { quantity_min: 20, quantity_max: 30, type: 'price', amount: 1 })).status,
    409,
  );
});

test('arrays in a product PUT add and update, and remove nothing unless the switch says so', async () => {
  const p = await make({
    custom_fields: [
      { name: 'a', value: '1' },
      { name: 'b', value: '2' },
    ],
  });
  const [a] = p.custom_fields;
  await store.put(`${P}/${p.id}`, {
    custom_fields: [
      { id: a.id, name: 'a', value: '9' },
      { name: 'c', value: '3' },
    ],
  });
  const values = async () => (await store.get(`${P}/${p.id}/custom-fields`)).body.data.map((f) => f.value);
  assert.deepEqual(await values(), ['9', '2', '3']);
  store.switch('put_arrays', 'replace');
  await store.put(`${P}/${p.id}`, { custom_fields: [{ id: a.id, name: 'a', value: '9' }] });
  store.switch('put_arrays', 'merge');
  assert.deepEqual(await values(), ['9']);
});

test('images: the only one is the thumbnail, a new thumbnail unsets the old, sort_order pushes others up', async () => {
  const p = await make();
  const post = async (b) => (await store.post(`${P}/${p.id}/images`, { image_url: 'https://example.com/a.jpg', ...b })).body.data;
  const one = await post({});
  assert.equal(one.is_thumbnail, true);
  const two = await post({ is_thumbnail: true, sort_order: 0 });
  const now = (await store.get(`${P}/${p.id}/images`)).body.data;
  assert.deepEqual(
    now.map((i) => [i.id, i.sort_order, i.is_thumbnail]),
    [
      [two.id, 0, true],
      [one.id, 1, false],
    ],
  );
  assert.equal((await store.post(`${P}/${p.id}/images`, { image_url: 'ftp://example.com/a.jpg' })).status, 400);
  assert.equal((await store.post(`${P}/${p.id}/images`, { description: 'no url' })).status, 422);
});

test('an image is uploaded as a form with image_file', async () => {
  const p = await make();
  const body = (name, bytes) =>
    Buffer.concat([
      Buffer.from(
        `--B\r\nContent-Disposition: form-data; name="description"\r\n\r\nFront\r\n--B\r\nContent-Disposition: form-data; name="${name}"; filename="f.png"\r\nContent-Type: image/png\r\n\r\n`,
      ),
      bytes,
      Buffer.from('\r\n--B--\r\n'),
    ]);
  const post = (b) => store.send('POST', `${P}/${p.id}/images`, b, { 'Content-Type': 'multipart/form-data; boundary=B' });
  const png = Buffer.from('89504e470d0a1a0a00', 'hex');
  const good = await post(body('image_file', png));
  assert.equal(good.body.data.description, 'Front');
  assert.equal((await post(body('file', png))).status, 422);
  assert.equal((await post(body('image_file', Buffer.from('text')))).status, 400);
  const { uploads } = await store.control('GET', 'uploads');
  assert.equal(uploads[uploads.length - 1].size, png.length);
});

test('an empty image list is data [] and 204 by switch', async () => {
  const p = await make();
  assert.deepEqual((await store.get(`${P}/${p.id}/images`)).body.data, []);
  store.switch('images_empty_is_204', true);
  assert.equal((await store.get(`${P}/${p.id}/images`)).status, 204);
  store.switch('images_empty_is_204', false);
});

test('reviews are counted by the store', async () => {
  const p = await make();
  await store.post(`${P}/${p.id}/reviews`, { title: 'a', date_reviewed: '2024-01-01T00:00:00Z', rating: 4, status: 'approved' });
  await store.post(`${P}/${p.id}/reviews`, { title: 'b', date_reviewed: '2024-01-01T00:00:00Z', rating: 1, status: 'pending' });
  const now = (await store.get(`${P}/${p.id}`)).body.data;
  assert.deepEqual([now.reviews_count, now.reviews_rating_sum], [1, 4]);
  assert.equal((await store.get(`${P}/${p.id}/reviews?status=1`)).body.data.length, 1);
});

test('channel and category assignments add pairs, remove by filter, and refuse unknown references', async () => {
  const p = await make();
  assert.equal((await store.put(`${P}/channel-assignments`, [{ product_id: p.id, channel_id: 2 }])).status, 204);
  const pairs = async () => (await store.get(`${P}/channel-assignments?product_id:in=${p.id}`)).body.data.map((x) => x.channel_id);
  assert.deepEqual(await pairs(), [1, 2]);
  const bad = await store.put(`${P}/channel-assignments`, [
    { product_id: p.id, channel_id: 77 },
    { product_id: 999999, channel_id: 1 },
  ]);
  assert.deepEqual([bad.status, Object.keys(bad.body.errors)], [422, ['0.channel_id', '1.product_id']]);
  assert.equal((await store.del(`${P}/channel-assignments`)).status, 422);
  assert.equal((await store.del(`${P}/channel-assignments?product_id:in=${p.id}&channel_id:in=1`)).status, 204);
  assert.deepEqual(await pairs(), [2]);
  const category = [...store.cat.categories.keys()][3];
  await store.put(`${P}/category-assignments`, [{ product_id: p.id, category_id: category }]);
  assert.deepEqual((await store.get(`${P}/${p.id}`)).body.data.categories, [category]);
  assert.ok((await store.get(`${P}?categories:in=${category}&limit=250`)).body.data.some((x) => x.id === p.id));
});
