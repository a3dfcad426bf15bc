// What was bought and what it came to, in whole ten-thousandths. Promises: rows, lines, taxes and payments of one order agree to the last digit.

import { Random, mix } from './random.mjs';

export const money = (units) => (units / 10000).toFixed(4);
export const units = (text) => Math.round(Number(text) * 10000);

const RATES = [825, 700];

/** {lines: [...], addresses, subtotal, discount, shipping, handling, wrapping, fees, tax, total ...}, all before anything was edited. */
export function orderSums(env, index, shape) {
  const r = new Random(env.seed, index, 531);
  const { shapes } = env.catalog;
  const rate = RATES.slice(0, shape.taxRates).reduce((a, b) => a + b, 0);
  const taxOn = (amount) => Math.round((amount * rate) / 10000);
  const lines = [];
  for (let k = 0; k < shape.lines; k++) {
    const custom = !shapes.count || r.chance(0.02);
    const product = custom ? -1 : mix(env.seed, index, 600 + k) % shapes.count;
    const type = shape.kind === 'gift' ? 'giftcertificate' : shape.kind === 'digital' ? 'digital' : 'physical';
    const quantity = shape.lines > 50 ? 1 : 1 + Math.min(r.below(5), r.below(5));
    // One price in eight has more than two decimals.
    const price = r.between(300, 24000) * 100 + (r.below(8) === 0 ? r.below(100) : 0);
    const wrap = shape.wrapped && k === 0 && type === 'physical' ? 35000 : 0;
    lines.push({
      k,
      product: type === 'giftcertificate' ? -1 : product,
      type,
      quantity,
      price,
      tax: type === 'giftcertificate' ? 0 : taxOn(price),
      wrap,
      address: shape.addresses ? k % shape.addresses : -1,
    });
  }
  for (const l of lines) {
    l.total = l.price * l.quantity;
    l.totalTax = l.tax * l.quantity;
  }
  const add = (f) => lines.reduce((a, l) => a + f(l), 0);
  const subtotal = add((l) => l.total);
  const percent = shape.coupons ? [0, 10, 15][r.below(3)] : 0;
  const discount = !shape.coupons ? 0 : percent ? Math.round((subtotal * percent) / 100) : Math.min(50000, subtotal);
  let left = discount;
  lines.forEach((l, n) => {
    l.discount = n === lines.length - 1 ? left : Math.round((discount * l.total) / subtotal);
    left -= l.discount;
  });
  const shippingEach = shape.addresses ? [0, 49500, 80000, 129900][r.below(4)] : 0;
  const handlingEach = shape.addresses && r.chance(0.1) ? 15000 : 0;
  const shipping = shippingEach * shape.addresses;
  const handling = handlingEach * shape.addresses;
  const wrapping = add((l) => l.wrap);
  const fees = Array.from({ length: shape.fees }, () => r.between(50, 1500) * 100);
  const fee = fees.reduce((a, b) => a + b, 0);
  const shippingTax = taxOn(shippingEach) * shape.addresses;
  const tax = add((l) => l.totalTax) + shippingTax;
  const total = subtotal - discount + shipping + handling + wrapping + fee;
  return {
    lines,
    rate,
    rates: RATES.slice(0, shape.taxRates),
    percent,
    subtotal,
    subtotalTax: add((l) => l.totalTax),
    discount,
    shippingEach,
    handlingEach,
    shipping,
    shippingTax,
    handling,
    wrapping,
    fees,
    tax,
    total,
    totalInc: total + tax,
    items: add((l) => l.quantity),
    shipped: [2, 10, 4, 14, 13].includes(shape.status) ? lines.length : shape.status === 3 ? Math.ceil(lines.length / 2) : 0,
  };
}
