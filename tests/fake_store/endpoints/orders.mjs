// GET, PUT, POST and DELETE of orders, the count, and order statuses. Promises: every documented filter and sort; archived and incomplete orders in a
// list as the switches say; DELETE of one order archives it, DELETE of all is refused and counted as a trap.

import { Refusal, answer, noContent } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE } from '../query.mjs';
import { pagedV2, rfc2822Seconds } from '../v2.mjs';
import { STATUSES } from '../seed/order.mjs';
import { units } from '../seed/order_sums.mjs';
import { INCLUDE_QUERY, orderOf, editOrder, orderView } from './order_views.mjs';
import { trap } from './order_traps.mjs';
import { createOrder, updateOrder, insertOrder } from './orders_write.mjs';

const SORT_FIELDS = ['id', 'customer_id', 'date_created', 'date_modified', 'status_id', 'channel_id', 'external_id'];
const FILTERS = {
  min_id: 'int',
  max_id: 'int',
  min_total: 'num',
  max_total: 'num',
  customer_id: 'int',
  email: 'str',
  status_id: 'int',
  cart_id: 'str',
  payment_method: 'str',
  min_date_created: 'str',
  max_date_created: 'str',
  min_date_modified: 'str',
  max_date_modified: 'str',
  channel_id: 'int',
  external_order_id: 'str',
  // In older official documentation only: see the switch.
  is_deleted: 'bool',
};
const LIST = { ...FILTERS, ...PAGE, ...INCLUDE_QUERY, sort: SORT_FIELDS.flatMap((f) => [f, `${f}:asc`, `${f}:desc`]) };

/** RFC 2822 or ISO 8601, else a 400. A plus sign that was not encoded arrives as a blank and is no date. */
export function filterDate(q, name) {
  const text = q[name];
  if (text === undefined) return null;
  const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text);
  const zoned = /T/.test(text) && !/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text + 'Z' : text;
  const seconds = iso ? Date.parse(zoned) / 1000 : rfc2822Seconds(text);
  if (seconds === null || !Number.isFinite(seconds)) throw new Refusal(400, `The value of '${name}' is not a date.`);
  return seconds;
}

function deletedFilter(ctx) {
  const { q, sw } = ctx;
  if (q.is_deleted === undefined || sw.orders_is_deleted_filter === 'ignored') return undefined;
  if (sw.orders_is_deleted_filter === 'refused') throw new Refusal(400, 'The filter(s): is_deleted are not valid filter parameter(s).');
  return q.is_deleted;
}

/** Positions in the columns of the orders that the query is about, by id. */
function select(ctx) {
  const { q, sw } = ctx;
  const { orders } = ctx.fake;
  const c = orders.columns;
  const deleted = deletedFilter(ctx);
  const dates = [
    ['created', filterDate(q, 'min_date_created'), filterDate(q, 'max_date_created')],
    ['modified', filterDate(q, 'min_date_modified'), filterDate(q, 'max_date_modified')],
  ];
  const tests = [];
  if (deleted !== undefined) tests.push((n) => Boolean(c.archived[n]) === deleted);
  else if (!sw.orders_list_contains_archived) tests.push((n) => !c.archived[n]);
  if (q.status_id !== undefined) tests.push((n) => c.status[n] === q.status_id);
  else if (!sw.orders_list_contains_incomplete) tests.push((n) => c.status[n] !== 0);
  if (q.min_id !== undefined) tests.push((n) => c.id[n] >= q.min_id);
  if (q.max_id !== undefined) tests.push((n) => c.id[n] <= q.max_id);
  if (q.customer_id !== undefined) tests.push((n) => c.customer[n] === q.customer_id);
  if (q.channel_id !== undefined) tests.push((n) => c.channel[n] === q.channel_id);
  for (const [column, from, to] of dates) {
    if (from !== null) tests.push((n) => c[column][n] >= from);
    if (to !== null) tests.push((n) => c[column][n] <= to);
  }
  // These need the order itself; they come last.
  const record = (n) => orders.record(c.id[n]);
  if (q.min_total !== undefined) tests.push((n) => record(n).total >= units(q.min_total));
  if (q.max_total !== undefined) tests.push((n) => record(n).total <= units(q.max_total));
  if (q.email !== undefined) tests.push((n) => record(n).email.toLowerCase() === q.email.toLowerCase());
  for (const f of ['cart_id', 'payment_method', 'external_order_id'])
    if (q[f] !== undefined) tests.push((n) => (record(n).row[f] ?? '') === q[f]);
  const out = [];
  for (let n = 0; n < c.length; n++) if (tests.every((t) => t(n))) out.push(n);
  return out;
}

function sorted(ctx, positions) {
  const [field, direction] = (ctx.q.sort ?? 'id').split(':');
  if (ctx.sw.sort_ignored) return positions;
  const { orders } = ctx.fake;
  const c = orders.columns;
  const column = {
    id: c.id,
    customer_id: c.customer,
    date_created: c.created,
    date_modified: c.modified,
    status_id: c.status,
    channel_id: c.channel,
  }[field];
  const key = column ? (n) => column[n] : (n) => orders.record(c.id[n]).row[field] ?? '';
  const sign = direction === 'desc' ? -1 : 1;
  if (field === 'id' && sign === 1) return positions;
  return positions
    .map((n) => [key(n), n])
    .sort(([a, m], [b, n]) => (a < b ? -sign : a > b ? sign : m - n))
    .map(([, n]) => n);
}

/** The trouble `shift`: the collection moves under the client's feet while it pages. */
function shiftTrouble(ctx) {
  const { orders } = ctx.fake;
  for (const t of ctx.trouble) {
    if (t.shift === 'insert') insertOrder(ctx.fake);
    if (t.shift !== 'delete') continue;
    const c = orders.columns;
    for (let n = 0; n < c.length; n++)
      if (!c.archived[n]) {
        orders.archive(orders.edit(c.id[n]));
        break;
      }
  }
}

function list(ctx) {
  shiftTrouble(ctx);
  const { orders } = ctx.fake;
  const found = sorted(ctx, select(ctx));
  const fetch = (o, n) => found.slice(o, o + n).map((at) => orderView(ctx, orders.record(orders.columns.id[at])));
  return pagedV2(ctx, found.length, fetch, { emptyIs204: ctx.sw.order_empty_list === '204' });
}

const label = (s) => ({
  id: s.id,
  name: s.name,
  system_label: s.name,
  custom_label: s.id === 10 ? 'Completed – Danke!' : s.name,
  system_description: s.system_description,
});

function count(ctx) {
  const c = ctx.fake.orders.columns;
  const per = new Array(STATUSES.length).fill(0);
  const found = select(ctx);
  for (const n of found) per[c.status[n]]++;
  const statuses = [...STATUSES]
    .sort((a, b) => a.sort_order - b.sort_order)
    .map((s) => ({ ...label(s), count: per[s.id], sort_order: s.sort_order }));
  return answer(200, { statuses, count: found.length });
}

const status = (s) => ({ ...label(s), order: s.sort_order });

function archive(ctx) {
  const record = editOrder(ctx);
  ctx.fake.orders.archive(record);
  return noContent();
}

const about = { type: 'order', scope: 'orders' };
export const orderRoutes = () => [
  route('GET', '/v2/orders', { ...about, query: LIST }, list),
  route('POST', '/v2/orders', { ...about, query: INCLUDE_QUERY, body: 'json' }, createOrder),
  trap('DELETE', '/v2/orders', { ...about, query: { limit: 'int' } }, 'archives all orders'),
  route('GET', '/v2/orders/count', { ...about, query: FILTERS }, count),
  route('GET', '/v2/orders/{order_id}', { ...about, query: INCLUDE_QUERY }, (ctx) => answer(200, orderView(ctx, orderOf(ctx)))),
  route('PUT', '/v2/orders/{order_id}', { ...about, body: 'json' }, updateOrder),
  route('DELETE', '/v2/orders/{order_id}', about, archive),
  route('GET', '/v2/order_statuses', { type: 'order_status', scope: 'orders' }, () => answer(200, STATUSES.map(status))),
  route('GET', '/v2/order_statuses/{status_id}', { type: 'order_status', scope: 'orders' }, (ctx) => {
    const s = STATUSES[ctx.params.status_id];
    if (!s) throw new Refusal(404);
    return answer(200, status(s));
  }),
];
