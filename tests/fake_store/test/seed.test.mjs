// The seeded store: deterministic, lazy, realistic, and its exact text.

import test from 'node:test';
import assert from 'node:assert/strict';
import { openStore } from './open_store.mjs';
import { FakeStore } from '../fake_store.mjs';
import { fullItem } from '../state/product_record.mjs';
import { JsonText, Num } from '../json_text.mjs';

const P = '/v3/catalog/products';

test('the same seed gives the same store, another seed another one', () => {
  const text = (seed) => {
    const f = new FakeStore({ seed, products: 50 });
    return new JsonText().write(f.catalog.products.toArray().map((id) => fullItem(f.catalog.record(id))));
  };
  assert.equal(text(4), text(4));
  assert.notEqual(text(4), text(5));
});

test('ids of all parts are unique over the store and rise with the product', () => {
  const { catalog } = new FakeStore({ products: 2000 });
  for (const part of [
    'variants',
    'images',
    'options',
    'modifiers',
    'custom_fields',
    'reviews',
    'metafields',
    'complex_rules',
    'videos',
    'bulk_pricing_rules',
    'variant_metafields',
  ]) {
    const ids = catalog.products.toArray().flatMap((id) =>
      catalog
        .record(id)
        .part(part)
        .map((x) => x.id),
    );
    assert.deepEqual(
      ids,
      [...new Set(ids)].sort((a, b) => a - b),
      part,
    );
  }
});

test('the mix of products is realistic', () => {
  const { catalog } = new FakeStore({ products: 3000 });
  const records = catalog.products.toArray().map((id) => catalog.record(id));
  const share = (test) => records.filter(test).length / records.length;
  const near = (value, low, high) => assert.ok(value >= low && value <= high, `${value} is not in ${low}..${high}`);
  near(
    share((r) => r.part('options').length),
    0.15,
    0.25,
  );
  near(
    share((r) => r.part('modifiers').length),
    0.07,
    0.13,
  );
  near(
    share((r) => r.part('modifiers').length && !r.part('options').length),
    0.04,
    0.12,
  );
  near(
    share((r) => r.part('images').length),
    0.85,
    0.95,
  );
  near(
    share((r) => r.part('reviews').length),
    0.07,
    0.13,
  );
  near(
    share((r) => r.part('metafields').length),
    0.07,
    0.13,
  );
  near(
    share((r) => r.part('complex_rules').length),
    0.005,
    0.1,
  );
  const bytes = records.reduce((n, r) => n + Buffer.byteLength(new JsonText().write(fullItem(r))), 0) / records.length;
  near(bytes, 5000, 7000);
  assert.ok(
    records.some((r) => /[\u0590-\u06ff]/.test(r.row.name)),
    'a right-to-left name',
  );
  assert.ok(
    records.some((r) => /🎉|☕/.test(r.row.name)),
    'an emoji',
  );
  assert.ok(
    records.some((r) => r.row.preorder_message === '0') && records.some((r) => r.row.preorder_release_date === ''),
    'recorded oddities',
  );
  assert.ok(
    records.some((r) => r.row.related_products[0] === -1) && records.some((r) => r.row.legacy_import_tag),
    'sentinels and undeclared properties',
  );
});

test('one product has 600 variants when there are 1000 products or more', () => {
  const { catalog } = new FakeStore({ products: 1000 });
  const giant = catalog.record(catalog.giantProductId).part('variants');
  assert.equal(giant.length, 600);
  assert.equal(new Set(giant.map((v) => v.option_values.map((o) => o.id).join())).size, 600);
});

test('names, skus and urls are found without an index, for every seeded product', () => {
  const { catalog } = new FakeStore({ products: 1500 });
  for (const id of catalog.products.toArray()) {
    const { row } = catalog.record(id);
    assert.equal(catalog.findName(row.name), id, row.name);
    assert.equal(catalog.findUrl(row.custom_url.url)?.id, id);
    for (const v of catalog.record(id).part('variants').slice(0, 3))
      if (v.sku) assert.deepEqual(catalog.findSku(v.sku.toLowerCase()), { productId: id, variantId: v.id });
  }
});

test('500,000 products are listed without being held', async () => {
  const store = await openStore({ products: 500000 });
  assert.equal(store.cat.overlay.size, 0);
  const far = await store.get(`${P}?limit=250&page=2000&include_fields=name`);
  assert.deepEqual([far.body.data.length, far.body.meta.pagination.total], [250, 500000]);
  assert.ok((await store.control('GET', 'health')).rss_bytes < 400e6);
});

test('numbers keep their text, descriptions carry escaped slashes', async () => {
  const store = await openStore({ products: 200 });
  const page = (await store.get(`${P}?limit=250`)).text;
  assert.match(page, /"price":\d+\.\d{2}00,/);
  assert.match(page, /<\\\/p>/);
  store.switch('odd_number_text', false);
  assert.doesNotMatch((await store.get(`${P}?limit=250`)).text, /"price":\d+\.\d{2}00,/);
  const id = store.cat.products.ids[0];
  await store.control('POST', 'edit', {
    type: 'products',
    id,
    set: { price: { $num: '1e2' }, extra: { $num: '123456789012345678901234567890' } },
  });
  const one = (await store.get(`${P}/${id}`)).text;
  assert.match(one, /"price":1e2,/);
  assert.match(one, /"extra":123456789012345678901234567890/);
});

test('an item can be given byte for byte, in lists and alone', async () => {
  const store = await openStore({ products: 20 });
  const id = store.cat.products.ids[1];
  const bytes = Buffer.concat([Buffer.from(`{ "id":${id},\n "a":1, "a":2.50, "bad":"`), Buffer.from([0xff, 0xfe]), Buffer.from('" }')]);
  await store.control('PUT', `raw/products/${id}`, bytes);
  for (const path of [`${P}/${id}`, `${P}?limit=3&include=variants`]) assert.ok((await store.get(path)).bytes.includes(bytes), path);
  const around = (await store.get(`${P}?id:in=${store.cat.products.ids[0]},${id}`)).bytes;
  assert.ok(around.includes(Buffer.from('},{ "id"')) && around.toString('latin1').endsWith('"total_pages":1}}}'));
  await store.control('DELETE', `raw/products/${id}`);
  assert.equal((await store.get(`${P}/${id}`)).body.data.id, id);
});

test('--pretty answers the same JSON with newlines', async () => {
  const a = await openStore({ products: 20, pretty: true });
  const b = await openStore({ products: 20 });
  const pretty = await a.get(`${P}?limit=10&include=options,variants`);
  assert.match(pretty.text, /^\{\n    "data" : \[\n/);
  assert.deepEqual(pretty.body, (await b.get(`${P}?limit=10&include=options,variants`)).body);
});

test('--huge-page makes a page of 250 products that big', async () => {
  const store = await openStore({ products: 250, hugePage: 20e6 });
  const { bytes } = await store.get(`${P}?limit=250`);
  assert.ok(bytes.length > 20e6 && bytes.length < 23e6, String(bytes.length));
});

test('the writer gives plain JSON for everything else', () => {
  const value = { a: [1, 1.5, true, null, 'é"\\\u0001'], b: {}, c: [], d: { e: new Num('0.10') } };
  assert.equal(new JsonText().write(value), '{"a":[1,1.5,true,null,"é\\"\\\\\\u0001"],"b":{},"c":[],"d":{"e":0.10}}');
});
