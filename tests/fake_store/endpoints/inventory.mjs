// Stock (V3). Promises: rows per variant with all locations, or per location; adjustments need the identity that fits the tracking, at most 2000 at a
// time, all or none; relative ones need an absolute one before; the answer is a transaction id and reads follow later.

import { answer } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE } from '../query.mjs';
import { paged } from '../paging.mjs';
import { errorsOf, str, int, bool, list, obj, any } from '../validate.mjs';
import { Raw } from '../json_text.mjs';
import { refuse } from './locations.mjs';
import { lostByTrouble } from './listing.mjs';

const MOST = 2000;
const TOP = 2147483647;

/** Variant ids that the identity filters ask for, in order. */
function select(ctx) {
  const { q, cat } = ctx;
  if (!ctx.fake.stock.on) return [];
  let ids = null;
  const narrow = (wanted) => {
    const set = new Set(wanted);
    ids = ids ? ids.filter((id) => set.has(id)) : [...set].filter((id) => cat.lists.variants.has(id)).sort((a, b) => a - b);
  };
  if (q['variant_id:in']) {
    const lost = lostByTrouble(ctx);
    narrow(q['variant_id:in'].filter((id) => !lost.includes(id)));
  }
  if (q['product_id:in'])
    narrow(
      q['product_id:in'].flatMap(
        (p) =>
          cat
            .record(p)
            ?.part('variants')
            .map((v) => v.id) ?? [],
      ),
    );
  if (q['sku:in']) narrow(q['sku:in'].map((s) => cat.findSku(s)?.variantId ?? -1));
  return ids;
}

function listItems(ctx) {
  const { q } = ctx;
  const { stock } = ctx.fake;
  const ids = select(ctx);
  const wanted = (l) =>
    (!q['location_id:in'] || q['location_id:in'].includes(l.location_id)) &&
    (!q['location_code:in'] || q['location_code:in'].includes(l.location_code));
  const view = (id) => {
    const raw = ctx.fake.raws.get(`inventory:${id}`);
    if (raw) return new Raw(raw);
    const item = stock.itemOf(id);
    return { ...item, locations: item.locations.filter(wanted) };
  };
  const all = ctx.cat.lists.variants;
  const filtered = q['location_id:in'] || q['location_code:in'];
  // Only with a filter by location it has to be known which variants are stocked there.
  const kept = filtered ? (ids ?? all.toArray()).filter((id) => stock.itemOf(id).locations.some(wanted)) : ids;
  const total = kept ? kept.length : all.length;
  return paged(ctx, total, (o, n) => (kept ? kept.slice(o, o + n) : all.slice(o, o + n)).map(view), { max: 1000 });
}

function locationOf(ctx) {
  const { stock } = ctx.fake;
  const id = ctx.params.location_id;
  if (!stock.visibleLocations().some((l) => l.id === id)) throw refuse(404, `The location ${id} was not found.`);
  return id;
}

function listAt(ctx) {
  const location = locationOf(ctx);
  const { stock } = ctx.fake;
  const here = (id) => stock.itemOf(id).locations.find((l) => l.location_id === location);
  const stocked = (id) => location === 1 || here(id);
  const ids = select(ctx)?.filter(stocked) ?? stock.stockedAt(location, () => ctx.cat.lists.variants.toArray().filter(stocked));
  const view = (id) => {
    const { available_to_sell, total_inventory_onhand, settings } = here(id);
    const { sku_id, ...identity } = stock.itemOf(id).identity;
    return { identity, available_to_sell, total_inventory_onhand, settings };
  };
  return paged(ctx, ids.length, (o, n) => ids.slice(o, o + n).map(view), { max: 1000 });
}

// ---- writing ---------------------------------------------------------------------------------------

const IDENTITY = { sku: str(1), variant_id: int(1), product_id: int(1) };

/** {variantIds} that the identity stands for, or {error}. A product tracked by product holds one stock for all of its variants. */
function resolve(ctx, { sku, variant_id, product_id }) {
  const { cat, sw } = ctx;
  const given = [sku, variant_id, product_id].filter((v) => v !== undefined);
  if (given.length !== 1) return { error: 'exactly one of sku, variant_id and product_id is required' };
  const [name, id] = sku !== undefined ? ['sku', sku] : variant_id !== undefined ? ['variant_id', variant_id] : ['product_id', product_id];
  const variant = sku !== undefined ? (cat.findSku(sku)?.variantId ?? null) : (variant_id ?? null);
  const owner = product_id ?? (variant === null ? null : cat.ownerOf('variants', variant));
  const record = owner === null ? null : cat.record(owner);
  if (!record) return { error: `Item with ${name} ${id} does not exist` };
  const variants = record.part('variants');
  const tracking = record.row.inventory_tracking;
  const simple = record.row.base_variant_id !== null;
  if (tracking === 'none') {
    if (sw.inventory_untracked_write === 'refuse') return { error: `Item with ${name} ${id} is not tracked` };
    return { variantIds: [] };
  }
  if (tracking === 'product' && !simple && product_id === undefined)
    return { error: `Item with ${name} ${id} is tracked by product, please update stock by product id` };
  if (tracking === 'variant' && !simple && product_id !== undefined)
    return { error: `Item with ${name} ${id} is tracked by variant, please update stock by variant id or sku` };
  return { variantIds: variant === null ? [variants[0].id] : [variant] };
}

const itemSpec = obj({ ...IDENTITY, location_id: int(1), quantity: int(-TOP, TOP) }, ['location_id', 'quantity']);
const adjustSpec = obj({ reason: str(), items: list(any, 1) }, ['items']);

function adjust(ctx, relative) {
  const { stock } = ctx.fake;
  const wrong = errorsOf(adjustSpec, ctx.body, ctx.sw);
  if (Object.keys(wrong).length) throw refuse(422, 'Payload contains invalid fields', wrong);
  const { items } = ctx.body;
  if (items.length > MOST) throw refuse(413, `At most ${MOST} items can be adjusted at once.`);
  const errors = {};
  const texts = [];
  const plans = [];
  items.forEach((item, n) => {
    for (const [k, v] of Object.entries(errorsOf(itemSpec, item, ctx.sw))) errors[`items.${n}.${k}`] = v;
    if (errors[`items.${n}.location_id`] || errors[`items.${n}.quantity`] || !item || typeof item !== 'object') return;
    if (!stock.locations.has(item.location_id)) texts.push(`Location ${item.location_id} does not exist`);
    const { variantIds, error } = resolve(ctx, item);
    if (error) texts.push(error);
    else for (const id of variantIds) plans.push({ ...item, id });
    if (!relative && item.quantity < 0) errors[`items.${n}.quantity`] = 'quantity must not be negative';
  });
  if (Object.keys(errors).length) throw refuse(422, 'Payload contains invalid fields', errors);
  if (texts.length) throw refuse(422, `[${texts.join(', ')}]`);
  if (relative) {
    const missing = plans.filter((p) => !stock.initialised(stock.find(p.id), p.location_id));
    if (missing.length)
      throw refuse(
        422,
        `Items with identity: [${missing.map((p) => `variant_id ${p.id}`).join(', ')}] requires absolute adjustment before relative`,
      );
  }
  for (const { id, location_id, quantity } of plans) {
    const now = stock.at(stock.find(id), location_id)?.onhand ?? 0;
    stock.write(id, location_id, { onhand: Math.max(0, Math.min(TOP, relative ? now + quantity : quantity)) });
  }
  return answer(200, stock.transaction());
}

const settingSpec = obj(
  { identity: obj(IDENTITY), safety_stock: int(0, TOP), is_in_stock: bool, warning_level: int(0, TOP), bin_picking_number: str() },
  ['identity'],
);

function putSettings(ctx) {
  const location = locationOf(ctx);
  const { stock } = ctx.fake;
  const wrong = errorsOf(obj({ settings: list(any, 1) }, ['settings']), ctx.body, ctx.sw);
  if (Object.keys(wrong).length) throw refuse(422, 'Payload contains invalid fields', wrong);
  const { settings } = ctx.body;
  if (settings.length > MOST) throw refuse(413, `At most ${MOST} items can be written at once.`);
  const errors = {};
  const plans = [];
  settings.forEach((item, n) => {
    const at = `setting.${n}`;
    const bad = errorsOf(settingSpec, item, ctx.sw);
    for (const [k, v] of Object.entries(bad)) errors[`${at}.${k}`] = v;
    if (Object.keys(bad).length) return;
    const { identity, ...values } = item;
    if (['safety_stock', 'is_in_stock', 'warning_level'].every((f) => values[f] === undefined))
      errors[`${at}.settings`] = 'At least one setting must be specified: warning_level, is_in_stock or safety_stock';
    const { variantIds, error } = resolve(ctx, identity);
    if (error) errors[`${at}.identity`] = error;
    else for (const id of variantIds) plans.push({ id, values });
  });
  if (Object.keys(errors).length) throw refuse(422, 'Payload contains invalid fields', errors);
  const known = ['safety_stock', 'is_in_stock', 'warning_level', 'bin_picking_number'];
  for (const { id, values } of plans)
    stock.write(id, location, Object.fromEntries(known.filter((f) => values[f] !== undefined).map((f) => [f, values[f]])));
  return answer(200, stock.transaction());
}

const about = { type: 'inventory', scope: 'inventory' };
const BY = { 'sku:in': 'strs', 'variant_id:in': 'ints', 'product_id:in': 'ints' };
export const inventoryRoutes = () => [
  route(
    'GET',
    '/v3/inventory/items',
    { ...about, query: { ...PAGE, ...BY, 'location_id:in': 'ints', 'location_code:in': 'strs' } },
    listItems,
  ),
  route('GET', '/v3/inventory/locations/{location_id}/items', { ...about, query: { ...PAGE, ...BY } }, listAt),
  route('PUT', '/v3/inventory/locations/{location_id}/items', { ...about, body: 'json' }, putSettings),
  route('PUT', '/v3/inventory/adjustments/absolute', { ...about, body: 'json' }, (ctx) => adjust(ctx, false)),
  route('POST', '/v3/inventory/adjustments/relative', { ...about, body: 'json' }, (ctx) => adjust(ctx, true)),
];
