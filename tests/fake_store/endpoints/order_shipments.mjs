// Shipments of an order. Promises: a new shipment moves quantities, the status and sends a mail; deleting one does not move the status back; a PUT takes
// no items; DELETE of all shipments is refused and counted as a trap.

import { Refusal, answer, noContent } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE } from '../query.mjs';
import { rfc2822 } from '../v2.mjs';
import { shipmentRow } from '../seed/order_parts.mjs';
import { orderOf, editOrder, listPart, partView } from './order_views.mjs';
import { accept, bad, money, text, whole } from './order_fields.mjs';
import { trap } from './order_traps.mjs';

const PROVIDERS = ['auspost', 'canadapost', 'endicia', 'usps', 'fedex', 'ups', 'upsready', 'upsonline', 'shipperhq', 'royalmail', ''];
const KINDS = {
  order_address_id: whole(1),
  tracking_number: text(50),
  tracking_link: text(500),
  merchant_shipping_cost: money,
  shipping_method: text(),
  shipping_provider: (v) => (PROVIDERS.includes(v) || (typeof v === 'string' && /^carrier_\w+$/.test(v)) ? v : undefined),
  tracking_carrier: (v) => (typeof v === 'string' && /^[a-z0-9-]*$/.test(v) ? v : undefined),
  comments: text(65535),
};
const READ_ONLY = [
  'id',
  'order_id',
  'customer_id',
  'date_created',
  'billing_address',
  'shipping_address',
  'shipping_provider_display_name',
  'generated_tracking_link',
];

function shipmentOf(ctx, record) {
  const row = record.part('shipments').find((s) => s.id === ctx.params.shipment_id);
  if (!row) throw new Refusal(404);
  return row;
}

function items(ctx, record, list) {
  if (!Array.isArray(list) || !list.length) throw bad("The required field 'items' was not supplied.");
  const wanted = new Map();
  return list.map((given) => {
    const item = accept(given, {
      kinds: { order_product_id: whole(1), quantity: whole(1) },
      readOnly: ['product_id'],
      required: ['order_product_id', 'quantity'],
      within: 'items',
    });
    const line = record.part('products').find((l) => l.id === item.order_product_id);
    if (!line) throw bad(`The order has no product line ${item.order_product_id}.`);
    const sum = (wanted.get(line.id) ?? 0) + item.quantity;
    if (sum > line.quantity - line.quantity_shipped) throw bad(`More of product line ${line.id} than are left to ship.`);
    wanted.set(line.id, sum);
    return { order_product_id: line.id, product_id: line.product_id, quantity: item.quantity };
  });
}

/** Books the quantities of a shipment on lines, address and order; sign -1 takes them back. */
function book(record, shipment, sign) {
  for (const i of shipment.items) {
    const line = record.parts.products.find((l) => l.id === i.order_product_id);
    if (line) line.quantity_shipped = Math.max(0, line.quantity_shipped + sign * i.quantity);
    const address = record.parts.shipping_addresses.find((a) => a.id === shipment.order_address_id);
    if (address) address.items_shipped = Math.max(0, address.items_shipped + sign * i.quantity);
    record.row.items_shipped = Math.max(0, record.row.items_shipped + sign * i.quantity);
  }
}

/** Also used by control calls. given.items have been checked or are the merchant's own business. */
export function addShipment(fake, record, given) {
  const { orders } = fake;
  const now = rfc2822(fake.clock.seconds());
  const row = shipmentRow(record, { ...given, id: orders.takeId('shipments'), date_created: now });
  record.parts.shipments.push(row);
  book(record, row, 1);
  const physical = record.parts.products.filter((l) => l.type === 'physical');
  const all = physical.every((l) => l.quantity_shipped >= l.quantity);
  if (all) record.row.date_shipped = now;
  orders.mails.push({ kind: 'shipment', order_id: record.id, shipment_id: row.id });
  // A change of the status is a change of the order; a shipment alone moves the date by the switch only.
  if (orders.setStatus(record, all ? 2 : 3)) orders.changed(record);
  else orders.partChanged(record, 'shipments');
  return row;
}

export function dropShipment(fake, record, id) {
  const row = record.parts.shipments.find((s) => s.id === id);
  if (!row) return false;
  record.parts.shipments = record.parts.shipments.filter((s) => s !== row);
  book(record, row, -1);
  fake.orders.partChanged(record, 'shipments');
  return true;
}

function post(ctx) {
  const record = editOrder(ctx);
  const { items: list, ...fields } = ctx.body && !Array.isArray(ctx.body) ? ctx.body : {};
  const given = accept(fields, { kinds: KINDS, readOnly: READ_ONLY, required: ['order_address_id'] });
  if (!record.parts.shipping_addresses.some((a) => a.id === given.order_address_id))
    throw bad(`The order has no shipping address ${given.order_address_id}.`);
  given.items = items(ctx, record, list);
  return answer(201, addShipment(ctx.fake, record, given));
}

function put(ctx) {
  const record = editOrder(ctx);
  const row = shipmentOf(ctx, record);
  const given = accept(ctx.body, { kinds: KINDS, readOnly: [...READ_ONLY, 'items'] });
  if (given.order_address_id !== undefined && !record.parts.shipping_addresses.some((a) => a.id === given.order_address_id))
    throw bad(`The order has no shipping address ${given.order_address_id}.`);
  Object.assign(row, shipmentRow(record, { ...row, ...given }));
  ctx.fake.orders.partChanged(record, 'shipments');
  return answer(200, partView(ctx, 'shipments', row));
}

const at = '/v2/orders/{order_id}/shipments';
const about = { type: 'order_shipment', scope: 'orders' };
export const orderShipmentRoutes = () => [
  route('GET', at, { ...about, query: PAGE }, (ctx) => listPart(ctx, 'shipments', orderOf(ctx).part('shipments'))),
  route('POST', at, { ...about, body: 'json' }, post),
  trap('DELETE', at, about, 'deletes all shipments of the order'),
  route('GET', `${at}/count`, about, (ctx) => answer(200, { count: orderOf(ctx).part('shipments').length })),
  route('GET', `${at}/{shipment_id}`, about, (ctx) => answer(200, partView(ctx, 'shipments', shipmentOf(ctx, orderOf(ctx))))),
  route('PUT', `${at}/{shipment_id}`, { ...about, body: 'json' }, put),
  route('DELETE', `${at}/{shipment_id}`, about, (ctx) => {
    if (!dropShipment(ctx.fake, editOrder(ctx), ctx.params.shipment_id)) throw new Refusal(404);
    return noContent();
  }),
];
