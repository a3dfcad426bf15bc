// What a backup costs: it keeps within its share of the quota and sends no request too many.

import assert from 'node:assert/strict';
import test from 'node:test';
import { openHouse } from './harness.mjs';

test('a full backup beside other clients causes no 429 and leaves them their part', async (t) => {
  const house = await openHouse(t, { store: { products: 300, categories: 60, brands: 40, quota: 50, windowMs: 1000, others: 0.4, settings: { api_share: 0.5 } } });
  const report = await house.backup(['--full']);
  const counters = await house.store.counters();
  t.diagnostic(`requests ${counters.total}, 429: ${counters.given_429}, least left: ${counters.least_left}`);
  assert.equal(counters.given_429, 0);
  assert.equal(report.outcome, 'done');
  await house.checkVault({ exact: true });
});

test('a calm store of 1,000 products takes at most 1.02 of the requests that it needs at least', async (t) => {
  const house = await openHouse(t, { store: { products: 1000, categories: 60, brands: 40, giantVariants: false } });
  const { store } = house;
  const first = await house.backup(['--full']);
  const { total } = await store.counters();
  const sum = (report, key) => report.types.reduce((all, type) => all + type[key], 0);
  for (const type of first.types) t.diagnostic(`${type.type}: ${type.requests} requests, at least ${type.requests_minimum}`);
  assert.equal(sum(first, 'requests'), total, 'the report counts what the store counts');
  assert.ok(sum(first, 'requests') <= 1.02 * sum(first, 'requests_minimum'), `${sum(first, 'requests')} requests, at least ${sum(first, 'requests_minimum')}`);
  // The minimum as the issue computes it, from the store's own counts.
  // One more for each list of rules, and for each array so long that the answer may have cut it.
  let lists = 0;
  for (const id of await store.ids('products')) {
    const item = await store.item('products', id);
    if (item.modifiers.length) lists++;
    for (const part of ['options', 'variants', 'modifiers', 'images', 'videos', 'custom_fields', 'bulk_pricing_rules', 'reviews'])
      if (item[part].length >= 50) lists += Math.ceil(item[part].length / 250);
  }
  const pages = async (type) => Math.max(1, Math.ceil((await store.ids(type)).length / 250));
  const metafields = (await pages('product_metafields')) + (await pages('variant_metafields'));
  const least = Math.ceil(1000 / 250) + Math.ceil(1000 / 10) + lists + metafields;
  t.diagnostic(`products by the issue: ${least}`);
  assert.ok(first.of('products').requests_minimum <= least, `${first.of('products').requests_minimum} against ${least}`);
  // Nothing changed: an incremental run asks for lists only.
  await store.resetLog();
  const idle = await house.backup();
  t.diagnostic(`an incremental run without changes: ${sum(idle, 'requests')} requests`);
  assert.equal(sum(idle, 'requests'), (await store.counters()).total);
  assert.ok(sum(idle, 'requests') <= 1.02 * sum(idle, 'requests_minimum'), `${sum(idle, 'requests')} requests, at least ${sum(idle, 'requests_minimum')}`);
  const catalogue = idle.types.filter((type) => ['category_trees', 'brands', 'categories', 'products'].includes(type.type));
  assert.ok(catalogue.reduce((all, type) => all + type.requests, 0) <= 12, JSON.stringify(catalogue.map((type) => type.requests)));
  assert.equal((await store.requests(/./)).filter((r) => r.query.includes('id%3Ain') || r.query.includes('id:in')).length, 0);
  await house.checkVault({ exact: true });
});
