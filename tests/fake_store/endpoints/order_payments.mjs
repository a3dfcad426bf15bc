// Transactions and refunds, for reading. Promises: 204 for an order without transactions; refunds over all orders with pages and filters; everything
// that would move money is refused and counted as a trap.

import { Refusal, ok, answer, noContent } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE } from '../query.mjs';
import { paged } from '../paging.mjs';
import { Raw } from '../json_text.mjs';
import { orderOf, partView } from './order_views.mjs';
import { trap } from './order_traps.mjs';

function transactions(ctx) {
  const rows = orderOf(ctx).part('transactions');
  if (!rows.length) return noContent();
  const n = rows.length;
  return answer(200, {
    data: rows.map((t) => partView(ctx, 'transactions', t)),
    meta: { pagination: { total: n, count: n, per_page: n, current_page: 1, total_pages: 1 } },
  });
}

// Dates of refunds are RFC 3339, with a zone; a plus sign that was not encoded arrives as a blank.
function created(q, name) {
  const text = q[name];
  if (text === undefined) return null;
  const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
  const ms = form.test(text) ? Date.parse(text) : NaN;
  if (!Number.isFinite(ms)) throw new Refusal(422, 'The query has invalid values.', { [name]: `${name} is not an RFC 3339 date` });
  return ms;
}

const paidBy = (refund, transactionId) => refund.payments.some((p) => p.transaction_id === transactionId);

function allRefunds(ctx) {
  const { q } = ctx;
  const { orders } = ctx.fake;
  const [from, to] = [created(q, 'created:min'), created(q, 'created:max')];
  const lost = ctx.trouble.flatMap((t) => (t.vanish && q['id:in'] ? [].concat(t.vanish) : []));
  let ids = orders.list('refunds').toArray();
  if (q['id:in']) ids = ids.filter((id) => q['id:in'].includes(id) && !lost.includes(id));
  const get = (id) => orders.findChild('refunds', id);
  if (q['order_id:in']) {
    const wanted = new Set(q['order_id:in']);
    ids = ids.filter((id) => wanted.has(get(id).order_id));
  }
  if (from !== null) ids = ids.filter((id) => Date.parse(get(id).created) >= from);
  if (to !== null) ids = ids.filter((id) => Date.parse(get(id).created) <= to);
  if (q.transaction_id !== undefined) ids = ids.filter((id) => paidBy(get(id), q.transaction_id));
  return paged(ctx, ids.length, (o, n) => ids.slice(o, o + n).map((id) => partView(ctx, 'refunds', get(id))));
}

function refundsOfOrder(ctx) {
  const { q } = ctx;
  const rows = orderOf(ctx)
    .part('refunds')
    .filter((r) => q.transaction_id === undefined || paidBy(r, q.transaction_id));
  return answer(200, { data: rows.map((r) => partView(ctx, 'refunds', r)), meta: {} });
}

/** Read by its id a refund gives requested_amount as text, in lists as a number: both as documented. */
function oneRefund(ctx) {
  const row = ctx.fake.orders.findChild('refunds', ctx.params.refund_id);
  if (!row) throw new Refusal(404);
  const seen = partView(ctx, 'refunds', row);
  if (seen instanceof Raw) return ok(seen);
  const items = row.items.map((i) => ({
    ...i,
    requested_amount: i.requested_amount === null ? null : Number(i.requested_amount).toFixed(2),
  }));
  return ok({ ...row, items });
}

const money = { type: 'order_refund', scope: ['orders', 'transactions'] };
export const orderPaymentRoutes = () => [
  route('GET', '/v3/orders/{order_id}/transactions', { type: 'order_transaction', scope: 'transactions' }, transactions),
  route(
    'GET',
    '/v3/orders/payment_actions/refunds',
    {
      ...money,
      query: { ...PAGE, 'order_id:in': 'ints', 'id:in': 'ints', 'created:min': 'str', 'created:max': 'str', transaction_id: 'str' },
    },
    allRefunds,
  ),
  route('GET', '/v3/orders/payment_actions/refunds/{refund_id}', money, oneRefund),
  route('GET', '/v3/orders/{order_id}/payment_actions/refunds', { ...money, query: { transaction_id: 'str' } }, refundsOfOrder),
  trap('POST', '/v3/orders/{order_id}/payment_actions/refunds', money, 'pays money back'),
  trap('POST', '/v3/orders/{order_id}/payment_actions/refund_quotes', money, 'prepares a refund'),
  trap('POST', '/v3/orders/{order_id}/payment_actions/capture', money, 'takes money'),
  trap('POST', '/v3/orders/{order_id}/payment_actions/void', money, 'gives up a payment'),
];
