// The sub-resources of a seeded order. Promises: ids fit together (a line names an address of its order, a shipment names lines, a refund names lines
// and a transaction); sums agree with the order's row; undeclared properties occur as in recorded answers.

import { Random, mix } from './random.mjs';
import { rfc2822 } from '../v2.mjs';
import { stampOf } from '../clock.mjs';
import { Num } from '../json_text.mjs';
import { word, words, sentence, FOREIGN, COLORS, SIZES } from './vocabulary.mjs';
import { addressOf, personOf } from './order_people.mjs';
import { metafieldRow } from './parts.mjs';
import { productName, productSku } from './product.mjs';
import { money } from './order_sums.mjs';

/** o: {env, index, id, shape, sums, row, part(name)} */
const first = (o, part) => o.env.orders.firstChild(part, o.index);
const random = (o, salt) => new Random(o.env.seed, o.index, salt);

function lineName(o, l) {
  if (l.type === 'giftcertificate') return `$${Math.floor(l.price / 10000)} Gift Certificate`;
  return l.product < 0 ? `Custom ${words(new Random(o.env.seed, o.index, 620 + l.k), 2)}` : productName(o.env.catalog, l.product);
}

export function products(o) {
  const { env, index, id, shape, sums } = o;
  const { shapes, brandIds } = env.catalog;
  const addresses = o.part('shipping_addresses');
  const r = random(o, 551);
  const coupon = shape.coupons ? o.part('coupons')[0] : null;
  const refunded = shape.refunds ? (shape.status === 4 ? sums.lines.length : 1) : 0;
  return sums.lines.map((l) => {
    const line = first(o, 'products') + l.k;
    const name = lineName(o, l);
    const options = l.product >= 0 && r.chance(0.3) ? r.between(1, 2) : 0;
    return {
      id: line,
      order_id: id,
      product_id: l.product < 0 ? 0 : shapes.idAt(l.product),
      variant_id: l.product < 0 ? 0 : shapes.firstChild('variants', l.product),
      order_pickup_method_id: shape.kind === 'pickup' ? 1 : 0,
      order_address_id: l.address < 0 ? 0 : addresses[l.address].id,
      name,
      name_customer: name,
      name_merchant: name,
      sku: l.product < 0 ? '' : productSku(o.env.catalog, l.product),
      upc: r.chance(0.2) ? String(100000000000 + r.below(1e9)) : '',
      type: l.type,
      base_price: money(l.price),
      price_ex_tax: money(l.price),
      price_inc_tax: money(l.price + l.tax),
      price_tax: money(l.tax),
      base_total: money(l.total),
      total_ex_tax: money(l.total),
      total_inc_tax: money(l.total + l.totalTax),
      total_tax: money(l.totalTax),
      weight: r.chance(0.1) ? 0 : `${r.between(1, 30)}.0000`,
      width: '1.0000',
      height: '0.0000',
      depth: '2.5000',
      quantity: l.quantity,
      base_cost_price: '0.0000',
      cost_price_inc_tax: '0.0000',
      cost_price_ex_tax: '0.0000',
      cost_price_tax: '0.0000',
      is_refunded: l.k < refunded,
      quantity_refunded: l.k < refunded ? (shape.status === 4 ? l.quantity : 1) : 0,
      refund_amount: '0.0000',
      return_id: 0,
      wrapping_id: l.wrap ? 1 : 0,
      wrapping_name: l.wrap ? 'Gold paper' : null,
      base_wrapping_cost: money(l.wrap),
      wrapping_cost_ex_tax: money(l.wrap),
      wrapping_cost_inc_tax: money(l.wrap),
      wrapping_cost_tax: '0.0000',
      wrapping_message: l.wrap ? `Happy birthday 🎂 ${r.pick(FOREIGN)}` : '',
      quantity_shipped: l.type === 'physical' && shape.kind === 'physical' && l.k < sums.shipped ? l.quantity : 0,
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
      brand: brandIds.length && l.product >= 0 && r.chance(0.6) ? words(r, 1) : '',
      gift_certificate_id: l.type === 'giftcertificate' ? 50 + (mix(env.seed, index, 552) % 900) : null,
      applied_discounts: coupon ? [{ id: 'coupon', amount: money(l.discount), name: 'Coupon', code: coupon.code, target: 'order' }] : [],
      product_options: Array.from({ length: options }, (_, n) => productOption(o, l, line, n)),
      configurable_fields: [],
      discounted_total_inc_tax: money(l.total + l.totalTax - l.discount),
    };
  });
}

function productOption(o, l, line, n) {
  const value = n === 0 ? COLORS[(o.index + l.k) % COLORS.length][0] : SIZES[(o.index + l.k) % SIZES.length];
  const name = n === 0 ? 'Color' : 'Größe';
  return {
    id: first(o, 'product_options') + l.k * 4 + n,
    option_id: 18 + n,
    order_product_id: line,
    product_option_id: 108 + n,
    display_name: name,
    display_name_customer: name,
    display_name_merchant: name,
    display_value: value,
    display_value_customer: value,
    display_value_merchant: value,
    value: String(95 + ((o.index + l.k) % 60)),
    type: n === 0 ? 'Swatch' : 'Multiple choice',
    name: `${name}1500000${n}`,
    display_style: n === 0 ? '' : 'Rectangle',
  };
}

export function shippingAddresses(o) {
  const { env, index, id, shape, sums, row } = o;
  return Array.from({ length: shape.addresses }, (_, k) => {
    const mine = sums.lines.filter((l) => l.address === k);
    const key = row.customer_id || -index - 1;
    const person = k === 0 ? row.billing_address : personOf(env.seed, key * 7 + k);
    return {
      id: first(o, 'shipping_addresses') + k,
      order_id: id,
      ...addressOf(env.seed, key, k, { first_name: person.first_name, last_name: person.last_name, company: '', email: person.email }),
      items_total: mine.reduce((a, l) => a + l.quantity, 0),
      items_shipped: mine.filter((l) => l.k < sums.shipped).reduce((a, l) => a + l.quantity, 0),
      shipping_method: sums.shippingEach ? 'Fixed Shipping' : 'Free Shipping',
      base_cost: money(sums.shippingEach),
      cost_ex_tax: money(sums.shippingEach),
      cost_inc_tax: money(sums.shippingEach + (shape.addresses ? sums.shippingTax / shape.addresses : 0)),
      cost_tax: money(shape.addresses ? sums.shippingTax / shape.addresses : 0),
      cost_tax_class_id: 2,
      base_handling_cost: money(sums.handlingEach),
      handling_cost_ex_tax: money(sums.handlingEach),
      handling_cost_inc_tax: money(sums.handlingEach),
      handling_cost_tax: '0.0000',
      handling_cost_tax_class_id: 2,
      shipping_zone_id: 1,
      shipping_zone_name: 'United States',
      form_fields: mix(env.seed, index, 561) % 9 === 0 ? [{ name: 'Wholesale ID', value: '12345566' }] : [],
    };
  });
}

export function coupons(o) {
  const { sums, shape, id } = o;
  return Array.from({ length: shape.coupons }, (_, k) => ({
    id: first(o, 'coupons') + k,
    coupon_id: 1 + (o.index % 40),
    order_id: id,
    code: `SAVE-${o.index % 40}-é`,
    amount: sums.percent ? money(sums.percent * 10000) : '5.0000',
    type: sums.percent ? 1 : 2,
    discount: money(sums.discount),
  }));
}

export function fees(o) {
  return o.sums.fees.map((amount, k) => ({
    id: first(o, 'fees') + k,
    type: 'custom_fee',
    display_name_customer: k ? 'Package Protection Insurance' : 'Pfand & Co',
    display_name_merchant: k ? 'Insurance' : 'Deposit',
    source: 'AA',
    base_cost: money(amount),
    cost_ex_tax: money(amount),
    cost_inc_tax: money(amount),
    cost_tax: '0.0000',
    tax_class_id: k ? null : 2,
  }));
}

/** One row for each line and rate, and for each address that cost something: the form of details=true. */
export function taxes(o) {
  const { sums, id } = o;
  const addresses = o.part('shipping_addresses');
  const out = [];
  const add = (rate, n, addressId, amount, lineId, type) =>
    out.push({
      id: first(o, 'taxes') + out.length,
      order_id: id,
      order_address_id: addressId,
      tax_rate_id: n + 1,
      sales_tax_id: `TaxId${n + 1}`,
      tax_class_id: 0,
      name: n ? 'County Tax' : 'State Tax',
      class: type === 'shipping' ? 'Shipping' : 'Default Tax Class',
      rate: money(rate * 100),
      priority: n,
      priority_amount: money(amount),
      line_amount: money(amount),
      order_pickup_method_id: o.shape.kind === 'pickup' ? 1 : 0,
      order_product_id: lineId,
      line_item_type: type,
    });
  const share = (amount, n) =>
    sums.rates.length === 1
      ? amount
      : n === 0
        ? Math.round((amount * sums.rates[0]) / sums.rate)
        : amount - Math.round((amount * sums.rates[0]) / sums.rate);
  sums.rates.forEach((rate, n) => {
    for (const l of sums.lines)
      if (l.totalTax) {
        const address = l.address < 0 ? 0 : addresses[l.address].id;
        add(rate, n, address, share(l.totalTax, n), String(first(o, 'products') + l.k), 'item');
      }
    for (const a of addresses)
      if (sums.shippingTax) add(rate, n, a.id, share(Math.round(sums.shippingTax / addresses.length), n), null, 'shipping');
  });
  return out;
}

export function messages(o) {
  const { id, row, env } = o;
  const r = random(o, 571);
  const created = env.orders.createdSeconds(o.index);
  return Array.from({ length: o.shape.messages }, (_, k) => ({
    id: first(o, 'messages') + k,
    order_id: id,
    staff_id: k % 2 ? 1 : 0,
    customer_id: row.customer_id,
    type: k % 2 ? 'admin' : 'customer',
    subject: k ? `Re: Order #${id}` : r.pick(['Where is it?', 'مرحبا', 'Größe ändern']),
    message: `${sentence(r, 14)}\n${r.pick(FOREIGN)} 🙂`,
    status: r.pick(['read', 'unread']),
    is_flagged: r.chance(0.2),
    date_created: rfc2822(Math.min(created + 3600 * (k + 1), env.orders.end)),
  }));
}

const plainAddress = ({ first_name, last_name, company, street_1, street_2, city, state, zip, country, country_iso2, phone, email }) => ({
  first_name,
  last_name,
  company,
  street_1,
  street_2,
  city,
  state,
  zip,
  country,
  country_iso2,
  phone,
  email,
});

export function shipmentRow(o, given) {
  const link = given.tracking_link ?? '';
  const number = given.tracking_number ?? '';
  const provider = given.shipping_provider ?? '';
  return {
    id: given.id,
    order_id: o.id,
    customer_id: o.row.customer_id,
    order_address_id: given.order_address_id,
    date_created: given.date_created,
    tracking_number: number,
    merchant_shipping_cost: given.merchant_shipping_cost ?? '0.0000',
    shipping_method: given.shipping_method ?? 'None',
    comments: given.comments ?? '',
    shipping_provider: provider,
    tracking_carrier: given.tracking_carrier ?? '',
    tracking_link: link,
    billing_address: plainAddress(o.row.billing_address),
    shipping_address: plainAddress(o.part('shipping_addresses').find((a) => a.id === given.order_address_id)),
    items: given.items,
    shipping_provider_display_name: provider.toUpperCase(),
    generated_tracking_link: !link && number && provider ? `https://www.${provider}.example.com/track/${encodeURIComponent(number)}` : '',
  };
}

export function shipments(o) {
  const { shape, sums, env } = o;
  if (shape.kind !== 'physical' || !sums.shipped) return [];
  const addresses = o.part('shipping_addresses');
  const r = random(o, 581);
  const created = env.orders.createdSeconds(o.index);
  const at = created + Math.floor((env.orders.modifiedSeconds(o.index) - created) / 2);
  const out = [];
  addresses.forEach((a, k) => {
    const items = sums.lines
      .filter((l) => l.k < sums.shipped && l.address === k)
      .map((l) => ({
        order_product_id: first(o, 'products') + l.k,
        product_id: l.product < 0 ? 0 : env.catalog.shapes.idAt(l.product),
        quantity: l.quantity,
      }));
    if (!items.length) return;
    out.push(
      shipmentRow(o, {
        id: first(o, 'shipments') + out.length,
        order_address_id: a.id,
        date_created: rfc2822(at),
        tracking_number: r.chance(0.7) ? `EJ${r.between(100000000, 999999999)}US` : '',
        shipping_provider: r.pick(['usps', 'fedex', 'ups', '', 'carrier_42']),
        comments: r.chance(0.3) ? `${r.pick(FOREIGN)} – ${sentence(r, 6)}` : '',
        items,
      }),
    );
  });
  return out;
}

const amountOf = (env, amount) => {
  const cents = Math.round(amount / 100);
  return env.switches.odd_number_text && cents % 7 === 0 ? new Num((cents / 100).toFixed(4)) : cents / 100;
};

export function transactionRow(o, given) {
  return {
    id: given.id,
    order_id: String(o.id),
    event: given.event,
    method: given.method ?? 'credit_card',
    amount: given.amount,
    currency: 'USD',
    gateway: given.gateway ?? 'braintree',
    gateway_transaction_id: given.gateway_transaction_id ?? '',
    date_created: given.date_created,
    test: given.test ?? false,
    status: given.status ?? 'ok',
    fraud_review: false,
    reference_transaction_id: given.reference_transaction_id ?? null,
    offline: null,
    custom: given.custom ?? null,
    payment_method_id: given.payment_method_id ?? `${given.gateway ?? 'braintree'}.card`,
    payment_instrument_token: null,
    avs_result: { code: '', message: '', street_match: '', postal_match: '' },
    cvv_result: { code: '', message: '' },
    credit_card: given.credit_card ?? null,
    gift_certificate: null,
    store_credit: null,
    custom_provider_field_result: null,
  };
}

export function transactions(o) {
  const { shape, env, sums, id } = o;
  if (!shape.paid && shape.status !== 6) return [];
  const r = random(o, 591);
  if (r.chance(0.05)) return [];
  const created = env.orders.createdSeconds(o.index);
  const at = (n) => stampOf(Math.min(created + n, env.orders.end));
  const firstId = first(o, 'transactions');
  const amount = amountOf(env, sums.totalInc);
  if (r.chance(0.15))
    return [
      transactionRow(o, {
        id: firstId,
        event: 'purchase',
        method: 'custom',
        gateway: 'custom',
        amount,
        date_created: at(5),
        custom: { payment_method: 'Überweisung' },
      }),
    ];
  const card = {
    card_type: r.pick(['visa', 'master', 'american_express']),
    card_iin: '411111',
    card_last4: String(r.between(1000, 9999)),
    card_expiry_month: r.between(1, 12),
    card_expiry_year: 2030,
  };
  const common = {
    gateway: r.pick(['braintree', 'stripe', 'testgateway']),
    credit_card: card,
    gateway_transaction_id: `t_${r.hex(10)}`,
    amount,
  };
  if (shape.status === 6)
    return [transactionRow(o, { ...common, id: firstId, event: 'authorization', status: 'error', date_created: at(5) })];
  const out = [
    transactionRow(o, { ...common, id: firstId, event: 'authorization', date_created: at(5) }),
    transactionRow(o, { ...common, id: firstId + 1, event: 'capture', date_created: at(60), reference_transaction_id: firstId }),
  ];
  for (let k = 0; k < shape.refunds; k++)
    out.push(
      transactionRow(o, {
        ...common,
        id: firstId + 2 + k,
        event: 'refund',
        amount: amountOf(env, refundAmount(o, k)),
        date_created: at(86400 * (k + 1)),
        reference_transaction_id: firstId + 1,
      }),
    );
  return out;
}

/** In ten-thousandths: the whole order, or one piece of the first line. */
function refundAmount(o, k) {
  if (o.shape.status === 4) return o.sums.totalInc;
  const l = o.sums.lines[0];
  return k === 0 ? l.price + l.tax : 10000;
}

export function refunds(o) {
  const { shape, env, sums, id } = o;
  const created = env.orders.createdSeconds(o.index);
  const paid = o.part('transactions').filter((t) => t.event === 'refund');
  return Array.from({ length: shape.refunds }, (_, k) => {
    const refundId = first(o, 'refunds') + k;
    const amount = amountOf(env, refundAmount(o, k));
    const tax = shape.status === 4 ? sums.tax : k === 0 ? sums.lines[0].tax : 0;
    const lines = shape.status === 4 ? sums.lines : sums.lines.slice(0, 1);
    const items =
      k === 0
        ? lines.map((l) => ({
            item_type: 'PRODUCT',
            item_id: first(o, 'products') + l.k,
            reason: '',
            quantity: shape.status === 4 ? l.quantity : 1,
            requested_amount: null,
          }))
        : [{ item_type: 'ORDER', item_id: id, reason: 'Goodwill', quantity: 1, requested_amount: 1 }];
    return {
      id: refundId,
      order_id: id,
      user_id: 1,
      created: stampOf(Math.min(created + 86400 * (k + 1), env.orders.end)),
      reason: k ? '' : 'Zu groß / too large',
      total_amount: amount,
      total_tax: Math.round(tax / 100) / 100,
      uses_merchant_override_values: false,
      items,
      payments: [
        {
          id: refundId + 3,
          provider_id: paid[k] ? paid[k].gateway : 'custom',
          amount,
          offline: !paid[k],
          is_declined: false,
          declined_message: '',
          transaction_id: paid[k] ? String(paid[k].id) : '',
        },
      ],
    };
  });
}

export function metafields(o) {
  const r = random(o, 601);
  const seconds = o.env.orders.createdSeconds(o.index);
  return Array.from({ length: o.shape.metafields }, (_, k) => {
    const row = metafieldRow(o.env, r, first(o, 'metafields') + k, 'order', o.id, seconds, k);
    const modified = Math.min(Date.parse(row.date_modified) / 1000, o.env.orders.end);
    return { ...row, key: `${word(r)}_${k}`, date_modified: stampOf(Math.max(seconds, modified)) };
  });
}

/** Where a pickup order is collected. */
export function pickups(o) {
  if (o.shape.kind !== 'pickup') return [];
  return [
    {
      id: 1,
      pickup_method_id: 1,
      pickup_method_display_name: 'Abholung / Pick up',
      collection_instructions: 'Bring your ID',
      collection_time_description: '9am - 6pm',
      location: {
        id: 1,
        name: 'Café Süd',
        code: 'LOCATION-1',
        address_line_1: '123 Main Street',
        address_line_2: '',
        city: 'Austin',
        state: 'Texas',
        postal_code: '78726',
        country_alpha2: 'US',
        email: 'location1@example.com',
        phone: '+1 111-111-1111',
      },
    },
  ];
}
