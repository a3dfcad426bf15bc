// Customers: more addresses and attribute values than come inside one; consent where the config asks for it; groups and attributes that go.

import assert from 'node:assert/strict';
import test from 'node:test';
import { assertVersions, backupLines, difference, snapshot } from './all_types.mjs';
import { openHouse, TYPES } from './harness.mjs';
import { rawElements, rawField } from './raw_json.mjs';

const CUSTOMERS = ['customers', 'customer_groups', 'customer_attributes'];
const only = (...args) => [...CUSTOMERS.flatMap((type) => ['--type', type]), ...args];
const skip = TYPES.filter((type) => !CUSTOMERS.includes(type));

test('a customer with more than ten addresses or attributes is whole, also after an edit behind the tenth', async (t) => {
  const house = await openHouse(t, { store: { products: 4, customers: 60, customerGroups: 4, customerAttributes: 20, settings: { api_share: 1 } } });
  const { store } = house;
  await house.backup(only());
  const customers = [];
  for (const id of await store.ids('customers')) customers.push(await store.item('customers', id));
  const withMany = (part, exactly) => customers.filter((one) => (exactly ? one[part].length === exactly : one[part].length > 10));
  for (const part of ['addresses', 'attributes']) {
    const many = withMany(part);
    assert.ok(many.length, `a customer has more than ten ${part}`);
    for (const customer of many) {
      const [line] = house.lines().filter((one) => one.type === 'customers' && one.id === String(customer.id));
      assert.equal(rawElements(rawField(line.item, part)).length, 10, 'the API gives ten inside');
      assert.deepEqual(rawElements(line.parts[part]).map((row) => Number(rawField(row, 'id'))), customer[part].map((row) => row.id), `${part} of customer ${customer.id}`);
    }
  }
  // A read by itself for those that may be cut, for nobody else.
  const asked = (await store.requests(/^\/v3\/customers\/addresses$/)).map((r) => Number(new URLSearchParams(r.query).get('customer_id:in')));
  assert.deepEqual(asked.sort((a, b) => a - b), customers.filter((one) => one.addresses.length >= 10).map((one) => one.id));
  const [longest] = withMany('addresses');
  await store.edit('customer_addresses', longest.addresses.at(-1).id, { city: 'Behind the tenth' });
  const report = await backupLines(house, only('--full'));
  assert.deepEqual(report.lines.map((line) => `${line.type} ${line.id}`), [`customers ${longest.id}`]);
  const diff = (await house.run(['diff', 'acme', 'customers', String(longest.id), '--from', '1', '--to', '2', '--json'])).expect(0).json();
  assert.ok(JSON.stringify(diff.differences).includes('Behind the tenth'), JSON.stringify(diff.differences));
  // An eleventh makes the list necessary, its end makes it needless.
  const [ten] = customers.filter((one) => one.addresses.length < 10);
  for (let n = ten.addresses.length; n < 11; n++) await store.control('POST', 'edit_part', { type: 'customers', id: ten.id, part: 'addresses', set: {} });
  assert.deepEqual((await backupLines(house, only('--full'))).lines.map((line) => [line.id, Object.keys(line.parts).includes('addresses')]), [[String(ten.id), true]]);
  const added = (await store.item('customers', ten.id)).addresses.slice(9);
  for (const { id } of added) await store.control('POST', 'edit_part', { type: 'customers', id: ten.id, part: 'addresses', part_id: id, set: null });
  assert.deepEqual((await backupLines(house, only('--full'))).lines.map((line) => [line.id, Object.keys(line.parts).includes('addresses')]), [[String(ten.id), false]]);

  // Deletions that reach into customers.
  const before = await snapshot(store, CUSTOMERS);
  const group = customers.find((one) => one.customer_group_id).customer_group_id;
  const attribute = customers.find((one) => one.attributes.length).attributes[0].attribute_id;
  await store.delete('customer_groups', group);
  await store.delete('customer_attributes', attribute);
  const due = difference(before, await snapshot(store, CUSTOMERS));
  assert.deepEqual(due.gone.sort(), [`customer_attributes/${attribute}`, `customer_groups/${group}`]);
  assert.ok(due.changed.length > 3);
  assertVersions((await backupLines(house, only('--full'))).lines, due, 'a group and an attribute deleted');
  await house.checkVault({ skip });
});

test('consent is read where the config asks for it, and only there', async (t) => {
  const house = await openHouse(t, { store: { products: 4, customers: 25, settings: { api_share: 1 } } });
  const { store } = house;
  await store.control('POST', 'clock', { freeze: true }); // a consent tells the time of the call
  await house.backup(['--type', 'customers']);
  assert.equal((await store.requests(/\/consent$/)).length, 0);
  await house.checkVault({ skip, exact: true });
  store.settings.extra_parts = ['customers.consent'];
  house.writeConfig();
  const asked = await backupLines(house, ['--type', 'customers', '--full']);
  assert.equal((await store.requests(/\/consent$/)).length, 25);
  for (const line of asked.lines) assert.deepEqual([line.version, Object.keys(JSON.parse(rawElements(line.parts.consent)[0])).slice(0, 2)], [2, ['allow', 'deny']]);
  assert.ok(asked.lines.length > 0);
  await house.checkVault({ skip, exact: true });
  // The same by either form of the answer.
  await store.set({ consent_wrapped: 'true' });
  assert.equal((await house.backup(['--type', 'customers', '--full'])).versions, 0);
  // A consent that cannot be read holds its customer back alone.
  const [first, second] = await store.ids('customers');
  for (const id of [first, second]) await store.edit('customers', id, { notes: 'edited' });
  const { id: rule } = await store.trouble({ path_regex: `/customers/${first}/consent$` }, { status: 500 });
  const partly = await backupLines(house, ['--type', 'customers', '--full'], { code: 1 });
  assert.deepEqual(partly.lines.map((line) => line.id), [String(second)]);
  assert.match(partly.of('customers').problems.join(), new RegExp(`customers ${first}: .*Consent`));
  await store.control('DELETE', `trouble/${rule}`);
  await house.backup(['--type', 'customers', '--full']);
  await house.checkVault({ skip });
});
