// Seeded price lists, their records and assignments. Promises: records name variants that exist when the store starts, never the base variant of a
// product with options; which variant and currency record k has, and back, is plain arithmetic.

import { Random } from './random.mjs';
import { FOREIGN, words } from './vocabulary.mjs';
import { money } from './product.mjs';

const NAMES = ['Wholesale', 'B2B', 'Händler', 'VIP ☕', 'عملاء', 'Staff & "friends"'];
const FIRST = 1577836800;
export const zulu = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19) + 'Z';

export function priceListRow(env, id, index) {
  const r = new Random(env.seed, index, 341);
  const name = index < NAMES.length ? NAMES[index] : r.chance(0.2) ? r.pick(FOREIGN) : words(r, 2);
  const made = FIRST + index * 86400 * 9 + r.below(86400);
  return { id, name: `${name} ${id}`, date_created: zulu(made), date_modified: zulu(made + r.below(20000000)), active: r.chance(0.7) };
}

/** Four records for every three variants: usd for all, eur for the third. */
export class RecordGrid {
  constructor(shapes, wanted) {
    this.shapes = shapes;
    this.variants = shapes.total('variants');
    this.perList = Math.min(wanted, Math.floor((this.variants * 4) / 3));
    const slots = Math.ceil((this.perList * 3) / 4);
    this.stride = Math.max(1, Math.floor(this.variants / Math.max(1, slots)));
    this.base = shapes.firstChild('variants', 0);
  }
  at(k) {
    const slot = Math.floor(k / 4) * 3 + Math.min(k % 4, 2);
    return { variant_id: this.base + slot * this.stride, currency: k % 4 === 3 ? 'eur' : 'usd' };
  }
  /** The record that a variant and currency can be, or -1. */
  indexOf(variantId, currency) {
    const n = variantId - this.base;
    if (n < 0 || n % this.stride) return -1;
    const slot = n / this.stride;
    if (currency === 'eur' && slot % 3 !== 2) return -1;
    const k = Math.floor(slot / 3) * 4 + (slot % 3) + (currency === 'eur' ? 1 : 0);
    return (currency === 'usd' || currency === 'eur') && k < this.perList ? k : -1;
  }
}

/** Without product and calculated price, which follow from the variant. */
export function priceRecordRow(env, seq, index, listId, at) {
  const r = new Random(env.seed, index, 342);
  const made = FIRST + r.below(90000000);
  const price = money(env, r, 3, 240);
  const tiers = r.chance(0.15) ? r.between(1, 3) : 0;
  return {
    seq,
    price_list_id: listId,
    variant_id: at.variant_id,
    currency: at.currency,
    price,
    sale_price: r.chance(0.2) ? Math.round(Number(price) * 80) / 100 : null,
    retail_price: r.chance(0.2) ? Math.round(Number(price) * 120) / 100 : null,
    map_price: r.chance(0.1) ? Math.round(Number(price) * 90) / 100 : null,
    bulk_pricing_tiers: Array.from({ length: tiers }, (_, n) => ({
      quantity_min: 10 * (n + 1),
      quantity_max: n + 1 < tiers ? 10 * (n + 2) - 1 : r.chance(0.5) ? null : 2147483647,
      type: r.pick(['fixed', 'price', 'percent']),
      amount: r.below(3) ? r.between(1, 9) : r.between(100, 999) / 100,
    })),
    date_created: zulu(made),
    date_modified: zulu(made + r.below(9000000)),
  };
}

/** One or two of each list: by group and channel, by channel alone, by group alone. No pair twice. */
export function seedAssignments(listIds, groupIds, channelIds) {
  const out = [];
  const seen = new Set();
  const add = (list, group, channel) => {
    if (seen.has(`${group}/${channel}`)) return;
    seen.add(`${group}/${channel}`);
    out.push({ id: out.length + 1 + Math.floor(out.length / 6), price_list_id: list, customer_group_id: group, channel_id: channel });
  };
  listIds.forEach((list, n) => {
    const group = groupIds.length ? groupIds[n % groupIds.length] : null;
    if (group !== null) add(list, group, n % 3 === 1 ? null : channelIds[n % channelIds.length]);
    if (group === null || n % 4 === 3) add(list, null, channelIds[(n + 1) % channelIds.length]);
  });
  return out;
}
