// Must hold 5, its other half: what is really gone becomes a tombstone, by a complete listing and a confirming read only.

import assert from 'node:assert/strict';
import test from 'node:test';
import { openHouse, Store } from './harness.mjs';

const deleted = async (house, type) =>
  (await house.run(['items', 'acme', type, '--deleted', '--json'])).expect(0).json().items.map((item) => Number(item.id));

test('a deleted product, brand, category and tree each become a tombstone, confirmed by a read by id', async (t) => {
  const house = await openHouse(t, { store: { products: 40, categories: 12, brands: 8 } });
  const { store } = house;
  const tree = (await store.create('category_trees', { name: 'Second tree' })).id;
  await house.backup();
  const gone = {
    products: (await store.ids('products'))[4],
    brands: (await store.ids('brands'))[2],
    categories: (await store.ids('categories')).at(-1),
    category_trees: tree,
  };
  for (const [type, id] of Object.entries(gone)) await store.delete(type, id);
  await store.resetLog();
  const report = await house.backup(['--full']);
  for (const [type, id] of Object.entries(gone)) {
    assert.equal(report.of(type).gone, 1, type);
    assert.deepEqual(await deleted(house, type), [id], type);
    const versions = await house.history(type, id);
    assert.ok(versions.at(-1).deleted, `${type}: ${JSON.stringify(versions)}`);
    const shown = (await house.run(['show', 'acme', type, String(id)])).expect(3);
    assert.match(shown.err, /was deleted: version 2, noticed at \S+ - show the version before with --version 1/);
    assert.ok((await house.show(type, id, '--version', '1')).length > 10);
  }
  const confirming = await store.requests(/^\/v3\/catalog\/products$/);
  assert.ok(confirming.some((r) => decodeURIComponent(r.query).includes('id:in=') && r.query.includes(String(gone.products))), 'a read by id confirmed it');
  assert.equal((await house.backup(['--full'])).versions, 0, 'a tombstone is made once');
  await house.checkVault({ exact: false });
});

test('what is created again is a new item', async (t) => {
  const house = await openHouse(t, { store: { products: 30 } });
  const { store } = house;
  await house.backup();
  const id = (await store.ids('products'))[3];
  const { name } = await store.item('products', id);
  await store.delete('products', id);
  const again = (await store.create('products', { name })).id;
  assert.notEqual(again, id);
  const report = await house.backup(['--full']);
  assert.equal(report.of('products').added, 1);
  assert.equal(report.of('products').gone, 1);
  assert.equal((await house.history('products', again)).length, 1);
  assert.equal((await house.history('products', id)).length, 2);
  await house.checkVault();
});

test('an item that comes back under its own id has its next version behind the tombstone', async (t) => {
  // Two simulated stores that are one: the second still has what the first lost.
  const house = await openHouse(t, { store: { products: 20 } });
  const { store } = house;
  await house.backup();
  const [id] = await store.ids('products');
  await store.delete('products', id);
  assert.equal((await house.backup(['--full'])).of('products').gone, 1);
  const whole = await Store.start(house, { products: 20 });
  const { origin } = store;
  store.origin = whole.origin;
  house.writeConfig();
  const report = await house.backup(['--full']);
  assert.equal(report.of('products').returned, 1);
  assert.deepEqual(
    (await house.history('products', id)).map((version) => [version.version, version.deleted]),
    [
      [1, false],
      [2, true],
      [3, false],
    ],
  );
  assert.deepEqual(await deleted(house, 'products'), []);
  assert.notEqual(origin, whole.origin);
  await house.checkVault();
});

test('more than a fifth missing at once is held back until an operator accepts it', async (t) => {
  const house = await openHouse(t, { store: { products: 60, brands: 40 } });
  const { store } = house;
  await house.backup();
  const brands = (await store.ids('brands')).slice(0, 12);
  for (const id of brands) await store.delete('brands', id);
  await store.edit('brands', (await store.ids('brands'))[0], { page_title: 'edited meanwhile' });
  const report = await house.backup(['--full'], { code: 1 });
  assert.equal(report.of('brands').outcome, 'braked');
  assert.equal(report.of('brands').gone, 0);
  assert.equal(report.of('brands').changed, 1, 'everything else is kept');
  assert.equal(report.of('products').outcome, 'done');
  assert.match(report.of('brands').message, /12 of 40 brands were missing .*backstock backup acme --type brands --full --accept-deletions/);
  assert.deepEqual(await deleted(house, 'brands'), []);
  const coverage = (await house.run(['coverage', '--json'])).expect(0).json().stores[0];
  assert.equal(coverage.types.find((type) => type.type === 'brands').state, 'braked');
  // The command that the message names.
  const accepted = await house.backup(['acme', '--type', 'brands', '--full', '--accept-deletions']);
  assert.equal(accepted.of('brands').gone, 12);
  await house.checkVault();
});

test('the share of the brake is the one of the config', async (t) => {
  const house = await openHouse(t, { store: { products: 20, brands: 40, settings: { deletion_brake: 0.5 } } });
  const { store } = house;
  await house.backup();
  for (const id of (await store.ids('brands')).slice(0, 12)) await store.delete('brands', id);
  assert.equal((await house.backup(['--full'])).of('brands').gone, 12);
  await house.checkVault();
});

test('a store that was emptied keeps its items until an operator accepts it', async (t) => {
  const house = await openHouse(t, { store: { products: 20, brands: 6 } });
  const { store } = house;
  await house.backup();
  for (const id of await store.ids('brands')) await store.delete('brands', id);
  const report = await house.backup(['--full'], { code: 1 });
  assert.equal(report.of('brands').outcome, 'braked');
  assert.equal((await house.backup(['--full', '--accept-deletions'])).of('brands').gone, 6);
  await house.checkVault();
});

test('an incremental run makes no tombstone of products', async (t) => {
  const house = await openHouse(t, { store: { products: 20 } });
  await house.backup();
  await house.store.delete('products', (await house.store.ids('products'))[0]);
  assert.equal((await house.backup()).of('products').gone, 0);
  assert.deepEqual(await deleted(house, 'products'), []);
  assert.equal((await house.backup(['--full'])).of('products').gone, 1);
  await house.checkVault();
});
