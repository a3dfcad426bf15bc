// Customers, their parts, groups and e-mail templates.

import test from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { openStore } from './open_store.mjs';

const OPTIONS = { customers: 220, customerGroups: 9, customerAttributes: 16, emailTemplates: 12, priceLists: 3 };
const store = await openStore(OPTIONS);
const C = '/v3/customers';
const A = `${C}/addresses`;
const V = `${C}/attribute-values`;
const F = `${C}/form-field-values`;
const G = '/v2/customer_groups';
const E = '/v3/marketing/email-templates';

let serial = 0;
const person = (more = {}) => ({ email: `test.${++serial}@example.com`, first_name: 'Test', last_name: `Person ${serial}`, ...more });
const make = async (more, on = store) => {
  const r = await on.post(C, [person(more)]);
  assert.equal(r.status, 200, r.text);
  return r.body.data[0];
};
const read = async (id, include = '', on = store) => (await on.get(`${C}?id:in=${id}${include && `&include=${include}`}`)).body.data[0];
const home = (customer_id, more = {}) => ({
  customer_id,
  first_name: 'Jane',
  last_name: 'Doe',
  address1: '1 Main St',
  city: 'Austin',
  country_code: 'US',
  state_or_province: 'Texas',
  postal_code: '78759',
  ...more,
});

// ---- reading ------------------------------------------------------------------------------------
test('pages and cursors see every customer once, and agree', async () => {
  const byPage = [];
  for (let page = 1; page <= 5; page++) byPage.push(...(await store.get(`${C}?limit=50&page=${page}`)).body.data);
  const byCursor = [];
  let after = '';
  for (;;) {
    const { body } = await store.get(`${C}?limit=50${after && `&after=${after}`}`);
    byCursor.push(...body.data);
    if (!body.meta.cursor_pagination.links.next) break;
    after = encodeURIComponent(body.meta.cursor_pagination.end_cursor);
  }
  assert.equal(byPage.length, 220);
  assert.deepEqual(byCursor, byPage);
  assert.equal(new Set(byPage.map((c) => c.id)).size, 220);
  assert.deepEqual(
    (await store.control('GET', 'state/customers')).ids,
    byPage.map((c) => c.id),
  );
});

test('the first page has both metas, later ones pagination without links, cursor pages the cursor only; page then counts for nothing', async () => {
  const first = (await store.get(`${C}?limit=50`)).body.meta;
  assert.deepEqual(first.pagination, { total: 220, count: 50, per_page: 50, current_page: 1, total_pages: 5 });
  const second = (await store.get(`${C}?limit=50&page=2`)).body;
  assert.deepEqual(Object.keys(second.meta), ['pagination']);
  const cursor = encodeURIComponent(first.cursor_pagination.end_cursor);
  const next = (await store.get(`${C}?limit=50&page=4&after=${cursor}`)).body;
  assert.deepEqual(Object.keys(next.meta), ['cursor_pagination']);
  assert.deepEqual(next.data, second.data);
  const back = (await store.get(`${C}?limit=50&before=${encodeURIComponent(next.meta.cursor_pagination.start_cursor)}`)).body;
  assert.deepEqual(back.data, (await store.get(`${C}?limit=50`)).body.data);
  assert.equal((await store.get(`${C}?after=${cursor}&before=${cursor}`)).status, 422);
  assert.equal((await store.get(`${C}?after=nonsense`)).status, 422);
  const past = (await store.get(`${C}?limit=50&page=9`)).body;
  assert.deepEqual([past.data, past.meta.pagination.total, past.meta.pagination.current_page], [[], 220, 9]);
  store.switch('customers_first_page_cursor', false);
  assert.deepEqual(Object.keys((await store.get(C)).body.meta), ['pagination']);
  store.switch('customers_first_page_cursor', true);
});

test('every sort can be followed by cursor, in both directions', async () => {
  for (const sort of ['last_name:asc', 'last_name:desc', 'date_created:asc', 'date_modified:desc']) {
    const field = sort.split(':')[0];
    const seen = [];
    for (let after = ''; ;) {
      const { body } = await store.get(`${C}?limit=70&sort=${sort}${after && `&after=${after}`}`);
      seen.push(...body.data);
      if (!body.meta.cursor_pagination.links.next) break;
      after = encodeURIComponent(body.meta.cursor_pagination.end_cursor);
    }
    assert.equal(new Set(seen.map((c) => c.id)).size, 220, sort);
    const keys = seen.map((c) => c[field].toLowerCase());
    const sorted = [...keys].sort();
    assert.deepEqual(keys, sort.endsWith('desc') ? sorted.reverse() : sorted, sort);
  }
});

test('embedded addresses and attributes are cut at 10, the counts are true, the rest is in the lists of their own', async () => {
  const all = (await store.get(`${C}?limit=250&include=addresses,attributes,formfields,storecredit,shopper_profile_id,segment_ids`)).body
    .data;
  const rich = all.find((c) => c.address_count > 10);
  const tagged = all.find((c) => c.attribute_count > 10);
  assert.equal(rich.addresses.length, 10);
  assert.equal(tagged.attributes.length, 10);
  const addresses = (await store.get(`${A}?customer_id:in=${rich.id}&limit=250&include=formfields`)).body.data;
  assert.equal(addresses.length, rich.address_count);
  assert.deepEqual(addresses.slice(0, 10), rich.addresses);
  const values = (await store.get(`${V}?customer_id:in=${tagged.id}`)).body.data;
  assert.equal(values.length, tagged.attribute_count);
  assert.ok(all.every((c) => c.channel_ids === null && Array.isArray(c.segment_ids) && c.store_credit_amounts.length === 1));
  assert.ok(all.some((c) => c.form_fields.length) && all.every((c) => c.form_fields.every((f) => f.customer_id === c.id)));
  const bare = (await store.get(`${C}?limit=250`)).body.data;
  for (const hidden of ['addresses', 'attributes', 'form_fields', 'store_credit_amounts', 'shopper_profile_id', 'consent'])
    assert.ok(
      bare.every((c) => !(hidden in c)),
      hidden,
    );
  assert.ok(
    bare.every((c) => /@(mail\.)?example\.(com|org|net)$/.test(c.email) && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(c.date_modified)),
  );
});

test('filters do what they say', async () => {
  const all = (await store.get(`${C}?limit=250`)).body.data;
  const [one, two] = [all[5], all[17]];
  const ids = async (query) => (await store.get(`${C}?limit=250&${query}`)).body.data.map((c) => c.id);
  const where = (test) => all.filter(test).map((c) => c.id);
  assert.deepEqual(
    await ids(`email:in=${encodeURIComponent(two.email.toUpperCase())},${encodeURIComponent(one.email)},nobody@example.com`),
    [one.id, two.id],
  );
  assert.deepEqual(await ids(`id:in=${two.id},${one.id},999999`), [one.id, two.id]);
  const full = (c) => `${c.first_name} ${c.last_name}`;
  assert.deepEqual(
    await ids(`name:in=${encodeURIComponent(full(one))}`),
    where((c) => full(c) === full(one)),
  );
  assert.deepEqual(
    await ids(`name:like=${encodeURIComponent('smith,ł')}`),
    where((c) => /smith|ł/i.test(full(c))),
  );
  const company = all.find((c) => c.company).company;
  assert.deepEqual(
    await ids(`company:in=${encodeURIComponent(company)}`),
    where((c) => c.company === company),
  );
  assert.deepEqual(
    await ids('customer_group_id:in=2,5'),
    where((c) => [2, 5].includes(c.customer_group_id)),
  );
  const middle = all.map((c) => c.date_modified).sort()[100];
  assert.deepEqual(
    await ids(`date_modified:min=${middle}`),
    where((c) => c.date_modified >= middle),
  );
  assert.deepEqual(
    await ids(`date_created:max=${middle}`),
    where((c) => c.date_created <= middle),
  );
  assert.equal((await store.get(`${C}?date_modified:greater=2020-01-01`)).status, 422);
  assert.equal((await store.get(`${C}?include=wishlists`)).status, 422);
  assert.equal((await store.get(`${C}?sort=id`)).status, 422);
  assert.equal((await store.get(`${C}?id:in=`)).status, 422);
  assert.equal((await store.get(`${C}/${one.id}`)).status, 404, 'there is no read by id');
});

// ---- customers ----------------------------------------------------------------------------------
test('a batch has ten rows at most and is refused as a whole; by the switch the good rows are saved all the same', async () => {
  assert.equal(
    (
      await store.post(
        C,
        Array.from({ length: 11 }, () => person()),
      )
    ).status,
    413,
  );
  assert.equal((await store.post(C, [])).status, 422);
  assert.equal((await store.post(C, person())).status, 422);
  const [good, bad] = [person(), person({ email: 'no address' })];
  const whole = await store.post(C, [good, bad, { email: 'x@example.com', first_name: 'only' }]);
  assert.deepEqual([whole.status, whole.body.title], [422, 'Create customers failed.']);
  assert.deepEqual(whole.body.errors, { '1.email': 'invalid email', '2.last_name': 'last_name is required' });
  const found = async (on) => (await on.get(`${C}?email:in=${good.email}`)).body.data.length;
  assert.equal(await found(store), 0);
  store.switch('customers_batch', 'partial');
  assert.equal((await store.post(C, [good, bad])).status, 422);
  assert.equal(await found(store), 1);
  store.switch('customers_batch', 'whole');
});

test('an e-mail address is unique whatever its case, against the seed, the written and the same batch', async () => {
  const seeded = (await store.get(`${C}?limit=1`)).body.data[0];
  assert.equal((await store.post(C, [person({ email: seeded.email.toUpperCase() })])).status, 422);
  const made = await make();
  const again = await store.post(C, [person({ email: made.email })]);
  assert.deepEqual(again.body.errors, { '0.email': `email ${made.email} already in use` });
  assert.equal((await store.post(C, [person({ email: 'twin@example.com' }), person({ email: 'TWIN@example.com' })])).status, 422);
  assert.equal((await store.put(C, [{ id: made.id, email: seeded.email }])).status, 422);
  assert.equal((await store.put(C, [{ id: made.id, email: made.email.toUpperCase() }])).status, 200, 'its own address');
  assert.equal((await store.put(C, [{ id: seeded.id, email: 'moved@example.com' }])).status, 200);
  assert.equal((await store.get(`${C}?email:in=${encodeURIComponent(seeded.email)}`)).body.data.length, 0);
  assert.equal((await store.post(C, [person({ email: seeded.email })])).status, 200, 'the old address is free');
  store.switch('customer_email_unique', 'channel');
  const one = await make({ email: 'both@example.com', channel_ids: [1] });
  const two = await make({ email: 'both@example.com', channel_ids: [2] });
  assert.equal((await store.post(C, [person({ email: 'both@example.com' })])).status, 422, 'null is every channel');
  assert.deepEqual(
    (await store.get(`${C}?email:in=both@example.com`)).body.data.map((c) => c.id),
    [one.id, two.id],
  );
  store.switch('customer_email_unique', 'store');
});

test('a new customer gets what was sent, the clock of the store, and no password back', async () => {
  const attribute = (await store.get(`${C}/attributes?type=string`)).body.data[0].id;
  const made = await make({
    notes: 'ünïcode\r\n<b>',
    authentication: { force_password_reset: true, new_password: 'Secret12345' },
    addresses: [home(undefined), home(undefined), home(undefined, { address1: '2 Main St' })].map(({ customer_id, ...a }) => a),
    attributes: [{ attribute_id: attribute, attribute_value: 'gold' }],
    form_fields: [{ name: 'shirt_size', value: 'Large' }],
    store_credit_amounts: [{ amount: 43.15 }],
    date_created: '2001-01-01T00:00:00Z',
  });
  assert.deepEqual(made.authentication, { force_password_reset: true });
  assert.equal(made.date_created.slice(0, 10), '2026-01-10');
  assert.deepEqual([made.address_count, made.attribute_count, made.channel_ids], [2, 1, null]);
  const seen = await read(made.id, 'addresses,attributes,formfields,storecredit');
  assert.deepEqual(
    seen.addresses.map((a) => [a.address1, a.country, a.customer_id]),
    [
      ['1 Main St', 'United States', made.id],
      ['2 Main St', 'United States', made.id],
    ],
  );
  assert.equal(seen.attributes[0].attribute_value, 'gold');
  assert.deepEqual(seen.form_fields, [{ name: 'shirt_size', value: 'Large', customer_id: made.id }]);
  assert.deepEqual(seen.store_credit_amounts, [{ amount: 43.15 }]);
});

test('references must exist: group, channels, attribute; channel_ids may be null and not empty', async () => {
  for (const more of [
    { customer_group_id: 9999 },
    { channel_ids: [] },
    { channel_ids: [77] },
    { origin_channel_id: 77 },
    { attributes: [{ attribute_id: 9999, attribute_value: 'x' }] },
    { form_fields: [{ name: 'no such field', value: 'x' }] },
    { form_fields: [{ name: 'shirt_size', value: 'Gigantic' }] },
    { addresses: Array.from({ length: 11 }, (_, k) => home(undefined, { address1: `${k} St` })) },
  ])
    assert.equal((await store.post(C, [person(more)])).status, 422, JSON.stringify(more).slice(0, 60));
  await make({ channel_ids: null, customer_group_id: 0 });
  store.switch('unknown_form_fields', 'ignore');
  const made = await make({ form_fields: [{ name: 'no such field', value: 'x' }] });
  assert.deepEqual((await read(made.id, 'formfields')).form_fields, []);
  store.switch('unknown_form_fields', 'reject');
  const inDefault = await make();
  assert.equal(inDefault.customer_group_id, (await store.get(`${G}?is_default=true`)).body[0].id);
});

test('a welcome mail goes out unless it is refused', async () => {
  const mails = async () =>
    (await store.control('GET', 'mails')).mails.filter((m) => m.kind === 'createaccount_email').map((m) => m.customer_id);
  const loud = await make();
  const quiet = await make({ trigger_account_created_notification: false });
  assert.ok((await mails()).includes(loud.id));
  assert.ok(!(await mails()).includes(quiet.id));
  store.switch('welcome_mail_by_default', false);
  const third = await make();
  assert.ok(!(await mails()).includes(third.id));
  store.switch('welcome_mail_by_default', true);
});

test('a PUT changes the fields that it names, leaves sub-resources alone and moves date_modified', async () => {
  const rich = (await store.get(`${C}?limit=250`)).body.data.find((c) => c.address_count > 10);
  const put = await store.put(C, [
    { id: rich.id, notes: 'new note', origin_channel_id: 2, registration_ip_address: '203.0.113.9', addresses: [], attributes: [] },
  ]);
  assert.equal(put.status, 200, put.text);
  const now = await read(rich.id);
  assert.deepEqual({ ...now, notes: rich.notes, date_modified: rich.date_modified }, rich);
  assert.equal(now.notes, 'new note');
  assert.ok(now.date_modified > rich.date_modified);
  assert.equal((await store.put(C, [{ notes: 'x' }])).status, 422);
  assert.deepEqual((await store.put(C, [{ id: 999999, notes: 'x' }])).body.errors, { '0.id': 'customer 999999 does not exist' });
  assert.equal((await store.put(C, [{ id: rich.id, last_name: null }])).status, 422);
});

test('DELETE without id:in does nothing; with it the customer and all that hangs on it are gone, and the id never comes back', async () => {
  const before = (await store.control('GET', 'state/customers')).count;
  assert.equal((await store.del(C)).status, 204);
  assert.equal((await store.control('GET', 'state/customers')).count, before);
  const rich = await store.control(
    'GET',
    `item/customers/${(await store.get(`${C}?limit=250`)).body.data.find((c) => c.address_count > 10).id}`,
  );
  const form = await store.control('GET', 'state/customer_form_field_values');
  assert.ok(form.ids.some((id) => id.startsWith(`customer/${rich.id}/`) || rich.addresses.some((a) => id.startsWith(`address/${a.id}/`))));
  assert.equal((await store.del(`${C}?id:in=${rich.id},999999`)).status, 204);
  assert.equal(await read(rich.id), undefined);
  assert.deepEqual((await store.get(`${A}?customer_id:in=${rich.id}`)).body.data, []);
  assert.deepEqual((await store.get(`${A}?id:in=${rich.addresses[0].id}`)).body.data, []);
  assert.deepEqual((await store.get(`${V}?customer_id:in=${rich.id}`)).body.data, []);
  assert.equal((await store.get(`${C}/${rich.id}/metafields`)).status, 404);
  assert.equal((await store.get(`${C}/${rich.id}/consent`)).status, 404);
  const after = await store.control('GET', 'state/customer_form_field_values');
  assert.ok(
    !after.ids.some((id) => id.startsWith(`customer/${rich.id}/`) || rich.addresses.some((a) => id.startsWith(`address/${a.id}/`))),
  );
  assert.notEqual((await make({ email: rich.email })).id, rich.id);
});

// ---- addresses ----------------------------------------------------------------------------------
test('an equal address is dropped without a word, in a POST, in one batch and in a PUT', async () => {
  const { id } = await make();
  const first = await store.post(A, [home(id), home(id), home(id, { address_type: 'residential' }), home(id, { phone: '1' })]);
  assert.deepEqual([first.status, first.body.data.length], [200, 2]);
  const again = await store.post(A, [home(id, { form_fields: [{ name: 'Floor', value: 3 }] })]);
  assert.deepEqual([again.status, again.text], [200, '{"data":[],"meta":{}}']);
  const [one, two] = (await store.get(`${A}?customer_id:in=${id}&include=formfields`)).body.data;
  assert.deepEqual([one.form_fields, two.phone], [[], '1']);
  const put = await store.put(A, [{ id: two.id, phone: '', form_fields: [{ name: 'Floor', value: 4 }] }]);
  assert.deepEqual([put.status, put.body.data], [200, []]);
  assert.equal((await store.get(`${A}?id:in=${two.id}`)).body.data[0].phone, '1');
  assert.equal((await read(id)).address_count, 2);
});

test('addresses: required fields by country, full state names, known countries, ten rows', async () => {
  const { id } = await make();
  const status = async (more) => (await store.post(A, [{ ...home(id), ...more }])).status;
  assert.equal(await status({ state_or_province: 'TX' }), 422);
  assert.equal(await status({ state_or_province: '' }), 422);
  assert.equal(await status({ postal_code: '' }), 422);
  assert.equal(await status({ country_code: 'XX' }), 422);
  assert.equal(await status({ city: undefined }), 422);
  assert.equal(await status({ customer_id: 999999 }), 422);
  assert.equal(await status({ address_type: 'castle' }), 422);
  assert.equal(await status({ country_code: 'HK', state_or_province: '', postal_code: '' }), 200);
  assert.equal(
    (
      await store.post(
        A,
        Array.from({ length: 11 }, (_, k) => home(id, { address1: `${k}` })),
      )
    ).status,
    413,
  );
  assert.equal((await store.del(A)).status, 422);
  const [row] = (await store.get(`${A}?customer_id:in=${id}`)).body.data;
  assert.equal(
    (await store.put(A, [{ id: row.id, state_or_province: 'Texas', country_code: 'US' }])).status,
    422,
    'the US need a postal code',
  );
  const moved = await store.put(A, [{ id: row.id, country_code: 'DE', postal_code: '50667' }]);
  assert.deepEqual([moved.body.data[0].country, moved.body.data[0].postal_code], ['Germany', '50667']);
  assert.equal((await store.del(`${A}?id:in=${row.id}`)).status, 204);
  assert.equal((await read(id)).address_count, 0);
});

test('writes to parts move date_modified of the customer by the switch only', async () => {
  const writes = async (id, n) => {
    const [address] = (await store.post(A, [home(id, { address1: `Moving ${n}` })])).body.data;
    await store.put(A, [{ id: address.id, form_fields: [{ name: 'Floor', value: n }] }]);
    await store.put(V, [
      { customer_id: id, attribute_id: (await store.get(`${C}/attributes?type=number`)).body.data[0].id, value: `${n}` },
    ]);
    await store.post(`${C}/metafields`, [{ resource_id: id, namespace: 'n', key: `k${n}`, value: 'v', permission_set: 'write' }]);
    await store.del(`${A}?id:in=${address.id}`);
  };
  const { id, date_modified } = await make();
  await store.control('POST', 'clock', { advance_ms: 3600000 });
  await writes(id, 1);
  assert.equal((await read(id)).date_modified, date_modified);
  store.switch('customer_parts_move_date_modified', true);
  await writes(id, 2);
  assert.ok((await read(id)).date_modified > date_modified);
  store.switch('customer_parts_move_date_modified', false);
});

// ---- attributes ---------------------------------------------------------------------------------
test('attribute definitions: unique names, fixed types, 50 per store; deleting one deletes its values', async () => {
  const D = `${C}/attributes`;
  const made = (await store.post(D, [{ name: 'Colour', type: 'string' }])).body.data[0];
  assert.equal((await store.post(D, [{ name: 'COLOUR', type: 'date' }])).status, 422);
  assert.equal((await store.post(D, [{ name: 'Bad', type: 'boolean' }])).status, 422);
  assert.equal((await store.put(D, [{ id: made.id, name: 'Colour', type: 'number' }])).status, 422);
  assert.equal((await store.put(D, [{ id: made.id, name: 'Farbe' }])).body.data[0].name, 'Farbe');
  assert.equal((await store.put(D, [{ id: made.id }])).status, 422, 'name is required');
  const rows = (n) => Array.from({ length: n }, (_, k) => ({ name: `Extra ${++serial} ${k}`, type: 'string' }));
  assert.equal((await store.post(D, rows(11))).status, 413);
  const size = async () => (await store.get(`${D}?limit=250`)).body.meta.pagination.total;
  while ((await size()) + 10 <= 50) assert.equal((await store.post(D, rows(10))).status, 200);
  assert.equal((await store.post(D, rows(10))).status, 403);
  store.switch('attribute_name_unique', false);
  assert.equal((await store.post(D, [{ name: 'Farbe', type: 'date' }])).status, 200);
  store.switch('attribute_name_unique', true);

  const [seeded] = (await store.get(`${V}?limit=250`)).body.data;
  const total = async (query = '') => (await store.get(`${V}?limit=1${query}`)).body.meta.pagination.total;
  const theirs = await total(`&attribute_id:in=${seeded.attribute_id}`);
  const all = await total();
  const count = (await read(seeded.customer_id)).attribute_count;
  assert.ok(theirs > 1 && theirs < all);
  assert.equal((await store.del(D)).status, 422);
  assert.equal((await store.del(`${D}?id:in=${seeded.attribute_id}`)).status, 204);
  assert.equal(await total(), all - theirs);
  assert.equal(await total(`&attribute_id:in=${seeded.attribute_id}`), 0);
  assert.equal((await read(seeded.customer_id)).attribute_count, count - 1);
});

test('attribute values are upserted by customer and attribute, read as attribute_value and written as value', async () => {
  const { id } = await make();
  const attribute = (type) => [...store.fake.customers.definitions.values()].find((d) => d.type === type).id;
  const [text, number, date] = ['string', 'number', 'date'].map(attribute);
  const put = await store.put(V, [
    { customer_id: id, attribute_id: text, value: 'first' },
    { customer_id: id, attribute_id: number, value: '19.9900' },
  ]);
  assert.equal(put.status, 200, put.text);
  assert.equal(put.body.data[1].attribute_value, '19.9900');
  const second = (await store.put(V, [{ customer_id: id, attribute_id: text, value: 'second' }])).body.data[0];
  assert.deepEqual([second.id, second.attribute_value], [put.body.data[0].id, 'second']);
  assert.equal((await read(id)).attribute_count, 2);
  for (const row of [
    { customer_id: id, attribute_id: number, value: 'seven' },
    { customer_id: id, attribute_id: number, value: 7 },
    { customer_id: id, attribute_id: date, value: 'someday' },
    { customer_id: id, attribute_id: text, attribute_value: 'read name' },
    { customer_id: 999999, attribute_id: text, value: 'x' },
    { customer_id: id, attribute_id: text, value: 'x', id: put.body.data[1].id },
  ])
    assert.equal((await store.put(V, [row])).status, 422, JSON.stringify(row));
  const eleven = (await store.control('GET', 'state/customers')).ids
    .slice(0, 11)
    .map((customer_id) => ({ customer_id, attribute_id: text, value: 'x' }));
  assert.equal((await store.put(V, eleven)).status, 413);
  assert.equal((await store.put(V, eleven.slice(0, 10))).status, 200);
  assert.equal((await store.del(`${V}?id:in=${second.id}`)).status, 204);
  assert.equal((await read(id)).attribute_count, 1);
});

// ---- form fields --------------------------------------------------------------------------------
test('form field values: page and cursor agree, rows belong to a customer or an address, filters by owner, name and type', async () => {
  const rows = [];
  for (let after = ''; ;) {
    const { body } = await store.get(`${F}?limit=40${after && `&after=${after}`}`);
    rows.push(...body.data);
    if (!body.meta.cursor_pagination.links.next) break;
    after = encodeURIComponent(body.meta.cursor_pagination.end_cursor);
  }
  const numbered = [];
  for (let page = 1; numbered.length < rows.length; page++) numbered.push(...(await store.get(`${F}?limit=40&page=${page}`)).body.data);
  assert.deepEqual(numbered, rows);
  assert.equal(rows.length, (await store.control('GET', 'health')).counts.customer_form_field_values);
  assert.ok(rows.every((r) => 'customer_id' in r !== 'address_id' in r && !('id' in r)));
  const list = rows.find((r) => Array.isArray(r.value) && r.customer_id);
  assert.ok((await store.get(`${F}?customer_id=${list.customer_id}&field_type=checkboxes`)).body.data.some((r) => r.name === list.name));
  const floor = rows.find((r) => r.name === 'Floor');
  assert.deepEqual((await store.get(`${F}?address_id=${floor.address_id}&field_name=Floor`)).body.data, [floor]);
  assert.equal((await store.get(`${F}?field_type=checkbox`)).status, 422);
  const put = await store.put(F, [{ customer_id: list.customer_id, name: 'Sales Rep', value: 'Miss Moneypenny' }]);
  assert.equal(put.status, 200);
  assert.equal((await store.get(`${F}?customer_id=${list.customer_id}&field_name=Sales+Rep`)).body.data[0].value, 'Miss Moneypenny');
  assert.equal((await store.put(F, [{ name: 'Sales Rep', value: 'x' }])).status, 422);
});

// ---- consent, settings, metafields ----------------------------------------------------------------
test('consent: bare object, updated_at is the time of the call', async () => {
  const { id } = await make();
  const at = `${C}/${id}/consent`;
  const first = (await store.get(at)).body;
  assert.deepEqual([first.allow, first.deny], [[], []]);
  await store.control('POST', 'clock', { advance_ms: 5000 });
  assert.ok((await store.get(at)).body.updated_at > first.updated_at);
  const put = (await store.put(at, { allow: ['essential'], deny: ['analytics'] })).body;
  assert.deepEqual([put.allow, put.deny], [['essential'], ['analytics']]);
  assert.equal((await store.put(at, { allow: ['everything'] })).status, 422);
  assert.equal((await store.put(at, { allow: ['analytics'], deny: ['analytics'] })).status, 422);
  store.switch('consent_wrapped', true);
  assert.deepEqual((await store.get(at)).body.data.allow, ['essential']);
  store.switch('consent_wrapped', false);
});

test('settings name the default and the guest group; a channel inherits with null', async () => {
  const S = `${C}/settings`;
  const groups = (await store.get(G)).body;
  const settings = (await store.get(S)).body.data;
  assert.equal(settings.customer_group_settings.default_customer_group_id, groups.find((g) => g.is_default).id);
  const other = groups.find((g) => !g.is_default && !g.is_group_for_guests);
  const put = await store.put(S, {
    customer_group_settings: { default_customer_group_id: other.id },
    privacy_settings: { policy_url: 'https://example.com/p' },
  });
  assert.equal(put.body.data.customer_group_settings.default_customer_group_id, other.id);
  assert.equal((await store.get(`${G}/${other.id}`)).body.is_default, true);
  assert.equal((await store.get(`${G}?is_default=true`)).body.length, 1);
  assert.equal((await store.put(S, { customer_group_settings: { guest_customer_group_id: 9999 } })).status, 422);
  const channel = (await store.get(`${S}/channels/2`)).body.data;
  assert.deepEqual([channel.customer_group_settings.default_customer_group_id, channel.allow_global_logins], [null, false]);
  await store.put(`${S}/channels/2`, { customer_group_settings: { default_customer_group_id: other.id } });
  assert.equal((await store.get(`${S}/channels/2`)).body.data.customer_group_settings.default_customer_group_id, other.id);
  await store.put(`${S}/channels/2`, { customer_group_settings: null });
  assert.equal((await store.get(`${S}/channels/2`)).body.data.customer_group_settings.default_customer_group_id, null);
  assert.equal((await store.get(`${S}/channels/99`)).status, 404);
});

test('customer metafields: bulk and per customer, unique, answered as the file for customers says', async () => {
  const seeded = (await store.get(`${C}/metafields?limit=250`)).body;
  assert.ok(seeded.data.length > 5 && seeded.data.every((m) => m.resource_type === 'customer'));
  const { id } = await make();
  const row = { namespace: 'erp', key: 'level', value: 'gold', permission_set: 'write' };
  const at = `${C}/${id}/metafields`;
  const made = (await store.post(at, row)).body;
  assert.ok(Array.isArray(made.data) && Array.isArray(made.errors));
  assert.equal((await store.post(at, row)).status, 409);
  const m = made.data[0].id;
  assert.equal((await store.put(`${at}/${m}`, { value: 'silver' })).status, 422, 'id is required in the body');
  store.switch('customer_metafield_single_answer', 'object');
  assert.equal((await store.put(`${at}/${m}`, { id: m, value: 'silver' })).body.data.value, 'silver');
  store.switch('customer_metafield_single_answer', 'list');
  const bulk = await store.post(`${C}/metafields`, [
    { ...row, resource_id: id },
    { ...row, key: 'two', resource_id: id },
  ]);
  assert.deepEqual([bulk.status, bulk.body.meta], [422, { total: 2, success: 1, failed: 1 }]);
  assert.equal((await store.get(at)).body.data.length, 2);
  assert.equal((await store.get(`${at}?id:in=${m}`)).status, 422, 'no filter by id here');
  assert.equal((await store.del(`${C}/metafields`)).status, 422);
  assert.equal((await store.del(`${C}/metafields`, [m])).status, 200);
  assert.equal((await store.get(`${at}/${m}`)).status, 404);
});

// ---- groups -------------------------------------------------------------------------------------
test('groups: V2 answers, filters, count, 204 past the end', async () => {
  const all = (await store.get(G)).body;
  assert.equal(all.length, 9);
  assert.deepEqual((await store.get(`${G}/count`)).body, { count: 9 });
  assert.deepEqual((await store.get(`${G}?limit=4&page=3`)).body, all.slice(8));
  const end = await store.get(`${G}?page=9`);
  assert.deepEqual([end.status, end.text], [204, '']);
  assert.deepEqual(
    (await store.get(`${G}?name=${encodeURIComponent('vip')}`)).body.map((g) => g.name),
    ['VIP'],
  );
  assert.equal((await store.get(`${G}?is_group_for_guests=true`)).body.length, 1);
  const middle = all.map((g) => g.date_created).sort()[4];
  assert.deepEqual(
    (await store.get(`${G}?date_created:min=${middle.replace(' ', 'T')}`)).body.map((g) => g.id),
    all.filter((g) => g.date_created >= middle).map((g) => g.id),
  );
  const gone = await store.get(`${G}/999`);
  assert.deepEqual([gone.status, gone.body], [404, [{ status: 404, message: 'The requested resource was not found.' }]]);
  assert.equal((await store.get(`${G}?id:in=1`)).status, 400);
});

test('groups: rules are checked and replaced as a whole; amounts are text with four decimals', async () => {
  const category = [...store.cat.categories.keys()][0];
  const product = store.cat.products.ids[0];
  const [list] = (await store.control('GET', 'state/price_lists')).ids;
  const seeded = (await store.get(G)).body.flatMap((g) => g.discount_rules);
  assert.ok(seeded.some((r) => r.type === 'price_list' && store.fake.pricing.lists.has(r.price_list_id)));
  const made = await store.post(G, {
    name: 'Trade',
    category_access: { type: 'specific', categories: [category] },
    discount_rules: [
      { type: 'all', method: 'percent', amount: 5 },
      { type: 'category', method: 'fixed', amount: '2.5', category_id: category },
      { type: 'product', method: 'price', amount: '9.9900', product_id: product },
    ],
  });
  assert.equal(made.status, 200, made.text);
  assert.deepEqual(
    made.body.discount_rules.map((r) => r.amount),
    ['5.0000', '2.5000', '9.9900'],
  );
  const at = `${G}/${made.body.id}`;
  assert.equal((await store.post(G, { name: 'trade' })).status, 409);
  assert.equal((await store.post(G, {})).status, 400);
  for (const body of [
    {
      discount_rules: [
        { type: 'price_list', price_list_id: list },
        { type: 'all', method: 'percent', amount: '1' },
      ],
    },
    {
      discount_rules: [
        { type: 'all', method: 'percent', amount: '1' },
        { type: 'all', method: 'fixed', amount: '1' },
      ],
    },
    { discount_rules: [{ type: 'category', method: 'percent', amount: '1', category_id: 999999 }] },
    { discount_rules: [{ type: 'product', method: 'percent', amount: '1' }] },
    { discount_rules: [{ type: 'price_list', price_list_id: 9999 }] },
    { category_access: { type: 'specific', categories: [999999] } },
    { category_access: { type: 'all', categories: [category] } },
    { id: made.body.id, name: 'x' },
    { date_created: 'x' },
  ])
    assert.equal((await store.put(at, body)).status, 400, JSON.stringify(body));
  const put = (await store.put(at, { discount_rules: [{ type: 'price_list', price_list_id: list }], category_access: { type: 'none' } }))
    .body;
  assert.deepEqual(
    [put.discount_rules, put.category_access, put.name],
    [[{ type: 'price_list', price_list_id: list }], { type: 'none' }, 'Trade'],
  );
  assert.equal((await store.del(at)).status, 204);
  assert.equal((await store.del(at)).status, 404);
});

test('a failed storewide discount answers 207 and leaves the group without it', async () => {
  store.switch('group_storewide_discount', 'fails');
  const r = await store.post(G, { name: 'Partly', discount_rules: [{ type: 'all', method: 'percent', amount: '5' }] });
  assert.deepEqual([r.status, r.body.status, Object.keys(r.body)], [207, 207, ['status', 'message']]);
  const [made] = (await store.get(`${G}?name=Partly`)).body;
  assert.deepEqual(made.discount_rules, []);
  store.switch('group_storewide_discount', 'saved');
  const again = await store.put(`${G}/${made.id}`, { discount_rules: [{ type: 'all', method: 'percent', amount: '5' }] });
  assert.deepEqual([again.status, again.body.discount_rules[0].amount], [200, '5.0000']);
});

test('a second default group takes the flag over, or is refused', async () => {
  const made = (await store.post(G, { name: 'New default', is_default: true })).body;
  assert.deepEqual(
    (await store.get(`${G}?is_default=true`)).body.map((g) => g.id),
    [made.id],
  );
  store.switch('second_special_group', 'refuse');
  assert.equal((await store.post(G, { name: 'Another default', is_default: true })).status, 409);
  assert.equal((await store.put(`${G}/${made.id}`, { is_default: true })).status, 200);
  store.switch('second_special_group', 'moves');
});

for (const touches of [false, true])
  test(`a deleted group leaves its members with group 0 ${touches ? 'and moves' : 'without moving'} their date_modified`, async () => {
    const other = await openStore({ ...OPTIONS, switches: { group_delete_touches_customers: touches } });
    const before = (await other.get(`${C}?limit=250`)).body.data;
    const group = before.find((c) => c.customer_group_id).customer_group_id;
    const members = before.filter((c) => c.customer_group_id === group);
    // One of them was written before, the others are still the seed's.
    await other.put(C, [{ id: members[0].id, notes: 'edited' }]);
    await other.control('POST', 'clock', { advance_ms: 3600000 });
    const edited = await read(members[0].id, '', other);
    assert.equal((await other.del(`${G}/${group}`)).status, 204);
    const after = (await other.get(`${C}?limit=250`)).body.data;
    assert.ok(after.every((c) => c.customer_group_id !== group));
    for (const was of [edited, members[1]]) {
      const now = after.find((c) => c.id === was.id);
      assert.equal(now.customer_group_id, 0);
      assert.equal(now.date_modified > was.date_modified, touches);
    }
    assert.equal((await other.get(`${C}?customer_group_id:in=${group}`)).body.data.length, 0);
    const untouched = before.find((c) => c.customer_group_id !== group);
    assert.deepEqual(
      after.find((c) => c.id === untouched.id),
      untouched,
    );
  });

// ---- e-mail templates -----------------------------------------------------------------------------
test('e-mail templates: a fixed set, overrides per channel by PUT, back to the global one by DELETE', async () => {
  const all = (await store.get(E)).body.data;
  assert.equal(all.length, 12);
  const seeded = 'createaccount_email';
  assert.notDeepEqual(
    (await store.get(`${E}/${seeded}?channel_id=2`)).body.data,
    (await store.get(`${E}/${seeded}`)).body.data,
    'the seed has overrides',
  );
  const type = 'product_review_email';
  const global = all.find((t) => t.type_id === type);
  assert.deepEqual((await store.get(`${E}/${type}?channel_id=2`)).body.data, global, 'inherited');
  const own = { ...global, subject: 'Welcome to the outlet' };
  assert.deepEqual((await store.put(`${E}/${type}?channel_id=2`, own)).body.data, own);
  assert.deepEqual((await store.get(`${E}/${type}?channel_id=2`)).body.data, own);
  assert.deepEqual((await store.get(`${E}/${type}`)).body.data, global);
  assert.deepEqual((await store.control('GET', `item/email_templates/2%2F${type}`)).subject, own.subject);
  assert.equal((await store.del(`${E}/${type}`)).status, 422, 'channel_id is required');
  const gone = await store.del(`${E}/${type}?channel_id=2`);
  assert.deepEqual([gone.status, gone.text], [200, '']);
  assert.deepEqual((await store.get(`${E}/${type}?channel_id=2`)).body.data, global);
  store.switch('email_template_channel_get', 'overrides');
  assert.equal((await store.get(`${E}/${type}?channel_id=2`)).status, 404);
  assert.equal((await store.get(`${E}?channel_id=2`)).body.data.length, 2);
  store.switch('email_template_channel_get', 'inherited');
  assert.equal((await store.get(`${E}?channel_id=99`)).status, 422);
  assert.equal((await store.get(`${E}/welcome_email`)).status, 404);
  assert.equal((await store.put(`${E}/${type}`, { subject: 'only' })).status, 422);
  assert.equal((await store.put(`${E}/${type}`, { ...global, type_id: 'invoice_email' })).status, 400);
});

test('an e-mail body that is too large is an error, and cut and saved by the switch', async () => {
  const at = `${E}/invoice_email`;
  const before = (await store.get(at)).body.data;
  const large = { ...before, body: 'x'.repeat(70000) };
  store.switch('email_body_too_large', 'refuse');
  const refused = await store.put(at, large);
  assert.deepEqual([refused.status, refused.body.title], [400, 'Email body too large']);
  assert.deepEqual((await store.get(at)).body.data, before);
  store.switch('email_body_too_large', 'cut');
  assert.equal((await store.put(at, large)).status, 400);
  assert.equal((await store.get(at)).body.data.body.length, 65536);
});

test('without --email-templates there are none, without --customers none of these', async () => {
  const bare = await openStore();
  assert.deepEqual((await bare.get(E)).body.data, []);
  assert.equal((await bare.get(`${E}/createaccount_email`)).status, 404);
  assert.deepEqual((await bare.get(C)).body.data, []);
  assert.equal((await bare.get(G)).status, 204);
  assert.equal((await bare.post(C, [person()])).status, 200);
});

// ---- control calls ------------------------------------------------------------------------------
test('control calls know every type: state, item, edit, create, delete, raw, random edits', async () => {
  const types = [
    ['customers', 'notes'],
    ['customer_addresses', 'address2'],
    ['customer_attributes', 'name'],
    ['customer_attribute_values', 'attribute_value'],
    ['customer_form_field_values', 'value'],
    ['customer_groups', 'name'],
    ['customer_metafields', 'value'],
    ['email_templates', 'subject'],
  ];
  const health = (await store.control('GET', 'health')).counts;
  for (const [type, field] of types) {
    const { ids, count } = await store.control('GET', `state/${type}`);
    assert.ok(count > 0 && ids.length === count, type);
    assert.equal(health[type], count, type);
    const id = ids[count - 1];
    await store.control('POST', 'edit', { type, id, set: { [field]: 'from the panel' } });
    assert.equal((await store.control('GET', `item/${type}/${encodeURIComponent(id)}`))[field], 'from the panel', type);
    assert.ok((await store.control('POST', 'edit', { type, id: type === 'customers' ? 99999 : 'customer/99999/x', set: {} })).error, type);
    if (type !== 'customer_form_field_values') {
      const made = await store.control('POST', 'create', { type });
      const now = (await store.control('GET', `state/${type}`)).ids;
      assert.ok(now.includes(made.id), `${type} ${JSON.stringify(made).slice(0, 200)}`);
      assert.equal((await store.control('POST', 'delete', { type, id: made.id })).deleted, true, type);
      assert.ok(!(await store.control('GET', `state/${type}`)).ids.includes(made.id), type);
    }
  }
  const kinds = [
    ...types.map(([t]) => `edit:${t}`),
    'create:customers',
    'delete:customers',
    'part:customers:addresses',
    'part:customers:metafields',
  ];
  const { changes } = await store.control('POST', 'random_edits', { n: 60, seed: 5, kinds });
  assert.ok(changes.length > 50, JSON.stringify(changes).slice(0, 300));
  assert.equal((await store.get(`${C}?limit=250&include=addresses,attributes,formfields`)).status, 200);
  assert.equal((await store.get(`${F}?limit=250`)).status, 200);
});

test('parts are edited, added and deleted by control calls', async () => {
  const { id } = await make();
  const part = (body) => store.control('POST', 'edit_part', { type: 'customers', id, ...body });
  const address = await part({ part: 'addresses', set: { city: 'Bonn' } });
  await part({ part: 'addresses', part_id: address.part_id, set: { city: 'Kiel' } });
  await part({ part: 'attributes', set: {} });
  await part({ part: 'metafields', set: { value: 'x' } });
  await part({ part: 'form_fields', part_id: 'Sales Rep', set: { value: 'Q' } });
  const item = await store.control('GET', `item/customers/${id}`);
  assert.equal(item.addresses[0].city, 'Kiel');
  assert.deepEqual([item.attributes.length, item.metafields.length, item.form_fields], [1, 1, [{ name: 'Sales Rep', value: 'Q' }]]);
  await part({ part: 'addresses', part_id: address.part_id, set: null });
  await part({ part: 'form_fields', part_id: 'Sales Rep', set: null });
  assert.equal((await read(id)).address_count, 0);
  assert.deepEqual((await store.get(`${F}?customer_id=${id}`)).body.data, []);
});

test('raw bytes stand for an item in its list; vanished items are absent from id:in', async () => {
  const { id } = await make();
  const bytes = Buffer.from(`{"id":${id},"email":"raw@example.com","weight":1.50}`);
  await store.control('PUT', `raw/customers/${id}`, bytes);
  assert.ok((await store.get(`${C}?id:in=${id}`)).text.includes(bytes.toString()));
  await store.control('DELETE', `raw/customers/${id}`);
  const group = (await store.get(G)).body[0].id;
  await store.control('PUT', `raw/customer_groups/${group}`, Buffer.from('{"id":1,"n":1.0}'));
  assert.equal((await store.get(`${G}/${group}`)).text, '{"id":1,"n":1.0}');
  await store.control('DELETE', `raw/customer_groups/${group}`);
  const rule = store.trouble({ path_regex: '^/v3/customers$' }, { vanish: [id] });
  assert.deepEqual((await store.get(`${C}?id:in=${id}`)).body.data, []);
  store.fake.troubles.remove(rule.id);
});

test('listing troubles strike customers as they do products', async () => {
  const total = (await store.get(`${C}?limit=1`)).body.meta.pagination.total;
  const rule = store.trouble({ path_regex: '^/v3/customers$' }, { half_pages: true, total: 'honest' });
  let seen = 0;
  for (let after = ''; ;) {
    const { body } = await store.get(`${C}?limit=20${after && `&after=${after}`}`);
    seen += body.data.length;
    if (!body.data.length || !body.meta.cursor_pagination.links.next) break;
    after = encodeURIComponent(body.meta.cursor_pagination.end_cursor);
  }
  assert.equal(seen, Math.ceil(Math.ceil(total / 20) / 2) * 20);
  store.fake.troubles.remove(rule.id);
  const empty = store.trouble({ path_regex: '^/v3/customers$' }, { empty: true });
  const { body } = await store.get(C);
  assert.deepEqual([body.data, body.meta.pagination.total], [[], 0]);
  store.fake.troubles.remove(empty.id);
});

test('--deny knows the scopes and the types', async () => {
  const denied = await openStore({ ...OPTIONS, deny: ['customers:write', 'customer_group'] });
  assert.equal((await denied.get(C)).status, 200);
  assert.equal((await denied.post(C, [person()])).status, 403);
  assert.equal((await denied.get(G)).status, 403);
  const information = await openStore({ ...OPTIONS, deny: ['information'] });
  assert.equal((await information.get(E)).status, 403);
  assert.equal((await information.get(`${C}/metafields`)).status, 200);
});

test('the seed is repeatable, and 100,000 customers start at once and cost little', async () => {
  const twin = await openStore(OPTIONS);
  const fresh = await openStore(OPTIONS);
  assert.equal((await twin.get(`${C}?limit=250&include=addresses`)).text, (await fresh.get(`${C}?limit=250&include=addresses`)).text);
  const large = await openStore({ ...OPTIONS, customers: 100000 });
  const c = large.fake.customers;
  assert.equal(c.ids.length, 100000);
  assert.equal(c.overlay.size, 0);
  const last = (await large.get(`${C}?limit=250&page=400&include=addresses,attributes`)).body;
  assert.equal(last.data.length, 250);
  assert.equal(c.overlay.size, 0, 'reading keeps nothing');
  const one = last.data[100];
  assert.deepEqual(
    (await large.get(`${C}?email:in=${encodeURIComponent(one.email)}`)).body.data.map((x) => x.id),
    [one.id],
  );
});

test('the program takes the options', async () => {
  const main = fileURLToPath(new URL('../main.mjs', import.meta.url));
  const child = spawn(process.execPath, [
    main,
    ...['--customers', '5', '--customer-groups', '3', '--customer-attributes', '60', '--email-templates', 'on', '--products', '5'],
  ]);
  const line = String((await once(child.stdout, 'data'))[0]);
  const base = /http:\S+/.exec(line)[0];
  const { counts } = await (await fetch(`${base}/__control__/health`)).json();
  assert.deepEqual(
    [counts.customers, counts.customer_groups, counts.customer_attributes, counts.email_templates],
    [5, 3, 50, 14],
    'attributes end at 50; two templates have an override',
  );
  await fetch(`${base}/__control__/quit`, { method: 'POST' });
  assert.equal((await once(child, 'exit'))[0], 0);
});
