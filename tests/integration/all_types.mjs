// A store that has something of every content type, and what a run over it should have noticed.

import assert from 'node:assert/strict';
import { request } from './harness.mjs';
import { TYPES, liveItems } from './live_items.mjs';
import { afterVolatile } from './raw_json.mjs';

/** Small, and of every sort: 40 orders have the special ones, and several customers have more than ten addresses. */
export const EVERYTHING = {
  products: 24,
  categories: 8,
  brands: 6,
  customers: 30,
  customerGroups: 5,
  customerAttributes: 14,
  emailTemplates: 4,
  orders: 40,
  pages: 9,
  blogPosts: 7,
  redirects: 9,
  priceLists: 3,
  priceRecords: 12,
  promotions: 7,
  codes: 3,
  coupons: 7,
  giftCertificates: 7,
  locations: 3,
  channels: 4,
  inventory: 'on',
};

/** Every part of an order moves its date: what a run that reads parts by their order's date can see. */
export const PARTS_MOVE_ORDERS = Object.fromEntries(
  ['messages', 'shipments', 'refunds', 'transactions', 'metafields'].map((part) => [`order_${part}_move_date_modified`, 'true']),
);

/** "type/id" -> what of the item makes a version, as text: a version is due where it differs. */
export async function snapshot(store, types = TYPES) {
  const all = new Map();
  for (const type of types) {
    for (const [id, { item, parts }] of await liveItems(store, type)) {
      const texts = [afterVolatile(item, type)];
      for (const name of Object.keys(parts).sort()) texts.push(name, ...parts[name].map((row) => afterVolatile(Buffer.from(`[${row.toString('latin1')}]`, 'latin1'), type, name)));
      all.set(`${type}/${id}`, texts.join('\n'));
    }
  }
  return all;
}

/** {added, changed, gone}: sets of "type/id". */
export function difference(before, after) {
  const added = [...after.keys()].filter((key) => !before.has(key));
  const gone = [...before.keys()].filter((key) => !after.has(key));
  const changed = [...after].filter(([key, text]) => before.has(key) && before.get(key) !== text).map(([key]) => key);
  return { added, changed, gone };
}

const keysOf = (lines) => lines.map((line) => `${line.type}/${line.id}`).sort();

/** The version lines that a run added are exactly these: each item once, tombstones for what is gone. */
export function assertVersions(lines, { added, changed, gone }, what) {
  assert.deepEqual(keysOf(lines.filter((line) => !line.gone)), [...added, ...changed].sort(), `${what}: versions`);
  assert.deepEqual(keysOf(lines.filter((line) => line.gone)), [...gone].sort(), `${what}: tombstones`);
}

/** Runs `backup`, and gives its report with the version lines that it added. */
export async function backupLines(house, args = ['--full'], options = {}) {
  const before = house.lines().length;
  const report = await house.backup(args, options);
  report.lines = house.lines().slice(before);
  return report;
}

// ---- what merchants do, everywhere

const PLAIN = ['pages', 'blog_posts', 'redirects', 'price_lists', 'price_records', 'price_list_assignments', 'promotions', 'coupons', 'gift_certificates', 'locations'];

/** Kinds of edits for `edits`: those of random_edits, and row:TYPE:PART for one field of a row that is there. */
export const KINDS = [
  ...['product', 'variant', 'image', 'metafield', 'custom_field', 'brand', 'category', 'create', 'delete', 'delete_part'],
  ...[...PLAIN, 'customers', 'customer_groups', 'customer_attributes', 'orders', 'channels'].flatMap((type) => [`edit:${type}`, `create:${type}`, `delete:${type}`]),
  ...['customer_addresses', 'customer_attribute_values', 'customer_metafields', 'order_metafields'].flatMap((type) => [`edit:${type}`, `delete:${type}`]),
  ...['customer_form_field_values', 'channel_metafields', 'location_metafields', 'email_templates', 'inventory'].map((type) => `edit:${type}`),
  ...['addresses', 'attributes', 'metafields'].map((part) => `part:customers:${part}`),
  'part:promotions:codes',
  ...['shipping_addresses', 'coupons', 'fees', 'messages', 'shipments', 'transactions', 'refunds', 'metafields'].map((part) => `part:orders:${part}`),
  ...['products', 'shipping_addresses', 'coupons', 'fees', 'taxes', 'messages', 'shipments', 'transactions', 'refunds'].map((part) => `row:orders:${part}`),
];

const FIELD = {
  products: 'name',
  shipping_addresses: 'phone',
  coupons: 'code',
  fees: 'display_name_customer',
  taxes: 'name',
  messages: 'subject',
  shipments: 'tracking_number',
  transactions: 'gateway_transaction_id',
  refunds: 'reason',
};

async function editRow(store, random, type, part) {
  const ids = await store.ids(type);
  for (let i = 0; i < 60; i++) {
    const id = random.pick(ids);
    const rows = (await store.item(type, id))[part] ?? [];
    if (!rows.length) continue;
    const set = { [FIELD[part]]: `edited ${random.below(1e9)}` };
    await store.control('POST', 'edit_part', { type, id, part, part_id: random.pick(rows).id, set });
    return true;
  }
  return false;
}

/** Each of the kinds `times` times, in a random order; gives how often each could be done. Some find nothing to do: the last of its kind, a customer with every value. */
export async function edits(store, random, { kinds = KINDS, times = 1 } = {}) {
  const order = Array.from({ length: times }, () => kinds).flat();
  for (let i = order.length - 1; i > 0; i--) {
    const k = random.below(i + 1);
    [order[i], order[k]] = [order[k], order[i]];
  }
  const done = new Map(kinds.map((kind) => [kind, 0]));
  // Dates of orders have seconds: what is edited twice within one would show one date.
  await store.control('POST', 'clock', { advance_ms: 2000 });
  for (const kind of order) {
    // One that came upon an item without such a part tries others.
    for (let i = 0; i < 20; i++) {
      if (!(await editOnce(store, random, kind))) continue;
      done.set(kind, done.get(kind) + 1);
      break;
    }
  }
  return done;
}

async function editOnce(store, random, kind) {
  const [, type, part] = /^row:(\w+):(\w+)$/.exec(kind) ?? [];
  if (type) return editRow(store, random, type, part);
  const body = JSON.stringify({ n: 1, seed: random.below(1e9), kinds: [kind] });
  const answer = await request('POST', `${store.origin}/__control__/random_edits`, { body });
  assert.ok(answer.status === 200 || answer.status === 404, `${kind}: ${answer.body}`);
  return answer.status === 200 && JSON.parse(answer.body).changes.length === 1;
}
