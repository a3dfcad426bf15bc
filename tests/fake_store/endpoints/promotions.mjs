// Promotions (V3) and their settings. Promises: 201 on create, partial PUT, redemption and coupon type never change, promotions with codes are not
// deleted, the DELETE of several answers 422 with what failed by position.

import { Refusal, ok, answer, noContent, TYPE_URL } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE, DIRECTION, contains, equalText } from '../query.mjs';
import { paged } from '../paging.mjs';
import { accept, errorsOf, str, int, bool, one, list, obj, any, orNull, readOnly } from '../validate.mjs';
import { Raw } from '../json_text.mjs';
import { stampOf } from '../clock.mjs';
import { ruleErrors, hasDeadReference, hasFixedAmount } from './promotion_rules.mjs';
import { lostByTrouble } from './listing.mjs';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const LOCATIONS = ['HOME_PAGE', 'PRODUCT_PAGE', 'CART_PAGE', 'CHECKOUT_PAGE'];

const fields = {
  id: readOnly,
  redemption_type: one('AUTOMATIC', 'COUPON'),
  name: str(1),
  display_name: str(),
  channels: list(obj({ id: int(1) }, ['id'])),
  customer: obj({
    group_ids: list(int(0)),
    minimum_order_count: int(0),
    excluded_group_ids: list(int(0)),
    segments: any,
  }),
  rules: any,
  current_uses: readOnly,
  max_uses: orNull(int(1)),
  status: one('ENABLED', 'DISABLED'),
  start_date: str(1),
  end_date: orNull(str(1)),
  stop: bool,
  can_be_used_with_other_promotions: bool,
  currency_code: str(1, 3),
  notifications: list(
    obj({ content: str(), type: one('UPSELL', 'ELIGIBLE', 'APPLIED', 'PROMOTION'), locations: list(one(...LOCATIONS)) }, [
      'content',
      'type',
      'locations',
    ]),
  ),
  shipping_address: any,
  schedule: obj(
    {
      week_frequency: int(1),
      week_days: list(one(...DAYS)),
      daily_start_time: str(8, 8),
      daily_end_time: str(8, 8),
    },
    ['week_frequency', 'week_days', 'daily_start_time', 'daily_end_time'],
  ),
  created_from: readOnly,
  codes: readOnly,
  multiple_codes: readOnly,
  coupon_overrides_other_promotions: bool,
  coupon_overrides_automatic_when_offering_higher_discounts: bool,
  coupon_type: one('SINGLE', 'BULK'),
};
const postSpec = obj(fields, ['name', 'redemption_type', 'rules']);

export function promotionView(ctx, row) {
  const raw = ctx.fake.raws.get(`promotions:${row.id}`);
  if (raw) return new Raw(raw);
  const out = { ...ctx.fake.promotions.withCodes(row) };
  if (ctx.sw.promotion_deleted_refs === 'invalid' && out.status === 'ENABLED' && hasDeadReference(ctx.cat, out.rules))
    out.status = 'INVALID';
  return out;
}

const SORTS = {
  id: (p) => p.id,
  name: (p) => p.name.toLowerCase(),
  // The priority itself is in no answer: older promotions come first.
  priority: (p) => p.start_date,
  start_date: (p) => p.start_date,
};

function codesMatch(ctx, promotion, text, part) {
  const { promotions } = ctx.fake;
  const ids = promotions.codeIds(promotion.id).toArray();
  return ids.some((id) => (part ? contains : equalText)(promotions.codes.get(id).code, text));
}

function listPromotions(ctx) {
  const { q, sw } = ctx;
  const lost = lostByTrouble(ctx);
  let rows = ctx.fake.promotions.promotions.filter(
    (p) =>
      (q.id === undefined || (p.id === q.id && !lost.includes(p.id))) &&
      (q.name === undefined || equalText(p.name, q.name)) &&
      (q.currency_code === undefined || equalText(p.currency_code, q.currency_code)) &&
      (q.redemption_type === undefined || equalText(p.redemption_type, q.redemption_type)) &&
      (q.status === undefined || equalText(promotionView(ctx, p).status ?? p.status, q.status)) &&
      // Promotions for all channels are among the results.
      (!q.channels || !p.channels.length || p.channels.some((c) => q.channels.includes(c.id))) &&
      (q.code === undefined || codesMatch(ctx, p, q.code, false)) &&
      (q.query === undefined || contains(p.name, q.query) || codesMatch(ctx, p, q.query, true)),
  );
  if (q.sort && q.sort !== 'id' && !sw.sort_ignored) {
    const key = SORTS[q.sort];
    rows = rows.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.id - b.id));
  }
  if (q.direction === 'desc' && !sw.sort_ignored) rows.reverse();
  const answered = paged(ctx, rows.length, (o, n) => rows.slice(o, o + n).map((p) => promotionView(ctx, p)));
  const { pagination } = answered.body.meta;
  // Here the file calls the links required.
  pagination.links ??= { current: `?limit=${pagination.per_page}&page=${pagination.current_page}` };
  return answered;
}

export function promotionOf(ctx) {
  const p = ctx.fake.promotions.promotions.get(ctx.params.promotion_id);
  if (!p) throw new Refusal(404, 'The requested resource was not found.');
  return p;
}

/** A date as the store shows it, or null. */
function dateOf(text, at, errors) {
  const ms = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isFinite(ms)) errors[at] = `${at} must be a date`;
  return Number.isFinite(ms) ? stampOf(Math.floor(ms / 1000)) : null;
}

/** Rules between fields; given is what the body says, next what the promotion would be. */
function check(ctx, given, next) {
  const errors = {};
  if (given.rules !== undefined) Object.assign(errors, ruleErrors(ctx.cat, given.rules, ctx.sw.promotion_refs_checked));
  for (const c of given.channels ?? []) if (!ctx.cat.channels.has(c.id)) errors.channels = `The channel ${c.id} does not exist`;
  const { customer } = given;
  if (customer?.group_ids?.length && customer.excluded_group_ids?.length)
    errors.customer = 'only one of group_ids and excluded_group_ids may be given';
  if (ctx.sw.promotion_refs_checked)
    for (const id of [...(customer?.group_ids ?? []), ...(customer?.excluded_group_ids ?? [])])
      if (id !== 0 && !ctx.fake.customers.groups.has(id)) errors.customer = `The customer group ${id} does not exist`;
  if (given.coupon_overrides_other_promotions !== undefined && next.can_be_used_with_other_promotions)
    errors.coupon_overrides_other_promotions = 'cannot be set while can_be_used_with_other_promotions is true';
  if (!errors.rules && next.currency_code === '*' && hasFixedAmount(next.rules)) errors.currency_code = 'fixed amounts need one currency';
  if (!/^([A-Z]{3}|\*)$/.test(next.currency_code)) errors.currency_code = 'currency_code is not a currency';
  for (const t of ['daily_start_time', 'daily_end_time'])
    if (given.schedule && !/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(given.schedule[t])) errors[`schedule.${t}`] = 'must be a time';
  const address = given.shipping_address;
  const countries = address?.not?.countries ?? address?.countries;
  if (address !== undefined && !(Array.isArray(countries) && countries.every((c) => /^[A-Z]{2}$/.test(c?.iso2_country_code))))
    errors.shipping_address = 'must be {countries: [...]} or {not: {countries: [...]}}';
  if (given.start_date !== undefined) next.start_date = dateOf(given.start_date, 'start_date', errors);
  if (given.end_date) next.end_date = dateOf(given.end_date, 'end_date', errors);
  if (Object.keys(errors).length) throw new Refusal(422, 'The promotion is not valid', errors);
}

/** INVALID is the store's own word. */
function accepted(ctx, spec, options) {
  if (ctx.body?.status === 'INVALID') throw new Refusal(422, 'The promotion is not valid', { status: 'status INVALID cannot be set' });
  return accept(spec, ctx.body, ctx.sw, options);
}

const COUPON_ONLY = ['coupon_overrides_other_promotions', 'coupon_overrides_automatic_when_offering_higher_discounts', 'coupon_type'];

function post(ctx) {
  const given = accepted(ctx, postSpec);
  const coupon = given.redemption_type === 'COUPON';
  for (const f of COUPON_ONLY)
    if (!coupon && given[f] !== undefined)
      throw new Refusal(422, 'The promotion is not valid', { [f]: 'only for promotions with coupons' });
  const next = {
    id: 0,
    redemption_type: given.redemption_type,
    name: given.name,
    display_name: '',
    created_from: 'api',
    channels: [],
    customer: { group_ids: [], minimum_order_count: 0, excluded_group_ids: [], segments: null },
    rules: null,
    current_uses: 0,
    max_uses: null,
    status: 'ENABLED',
    start_date: ctx.clock.stamp(),
    end_date: null,
    stop: false,
    can_be_used_with_other_promotions: true,
    currency_code: 'USD',
    notifications: [],
    shipping_address: null,
    schedule: null,
    ...(coupon ? { coupon_overrides_other_promotions: false, coupon_type: 'SINGLE' } : {}),
  };
  merge(next, given);
  check(ctx, given, next);
  next.id = ctx.fake.promotions.promotions.takeId();
  return ok(promotionView(ctx, ctx.fake.promotions.addPromotion(next)), 201);
}

function merge(row, given) {
  const { customer, coupon_overrides_automatic_when_offering_higher_discounts: deprecated, rules, ...rest } = given;
  Object.assign(row, rest);
  if (customer) row.customer = { ...row.customer, ...customer };
  if (rules) row.rules = rules;
  if (Array.isArray(rules))
    row.rules = rules.map((r) =>
      r && typeof r === 'object' && !Array.isArray(r) ? { ...r, apply_once: r.apply_once ?? true, stop: r.stop ?? false } : r,
    );
  return row;
}

function put(ctx) {
  const now = promotionOf(ctx);
  const given = accepted(ctx, postSpec, { partial: true });
  for (const f of ['redemption_type', 'coupon_type'])
    if (given[f] !== undefined && given[f] !== now[f])
      throw new Refusal(422, 'The promotion is not valid', { [f]: `${f} cannot be changed` });
  if (now.redemption_type !== 'COUPON')
    for (const f of COUPON_ONLY)
      if (given[f] !== undefined) throw new Refusal(422, 'The promotion is not valid', { [f]: 'only for promotions with coupons' });
  const next = merge({ ...now }, given);
  check(ctx, given, next);
  const { promotions } = ctx.fake.promotions;
  Object.assign(promotions.edit(now.id), next);
  return ok(promotionView(ctx, promotions.changed(now.id)));
}

function remove(ctx) {
  const { promotions } = ctx.fake;
  const id = ctx.params.promotion_id;
  if (promotions.codeIds(id).length && ctx.sw.promotion_delete_with_codes === 'refuse')
    throw new Refusal(422, 'Promotion cannot be deleted: some relating codes are still present.');
  promotions.removePromotion(id);
  return noContent();
}

/** The documented answer of a bulk DELETE: what failed, by its place in id:in. */
export function bulkAnswer(ids, errors) {
  const failed = new Set(Object.keys(errors).map((k) => k.split('.')[0])).size;
  if (!failed) return noContent();
  return answer(422, {
    errors: [{ status: 422, title: 'Errors occurred in bulk delete action.', type: TYPE_URL, errors }],
    meta: { total: ids.length, success: ids.length - failed, failed },
  });
}
export function bulkIds(ctx, max) {
  const ids = ctx.q['id:in'];
  const refusal = (title) => answer(422, { errors: [{ status: 422, title, type: TYPE_URL }], meta: { total: 0, success: 0, failed: 0 } });
  if (!ids) return { refused: refusal('Parameter id:in is required') };
  if (ids.length > max) return { refused: refusal(`At most ${max} ids are possible`) };
  return { ids };
}

function removeMany(ctx) {
  const { ids, refused } = bulkIds(ctx, 50);
  if (refused) return refused;
  const { promotions } = ctx.fake;
  const errors = {};
  ids.forEach((id, n) => {
    if (!promotions.promotions.has(id)) errors[`${n}.id`] = 'Invalid ID';
    else if (promotions.codeIds(id).length) errors[`${n}.code`] = `Failed for id=${id}. Error: some relating codes are still present.`;
    else promotions.removePromotion(id);
  });
  return bulkAnswer(ids, errors);
}

// ---- settings: not wrapped in data ------------------------------------------------------------------

const ENTERPRISE = {
  promotions_apply_on_products_with_custom_product_price: bool,
  promotions_triggered_by_products_with_zero_product_price: bool,
  number_of_coupons_allowed_at_checkout: int(1, 5),
};
const settingFields = { ...ENTERPRISE, promotions_applied_on_original_product_price: bool };

function putSettings(ctx) {
  const standard = ctx.sw.promotion_settings_plan === 'standard';
  const wrong = errorsOf(obj(settingFields, standard ? [] : Object.keys(settingFields)), ctx.body, ctx.sw);
  if (standard)
    for (const f of Object.keys(ENTERPRISE)) if (ctx.body?.[f] !== undefined) wrong[f] = `${f} can only be changed on an Enterprise plan`;
  if (Object.keys(wrong).length) throw new Refusal(422, 'Promotion settings data is not valid', wrong);
  const { settings } = ctx.fake.promotions;
  for (const f of Object.keys(settingFields)) if (ctx.body[f] !== undefined) settings[f] = ctx.body[f];
  return answer(200, settings);
}

const PATH = '/v3/promotions';
const about = { type: 'promotion', scope: 'marketing' };
export const promotionRoutes = () => [
  route(
    'GET',
    PATH,
    {
      ...about,
      query: {
        ...PAGE,
        id: 'int',
        name: 'str',
        code: 'str',
        currency_code: 'str',
        redemption_type: ['automatic', 'coupon'],
        status: 'str',
        sort: Object.keys(SORTS),
        direction: DIRECTION,
        channels: 'ints',
        query: 'str',
      },
    },
    listPromotions,
  ),
  route('POST', PATH, { ...about, body: 'json' }, post),
  route('DELETE', PATH, { ...about, query: { 'id:in': 'ints' } }, removeMany),
  route('GET', `${PATH}/{promotion_id}`, about, (ctx) => ok(promotionView(ctx, promotionOf(ctx)))),
  route('PUT', `${PATH}/{promotion_id}`, { ...about, body: 'json' }, put),
  route('DELETE', `${PATH}/{promotion_id}`, about, remove),
  route('GET', `${PATH}/settings`, { ...about, type: 'promotion_settings' }, (ctx) => answer(200, ctx.fake.promotions.settings)),
  route('PUT', `${PATH}/settings`, { ...about, type: 'promotion_settings', body: 'json' }, putSettings),
];
