// Must hold 1: what the store sent is what is kept, byte for byte.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { openHouse } from './harness.mjs';
import { packLines, readLine } from './pack_lines.mjs';
import { rowsOf, spacedBreaks } from './raw_json.mjs';

const INCLUDES = 'include=bulk_pricing_rules,channels,custom_fields,images,modifiers,options,reviews,variants,videos';

// Each stands for a whole product; $ID is its id.
const ODD = {
  'a number with trailing zeros': String.raw`{"id":$ID,"name":"n $ID","price":19.9900,"weight":0.10,"variants":[]}`,
  'a number with an exponent': String.raw`{"id":$ID,"name":"n $ID","price":1e2,"cost_price":-1.50E+03,"weight":-0}`,
  'a 30-digit integer': String.raw`{"id":$ID,"name":"n $ID","upc":123456789012345678901234567890,"tiny":1e-400}`,
  escapes: String.raw`{"id":$ID,"name":"caf\u00e9 \/ \u00E9 \ud83d\ude00 \t\"\\ \b\f","lone":"\ud800","nul":"\u0000"}`,
  'duplicate keys': String.raw`{"id":$ID,"name":"first","name":"second $ID","price":1,"price":2.0}`,
  'unknown fields': String.raw`{"zzz":{"deep":[[],{},null,[{"a":[1]}]]},"id":$ID,"name":"n $ID","brand_new":true}`,
  'odd spacing': '{ "id" :\t$ID ,  "name":"n $ID" , "list" : [ 1 ,2 ,  3 ] }',
  'line breaks between tokens': '{\n  "id": $ID,\r\n  "name": "n $ID",\r  "list": [\n    1,\n    2\n  ]\n}',
  'a line break written as an escape': String.raw`{"id":$ID,"name":"line one\nline two\r\n $ID"}`,
  'the marks that JavaScript minds': '{"id":$ID,"name":"\u2028\u2029\u{1F9F5} שלום $ID"}',
};
// Not JSON text, so kept in base64 inside the pack.
const NOT_TEXT = {
  'invalid UTF-8': Buffer.from('{"id":$ID,"name":"caf\xe9 \xff\xfe \xc3","ok":1.0}', 'latin1'),
  'an encoded surrogate': Buffer.from('{"id":$ID,"name":"\xed\xa0\x80"}', 'latin1'),
  'a control character inside a string': Buffer.from('{"id":$ID,"name":"a\x01b\tc"}', 'latin1'),
  'a line break inside a string': Buffer.from('{"id":$ID,"name":"a\nb"}', 'latin1'),
};

const withId = (text, id) => Buffer.from(Buffer.from(text).toString('latin1').replaceAll('$ID', String(id)), 'latin1');

test('every odd spelling of a product is shown as the store sent it, also by stock zstdcat and after a rebuild', async (t) => {
  const house = await openHouse(t, { store: { products: 40 } });
  const ids = await house.store.ids('products');
  const sent = new Map();
  for (const [what, text] of Object.entries({ ...ODD, ...NOT_TEXT })) {
    const id = ids[sent.size];
    sent.set(id, { what, bytes: withId(text, id), inBase64: what in NOT_TEXT });
    await house.store.raw('products', id, sent.get(id).bytes);
  }
  await house.backup(['--full']);

  const check = async () => {
    const lines = house.lines();
    for (const [id, { what, bytes, inBase64 }] of sent) {
      const kept = spacedBreaks(bytes);
      const shown = await house.show('products', id);
      assert.ok(shown.equals(kept), `${what}: show gave ${shown.toString('latin1')}`);
      const line = lines.find((one) => one.type === 'products' && one.id === String(id));
      assert.ok(line.item.equals(kept), `${what}: zstdcat gave ${line.item.toString('latin1')}`);
      assert.equal(line.in_base64 ?? false, inBase64, `${what}: in base64`);
    }
  };
  await check();
  const before = await house.history('products', ids[0]);
  fs.rmSync(path.join(house.vaultDir(), 'index.db'));
  (await house.run(['rebuild'])).expect(0);
  await check();
  assert.deepEqual(await house.history('products', ids[0]), before);
  // The second run sees the same bytes as unchanged.
  assert.equal((await house.backup(['--full'])).versions, 0);
  await house.checkVault({ exact: true });
});

test('line breaks between tokens become spaces and nothing else does, in every type of a store that pretty-prints', async (t) => {
  const house = await openHouse(t, { store: { products: 30, pretty: true } });
  await house.backup();
  const lines = house.lines();
  assert.ok(lines.length > 40);
  for (const line of lines) assert.ok(!line.item.includes(0x0a) && !line.item.includes(0x0d));
  const [row] = rowsOf((await house.store.get(`/v3/catalog/products?id:in=${(await house.store.ids('products'))[3]}&${INCLUDES}`)).body);
  assert.ok(row.includes(0x0a), 'the store really pretty-prints');
  await house.checkVault({ exact: true });
});

test('parts that are read beside the item keep their bytes', async (t) => {
  const house = await openHouse(t, { store: { products: 60 } });
  const { store } = house;
  const withModifiers = [];
  for (const id of await store.ids('products')) {
    const item = await store.item('products', id);
    if (item.complex_rules?.length && item.metafields?.length) withModifiers.push(item);
  }
  assert.ok(withModifiers.length, 'the store has a product with rules and metafields');
  const product = withModifiers[0];
  const rule = product.complex_rules[0];
  const metafield = product.metafields[0];
  const oddRule = withId(
    `{"id":${rule.id},"product_id":${product.id},"enabled":true,"price_adjuster":{"adjuster":"relative","adjuster_value":1.5000},"x":"\\/","conditions":[ ]}`,
    0,
  );
  const oddMetafield = Buffer.from(
    `{"id":${metafield.id},"key":"k","value":"caf\xe9 1e2","namespace":"n","resource_id":${product.id},"resource_type":"product","big":123456789012345678901234567890}`,
    'latin1',
  );
  await store.raw('complex_rules', rule.id, oddRule);
  await store.raw('product_metafields', metafield.id, oddMetafield);
  const brand = (await store.ids('brands'))[0];
  await store.write('POST', `/v3/catalog/brands/${brand}/metafields`, { namespace: 'n', key: 'k', value: 'v \u00e9', permission_set: 'write' });
  await house.backup();

  const shown = readLine(await house.show('products', product.id, '--parts'));
  assert.ok(shown.parts.complex_rules.includes(oddRule), shown.parts.complex_rules.toString());
  assert.ok(shown.parts.metafields.includes(oddMetafield), shown.parts.metafields.toString('latin1'));
  const [line] = packLines(house.packs()).filter((one) => one.type === 'products' && one.id === String(product.id));
  assert.ok(line.parts.complex_rules.includes(oddRule));
  assert.ok(line.parts.metafields.includes(oddMetafield));
  const brandLine = readLine(await house.show('brands', brand, '--parts'));
  assert.ok(brandLine.parts.metafields.equals(Buffer.concat([Buffer.from('['), (await store.rows('/v3/catalog/brands/metafields'))[0], Buffer.from(']')])));
  await house.checkVault({ exact: true });
});

test('show --parts prints the very line that stands in the pack', async (t) => {
  const house = await openHouse(t, { store: { products: 10, categories: 4, brands: 3 } });
  await house.backup();
  const [pack] = house.packs();
  const cat = (await house.run(['pack', 'cat', pack])).expect(0).out;
  const id = (await house.store.ids('products'))[2];
  const line = await house.show('products', id, '--parts');
  assert.ok(cat.includes(Buffer.concat([line, Buffer.from('\n')])));
  await house.checkVault({ exact: true });
});

test('a store without gzip, escaped slashes or unicode escapes is kept as it writes', async (t) => {
  const house = await openHouse(t, { store: { products: 12, switches: { escape_unicode: 'true', escape_slashes: 'all' } } });
  await house.backup();
  assert.ok(house.lines().some((line) => line.item.includes('\\u0')));
  await house.store.set({ escape_unicode: 'false', escape_slashes: 'none' });
  // Another spelling of the same values is no change.
  assert.equal((await house.backup(['--full'])).versions, 0);
  await house.checkVault();
});
