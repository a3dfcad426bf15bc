// Orders as the control calls see them (control_types.mjs). Promises: an edit does what a merchant's edit does, delete archives, a part that has no
// neighbour to look like gets a shape of its own.

import { registerControlTypes } from '../control_types.mjs';
import { orderView } from '../endpoints/order_views.mjs';
import { insertOrder, newAddress } from '../endpoints/orders_write.mjs';
import { addShipment, dropShipment } from '../endpoints/order_shipments.mjs';
import { newMessage } from '../endpoints/order_parts.mjs';
import { transactionRow } from '../seed/order_parts.mjs';
import { ORDER_PARTS } from '../seed/order.mjs';
import { words } from '../seed/vocabulary.mjs';
import { LISTED } from './orders.mjs';

const fail = (text) => {
  throw Object.assign(new Error(text), { status: 404 });
};

/** A new row of a part: like its neighbour, or a plain one. */
const BLANK = {
  products: (fake, record) => fail(`products: order ${record.id} has none to look like`),
  taxes: (fake, record) => fail(`taxes: order ${record.id} has none to look like`),
  shipping_addresses: (fake, record) => newAddress(fake, record.id, { zip: '10115' }),
  coupons: (fake, record) => ({ id: 0, coupon_id: 1, order_id: record.id, code: 'TEN', amount: '10.0000', type: 2, discount: '10.0000' }),
  fees: () => ({
    id: 0,
    type: 'custom_fee',
    display_name_customer: 'Pfand',
    display_name_merchant: 'Deposit',
    source: 'AA',
    base_cost: '1.0000',
    cost_ex_tax: '1.0000',
    cost_inc_tax: '1.0000',
    cost_tax: '0.0000',
    tax_class_id: null,
  }),
  messages: (fake, record) => newMessage(fake, record),
  transactions: (fake, record) =>
    transactionRow(record, { id: 0, event: 'purchase', amount: Number(record.row.total_inc_tax), date_created: fake.clock.stamp() }),
  refunds: (fake, record) => ({
    id: 0,
    order_id: record.id,
    user_id: 1,
    created: fake.clock.stamp(),
    reason: 'Returned',
    total_amount: 1,
    total_tax: 0,
    uses_merchant_override_values: true,
    items: [{ item_type: 'ORDER', item_id: record.id, reason: '', quantity: 1, requested_amount: 1 }],
    payments: [
      {
        id: fake.orders.takeId('refund_payments'),
        provider_id: 'custom',
        amount: 1,
        offline: true,
        is_declined: false,
        declined_message: '',
        transaction_id: '',
      },
    ],
  }),
  metafields: (fake, record) => ({
    id: 0,
    key: `k${fake.catalog.next.metafields}`,
    value: 'v',
    namespace: 'erp',
    permission_set: 'write',
    resource_type: 'order',
    resource_id: record.id,
    description: '',
    date_created: fake.clock.stamp(),
    date_modified: fake.clock.stamp(),
    owner_client_id: fake.options.clientId,
  }),
};

function newRow(fake, record, part, set) {
  const id = part === 'metafields' ? fake.catalog.takeId('metafields') : fake.orders.takeId(part);
  // A neighbour's date, key and amounts would be wrong for what is about to happen now: only these look like one.
  const like = ['products', 'taxes', 'shipping_addresses', 'coupons', 'fees'].includes(part) ? record.parts[part].at(-1) : undefined;
  return { ...(like ?? BLANK[part](fake, record)), ...set, id };
}

const countAddresses = ({ row, parts }) => {
  row.shipping_address_count = parts.shipping_addresses.length;
};

function editPart(fake, id, part, part_id, set) {
  const { orders } = fake;
  if (!ORDER_PARTS.includes(part)) return null;
  const record = orders.edit(id);
  if (!record) return null;
  const rows = record.parts[part];
  if (part_id === undefined) {
    if (part === 'shipments') return shipRest(fake, record, set);
    const row = newRow(fake, record, part, set);
    rows.push(row);
    if (LISTED.includes(part)) orders.link(part, row.id, id);
    countAddresses(record);
    orders.partChanged(record, part);
    return { part_id: row.id, row };
  }
  const row = rows.find((x) => x.id === part_id);
  if (!row) return null;
  if (set === null) {
    if (part === 'shipments') dropShipment(fake, record, part_id);
    else {
      record.parts[part] = rows.filter((x) => x !== row);
      if (LISTED.includes(part)) orders.unlink(part, part_id);
      countAddresses(record);
      orders.partChanged(record, part);
    }
    return { part_id, row: null };
  }
  Object.assign(row, set);
  if (part === 'metafields' && set.date_modified === undefined) row.date_modified = fake.clock.stamp();
  orders.partChanged(record, part);
  return { part_id, row };
}

/** A shipment of whatever is left, or of the items given. */
function shipRest(fake, record, set) {
  const address = record.parts.shipping_addresses[0] ?? fail(`order ${record.id} has no address to ship to`);
  const items = record.parts.products
    .filter((l) => l.type === 'physical' && l.quantity > l.quantity_shipped)
    .map((l) => ({ order_product_id: l.id, product_id: l.product_id, quantity: l.quantity - l.quantity_shipped }));
  const row = addShipment(fake, record, {
    order_address_id: address.id,
    items,
    tracking_number: '1Z999',
    shipping_provider: 'ups',
    ...set,
  });
  return { part_id: row.id, row };
}

function item(fake, id) {
  const record = fake.orders.record(id);
  if (!record) return null;
  const ctx = { fake: { raws: new Map(), options: fake.options }, q: {} };
  return { ...orderView(ctx, record), ...Object.fromEntries(ORDER_PARTS.map((p) => [p, record.part(p)])) };
}

function edit(fake, id, set, touch) {
  const { orders } = fake;
  const record = orders.edit(id);
  if (!record) return null;
  const { status_id, ...rest } = set;
  Object.assign(record.row, rest);
  if (status_id !== undefined) orders.setStatus(record, status_id);
  orders.changed(record, { touch: touch && set.date_modified === undefined });
  return record.row;
}

function remove(fake, id) {
  const record = fake.orders.edit(id);
  if (!record) return false;
  fake.orders.archive(record);
  return true;
}

registerControlTypes((fake) => ({
  orders: {
    ids: () => fake.orders.ids(),
    count: () => fake.orders.count,
    item: (id) => item(fake, id),
    edit: (id, set, touch) => edit(fake, id, set, touch),
    create: (fields) => {
      const record = insertOrder(fake, fields);
      return { id: record.id, row: record.row };
    },
    remove: (id) => remove(fake, id),
    editPart: (id, part, part_id, set) => editPart(fake, id, part, part_id, set),
    randomSet: (random, order) =>
      random.pick([
        { staff_notes: words(random, 8) },
        { customer_message: words(random, 5) },
        { status_id: order.status_id === 10 ? 2 : 10 },
        { external_order_id: `EXT-${random.below(99999)}` },
      ]),
  },
  order_metafields: {
    ids: () => fake.orders.list('metafields').toArray(),
    count: () => fake.orders.list('metafields').length,
    item: (id) => fake.orders.findChild('metafields', id),
    edit: (id, set) => {
      const row = fake.orders.findChild('metafields', id);
      return row && editPart(fake, row.resource_id, 'metafields', id, set).row;
    },
    create: (fields) => {
      const owner = fields.resource_id ?? fake.orders.ids()[0] ?? fail('there is no order');
      const made = editPart(fake, owner, 'metafields', undefined, fields) ?? fail(`no order ${owner}`);
      return { id: made.part_id, row: made.row };
    },
    remove: (id) => {
      const row = fake.orders.findChild('metafields', id);
      return Boolean(row && editPart(fake, row.resource_id, 'metafields', id, null));
    },
    randomSet: (random) => ({ value: words(random, 5) }),
  },
}));
