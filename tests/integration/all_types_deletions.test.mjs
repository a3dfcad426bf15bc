// What is gone becomes a tombstone by a complete listing and a second look alone, in every type; a listing in trouble makes none in any.

import assert from 'node:assert/strict';
import test from 'node:test';
import { EVERYTHING, assertVersions, backupLines, difference, snapshot } from './all_types.mjs';
import { openHouse } from './harness.mjs';
import { TYPES } from './live_items.mjs';

const tombstones = (lines) => lines.filter((line) => line.gone).map((line) => `${line.type}/${line.id}`);

// How each type's absence is looked at again: a list with a filter for ids, a read of each, or a second walk.
const BY_FILTER = {
  products: ['/v3/catalog/products', 'id:in'],
  brands: ['/v3/catalog/brands', 'id:in'],
  categories: ['/v3/catalog/trees/categories', 'category_id:in'],
  category_trees: ['/v3/catalog/trees', 'id:in'],
  price_lists: ['/v3/pricelists', 'id:in'],
  price_list_assignments: ['/v3/pricelists/assignments', 'id:in'],
  customers: ['/v3/customers', 'id:in'],
  pages: ['/v3/content/pages', 'id:in'],
  redirects: ['/v3/storefront/redirects', 'id:in'],
  locations: ['/v3/inventory/locations', 'location_id:in'],
  inventory: ['/v3/inventory/items', 'variant_id:in'],
  coupons: ['/v2/coupons', 'id'],
};
const BY_PATH = {
  customer_groups: '/v2/customer_groups/',
  blog_posts: '/v2/blog/posts/',
  promotions: '/v3/promotions/',
  gift_certificates: '/v2/gift_certificates/',
};
const BY_SECOND_LISTING = {
  customer_attributes: /^\/v3\/customers\/attributes$/,
  price_records: /^\/v3\/pricelists\/\d+\/records$/,
  email_templates: /^\/v3\/marketing\/email-templates$/,
};

test('what was deleted is a tombstone after a second look in the way of its type; channels and orders only change', async (t) => {
  const house = await openHouse(t, {
    store: { ...EVERYTHING, priceRecords: 3, settings: { api_share: 1 }, switches: { email_template_channel_get: 'overrides' } },
  });
  const { store } = house;
  const tree = (await store.create('category_trees', { name: 'Second tree' })).id;
  const override = (await store.create('email_templates', { channel_id: 2 })).id;
  await house.backup();
  const before = await snapshot(store);
  const second = async (type) => (await store.ids(type))[1];
  // A category without children, for these would go with it.
  const gone = { category_trees: tree, email_templates: override, categories: (await store.ids('categories')).at(-1) };
  for (const type of [...Object.keys(BY_FILTER), ...Object.keys(BY_PATH), 'customer_attributes', 'price_records'])
    if (type !== 'inventory') gone[type] ??= await second(type);
  // Of lists that stay: what belongs to the deleted list goes with it.
  gone.price_list_assignments = (await store.ids('price_list_assignments'))[0];
  const records = await store.ids('price_records');
  gone.price_records = records.find((id) => !id.startsWith(`${gone.price_lists}/`));
  for (const [type, id] of Object.entries(gone)) assert.ok((await store.delete(type, id)).deleted, `${type} ${id}`);
  const [archived, channel] = [await second('orders'), (await store.ids('channels')).at(-1)];
  await store.delete('orders', archived);
  await store.delete('channels', channel);

  const due = difference(before, await snapshot(store));
  for (const [type, id] of Object.entries(gone)) assert.ok(due.gone.includes(`${type}/${id}`), `${type} ${id} is gone from the API`);
  for (const type of TYPES) {
    const may = !['store_information', 'channels', 'orders'].includes(type);
    assert.equal(due.gone.some((key) => key.startsWith(`${type}/`)), may, type);
  }
  assert.ok(due.changed.includes(`orders/${archived}`) && due.changed.includes(`channels/${channel}`));
  assert.ok(due.gone.filter((key) => key.startsWith(`price_records/${gone.price_lists}/`)).length > 1, 'records went with their list');
  await store.resetLog();
  const report = await backupLines(house, ['--full']);
  assertVersions(report.lines, due, 'deletions');
  for (const type of report.types) assert.equal(type.gone, due.gone.filter((key) => key.startsWith(`${type.type}/`)).length, type.type);

  const asked = (await store.requests()).map((r) => ({ path: r.path.replace('/stores/abc123', ''), query: new URLSearchParams(r.query), status: r.status }));
  for (const [type, [path, filter]] of Object.entries(BY_FILTER)) {
    const id = gone[type] ?? due.gone.find((key) => key.startsWith('inventory/')).slice(10);
    const looks = asked.filter((r) => r.path === path && r.query.get(filter)?.split(',').includes(String(id)));
    assert.ok(looks.length, `${type}: ${filter} was asked for ${id}`);
  }
  for (const [type, path] of Object.entries(BY_PATH))
    assert.deepEqual(asked.filter((r) => r.path === path + gone[type]).map((r) => r.status), [404], `${type}: read by its path`);
  for (const [type, path] of Object.entries(BY_SECOND_LISTING)) {
    const walks = new Map();
    for (const r of asked) {
      const list = `${r.path} ${r.query.get('channel_id')}`;
      if (path.test(r.path)) walks.set(list, (walks.get(list) ?? 0) + 1);
    }
    assert.equal(Math.max(...walks.values()), 2, `${type}: listed again: ${[...walks].join('  ')}`);
  }
  assert.deepEqual(await store.counters().then((c) => c.traps), {});

  for (const [type, id] of Object.entries(gone)) {
    const listed = (await house.run(['items', 'acme', type, '--deleted', '--json'])).expect(0).json().items;
    assert.ok(listed.some((item) => item.id === String(id)), type);
    const shown = (await house.run(['show', 'acme', type, String(id)])).expect(3);
    assert.match(shown.err, /was deleted: version 2, noticed at \S+ - show the version before with --version 1/);
  }
  assert.equal((await house.backup(['--full'])).versions, 0, 'a tombstone is made once');
  await house.checkVault();
});

test('more than a fifth of a type missing at once is held back, in each type on its own, until an operator accepts it', async (t) => {
  const many = { customers: 40, pages: 40, blogPosts: 40, redirects: 40, coupons: 40, giftCertificates: 40, promotions: 40, customerGroups: 40, customerAttributes: 40, locations: 40 };
  const house = await openHouse(t, { store: { ...EVERYTHING, ...many, codes: 1, inventory: 'off', orders: 0, settings: { api_share: 1 } } });
  const { store } = house;
  await house.backup();
  const types = ['customers', 'pages', 'blog_posts', 'redirects', 'coupons', 'gift_certificates', 'promotions', 'customer_groups', 'customer_attributes', 'locations'];
  for (const type of types) for (const id of (await store.ids(type)).slice(2, 14)) await store.delete(type, id);
  // One list of three, with all of its records.
  const list = (await store.ids('price_lists'))[1];
  await store.delete('price_lists', list);
  const report = await backupLines(house, ['--full'], { code: 1 });
  assert.deepEqual(tombstones(report.lines).filter((key) => !/^price_list/.test(key)), []);
  for (const type of report.types) {
    const braked = [...types, 'price_records'].includes(type.type);
    assert.equal(type.outcome, braked ? 'braked' : 'done', `${type.type}: ${type.message}`);
    if (braked) assert.match(type.message, new RegExp(`1[0-9] of \\d+ ${type.type} were missing .*--type ${type.type} --full --accept-deletions`));
  }
  const accepted = await house.backup(['--full', '--accept-deletions']);
  for (const type of types) assert.equal(accepted.of(type).gone, 12, type);
  assert.equal(accepted.of('price_records').gone, EVERYTHING.priceRecords);
  await house.checkVault();
});

// The lists themselves, not the second looks by id.
const ITEM_LISTS = [
  '/v2/(store|customer_groups|blog/posts|coupons|gift_certificates|orders)',
  '/v3/(channels|inventory/(locations|items)|customers(/attributes)?|catalog/(trees|trees/categories|brands|products)|pricelists(/assignments|/\\d+/records)?)',
  '/v3/(content/pages|promotions|storefront/redirects|marketing/email-templates)',
];
const LISTS = { path_regex: `^(${ITEM_LISTS.join('|')})$`, query_regex: '^(?!(.*&)?(id|(id|category_id|variant_id|location_id):in)=)' };
const SPOILT = [{ status: 500 }, { status: 404 }, { status: 403 }, { html: true }, { cut: 0.5, framing: 'chunked' }, { empty_body: true }, { garbage: true }];
const LIES = [{ empty: true }, { half_pages: true, total: 'honest' }, { half_pages: true, total: 'lying' }, { short_page: 2 }, { wrong_total: -2 }];
// Of two pages: half of them lack so few that no brake holds them back, and the second look must tell.
const LONG = ['customers', 'pages', 'blog_posts', 'redirects', 'coupons', 'gift_certificates'];

test('a listing in trouble makes no tombstone in any type, and nothing new', async (t) => {
  const long = { customers: 260, pages: 260, blogPosts: 260, redirects: 260, coupons: 260, giftCertificates: 260 };
  const house = await openHouse(t, { store: { ...EVERYTHING, ...long, priceLists: 1, channels: 3, orders: 6, settings: { api_share: 1 } } });
  const { store } = house;
  await house.backup();
  const stored = house.lines().length;
  const run = async (action, match = LISTS) => {
    const { id } = await store.trouble(match, action);
    const what = JSON.stringify(action);
    const ran = await house.run(['backup', '--full', '--json'], { env: { BACKSTOCK_RETRY_FIRST_MS: '1' } });
    assert.equal(ran.code, 1, what);
    await store.control('DELETE', `trouble/${id}`);
    assert.equal(house.lines().length, stored, `${what}: ${house.lines().slice(stored).map((line) => `${line.gone ? 'gone ' : ''}${line.type} ${line.id}`)}`);
    return ran.json().runs[0].types.map((type) => ({ ...type, what: `${what}: ${type.type} ${type.outcome}: ${type.message}` }));
  };
  for (const action of SPOILT) {
    for (const type of await run(action)) assert.ok(type.outcome === (action.status === 403 ? 'forbidden' : 'failed') && type.message, type.what);
  }
  for (const action of LIES) {
    for (const type of await run(action)) {
      // V2 lists announce no total that could be wrong.
      const noticed = LONG.includes(type.type) && !(action.wrong_total && /^(blog_posts|coupons|gift_certificates)$/.test(type.type));
      if (noticed) assert.match(type.outcome, action.empty ? /^(failed|braked)$/ : /^failed$/, type.what);
      if (noticed) assert.ok(type.message, type.what);
    }
  }
  assert.equal((await house.backup(['--full'])).versions, 0);

  await t.test('a parent whose list the store does not have leaves its items as they are', async () => {
    const [list] = await store.ids('price_lists');
    const channel = (await store.ids('channels'))[1];
    const template = (await store.ids('email_templates'))[0];
    for (const [type, match, parent] of [
      ['price_records', { path_regex: `^/v3/pricelists/${list}/records$` }, `price_lists ${list}`],
      ['email_templates', { path_regex: 'email-templates$', query_regex: `channel_id=${channel}$` }, `channels ${channel}`],
    ]) {
      await store.edit('email_templates', template, { subject: `edited beside ${type}` });
      const { id } = await store.trouble(match, { status: 404 });
      const report = await backupLines(house, ['--full']);
      await store.control('DELETE', `trouble/${id}`);
      assert.deepEqual(tombstones(report.lines), [], type);
      assert.deepEqual(report.of(type).gaps, [`the store has no ${type} for ${parent}`]);
      const others = report.lines.filter((line) => line.type === 'email_templates').map((line) => line.id);
      assert.equal(others.includes(`${channel}/${template}`), type !== 'email_templates', `the other parents were read: ${others}`);
      assert.ok(others.includes(`global/${template}`), `the other parents were read: ${others}`);
    }
    // The list of parents itself in trouble: nothing is known about any.
    const { id } = await store.trouble({ path_regex: '^/v3/pricelists$' }, { status: 500 });
    const failed = await backupLines(house, ['--full', '--type', 'price_records'], { code: 1 });
    assert.deepEqual(failed.lines, []);
    await store.control('DELETE', `trouble/${id}`);
    await house.backup(['--full']);
    await house.checkVault();
  });
});
