// Sizes that would not fit into memory if they were taken as they come.

import test from 'node:test';
import assert from 'node:assert/strict';
import { openHouse } from '../integration/harness.mjs';
import { MiB, measure } from './measure.mjs';

const MOST = 256 * MiB;

async function measuredBackup(house) {
  const child = house.spawn(['backup', '--full', '--json']);
  const figures = measure(child.pid);
  const { code, signal } = await child.ended;
  const used = figures.stop();
  assert.equal(code, 0, `exit ${code ?? signal}\n${child.errText.slice(-2000)}${child.stdout().toString().slice(-2000)}`);
  assert.ok(used.peak < MOST, `${(used.peak / MiB).toFixed(0)} MiB at the most`);
  return { report: JSON.parse(child.stdout().toString()).runs[0], used };
}

test('a product with 600 variants is stored whole', async (t) => {
  const house = await openHouse(t, { store: { products: 40, giantVariants: true, settings: { api_share: 1 } } });
  const { giant_product_id: giant } = await house.store.control('GET', 'health');
  const { report, used } = await measuredBackup(house);
  const item = JSON.parse((await house.show('products', giant)).toString());
  assert.equal(item.variants.length, 600);
  const line = JSON.parse((await house.show('products', giant, '--parts')).toString());
  const variants = line.parts?.variants ?? line.item.variants;
  assert.equal(new Set(variants.map((variant) => variant.id)).size, 600);
  assert.deepEqual(new Set(variants.map((variant) => variant.id)), new Set((await house.store.item('products', giant)).variants.map((v) => v.id)));
  t.diagnostic(`${(used.peak / MiB).toFixed(1)} MiB, ${report.types.at(-1).requests} requests for products`);
  assert.equal((await measuredBackup(house)).report.versions, 0);
  await house.checkVault();
});

test('600 variants are read from their own list where the answer of a product cuts them', async (t) => {
  const house = await openHouse(t, { store: { products: 40, giantVariants: true, switches: { include_truncates_at: 50 }, settings: { api_share: 1 } } });
  const { giant_product_id: giant } = await house.store.control('GET', 'health');
  await measuredBackup(house);
  const line = JSON.parse((await house.show('products', giant, '--parts')).toString());
  assert.equal(line.item.variants.length, 50);
  assert.equal(new Set(line.parts.variants.map((variant) => variant.id)).size, 600);
  assert.equal((await measuredBackup(house)).report.versions, 0);
});

test('a page of 200 MB is asked for again in smaller pieces until each fits, and every byte is kept', async (t) => {
  const house = await openHouse(t, { store: { products: 300, hugePage: 200000000, settings: { api_share: 1 } } });
  const { report, used } = await measuredBackup(house);
  assert.equal(report.types.find((type) => type.type === 'products').seen, 300);
  const asked = (await house.store.requests(/^\/v3\/catalog\/products$/)).map((entry) => new URLSearchParams(entry.query));
  const limits = asked.filter((query) => query.has('include')).map((query) => query.get('id:in')?.split(',').length ?? Number(query.get('limit')));
  t.diagnostic(`${(used.peak / MiB).toFixed(1)} MiB, ${used.cpu.toFixed(1)} CPU seconds, products at once: ${[...new Set(limits)].sort((a, b) => b - a).join(', ')}`);
  const bytes = report.types.find((type) => type.type === 'products').bytes;
  assert.ok(bytes > 190e6, `${bytes} bytes of products were read`);
  const second = await measuredBackup(house);
  assert.equal(second.report.versions, 0);
  t.diagnostic(`unchanged: ${(second.used.peak / MiB).toFixed(1)} MiB`);
  (await house.run(['verify'])).expect(0);
  const [first] = await house.store.ids('products');
  const sent = await house.store.get(`/v3/catalog/products/${first}`);
  const { description } = JSON.parse(sent.body.toString()).data;
  assert.ok(description.length > 100000);
  assert.equal(JSON.parse((await house.show('products', first)).toString()).description, description);
});

test('ten products of 24 MB together are read in smaller groups', async (t) => {
  const house = await openHouse(t, { store: { products: 30, hugePage: 600000000, settings: { api_share: 1 } } });
  const { used } = await measuredBackup(house);
  const asked = (await house.store.requests(/^\/v3\/catalog\/products$/)).map((entry) => new URLSearchParams(entry.query));
  const groups = asked.filter((query) => query.has('id:in')).map((query) => [query.get('id:in').split(',').length, Number(query.get('limit'))]);
  t.diagnostic(`${(used.peak / MiB).toFixed(1)} MiB, ids and limit: ${groups.map((pair) => pair.join('/')).join(' ')}`);
  assert.ok(groups.some(([ids, limit]) => Math.min(ids, limit) === 5), 'a group of ten was halved');
  assert.equal((await measuredBackup(house)).report.versions, 0);
  await house.checkVault();
});

test('a list whose page of 250 has 200 MB is walked in smaller pages', async (t) => {
  // Categories and brands come whole from their lists: here the list itself is too big.
  const house = await openHouse(t, { store: { products: 2, categories: 10, brands: 250, settings: { api_share: 1 } } });
  const text = 'x'.repeat(800000);
  for (const id of await house.store.ids('brands')) await house.store.edit('brands', id, { page_title: `${id} ${text}` });
  const { used } = await measuredBackup(house);
  const limits = (await house.store.requests(/^\/v3\/catalog\/brands$/)).filter((entry) => entry.status !== 422).map((entry) => Number(new URLSearchParams(entry.query).get('limit')));
  t.diagnostic(`${(used.peak / MiB).toFixed(1)} MiB, page limits: ${limits.join(' ')}`);
  assert.deepEqual(limits.slice(0, 3), [250, 125, 25]);
  const second = await measuredBackup(house);
  assert.equal(second.report.versions, 0);
  const id = (await house.store.ids('brands'))[7];
  assert.equal(JSON.parse((await house.show('brands', id)).toString()).page_title, `${id} ${text}`);
  (await house.run(['verify'])).expect(0);
});
