// Must hold 2: an unchanged store makes no version, one edit makes exactly one.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { openHouse, TYPES } from './harness.mjs';
import { liveItems } from './live_items.mjs';

const size = (house) => house.packs().reduce((sum, pack) => sum + fs.statSync(pack).size, 0);

/** The first product of which the test is true. */
async function findProduct(store, check) {
  for (const id of await store.ids('products')) {
    const item = await store.item('products', id);
    if (check(item)) return item;
  }
  return assert.fail('no product like that in the simulated store');
}

test('a second full run of an unchanged store stores no version, and packs grow by records of the run alone', async (t) => {
  const house = await openHouse(t, { store: { products: 120, categories: 30, brands: 20 } });
  const first = await house.backup(['--full']);
  assert.equal(first.kind, 'full');
  let items = 0;
  for (const type of TYPES) items += (await liveItems(house.store, type)).size;
  assert.equal(first.versions, items);
  const lines = house.lines().length;
  const before = size(house);
  const second = await house.backup(['--full']);
  assert.equal(second.versions, 0);
  for (const type of second.types) {
    assert.equal(type.unchanged, type.seen, type.type);
    assert.ok(type.complete && type.full, type.type);
  }
  assert.equal(house.lines().length, lines);
  const grown = size(house) - before;
  // run_begin, a type_end for each type, run_end.
  const records = TYPES.length + 2;
  assert.ok(grown < records * 1500, `${grown} bytes for ${records} records`);
  const third = await house.backup();
  assert.equal(third.kind, 'incremental');
  assert.equal(third.versions, 0);
  assert.equal(house.lines().length, lines);
  await house.checkVault({ exact: true });
});

test('fields that move by themselves make no version', async (t) => {
  const house = await openHouse(t, { store: { products: 40 } });
  const { store } = house;
  await house.backup(['--full']);
  const withVariants = await findProduct(store, (p) => p.variants.length > 1 && p.images.length > 0);
  const { id } = withVariants;
  await store.edit('products', id, {
    view_count: 98765,
    total_sold: 432,
    reviews_count: 77,
    reviews_rating_sum: 300,
    inventory_level: 9,
    calculated_price: 1.5,
    date_last_imported: '2026-01-01T00:00:00+00:00',
  });
  await store.editPart(id, 'variants', withVariants.variants[0].id, { inventory_level: 4, calculated_price: 3.25, calculated_weight: 9 });
  await store.editPart(id, 'images', withVariants.images[0].id, {
    url_zoom: 'https://cdn11.bigcommerce.com/z?t=2',
    url_standard: 'https://cdn11.bigcommerce.com/s?t=2',
    url_thumbnail: 'https://cdn11.bigcommerce.com/t?t=2',
    url_tiny: 'https://cdn11.bigcommerce.com/y?t=2',
  });
  await store.edit('categories', (await store.ids('categories'))[0], { views: 123456 });
  assert.equal((await house.backup(['--full'])).versions, 0, 'full');
  assert.equal((await house.backup()).versions, 0, 'incremental');
  // diff --all names them, diff does not.
  const diff = async (...more) =>
    (await house.run(['diff', 'acme', 'products', String(id), '--to', 'live', '--json', ...more])).expect(0).json().differences;
  assert.deepEqual(await diff(), []);
  assert.ok((await diff('--all')).some((d) => d.path === 'view_count' && d.moves_by_itself));
  await house.checkVault();
});

const PART_EDITS = {
  options: { display_name: 'Another name' },
  variants: { price: { $num: '12.3400' } },
  modifiers: { display_name: 'Engraving, edited' },
  images: { description: 'edited' },
  custom_fields: { value: 'edited' },
  videos: { title: 'edited' },
  reviews: { title: 'edited' },
  bulk_pricing_rules: { amount: 0.5 },
  complex_rules: { sort_order: 17 },
  metafields: { value: 'edited' },
  variant_metafields: { value: 'edited' },
};

test('one edited field in an item or in any of its parts makes exactly one version by a full run', async (t) => {
  const house = await openHouse(t, { store: { products: 80, categories: 12, brands: 8 } });
  const { store } = house;
  const brand = (await store.ids('brands'))[1];
  const category = (await store.ids('categories'))[1];
  const meta = { namespace: 'n', key: 'k', value: 'v', permission_set: 'write' };
  const brandMeta = await store.write('POST', `/v3/catalog/brands/${brand}/metafields`, meta);
  const categoryMeta = await store.write('POST', `/v3/catalog/categories/${category}/metafields`, meta);
  await house.backup(['--full']);
  const products = [];
  for (const id of await store.ids('products')) products.push(await store.item('products', id));

  const one = async (what, type, id) => {
    const report = await house.backup(['--full', '--type', type]);
    assert.equal(report.versions, 1, `${what}: ${JSON.stringify(report.of(type))}`);
    assert.equal(report.of(type).changed, 1, what);
    const line = house.lines().at(-1);
    assert.equal(`${line.type} ${line.id}`, `${type} ${id}`, what);
  };
  for (const [part, set] of Object.entries(PART_EDITS)) {
    // The one variant of a product without options shows the product's own values.
    const product = products.find((p) => p[part]?.length > (part === 'variants' ? 1 : 0));
    assert.ok(product, `the store has a product with ${part}`);
    await store.editPart(product.id, part, product[part][0].id, set);
    await one(`edited ${part}`, 'products', product.id);
  }
  const bare = products.find((p) => p.custom_fields.length > 1);
  await store.editPart(bare.id, 'custom_fields', bare.custom_fields[0].id, null);
  await one('a deleted custom field', 'products', bare.id);
  await store.editPart(bare.id, 'images', undefined, { description: 'added' });
  await one('an added image', 'products', bare.id);
  const owner = products.find((p) => p.metafields?.length === 1);
  await store.editPart(owner.id, 'metafields', owner.metafields[0].id, null);
  await one('the last metafield deleted', 'products', owner.id);
  await store.editPart(owner.id, 'metafields', undefined, { value: 'new' });
  await one('a first metafield', 'products', owner.id);
  await store.edit('products', products[5].id, { price: { $num: '19.9900' } });
  await one('a price', 'products', products[5].id);
  await store.edit('products', products[5].id, { price: { $num: '19.990' } });
  await one('the same price with other digits', 'products', products[5].id);
  await store.edit('brands', brand, { page_title: 'edited' });
  await one('a brand', 'brands', brand);
  await store.edit('brand_metafields', brandMeta.id, { value: 'edited' });
  await one('metafields of a brand', 'brands', brand);
  await store.edit('categories', category, { description: 'edited' });
  await one('a category', 'categories', category);
  await store.edit('category_metafields', categoryMeta.id, { value: 'edited' });
  await one('metafields of a category', 'categories', category);
  await store.edit('category_trees', 1, { name: 'edited' });
  await one('a tree', 'category_trees', 1);
  assert.equal((await house.backup(['--full'])).versions, 0);
  await house.checkVault();
});

for (const move of ['true', 'false']) {
  test(`incremental runs see what coverage says, where edits to parts ${move === 'true' ? 'move' : 'leave'} date_modified`, async (t) => {
    const house = await openHouse(t, { store: { products: 80, switches: { parts_move_date_modified: move } } });
    const { store } = house;
    await house.backup();
    const products = [];
    for (const id of await store.ids('products')) products.push(await store.item('products', id));
    await store.edit('products', products[0].id, { name: 'Edited by the merchant' });
    const first = await house.backup();
    assert.equal(first.kind, 'incremental');
    assert.equal(first.of('products').full, false);
    assert.equal(first.versions, 1);
    assert.ok(first.of('products').seen < 20, `${first.of('products').seen} products read for one edit`);
    // Metafields of products have dates and a list of their own: always seen.
    const owner = products.find((p) => p.metafields?.length && p.id !== products[0].id);
    await store.editPart(owner.id, 'metafields', owner.metafields[0].id, { value: 'edited' });
    assert.equal((await house.backup()).versions, 1, 'a metafield');
    const other = products.find((p) => p.custom_fields.length && p.id !== owner.id && p.id !== products[0].id);
    await store.editPart(other.id, 'custom_fields', other.custom_fields[0].id, { value: 'edited' });
    const gone = products.at(-1).id;
    await store.delete('products', gone);
    const made = (await store.create('products', { name: 'Made between two runs' })).id;
    const incremental = await house.backup();
    assert.equal(incremental.of('products').added, 1, `product ${made}`);
    assert.equal(incremental.of('products').changed, move === 'true' ? 1 : 0, 'a custom field');
    assert.equal(incremental.of('products').gone, 0, 'deletions are for full runs');
    const coverage = (await house.run(['coverage', '--json'])).expect(0).json().stores[0];
    const row = coverage.types.find((type) => type.type === 'products');
    assert.equal(row.state, 'covered');
    assert.match(row.blind_spots.join('\n'), /Custom fields/);
    assert.match(row.blind_spots.join('\n'), /deleted products/);
    assert.doesNotMatch(row.blind_spots.join('\n'), /: .*\bMetafields,/);
    assert.ok(Date.parse(row.last_good) > Date.parse(row.blind_since));
    assert.equal(row.blind_since, row.deletions_known_to);
    assert.ok(coverage.longest_blind_seconds >= 0 && coverage.longest_blind_seconds < 600);
    const full = await house.backup(['--full']);
    assert.equal(full.of('products').changed, move === 'true' ? 0 : 1);
    assert.equal(full.of('products').gone, 1);
    await house.checkVault();
  });
}

test('a hundred random edits of a merchant end in a vault that is the store', async (t) => {
  const house = await openHouse(t, { store: { products: 150, categories: 30, brands: 20, seed: 4 } });
  await house.backup();
  for (let round = 1; round <= 3; round++) {
    await house.store.control('POST', 'random_edits', { n: 40, seed: round });
    await house.backup(round === 2 ? [] : ['--full', '--accept-deletions']);
  }
  await house.checkVault();
});
