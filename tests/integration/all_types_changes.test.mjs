// An edit anywhere makes exactly one version, and what moves by itself makes none: every content type and every part. What is due is told by a look at
// the whole API before and after the edits.

import assert from 'node:assert/strict';
import test from 'node:test';
import { Random } from '../fake_store/seed/random.mjs';
import { EVERYTHING, KINDS, PARTS_MOVE_ORDERS, assertVersions, backupLines, difference, edits, snapshot } from './all_types.mjs';
import { openHouse } from './harness.mjs';
import { TYPES } from './live_items.mjs';

const seed = Number(process.env.BACKSTOCK_SEED ?? Date.now() % 1000000007);
console.log(`# BACKSTOCK_SEED=${seed}`);

test('a full run finds every one of some hundred random edits over all types and parts, and nothing else', async (t) => {
  const house = await openHouse(t, { store: { ...EVERYTHING, switches: PARTS_MOVE_ORDERS, settings: { api_share: 1 } } });
  const { store } = house;
  await house.backup(['--full']);
  const random = new Random(seed);
  const done = new Map(KINDS.map((kind) => [kind, 0]));
  let before = await snapshot(store);
  for (const times of [1, 3]) {
    for (const [kind, n] of await edits(store, random, { times })) done.set(kind, done.get(kind) + n);
    const after = await snapshot(store);
    const due = difference(before, after);
    const report = await backupLines(house, ['--full', '--accept-deletions']);
    assertVersions(report.lines, due, `seed ${seed}`);
    for (const type of report.types) assert.equal(type.outcome, 'done', `${type.type}: ${type.message}`);
    t.diagnostic(`${due.added.length} added, ${due.changed.length} changed, ${due.gone.length} gone`);
    before = after;
  }
  assert.deepEqual([...done].filter(([, n]) => n === 0), [], 'kinds of edits that were never done');
  assert.equal((await house.backup(['--full'])).versions, 0);
  assert.equal((await house.backup()).versions, 0);
  await house.checkVault();
});

// Everything that the store can be asked for by date, or that is listed whole each time. Not what changes items of other types without a date.
const SEEN_AT_ONCE = [
  ...['product', 'metafield', 'brand', 'create'],
  ...['pages', 'blog_posts', 'redirects', 'price_list_assignments', 'promotions', 'coupons', 'gift_certificates', 'locations', 'channels'].flatMap((type) => [
    `edit:${type}`,
    `create:${type}`,
    `delete:${type}`,
  ]),
  ...['price_lists', 'price_records', 'customers', 'customer_groups', 'customer_attributes'].flatMap((type) => [`edit:${type}`, `create:${type}`]),
  ...['orders'].flatMap((type) => [`edit:${type}`, `create:${type}`, `delete:${type}`]),
  ...['customer_attribute_values', 'customer_metafields', 'order_metafields', 'channel_metafields', 'location_metafields', 'email_templates', 'inventory'].map(
    (type) => `edit:${type}`,
  ),
  'part:promotions:codes',
  ...['shipping_addresses', 'coupons', 'fees', 'messages', 'shipments', 'transactions', 'refunds', 'metafields'].map((part) => `part:orders:${part}`),
];

test('an incremental run finds at once what the store can be asked for, and owners of changed metafields and attribute values', async (t) => {
  const house = await openHouse(t, { store: { ...EVERYTHING, switches: PARTS_MOVE_ORDERS, settings: { api_share: 1 } } });
  const { store } = house;
  await house.backup();
  const random = new Random(seed, 2);
  let before = await snapshot(store);
  for (let round = 0; round < 2; round++) {
    await edits(store, random, { kinds: SEEN_AT_ONCE });
    const after = await snapshot(store);
    const due = difference(before, after);
    const report = await backupLines(house, []);
    assert.equal(report.kind, 'incremental');
    assertVersions(report.lines, due, `seed ${seed}`);
    before = after;
  }
  // One alone: the customer is read for the sake of a value whose change left no trace in it.
  const values = await store.ids('customer_attribute_values');
  const value = await store.item('customer_attribute_values', values[2]);
  await store.edit('customer_attribute_values', value.id, { attribute_value: 'edited alone' });
  const alone = await backupLines(house, []);
  assert.deepEqual(alone.lines.map((line) => `${line.type} ${line.id}`), [`customers ${value.customer_id}`]);
  assert.ok(alone.of('customers').seen < 10, `${alone.of('customers').seen} customers were read for one value`);
  // A full run after these has nothing to add.
  assert.equal((await house.backup(['--full'])).versions, 0);

  // An address has no date and leaves none: for full runs, as coverage says.
  const customers = await Promise.all((await store.ids('customers')).map((id) => store.item('customers', id)));
  // One that nothing else leads to: every run looks some minutes back.
  const hourAgo = Date.now() - 3600000;
  const quiet = customers.find((one) => one.addresses.length && !one.attributes.length && !one.metafields.length && Date.parse(one.date_modified) < hourAgo);
  assert.ok(quiet, `seed ${seed}: a customer that nothing leads to`);
  await store.edit('customer_addresses', quiet.addresses[0].id, { address1: 'edited without a trace' });
  assert.equal((await house.backup()).versions, 0);
  const coverage = (await house.run(['coverage', '--json'])).expect(0).json().stores[0];
  assert.match(coverage.types.find((type) => type.type === 'customers').blind_spots.join(), /Addresses/);
  const full = await backupLines(house, ['--full']);
  assert.deepEqual(full.lines.map((line) => `${line.type} ${line.id}`), [`customers ${quiet.id}`]);
  await house.checkVault();
});

test('what moves by itself makes no version in any type', async (t) => {
  const house = await openHouse(t, { store: { ...EVERYTHING, settings: { api_share: 1 } } });
  const { store } = house;
  await house.backup(['--full']);
  const first = async (type) => (await store.ids(type))[0];
  const later = '2031-05-05T05:05:05Z';
  const moves = {
    channels: { date_modified: later },
    locations: { updated_at: later },
    price_lists: { date_modified: later },
    price_records: { date_modified: later, calculated_price: 1.2345 },
    customer_attributes: { date_modified: later },
    customer_groups: { date_modified: 'Mon, 05 May 2031 05:05:05 +0000' },
    customers: { date_modified: later },
    customer_attribute_values: { date_modified: later },
    customer_metafields: { date_modified: later },
    order_metafields: { date_modified: later },
    channel_metafields: { date_modified: later },
    location_metafields: { date_modified: later },
    blog_posts: { preview_url: '/elsewhere', summary: 'Another beginning of the same text' },
    promotions: { current_uses: 77 },
    coupons: { num_uses: 77 },
    orders: { date_modified: 'Mon, 05 May 2031 05:05:05 +0000' },
    categories: { views: 77 },
    products: { view_count: 77, total_sold: 7, calculated_price: 1.5 },
  };
  for (const [type, set] of Object.entries(moves)) await store.edit(type, await first(type), set, { touch: false });
  for (const id of await store.ids('promotions')) {
    const [code] = (await store.item('promotions', id)).codes ?? [];
    if (code) await store.control('POST', 'edit_part', { type: 'promotions', id, part: 'codes', part_id: code.id, set: { current_uses: 9 } });
  }
  for (const args of [['--full'], []]) {
    const report = await backupLines(house, args);
    assert.deepEqual(report.lines.map((line) => `${line.type} ${line.id}`), [], args.join());
    for (const type of report.types) if (args.length) assert.equal(type.unchanged, type.seen, type.type);
  }
  // The store shows the moves, and they are known for what they are.
  for (const type of TYPES.filter((one) => moves[one])) {
    const ran = await house.run(['diff', 'acme', type, String(await first(type)), '--to', 'live', '--json', '--all']);
    const { differences } = ran.expect(0).json();
    assert.ok(differences.length > 0 && differences.every((found) => found.moves_by_itself), `${type}: ${JSON.stringify(differences)}`);
  }
  await house.checkVault();
});
