// BigCommerce's own examples as a store: input that nobody here wrote.

import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { House, TYPES } from './harness.mjs';
import { absent, startContract, startRecorder, unexplained } from './contract_harness.mjs';
import { rawField, rowsOf, spacedBreaks } from './raw_json.mjs';

async function openMockHouse(t) {
  const house = new House(fs.mkdtempSync(path.join(os.tmpdir(), 'backstock-mock-')));
  t.after(() => house.close());
  const mock = await startContract(house, 'mock');
  const recorder = await startRecorder(t, mock.origin);
  const store = { name: 'acme', hash: 'abc123', token: 'TOKEN', settings: { api_share: 1 }, origin: recorder.origin };
  house.stores.push(store);
  fs.writeFileSync(house.tokenFile(store), store.token, { mode: 0o600 });
  house.writeConfig();
  return { house, mock, recorder };
}

/** The text of a field, of a string without its quotes. */
const text = (row, name) => {
  const raw = rawField(row, name);
  return raw?.[0] === 0x22 ? JSON.parse(raw.toString()) : String(raw);
};

const by = (type, field = 'id') => (row) => `${type}/${text(row, field)}`;

// Whose row is it? "type/id", and for rows that only some answers tell, a function of the row and of what the vault holds. null: of no item's.
const OWNERS = [
  [/^\/v2\/store$/, by('store_information')],
  [/^\/v3\/channels$/, by('channels')],
  [/^\/v3\/inventory\/locations$/, by('locations')],
  [/^\/v3\/inventory\/items$/, (row) => by('inventory', 'variant_id')(rawField(row, 'identity'))],
  [/^\/v3\/customers\/attributes$/, by('customer_attributes')],
  [/^\/v3\/catalog\/trees$/, by('category_trees')],
  [/^\/v3\/catalog\/brands$/, by('brands')],
  [/^\/v3\/catalog\/trees\/categories$/, by('categories', 'category_id')],
  [/^\/v3\/pricelists$/, by('price_lists')],
  [/^\/v3\/pricelists\/assignments$/, by('price_list_assignments')],
  [/^\/v3\/pricelists\/(\d+)\/records$/, (row, [, list]) => `price_records/${list}/${text(row, 'variant_id')}/${text(row, 'currency')}`],
  [/^\/v3\/catalog\/products$/, by('products')],
  [/^\/v3\/catalog\/products\/(\d+)\/[a-z-]+$/, (_row, [, id]) => `products/${id}`],
  [/^\/v2\/customer_groups$/, by('customer_groups')],
  [/^\/v3\/content\/pages$/, by('pages')],
  [/^\/v2\/blog\/posts$/, by('blog_posts')],
  [/^\/v3\/customers$/, by('customers')],
  [/^\/v3\/promotions$/, by('promotions')],
  [/^\/v3\/promotions\/(\d+)\/codes$/, (_row, [, id]) => `promotions/${id}`],
  [/^\/v2\/coupons$/, by('coupons')],
  [/^\/v3\/storefront\/redirects$/, by('redirects')],
  [/^\/v2\/gift_certificates$/, by('gift_certificates')],
  [/^\/v3\/marketing\/email-templates$/, (row, _m, { query }) => `email_templates/${query.get('channel_id') ?? 'global'}/${text(row, 'type_id')}`],
  [/^\/v2\/orders$/, by('orders')],
  [/^\/v2\/orders\/count$/, () => null],
  [/^\/v[23]\/orders\/(\d+)\/[a-z_]+$/, (_row, [, id]) => `orders/${id}`],
  [/^\/v3\/orders\/payment_actions\/refunds$/, by('orders', 'order_id')],
  [/^\/v3\/catalog\/variants\/metafields$/, (row, _m, { ownerOfVariant }) => `products/${ownerOfVariant(rawField(row, 'resource_id'))}`],
  [/^\/v3\/inventory\/locations\/metafields$/, by('locations', 'resource_id')],
  [/^\/v3\/(?:catalog\/)?(products|brands|categories|channels|customers|orders)\/metafields$/, (row, [, type]) => by(type, 'resource_id')(row)],
];
// Lists over all items: a row of one may name an owner that this store does not list.
const OVER_ALL = /(metafields|\/refunds)$/;

// What the examples themselves do not allow, and what the program says of it. Everything else must be whole.
const GAPS = {
  customers: /a row has no id/, // one example of a customer is a fragment without an id
};

test("a full backup of BigCommerce's own examples keeps every byte of every answer", { skip: absent }, async (t) => {
  const { house, mock, recorder } = await openMockHouse(t);
  const ran = await house.run(['backup', '--full', '--json']);
  const report = ran.json().runs[0];
  report.of = (name) => report.types.find((type) => type.type === name);
  assert.deepEqual(report.types.map((type) => type.type), TYPES);
  for (const type of report.types) {
    t.diagnostic(`${type.type}: ${type.outcome}, ${type.seen} items, ${type.requests} requests${type.message ? `: ${type.message}` : ''}`);
    for (const problem of type.problems) t.diagnostic(`  ${problem}`);
    if (type.outcome !== 'done') assert.match(type.message, GAPS[type.type] ?? /(?!)/, `${type.type} is not whole`);
  }
  assert.deepEqual(unexplained(mock.entries().filter((e) => e.kind !== 'response')), [], 'requests that the API descriptions do not allow');

  const lines = new Map();
  for (const line of house.lines()) lines.set(`${line.type}/${line.id}`, line);
  const ownerOfVariant = (id) => {
    for (const line of lines.values())
      if (line.type === 'products' && rowsOfField(line.item, 'variants').some((v) => String(rawField(v, 'id')) === String(id))) return line.id;
    return undefined;
  };
  let rows = 0;
  const strangers = [];
  const missing = [];
  for (const answer of recorder.answers) {
    assert.equal(answer.method, 'GET');
    if (answer.status !== 200) continue;
    const found = OWNERS.map(([pattern, owner]) => [pattern.exec(answer.path), owner]).find(([m]) => m);
    assert.ok(found, `this test does not know whose rows ${answer.path} has`);
    // Ids and dates only: the sweep that says what there is.
    const sweep = answer.query.has('include_fields');
    for (const row of rowsOf(answer.body)) {
      const key = found[1](row, found[0], { ownerOfVariant, query: answer.query });
      if (key === null) continue;
      rows++;
      const line = lines.get(key);
      if (!line) {
        const known = OVER_ALL.test(answer.path) || (key === 'customers/undefined' && report.of('customers').outcome === 'failed');
        (known ? strangers : missing).push(`${answer.path}: ${key}`);
        continue;
      }
      const kept = [line.item, ...Object.values(line.parts)];
      if (!sweep && !kept.some((bytes) => bytes.includes(spacedBreaks(row)))) missing.push(`${answer.path} ${key}: ${row.toString().slice(0, 200)}`);
    }
  }
  assert.deepEqual(missing, [], 'rows that the store answered and the vault does not have, byte for byte');
  t.diagnostic(`${rows} rows of ${recorder.answers.length} answers, ${lines.size} items stored, ${strangers.length} rows name an owner that the store does not list`);
  for (const stranger of strangers) t.diagnostic(`  ${stranger}`);
  for (const type of TYPES) assert.ok(GAPS[type] || report.of(type).seen > 0, `the examples have ${type}`);
  assert.ok(rows > lines.size, 'the examples were read');
  assert.equal(ran.code, report.types.every((type) => type.outcome === 'done') ? 0 : 1);

  // Through the program, one of each type.
  for (const line of new Map([...lines.values()].map((one) => [one.type, one])).values()) {
    assert.ok((await house.show(line.type, line.id)).equals(line.item), `show ${line.type} ${line.id}`);
    const whole = await house.show(line.type, line.id, '--parts');
    for (const part of Object.values(line.parts)) assert.ok(whole.includes(part), `show --parts ${line.type} ${line.id}`);
  }
  (await house.run(['verify'])).expect(0);

  const again = await house.run(['backup', '--full', '--json']);
  assert.equal(again.json().runs[0].versions, 0, 'the same examples again are nothing new');
});

function rowsOfField(item, name) {
  const value = rawField(item, name);
  return value && value[0] === 0x5b ? rowsOf(Buffer.concat([Buffer.from('{"data":'), value, Buffer.from('}')])) : [];
}
