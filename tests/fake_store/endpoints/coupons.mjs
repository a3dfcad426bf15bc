// Coupons (V2). Promises: shadow rows of promotion codes unless exclude_type=promotion is sent, min_id paging, applies_to cleared by a PUT that
// leaves it out, unique names and codes, no GET by path, the bare DELETE is refused.

import { Refusal, answer, noContent } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE, equalText } from '../query.mjs';
import { pagedV2, acceptV2, money4, rfc2822, rfc2822Seconds } from '../v2.mjs';
import { str, int, bool, one, list, obj, any, numOrText, orNull, readOnly } from '../validate.mjs';
import { Raw } from '../json_text.mjs';
import { codeTaken } from './promotion_codes.mjs';
import { lostByTrouble } from './listing.mjs';

const TYPES = ['per_item_discount', 'per_total_discount', 'shipping_discount', 'free_shipping', 'percentage_discount'];
const ALL_TYPES = [...TYPES, 'promotion'];

const spec = obj(
  {
    id: readOnly,
    name: str(1, 100),
    type: one(...TYPES),
    amount: numOrText,
    min_purchase: numOrText,
    expires: str(),
    enabled: bool,
    code: str(1, 50),
    applies_to: obj({ entity: one('categories', 'products'), ids: list(int(0)) }, ['entity', 'ids']),
    num_uses: readOnly,
    max_uses: int(0),
    max_uses_per_customer: int(0),
    restricted_to: any,
    shipping_methods: orNull(list(str(1))),
    date_created: readOnly,
  },
  ['name', 'code', 'type', 'amount', 'applies_to'],
);

function view(ctx, row) {
  const raw = ctx.fake.raws.get(`coupons:${row.id}`);
  return raw ? new Raw(raw) : row;
}

function listCoupons(ctx) {
  const { q } = ctx;
  const { coupons, codes } = ctx.fake.promotions;
  const state = ctx.fake.promotions;
  const lost = q.id !== undefined ? lostByTrouble(ctx) : [];
  // Code ids lie above coupon ids: coupons first, then shadows, in the order of ids.
  const rowOf = (id) => coupons.get(id) ?? state.shadow(codes.get(id));
  let ids = [];
  if (q.type !== 'promotion') ids = coupons.ids.toArray();
  if (q.exclude_type !== 'promotion' && (q.type === undefined || q.type === 'promotion')) ids = ids.concat(codes.ids.toArray());
  if (q.min_id !== undefined && !ctx.sw.id_greater_ignored) ids = ids.filter((id) => id >= q.min_id);
  if (q.max_id !== undefined && !ctx.sw.id_greater_ignored) ids = ids.filter((id) => id <= q.max_id);
  if (q.id !== undefined) ids = ids.filter((id) => String(id) === q.id && !lost.includes(id));
  const tests = [];
  for (const f of ['code', 'name']) if (q[f] !== undefined) tests.push((c) => equalText(c[f], q[f]));
  if (q.type !== undefined && q.type !== 'promotion') tests.push((c) => c.type === q.type);
  // Shadows are left out above, without looking at 50,000 rows.
  if (q.exclude_type !== undefined && q.exclude_type !== 'promotion') tests.push((c) => c.type !== q.exclude_type);
  if (tests.length) ids = ids.filter((id) => tests.every((t) => t(rowOf(id))));
  return pagedV2(ctx, ids.length, (o, n) => ids.slice(o, o + n).map((id) => view(ctx, rowOf(id))));
}

const bad = (field, text) => new Refusal(400, `The field '${field}' is invalid: ${text}`);
const conflict = (ctx, field) => new Refusal(Number(ctx.sw.coupon_conflict_status), `The ${field} is used by another coupon.`);

/** The body as a row keeps it. */
function accepted(ctx, self, partial) {
  const given = acceptV2(spec, ctx.body, { partial });
  const { coupons } = ctx.fake.promotions;
  if (given.code !== undefined && !/^[a-zA-Z0-9_ -]+$/.test(given.code)) throw bad('code', 'letters, numbers, spaces, _ and - only');
  if (given.expires) {
    const at = rfc2822Seconds(given.expires);
    if (at === null) throw bad('expires', 'an RFC 2822 date is needed');
    given.expires = rfc2822(at);
  }
  for (const f of ['amount', 'min_purchase']) if (given[f] !== undefined) given[f] = money4(given[f]);
  const { applies_to: to, restricted_to: where } = given;
  const exists = (id) => (to.entity === 'products' ? ctx.cat.products.has(id) : id === 0 || ctx.cat.categories.has(id));
  if (to && (!to.ids.length || !to.ids.every(exists))) throw bad('applies_to', `ids of ${to.entity} that exist are needed`);
  const isMap = where !== null && typeof where === 'object' && (Array.isArray(where) ? !where.length : true);
  if (where !== undefined && !isMap) throw bad('restricted_to', 'an object is needed');
  if (given.name !== undefined) {
    const owner = coupons.find('name', given.name.toLowerCase());
    if (owner !== null && owner !== self) throw conflict(ctx, 'name');
  }
  if (given.code !== undefined) {
    const owner = coupons.find('code', given.code.toLowerCase());
    const own = owner !== null && owner === self;
    if (!own && (owner !== null || (ctx.sw.codes_shared_with_coupons && codeTaken(ctx, given.code)))) throw conflict(ctx, 'code');
  }
  return given;
}

function post(ctx) {
  const given = accepted(ctx, null, false);
  const { coupons } = ctx.fake.promotions;
  const row = {
    id: coupons.takeId(),
    name: '',
    type: '',
    amount: '',
    min_purchase: '0.0000',
    expires: '',
    enabled: true,
    code: '',
    applies_to: null,
    num_uses: 0,
    max_uses: 0,
    max_uses_per_customer: 0,
    restricted_to: [],
    shipping_methods: [],
    date_created: rfc2822(ctx.clock.seconds()),
    ...given,
  };
  return answer(201, coupons.add(row));
}

function put(ctx) {
  const { id } = ctx.params;
  const { coupons, codes } = ctx.fake.promotions;
  if (codes.has(id)) throw new Refusal(400, 'A coupon of the type promotion cannot be changed here.');
  if (!coupons.has(id)) throw new Refusal(404, 'The requested resource was not found.');
  const given = accepted(ctx, id, true);
  Object.assign(coupons.edit(id), { applies_to: { entity: 'categories', ids: [] } }, given);
  return answer(200, view(ctx, coupons.changed(id)));
}

/** The shadow of a code goes with the code; the promotion stays. */
function removeOne(ctx, id) {
  const state = ctx.fake.promotions;
  if (!state.coupons.remove(id)) state.removeCode(id);
}

function removeMany(ctx) {
  if (!ctx.q['id:in']) throw new Refusal(400, 'This store refuses to delete all coupons: id:in is needed.');
  for (const id of ctx.q['id:in']) removeOne(ctx, id);
  return noContent();
}

const PATH = '/v2/coupons';
const about = { type: 'coupon', scope: 'marketing' };
export const couponRoutes = () => [
  route(
    'GET',
    PATH,
    {
      ...about,
      query: { ...PAGE, id: 'str', code: 'str', name: 'str', type: ALL_TYPES, exclude_type: ALL_TYPES, min_id: 'int', max_id: 'int' },
    },
    listCoupons,
  ),
  route('POST', PATH, { ...about, body: 'json' }, post),
  route('DELETE', PATH, { ...about, query: { 'id:in': 'ints' } }, removeMany),
  route('GET', `${PATH}/count`, about, (ctx) => {
    const { coupons, codes } = ctx.fake.promotions;
    return answer(200, { count: coupons.size + codes.size });
  }),
  route('PUT', `${PATH}/{id}`, { ...about, body: 'json' }, put),
  route('DELETE', `${PATH}/{id}`, about, (ctx) => {
    removeOne(ctx, ctx.params.id);
    return noContent();
  }),
];
