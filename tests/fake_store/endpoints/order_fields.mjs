// Checks bodies of order writes. Promises: read-only and unknown fields are refused with 400 and named, money may come as number or text and is kept
// with four decimals, fields that belong together come together.

import { Refusal } from '../answers.mjs';
import { money4, rfc2822, rfc2822Seconds } from '../v2.mjs';

export const bad = (message) => new Refusal(400, message);
const isObject = (v) => v !== null && typeof v === 'object' && !Array.isArray(v);

// A kind takes the value and answers what is kept, or undefined when it is wrong.
export const money = (v) =>
  (typeof v === 'number' && v >= 0) || (typeof v === 'string' && /^\d+(\.\d+)?$/.test(v)) ? money4(v) : undefined;
export const text =
  (max = Infinity, min = 0) =>
  (v) =>
    typeof v === 'string' && [...v].length <= max && [...v].length >= min ? v : undefined;
export const whole =
  (min = 0, max = Infinity) =>
  (v) =>
    Number.isInteger(v) && v >= min && v <= max ? v : undefined;
export const flag = (v) => (typeof v === 'boolean' ? v : undefined);
export const date = (v) => {
  const seconds = rfc2822Seconds(v);
  return seconds === null ? undefined : rfc2822(seconds);
};
export const orNull = (kind) => (v) => (v === null ? null : kind(v));
export const textOrNumber = (v) => (typeof v === 'string' || typeof v === 'number' ? v : undefined);
const locale = (v) => (typeof v === 'string' && /^([a-z]{2,3}|[a-z]{2}-[A-Z]{2}|[a-z]{2}-\d{3})$/.test(v) ? v : undefined);
const formFields = (v) =>
  Array.isArray(v) &&
  v.every((f) => isObject(f) && typeof f.name === 'string' && ['string', 'number', 'object'].includes(typeof f.value) && f.value !== null)
    ? v
    : undefined;

/** -> the fields to keep, or a 400 that names the first wrong one. */
export function accept(body, { kinds, readOnly = [], required = [], within = '' }) {
  if (!isObject(body)) throw bad('The request body must be a JSON object.');
  const name = (k) => (within ? `${within}.${k}` : k);
  const out = {};
  for (const [k, v] of Object.entries(body)) {
    if (readOnly.includes(k))
      throw bad(`The field '${name(k)}' cannot be written to. Please remove it from your request before trying again.`);
    if (!Object.hasOwn(kinds, k)) throw bad(`The field '${name(k)}' is not supported by this resource.`);
    const kept = kinds[k](v);
    if (kept === undefined) throw bad(`The field '${name(k)}' is invalid.`);
    out[k] = kept;
  }
  for (const k of required) if (out[k] === undefined) throw bad(`The required field '${name(k)}' was not supplied.`);
  return out;
}

export function together(body, names) {
  const given = names.filter((n) => body[n] !== undefined);
  if (given.length && given.length < names.length) {
    const missing = names.find((n) => body[n] === undefined);
    throw bad(`The field '${missing}' is required when '${given[0]}' is supplied.`);
  }
}

const ADDRESS = {
  first_name: text(255),
  last_name: text(255),
  company: text(255),
  street_1: text(255),
  street_2: text(255),
  city: text(255),
  state: text(255),
  zip: text(30),
  country: text(255),
  country_iso2: text(2),
  phone: text(50),
  email: text(250),
};
export const BLANK_ADDRESS = Object.fromEntries(Object.keys(ADDRESS).map((k) => [k, '']));
export const BILLING = { kinds: { ...ADDRESS, zip: text(30, 2), form_fields: formFields }, required: ['zip'], within: 'billing_address' };
export const SHIPPING = {
  kinds: { ...ADDRESS, shipping_method: text(255), form_fields: formFields },
  readOnly: [
    'id',
    'order_id',
    'items_total',
    'items_shipped',
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
    'shipping_zone_id',
    'shipping_zone_name',
    'shipping_quotes',
  ],
};

const MONEY = [
  'base_handling_cost',
  'base_shipping_cost',
  'base_wrapping_cost',
  'discount_amount',
  'handling_cost_ex_tax',
  'handling_cost_inc_tax',
  'refunded_amount',
  'shipping_cost_ex_tax',
  'shipping_cost_inc_tax',
  'subtotal_ex_tax',
  'subtotal_inc_tax',
  'total_ex_tax',
  'total_inc_tax',
  'wrapping_cost_ex_tax',
  'wrapping_cost_inc_tax',
];
const any = (v) => v;
/** What a write of an order may carry; lists and addresses are looked at by their own checks. */
export const ORDER_KINDS = {
  ...Object.fromEntries(MONEY.map((k) => [k, money])),
  billing_address: any,
  products: any,
  shipping_addresses: any,
  fees: any,
  consignments: any,
  channel_id: whole(1),
  customer_id: whole(0),
  customer_message: text(),
  date_created: date,
  ebay_order_id: text(),
  external_source: orNull(text()),
  geoip_country: text(),
  geoip_country_iso2: text(2),
  ip_address: text(30),
  ip_address_v6: text(39),
  items_shipped: whole(),
  items_total: whole(),
  order_is_digital: flag,
  payment_method: text(),
  payment_provider_id: textOrNumber,
  staff_notes: text(65535),
  status_id: whole(0, 14),
  customer_locale: locale,
  external_order_id: text(),
};
export const ORDER_READ_ONLY = [
  'id',
  'date_modified',
  'date_shipped',
  'cart_id',
  'status',
  'custom_status',
  'subtotal_tax',
  'shipping_cost_tax',
  'shipping_cost_tax_class_id',
  'handling_cost_tax',
  'handling_cost_tax_class_id',
  'wrapping_cost_tax',
  'wrapping_cost_tax_class_id',
  'payment_status',
  'store_credit_amount',
  'gift_certificate_amount',
  'currency_id',
  'currency_code',
  'currency_exchange_rate',
  'default_currency_id',
  'store_default_currency_code',
  'store_default_to_transactional_exchange_rate',
  'coupon_discount',
  'shipping_address_count',
  'total_tax',
  'is_tax_inclusive_pricing',
  'is_email_opt_in',
  'external_id',
  'tax_provider_id',
  'credit_card_type',
  'coupons',
  'fulfillment_source',
];
export const PAIRS = [
  ['subtotal_ex_tax', 'subtotal_inc_tax'],
  ['total_ex_tax', 'total_inc_tax'],
  ['shipping_cost_ex_tax', 'shipping_cost_inc_tax'],
];
