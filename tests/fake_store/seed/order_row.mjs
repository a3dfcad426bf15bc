// The row of a seeded order. Promises: field order and oddities of recorded orders: money as text, RFC 2822 dates with "" for none, nulls where
// recorded answers have them, undeclared properties (credit_card_type, custom_status).

import { Random, mix } from './random.mjs';
import { rfc2822 } from '../v2.mjs';
import { words, sentence, FOREIGN } from './vocabulary.mjs';
import { STATUSES } from './order.mjs';
import { addressOf } from './order_people.mjs';
import { money } from './order_sums.mjs';

const METHODS = ['Credit Card', 'PayPal', 'Test Payment Gateway', 'Manual', 'Cash on Delivery', 'Bank Deposit', 'Gift Certificate & Co'];
const SOURCES = ['www', 'www', 'www', 'mobile', 'manual', 'checkout_api', 'external'];

export const PAYMENT_STATUS = {
  0: '',
  1: 'pending',
  4: 'refunded',
  5: 'void',
  6: 'declined',
  7: '',
  12: 'held for review',
  14: 'partially refunded',
};

const uuid = (r) => {
  const h = r.hex(32);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-8${h.slice(17, 20)}-${h.slice(20)}`;
};

export function staffNote(r) {
  const dice = r.below(10);
  if (dice < 5) return '';
  if (dice < 7) return null;
  if (dice < 8) return `${r.pick(FOREIGN)}\n"${words(r, 4)}" <b>${words(r, 1)}</b> & 🎁`;
  return Array.from({ length: r.between(1, 40) }, () => sentence(r, 12)).join('\r\n');
}

export function orderRow(env, index, shape, sums, customerId, person) {
  const { orders, seed } = env;
  const r = new Random(seed, index, 541);
  const created = orders.createdSeconds(index);
  const modified = orders.modifiedSeconds(index);
  const fromShop = r.chance(0.8);
  const allShipped = sums.shipped === sums.lines.length && shape.kind === 'physical';
  const name = STATUSES[shape.status].name;
  const v6 = r.chance(0.1);
  const euro = r.chance(0.06);
  return {
    id: orders.idAt(index),
    customer_id: customerId,
    date_created: rfc2822(created),
    date_modified: rfc2822(modified),
    date_shipped: allShipped ? rfc2822(created + Math.floor((modified - created) / 2)) : '',
    status_id: shape.status,
    status: name,
    subtotal_ex_tax: money(sums.subtotal),
    subtotal_inc_tax: money(sums.subtotal + sums.subtotalTax),
    subtotal_tax: money(sums.subtotalTax),
    base_shipping_cost: money(sums.shipping),
    shipping_cost_ex_tax: money(sums.shipping),
    shipping_cost_inc_tax: money(sums.shipping + sums.shippingTax),
    shipping_cost_tax: money(sums.shippingTax),
    shipping_cost_tax_class_id: 2,
    base_handling_cost: money(sums.handling),
    handling_cost_ex_tax: money(sums.handling),
    handling_cost_inc_tax: money(sums.handling),
    handling_cost_tax: '0.0000',
    handling_cost_tax_class_id: 2,
    base_wrapping_cost: money(sums.wrapping),
    wrapping_cost_ex_tax: money(sums.wrapping),
    wrapping_cost_inc_tax: money(sums.wrapping),
    wrapping_cost_tax: '0.0000',
    wrapping_cost_tax_class_id: 3,
    total_ex_tax: money(sums.total),
    total_inc_tax: money(sums.totalInc),
    total_tax: money(sums.tax),
    is_tax_inclusive_pricing: false,
    items_total: sums.items,
    items_shipped: sums.lines.slice(0, shape.kind === 'physical' ? sums.shipped : 0).reduce((a, l) => a + l.quantity, 0),
    payment_method: shape.status === 0 ? '' : r.pick(METHODS),
    payment_provider_id: shape.paid ? (r.chance(0.5) ? `ch_${r.hex(16)}` : '') : null,
    payment_status: PAYMENT_STATUS[shape.status] ?? 'captured',
    refunded_amount: '0.0000',
    order_is_digital: shape.kind === 'digital',
    store_credit_amount: '0.0000',
    gift_certificate_amount: '0.0000',
    ip_address: v6 ? '' : `203.0.113.${r.below(256)}`,
    ip_address_v6: v6 ? `2001:db8::${r.hex(4)}` : '',
    geoip_country: 'United States',
    geoip_country_iso2: 'US',
    currency_id: euro ? 2 : 1,
    currency_code: euro ? 'EUR' : 'USD',
    currency_exchange_rate: euro ? '0.9215000000' : '1.0000000000',
    default_currency_id: 1,
    default_currency_code: 'USD',
    staff_notes: staffNote(r),
    customer_message: r.chance(0.7) ? '' : r.chance(0.4) ? null : `${r.pick(FOREIGN)} ${sentence(r, 8)}`,
    discount_amount: '0.0000',
    coupon_discount: money(sums.discount),
    shipping_address_count: shape.addresses,
    is_deleted: shape.archived,
    ebay_order_id: '0',
    cart_id: fromShop ? uuid(r) : null,
    billing_address: {
      ...addressOf(seed, customerId || -index - 1, 0, person),
      form_fields: r.chance(0.1)
        ? [{ name: 'Delivery Instructions', value: r.chance(0.5) ? 'Leave in backyard' : ['Small', 'Medium'] }]
        : [],
    },
    is_email_opt_in: r.chance(0.2),
    credit_card_type: null,
    order_source: fromShop ? r.pick(SOURCES) : 'manual',
    channel_id: shape.channel,
    external_source: r.chance(0.1) ? 'POS (Square)' : null,
    external_id: null,
    external_merchant_id: null,
    tax_provider_id: shape.taxRates ? 'BasicTaxProvider' : '',
    store_default_currency_code: 'USD',
    store_default_to_transactional_exchange_rate: '1.0000000000',
    custom_status: shape.status === 10 ? 'Completed – Danke!' : name,
    customer_locale: r.pick(['en', 'en', 'en-US', 'de', 'he', 'es-419']),
    external_order_id: mix(seed, index, 542) % 12 === 0 ? `EXT-${mix(seed, index, 543) % 100000}` : '',
  };
}
