// Coupon codes of promotions (V3). Promises: only coupon promotions have them, one code per POST, unique over the store whatever the case, no
// update, DELETE by id, by ids or by code; made-up codes for BULK promotions only.

import { Refusal, ok, noContent } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE, CURSOR, equalText } from '../query.mjs';
import { cursorPaged } from '../paging.mjs';
import { accept, str, int, list, obj } from '../validate.mjs';
import { Raw } from '../json_text.mjs';
import { Random } from '../seed/random.mjs';
import { codeView } from '../state/promotions.mjs';
import { promotionOf, bulkIds, bulkAnswer } from './promotions.mjs';

const CODE = /^[a-zA-Z0-9_ -]{1,50}$/;
const spec = obj({ code: str(1, 50), max_uses: int(0), max_uses_per_customer: int(0) }, ['code']);

function listed(ctx, ids) {
  const { codes } = ctx.fake.promotions;
  const answered = cursorPaged(ctx, ids, (id) => codeView(codes.get(id)));
  const raw = (row) => ctx.fake.raws.get(`codes:${row.id}`);
  answered.body.data = answered.body.data.map((row) => (raw(row) ? new Raw(raw(row)) : row));
  return answered;
}

function listCodes(ctx) {
  const { promotions } = ctx.fake;
  let ids = promotions.codeIds(promotionOf(ctx).id).toArray();
  if (ctx.q.code !== undefined) ids = ids.filter((id) => equalText(promotions.codes.get(id).code, ctx.q.code));
  return listed(ctx, ids);
}

export function codeTaken(ctx, code) {
  const { codes, coupons } = ctx.fake.promotions;
  const key = code.toLowerCase();
  return codes.find('code', key) !== null || (ctx.sw.codes_shared_with_coupons && coupons.find('code', key) !== null);
}

function couponPromotion(ctx) {
  const p = promotionOf(ctx);
  if (p.redemption_type !== 'COUPON') throw new Refusal(422, 'Only promotions with coupons have codes.');
  return p;
}

function add(ctx, promotion, given) {
  const { promotions } = ctx.fake;
  const row = {
    id: promotions.codes.takeId(),
    code: given.code,
    max_uses: given.max_uses ?? 0,
    max_uses_per_customer: given.max_uses_per_customer ?? 0,
    current_uses: 0,
    created: ctx.clock.stamp(),
  };
  return codeView(promotions.addCode(promotion.id, row));
}

function post(ctx) {
  const promotion = couponPromotion(ctx);
  const given = accept(spec, ctx.body, ctx.sw);
  if (!CODE.test(given.code))
    throw new Refusal(422, 'The code is not valid', { code: 'letters, numbers, spaces, underscores and hyphens only' });
  if (promotion.coupon_type === 'BULK' && ctx.sw.code_post_to_bulk === 'refuse')
    throw new Refusal(422, 'Codes of a bulk promotion are generated.', { coupon_type: 'BULK' });
  if (codeTaken(ctx, given.code)) throw new Refusal(409, 'The code exists already', { code: `the code ${given.code} is used` });
  return ok(add(ctx, promotion, given), 201);
}

const genSpec = obj(
  {
    batch_size: int(1, 250),
    max_uses: int(0, 100000),
    max_uses_per_customer: int(0, 100000),
    prefix: str(0, 20),
    suffix: str(0, 20),
    delimiter: str(0, 1),
    exclude_characters: list(str(1, 1)),
    code_length: int(6, 16),
  },
  ['batch_size'],
);

function generate(ctx) {
  const promotion = promotionOf(ctx);
  if (promotion.redemption_type !== 'COUPON' || promotion.coupon_type !== 'BULK')
    throw new Refusal(405, 'Bulk code generation is only supported for bulk coupon promotions.');
  const given = accept(genSpec, ctx.body, ctx.sw);
  const { codes } = ctx.fake.promotions;
  const r = new Random(ctx.fake.options.seed, codes.next, 355);
  const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'].filter((c) => !given.exclude_characters?.includes(c));
  if (!alphabet.length) throw new Refusal(422, 'No characters are left to make codes of.');
  const { prefix = '', suffix = '', delimiter = '', max_uses = 1, max_uses_per_customer = 1 } = given;
  const made = [];
  while (made.length < given.batch_size) {
    const middle = Array.from({ length: given.code_length ?? 16 }, () => r.pick(alphabet)).join('');
    const code = `${prefix}${prefix && delimiter}${middle}${suffix && delimiter}${suffix}`;
    if (!codeTaken(ctx, code)) made.push({ code: add(ctx, promotion, { code, max_uses, max_uses_per_customer }).code });
  }
  return ok({ max_uses, max_uses_per_customer, created: ctx.clock.stamp(), batch_size: made.length, codes: made }, 201);
}

function removeMany(ctx) {
  const { id: promotion } = promotionOf(ctx);
  const { ids, refused } = bulkIds(ctx, 250);
  if (refused) return refused;
  const { promotions } = ctx.fake;
  const errors = {};
  ids.forEach((id, n) => {
    const code = promotions.codes.get(id);
    if (code?.promotion_id !== promotion) errors[`${n}.id`] = 'Invalid ID';
    else if (ctx.q.code === undefined || equalText(code.code, ctx.q.code)) promotions.removeCode(id);
  });
  return bulkAnswer(ids, errors);
}

function byText(ctx) {
  if (!ctx.q.code) throw new Refusal(422, 'Parameter code is required', { code: 'code is required' });
  const id = ctx.fake.promotions.codes.find('code', ctx.q.code.toLowerCase());
  return id === null ? [] : [id];
}

const PATH = '/v3/promotions/{promotion_id}/codes';
const about = { type: 'promotion_code', scope: 'marketing' };
export const promotionCodeRoutes = () => [
  route('GET', PATH, { ...about, query: { ...PAGE, ...CURSOR, code: 'str' } }, listCodes),
  route('POST', PATH, { ...about, body: 'json' }, post),
  route('DELETE', PATH, { ...about, query: { 'id:in': 'ints', code: 'str' } }, removeMany),
  route('DELETE', `${PATH}/{code_id}`, about, (ctx) => {
    const { promotions } = ctx.fake;
    if (promotions.codes.get(ctx.params.code_id)?.promotion_id === ctx.params.promotion_id) promotions.removeCode(ctx.params.code_id);
    return noContent();
  }),
  route('POST', '/v3/promotions/{promotion_id}/codegen', { ...about, body: 'json' }, generate),
  route('GET', '/v3/promotions/codes', { ...about, query: { code: 'str' } }, (ctx) => listed(ctx, byText(ctx))),
  route('DELETE', '/v3/promotions/codes', { ...about, query: { code: 'str' } }, (ctx) => {
    for (const id of byText(ctx)) ctx.fake.promotions.removeCode(id);
    return noContent();
  }),
];
