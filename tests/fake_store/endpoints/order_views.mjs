// How orders and their parts are shown. Promises: link objects {url, resource} as recorded, the consignments in the object structure, raw bytes where
// a test put some.

import { Refusal } from '../answers.mjs';
import { Raw } from '../json_text.mjs';
import { pagedV2 } from '../v2.mjs';

export const INCLUDES = ['consignments', 'consignments.line_items', 'fees'];
export const INCLUDE_QUERY = { include: { list: INCLUDES }, consignment_structure: ['object'] };

export const link = (ctx, resource) => ({
  url: `https://api.bigcommerce.com/stores/${ctx.fake.options.storeHash}/v2${resource}`,
  resource,
});

/** The order of the path; archived ones only while the switch lets them be read. */
export function orderOf(ctx) {
  const record = ctx.fake.orders.record(ctx.params.order_id);
  if (!record || (record.row.is_deleted && !ctx.sw.orders_archived_readable)) throw new Refusal(404);
  return record;
}
export function editOrder(ctx) {
  orderOf(ctx);
  return ctx.fake.orders.edit(ctx.params.order_id);
}

export function orderView(ctx, record, q = ctx.q) {
  const raw = ctx.fake.raws.get(`orders:${record.id}`);
  if (raw) return new Raw(raw);
  const at = `/orders/${record.id}`;
  const include = q.include ?? [];
  const consignments = include.includes('consignments') || include.includes('consignments.line_items');
  const wanted = consignments ? consignmentsOf(ctx, record, include.includes('consignments.line_items')) : null;
  return {
    ...record.row,
    products: link(ctx, `${at}/products`),
    shipping_addresses: link(ctx, `${at}/shippingaddresses`),
    coupons: link(ctx, `${at}/coupons`),
    // Without consignment_structure=object the older form comes: a list.
    consignments: !wanted ? link(ctx, `${at}/consignments`) : q.consignment_structure === 'object' ? wanted : [wanted],
    fees: include.includes('fees') ? record.part('fees') : link(ctx, `${at}/fees`),
  };
}

export function partView(ctx, part, row) {
  const raw = ctx.fake.raws.get(`order_${part}:${row.id}`);
  return raw ? new Raw(raw) : row;
}
export const listPart = (ctx, part, rows) =>
  pagedV2(ctx, rows.length, (o, n) => rows.slice(o, o + n).map((row) => partView(ctx, part, row)), {
    emptyIs204: ctx.sw.order_empty_list === '204',
  });

export const addressView = (ctx, row) => {
  const at = `/orders/${row.order_id}/shippingaddresses/${row.id}/shippingquotes`;
  return { ...row, shipping_quotes: link(ctx, at) };
};

const cost = (text) => Number(text);
function shippingConsignment(ctx, a, lines) {
  const { id, order_id, items_total, items_shipped, shipping_method, form_fields, ...rest } = a;
  const costs = [
    'base_cost',
    'cost_ex_tax',
    'cost_inc_tax',
    'cost_tax',
    'cost_tax_class_id',
    'base_handling_cost',
    'handling_cost_ex_tax',
    'handling_cost_inc_tax',
    'handling_cost_tax',
    'handling_cost_tax_class_id',
  ];
  const person = Object.fromEntries(Object.entries(rest).filter(([k]) => !costs.includes(k) && !k.startsWith('shipping_zone')));
  return {
    id,
    ...person,
    form_fields,
    shipping_method,
    line_items: lines,
    items_total,
    items_shipped,
    // Numbers here, text in the addresses: both as documented.
    ...Object.fromEntries(costs.map((k) => [k, cost(a[k])])),
    shipping_zone_id: a.shipping_zone_id,
    shipping_zone_name: a.shipping_zone_name,
    shipping_quotes: link(ctx, `/orders/${order_id}/consignments/shipping/${id}/shipping_quotes`),
  };
}

export function consignmentsOf(ctx, record, whole) {
  const lines = record.part('products');
  const email = record.row.billing_address.email;
  const shown = (rows) => rows.map((l) => (whole ? partView(ctx, 'products', l) : link(ctx, `/orders/${record.id}/products/${l.id}`)));
  const digital = lines.filter((l) => l.type === 'digital');
  const gifts = lines.filter((l) => l.type === 'giftcertificate');
  return {
    pickups: record.part('pickups').map((p) => ({ ...p, line_items: shown(lines.filter((l) => l.order_pickup_method_id === p.id)) })),
    shipping: record
      .part('shipping_addresses')
      .map((a) => shippingConsignment(ctx, a, shown(lines.filter((l) => l.order_address_id === a.id)))),
    downloads: digital.length ? [{ recipient_email: email, line_items: shown(digital) }] : [],
    email: { gift_certificates: gifts.map((g) => ({ recipient_email: email, line_items: shown([g]) })) },
  };
}
