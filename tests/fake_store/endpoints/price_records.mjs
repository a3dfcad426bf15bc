// Price records (V3). Promises: tiers and sku only when included, batches of 1000 (PUT) and 100 (POST, and both over several lists), POST never
// overwrites, a bad entry is a 422 that names list, variant and currency; DELETE of all records of a list is refused.

import { Refusal, ok, answer, noContent } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE, CURSOR, numericTest, equalText } from '../query.mjs';
import { cursorPaged } from '../paging.mjs';
import { accept, errorsOf, fourDecimals, str, int, num, one, list, obj } from '../validate.mjs';
import { Raw } from '../json_text.mjs';
import { listOf } from './price_lists.mjs';
import { dated, dateTest, lostByTrouble } from './listing.mjs';

const CURRENCIES = new Set(['usd', 'eur', 'gbp', 'cad', 'aud', 'jpy']);
const PRICES = ['price', 'sale_price', 'retail_price', 'map_price'];

const tier = obj({ quantity_min: int(0), quantity_max: int(0), type: one('fixed', 'price', 'percent'), amount: num(0) }, [
  'quantity_min',
  'type',
  'amount',
]);
const values = {
  price: num(0),
  sale_price: num(0),
  retail_price: num(0),
  map_price: num(0),
  bulk_pricing_tiers: list(tier),
};
const valueSpec = obj(values, []);
const recordSpec = obj({ ...values, price_list_id: int(1), variant_id: int(1), sku: str(1), currency: str(3, 3) }, ['currency']);

function view(ctx, row) {
  const raw = ctx.fake.raws.get(`price_records:${row.price_list_id}/${row.variant_id}/${row.currency}`);
  if (raw) return new Raw(raw);
  const { include } = ctx.q;
  const { bulk_pricing_tiers, ...rest } = ctx.fake.pricing.fullRecord(row, { sku: include?.includes('sku') ?? false });
  if (include?.includes('bulk_pricing_tiers')) rest.bulk_pricing_tiers = bulk_pricing_tiers;
  return rest;
}

const FILTERED = ['price', 'sale_price', 'retail_price', 'map_price', 'calculated_price'];

/** The ids of the records that match; without a filter none is computed. */
function select(ctx, listId) {
  const { q } = ctx;
  const { pricing } = ctx.fake;
  pricing.settle();
  const ids = pricing.ofList.get(listId).toArray();
  const filters = Object.keys(q).filter((k) => !['page', 'limit', 'before', 'after', 'include'].includes(k));
  if (!filters.length) return ids;
  const lost = q['variant_id:in'] ? lostByTrouble(ctx) : [];
  const dates = dateTest(q, ['date_created', 'date_modified']);
  const numbers = FILTERED.map((f) => [f, numericTest(q, f)]).filter(([, t]) => t);
  return ids.filter((seq) => {
    const variant = pricing.variantOf(seq);
    if (q['variant_id:in'] && (!q['variant_id:in'].includes(variant) || lost.includes(variant))) return false;
    if (q['product_id:in'] && !q['product_id:in'].includes(ctx.cat.ownerOf('variants', variant))) return false;
    const row = pricing.fullRecord(pricing.records.get(seq), { sku: q.sku !== undefined || q['sku:in'] !== undefined });
    if (q.currency !== undefined && !equalText(row.currency, q.currency)) return false;
    if (q['currency:in'] && !q['currency:in'].some((c) => equalText(row.currency, c))) return false;
    if (q.sku !== undefined && !equalText(row.sku, q.sku)) return false;
    if (q['sku:in'] && !q['sku:in'].some((s) => equalText(row.sku, s))) return false;
    return dates(row) && numbers.every(([f, t]) => row[f] !== null && t(Number(row[f])));
  });
}

function listRecords(ctx, ids) {
  const { records } = ctx.fake.pricing;
  const answered = cursorPaged(ctx, ids, (id) => ({ id }));
  answered.body.data = answered.body.data.map(({ id }) => view(ctx, records.get(id)));
  return answered;
}

function ofVariant(ctx) {
  const { id } = listOf(ctx);
  const { pricing } = ctx.fake;
  pricing.settle();
  return listRecords(
    ctx,
    pricing.ofList
      .get(id)
      .toArray()
      .filter((seq) => pricing.variantOf(seq) === ctx.params.variant_id),
  );
}

function recordOf(ctx) {
  const { id } = listOf(ctx);
  const seq = ctx.fake.pricing.findRecord(id, ctx.params.variant_id, ctx.params.currency_code);
  if (seq === null) throw new Refusal(404, 'The resource was not found.');
  return ctx.fake.pricing.records.get(seq);
}

/** Reasons why an entry cannot be written; fills in the variant. */
function entryErrors(ctx, item, listId) {
  const wrong = errorsOf(recordSpec, item, ctx.sw);
  if (Object.keys(wrong).length) return { wrong };
  const target = listId ?? item.price_list_id;
  if (target === undefined) wrong.price_list_id = 'price_list_id is required';
  else if (!ctx.fake.pricing.lists.has(target)) wrong.price_list_id = `The price list ${target} does not exist`;
  if (!CURRENCIES.has(item.currency.toLowerCase())) wrong.currency = `The currency ${item.currency} is not one of the store`;
  let variant = item.variant_id;
  if (variant === undefined && item.sku === undefined) wrong.variant_id = 'either variant_id or sku is required';
  else if (variant === undefined) {
    variant = ctx.cat.findSku(item.sku)?.variantId ?? null;
    if (variant === null) wrong.sku = `No variant has the sku ${item.sku}`;
  } else if (!ctx.cat.lists.variants.has(variant)) wrong.variant_id = `The variant ${variant} does not exist`;
  for (const t of item.bulk_pricing_tiers ?? [])
    if (t.quantity_max !== undefined && t.quantity_max !== 0 && t.quantity_max < t.quantity_min)
      wrong.bulk_pricing_tiers = 'quantity_max must not be less than quantity_min';
  return { wrong, target, variant, currency: item.currency.toLowerCase() };
}

function fieldsOf(ctx, given, isNew) {
  const out = {};
  for (const p of PRICES) if (given[p] !== undefined) out[p] = fourDecimals(given[p]);
  if (given.bulk_pricing_tiers !== undefined)
    out.bulk_pricing_tiers = given.bulk_pricing_tiers.map((t) => ({
      quantity_min: t.quantity_min,
      quantity_max: t.quantity_max ?? null,
      type: t.type,
      amount: fourDecimals(t.amount),
    }));
  else if (isNew || ctx.sw.price_put_without_tiers === 'clear') out.bulk_pricing_tiers = [];
  if (isNew && out.price === undefined) out.price = null;
  return out;
}

function write(ctx, { target, variant, currency }, given) {
  const { pricing } = ctx.fake;
  const seq = pricing.findRecord(target, variant, currency);
  if (seq !== null) return pricing.changeRecord(seq, fieldsOf(ctx, given, false));
  return pricing.addRecord({ price_list_id: target, variant_id: variant, currency, ...fieldsOf(ctx, given, true) });
}

function batch(ctx, { listId = null, max, create }) {
  const { body } = ctx;
  if (!Array.isArray(body) || !body.length) throw new Refusal(422, 'JSON data is missing or invalid', { body: 'an array is required' });
  if (body.length > max) throw new Refusal(413, `At most ${max} price records can be written at once.`);
  const seen = new Set();
  const plans = body.map((item) => {
    const plan = { item, ...entryErrors(ctx, item, listId) };
    if (Object.keys(plan.wrong).length) return plan;
    const key = `${plan.target}/${plan.variant}/${plan.currency}`;
    if (create && ctx.fake.pricing.findRecord(plan.target, plan.variant, plan.currency) !== null)
      plan.wrong.variant_id = 'the record exists already';
    if (seen.has(key)) plan.wrong.variant_id = 'the batch has this record twice';
    seen.add(key);
    return plan;
  });
  const bad = plans.filter((p) => Object.keys(p.wrong).length);
  if (!bad.length || ctx.sw.price_batch_partial_saves) for (const p of plans) if (!Object.keys(p.wrong).length) write(ctx, p, p.item);
  if (!bad.length) return ok({});
  const batch_errors = bad.map(({ item, target, variant, wrong }) => ({
    data: {
      price_list_id: target,
      variant_id: variant ?? undefined,
      sku: typeof item?.sku === 'string' ? item.sku : undefined,
      currency: typeof item?.currency === 'string' ? item.currency : undefined,
    },
    field_errors: wrong,
  }));
  return answer(422, { batch_errors });
}

function putOne(ctx) {
  const { id } = listOf(ctx);
  const { variant_id: variant, currency_code } = ctx.params;
  if (!ctx.cat.lists.variants.has(variant)) throw new Refusal(404, 'The resource was not found.');
  const given = accept(valueSpec, ctx.body, ctx.sw);
  const { wrong, currency } = entryErrors(ctx, { ...given, variant_id: variant, currency: currency_code }, id);
  if (Object.keys(wrong).length) throw new Refusal(422, 'The price record is not valid', wrong);
  return ok(ctx.fake.pricing.fullRecord(write(ctx, { target: id, variant, currency }, given), { sku: false }));
}

function removeMany(ctx) {
  const { id } = listOf(ctx);
  if (!Object.keys(ctx.q).length) throw new Refusal(422, 'A filter is required to delete price records.');
  for (const seq of select(ctx, id)) ctx.fake.pricing.removeRecord(seq);
  return noContent();
}

const PATH = '/v3/pricelists/{price_list_id}/records';
const CODE = { currency_code: /^[A-Za-z]{3}$/ };
const about = { type: 'price_record', scope: 'products' };
const INCLUDE = { include: { list: ['bulk_pricing_tiers', 'sku'] } };
const PAGED = { ...PAGE, ...CURSOR, ...INCLUDE };
const NUMBERS = Object.fromEntries(FILTERED.flatMap((f) => [f, `${f}:min`, `${f}:max`].map((k) => [k, 'num'])));
const LIST = {
  ...PAGED,
  ...NUMBERS,
  ...dated('date_created'),
  ...dated('date_modified'),
  'variant_id:in': 'ints',
  'product_id:in': 'ints',
  currency: 'str',
  'currency:in': 'strs',
  sku: 'str',
  'sku:in': 'strs',
};
export const priceRecordRoutes = () => [
  route('POST', '/v3/pricelists/records', { ...about, body: 'json' }, (ctx) => batch(ctx, { max: 100, create: true })),
  route('PUT', '/v3/pricelists/records', { ...about, body: 'json' }, (ctx) => batch(ctx, { max: 100 })),
  route('GET', PATH, { ...about, query: LIST }, (ctx) => listRecords(ctx, select(ctx, listOf(ctx).id))),
  route('POST', PATH, { ...about, body: 'json' }, (ctx) => batch(ctx, { listId: listOf(ctx).id, max: 100, create: true })),
  route('PUT', PATH, { ...about, body: 'json' }, (ctx) => batch(ctx, { listId: listOf(ctx).id, max: 1000 })),
  route('DELETE', PATH, { ...about, query: { currency: 'str', 'variant_id:in': 'ints', 'sku:in': 'strs' } }, removeMany),
  route('GET', `${PATH}/{variant_id}`, { ...about, query: PAGED }, ofVariant),
  route('GET', `${PATH}/{variant_id}/{currency_code}`, { ...about, words: CODE, query: INCLUDE }, (ctx) => ok(view(ctx, recordOf(ctx)))),
  route('PUT', `${PATH}/{variant_id}/{currency_code}`, { ...about, words: CODE, body: 'json' }, putOne),
  route('DELETE', `${PATH}/{variant_id}/{currency_code}`, { ...about, words: CODE }, (ctx) => {
    const seq = ctx.fake.pricing.findRecord(listOf(ctx).id, ctx.params.variant_id, ctx.params.currency_code);
    if (seq !== null) ctx.fake.pricing.removeRecord(seq);
    return noContent();
  }),
];
