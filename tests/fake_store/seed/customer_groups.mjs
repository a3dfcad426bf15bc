// Seeded customer groups (V2). Promises: ids with gaps, at most one default and one guest group, every kind of discount rule and category access.

import { Random, mix } from './random.mjs';
import { FOREIGN, words } from './vocabulary.mjs';

/** V2 writes the dates of groups like this. */
export const groupStamp = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');

const NAMES = ['Wholesale', 'VIP', 'Gäste', 'Staff & friends', 'Händler "Süd"', 'חברי מועדון', 'Schools'];

export function seedCustomerGroups(env, count) {
  const out = [];
  let id = 0;
  const seen = new Set();
  for (let i = 0; i < count; i++) {
    const r = new Random(env.seed, i, 481);
    id += 1 + (mix(env.seed, i, 482) % 5 === 0 ? 1 : 0);
    let name = i < NAMES.length ? NAMES[i] : `${r.chance(0.2) ? r.pick(FOREIGN) : words(r, 2)}`;
    while (seen.has(name.toLowerCase())) name += ` ${id}`;
    seen.add(name.toLowerCase());
    const at = 1480000000 + i * 1000000;
    out.push({
      id,
      name,
      is_default: i === 1,
      category_access: access(env, r, i),
      discount_rules: rules(env, r, i),
      date_created: groupStamp(at),
      date_modified: groupStamp(at + r.below(90000000)),
      is_group_for_guests: i === 2,
    });
  }
  return out;
}

function access(env, r, i) {
  if (i % 3 === 1 && env.categoryIds.length) {
    const n = Math.min(env.categoryIds.length, r.between(1, 4));
    const start = r.below(env.categoryIds.length - n + 1);
    return { type: 'specific', categories: env.categoryIds.slice(start, start + n) };
  }
  return { type: i % 7 === 6 ? 'none' : 'all' };
}

function rules(env, r, i) {
  const amount = () => `${r.between(1, 30)}.${r.pick(['0000', '5000', '2550'])}`;
  switch (i % 5) {
    case 0:
      return [{ type: 'all', method: 'percent', amount: amount() }];
    case 1: {
      const out = [];
      if (env.categoryIds.length) out.push({ type: 'category', method: 'percent', amount: amount(), category_id: r.pick(env.categoryIds) });
      if (env.shapes.count)
        out.push({ type: 'product', method: 'fixed', amount: amount(), product_id: env.shapes.idAt(r.below(env.shapes.count)) });
      out.push({ type: 'all', method: 'price', amount: amount() });
      return out;
    }
    case 3:
      return [{ type: 'price_list', price_list_id: 0 }]; // linkPriceLists puts an id in
    default:
      return [];
  }
}
