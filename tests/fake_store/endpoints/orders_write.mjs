// Creating and changing orders. Promises: what is left out of a PUT stays; products in a PUT work like PATCH by line id and lose their discounts; fees in
// a PUT replace all fees; products or consignments in a POST, never both.

import { Refusal, answer } from '../answers.mjs';
import { copy } from '../json_text.mjs';
import { money4, rfc2822 } from '../v2.mjs';
import { STATUSES } from '../seed/order.mjs';
import { PAYMENT_STATUS } from '../seed/order_row.mjs';
import { units, money as moneyText } from '../seed/order_sums.mjs';
import { editOrder, orderView } from './order_views.mjs';
import {
  BILLING,
  SHIPPING,
  BLANK_ADDRESS,
  ORDER_KINDS,
  ORDER_READ_ONLY,
  PAIRS,
  accept,
  bad,
  together,
  money,
  text,
  whole,
  orNull,
  flag,
} from './order_fields.mjs';

const anything = (v) => v;
const LINE = {
  id: whole(1),
  product_id: whole(0),
  variant_id: whole(0),
  name: text(250, 1),
  name_customer: text(250, 1),
  name_merchant: text(250, 1),
  quantity: whole(0),
  price_ex_tax: money,
  price_inc_tax: money,
  sku: text(),
  upc: text(255),
  product_options: anything,
  wrapping_id: whole(0),
  wrapping_name: text(),
  wrapping_message: text(),
  wrapping_cost_ex_tax: money,
  wrapping_cost_inc_tax: money,
};
const FEE = {
  id: whole(1),
  type: (v) => (v === 'custom_fee' ? v : undefined),
  display_name_customer: text(255, 1),
  display_name_merchant: text(255, 1),
  source: text(),
  cost_ex_tax: money,
  cost_inc_tax: money,
  cost_tax: money,
  tax_class_id: orNull(whole(0)),
};

function rows(body, name) {
  const list = body[name];
  if (list === undefined) return null;
  if (!Array.isArray(list)) throw bad(`The field '${name}' is invalid.`);
  return list;
}

// ---- lines --------------------------------------------------------------------------------------
function acceptLine(ctx, given, fresh) {
  const line = accept(given, { kinds: LINE, within: 'products' });
  together(line, ['price_ex_tax', 'price_inc_tax']);
  if (line.name !== undefined && line.name_customer !== undefined && line.name !== line.name_customer)
    throw bad("The fields 'name' and 'name_customer' must have the same value.");
  if (line.wrapping_id)
    for (const k of ['wrapping_cost_ex_tax', 'wrapping_cost_inc_tax'])
      if (line[k] === undefined) throw bad(`The required field 'products.${k}' was not supplied.`);
  const { cat } = ctx;
  if (line.product_id && cat.products.length && !cat.products.has(line.product_id))
    throw bad(`The product ${line.product_id} does not exist.`);
  if (!fresh) return line;
  if (line.quantity === undefined || line.quantity < 1) throw bad("The field 'products.quantity' is invalid.");
  const named = line.name ?? line.name_customer ?? line.name_merchant;
  if (!line.product_id && named === undefined) throw bad("The required field 'products.name' was not supplied.");
  if (!line.product_id && line.price_ex_tax === undefined) throw bad("The required field 'products.price_ex_tax' was not supplied.");
  return line;
}

function priced(row) {
  const [ex, inc, n] = [units(row.price_ex_tax), units(row.price_inc_tax), row.quantity];
  Object.assign(row, {
    base_price: moneyText(ex),
    price_tax: moneyText(inc - ex),
    base_total: moneyText(ex * n),
    total_ex_tax: moneyText(ex * n),
    total_inc_tax: moneyText(inc * n),
    total_tax: moneyText((inc - ex) * n),
    discounted_total_inc_tax: moneyText(inc * n),
    applied_discounts: [],
  });
  return row;
}

function newLine(fake, orderId, given, addressId) {
  const product = given.product_id ? fake.catalog.record(given.product_id) : null;
  const price = product ? money4(product.row.price) : '10.0000';
  const name = given.name ?? given.name_customer ?? given.name_merchant ?? product?.row.name ?? 'Product';
  const id = fake.orders.takeId('products');
  const type = product?.row.type ?? 'physical';
  return priced({
    id,
    order_id: orderId,
    product_id: given.product_id ?? 0,
    variant_id: given.variant_id ?? product?.part('variants')[0]?.id ?? 0,
    order_pickup_method_id: 0,
    order_address_id: type === 'physical' ? addressId : 0,
    name,
    name_customer: name,
    name_merchant: given.name_merchant ?? name,
    sku: given.sku ?? product?.row.sku ?? '',
    upc: given.upc ?? product?.row.upc ?? '',
    type,
    base_price: price,
    price_ex_tax: given.price_ex_tax ?? price,
    price_inc_tax: given.price_inc_tax ?? price,
    price_tax: '0.0000',
    base_total: '',
    total_ex_tax: '',
    total_inc_tax: '',
    total_tax: '',
    weight: '0.0000',
    width: '0.0000',
    height: '0.0000',
    depth: '0.0000',
    quantity: given.quantity,
    base_cost_price: '0.0000',
    cost_price_inc_tax: '0.0000',
    cost_price_ex_tax: '0.0000',
    cost_price_tax: '0.0000',
    is_refunded: false,
    quantity_refunded: 0,
    refund_amount: '0.0000',
    return_id: 0,
    wrapping_id: given.wrapping_id ?? 0,
    wrapping_name: given.wrapping_name ?? null,
    base_wrapping_cost: given.wrapping_cost_ex_tax ?? '0.0000',
    wrapping_cost_ex_tax: given.wrapping_cost_ex_tax ?? '0.0000',
    wrapping_cost_inc_tax: given.wrapping_cost_inc_tax ?? '0.0000',
    wrapping_cost_tax: '0.0000',
    wrapping_message: given.wrapping_message ?? '',
    quantity_shipped: 0,
    event_name: null,
    event_date: null,
    fixed_shipping_cost: '0.0000',
    ebay_item_id: '',
    ebay_transaction_id: '',
    option_set_id: null,
    parent_order_product_id: null,
    is_bundled_product: false,
    bin_picking_number: '',
    external_id: null,
    fulfillment_source: '',
    brand: '',
    gift_certificate_id: null,
    applied_discounts: [],
    product_options: [],
    configurable_fields: [],
    discounted_total_inc_tax: '',
  });
}

function putLines(ctx, record, list) {
  for (const given of list) {
    const line = acceptLine(ctx, given, given?.id === undefined);
    if (line.id === undefined) {
      record.parts.products.push(newLine(ctx.fake, record.id, line, record.parts.shipping_addresses[0]?.id ?? 0));
      continue;
    }
    const row = record.parts.products.find((l) => l.id === line.id);
    if (!row) throw bad(`The order has no product line ${line.id}.`);
    if (line.quantity === 0) {
      record.parts.products = record.parts.products.filter((l) => l !== row);
      continue;
    }
    const { product_options, ...fields } = line;
    const name = fields.name ?? fields.name_customer;
    Object.assign(row, fields, name === undefined ? {} : { name, name_customer: name });
    priced(row);
  }
}

// ---- fees ---------------------------------------------------------------------------------------
function feeRow(ctx, given, old) {
  const fee = accept(given, { kinds: FEE, readOnly: ['base_cost'], within: 'fees' });
  const costs = ['cost_ex_tax', 'cost_inc_tax', 'cost_tax'].filter((k) => fee[k] !== undefined);
  if (costs.length < 2) throw bad("At least two of 'cost_ex_tax', 'cost_inc_tax' and 'cost_tax' are required in 'fees'.");
  if (fee.display_name_customer === undefined && fee.display_name_merchant === undefined)
    throw bad("One of 'display_name_customer' and 'display_name_merchant' is required in 'fees'.");
  const ex = fee.cost_ex_tax !== undefined ? units(fee.cost_ex_tax) : units(fee.cost_inc_tax) - units(fee.cost_tax);
  const inc = fee.cost_inc_tax !== undefined ? units(fee.cost_inc_tax) : ex + units(fee.cost_tax);
  if (inc < ex || (fee.cost_tax !== undefined && units(fee.cost_tax) !== inc - ex)) throw bad("The costs in 'fees' do not agree.");
  return {
    id: old?.id ?? ctx.fake.orders.takeId('fees'),
    type: 'custom_fee',
    display_name_customer: fee.display_name_customer ?? fee.display_name_merchant,
    display_name_merchant: fee.display_name_merchant ?? fee.display_name_customer,
    source: fee.source ?? '',
    base_cost: moneyText(ex),
    cost_ex_tax: moneyText(ex),
    cost_inc_tax: moneyText(inc),
    cost_tax: moneyText(inc - ex),
    tax_class_id: fee.tax_class_id ?? null,
  };
}

function putFees(ctx, record, list) {
  record.parts.fees = list.map((given) => {
    const old = given?.id === undefined ? null : record.parts.fees.find((f) => f.id === given.id);
    if (old === undefined) throw bad(`The order has no fee ${given.id}.`);
    return feeRow(ctx, given, old);
  });
}

// ---- addresses ----------------------------------------------------------------------------------
export function newAddress(fake, orderId, given) {
  return {
    id: fake.orders.takeId('shipping_addresses'),
    order_id: orderId,
    ...BLANK_ADDRESS,
    shipping_method: 'None',
    form_fields: [],
    ...given,
    items_total: 0,
    items_shipped: 0,
    base_cost: '0.0000',
    cost_ex_tax: '0.0000',
    cost_inc_tax: '0.0000',
    cost_tax: '0.0000',
    cost_tax_class_id: 2,
    base_handling_cost: '0.0000',
    handling_cost_ex_tax: '0.0000',
    handling_cost_inc_tax: '0.0000',
    handling_cost_tax: '0.0000',
    handling_cost_tax_class_id: 2,
    shipping_zone_id: 1,
    shipping_zone_name: 'United States',
  };
}

function putAddresses(ctx, record, list) {
  for (const given of list) {
    const { id, ...fields } = given ?? {};
    const address = accept(fields, { ...SHIPPING, within: 'shipping_addresses' });
    if (id === undefined) record.parts.shipping_addresses.push(newAddress(ctx.fake, record.id, address));
    else {
      const row = record.parts.shipping_addresses.find((a) => a.id === id) ?? null;
      if (!row) throw bad(`The order has no shipping address ${id}.`);
      Object.assign(row, address);
    }
  }
}

// ---- sums ---------------------------------------------------------------------------------------
/** What the lines, fees and costs of the order come to; totals that the client gave stay as given. */
function recount(record, given = {}) {
  const { row, parts } = record;
  const add = (list, field) => list.reduce((a, x) => a + units(x[field]), 0);
  const set = (name, value) => {
    if (given[name] === undefined) row[name] = typeof value === 'number' ? moneyText(Math.max(0, value)) : value;
  };
  row.coupon_discount = moneyText(
    add(
      parts.products.flatMap((l) => l.applied_discounts),
      'amount',
    ),
  );
  set('subtotal_ex_tax', add(parts.products, 'total_ex_tax'));
  set('subtotal_inc_tax', add(parts.products, 'total_inc_tax'));
  const off = units(row.coupon_discount) + units(row.discount_amount);
  for (const tax of ['ex_tax', 'inc_tax']) {
    const costs = ['shipping', 'handling', 'wrapping'].reduce((a, k) => a + units(row[`${k}_cost_${tax}`]), 0);
    set(`total_${tax}`, units(row[`subtotal_${tax}`]) - off + costs + add(parts.fees, `cost_${tax}`));
  }
  if (given.items_total === undefined) row.items_total = parts.products.reduce((a, l) => a + l.quantity, 0);
  for (const a of parts.shipping_addresses)
    a.items_total = parts.products.filter((l) => l.order_address_id === a.id).reduce((s, l) => s + l.quantity, 0);
  row.shipping_address_count = parts.shipping_addresses.length;
}

function differences(row) {
  for (const name of ['subtotal', 'total', 'shipping_cost', 'handling_cost', 'wrapping_cost'])
    row[`${name}_tax`] = moneyText(Math.max(0, units(row[`${name}_inc_tax`]) - units(row[`${name}_ex_tax`])));
}

// ---- checks that PUT and POST share -----------------------------------------------------------------
function kindsFor(ctx) {
  return ctx.sw.order_source_writable ? { ...ORDER_KINDS, order_source: text() } : ORDER_KINDS;
}
function readOnlyFor(ctx, more) {
  return [...ORDER_READ_ONLY, ...(ctx.sw.order_source_writable ? [] : ['order_source']), ...more];
}

function checkReferences(ctx, fields) {
  const { customers } = ctx.fake;
  if (fields.customer_id && customers?.ids.length && !customers.record(fields.customer_id))
    throw bad(`The customer ${fields.customer_id} does not exist.`);
  if (fields.channel_id !== undefined) {
    const channel = ctx.cat.channels.get(fields.channel_id);
    if (!channel || !channel.is_enabled || ['disconnected', 'deleted', 'terminated'].includes(channel.status))
      throw bad(`The channel ${fields.channel_id} does not exist or is not enabled.`);
  }
  for (const pair of PAIRS) together(fields, pair);
  if (fields.consignments !== undefined) throw new Refusal(501);
}

const PARTS = ['billing_address', 'products', 'shipping_addresses', 'fees', 'consignments'];
const plain = (fields) => Object.fromEntries(Object.entries(fields).filter(([k]) => !PARTS.includes(k)));

function setAddress(row, billing) {
  row.billing_address = { ...BLANK_ADDRESS, form_fields: [], ...row.billing_address, ...billing };
}
function setInternetAddress(row, fields) {
  if (fields.ip_address !== undefined) row.ip_address_v6 = '';
  else if (fields.ip_address_v6 !== undefined) row.ip_address = '';
}

// ---- PUT ------------------------------------------------------------------------------------------
/** is_deleted in a PUT: one text says true archives, another that the field is read-only. -> the wanted state, or undefined. */
function wantedArchived(ctx) {
  const given = ctx.body?.is_deleted;
  if (given === undefined) return undefined;
  const mode = ctx.sw.order_put_is_deleted;
  if (mode === 'refused' || (mode === 'archives' && given === false))
    throw bad("The field 'is_deleted' cannot be written to. Please remove it from your request before trying again.");
  if (flag(given) === undefined) throw bad("The field 'is_deleted' is invalid.");
  return given;
}

export function updateOrder(ctx) {
  const { orders } = ctx.fake;
  const record = editOrder(ctx);
  const archived = wantedArchived(ctx);
  const { is_deleted: _, ...body } = ctx.body && typeof ctx.body === 'object' && !Array.isArray(ctx.body) ? ctx.body : { body: ctx.body };
  const fields = accept(body, {
    kinds: { ...kindsFor(ctx), external_order_id: orNull(text()) },
    readOnly: readOnlyFor(ctx, ['external_merchant_id', 'default_currency_code']),
  });
  checkReferences(ctx, fields);
  const billing = fields.billing_address === undefined ? null : accept(fields.billing_address, BILLING);
  // Nothing may be half done when a later part of the body is refused.
  const before = { row: copy(record.row), parts: copy(record.parts) };
  try {
    const lists = { products: putLines, shipping_addresses: putAddresses, fees: putFees };
    for (const [name, put] of Object.entries(lists)) {
      const list = rows(fields, name);
      if (list) put(ctx, record, list);
    }
  } catch (error) {
    Object.assign(record, before);
    throw error;
  }
  const { status_id, ...rest } = plain(fields);
  Object.assign(record.row, rest);
  if (rest.external_order_id === null) record.row.external_order_id = '';
  setInternetAddress(record.row, rest);
  if (billing) setAddress(record.row, billing);
  if (status_id !== undefined) orders.setStatus(record, status_id);
  if (PARTS.some((p) => p !== 'billing_address' && fields[p] !== undefined)) recount(record, fields);
  differences(record.row);
  const equal = JSON.stringify(before) === JSON.stringify({ row: record.row, parts: record.parts });
  orders.changed(record, { touch: !equal || ctx.sw.equal_write_moves_date_modified });
  if (archived !== undefined) orders.archive(record, archived);
  return answer(200, orderView(ctx, record));
}

// ---- POST -----------------------------------------------------------------------------------------
/** A row with every field; given wins. */
function blankRow(fake, id, given) {
  const now = rfc2822(fake.clock.seconds());
  const none = Object.fromEntries(
    Object.keys(ORDER_KINDS)
      .filter((k) => /_(cost|amount)$|_tax$/.test(k))
      .map((k) => [k, '0.0000']),
  );
  const status = given.status_id ?? 1;
  const order = {
    id,
    customer_id: 0,
    date_created: now,
    date_modified: now,
    date_shipped: '',
    status_id: status,
    status: STATUSES[status].name,
    subtotal_tax: '0.0000',
    shipping_cost_tax: '0.0000',
    shipping_cost_tax_class_id: 2,
    handling_cost_tax: '0.0000',
    handling_cost_tax_class_id: 2,
    wrapping_cost_tax: '0.0000',
    wrapping_cost_tax_class_id: 3,
    total_tax: '0.0000',
    ...none,
    is_tax_inclusive_pricing: false,
    items_total: 0,
    items_shipped: 0,
    payment_method: '',
    payment_provider_id: null,
    payment_status: PAYMENT_STATUS[status] ?? '',
    order_is_digital: false,
    store_credit_amount: '0.0000',
    gift_certificate_amount: '0.0000',
    ip_address: '',
    ip_address_v6: '',
    geoip_country: '',
    geoip_country_iso2: '',
    currency_id: 1,
    currency_code: 'USD',
    currency_exchange_rate: '1.0000000000',
    default_currency_id: 1,
    default_currency_code: 'USD',
    staff_notes: '',
    customer_message: '',
    coupon_discount: '0.0000',
    shipping_address_count: 0,
    is_deleted: false,
    ebay_order_id: '0',
    cart_id: null,
    billing_address: null,
    is_email_opt_in: false,
    credit_card_type: null,
    order_source: 'external',
    channel_id: 1,
    external_source: null,
    external_id: null,
    external_merchant_id: null,
    tax_provider_id: '',
    store_default_currency_code: 'USD',
    store_default_to_transactional_exchange_rate: '1.0000000000',
    custom_status: STATUSES[status].name,
    customer_locale: 'en',
    external_order_id: '',
  };
  return Object.assign(order, plain(given));
}

function makeOrder(fake, fields, { billing, addresses, lines, fees }) {
  const id = fake.orders.takeOrderId();
  const row = blankRow(fake, id, fields);
  setAddress(row, billing);
  const shipTo = addresses.map((a) => newAddress(fake, id, a));
  const products = lines.map((l) => newLine(fake, id, l, 0));
  if (!shipTo.length && products.some((l) => l.type === 'physical')) {
    const { form_fields, ...person } = row.billing_address;
    shipTo.push(newAddress(fake, id, person));
  }
  for (const l of products) if (l.type === 'physical') l.order_address_id = shipTo[0].id;
  const record = fake.orders.add(row, { products, shipping_addresses: shipTo, fees });
  setInternetAddress(row, fields);
  recount(record, fields);
  differences(row);
  fake.orders.changed(record, { touch: false });
  return record;
}

export function createOrder(ctx) {
  const fields = accept(ctx.body, {
    kinds: { ...kindsFor(ctx), external_merchant_id: orNull(text()), default_currency_code: text(3, 3) },
    readOnly: readOnlyFor(ctx, ['is_deleted']),
    required: ['billing_address'],
  });
  if (fields.consignments !== undefined && (fields.products !== undefined || fields.shipping_addresses !== undefined))
    throw bad("The field 'consignments' cannot be combined with 'products' or 'shipping_addresses'.");
  if (fields.products === undefined && fields.consignments === undefined) throw bad("The required field 'products' was not supplied.");
  checkReferences(ctx, fields);
  const billing = accept(fields.billing_address, BILLING);
  const list = rows(fields, 'products');
  if (!list.length) throw bad("The field 'products' is invalid.");
  const lines = list.map((l) => {
    const line = acceptLine(ctx, l, true);
    if (line.id !== undefined) throw bad("The field 'products.id' is not supported by this resource.");
    return line;
  });
  const addresses = (rows(fields, 'shipping_addresses') ?? []).map((a) => accept(a, { ...SHIPPING, within: 'shipping_addresses' }));
  const fees = (rows(fields, 'fees') ?? []).map((f) => {
    if (f?.id !== undefined) throw bad("The field 'fees.id' is not supported by this resource.");
    return feeRow(ctx, f, null);
  });
  const record = makeOrder(ctx.fake, fields, { billing, addresses, lines, fees });
  return answer(200, orderView(ctx, record));
}

/** What a shopper does: control call `create` and the trouble `shift`. fields: of the order's row, and billing_address. */
export function insertOrder(fake, { billing_address = {}, products, ...fields } = {}) {
  const ids = fake.catalog.products;
  const n = fake.orders.nextId;
  const billing = { first_name: 'Neue', last_name: 'Kundin', zip: '10115', email: `shopper${n}@example.com`, ...billing_address };
  const product = ids.length ? ids.ids[n % ids.length] : 0;
  const lines = products ?? [
    product ? { product_id: product, quantity: 1 } : { name: 'Postkarte', quantity: 1, price_ex_tax: '2.5000', price_inc_tax: '2.7000' },
  ];
  const given = { status_id: 11, order_source: 'www', payment_method: 'Credit Card', ...fields };
  return makeOrder(fake, given, { billing, addresses: [], lines, fees: [] });
}
