// Orders: newest first, whatever a list leaves out; their parts only when something is new; never taken for deleted; taken up where a kill left them.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import test from 'node:test';
import { PARTS_MOVE_ORDERS, assertVersions, backupLines, difference, snapshot } from './all_types.mjs';
import { TYPES, openHouse, until } from './harness.mjs';
import { liveItems } from './live_items.mjs';
import { rawElements } from './raw_json.mjs';

const ONLY = ['--type', 'orders'];
const skip = TYPES.filter((type) => type !== 'orders');
const PART_OF = /^\/v[23]\/orders\/(\d+)\/([a-z_]+)$/;

/** Ids of orders whose parts were asked for, each at its first request. */
async function readOrders(store) {
  const ids = (await store.requests(PART_OF)).map((r) => PART_OF.exec(r.path.replace(`/stores/${store.hash}`, ''))[1]);
  return [...new Set(ids)];
}

/** No id stands far from where it would stand among falling ones: as far as requests in flight may overtake each other. */
function assertNewestFirst(ids, what) {
  const falling = [...ids].sort((a, b) => b - a);
  ids.forEach((id, at) => assert.ok(Math.abs(falling.indexOf(id) - at) <= 8, `${what}: ${ids.join(' ')}`));
}

test('every order is found, newest first, whichever of archived and incomplete ones the list contains', async (t) => {
  const house = await openHouse(t, { store: { orders: 36, products: 8, settings: { api_share: 1 } } });
  const { store } = house;
  const archived = [];
  const incomplete = [];
  for (const id of await store.ids('orders')) {
    const order = await store.item('orders', id);
    if (order.is_deleted) archived.push(String(id));
    else if (order.status_id === 0) incomplete.push(String(id));
  }
  assert.ok(archived.length > 1 && incomplete.length > 0);
  for (const [orders_list_contains_archived, orders_list_contains_incomplete, orders_is_deleted_filter] of [
    ['false', 'true', 'documented'],
    ['false', 'false', 'documented'],
    ['true', 'false', 'refused'],
    ['true', 'true', 'ignored'],
    ['false', 'false', 'refused'],
    ['false', 'false', 'ignored'],
  ]) {
    const set = { orders_list_contains_archived, orders_list_contains_incomplete, orders_is_deleted_filter };
    const what = JSON.stringify(set);
    await store.set(set);
    fs.rmSync(house.dataDir, { recursive: true, force: true });
    await store.resetLog();
    const orders = (await house.backup(ONLY)).of('orders');
    assert.equal(orders.requests, (await store.counters()).total, what);
    assert.ok(orders.requests <= orders.requests_minimum + 4, `${what}: ${orders.requests} requests, at least ${orders.requests_minimum}`);
    const read = await readOrders(store);
    const ids = house.lines().map((line) => line.id);
    assert.deepEqual([...ids].sort(), [...(await liveItems(store, 'orders')).keys()].sort(), what);
    const can = orders_list_contains_archived === 'true' || orders_is_deleted_filter === 'documented';
    for (const id of archived) assert.equal(ids.includes(id), can, `${what}: archived order ${id}`);
    for (const id of incomplete) assert.ok(ids.includes(id), `${what}: incomplete order ${id}`);
    // Within the plain list; what further walks find comes behind it.
    const inPlainList = new Set();
    for (const row of await store.rows('/v2/orders')) inPlainList.add(String(JSON.parse(row).id));
    const plain = ids.filter((id) => inPlainList.has(id));
    assert.deepEqual(plain, [...plain].sort((a, b) => b - a), `${what}: stored newest first`);
    assertNewestFirst(read.filter((id) => inPlainList.has(id)), what);
  }
  await house.checkVault({ exact: true, skip });
});

test('parts are read for new and changed orders alone; more product lines than one page are whole', async (t) => {
  const house = await openHouse(t, { store: { orders: 36, products: 8, switches: PARTS_MOVE_ORDERS, settings: { api_share: 1 } } });
  const { store } = house;
  await house.backup(ONLY);
  const ids = await store.ids('orders');
  // More than 50 rows, the page where nothing is asked for, and more than 250, the highest.
  for (const [id, count] of [[ids[11], 63], [ids[23], 263]]) {
    const [line] = house.lines().filter((one) => one.id === String(id));
    assert.equal(rawElements(line.parts.order_products).length, count, `order ${id}`);
  }
  await store.resetLog();
  for (const args of [['--full'], []]) assert.equal((await house.backup([...ONLY, ...args])).versions, 0);
  assert.deepEqual(await readOrders(store), []);

  const [first, second, third] = [ids[2], ids[19], ids[30]];
  await store.control('POST', 'clock', { advance_ms: 2000 });
  await store.edit('orders', first, { staff_notes: 'edited' });
  await store.control('POST', 'edit_part', { type: 'orders', id: second, part: 'messages', set: { subject: 'added' } });
  await store.control('POST', 'edit_part', { type: 'orders', id: third, part: 'refunds', set: { reason: 'added' } });
  const made = (await store.create('orders')).id;
  const report = await backupLines(house, ONLY);
  assert.equal(report.kind, 'incremental');
  assert.deepEqual(report.lines.map((line) => line.id).sort(), [first, second, third, made].map(String).sort());
  assert.deepEqual((await readOrders(store)).sort(), [first, second, third, made].map(String).sort());

  // An archived order has changed; one that no list shows any more is not deleted either.
  await store.control('POST', 'clock', { advance_ms: 2000 });
  await store.delete('orders', first);
  const state = await backupLines(house, ONLY);
  assert.deepEqual(state.lines.map((line) => [line.id, line.gone ?? false, JSON.parse(line.item).is_deleted]), [[String(first), false, true]]);
  await store.set({ orders_is_deleted_filter: 'refused', orders_archived_readable: 'false' });
  const hidden = await backupLines(house, [...ONLY, '--full']);
  assert.deepEqual(hidden.lines, []);
  assert.equal(hidden.of('orders').gone, 0);
  assert.ok((await house.show('orders', first)).length > 100, 'it is shown as it was');
  await store.set({ orders_is_deleted_filter: 'documented', orders_archived_readable: 'true' });
  assert.equal((await house.backup([...ONLY, '--full'])).versions, 0);
  await house.checkVault({ skip });
});

test('what was added to an order without a trace in it is found when its turn comes', async (t) => {
  const house = await openHouse(t, { store: { orders: 36, products: 8, settings: { api_share: 1 } } });
  const { store } = house;
  await house.backup(ONLY);
  const ids = await store.ids('orders');
  let before = await snapshot(store, ['orders']);
  const addMessage = (id) => store.control('POST', 'edit_part', { type: 'orders', id, part: 'messages', set: { subject: `without a trace ${id}` } });
  const orderOf = async (days) => {
    for (const id of [...ids].reverse()) if ((Date.now() - Date.parse((await store.item('orders', id)).date_created)) / 864e5 > days) return id;
    return assert.fail(`no order is ${days} days old`);
  };
  const [recent, old] = [await orderOf(30), await orderOf(120)];
  await addMessage(recent);
  await addMessage(old);
  for (const args of [['--full'], []]) assert.equal((await house.backup([...ONLY, ...args])).versions, 0, 'neither the lists nor the dates tell of it');

  // As if the sweeps had been done a week ago: all shares are due.
  const shift = (days) =>
    execFileSync('sqlite3', [
      path.join(house.vaultDir(), 'index.db'),
      `UPDATE run_types SET report = json_set(report, '$.swept_until', json_extract(report, '$.swept_until') - ${days} * 86400000)`,
    ]);
  shift(8);
  await store.resetLog();
  const report = await backupLines(house, ONLY);
  assert.deepEqual(report.lines.map((line) => line.id), [String(recent)], 'of the last 90 days, and no older ones');
  const read = await readOrders(store);
  assert.ok(read.includes(String(recent)) && !read.includes(String(old)));
  assert.equal((await house.backup(ONLY)).versions, 0);
  await store.resetLog();
  shift(1);
  await house.backup(ONLY);
  const share = await readOrders(store);
  assert.ok(share.length < read.length && share.every((id) => Number(id) % 7 === Number(share[0]) % 7), `one share of seven: ${share}`);
  // The old one when somebody touches it.
  await store.control('POST', 'clock', { advance_ms: 2000 });
  await store.edit('orders', old, { staff_notes: 'touched' });
  before = difference(before, await snapshot(store, ['orders']));
  assert.deepEqual(before.changed.sort(), [`orders/${old}`, `orders/${recent}`].sort());
  await house.backup(ONLY);
  await house.checkVault({ skip });
});

test('a token without the scope for transactions leaves them out, says so, and everything else is there', async (t) => {
  const house = await openHouse(t, { store: { orders: 36, products: 8, deny: ['transactions'], settings: { api_share: 1 } } });
  const { store } = house;
  const ran = (await house.run(['backup', ...ONLY])).expect(0);
  assert.match(ran.text, /orders: not covered: the Transactions of orders are refused: the token lacks the scope store_v2_transactions_read_only/);
  assert.equal((await store.requests(/\/transactions$/)).length <= 8, true, 'not asked for again for every order');
  store.without = ['orders.transactions'];
  await house.checkVault({ exact: true, skip });
  // Named again by every run, at little cost, though nothing is new.
  await store.resetLog();
  const [again, incremental] = [await house.backup([...ONLY, '--full']), await house.backup(ONLY)];
  for (const report of [again, incremental]) {
    assert.equal(report.versions, 0);
    assert.match(report.of('orders').gaps.join(), /Transactions|transactions/);
  }
  assert.ok((await readOrders(store)).length <= 8, 'a look at a few orders tells');
  const coverage = (await house.run(['coverage', '--json'])).expect(0).json().stores[0];
  assert.match(coverage.types.find((type) => type.type === 'orders').gaps.join(), /transactions/);
  // One order in trouble holds back itself alone.
  await store.control('POST', 'clock', { advance_ms: 2000 });
  const [, first, second] = await store.ids('orders');
  for (const id of [first, second]) await store.edit('orders', id, { staff_notes: 'edited' });
  const { id: rule } = await store.trouble({ path_regex: `/orders/${first}/taxes$` }, { status: 500 });
  const partly = await backupLines(house, ONLY, { code: 1 });
  assert.deepEqual(partly.lines.map((line) => line.id), [String(second)]);
  assert.match(partly.of('orders').problems.join(), new RegExp(`orders ${first}: .*Taxes`));
  await store.control('DELETE', `trouble/${rule}`);
  assert.deepEqual((await backupLines(house, ONLY)).lines.map((line) => line.id), [String(first)]);
  await house.checkVault({ skip });

  // The scope is granted: the orders themselves have not changed, and their transactions are read all the same.
  await store.control('POST', 'deny', { list: [] });
  store.without = [];
  const changed = await backupLines(house, ONLY);
  assert.match(changed.of('orders').gaps.join(), /transactions of orders that an earlier run was refused/);
  const paid = [];
  for (const id of await store.ids('orders')) if ((await store.item('orders', id)).transactions.length) paid.push(String(id));
  const full = await backupLines(house, [...ONLY, '--full']);
  assert.ok(paid.length > 10);
  assert.deepEqual([...changed.lines, ...full.lines].map((line) => line.id).sort(), paid.sort());
  assert.ok(full.lines.length > changed.lines.length);
  assert.deepEqual(full.of('orders').gaps, []);
  await store.resetLog();
  assert.equal((await house.backup([...ONLY, '--full'])).versions, 0);
  assert.deepEqual(await readOrders(store), []);
  await house.checkVault({ skip });
});

test('a first load with a small quota that is killed three times goes on without reading stored orders again', async (t) => {
  const house = await openHouse(t, {
    store: { orders: 140, products: 8, quota: 240, windowMs: 1000, others: 0.4, settings: { api_share: 0.5 } },
  });
  const { store } = house;
  // Notes so long that versions are made durable every few orders.
  const note = Array.from({ length: 20000 }, (_, i) => (i * 2654435761) % 1e9).join(' ');
  for (const id of await store.ids('orders')) await store.edit('orders', id, { staff_notes: note }, { touch: false });
  const stored = () => new Set(house.lines().filter((line) => line.type === 'orders').map((line) => line.id));
  const known = [];
  let killed = 0;
  let since = 0;
  const readAgain = async () => {
    const { entries, last } = await store.control('GET', `log?since=${since}&limit=50000`);
    since = last;
    const ids = new Set(entries.map((e) => PART_OF.exec(e.path.replace('/stores/abc123', ''))?.[1]).filter(Boolean));
    return { ids, count: entries.length };
  };
  let requests = 0;
  while (killed < 3) {
    const before = stored().size;
    const child = house.spawn(['backup', '--full', '--type', 'orders']);
    await until(() => child.done || stored().size > before + 8, 'some orders were stored', { seconds: 60, every: 30 });
    assert.ok(!child.done, `it ended before the kill: ${child.errText.slice(-2000)}`);
    await child.kill('SIGKILL');
    killed++;
    // In one window the next process would not know what this one has used of it: a 429 would be nobody's mistake.
    await store.control('POST', 'rate', {});
    const { ids, count } = await readAgain();
    requests += count;
    for (const id of known.at(-1) ?? []) assert.ok(!ids.has(id), `parts of order ${id} were read again after kill ${killed - 1}`);
    known.push(stored());
  }
  const report = await house.backup(['--full', '--type', 'orders']);
  assert.equal(report.resumed, true);
  const { ids, count } = await readAgain();
  for (const id of known.at(-1)) assert.ok(!ids.has(id), `parts of order ${id} were read again`);
  assert.ok(known.at(-1).size + ids.size >= 140);
  const counters = await store.counters();
  assert.equal(counters.given_429, 0);
  t.diagnostic(`${requests} requests before the third kill, ${count} after it; stored at the kills: ${known.map((set) => set.size)}`);
  for (const line of house.lines()) assert.equal(line.version, 1, `order ${line.id} was stored once`);
  const sorted = house.lines().map((line) => Number(line.id));
  assert.equal(new Set(sorted).size, sorted.length);
  await house.checkVault({ exact: true, skip });
});
