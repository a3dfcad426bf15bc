// Gift certificates (V2). Promises: dates are read as Unix seconds in text and written as RFC 2822, a code is cut to 20 characters, the balance
// defaults to the amount, the DELETE of all of them is refused.

import { Refusal, answer, noContent } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE, DIRECTION, equalText } from '../query.mjs';
import { pagedV2, acceptV2, money4, rfc2822Seconds } from '../v2.mjs';
import { str, int, one, obj, numOrText, readOnly } from '../validate.mjs';
import { Raw } from '../json_text.mjs';
import { Random } from '../seed/random.mjs';

const CURRENCIES = ['USD', 'EUR', 'GBP', 'CAD', 'AUD', 'JPY'];
const fields = {
  id: readOnly,
  to_name: str(1),
  to_email: str(3),
  from_name: str(1),
  from_email: str(3),
  amount: numOrText,
  balance: numOrText,
  purchase_date: str(),
  expiry_date: str(),
  customer_id: int(0),
  order_id: readOnly,
  template: one('birthday.html', 'boy.html', 'girl.html', 'celebration.html', 'christmas.html', 'general.html'),
  message: str(),
  code: str(1, 255),
  status: one('active', 'pending', 'expired', 'disabled'),
  currency_code: one(...CURRENCIES),
};
const REQUIRED = ['to_name', 'to_email', 'from_name', 'from_email', 'amount'];
const putSpec = obj(fields, REQUIRED);
const postSpec = obj({ ...fields, message: str(0, 250) }, REQUIRED);

function view(ctx, row) {
  const raw = ctx.fake.raws.get(`gift_certificates:${row.id}`);
  return raw ? new Raw(raw) : row;
}

const TEXTS = ['code', 'to_name', 'to_email', 'from_name', 'from_email'];

function listCertificates(ctx) {
  const { q } = ctx;
  const { certificates } = ctx.fake.promotions;
  let ids = certificates.ids.toArray();
  if (q.min_id !== undefined && !ctx.sw.id_greater_ignored) ids = ids.filter((id) => id >= q.min_id);
  if (q.max_id !== undefined && !ctx.sw.id_greater_ignored) ids = ids.filter((id) => id <= q.max_id);
  const tests = TEXTS.filter((f) => q[f] !== undefined).map((f) => (g) => equalText(g[f], q[f]));
  if (q.order_id !== undefined) tests.push((g) => g.order_id === q.order_id);
  if (tests.length) ids = ids.filter((id) => tests.every((t) => t(certificates.get(id))));
  if (q.direction === 'desc' && !ctx.sw.sort_ignored) ids.reverse();
  return pagedV2(ctx, ids.length, (o, n) => ids.slice(o, o + n).map((id) => view(ctx, certificates.get(id))));
}

function certificateOf(ctx) {
  const g = ctx.fake.promotions.certificates.get(ctx.params.id);
  if (!g) throw new Refusal(404, 'The requested resource was not found.');
  return g;
}

const bad = (field, text) => new Refusal(400, `The field '${field}' is invalid: ${text}`);

function accepted(ctx, spec, self) {
  const given = acceptV2(spec, ctx.body);
  for (const f of ['amount', 'balance']) if (given[f] !== undefined) given[f] = money4(given[f]);
  if (given.balance !== undefined && Number(given.balance) > Number(given.amount)) throw bad('balance', 'it may not be above the amount');
  for (const f of ['purchase_date', 'expiry_date']) {
    if (given[f] === undefined) continue;
    const at = given[f] === '' ? 0 : rfc2822Seconds(given[f]);
    if (at === null) throw bad(f, 'an RFC 2822 date is needed');
    given[f] = String(at);
  }
  for (const f of ['to_email', 'from_email']) if (!/^[^@\s]+@[^@\s]+$/.test(given[f])) throw bad(f, 'an e-mail address is needed');
  if (given.customer_id && ctx.fake.customers.ids.length && !ctx.fake.customers.ids.has(given.customer_id))
    throw bad('customer_id', 'there is no such customer');
  if (given.code !== undefined) {
    given.code = given.code.slice(0, 20);
    const owner = ctx.fake.promotions.certificates.find('code', given.code.toLowerCase());
    if (owner !== null && owner !== self) throw new Refusal(409, 'The code is used by another gift certificate.');
  }
  return given;
}

function post(ctx) {
  const given = accepted(ctx, postSpec, null);
  const { certificates } = ctx.fake.promotions;
  const id = certificates.takeId();
  const r = new Random(ctx.fake.options.seed, id, 356);
  const row = {
    id,
    code: `${r.hex(3)}-${r.hex(3)}-${r.hex(3)}`.toUpperCase(),
    amount: '',
    status: 'active',
    balance: given.amount,
    to_name: '',
    order_id: 0,
    template: 'general.html',
    message: '',
    to_email: '',
    from_name: '',
    from_email: '',
    customer_id: 0,
    expiry_date: '0',
    purchase_date: String(ctx.clock.seconds()),
    currency_code: 'USD',
    ...given,
  };
  return answer(201, certificates.add(row));
}

function put(ctx) {
  const { id } = certificateOf(ctx);
  const given = accepted(ctx, putSpec, id);
  const { certificates } = ctx.fake.promotions;
  Object.assign(certificates.edit(id), given);
  return answer(200, view(ctx, certificates.changed(id)));
}

const PATH = '/v2/gift_certificates';
const about = { type: 'gift_certificate', scope: 'marketing' };
const LIST = {
  ...PAGE,
  ...Object.fromEntries(TEXTS.map((f) => [f, 'str'])),
  min_id: 'int',
  max_id: 'int',
  order_id: 'int',
  sort: ['id'],
  direction: DIRECTION,
};
export const giftCertificateRoutes = () => [
  route('GET', PATH, { ...about, query: LIST }, listCertificates),
  route('POST', PATH, { ...about, body: 'json' }, post),
  route('DELETE', PATH, about, () => {
    throw new Refusal(400, 'This store refuses to delete all gift certificates.');
  }),
  route('GET', `${PATH}/{id}`, about, (ctx) => answer(200, view(ctx, certificateOf(ctx)))),
  route('PUT', `${PATH}/{id}`, { ...about, body: 'json' }, put),
  route('DELETE', `${PATH}/{id}`, about, (ctx) => {
    ctx.fake.promotions.certificates.remove(ctx.params.id);
    return noContent();
  }),
];
