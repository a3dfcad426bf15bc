// Product endpoints. Promises: create, partial update, batch of at most 10, delete by id or by filter only; 207 when only the URL failed.

import { Refusal, ok, noContent, answer, errorBody } from '../answers.mjs';
import { route } from '../router.mjs';
import { accept, errorsOf, fourDecimals } from '../validate.mjs';
import { LIST_QUERY, INCLUDES, PRODUCT_FIELDS, listProducts, productView, matchingIds } from './product_list.mjs';
import { createSpec, updateSpec, PARTS_IN_BODY, crossRules, conflicts, urlTaken, roundMoney, checkBulkRules } from './product_rules.mjs';
import { newImage, newVideo, placeImage } from './product_parts.mjs';
import { makeInlineVariants } from './variants.mjs';
import { baseVariant } from '../seed/choices.mjs';
import { slug } from '../seed/texts.mjs';
import { newBrand } from './brands.mjs';

const DEFAULT_ROW = {
  id: 0,
  name: '',
  type: 'physical',
  sku: '',
  description: '',
  weight: 0,
  width: 0,
  depth: 0,
  height: 0,
  price: 0,
  cost_price: 0,
  retail_price: 0,
  sale_price: 0,
  map_price: 0,
  tax_class_id: 0,
  product_tax_code: '',
  calculated_price: 0,
  categories: [],
  brand_id: 0,
  option_set_id: null,
  option_set_display: 'right',
  inventory_level: 0,
  inventory_warning_level: 0,
  inventory_tracking: 'none',
  reviews_rating_sum: 0,
  reviews_count: 0,
  total_sold: 0,
  fixed_cost_shipping_price: 0,
  is_free_shipping: false,
  is_visible: true,
  is_featured: false,
  related_products: [-1],
  warranty: '',
  bin_picking_number: '',
  layout_file: 'product.html',
  upc: '',
  mpn: '',
  gtin: '',
  date_last_imported: null,
  search_keywords: '',
  availability: 'available',
  availability_description: '',
  gift_wrapping_options_type: 'any',
  gift_wrapping_options_list: [],
  sort_order: 0,
  condition: 'New',
  is_condition_shown: false,
  order_quantity_minimum: 0,
  order_quantity_maximum: 0,
  page_title: '',
  meta_keywords: [],
  meta_description: '',
  date_created: '',
  date_modified: '',
  view_count: 0,
  preorder_release_date: null,
  preorder_message: '',
  is_preorder_only: false,
  is_price_hidden: false,
  price_hidden_label: '',
  custom_url: null,
  base_variant_id: null,
  open_graph_type: 'product',
  open_graph_title: '',
  open_graph_description: '',
  open_graph_use_meta_description: true,
  open_graph_use_product_name: true,
  open_graph_use_image: true,
};

/** Fields of a body that land in the row as they are. */
function rowFields(given) {
  const out = {};
  for (const k of Object.keys(given)) if (k in DEFAULT_ROW && k !== 'custom_url') out[k] = given[k];
  return roundMoney(out);
}

function brandOf(ctx, given) {
  // brand_name creates the brand silently (digest 7.16).
  if (given.brand_name === undefined || given.brand_id) return given.brand_id;
  for (const b of ctx.cat.brands.values()) if (b.name.toLowerCase() === given.brand_name.toLowerCase()) return b.id;
  return newBrand(ctx, { name: given.brand_name }).id;
}

function urlOf(ctx, given, name, id) {
  if (given.custom_url) return { url: given.custom_url.url, is_customized: given.custom_url.is_customized ?? true };
  const base = slug(name) || 'product';
  let url = `/${base}/`;
  for (let n = 1; urlTaken(ctx, url, id); n++) url = `/${base}-${n}/`;
  return { url, is_customized: ctx.sw.generated_url_is_customized };
}

/** Also used by control calls: a new product from checked fields. */
export function createProduct(ctx, given) {
  const { cat } = ctx;
  const id = cat.takeId('products');
  const stamp = ctx.clock.stamp();
  const row = { ...DEFAULT_ROW, ...rowFields(given), id, date_created: stamp, date_modified: stamp };
  const brand = brandOf(ctx, given);
  if (brand !== undefined) row.brand_id = brand;
  row.custom_url = urlOf(ctx, given, row.name, id);
  const parts = { channels: ctx.sw.create_assigns_channel_1 ? [1] : [] };
  if (!given.variants?.length) {
    row.base_variant_id = cat.takeId('variants');
    parts.variants = [baseVariant(row.base_variant_id, row)];
  }
  const record = cat.add(row, parts);
  if (given.variants?.length) makeInlineVariants(ctx, record, given.variants);
  putParts(ctx, record, given);
  cat.changed(record, { touch: false });
  return record;
}

/** Arrays inside a product body: entries with id update, others are added; what is absent stays (switch put_arrays). */
function putParts(ctx, record, given) {
  const { cat } = ctx;
  for (const name of PARTS_IN_BODY) {
    if (!given[name]) continue;
    const kept =
      ctx.sw.put_arrays === 'replace' ? record.parts[name].filter((x) => given[name].some((g) => g.id === x.id)) : [...record.parts[name]];
    record.parts[name] = kept;
    for (const g of given[name]) {
      const old = g.id === undefined ? null : kept.find((x) => x.id === g.id);
      if (old) {
        for (const k of Object.keys(g)) if (k in old && k !== 'id') old[k] = g[k];
        continue;
      }
      if (name === 'images') placeImage(record, newImage(ctx, record, g, null));
      else if (name === 'videos') kept.push(newVideo(ctx, record, g));
      else if (name === 'bulk_pricing_rules')
        kept.push({
          id: cat.takeId(name),
          quantity_min: g.quantity_min,
          quantity_max: g.quantity_max,
          type: g.type,
          amount: fourDecimals(Number(g.amount)),
        });
      else kept.push({ id: cat.takeId(name), name: g.name, value: g.value });
    }
  }
}

function checkParts(record, given) {
  if (given.bulk_pricing_rules) {
    const old = record ? record.part('bulk_pricing_rules').filter((r) => !given.bulk_pricing_rules.some((g) => g.id === r.id)) : [];
    checkBulkRules([...old, ...given.bulk_pricing_rules]);
  }
  for (const i of given.images ?? [])
    if (i.id === undefined && !i.image_url)
      throw new Refusal(422, 'JSON data is missing or invalid', { 'images.image_url': 'image_url is required' });
  for (const v of given.videos ?? [])
    if (v.id === undefined && !v.video_id)
      throw new Refusal(422, 'JSON data is missing or invalid', { 'videos.video_id': 'video_id is required' });
}

const urlFailed = () =>
  errorBody({
    status: 409,
    title: 'The product was saved, but its URL is taken',
    errors: { 'custom_url.url': 'The URL is used by another page' },
  });

function post(ctx) {
  const given = accept(createSpec, ctx.body, ctx.sw);
  crossRules(ctx, { ...DEFAULT_ROW, ...given }, given);
  conflicts(ctx, given, null);
  checkParts(null, given);
  const taken = given.custom_url && urlTaken(ctx, given.custom_url.url, null);
  if (taken && ctx.sw.url_conflict_on_create === '409')
    throw new Refusal(409, 'The product URL is a duplicate', { 'custom_url.url': 'The URL is used by another page' });
  if (taken) delete given.custom_url;
  const record = createProduct(ctx, given);
  const view = productView(ctx, record, {
    include: ['custom_fields', 'bulk_pricing_rules', 'images', 'videos', 'variants', 'options'].filter((p) => record.part(p).length),
    include_fields: ctx.q.include_fields,
  });
  // The 207 of a create is described with a list.
  return taken ? answer(207, { data: [view], errors: urlFailed(), meta: {} }) : ok(view);
}

/** Applies one partial update; returns true when only the URL failed. */
export function updateProduct(ctx, record, given) {
  const next = { ...record.row, ...given };
  crossRules(ctx, next, given);
  conflicts(ctx, given, record.id);
  checkParts(record, given);
  const before = JSON.stringify(record.row);
  Object.assign(record.row, rowFields(given));
  const brand = brandOf(ctx, given);
  if (brand !== undefined) record.row.brand_id = brand;
  let failed = false;
  if (given.custom_url) {
    failed = urlTaken(ctx, given.custom_url.url, record.id);
    if (!failed) record.row.custom_url = urlOf(ctx, given, '', record.id);
  }
  putParts(ctx, record, given);
  record.recompute();
  const moved = ctx.sw.equal_write_moves_date_modified || JSON.stringify(record.row) !== before;
  ctx.cat.changed(record, { touch: moved });
  return failed;
}

function put(ctx) {
  const id = ctx.params.product_id;
  if (!ctx.cat.record(id)) throw new Refusal(404);
  const given = accept(updateSpec, ctx.body, ctx.sw, { partial: true });
  const record = ctx.cat.edit(id);
  const failed = updateProduct(ctx, record, given);
  const view = productView(ctx, record);
  return failed ? answer(207, { data: view, errors: urlFailed(), meta: {} }) : ok(view);
}

function putBatch(ctx) {
  const { body } = ctx;
  if (!Array.isArray(body)) throw new Refusal(422, 'JSON data is missing or invalid', { body: 'an array is required' });
  if (body.length > 10) throw new Refusal(413, 'At most 10 products can be updated at once.');
  if (!body.length) throw new Refusal(422, 'JSON data is missing or invalid', { body: 'the array is empty' });
  const done = [];
  const errors = {};
  let status = 0;
  body.forEach((item, n) => {
    try {
      const wrong = errorsOf({ ...updateSpec, required: ['id'] }, item, ctx.sw);
      if (Object.keys(wrong).length) throw new Refusal(422, 'JSON data is missing or invalid', wrong);
      if (!ctx.cat.record(item.id)) throw new Refusal(404, `The product ${item.id} does not exist`, { id: 'not found' });
      const given = accept(updateSpec, item, ctx.sw, { partial: true });
      const record = ctx.cat.edit(item.id);
      if (updateProduct(ctx, record, given)) errors[`${n}.custom_url.url`] = 'The URL is used by another page';
      done.push(productView(ctx, record, { include_fields: ctx.q.include_fields }));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      status ||= error.status;
      for (const [k, v] of Object.entries(error.errors)) errors[`${n}.${k}`] = v;
      if (!Object.keys(error.errors).length) errors[n] = error.title;
    }
  });
  if (!Object.keys(errors).length) return ok(done);
  if (!done.length) throw new Refusal(status, 'No product was updated', errors);
  return answer(207, {
    data: done,
    errors: errorBody({ status: status || 409, title: 'Some products were not updated', errors }),
    meta: { total: body.length, success: done.length, failed: body.length - done.length },
  });
}

function get(ctx) {
  const record = ctx.cat.record(ctx.params.product_id);
  if (!record) throw new Refusal(404, "The product couldn't be found.");
  return ok(productView(ctx, record));
}

function deleteOne(ctx) {
  // Deleting what is not there is a 204 as well: the reference lists no 404 here.
  ctx.cat.remove(ctx.params.product_id);
  return noContent();
}

function deleteMany(ctx) {
  if (!Object.keys(ctx.q).length) throw new Refusal(422, 'A filter is required to delete products.');
  if ((ctx.q['id:in']?.length ?? 0) > 250)
    throw new Refusal(422, 'At most 250 products can be deleted at once.', { 'id:in': 'more than 250 ids' });
  const found = matchingIds(ctx);
  for (const id of found.ids ?? ctx.cat.products.slice(...found.range)) ctx.cat.remove(id);
  return noContent();
}

const P = { type: 'product', scope: 'products' };
const DELETE_QUERY = Object.fromEntries(
  [
    'name',
    'sku',
    'price',
    'weight',
    'condition',
    'brand_id',
    'date_modified',
    'date_last_imported',
    'is_visible',
    'is_featured',
    'id:in',
    'inventory_level',
    'total_sold',
    'type',
    'categories',
    'keyword',
  ].map((n) => [n, LIST_QUERY[n]]),
);

export const productRoutes = () => [
  route('GET', '/v3/catalog/products', { ...P, query: LIST_QUERY }, listProducts),
  route('POST', '/v3/catalog/products', { ...P, body: 'json', query: { include_fields: PRODUCT_FIELDS.include_fields } }, post),
  route('PUT', '/v3/catalog/products', { ...P, body: 'json', query: { include_fields: PRODUCT_FIELDS.include_fields } }, putBatch),
  route('DELETE', '/v3/catalog/products', { ...P, query: DELETE_QUERY }, deleteMany),
  route('GET', '/v3/catalog/products/{product_id}', { ...P, query: { ...PRODUCT_FIELDS, include: { list: INCLUDES } } }, get),
  route(
    'PUT',
    '/v3/catalog/products/{product_id}',
    { ...P, body: 'json', query: { include_fields: PRODUCT_FIELDS.include_fields, include: { list: INCLUDES } } },
    put,
  ),
  route('DELETE', '/v3/catalog/products/{product_id}', P, deleteOne),
];
