// Options, variants, modifiers, complex rules.

import test from 'node:test';
import assert from 'node:assert/strict';
import { openStore } from './open_store.mjs';

const store = await openStore();
const P = '/v3/catalog/products';
let n = 0;
const make = async (fields = {}) =>
  (await store.post(P, { name: `Made ${++n}x`, type: 'physical', weight: 1, price: 10, ...fields })).body.data;
const withColor = async () => {
  const p = await make();
  const { data: option } = (
    await store.post(`${P}/${p.id}/options`, {
      display_name: 'Color',
      type: 'dropdown',
      option_values: [
        { label: 'A', sort_order: 0 },
        { label: 'B', sort_order: 1 },
      ],
    })
  ).body;
  return { p, option, at: `${P}/${p.id}`, ref: (k) => [{ option_id: option.id, id: option.option_values[k].id }] };
};

test('an option alone makes no variants; the first variant ends the base variant', async () => {
  const { p, at, ref } = await withColor();
  assert.deepEqual(
    (await store.get(`${at}/variants`)).body.data.map((v) => v.id),
    [p.base_variant_id],
  );
  const v = (await store.post(`${at}/variants`, { sku: `C-${n}-A`, option_values: ref(0) })).body.data;
  assert.equal(v.option_values[0].label, 'A');
  assert.equal(v.price, null);
  assert.equal(v.calculated_price, 10);
  assert.deepEqual(
    (await store.get(`${at}/variants`)).body.data.map((x) => x.id),
    [v.id],
  );
  assert.equal((await store.get(at)).body.data.base_variant_id, null);
});

test('variants need every option once, a free combination, a free sku', async () => {
  const { at, ref } = await withColor();
  await store.post(`${at}/variants`, { sku: `D-${n}-A`, option_values: ref(0) });
  const status = async (body) => (await store.post(`${at}/variants`, body)).status;
  assert.equal(await status({ sku: `D-${n}-B`, option_values: ref(0) }), 409);
  assert.equal(await status({ sku: `d-${n}-a`, option_values: ref(1) }), 409);
  assert.equal(await status({ sku: `D-${n}-B`, option_values: [] }), 422);
  assert.equal(await status({ option_values: ref(1) }), 422);
  assert.equal(await status({ sku: `D-${n}-B`, option_values: [{ option_id: 1, id: 1 }] }), 422);
});

test('a base variant cannot be posted or deleted, a blank sku is 422 with code 22004', async () => {
  const p = await make({ sku: 'BASE-1' });
  assert.equal((await store.post(`${P}/${p.id}/variants`, { sku: 'X', option_values: [] })).status, 422);
  assert.equal((await store.del(`${P}/${p.id}/variants/${p.base_variant_id}`)).status, 422);
  const blank = await store.put(`${P}/${p.id}/variants/${p.base_variant_id}`, { sku: '' });
  assert.deepEqual([blank.status, blank.body.code], [422, 22004]);
});

test('a base variant is the product: writing one changes the other', async () => {
  const p = await make({ sku: 'BASE-2' });
  await store.put(`${P}/${p.id}/variants/${p.base_variant_id}`, { price: 3.5 });
  assert.equal((await store.get(`${P}/${p.id}`)).body.data.price, 3.5);
  await store.put(`${P}/${p.id}`, { sku: 'BASE-3' });
  assert.equal((await store.get(`${P}/${p.id}/variants`)).body.data[0].sku, 'BASE-3');
});

test('null and 0 stay different prices of a variant', async () => {
  const { at, ref } = await withColor();
  const v = (await store.post(`${at}/variants`, { sku: `N-${n}`, price: 0, option_values: ref(0) })).body.data;
  assert.equal(v.price, 0);
  assert.equal((await store.put(`${at}/variants/${v.id}`, { price: null })).body.data.price, null);
});

test('deleting a value takes its variants, deleting the option makes the product simple again with a new base variant', async () => {
  const { p, at, option, ref } = await withColor();
  const a = (await store.post(`${at}/variants`, { sku: `E-${n}-A`, option_values: ref(0) })).body.data;
  const b = (await store.post(`${at}/variants`, { sku: `E-${n}-B`, option_values: ref(1) })).body.data;
  assert.equal((await store.del(`${at}/options/${option.id}/values/${option.option_values[0].id}`)).status, 204);
  assert.deepEqual(
    (await store.get(`${at}/variants`)).body.data.map((v) => v.id),
    [b.id],
  );
  assert.equal((await store.get(`${at}/variants/${a.id}`)).status, 404);
  await store.del(`${at}/options/${option.id}`);
  const now = (await store.get(`${at}?include=variants`)).body.data;
  assert.ok(now.base_variant_id > p.base_variant_id);
  assert.deepEqual(
    now.variants.map((v) => v.id),
    [now.base_variant_id],
  );
});

test('the variant batch takes 50, updates by id, reports failures as batch_errors and keeps the good rows', async () => {
  const { p, at, ref } = await withColor();
  const v = (await store.post(`${at}/variants`, { sku: `F-${n}`, option_values: ref(0) })).body.data;
  const bad = await store.put('/v3/catalog/variants', [
    { id: v.id, price: 4 },
    { id: 99999999, price: 1 },
  ]);
  assert.equal(bad.status, 422);
  assert.equal(bad.body.batch_errors.length, 1);
  assert.equal((await store.get(`${at}/variants/${v.id}`)).body.data.price, 4);
  assert.equal((await store.put('/v3/catalog/variants', [{ product_id: p.id, sku: `F-${n}-2`, option_values: ref(1) }])).status, 200);
  assert.equal(
    (
      await store.put(
        '/v3/catalog/variants',
        Array.from({ length: 51 }, () => ({ id: v.id, price: 1 })),
      )
    ).status,
    413,
  );
  store.switch('variants_batch_partial_saves', false);
  await store.put('/v3/catalog/variants', [
    { id: v.id, price: 8 },
    { id: 99999999, price: 1 },
  ]);
  assert.equal((await store.get(`${at}/variants/${v.id}`)).body.data.price, 4);
  store.switch('variants_batch_partial_saves', true);
});

test('variants inside a product POST make the options they name', async () => {
  const p = await make({
    variants: [
      ['S', 'R'],
      ['M', 'R'],
    ].map(([s, c], k) => ({
      sku: `INL-${k}`,
      option_values: [
        { option_display_name: 'Size', label: s },
        { option_display_name: 'Color', label: c },
      ],
    })),
  });
  assert.equal(p.variants.length, 2);
  assert.equal(p.base_variant_id, null);
  assert.deepEqual(
    p.options.map((o) => [o.display_name, o.option_values.length]),
    [
      ['Size', 2],
      ['Color', 1],
    ],
  );
});

test('option and modifier names are unique together', async () => {
  const { at } = await withColor();
  assert.equal((await store.post(`${at}/modifiers`, { type: 'text', required: false, display_name: 'color' })).status, 409);
  assert.equal(
    (await store.post(`${at}/options`, { display_name: 'COLOR', type: 'dropdown', option_values: [{ label: 'x', sort_order: 0 }] })).status,
    409,
  );
  assert.equal((await store.post(`${at}/options`, { display_name: 'Size', type: 'dropdown', option_values: [] })).status, 422);
  assert.equal(
    (await store.post(`${at}/options`, { display_name: 'Size', type: 'swatch', option_values: [{ label: 'x', sort_order: 0 }] })).status,
    422,
    'a swatch needs colors',
  );
});

test('a product bound to an option set refuses option and modifier writes', async () => {
  const p = await make();
  await store.control('POST', 'edit', { type: 'products', id: p.id, set: { option_set_id: 12 } });
  assert.equal(
    (await store.post(`${P}/${p.id}/options`, { display_name: 'Size', type: 'dropdown', option_values: [{ label: 'x', sort_order: 0 }] }))
      .status,
    422,
  );
  assert.equal((await store.post(`${P}/${p.id}/modifiers`, { type: 'text', required: false, display_name: 'T' })).status, 422);
});

test('checkbox modifiers get Yes and No from the store; adjusters come in a second call', async () => {
  const p = await make();
  const at = `${P}/${p.id}/modifiers`;
  assert.equal(
    (await store.post(at, { type: 'checkbox', required: false, display_name: 'Gift', option_values: [{ label: 'Yes', sort_order: 0 }] }))
      .status,
    422,
  );
  const m = (
    await store.post(at, {
      type: 'checkbox',
      required: false,
      display_name: 'Gift',
      config: { checkbox_label: 'Wrap', checked_by_default: false },
    })
  ).body.data;
  assert.deepEqual(
    m.option_values.map((v) => [v.label, v.value_data.checked_value, v.is_default]),
    [
      ['Yes', true, false],
      ['No', false, true],
    ],
  );
  const v = (
    await store.put(`${at}/${m.id}/values/${m.option_values[0].id}`, { adjusters: { price: { adjuster: 'relative', adjuster_value: 5 } } })
  ).body.data;
  assert.deepEqual(v.adjusters.price, { adjuster: 'relative', adjuster_value: 5 });
  assert.equal((await store.put(`${at}/${m.id}`, { display_name: 'Gift 2' })).status, 422, 'type and required are repeated');
  const d = (
    await store.post(at, {
      type: 'dropdown',
      required: false,
      display_name: 'X',
      option_values: [{ label: 'a', sort_order: 0, adjusters: { price: { adjuster: 'relative', adjuster_value: 5 } } }],
    })
  ).body.data;
  assert.equal(d.option_values[0].adjusters.price, null);
  assert.equal(
    (
      await store.post(at, {
        type: 'date',
        required: false,
        display_name: 'D',
        config: { date_limited: true, date_earliest_value: '2024-01-01' },
      })
    ).status,
    422,
  );
});

test('complex rules need two modifiers or a variant and a modifier, and may not repeat', async () => {
  const p = await make();
  const at = `${P}/${p.id}`;
  const mods = [];
  for (const name of ['One', 'Two'])
    mods.push((await store.post(`${at}/modifiers`, { type: 'checkbox', required: false, display_name: name })).body.data);
  const c = (k) => ({ modifier_id: mods[k].id, modifier_value_id: mods[k].option_values[0].id });
  assert.equal((await store.post(`${at}/complex-rules`, { conditions: [c(0)] })).status, 422);
  assert.equal((await store.post(`${at}/complex-rules`, { conditions: [c(0), c(1)] })).status, 200);
  assert.equal((await store.post(`${at}/complex-rules`, { conditions: [c(1), c(0)] })).status, 409);
  assert.equal((await store.post(`${at}/complex-rules`, { conditions: [c(0), { variant_id: p.base_variant_id }] })).status, 200);
  assert.equal((await store.post(`${at}/complex-rules`, { conditions: [c(0), { modifier_id: 1, modifier_value_id: 1 }] })).status, 422);
  await store.del(`${at}/modifiers/${mods[1].id}`);
  assert.equal((await store.get(`${at}/complex-rules`)).body.data.length, 1, 'rules of a deleted modifier go with it');
});
