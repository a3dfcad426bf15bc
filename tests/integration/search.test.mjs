// A text in all fields of all versions, by the command and by the API: the same as looking at every field of what was stored.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { openHouse } from './harness.mjs';

const hostileName = 'Oak <b>"Größe"</b> 50% \\ chair/7 😀 שלום';

/** A store in which products were renamed, and one is gone. */
async function lived(t) {
  const house = await openHouse(t, { store: { products: 60, brands: 5, categories: 5 } });
  await house.backup();
  const ids = await house.store.ids('products');
  for (const id of ids.slice(0, 10)) await house.store.write('PUT', `/v3/catalog/products/${id}`, { name: `${hostileName} ${id}` });
  await house.backup();
  await house.store.write('PUT', `/v3/catalog/products/${ids[0]}`, { name: 'plain' });
  await house.store.write('DELETE', `/v3/catalog/products?id:in=${ids[1]}`);
  await house.backup(['--full']);
  return { house, ids };
}

/** "type id/version path" of every string and number in which the text stands. */
function looked(house, text, wanted = () => true) {
  const found = [];
  const walk = (value, path, key) => {
    if (Array.isArray(value)) value.forEach((one, i) => walk(one, `${path}[${i}]`, key));
    else if (value !== null && typeof value === 'object') for (const [name, one] of Object.entries(value)) walk(one, path ? `${path}.${name}` : name, key);
    else if (typeof value === 'string' && value.toLowerCase().includes(text.toLowerCase())) found.push(`${key} ${path}`);
  };
  for (const line of house.lines()) {
    if (line.gone || !wanted(line)) continue;
    const key = `${line.type} ${line.id}/${line.version}`;
    walk(JSON.parse(line.item), '', key);
    for (const [name, part] of Object.entries(line.parts)) walk(JSON.parse(part), name, key);
  }
  return found.sort();
}
const keyOf = (hit) => `${hit.type} ${hit.id}/${hit.version} ${hit.path}`;

async function searched(house, ...args) {
  const ran = await house.run(['search', ...args, '--json', '--limit', '100000']);
  const lines = ran.text.trim().split('\n').map((line) => JSON.parse(line));
  return { ran, end: lines.pop(), hits: lines.map(keyOf).sort() };
}

test('the command finds what stands in any field, newest or ever, however it is written', async (t) => {
  const { house, ids } = await lived(t);
  const newest = new Map();
  for (const line of house.lines()) if (!line.gone) newest.set(`${line.type} ${line.id}`, line.version);
  const isNewest = (line) => newest.get(`${line.type} ${line.id}`) === line.version;
  for (const text of ['GRÖSSE', 'größe', '"Größe"</b>', '\\ chair/7', '😀 שלום', 'oak <', 'example']) {
    const ever = await searched(house, text, '--all-versions');
    assert.deepEqual(ever.hits, looked(house, text), text);
    assert.equal(ever.ran.code, ever.hits.length === 0 ? 3 : 0);
    assert.deepEqual((await searched(house, text)).hits, looked(house, text, isNewest), text);
  }
  const oak = await searched(house, 'Oak <b>');
  assert.ok(oak.hits.includes(`products ${ids[1]}/2 name`), 'also what is gone from the store');
  assert.ok(!oak.hits.some((hit) => hit.startsWith(`products ${ids[0]}/`)), 'not what was changed since');
  assert.deepEqual((await searched(house, 'Oak <b>', '--type', 'brands')).hits, []);
  assert.deepEqual((await searched(house, 'oak <b>', '--match-case')).hits, []);
  assert.equal(oak.end.stopped, false);

  (await house.run(['compact'])).expect(0);
  assert.deepEqual((await searched(house, 'Oak <b>')).hits, oak.hits);
});

test('for people it prints a line per field, says what it read, and what it could not read', async (t) => {
  const { house, ids } = await lived(t);
  const ran = (await house.run(['search', 'größe', 'acme'])).expect(0);
  assert.match(ran.text, new RegExp(`^products ${ids[2]} version 2, \\S+Z: name: Oak <b>"Größe"`, 'm'));
  assert.match(ran.err, /^\d+ fields found; \S+ \wB of versions read\.$/m);
  const limited = (await house.run(['search', 'größe', '--limit', '2'])).expect(0);
  assert.equal(limited.text.trim().split('\n').length, 2);
  assert.match(limited.err, /There is more/);
  const nothing = await house.run(['search', 'no such text anywhere']);
  assert.deepEqual([nothing.code, nothing.text], [3, '']);
  assert.match(nothing.err, /Nothing found; \S+ \wB of versions read\./);
  assert.equal((await house.run(['search', ''])).code, 2);
  assert.equal((await house.run(['search', 'x', '--type', 'nonsense'])).code, 2);

  const [pack] = house.packs();
  const bytes = fs.readFileSync(pack);
  bytes[Math.floor(bytes.length / 2)] ^= 0x10;
  fs.writeFileSync(pack, bytes);
  const hurt = await house.run(['search', 'größe']);
  assert.equal(hurt.code, 1);
  assert.match(hurt.err, /^not read: acme: .*00000001\.pack\.zst/m);
  assert.match(hurt.err, /backstock verify/);
});

test('the API streams what is found, and then the end', async (t) => {
  const { house } = await lived(t);
  const daemon = await house.serve();
  const visitor = await daemon.signIn();
  const ask = async (query) => {
    const answer = await visitor.get(`api/v1/search?store=acme&${query}`);
    assert.equal(answer.status, 200);
    return answer.body.toString().split('\n\n').slice(0, -1).map((event) => {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(event);
      return { name, ...JSON.parse(data) };
    });
  };
  for (const text of ['GRÖSSE', '"Größe"</b>', 'nothing of this']) {
    const events = await ask(`q=${encodeURIComponent(text)}&versions=all&limit=1000`);
    assert.deepEqual(events.filter(({ name }) => name === 'hit').map(keyOf).sort(), looked(house, text));
    assert.equal(events.at(-1).name, 'end');
    assert.equal(events.at(-1).limited, false);
  }
  assert.equal((await ask('q=a&limit=3')).at(-1).limited, true);
  assert.equal((await visitor.get('api/v1/search?store=acme')).status, 400);
  assert.equal((await daemon.get('api/v1/search?store=acme&q=a')).status, 401);
  assert.ok(!daemon.log.includes('Größe'), 'what people search for is not logged');
  await daemon.stop();
});
