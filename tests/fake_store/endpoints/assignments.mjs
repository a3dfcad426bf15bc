// Channel and category assignments of products, and the catalog summary. Promises: PUT adds pairs and removes none, DELETE needs a filter, every
// unknown reference is one entry of a 422.

import { Refusal, noContent, ok } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE } from '../query.mjs';
import { paged } from '../paging.mjs';
import { errorsOf, obj, int } from '../validate.mjs';

const KINDS = {
  channel: { field: 'channel_id', exists: (cat, id) => cat.channels.has(id) },
  category: { field: 'category_id', exists: (cat, id) => cat.categories.has(id) },
};

function listPairs(ctx, kind) {
  const { q, cat } = ctx;
  const { field } = KINDS[kind];
  const others = q[`${field}:in`] ? new Set(q[`${field}:in`]) : null;
  let flat;
  if (q['product_id:in']) {
    flat = [];
    for (const id of [...new Set(q['product_id:in'])].sort((a, b) => a - b))
      if (cat.products.has(id)) for (const other of cat.assigned(id, kind)) flat.push(id, other);
  } else flat = cat.pairs(kind).pairs;
  if (others) {
    const kept = [];
    for (let i = 0; i < flat.length; i += 2) if (others.has(flat[i + 1])) kept.push(flat[i], flat[i + 1]);
    flat = kept;
  }
  const rows = (o, n) => Array.from({ length: n }, (_, k) => ({ product_id: flat[2 * (o + k)], [field]: flat[2 * (o + k) + 1] }));
  return paged(ctx, flat.length / 2, rows);
}

function put(ctx, kind) {
  const { cat, body } = ctx;
  const { field, exists } = KINDS[kind];
  if (!Array.isArray(body) || !body.length) throw new Refusal(422, 'JSON data is missing or invalid', { body: 'an array is required' });
  const spec = obj({ product_id: int(1), [field]: int(1) }, ['product_id', field]);
  const errors = {};
  body.forEach((pair, n) => {
    for (const [k, v] of Object.entries(errorsOf(spec, pair, ctx.sw))) errors[`${n}.${k}`] = v;
    if (Number.isInteger(pair?.product_id) && !cat.products.has(pair.product_id))
      errors[`${n}.product_id`] = `The product ${pair.product_id} does not exist`;
    if (Number.isInteger(pair?.[field]) && !exists(cat, pair[field])) errors[`${n}.${field}`] = `The ${kind} ${pair[field]} does not exist`;
  });
  if (Object.keys(errors).length) throw new Refusal(422, 'Some references do not exist', errors);
  for (const pair of body)
    assign(ctx, kind, pair.product_id, (list) => (list.includes(pair[field]) ? list : [...list, pair[field]].sort((a, b) => a - b)));
  return noContent();
}

function assign(ctx, kind, productId, change) {
  const record = ctx.cat.edit(productId);
  if (kind === 'channel') record.parts.channels = change(record.parts.channels);
  else record.row.categories = change(record.row.categories);
  ctx.cat.partChanged(record);
}

function remove(ctx, kind) {
  const { q, cat } = ctx;
  const others = q[`${KINDS[kind].field}:in`];
  if (!q['product_id:in'] && !others) throw new Refusal(422, 'At least one filter must be provided.');
  const products = (q['product_id:in'] ?? cat.products.toArray()).filter((id) => cat.products.has(id));
  for (const id of products) {
    const now = cat.assigned(id, kind);
    const next = others ? now.filter((x) => !others.includes(x)) : [];
    if (next.length !== now.length) assign(ctx, kind, id, () => next);
  }
  return noContent();
}

function routesOf(kind) {
  const path = `/v3/catalog/products/${kind}-assignments`;
  const about = { type: `product_${kind}_assignment`, scope: 'products' };
  const filters = { 'product_id:in': 'ints', [`${KINDS[kind].field}:in`]: 'ints' };
  return [
    route('GET', path, { ...about, query: { ...PAGE, ...filters } }, (ctx) => listPairs(ctx, kind)),
    route('PUT', path, { ...about, body: 'json' }, (ctx) => put(ctx, kind)),
    route('DELETE', path, { ...about, query: filters }, (ctx) => remove(ctx, kind)),
  ];
}

/** Prices of the first page only: a summary of 500,000 products is not what the simulation is for. */
function summary(ctx) {
  const { cat } = ctx;
  const first = cat.products.slice(0, 200).map((id) => cat.record(id).row);
  const prices = first.map((r) => Number(r.price));
  const category = [...cat.categories.values()][0];
  return ok({
    inventory_count: first.reduce((a, r) => a + r.inventory_level, 0),
    variant_count: cat.lists.variants.length,
    inventory_value: 0,
    highest_variant_price: Math.max(0, ...prices),
    average_variant_price: prices.length ? prices.reduce((a, b) => a + b, 0) / prices.length : 0,
    lowest_variant_price: String(prices.length ? Math.min(...prices) : 0),
    oldest_variant_date: '2015-01-01',
    newest_variant_date: '2024-12-31',
    primary_category_id: category?.category_id ?? 0,
    primary_category_name: category?.name ?? '',
  });
}

export const assignmentRoutes = () => [
  ...routesOf('channel'),
  ...routesOf('category'),
  route('GET', '/v3/catalog/summary', { type: 'catalog_summary', scope: 'products' }, summary),
];
