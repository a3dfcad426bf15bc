// The simulated store behind a proxy that knows BigCommerce's API descriptions: neither what the program asks nor what the simulated store
// answers may go against them.

import test from 'node:test';
import assert from 'node:assert/strict';
import { Random } from '../fake_store/seed/random.mjs';
import { EVERYTHING, PARTS_MOVE_ORDERS, backupLines, difference, edits, snapshot } from './all_types.mjs';
import { openHouse } from './harness.mjs';
import { absent, startContract, unexplained } from './contract_harness.mjs';

test('backups of every content type ask for nothing that the API descriptions do not allow', { skip: absent }, async (t) => {
  const house = await openHouse(t, {
    store: { ...EVERYTHING, products: 60, categories: 30, brands: 20, giantVariants: true, switches: PARTS_MOVE_ORDERS },
  });
  const { store } = house;
  const proxy = await startContract(house, 'proxy', store.origin);
  Object.assign(store.settings, { api_url: proxy.origin, api_share: 1, extra_parts: ['customers.consent'] });
  house.writeConfig();
  (await house.run(['check', store.name], { seconds: 300 })).expect(0);
  await house.backup(['--full'], { seconds: 300 });

  // Deletions too, so that each is confirmed in the way of its type.
  const before = await snapshot(store);
  await edits(store, new Random(7));
  const due = difference(before, await snapshot(store));
  const incremental = await backupLines(house, [], { seconds: 300 });
  assert.equal(incremental.kind, 'incremental');
  assert.ok(incremental.versions > 0);
  const full = await house.backup(['--full', '--accept-deletions'], { seconds: 300 });
  const gone = (type) => incremental.of(type).gone + full.of(type).gone;
  for (const type of new Set(due.gone.map((key) => key.slice(0, key.indexOf('/')))))
    assert.equal(gone(type), due.gone.filter((key) => key.startsWith(`${type}/`)).length, `deleted ${type} were confirmed`);
  assert.equal((await house.backup(['--full'], { seconds: 300 })).versions, 0);
  // Reads of single items.
  for (const type of full.types.map((one) => one.type)) {
    const [item] = (await house.run(['items', store.name, type, '--json', '--limit', '1'])).expect(0).json().items;
    assert.deepEqual((await house.run(['diff', store.name, type, item.id, '--to', 'live', '--json'])).expect(0).json().differences, [], `${type} ${item.id}`);
  }
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
