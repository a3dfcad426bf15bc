// A store can be rebuilt from its own answers. Promises: every seeded product may be put back as it is, and a deleted one may be posted again with
// all its parts, so no rule refuses what the store itself shows.

import test from 'node:test';
import assert from 'node:assert/strict';
import { openStore } from './open_store.mjs';
import { createSpec, updateSpec } from '../endpoints/product_rules.mjs';

const store = await openStore({ products: 260, switches: { odd_number_text: false } });
const P = '/v3/catalog/products';
const PARTS = new Set(['custom_fields', 'bulk_pricing_rules', 'images', 'videos', 'variants']);
const writable = (spec, row) =>
  Object.fromEntries(Object.entries(row).filter(([k]) => spec.fields[k] && spec.fields[k].kind !== 'readOnly' && !PARTS.has(k)));
const ok = (r, what) => {
  assert.ok(r.status === 200 || r.status === 201, `${what}: ${r.status} ${r.text.slice(0, 300)}`);
  return r.body.data;
};
const without = (row, ...names) => Object.fromEntries(Object.entries(row).filter(([k]) => !names.includes(k)));

test('every seeded product may be put back as it is', async () => {
  for (const id of store.cat.products.toArray()) {
    const row = ok(await store.get(`${P}/${id}`), 'get');
    ok(await store.put(`${P}/${id}`, writable(updateSpec, row)), `put ${id}`);
    const after = ok(await store.get(`${P}/${id}`), 'get');
    assert.deepEqual({ ...after, date_modified: row.date_modified }, row);
  }
});

// Product lists name other products, which may have been made again under a new id before.
const moved = new Map();
const remapped = (data) => (data?.product_id ? { product_id: moved.get(data.product_id) ?? data.product_id } : data);

async function rebuild(old) {
  const made = ok(await store.post(P, writable(createSpec, old)), 'product');
  moved.set(old.id, made.id);
  const at = `${P}/${made.id}`;
  const values = new Map();
  const options = new Map();
  for (const o of old.options) {
    const option_values = o.option_values.map((v) => (o.type === 'swatch' ? without(v, 'id', 'is_default') : without(v, 'id')));
    const now = ok(await store.post(`${at}/options`, { ...without(o, 'id', 'product_id', 'name', 'config'), option_values }), 'option');
    options.set(o.id, now.id);
    o.option_values.forEach((v, n) => values.set(v.id, now.option_values[n].id));
  }
  const variants = new Map([[old.variants[0].id, made.base_variant_id]]);
  for (const v of old.variants.filter((x) => x.option_values.length)) {
    const option_values = v.option_values.map((x) => ({ id: values.get(x.id), option_id: options.get(x.option_id) }));
    variants.set(
      v.id,
      ok(await store.post(`${at}/variants`, { ...without(v, 'id', 'product_id', 'sku_id', 'image_url'), option_values }), 'variant').id,
    );
  }
  const modifiers = new Map();
  for (const m of old.modifiers) {
    const config = { ...m.config };
    for (const k of ['date_earliest_value', 'date_latest_value']) if (config[k]) config[k] += 'T00:00:00+00:00';
    const body = { type: m.type, required: m.required, display_name: m.display_name, sort_order: m.sort_order };
    if (Object.keys(config).length) body.config = config;
    if (m.option_values.length && m.type !== 'checkbox')
      body.option_values = m.option_values.map((v) => ({
        ...without(v, 'id', 'option_id', 'adjusters'),
        value_data: remapped(v.value_data),
      }));
    const now = ok(await store.post(`${at}/modifiers`, body), 'modifier');
    modifiers.set(m.id, now.id);
    for (const [n, v] of m.option_values.entries()) {
      values.set(v.id, now.option_values[n].id);
      ok(
        await store.put(`${at}/modifiers/${now.id}/values/${now.option_values[n].id}`, {
          label: v.label,
          sort_order: v.sort_order,
          adjusters: v.adjusters,
        }),
        'adjusters',
      );
    }
  }
  for (const r of old.complex_rules) {
    const conditions = r.conditions.map((c) => ({
      modifier_id: modifiers.get(c.modifier_id) ?? null,
      modifier_value_id: values.get(c.modifier_value_id) ?? null,
      variant_id: c.variant_id === null ? null : variants.get(c.variant_id),
    }));
    ok(await store.post(`${at}/complex-rules`, { ...without(r, 'id', 'product_id'), conditions }), 'rule');
  }
  for (const i of old.images)
    ok(
      await store.post(`${at}/images`, {
        image_url: i.url_zoom,
        is_thumbnail: i.is_thumbnail,
        sort_order: i.sort_order,
        description: i.description,
      }),
      'image',
    );
  for (const v of old.videos) ok(await store.post(`${at}/videos`, without(v, 'id', 'product_id', 'length')), 'video');
  for (const f of old.custom_fields) ok(await store.post(`${at}/custom-fields`, without(f, 'id')), 'field');
  for (const b of old.bulk_pricing_rules) ok(await store.post(`${at}/bulk-pricing-rules`, without(b, 'id')), 'bulk');
  for (const r of old.reviews) ok(await store.post(`${at}/reviews`, without(r, 'id', 'date_created', 'date_modified')), 'review');
  for (const m of old.metafields)
    ok(
      await store.post(`${at}/metafields`, {
        key: m.key,
        value: m.value,
        namespace: m.namespace,
        permission_set: m.permission_set,
        description: m.description,
      }),
      'metafield',
    );
  return store.control('GET', `item/products/${made.id}`);
}

/** Everything but ids, clocks and names that the store makes. */
function essence(full) {
  const gone = new Set([
    'id',
    'product_id',
    'option_id',
    'sku_id',
    'resource_id',
    'rule_id',
    'base_variant_id',
    'modifier_id',
    'modifier_value_id',
    'variant_id',
    'date_created',
    'date_modified',
    'owner_client_id',
    'image_file',
    'url_zoom',
    'url_standard',
    'url_thumbnail',
    'url_tiny',
    'image_url',
    'channels',
    'variant_metafields',
    'length',
    'legacy_import_tag',
    'extra_attributes',
    'view_count',
    'config',
    'is_default',
  ]);
  const walk = (v, key) => {
    if (Array.isArray(v)) return v.map((x) => walk(x, key));
    if (!v || typeof v !== 'object') return v;
    return Object.fromEntries(
      Object.entries(v)
        .filter(([k]) => !gone.has(k) && !(k === 'name' && 'display_name' in v))
        .map(([k, x]) => [k, walk(x, k)]),
    );
  };
  return walk(full, '');
}

test('a deleted product with all its parts may be made again and looks the same', async () => {
  let rebuilt = 0;
  for (const id of store.cat.products.toArray()) {
    const old = await store.control('GET', `item/products/${id}`);
    if (old.option_set_id !== null) continue;
    assert.equal((await store.del(`${P}/${id}`)).status, 204);
    const now = await rebuild(old);
    assert.ok(now.id > id);
    assert.deepEqual(essence(now), essence(old), `product ${id}`);
    rebuilt++;
  }
  assert.ok(rebuilt > 200);
});
