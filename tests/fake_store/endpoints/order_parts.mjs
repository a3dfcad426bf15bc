// Sub-resources of an order that are read one order at a time: products, shipping addresses, coupons, fees, taxes, messages, consignments, quotes.
// Promises: bare arrays, 204 for none, 50 rows a page; only shipping addresses can be written here.

import { Refusal, answer, noContent } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE } from '../query.mjs';
import { Raw } from '../json_text.mjs';
import { rfc2822 } from '../v2.mjs';
import { units, money } from '../seed/order_sums.mjs';
import { orderOf, editOrder, listPart, partView, addressView, consignmentsOf, link } from './order_views.mjs';
import { SHIPPING, accept } from './order_fields.mjs';
import { filterDate } from './orders.mjs';

const ORDER = '/v2/orders/{order_id}';
const about = (type) => ({ type, scope: 'orders' });

function rowOf(record, part, id) {
  const row = record.part(part).find((x) => x.id === id);
  if (!row) throw new Refusal(404);
  return row;
}

// ---- shipping addresses and quotes ------------------------------------------------------------------
const shownAddress = (ctx, row) => {
  const seen = partView(ctx, 'shipping_addresses', row);
  return seen instanceof Raw ? seen : addressView(ctx, seen);
};

function putAddress(ctx) {
  const record = editOrder(ctx);
  const row = rowOf(record, 'shipping_addresses', ctx.params.address_id);
  const given = accept(ctx.body, SHIPPING);
  const same = Object.entries(given).every(([k, v]) => JSON.stringify(row[k]) === JSON.stringify(v));
  Object.assign(row, given);
  ctx.fake.orders.changed(record, { touch: !same || ctx.sw.equal_write_moves_date_modified });
  return answer(200, shownAddress(ctx, row));
}

/** Only orders of the storefront have a quote. */
function quote(ctx) {
  const record = orderOf(ctx);
  const address = rowOf(record, 'shipping_addresses', ctx.params.address_id);
  if (record.row.cart_id === null || record.row.order_source === 'manual') return noContent();
  return answer(200, {
    id: String(address.id + 4),
    uuid: `7c65e0a0-cf46-4438-934e-${String(address.id).padStart(12, '0')}`,
    timestamp: record.row.date_created,
    shipping_provider_id: 'bcstatic',
    shipping_provider_quote: [],
    provider_code: 'peritem',
    carrier_code: '',
    rate_code: '',
    rate_id: '',
    method_id: 2,
  });
}

// ---- taxes ------------------------------------------------------------------------------------------
/** Without details one row for each address and tax. */
function taxRows(ctx, record) {
  const rows = record.part('taxes');
  if (ctx.q.details === 'true') return rows;
  const sums = new Map();
  for (const { order_product_id, line_item_type, ...row } of rows) {
    const key = `${row.order_address_id}/${row.name}/${row.class}`;
    const sum = sums.get(key);
    if (!sum) sums.set(key, row);
    else for (const f of ['priority_amount', 'line_amount']) sum[f] = money(units(sum[f]) + units(row[f]));
  }
  return [...sums.values()];
}

// ---- messages -----------------------------------------------------------------------------------------
function messages(ctx) {
  const { q } = ctx;
  const [from, to] = [filterDate(q, 'min_date_created'), filterDate(q, 'max_date_created')];
  const at = (m) => Date.parse(m.date_created) / 1000;
  const rows = orderOf(ctx)
    .part('messages')
    .filter(
      (m) =>
        (q.min_id === undefined || m.id >= q.min_id) &&
        (q.max_id === undefined || m.id <= q.max_id) &&
        (q.customer_id === undefined || m.customer_id === q.customer_id) &&
        (q.is_flagged === undefined || m.is_flagged === q.is_flagged) &&
        (q.status === undefined || m.status === q.status) &&
        (from === null || at(m) >= from) &&
        (to === null || at(m) <= to),
    );
  return listPart(
    ctx,
    'messages',
    rows.map((m) => ({ ...m, customer: m.customer_id ? link(ctx, `/customers/${m.customer_id}`) : {} })),
  );
}

const MESSAGE_QUERY = {
  ...PAGE,
  min_id: 'int',
  max_id: 'int',
  customer_id: 'int',
  min_date_created: 'str',
  max_date_created: 'str',
  is_flagged: 'bool',
  status: ['read', 'unread'],
};

export function newMessage(fake, record, given = {}) {
  return {
    id: fake.orders.takeId('messages'),
    order_id: record.id,
    staff_id: 0,
    customer_id: record.row.customer_id,
    type: 'customer',
    subject: 'Frage',
    message: 'Wann kommt es? 🙂',
    status: 'unread',
    is_flagged: false,
    date_created: rfc2822(fake.clock.seconds()),
    ...given,
  };
}

export const orderPartRoutes = () => [
  route('GET', `${ORDER}/products`, { ...about('order_product'), query: PAGE }, (ctx) =>
    listPart(ctx, 'products', orderOf(ctx).part('products')),
  ),
  route('GET', `${ORDER}/products/{line_id}`, about('order_product'), (ctx) =>
    answer(200, partView(ctx, 'products', rowOf(orderOf(ctx), 'products', ctx.params.line_id))),
  ),
  route('GET', `${ORDER}/shipping_addresses`, { ...about('order_shipping_address'), query: PAGE }, (ctx) =>
    listPart(
      ctx,
      'shipping_addresses',
      orderOf(ctx)
        .part('shipping_addresses')
        .map((row) => addressView(ctx, row)),
    ),
  ),
  route('GET', `${ORDER}/shipping_addresses/{address_id}`, about('order_shipping_address'), (ctx) =>
    answer(200, shownAddress(ctx, rowOf(orderOf(ctx), 'shipping_addresses', ctx.params.address_id))),
  ),
  route('PUT', `${ORDER}/shipping_addresses/{address_id}`, { ...about('order_shipping_address'), body: 'json' }, putAddress),
  route('GET', `${ORDER}/shipping_addresses/{address_id}/shipping_quotes`, about('order_shipping_quote'), quote),
  // The link inside an address: always 204.
  route('GET', `${ORDER}/shippingaddresses/{address_id}/shippingquotes`, about('order_shipping_quote'), (ctx) => {
    rowOf(orderOf(ctx), 'shipping_addresses', ctx.params.address_id);
    return noContent();
  }),
  route('GET', `${ORDER}/consignments/shipping/{address_id}/shipping_quotes`, about('order_shipping_quote'), quote),
  route(
    'GET',
    `${ORDER}/consignments`,
    { ...about('order_consignment'), query: { include: { list: ['consignments.line_items'] } } },
    (ctx) => answer(200, consignmentsOf(ctx, orderOf(ctx), Boolean(ctx.q.include?.length))),
  ),
  route('GET', `${ORDER}/coupons`, { ...about('order_coupon'), query: PAGE }, (ctx) =>
    listPart(ctx, 'coupons', orderOf(ctx).part('coupons')),
  ),
  route('GET', `${ORDER}/fees`, about('order_fee'), (ctx) => {
    const rows = orderOf(ctx)
      .part('fees')
      .map((f) => partView(ctx, 'fees', f));
    if (ctx.sw.order_fees_form === 'object') return answer(200, { fees: rows });
    return rows.length || ctx.sw.order_empty_list === '200' ? answer(200, rows) : noContent();
  }),
  route('GET', `${ORDER}/taxes`, { ...about('order_tax'), query: { ...PAGE, details: ['true', 'false'] } }, (ctx) =>
    listPart(ctx, 'taxes', taxRows(ctx, orderOf(ctx))),
  ),
  route('GET', `${ORDER}/messages`, { ...about('order_message'), query: MESSAGE_QUERY }, messages),
];
