// BigCommerce's own examples as a store: input that nobody here wrote.

import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { House } from './harness.mjs';
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

// Whose row is it? "type/id", and for rows that only some answers tell, a function of the row and of what the vault holds.
const OWNERS = [
  [/^\/v3\/catalog\/trees$/, (row) => `category_trees/${rawField(row, 'id')}`],
  [/^\/v3\/catalog\/brands$/, (row) => `brands/${rawField(row, 'id')}`],
  [/^\/v3\/catalog\/trees\/categories$/, (row) => `categories/${rawField(row, 'category_id')}`],
  [/^\/v3\/catalog\/products$/, (row) => `products/${rawField(row, 'id')}`],
  [/^\/v3\/catalog\/products\/(\d+)\/[a-z-]+$/, (_row, [, id]) => `products/${id}`],
  [/^\/v3\/catalog\/(products|brands|categories)\/metafields$/, (row, [, type]) => `${type}/${rawField(row, 'resource_id')}`],
  [/^\/v3\/catalog\/variants\/metafields$/, (row, _m, ownerOfVariant) => `products/${ownerOfVariant(rawField(row, 'resource_id'))}`],
];

test("a full backup of BigCommerce's own examples keeps every byte of every answer", { skip: absent }, async (t) => {
  const { house, mock, recorder } = await openMockHouse(t);
  const ran = await house.run(['backup', '--full', '--json']);
  const report = ran.json().runs[0];
  for (const type of report.types) {
    t.diagnostic(`${type.type}: ${type.outcome}, ${type.seen} items, ${type.requests} requests${type.message ? `: ${type.message}` : ''}`);
    for (const problem of type.problems) t.diagnostic(`  ${problem}`);
    if (type.outcome !== 'done') assert.match(type.message, /\S+ .*\S+/, `${type.type} is not whole and nobody says why`);
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
      rows++;
      const key = found[1](row, found[0], ownerOfVariant);
      const line = lines.get(key);
      if (!line) {
        // A row of a list over all items may name an owner that this store does not list.
        (/metafields$/.test(answer.path) ? strangers : missing).push(`${answer.path}: ${key}`);
        continue;
      }
      const kept = [line.item, ...Object.values(line.parts)];
      if (!sweep && !kept.some((bytes) => bytes.includes(spacedBreaks(row)))) missing.push(`${answer.path} ${key}: ${row.toString().slice(0, 200)}`);
    }
  }
  assert.deepEqual(missing, [], 'rows that the store answered and the vault does not have, byte for byte');
  t.diagnostic(`${rows} rows of ${recorder.answers.length} answers, ${lines.size} items stored, ${strangers.length} rows name an owner that the store does not list`);
  for (const stranger of strangers) t.diagnostic(`  ${stranger}`);
  assert.ok(lines.size > 4 && rows > lines.size, 'the examples were read');
  assert.equal(ran.code, report.types.every((type) => type.outcome === 'done') ? 0 : 1);

  // Through the program.
  for (const line of lines.values()) {
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
