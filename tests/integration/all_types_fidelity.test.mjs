// What the store sent is what is kept, byte for byte: every content type, and every part that is kept beside its item.

import assert from 'node:assert/strict';
import test from 'node:test';
import { openHouse } from './harness.mjs';
import { EVERYTHING } from './all_types.mjs';
import { TYPES, liveItems } from './live_items.mjs';
import { readLine } from './pack_lines.mjs';
import { rawField, spacedBreaks } from './raw_json.mjs';

// Behind the fields that the row has: numbers, escapes, keys that come twice, spacing, line breaks between tokens.
const ODD = String.raw`,"odd":{"price":19.9900,"e":1e2,"minus":-0,"long":123456789012345678901234567890,"tiny":1e-400},"esc":"caf\u00e9 \/ \ud83d\ude00 \"\\ \b","lone":"\ud800","dup":1,"dup":2.0, "gap" :[ 1 ,2 ],"unicode":"שלום ${'\u2028'}"`;
const LINE_BREAK = ',"lines":[\n1,\r\n2]';
const NOT_UTF8 = ',"bad":"caf\xe9 \xff\xfe \xc3"';

/** The row as the store sends it, with more behind it. */
function odd(row, n) {
  assert.equal(row.at(-1), 0x7d);
  const more = Buffer.from(ODD + (n % 3 === 1 ? LINE_BREAK : '')).toString('latin1') + (n % 3 === 2 ? NOT_UTF8 : '');
  return Buffer.concat([row.subarray(0, -1), Buffer.from(more, 'latin1'), Buffer.from('}')]);
}

// What the control calls call the rows of a part.
const OWNER = { products: 'product', brands: 'brand', categories: 'category', channels: 'channel', locations: 'location', customers: 'customer', orders: 'order' };
const RAW_OF_PART = {
  metafields: (type) => `${OWNER[type]}_metafields`,
  addresses: () => 'customer_addresses',
  attributes: () => 'customer_attribute_values',
  coupon_codes: () => 'codes',
  transactions: () => 'order_transactions',
  refunds: () => 'order_refunds',
};
const rawOfPart = (type, part) => RAW_OF_PART[part]?.(type) ?? part;

test('odd spellings of every type and of every part are kept as the store sent them', async (t) => {
  const house = await openHouse(t, { store: { ...EVERYTHING, settings: { api_share: 1 } } });
  const { store } = house;
  const [brand, category, product] = await Promise.all(['brands', 'categories', 'products'].map(async (type) => (await store.ids(type))[1]));
  const [variant] = (await store.item('products', product)).variants;
  for (const owner of [`brands/${brand}`, `categories/${category}`, `products/${product}/variants/${variant.id}`])
    await store.write('POST', `/v3/catalog/${owner}/metafields`, { namespace: 'n', key: 'k', value: 'v', permission_set: 'write' });
  const items = new Map();
  const parts = new Map();
  let n = 0;
  for (const type of TYPES) {
    const live = await liveItems(store, type);
    assert.ok(live.size, `the store has ${type}`);
    // An item of its own for each, so that the parts of the others come as they are.
    for (const [id, one] of live) {
      for (const [part, rows] of Object.entries(one.parts)) {
        if (parts.has(`${type} ${part}`)) continue;
        const row = rows.at(-1);
        const bytes = odd(row, n++);
        parts.set(`${type} ${part}`, { type, id, part, bytes, row });
        await store.raw(rawOfPart(type, part), rawField(row, 'id').toString(), bytes);
      }
    }
    // The control panel alone can change what /v2/store says.
    if (type === 'store_information') continue;
    // What a channel inherits has no bytes of its own.
    const [id, { item }] = [...live].filter(([key]) => type !== 'email_templates' || key.startsWith('global/')).at(-1);
    const bytes = odd(item, n++);
    items.set(type, { id, bytes });
    await store.raw(type, type === 'email_templates' ? id.replace('global/', '') : id, bytes);
  }
  const wanted = ['order_products', 'order_shipping_addresses', 'order_coupons', 'order_taxes', 'order_messages', 'order_shipments', 'transactions', 'refunds', 'metafields'];
  for (const part of wanted) assert.ok(parts.has(`orders ${part}`), part);
  for (const part of ['addresses', 'attributes', 'metafields']) assert.ok(parts.has(`customers ${part}`), part);
  assert.equal(parts.size, 9 + 3 + 3 + 1 + 4, [...parts.keys()].join());

  await house.backup(['--full']);
  const lines = new Map(house.lines().map((line) => [`${line.type} ${line.id}`, line]));
  for (const [type, { id, bytes }] of items) {
    const kept = spacedBreaks(bytes);
    const line = lines.get(`${type} ${id}`);
    assert.ok(line, `${type} ${id} was stored`);
    assert.ok(line.item.equals(kept), `${type}: zstdcat gave ${line.item.toString('latin1')}`);
    assert.ok((await house.show(type, id)).equals(kept), `${type}: show`);
    assert.equal(line.in_base64 ?? false, bytes.includes(0xff), `${type}: in base64`);
  }
  for (const [what, { type, id, part, bytes }] of parts) {
    const shown = readLine(await house.show(type, id, '--parts'));
    assert.ok(shown.parts[part].includes(spacedBreaks(bytes)), `${what}: ${shown.parts[part].toString('latin1')}`);
    assert.ok(lines.get(`${type} ${id}`).parts[part].equals(shown.parts[part]), what);
  }
  await house.checkVault({ exact: true });
  assert.equal((await house.backup(['--full'])).versions, 0, 'the same bytes again are nothing new');
});

test('a store that pretty-prints, or writes the same values in another way, is kept as it writes and makes no versions', async (t) => {
  const house = await openHouse(t, { store: { ...EVERYTHING, pretty: true, settings: { api_share: 1 } } });
  const { store } = house;
  const first = await house.backup(['--full']);
  for (const line of house.lines()) assert.ok(!line.item.includes(0x0a), line.type);
  await house.checkVault({ exact: true });
  // Ways that the reference leaves open: escapes, 204 or an empty list, whose deleted rows a list has, metas of a first page.
  const ways = {
    escape_unicode: 'true',
    escape_slashes: 'all',
    order_empty_list: '200',
    orders_list_contains_archived: 'true',
    customers_first_page_cursor: 'false',
    cursor_without_links: 'true',
    pagination_links: 'true',
    channels_default_list: 'without_deleted',
  };
  await store.set(ways);
  const again = await house.backup(['--full']);
  assert.equal(again.versions, 0, house.lines().slice(first.versions).map((line) => `${line.type} ${line.id}`).join());
});
