// The simulated store behind a proxy that knows BigCommerce's API descriptions: neither what the program asks nor what the simulated store
// answers may go against them.

import test from 'node:test';
import assert from 'node:assert/strict';
import { openHouse } from './harness.mjs';
import { absent, startContract, unexplained } from './contract_harness.mjs';

test('full and incremental backups ask for nothing that the API descriptions do not allow', { skip: absent }, async (t) => {
  const house = await openHouse(t, { store: { products: 300, categories: 60, brands: 40, giantVariants: true } });
  const { store } = house;
  const proxy = await startContract(house, 'proxy', store.origin);
  store.settings.api_url = proxy.origin;
  store.settings.api_share = 1;
  house.writeConfig();
  (await house.run(['check', store.name], { seconds: 300 })).expect(0);
  await house.backup(['--full'], { seconds: 300 });

  await store.control('POST', 'random_edits', { n: 40, seed: 7 });
  await store.edit('products', (await store.ids('products'))[5], { description: 'edited' });
  const incremental = await house.backup([], { seconds: 300 });
  assert.ok(incremental.versions > 0);

  const gone = { products: (await store.ids('products')).slice(3, 6), brands: (await store.ids('brands')).slice(0, 2), categories: (await store.ids('categories')).slice(-2) };
  for (const [type, ids] of Object.entries(gone)) for (const id of ids) await store.delete(type, id);
  const full = await house.backup(['--full'], { seconds: 300 });
  for (const [type, ids] of Object.entries(gone)) assert.ok(full.of(type).gone >= ids.length, `deleted ${type} were confirmed`);
  const quiet = await house.backup(['--full'], { seconds: 300 });
  assert.equal(quiet.versions, 0);
  await house.checkVault();

  const entries = proxy.entries();
  const exchanges = entries.filter((e) => e.type === 'exchange');
  t.diagnostic(`${exchanges.length} exchanges on ${new Set(exchanges.map((e) => e.op)).size} operations`);
  assert.ok(exchanges.length > 100, 'the program went through the proxy');
  assert.deepEqual(unexplained(entries), []);
  // The harness's own verdict counts what tests/contract/false_alarms.json explains as errors.
  const summary = proxy.summary();
  if (!entries.some((e) => e.type === 'violation' && e.level === 'error' && !e.known)) assert.equal(summary.code, 0, summary.text);
});
