// Must hold 5: whatever a listing answers, no wrong tombstone, a message that names the type, exit 1, and the next run heals it.

import assert from 'node:assert/strict';
import test from 'node:test';
import { openHouse, TYPES } from './harness.mjs';

// What a reading of the type asks for: path and, for products, which of the two kinds of query.
const LISTS = {
  category_trees: { path_regex: '^/v3/catalog/trees$' },
  brands: { path_regex: '^/v3/catalog/brands$' },
  categories: { path_regex: '^/v3/catalog/trees/categories$' },
  products: { path_regex: '^/v3/catalog/products$', query_regex: '^(?!.*id:in=)' },
};
const METAFIELDS = {
  brands: { path_regex: '^/v3/catalog/brands/metafields$' },
  categories: { path_regex: '^/v3/catalog/categories/metafields$' },
  products: { path_regex: '^/v3/catalog/products/metafields$' },
};
const BY_ID = { path_regex: '^/v3/catalog/products$', query_regex: 'id:in=' };

const SPOILT = [
  [{ status: 500 }, 'failed'],
  [{ cut: 0.5, framing: 'chunked' }, 'failed'],
  [{ cut: 0.3, framing: 'length' }, 'failed'],
  [{ html: true }, 'failed'],
  [{ empty_body: true }, 'failed'],
  [{ garbage: true }, 'failed'],
  [{ gzip_broken: true }, 'failed'],
  [{ status: 404 }, 'failed'],
  [{ status: 403 }, 'forbidden'],
];
const LIES = [{ empty: true }, { wrong_total: 7 }, { wrong_total: -2 }, { short_page: 2 }, { half_pages: true, total: 'honest' }, { half_pages: true, total: 'lying' }];

const tombstones = (house) => house.lines().filter((line) => line.gone).length;

/** A house with metafields on brands and categories too, backed up once. */
async function openFilled(t, options) {
  const house = await openHouse(t, { store: options });
  const meta = { namespace: 'n', key: 'k', value: 'v', permission_set: 'write' };
  for (const type of ['brands', 'categories'])
    await house.store.write('POST', `/v3/catalog/${type}/${(await house.store.ids(type))[1]}/metafields`, meta);
  await house.backup(['--full']);
  return house;
}

test('a listing that cannot be read fails its own type by name, and no other', async (t) => {
  const house = await openFilled(t, { products: 20, categories: 10, brands: 6 });
  const { store } = house;
  for (const [type, match] of Object.entries(LISTS)) {
    for (const [action, outcome] of SPOILT) {
      await store.trouble(match, action);
      // All types once; the rest of the cases read only the spoilt one.
      const all = action.status === 500;
      const ran = await house.run(['backup', '--full', ...(all ? [] : ['--type', type])]);
      ran.expect(1);
      const what = `${type} ${JSON.stringify(action)}: ${ran.text}`;
      assert.match(ran.text, new RegExp(`^${type} +${outcome}`, 'm'), what);
      assert.match(ran.text, new RegExp(`^${type}: .*${match.path_regex.slice(1, -1)}`, 'm'), what);
      assert.match(ran.err, /^backstock: acme: .+/m, what);
      if (all) for (const other of TYPES) if (other !== type) assert.match(ran.text, new RegExp(`^${other} +done`, 'm'), what);
      assert.equal(tombstones(house), 0, what);
      await store.calm();
    }
  }
  assert.equal((await house.backup(['--full'])).versions, 0);
  await house.checkVault({ exact: true });
});

test('a listing that lies about its length concludes nothing, whatever it says', async (t) => {
  const house = await openFilled(t, { products: 20, categories: 520, brands: 520 });
  const { store } = house;
  for (const type of ['brands', 'categories', 'category_trees']) {
    for (const action of LIES) {
      // A list that is one answer has no pages to lose, and no total.
      if (type === 'category_trees' && !action.empty && !action.short_page) continue;
      if (type === 'category_trees' && action.short_page) action.short_page = 1;
      await store.trouble(LISTS[type], action);
      const report = await house.backup(['--full', '--type', type], { code: 1 });
      const what = `${type} ${JSON.stringify(action)}: ${JSON.stringify(report.of(type))}`;
      assert.match(report.of(type).outcome, /^(failed|braked)$/, what);
      assert.match(report.of(type).message, new RegExp(`${type}|trees`), what);
      assert.equal(report.versions, 0, what);
      assert.equal(tombstones(house), 0, what);
      await store.calm();
    }
  }
  assert.equal((await house.backup(['--full'])).versions, 0);
  await house.checkVault({ exact: true });
});

test('the listing of products may lie, shift or stop half-way and no product is taken for deleted', async (t) => {
  const house = await openFilled(t, { products: 520, categories: 10, brands: 6 });
  const { store } = house;
  const really = (await store.ids('products'))[300];
  await store.delete('products', really);
  for (const action of LIES) {
    await store.trouble(LISTS.products, action);
    const report = await house.backup(['--full', '--type', 'products'], { code: 1 });
    const what = `${JSON.stringify(action)}: ${JSON.stringify(report.of('products'))}`;
    assert.match(report.of('products').outcome, /^(failed|braked)$/, what);
    assert.match(report.of('products').message, /products/, what);
    assert.equal(tombstones(house), 0, what);
    await store.calm();
  }
  for (const shift of ['delete', 'insert']) {
    const before = new Set(await store.ids('products'));
    await store.trouble(LISTS.products, { shift }, { after: 1, times: 1 });
    await house.run(['backup', '--full', '--type', 'products']);
    await store.calm();
    const now = new Set(await store.ids('products'));
    assert.notEqual(now.size, before.size, `the store shifted by ${shift}`);
    for (const line of house.lines()) if (line.gone) assert.ok(!now.has(Number(line.id)), `${shift}: ${line.id} is there`);
  }
  await house.backup(['--full']);
  assert.ok(house.lines().some((line) => line.gone && line.id === String(really)));
  await house.checkVault();
});

test('a list of metafields that cannot be read whole fails its type and makes no version without them', async (t) => {
  const house = await openFilled(t, { products: 20, categories: 10, brands: 6 });
  const { store } = house;
  for (const [type, match] of Object.entries(METAFIELDS)) {
    for (const [action, outcome] of SPOILT) {
      await store.trouble(match, action);
      const report = await house.backup(['--full', '--type', type], { code: 1 });
      const what = `${type} ${JSON.stringify(action)}: ${JSON.stringify(report.of(type))}`;
      assert.equal(report.of(type).outcome, outcome, what);
      assert.match(report.of(type).message, /[Mm]etafields/, what);
      assert.equal(report.versions, 0, what);
      await store.calm();
    }
  }
  assert.equal((await house.backup(['--full'])).versions, 0);
  await house.checkVault({ exact: true });
});

test('a list of metafields that lies about its length makes no version without them', async (t) => {
  const house = await openFilled(t, { products: 60, categories: 10, brands: 6 });
  for (const action of [{ short_page: 2 }, { empty: true }]) {
    await house.store.trouble(METAFIELDS.products, action);
    const ran = await house.run(['backup', '--full', '--type', 'products', '--json']);
    await house.store.calm();
    const what = `${JSON.stringify(action)}: ${JSON.stringify(ran.json().runs[0].types[0])}`;
    assert.equal(ran.json().runs[0].versions, 0, what);
    assert.equal(ran.code, 1, what);
  }
  await house.checkVault();
});

test('reads of products by id that fail keep the earlier versions and are named', async (t) => {
  const house = await openFilled(t, { products: 30, categories: 10, brands: 6 });
  const { store } = house;
  for (const [action, outcome] of [...SPOILT, [{ empty: true }, 'failed']]) {
    await store.trouble(BY_ID, action);
    const report = await house.backup(['--full', '--type', 'products'], { code: 1 });
    const what = `${JSON.stringify(action)}: ${JSON.stringify(report.of('products'))}`;
    assert.equal(report.of('products').outcome, outcome, what);
    assert.match(report.of('products').message, /products/, what);
    assert.equal(report.versions, 0, what);
    await store.calm();
  }
  // One of three reads fails: the other two are done.
  await store.edit('products', (await store.ids('products')).at(-1), { name: 'Edited while others fail' });
  const [first] = await store.ids('products');
  await store.trouble({ ...BY_ID, query_regex: `id:in=${first},` }, { status: 500 });
  const partly = await house.backup(['--full', '--type', 'products'], { code: 1 });
  assert.equal(partly.of('products').problem_count, 10, JSON.stringify(partly));
  assert.equal(partly.versions, 1);
  await store.calm();
  await house.backup(['--full']);
  await house.checkVault();
});

test('complex rules of one product that cannot be read hold back that product alone', async (t) => {
  const house = await openFilled(t, { products: 60, categories: 10, brands: 6 });
  const { store } = house;
  let product = null;
  for (const id of await store.ids('products')) if ((await store.item('products', id)).complex_rules?.length) product ??= id;
  const other = (await store.ids('products')).find((id) => id !== product);
  for (const id of [product, other]) await store.edit('products', id, { name: `Edited ${id}` });
  await store.trouble({ path_regex: `/products/${product}/complex-rules$` }, { status: 500 });
  const report = await house.backup(['--full', '--type', 'products'], { code: 1 });
  assert.equal(report.versions, 1);
  assert.equal(report.of('products').problem_count, 1);
  assert.match(report.of('products').problems[0], new RegExp(`products ${product}: .*Complex rules`));
  assert.match(report.of('products').message, /1 products? could not be read/);
  await store.calm();
  assert.equal((await house.backup(['--full'])).versions, 1);
  await house.checkVault();
});

test('trouble that passes is not noticed but in the number of requests', async (t) => {
  const house = await openHouse(t, { store: { products: 40, categories: 12, brands: 8 } });
  const { store } = house;
  const passing = [{ status: 500 }, { status: 502 }, { status: 503 }, { html: true }, { empty_body: true }, { garbage: true }, { cut: 0.5, framing: 'chunked' }, { gzip_broken: true }];
  const matches = [...Object.values(LISTS), ...Object.values(METAFIELDS), BY_ID, { path_regex: 'complex-rules$' }];
  for (const [i, match] of matches.entries()) for (const n of [0, 3]) await store.trouble(match, passing[(i + n) % passing.length], { times: 1 });
  const report = await house.backup();
  const sum = (key) => report.types.reduce((all, type) => all + type[key], 0);
  assert.ok(sum('requests') >= sum('requests_minimum') + matches.length, `${sum('requests')} of ${sum('requests_minimum')}`);
  await house.checkVault({ exact: true });
});

test('429 is waited out, with and without headers, and named when it lasts', async (t) => {
  const house = await openHouse(t, { store: { products: 20, categories: 10, brands: 6 } });
  const { store } = house;
  await store.trouble(LISTS.brands, { status: 429 }, { times: 1 });
  await store.trouble(LISTS.categories, { status: 429, headers: { 'X-Retry-After': '0' } }, { times: 3 });
  await store.trouble(BY_ID, { status: 429, headers: { 'X-Rate-Limit-Time-Reset-Ms': '400', 'X-Rate-Limit-Requests-Left': '0', 'X-Rate-Limit-Requests-Quota': '150', 'X-Rate-Limit-Time-Window-Ms': '30000' } }, { times: 1 });
  const began = Date.now();
  await house.backup();
  assert.ok(Date.now() - began >= 1000, 'it waited as long as the store asked');
  await store.trouble(LISTS.brands, { status: 429, headers: { 'X-Retry-After': '0' } });
  const report = await house.backup(['--full', '--type', 'brands'], { code: 1 });
  assert.match(report.of('brands').message, /brands.*429|429.*brands/);
  assert.equal(tombstones(house), 0);
  await house.checkVault({ exact: true });
});

test('answers that never come or only trickle are given up on', async (t) => {
  const house = await openHouse(t, { store: { products: 20, categories: 10, brands: 6 } });
  const { store } = house;
  const env = { BACKSTOCK_ANSWER_MS: '400', BACKSTOCK_RETRY_FIRST_MS: '10' };
  await store.trouble(LISTS.categories, { timeout: true }, { times: 2 });
  await house.backup([], { env });
  await store.trouble(LISTS.brands, { timeout: true });
  await store.trouble(LISTS.categories, { slow: 200 });
  const report = await house.backup(['--full'], { code: 1, env });
  for (const type of ['brands', 'categories']) {
    assert.equal(report.of(type).outcome, 'failed');
    assert.match(report.of(type).message, new RegExp(type));
  }
  assert.equal(report.of('products').outcome, 'done');
  assert.match(report.message, /and 1 more content type/);
  await store.calm();
  await house.backup();
  await house.checkVault({ exact: true });
});

test('a product that vanishes between list and read is neither stored half nor called deleted', async (t) => {
  const house = await openHouse(t, { store: { products: 30 } });
  const { store } = house;
  const ids = await store.ids('products');
  await store.trouble({ path_regex: '^/v3/catalog/products' }, { vanish: [ids[4]] });
  await house.backup();
  assert.ok(!house.lines().some((line) => line.id === String(ids[4]) && line.type === 'products'));
  await store.calm();
  const report = await house.backup(['--full']);
  assert.equal(report.versions, 1);
  // Known, listed, and not there by id.
  await store.trouble({ path_regex: '^/v3/catalog/products' }, { vanish: [ids[4]] });
  await house.run(['backup', '--full']);
  assert.equal(tombstones(house), 0);
  await store.calm();
  await house.backup(['--full']);
  await house.checkVault({ exact: true });
});

test('a token that stops working ends the run, and what was read stays', async (t) => {
  const house = await openHouse(t, { store: { products: 30 } });
  const { store } = house;
  await store.trouble(LISTS.products, { status: 401 });
  const ran = (await house.run(['backup'])).expect(1);
  assert.match(ran.err, /acme.*401.*token/s);
  const stored = house.lines().map((line) => line.type);
  assert.ok(stored.includes('brands') && stored.includes('categories') && !stored.includes('products'));
  await store.calm();
  await house.backup();
  await house.checkVault({ exact: true });
});

test('filters that are ignored lead to page numbers, not to loops', async (t) => {
  const house = await openHouse(t, {
    store: { products: 520, brands: 300, categories: 10, switches: { id_greater_ignored: 'true', sort_ignored: 'true' } },
  });
  await house.backup();
  assert.equal((await house.backup(['--full'])).versions, 0);
  await house.checkVault({ exact: true });
});
