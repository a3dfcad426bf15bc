// The command line: every command, its JSON, its exit codes, and nothing of a store that could drive a terminal.

import assert from 'node:assert/strict';
import test from 'node:test';
import { openHouse, TYPES, until } from './harness.mjs';

const COMMANDS = ['serve', 'config', 'config check', 'config show', 'backup', 'stores', 'types', 'status', 'coverage', 'check', 'items', 'history', 'show', 'diff', 'verify', 'rebuild', 'pack', 'pack show', 'pack cat'];

test('every command explains itself, and bad usage exits 2', async (t) => {
  const house = await openHouse(t, { store: { products: 5 } });
  const all = (await house.run(['--help'])).expect(0).text;
  for (const command of COMMANDS) {
    if (!command.includes(' ')) assert.match(all, new RegExp(`^ +${command} `, 'm'));
    assert.match((await house.run([...command.split(' '), '--help'])).expect(0).text, /Usage|OPTIONS|Options/i, command);
  }
  for (const args of [[], ['frobnicate'], ['backup', '--frob'], ['show', 'acme'], ['items', 'acme', 'products', '--limit', '0'], ['show', 'acme', 'products', '1', '--version', 'x']])
    (await house.run(args)).expect(2);
  assert.match((await house.run(['--version'])).expect(0).text, /\d/);
});

test('reading commands on a store without a backup say what to do', async (t) => {
  const house = await openHouse(t, { store: { products: 5 } });
  for (const args of [['items', 'acme', 'products'], ['show', 'acme', 'products', '1'], ['history', 'acme', 'products', '1'], ['diff', 'acme', 'products', '1'], ['coverage'], ['verify'], ['rebuild']]) {
    const ran = await house.run(args);
    assert.ok(ran.code === 1 || ran.code === 3, `${args}: exit ${ran.code}`);
    assert.match(ran.err, /backstock backup/, args.join(' '));
  }
  const status = (await house.run(['status'])).expect(0);
  assert.match(status.text, /acme has no backup yet/);
  assert.equal((await house.run(['status', '--json'])).json().stores[0].has_backup, false);
});

test('the answers to questions about stores, types and coverage have their shapes', async (t) => {
  const house = await openHouse(t, { store: { products: 20, brands: 5, categories: 5, quota: 1000, windowMs: 1000 } });
  await house.backup();
  const json = async (...args) => (await house.run([...args, '--json'])).expect(0).json();
  const [stored] = (await json('stores')).stores;
  assert.deepEqual(Object.keys(stored), ['store', 'store_hash', 'api_url', 'api_share', 'vault']);
  const { types } = await json('types');
  assert.deepEqual(types.map((type) => type.type), TYPES);
  for (const type of types) assert.ok(type.label && type.scope_read && Array.isArray(type.parts), type.type);
  const [status] = (await json('status')).stores;
  assert.match(status.verdict, /acme is backed up/);
  // Only types of which there is something.
  assert.ok(status.types.every((type) => TYPES.includes(type.type) && type.versions > 0));
  for (const type of ['products', 'brands', 'categories']) assert.ok(status.types.some((row) => row.type === type), type);
  assert.equal(status.types.find((type) => type.type === 'products').items, 20);
  assert.equal(status.runs.length, 1);
  assert.equal(status.runs[0].outcome, 'done');
  const [coverage] = (await json('coverage')).stores;
  assert.deepEqual(coverage.types.map((type) => [type.type, type.state]), TYPES.map((type) => [type, 'covered']));
  const [check] = (await json('check')).stores;
  assert.deepEqual(check.types.map((type) => [type.type, type.readable]), TYPES.map((type) => [type, true]));
  assert.equal(check.quota, 1000);
  assert.equal(check.our_part, 500);
  const [verified] = (await json('verify')).stores;
  assert.deepEqual(Object.keys(verified), ['store', 'packs', 'frames', 'versions', 'blobs', 'removed_packs', 'removed_versions', 'bytes', 'findings', 'notes']);
  await json('config', 'show');
  await json('config', 'check');
  // And for people.
  for (const args of [['stores'], ['types'], ['status'], ['coverage'], ['check'], ['verify'], ['config', 'show'], ['config', 'check']])
    assert.ok((await house.run(args)).expect(0).text.length > 20, args.join(' '));
  // A type that the token may not read.
  await house.store.control('POST', 'deny', { list: ['products'] });
  const denied = (await house.run(['check', '--json'])).expect(1).json().stores[0];
  const needing = new Set(types.filter((type) => type.scope_read === 'store_v2_products_read_only').map((type) => type.type));
  assert.ok(needing.size >= 4);
  for (const type of denied.types) {
    assert.equal(type.readable, !needing.has(type.type), type.type);
    if (!type.readable) assert.match(type.why_not, /403|scope/);
  }
  await house.store.control('POST', 'deny', { list: [] });
  await house.checkVault({ exact: true });
});

test('items are found by name, SKU and id, as they are and as they were, page by page', async (t) => {
  const house = await openHouse(t, { store: { products: 25, brands: 5, categories: 5 } });
  const { store } = house;
  await house.backup();
  const ids = await store.ids('products');
  const product = await store.item('products', ids[3]);
  const items = async (...args) => (await house.run(['items', 'acme', 'products', '--json', ...args])).expect(0).json();
  const found = async (...args) => (await items(...args)).items.map((item) => Number(item.id));
  assert.deepEqual(await found('--query', String(ids[3])), [ids[3]]);
  assert.ok((await found('--query', product.name.slice(0, 12).toUpperCase())).includes(ids[3]));
  assert.ok((await found('--query', product.sku)).includes(ids[3]));
  assert.deepEqual(await found('--query', 'nothing is called this'), []);
  // Paging.
  const first = await items('--limit', '10');
  assert.equal(first.items.length, 10);
  const second = await items('--limit', '20', '--after', first.next_after);
  assert.equal(second.next_after, null);
  assert.deepEqual([...first.items, ...second.items].map((item) => Number(item.id)), ids);
  // Time.
  const then = new Date(Date.now() + 1).toISOString();
  await until(() => Date.now() > Date.parse(then) + 5, 'a moment has passed');
  await store.edit('products', ids[3], { name: 'Zebra after the edit' });
  await store.delete('products', ids[5]);
  const made = (await store.create('products', { name: 'Made later' })).id;
  await house.backup(['--full']);
  assert.deepEqual(await found('--at', then), ids);
  assert.deepEqual(await found(), [...ids.filter((id) => id !== ids[5]), made]);
  assert.deepEqual(await found('--deleted'), [ids[5]]);
  assert.deepEqual(await found('--query', 'zebra AFTER'), [ids[3]]);
  // show --at and --version.
  const old = await house.show('products', ids[3], '--at', then);
  assert.ok((await house.show('products', ids[3], '--version', '1')).equals(old));
  assert.ok((await house.show('products', ids[3])).includes('Zebra after the edit'));
  assert.ok((await house.show('products', ids[5], '--at', then)).length > 0);
  (await house.run(['show', 'acme', 'products', String(ids[3]), '--at', '2001-01-01'])).expect(3);
  (await house.run(['show', 'acme', 'products', String(made), '--at', then])).expect(3);
  (await house.run(['show', 'acme', 'products', String(ids[3]), '--version', '9'])).expect(3);
  (await house.run(['show', 'acme', 'products', '999999'])).expect(3);
  (await house.run(['show', 'acme', 'products', String(ids[3]), '--at', 'yesterdayish'])).expect(2);
  (await house.run(['show', 'acme', 'products', String(ids[3]), '--at', then, '--version', '1'])).expect(2);
  (await house.run(['history', 'acme', 'products', '999999'])).expect(3);
  assert.match((await house.run(['items', 'acme', 'prodcts'])).expect(2).err, /name one of: .*products/);
  assert.match((await house.run(['items', 'acne', 'products'])).expect(2).err, /name one of: acme/);
  (await house.run(['items', 'acme', 'products', '--at', '1s ago'])).expect(0);
  await house.checkVault();
});

test('diff names the fields between versions and against the live store', async (t) => {
  const house = await openHouse(t, { store: { products: 25, brands: 5, categories: 5 } });
  const { store } = house;
  await house.backup();
  const ids = await store.ids('products');
  const [id] = ids;
  const before = await store.item('products', id);
  await store.edit('products', id, { name: 'Second name', price: { $num: '19.9900' } });
  await house.backup();
  const diff = async (...args) => (await house.run(['diff', 'acme', 'products', String(id), '--json', ...args])).expect(0).json();
  const between = await diff();
  const paths = between.differences.map((d) => d.path);
  assert.ok(paths.includes('name') && paths.includes('price'), paths.join());
  const name = between.differences.find((d) => d.path === 'name');
  assert.equal(name.kind, 'changed');
  assert.match(name.before, new RegExp(before.name.slice(0, 3).replace(/[^\w ]/g, '.')));
  assert.match(between.differences.find((d) => d.path === 'price').after, /^19\.9900$/);
  assert.deepEqual((await diff('--to', 'live')).differences, []);
  await store.edit('products', id, { price: { $num: '19.99' } });
  const live = await diff('--to', 'live');
  assert.deepEqual(live.differences.map((d) => [d.path, d.same_number]).filter(([p]) => p === 'price'), [['price', true]]);
  assert.deepEqual((await diff('--from', '1', '--to', '1')).differences, []);
  await store.editPart(id, 'metafields', undefined, { key: 'odd', value: 'row' });
  assert.ok((await diff('--to', 'live')).differences.some((d) => d.path.startsWith('metafields')));
  await store.delete('products', id);
  const gone = await diff('--to', 'live');
  assert.ok(gone.after_deleted);
  assert.match((await house.run(['diff', 'acme', 'products', String(id), '--to', 'live'])).expect(0).text, /The item was deleted/);
  (await house.run(['diff', 'acme', 'products', String(id), '--to', 'x'])).expect(2);
  (await house.run(['diff', 'acme', 'products', String(id), '--to', '9'])).expect(3);
  (await house.run(['diff', 'acme', 'products', '999999'])).expect(3);
  // A thing that never was, in the store only.
  const made = (await store.create('products', { name: 'Never backed up' })).id;
  (await house.run(['diff', 'acme', 'products', String(made), '--to', 'live'])).expect(3);
  // Brands and categories against the live store.
  for (const type of ['brands', 'categories', 'category_trees']) {
    const some = (await store.ids(type))[0];
    assert.deepEqual((await house.run(['diff', 'acme', type, String(some), '--to', 'live', '--json'])).expect(0).json().differences, [], type);
  }
  await house.backup(['--full']);
  await house.checkVault();
});

test('texts of a store cannot drive the terminal', async (t) => {
  const house = await openHouse(t, { store: { products: 8, brands: 4, categories: 4 } });
  const { store } = house;
  const [id] = await store.ids('products');
  const evil = '\u001b]0;owned\u0007\u001b[2Jname\r\n\u009b31m\u202e end';
  await store.edit('products', id, { name: evil, sku: 'S\u001b[1mKU' });
  await store.edit('brands', (await store.ids('brands'))[0], { name: evil });
  await house.backup();
  await store.edit('products', id, { name: evil + ' 2', page_title: evil });
  await house.backup(['--full']);
  const outputs = [
    ['items', 'acme', 'products'],
    ['items', 'acme', 'brands'],
    ['history', 'acme', 'products', String(id)],
    ['diff', 'acme', 'products', String(id)],
    ['status'],
    ['verify'],
  ];
  for (const args of outputs) {
    const ran = (await house.run(args)).expect(0);
    for (const text of [ran.text, ran.err]) {
      // eslint-disable-next-line no-control-regex
      assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/, args.join(' '));
      assert.doesNotMatch(text, /[\u202a-\u202e\u2066-\u2069]/, `${args.join(' ')}: marks that turn the writing direction`);
    }
  }
  // A message of the store's own in an error.
  await store.trouble({ path_regex: 'brands$' }, { status: 409 });
  const failed = (await house.run(['backup', '--full', '--type', 'brands'])).expect(1);
  // eslint-disable-next-line no-control-regex
  assert.doesNotMatch(failed.err + failed.text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  await house.checkVault();
});

test('packs can be looked into, and paths that are none are refused', async (t) => {
  const house = await openHouse(t, { store: { products: 8, brands: 4, categories: 4 } });
  await house.backup();
  const [pack] = house.packs();
  const shown = (await house.run(['pack', 'show', pack])).expect(0).text;
  assert.match(shown, /^pack 1 +format 1 +store abc123/);
  assert.match(shown, /frame +\d+ .* products/);
  const cat = (await house.run(['pack', 'cat', pack])).expect(0).out;
  const { unpacked } = await import('./pack_lines.mjs');
  assert.ok(cat.equals(unpacked(pack)), 'pack cat is what zstdcat prints');
  (await house.run(['pack', 'cat', '/etc/passwd'])).expect(2);
  (await house.run(['pack', 'cat', pack.replace('00000001', '00000009')])).expect(3);
  await house.checkVault({ exact: true });
});

test('progress is plain lines when piped, and the report a table', async (t) => {
  const house = await openHouse(t, { store: { products: 30, brands: 4, categories: 4 } });
  const ran = (await house.run(['backup'])).expect(0);
  const place = `${TYPES.indexOf('products') + 1}/${TYPES.length}`;
  assert.match(ran.err, new RegExp(`^acme +${place} products: reading`, 'm'));
  assert.ok(!ran.err.includes('\r') && !ran.err.includes('\u001b'));
  assert.match(ran.text, /^acme: (full|incremental) run done in .*: \d+ new versions/);
  for (const type of TYPES) assert.match(ran.text, new RegExp(`^${type} +done +\\d+`, 'm'));
  await house.checkVault({ exact: true });
});
