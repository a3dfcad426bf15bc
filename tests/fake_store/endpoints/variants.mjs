// Variants. Promises: one variant per combination with a value of every option, skus unique over the store whatever their case, at most 600,
// base variants cannot be posted or deleted, batch PUT of at most 50 with batch_errors.

import { Refusal, ok, noContent, answer, errorBody } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE, FIELDS, equalText } from '../query.mjs';
import { paged } from '../paging.mjs';
import { accept, errorsOf, obj, str, int, list, readOnly, fourDecimals } from '../validate.mjs';
import { uploadedImage } from '../body.mjs';
import { variantFields, variantSpec, optionValueRef } from './product_rules.mjs';
import { readRoutes, editProduct, productOf, itemOf, addItem, dropItem, view } from './part_support.mjs';
import { newOption, restoreBaseVariant } from './options.mjs';
import { checkImageUrl } from './product_parts.mjs';

const DEFAULTS = {
  id: 0,
  product_id: 0,
  sku: '',
  sku_id: 0,
  price: null,
  calculated_price: 0,
  sale_price: null,
  retail_price: null,
  map_price: null,
  weight: null,
  width: null,
  height: null,
  depth: null,
  calculated_weight: 0,
  is_free_shipping: false,
  fixed_cost_shipping_price: null,
  purchasing_disabled: false,
  purchasing_disabled_message: '',
  image_url: '',
  cost_price: null,
  upc: '',
  mpn: '',
  gtin: '',
  inventory_level: 0,
  inventory_warning_level: 0,
  bin_picking_number: '',
  option_values: [],
};
const MONEY = new Set([
  'price',
  'sale_price',
  'retail_price',
  'map_price',
  'cost_price',
  'weight',
  'width',
  'height',
  'depth',
  'fixed_cost_shipping_price',
]);

function assign(variant, given, skip = []) {
  for (const k of Object.keys(given))
    if (k in DEFAULTS && k !== 'option_values' && !skip.includes(k)) variant[k] = MONEY.has(k) ? fourDecimals(given[k]) : given[k];
}

function checkSku(ctx, sku, variantId, productId) {
  // Recorded: a blank SKU answers 422 with code 22004.
  if (sku === '') throw new Refusal(422, 'The sku must not be blank', { sku: 'sku must not be blank' }, { code: 22004 });
  const other = ctx.cat.findSku(sku);
  if (!other) return;
  const self = other.productId === productId && (variantId !== null ? other.variantId === variantId : false);
  if (!self) throw new Refusal(409, 'The sku is a duplicate', { sku: `the sku ${sku} is used by another product or variant` });
}

/** The values of a new variant: exactly one of every option, the combination not taken. */
function combination(record, refs) {
  const options = record.part('options');
  if (!options.length)
    throw new Refusal(422, 'The product has no options; its base variant exists already.', { option_values: 'the product has no options' });
  const values = refs.map((ref) => {
    const option = options.find((o) =>
      ref.option_id !== undefined ? o.id === ref.option_id : equalText(o.display_name, ref.option_display_name ?? ''),
    );
    const value = option?.option_values.find((v) => (ref.id !== undefined ? v.id === ref.id : equalText(v.label, ref.label ?? '')));
    if (!value) throw new Refusal(422, 'The option value does not exist on the product', { option_values: 'unknown option or value' });
    return { id: value.id, label: value.label, option_id: option.id, option_display_name: option.display_name };
  });
  if (new Set(values.map((v) => v.option_id)).size !== options.length || values.length !== options.length) {
    throw new Refusal(422, 'A variant needs one value of every option', { option_values: 'one value of every option is needed' });
  }
  const key = (list) =>
    list
      .map((v) => v.id)
      .sort((a, b) => a - b)
      .join();
  if (record.part('variants').some((v) => key(v.option_values) === key(values)))
    throw new Refusal(409, 'A variant with these option values exists', { option_values: 'the combination exists' });
  return values;
}

export function addVariant(ctx, record, given) {
  checkSku(ctx, given.sku, null, record.id);
  const values = combination(record, given.option_values);
  const real = record.part('variants').filter((v) => v.option_values.length);
  if (real.length >= 600) throw new Refusal(403, 'A product has at most 600 variants.');
  // The first real variant makes the product complex: the base variant stops being one (digest 7.4).
  for (const v of record.part('variants').filter((x) => !x.option_values.length)) dropItem(ctx, record, 'variants', v.id);
  record.row.base_variant_id = null;
  const id = ctx.cat.takeId('variants');
  const variant = { ...DEFAULTS, id, product_id: record.id, sku_id: id - 30, option_values: values };
  assign(variant, given);
  addItem(ctx, record, 'variants', variant);
  return variant;
}

/** Variants inside a product POST name options and values by text; the store makes the options. */
export function makeInlineVariants(ctx, record, variants) {
  const options = new Map();
  for (const v of variants) {
    for (const o of v.option_values) {
      if (!o.option_display_name || !o.label)
        throw new Refusal(422, 'JSON data is missing or invalid', {
          'variants.option_values': 'option_display_name and label are required',
        });
      if (!options.has(o.option_display_name)) options.set(o.option_display_name, new Set());
      options.get(o.option_display_name).add(o.label);
    }
  }
  for (const [display_name, labels] of options) {
    const given = { display_name, type: 'radio_buttons', option_values: [...labels].map((label, n) => ({ label, sort_order: n })) };
    addItem(ctx, record, 'options', newOption(ctx, record, given));
  }
  for (const v of variants) addVariant(ctx, record, v);
}

function post(ctx) {
  const record = editProduct(ctx);
  const given = accept(variantSpec, ctx.body, ctx.sw);
  if (given.image_url) checkImageUrl(given.image_url);
  const variant = addVariant(ctx, record, given);
  ctx.cat.partChanged(record);
  return ok(variant);
}

function update(ctx, record, variant, given, skip = []) {
  const base = !variant.option_values.length;
  if (given.sku !== undefined) checkSku(ctx, given.sku, variant.id, record.id);
  if (given.image_url) checkImageUrl(given.image_url);
  assign(variant, given, [...skip, 'id', 'product_id', 'sku_id', 'calculated_price', 'calculated_weight']);
  // The base variant is the product itself: what is written to it lands in the product row.
  if (base)
    for (const k of Object.keys(given))
      if (
        k in record.row &&
        k in DEFAULTS &&
        !skip.includes(k) &&
        !['id', 'product_id', 'calculated_price'].includes(k) &&
        given[k] !== null
      )
        record.row[k] = variant[k];
  ctx.cat.partChanged(record);
  return record.part('variants').find((v) => v.id === variant.id);
}

const putSpec = obj({ ...variantFields, option_values: readOnly }, []);

function put(ctx) {
  itemOf(productOf(ctx).part('variants'), ctx.params.variant_id);
  const record = editProduct(ctx);
  const given = accept(putSpec, ctx.body, ctx.sw, { partial: true });
  return ok(update(ctx, record, itemOf(record.parts.variants, ctx.params.variant_id), given));
}

function remove(ctx) {
  const record = editProduct(ctx);
  const variant = record.parts.variants.find((v) => v.id === ctx.params.variant_id);
  if (variant && !variant.option_values.length) throw new Refusal(422, 'The base variant of a product cannot be deleted.');
  if (variant) {
    dropItem(ctx, record, 'variants', variant.id);
    restoreBaseVariant(ctx, record);
    ctx.cat.partChanged(record);
  }
  return noContent();
}

const batchSpec = obj({ ...variantFields, id: int(1), product_id: int(1), sku: str(0, 255), option_values: list(optionValueRef) }, []);
// The batch body has no image_url, mpn and gtin (digest 7.4): sent all the same, they change nothing.
const NOT_IN_BATCH = ['image_url', 'mpn', 'gtin'];

function putBatch(ctx) {
  const { body } = ctx;
  if (!Array.isArray(body) || !body.length) throw new Refusal(422, 'JSON data is missing or invalid', { body: 'an array is required' });
  if (body.length > 50) throw new Refusal(413, 'At most 50 variants can be updated at once.');
  const plans = body.map((item) => {
    try {
      const wrong = errorsOf(batchSpec, item, ctx.sw);
      if (Object.keys(wrong).length) throw new Refusal(422, 'JSON data is missing or invalid', wrong);
      if (item.id === undefined && (!ctx.sw.variants_batch_creates || !item.product_id || !item.option_values))
        throw new Refusal(422, 'JSON data is missing or invalid', { id: 'id is required' });
      const owner = item.id === undefined ? item.product_id : ctx.cat.ownerOf('variants', item.id);
      if (owner === null || !ctx.cat.record(owner))
        throw new Refusal(404, 'The variant does not exist', { id: `${item.id ?? item.product_id} not found` });
      return { item, owner };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { error };
    }
  });
  const saving = ctx.sw.variants_batch_partial_saves || plans.every((p) => !p.error);
  const done = [];
  for (const plan of plans) {
    if (plan.error || !saving) continue;
    try {
      const record = ctx.cat.edit(plan.owner);
      const given = accept({ ...batchSpec, fields: { ...batchSpec.fields, id: readOnly } }, plan.item, ctx.sw, { partial: true });
      if (plan.item.id === undefined) {
        if (!given.sku) throw new Refusal(422, 'Missing Required Fields', { sku: 'sku is required' });
        done.push(addVariant(ctx, record, given));
        ctx.cat.partChanged(record);
      } else done.push(update(ctx, record, itemOf(record.parts.variants, plan.item.id), given, NOT_IN_BATCH));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      plan.error = error;
    }
  }
  const errors = plans.filter((p) => p.error).map((p) => errorBody(p.error));
  return errors.length ? answer(422, { batch_errors: errors }) : ok(done);
}

function postImage(ctx) {
  itemOf(productOf(ctx).part('variants'), ctx.params.variant_id);
  let url;
  if (ctx.form) {
    // Form uploads over 1 MB are refused with a 500 (digest 7.4).
    const file = uploadedImage(ctx.form, { maxBytes: 1024 * 1024, tooLarge: 500 });
    ctx.cat.uploads.push({
      kind: 'variant_image',
      id: ctx.params.variant_id,
      filename: file.filename,
      size: file.size,
      sha256: file.sha256,
    });
    url = `${ctx.cat.env.cdn}/s-${ctx.fake.options.storeHash}/product_images/attribute_rule_images/${ctx.params.variant_id}_source_${ctx.clock.seconds()}.png`;
  } else {
    const given = accept(obj({ image_url: str(1) }, ['image_url']), ctx.body, ctx.sw);
    checkImageUrl(given.image_url);
    url = given.image_url;
  }
  const record = editProduct(ctx);
  itemOf(record.parts.variants, ctx.params.variant_id).image_url = url;
  ctx.cat.partChanged(record);
  return ok({ image_url: url });
}

/** All variants of the store, in the order of their ids. */
function listAll(ctx) {
  const { q, cat } = ctx;
  let ids = null;
  if (q['product_id:in'])
    ids = q['product_id:in'].flatMap(
      (p) =>
        cat
          .record(p)
          ?.part('variants')
          .map((v) => v.id) ?? [],
    );
  if (q.id !== undefined) ids = (ids ?? [q.id]).filter((id) => id === q.id && cat.lists.variants.has(id));
  if (q.sku !== undefined) {
    const f = cat.findSku(q.sku);
    ids = f?.variantId ? [f.variantId].filter((id) => !ids || ids.includes(id)) : [];
  }
  if (q.upc !== undefined) ids = (ids ?? cat.lists.variants.toArray()).filter((id) => equalText(cat.findChild('variants', id)?.upc, q.upc));
  const last = {};
  const get = (id) => {
    const owner = cat.ownerOf('variants', id);
    // Neighbours belong to the same product: compute it once.
    if (last.owner !== owner) {
      last.owner = owner;
      last.rows = cat.record(owner).part('variants');
    }
    return view(
      ctx,
      'variants',
      last.rows.find((v) => v.id === id),
    );
  };
  const total = ids ? ids.length : cat.lists.variants.length;
  ids?.sort((a, b) => a - b);
  return paged(ctx, total, (o, n) => (ids ? ids.slice(o, o + n) : cat.lists.variants.slice(o, o + n)).map(get));
}

const BASE = '/v3/catalog/products/{product_id}/variants';
const about = { type: 'product_variant', scope: 'products' };
export const variantRoutes = () => [
  ...readRoutes({ part: 'variants', path: 'variants', idName: 'variant_id', type: 'product_variant' }).filter((r) => r.method === 'GET'),
  route('POST', BASE, { ...about, body: 'json' }, post),
  route('PUT', `${BASE}/{variant_id}`, { ...about, body: 'json' }, put),
  route('DELETE', `${BASE}/{variant_id}`, about, remove),
  route('POST', `${BASE}/{variant_id}/image`, { ...about, body: 'either' }, postImage),
  route(
    'GET',
    '/v3/catalog/variants',
    { ...about, query: { ...PAGE, ...FIELDS, id: 'int', sku: 'str', upc: 'str', 'product_id:in': 'ints' } },
    listAll,
  ),
  route('PUT', '/v3/catalog/variants', { ...about, body: 'json' }, putBatch),
];
