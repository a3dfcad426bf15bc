// Orders. Promises: lists, filters and paging of V2; what a list leaves out; parts whose sums agree; strict writes; traps that are counted; control calls.

import test from 'node:test';
import assert from 'node:assert/strict';
import { openStore } from './open_store.mjs';
import { units } from '../seed/order_sums.mjs';

// From the reference, not from the code under test.
const READ_ONLY =
  `id date_modified date_shipped cart_id status custom_status subtotal_tax shipping_cost_tax shipping_cost_tax_class_id handling_cost_tax
handling_cost_tax_class_id wrapping_cost_tax wrapping_cost_tax_class_id payment_status store_credit_amount gift_certificate_amount currency_id
currency_code currency_exchange_rate default_currency_id store_default_currency_code store_default_to_transactional_exchange_rate coupon_discount
shipping_address_count is_deleted total_tax is_tax_inclusive_pricing is_email_opt_in order_source external_id tax_provider_id credit_card_type coupons
external_merchant_id default_currency_code`.split(/\s+/);

const V2 = '/v2/orders';
const V3 = '/v3/orders';
const NOW = '2026-01-10T12:00:00Z';
const open = (more = {}) => openStore({ orders: 120, now: NOW, ...more });
const ids = (answer) => (answer.status === 204 ? [] : answer.body.map((o) => o.id));
const all = async (s, query = '') => ids(await s.get(`${V2}?limit=250${query}`));
const where = (s, check) => s.fake.orders.ids().filter((id) => check(s.fake.orders.record(id)));
const findOrder = (s, check) => s.fake.orders.record(where(s, check)[0]);
const dateOf = (s, id) => s.fake.orders.record(id).row.date_modified;

test('a list is a bare array in the order of ids, 50 a page, and 204 without a body behind the end', async () => {
  const s = await open();
  const first = await s.get(V2);
  assert.equal(first.status, 200);
  assert.equal(first.body.length, 50);
  const two = ids(await s.get(`${V2}?page=2`));
  const three = ids(await s.get(`${V2}?page=3`));
  const got = [...ids(first), ...two, ...three];
  assert.deepEqual(
    got,
    [...got].sort((a, b) => a - b),
  );
  assert.deepEqual(got, await all(s));
  const past = await s.get(`${V2}?page=4`);
  assert.equal(past.status, 204);
  assert.equal(past.text, '');
  s.switch('order_empty_list', '200');
  assert.deepEqual((await s.get(`${V2}?page=4`)).body, []);
});

test('a store without orders has an empty list and costs nothing', async () => {
  const s = await openStore();
  assert.equal((await s.get(V2)).status, 204);
  assert.equal((await s.get(`${V2}/count`)).body.count, 0);
  assert.deepEqual((await s.get(`${V3}/payment_actions/refunds`)).body.data, []);
  assert.equal((await s.get(`${V2}/100`)).status, 404);
});

test('limit is at most 250', async () => {
  const s = await open({ orders: 400 });
  assert.equal((await s.get(`${V2}?limit=300`)).body.length, 250);
  s.switch('limit_above_max', '413');
  assert.equal((await s.get(`${V2}?limit=300`)).status, 413);
});

test('a list without filters has no archived orders and has incomplete ones, by default', async () => {
  const s = await open();
  const archived = where(s, (o) => o.row.is_deleted);
  const incomplete = where(s, (o) => o.row.status_id === 0 && !o.row.is_deleted);
  assert.ok(archived.length && incomplete.length);
  const plain = await all(s);
  for (const id of archived) assert.ok(!plain.includes(id), `archived ${id}`);
  for (const id of incomplete) assert.ok(plain.includes(id), `incomplete ${id}`);
  s.switch('orders_list_contains_incomplete', false);
  const less = await all(s);
  for (const id of incomplete) assert.ok(!less.includes(id));
  assert.deepEqual((await all(s, '&status_id=0')).sort(), incomplete.sort());
  s.switch('orders_list_contains_incomplete', true);
  s.switch('orders_list_contains_archived', true);
  assert.deepEqual(await all(s), s.fake.orders.ids());
});

test('is_deleted works, is refused, or is ignored', async () => {
  const s = await open();
  const archived = where(s, (o) => o.row.is_deleted);
  assert.deepEqual(await all(s, '&is_deleted=true'), archived);
  assert.deepEqual(await all(s, '&is_deleted=false'), await all(s));
  s.switch('orders_is_deleted_filter', 'refused');
  const refused = await s.get(`${V2}?is_deleted=true`);
  assert.equal(refused.status, 400);
  assert.equal(refused.body[0].status, 400);
  s.switch('orders_is_deleted_filter', 'ignored');
  assert.deepEqual(await all(s, '&is_deleted=true'), await all(s));
});

test('an archived order is read by its id, unless the switch says no', async () => {
  const s = await open();
  const [id] = where(s, (o) => o.row.is_deleted);
  assert.equal((await s.get(`${V2}/${id}`)).body.is_deleted, true);
  s.switch('orders_archived_readable', false);
  for (const path of ['', '/products', '/messages', '/shipments/count'])
    assert.equal((await s.get(`${V2}/${id}${path}`)).status, 404, path);
  assert.equal((await s.get(`${V3}/${id}/transactions`)).status, 404);
});

test('every filter leaves exactly what it says', async () => {
  const s = await open();
  const row = (id) => s.fake.orders.record(id).row;
  const base = await all(s);
  const some = row(base[40]);
  const at = (text) => Date.parse(text);
  const cases = {
    'min_id=130': (r) => r.id >= 130,
    'max_id=130': (r) => r.id <= 130,
    'min_id=120&max_id=140': (r) => r.id >= 120 && r.id <= 140,
    'customer_id=0': (r) => r.customer_id === 0,
    'status_id=10': (r) => r.status_id === 10,
    'channel_id=2': (r) => r.channel_id === 2,
    'min_total=400': (r) => Number(r.total_inc_tax) >= 400,
    'max_total=400.5': (r) => Number(r.total_inc_tax) <= 400.5,
    [`email=${encodeURIComponent(some.billing_address.email)}`]: (r) => r.billing_address.email === some.billing_address.email,
    'payment_method=PayPal': (r) => r.payment_method === 'PayPal',
    [`min_date_created=${encodeURIComponent(some.date_created)}`]: (r) => at(r.date_created) >= at(some.date_created),
    [`max_date_created=${encodeURIComponent(new Date(some.date_created).toISOString())}`]: (r) =>
      at(r.date_created) <= at(some.date_created),
    [`min_date_modified=${encodeURIComponent(some.date_modified)}`]: (r) => at(r.date_modified) >= at(some.date_modified),
    [`max_date_modified=${encodeURIComponent(some.date_modified)}`]: (r) => at(r.date_modified) <= at(some.date_modified),
  };
  for (const [query, test] of Object.entries(cases)) {
    const expected = base.filter((id) => test(row(id)));
    assert.ok(expected.length > 0 && expected.length < base.length, `${query} tells something`);
    assert.deepEqual(await all(s, `&${query}`), expected, query);
    assert.equal((await s.get(`${V2}/count?${query}`)).body.count, expected.length, query);
  }
});

test('a date that is none is refused, also one whose plus sign was not encoded; so are Unix seconds and unknown filters', async () => {
  const s = await open();
  for (const query of [
    'min_date_modified=Tue,%2020%20Nov%202012%2000:00:00%20+0000',
    'min_date_modified=1354000000',
    'min_date_modified=yesterday',
    'no_such=1',
    'status_id=1,2',
    'sort=total',
    'limit=0',
  ])
    assert.equal((await s.get(`${V2}?${query}`)).status, 400, query);
  assert.equal((await s.get(`${V2}?min_date_modified=Tue,%2020%20Nov%202012%2000:00:00%20%2B0000`)).status, 200);
});

test('sorting by a field and a direction', async () => {
  const s = await open();
  const rows = (await s.get(`${V2}?limit=250&sort=date_modified:desc`)).body;
  const times = rows.map((r) => Date.parse(r.date_modified));
  assert.deepEqual(
    times,
    [...times].sort((a, b) => b - a),
  );
  assert.deepEqual((await all(s, '&sort=id:desc')).reverse(), await all(s));
});

test('the count is per status and agrees with the list', async () => {
  const s = await open();
  const { statuses, count } = (await s.get(`${V2}/count`)).body;
  assert.equal(count, (await all(s)).length);
  assert.equal(statuses.length, 15);
  for (const row of statuses) assert.equal(row.count, (await all(s, `&status_id=${row.id}`)).length, row.name);
  assert.deepEqual(
    (await s.get('/v2/order_statuses')).body.map((r) => r.id),
    [...Array(15).keys()],
  );
  assert.equal((await s.get('/v2/order_statuses/15')).status, 404);
});

test('the first orders are of every sort', async () => {
  const s = await open({ orders: 36 });
  const has = (check) => where(s, check).length > 0;
  const part = (name, n) => (o) => o.part(name).length >= n;
  assert.ok(
    has((o) => o.row.customer_id === 0),
    'guest',
  );
  assert.ok(
    has((o) => o.row.is_deleted),
    'archived',
  );
  assert.ok(
    has((o) => o.row.status_id === 0),
    'incomplete',
  );
  assert.ok(
    has((o) => o.row.status_id === 6),
    'declined',
  );
  assert.ok(has(part('products', 51)), 'more than a page of lines');
  assert.ok(has(part('products', 251)), 'more than the largest page of lines');
  assert.ok(has(part('shipping_addresses', 3)), 'several addresses');
  assert.ok(
    has((o) => o.row.order_is_digital && !o.part('shipping_addresses').length),
    'digital',
  );
  assert.ok(
    has((o) => o.part('products').some((l) => l.type === 'giftcertificate' && l.gift_certificate_id)),
    'gift certificate',
  );
  for (const name of ['coupons', 'fees', 'taxes', 'messages', 'shipments', 'transactions', 'refunds', 'metafields', 'pickups'])
    assert.ok(has(part(name, 1)), name);
  assert.ok(has((o) => o.row.staff_notes === null) && has((o) => o.row.cart_id === null), 'nulls');
});

test('ids ascend with date_created, the newest is a minute old, and a day changes few of many orders', async () => {
  const s = await open({ orders: 20000 });
  const c = s.fake.orders.columns;
  for (let n = 1; n < c.length; n++) assert.ok(c.id[n] > c.id[n - 1] && c.created[n] > c.created[n - 1] && c.modified[n] >= c.created[n]);
  const end = Date.parse(NOW) / 1000;
  assert.equal(c.created[c.length - 1], end - 60);
  assert.ok(c.modified.subarray(0, c.length).every((t) => t <= end));
  const since = encodeURIComponent(new Date((end - 86400) * 1000).toISOString());
  const changed = ids(await s.get(`${V2}?limit=250&min_date_modified=${since}`));
  assert.ok(changed.length > 10 && changed.length < 200, String(changed.length));
});

test('200,000 orders: nothing is computed before it is asked for, and reading keeps nothing', async () => {
  const s = await open({ orders: 200000 });
  assert.equal(s.fake.orders.columnsCache, undefined);
  assert.equal((await s.get(`${V2}/150000`)).body.id, 150000);
  assert.equal(s.fake.orders.columnsCache, undefined);
  assert.equal((await s.get(`${V2}?limit=250&page=300`)).body.length, 250);
  assert.equal(s.fake.orders.overlay.size, 0);
  assert.throws(() => new s.fake.orders.constructor({ orders: 200001 }, {}, s.fake.clock, s.cat), /at most 200000/);
});

test('the same seed gives the same orders, alone or in a list', async () => {
  const a = await open();
  const b = await open();
  const list = (await a.get(`${V2}?limit=250`)).body;
  for (const id of [list[90].id, list[3].id, list[40].id])
    assert.deepEqual(
      (await b.get(`${V2}/${id}`)).body,
      list.find((o) => o.id === id),
    );
});

test('the sums of every order agree with its parts', async () => {
  const s = await open();
  const add = (rows, f) => rows.reduce((n, r) => n + units(r[f]), 0);
  for (const id of s.fake.orders.ids()) {
    const o = s.fake.orders.record(id);
    const { row } = o;
    const lines = o.part('products');
    assert.equal(units(row.subtotal_ex_tax), add(lines, 'total_ex_tax'), `subtotal ${id}`);
    assert.equal(units(row.subtotal_inc_tax), add(lines, 'total_inc_tax'));
    assert.equal(
      units(row.coupon_discount),
      lines.flatMap((l) => l.applied_discounts).reduce((n, d) => n + units(d.amount), 0),
    );
    const costs = units(row.shipping_cost_ex_tax) + units(row.handling_cost_ex_tax) + units(row.wrapping_cost_ex_tax);
    assert.equal(
      units(row.total_ex_tax),
      units(row.subtotal_ex_tax) - units(row.coupon_discount) + costs + add(o.part('fees'), 'cost_ex_tax'),
      `total ${id}`,
    );
    assert.equal(units(row.total_tax), units(row.total_inc_tax) - units(row.total_ex_tax));
    assert.equal(
      row.items_total,
      lines.reduce((n, l) => n + l.quantity, 0),
    );
    assert.equal(row.shipping_address_count, o.part('shipping_addresses').length);
    if (o.part('taxes').length) assert.equal(add(o.part('taxes'), 'line_amount'), units(row.total_tax), `taxes ${id}`);
    for (const f of ['total_ex_tax', 'subtotal_inc_tax', 'coupon_discount']) assert.match(row[f], /^\d+\.\d{4}$/);
    const known = new Set(lines.map((l) => l.id));
    for (const ship of o.part('shipments')) for (const i of ship.items) assert.ok(known.has(i.order_product_id));
    for (const refund of o.part('refunds'))
      for (const i of refund.items) assert.ok(i.item_type === 'ORDER' ? i.item_id === id : known.has(i.item_id));
  }
});

test('lines come 50 a page, 250 at most, and the rest on further pages', async () => {
  const s = await open();
  const o = findOrder(s, (x) => x.part('products').length === 263);
  const at = `${V2}/${o.id}/products`;
  assert.equal((await s.get(at)).body.length, 50);
  const got = [...ids(await s.get(`${at}?limit=250`)), ...ids(await s.get(`${at}?limit=250&page=2`))];
  assert.deepEqual(
    got,
    o.part('products').map((l) => l.id),
  );
  assert.equal((await s.get(`${at}?limit=250&page=3`)).status, 204);
  assert.equal((await s.get(`${at}/${got[7]}`)).body.id, got[7]);
  assert.equal((await s.get(`${at}/1`)).status, 404);
});

test('taxes have more rows and fields with details=true, and come to the same', async () => {
  const s = await open();
  const o = findOrder(s, (x) => x.part('taxes').length > 4 && x.part('taxes').length < 50);
  const brief = (await s.get(`${V2}/${o.id}/taxes`)).body;
  const full = (await s.get(`${V2}/${o.id}/taxes?details=true`)).body;
  assert.ok(brief.length < full.length);
  assert.ok(!('line_item_type' in brief[0]) && full[0].line_item_type === 'item' && typeof full[0].order_product_id === 'string');
  const sum = (rows) => rows.reduce((n, r) => n + units(r.line_amount), 0);
  assert.equal(sum(brief), sum(full));
});

test('an order links to its parts, or includes them', async () => {
  const s = await open();
  const o = findOrder(s, (x) => x.part('fees').length && x.part('shipping_addresses').length && !x.row.is_deleted);
  const at = `${V2}/${o.id}`;
  const plain = (await s.get(at)).body;
  assert.deepEqual(plain.shipping_addresses, {
    url: `https://api.bigcommerce.com/stores/abc123/v2/orders/${o.id}/shippingaddresses`,
    resource: `/orders/${o.id}/shippingaddresses`,
  });
  for (const part of ['products', 'coupons', 'fees', 'consignments']) assert.equal(plain[part].resource, `/orders/${o.id}/${part}`);
  const fees = (await s.get(`${at}?include=fees`)).body.fees;
  assert.deepEqual(fees, (await s.get(`${at}/fees`)).body.fees);
  const lines = (await s.get(`${at}?include=consignments.line_items&consignment_structure=object`)).body.consignments;
  assert.equal(typeof lines.shipping[0].base_cost, 'number');
  assert.equal(lines.shipping[0].line_items[0].order_id, o.id);
  const links = (await s.get(`${at}/consignments`)).body;
  assert.equal(links.shipping[0].line_items[0].resource, `/orders/${o.id}/products/${lines.shipping[0].line_items[0].id}`);
  assert.ok(Array.isArray((await s.get(`${at}?include=consignments`)).body.consignments));
  s.switch('order_fees_form', 'array');
  assert.deepEqual((await s.get(`${at}/fees`)).body, fees);
});

test('consignments: digital goods are downloads, gift certificates go by e-mail, pickups have a place', async () => {
  const s = await open();
  const of = async (check) => (await s.get(`${V2}/${findOrder(s, check).id}/consignments`)).body;
  const digital = await of((o) => o.row.order_is_digital);
  assert.ok(digital.downloads.length === 1 && !digital.shipping.length);
  const gift = await of((o) => o.part('products')[0].type === 'giftcertificate');
  assert.ok(gift.email.gift_certificates.length > 0);
  const pickup = await of((o) => o.part('pickups').length);
  assert.ok(pickup.pickups[0].location.name && pickup.pickups[0].line_items.length);
});

test('quotes: an object for orders of the storefront, 204 for manual ones and behind the link in the address', async () => {
  const s = await open();
  const shop = findOrder(s, (o) => o.row.cart_id && o.row.order_source === 'www' && o.part('shipping_addresses').length);
  const manual = findOrder(s, (o) => o.row.cart_id === null && o.part('shipping_addresses').length);
  const path = (o) => `${V2}/${o.id}/shipping_addresses/${o.part('shipping_addresses')[0].id}`;
  assert.equal(typeof (await s.get(`${path(shop)}/shipping_quotes`)).body.id, 'string');
  assert.equal((await s.get(`${path(manual)}/shipping_quotes`)).status, 204);
  const { shipping_quotes } = (await s.get(path(shop))).body;
  assert.equal((await s.get(`/v2${shipping_quotes.resource}`)).status, 204);
});

test('messages are filtered, and name their customer by a link', async () => {
  const s = await open();
  const o = findOrder(s, (x) => x.part('messages').length === 3);
  const at = `${V2}/${o.id}/messages`;
  const [first, , last] = (await s.get(at)).body;
  assert.deepEqual(ids(await s.get(`${at}?min_id=${last.id}`)), [last.id]);
  assert.deepEqual(ids(await s.get(`${at}?max_id=${first.id}`)), [first.id]);
  for (const status of ['read', 'unread'])
    assert.deepEqual(
      ids(await s.get(`${at}?status=${status}`)),
      o
        .part('messages')
        .filter((m) => m.status === status)
        .map((m) => m.id),
    );
  assert.deepEqual(
    o.row.customer_id ? first.customer.resource : first.customer,
    o.row.customer_id ? `/customers/${o.row.customer_id}` : {},
  );
  assert.equal((await s.post(at, { subject: 'x' })).status, 405);
});

test('PUT changes what it names, keeps the rest and moves date_modified', async () => {
  const s = await open();
  const [id] = await all(s);
  const before = (await s.get(`${V2}/${id}`)).body;
  const r = await s.put(`${V2}/${id}`, {
    staff_notes: 'Größe\n"M"',
    external_order_id: 'E-1',
    billing_address: { zip: '10115' },
    customer_id: 0,
  });
  assert.equal(r.status, 200);
  const after = (await s.get(`${V2}/${id}`)).body;
  assert.deepEqual(after, r.body);
  assert.deepEqual(after, {
    ...before,
    staff_notes: 'Größe\n"M"',
    external_order_id: 'E-1',
    customer_id: 0,
    billing_address: { ...before.billing_address, zip: '10115' },
    date_modified: after.date_modified,
  });
  assert.equal(after.date_modified, 'Sat, 10 Jan 2026 12:00:00 +0000');
  assert.ok((await all(s, '&customer_id=0')).includes(id));
});

test('a read-only field in a PUT is a 400 that names it, and nothing is written', async () => {
  const s = await open();
  const [id] = await all(s);
  const before = (await s.get(`${V2}/${id}`)).body;
  for (const field of READ_ONLY) {
    const r = await s.put(`${V2}/${id}`, { staff_notes: 'half', [field]: before[field] ?? 'x' });
    assert.equal(r.status, 400, field);
    assert.ok(r.body[0].message.includes(`'${field}' cannot be written to`), r.text);
  }
  for (const field of ['products', 'shipping_addresses', 'fees'])
    assert.equal((await s.put(`${V2}/${id}`, { [field]: before[field] })).status, 400, field);
  for (const body of [
    { no_such_field: 1 },
    { staff_notes: null },
    { staff_notes: 5 },
    { status_id: 15 },
    { channel_id: 99 },
    { total_ex_tax: '1.0000' },
    { base_shipping_cost: '-1' },
    { billing_address: { city: 'Bonn' } },
    { billing_address: { zip: '1' } },
    { customer_locale: 'english' },
    { date_created: '2020-01-01' },
    [],
  ])
    assert.equal((await s.put(`${V2}/${id}`, body)).status, 400, JSON.stringify(body));
  assert.deepEqual((await s.get(`${V2}/${id}`)).body, before);
  s.switch('order_source_writable', true);
  assert.equal((await s.put(`${V2}/${id}`, { order_source: 'mobile' })).body.order_source, 'mobile');
});

test('is_deleted in a PUT: refused, archives, or sets', async () => {
  const s = await open();
  const [id] = await all(s);
  s.switch('order_put_is_deleted', 'archives');
  assert.equal((await s.put(`${V2}/${id}`, { is_deleted: false })).status, 400);
  assert.equal((await s.put(`${V2}/${id}`, { is_deleted: true })).body.is_deleted, true);
  assert.ok(!(await all(s)).includes(id));
  s.switch('order_put_is_deleted', 'sets');
  assert.equal((await s.put(`${V2}/${id}`, { is_deleted: false })).body.is_deleted, false);
  assert.ok((await all(s)).includes(id));
});

test('an equal write moves date_modified by the switch only', async () => {
  const s = await open();
  const [id] = await all(s);
  const { staff_notes: _, customer_message: __, ...row } = s.fake.orders.record(id).row;
  s.switch('equal_write_moves_date_modified', false);
  await s.put(`${V2}/${id}`, { external_order_id: row.external_order_id });
  assert.equal(dateOf(s, id), row.date_modified);
  s.switch('equal_write_moves_date_modified', true);
  await s.put(`${V2}/${id}`, { external_order_id: row.external_order_id });
  assert.notEqual(dateOf(s, id), row.date_modified);
});

test('products in a PUT: a line changes and loses its discounts, one is added, one goes; a bad one leaves all as it was', async () => {
  const s = await open();
  const o = findOrder(s, (x) => x.part('coupons').length && x.part('products').length >= 2 && !x.row.is_deleted);
  const at = `${V2}/${o.id}`;
  const [a, b] = (await s.get(`${at}/products`)).body;
  const before = (await s.get(at)).body;
  const bad = await s.put(at, {
    products: [
      { id: a.id, quantity: 9 },
      { id: 1, quantity: 1 },
    ],
  });
  assert.equal(bad.status, 400);
  assert.deepEqual((await s.get(at)).body, before);
  assert.deepEqual((await s.get(`${at}/products`)).body[0], a);
  await s.put(at, {
    products: [
      { id: a.id, quantity: a.quantity + 1 },
      { id: b.id, quantity: 0 },
      { name: 'Poster', quantity: 1, price_inc_tax: 11, price_ex_tax: '10' },
    ],
  });
  const lines = (await s.get(`${at}/products`)).body;
  assert.deepEqual([lines[0].quantity, lines[0].applied_discounts], [a.quantity + 1, []]);
  assert.ok(!lines.some((l) => l.id === b.id));
  assert.deepEqual([lines.at(-1).name, lines.at(-1).price_ex_tax], ['Poster', '10.0000']);
  const row = (await s.get(at)).body;
  assert.equal(
    units(row.subtotal_ex_tax),
    lines.reduce((n, l) => n + units(l.total_ex_tax), 0),
  );
  assert.ok(units(row.coupon_discount) < units(before.coupon_discount));
});

test('fees in a PUT replace all fees', async () => {
  const s = await open();
  const o = findOrder(s, (x) => x.part('fees').length === 2 && !x.row.is_deleted);
  const at = `${V2}/${o.id}`;
  const [keep] = o.part('fees');
  const fee = { type: 'custom_fee', display_name_customer: 'New', cost_ex_tax: '8', cost_tax: '2' };
  await s.put(at, { fees: [{ ...fee, id: keep.id }, fee] });
  const { fees } = (await s.get(`${at}/fees`)).body;
  assert.equal(fees.length, 2);
  assert.deepEqual([fees[0].id, fees[0].cost_inc_tax, fees[0].display_name_merchant], [keep.id, '10.0000', 'New']);
  for (const wrong of [
    { ...fee, id: 1 },
    { ...fee, cost_tax: undefined },
    { ...fee, display_name_customer: undefined },
    { ...fee, base_cost: '1' },
  ])
    assert.equal((await s.put(at, { fees: [wrong] })).status, 400, JSON.stringify(wrong));
  assert.equal((await s.get(`${at}/fees`)).body.fees.length, 2);
  await s.put(at, { fees: [] });
  assert.deepEqual((await s.get(`${at}/fees`)).body, { fees: [] });
});

test('a shipping address is changed without new costs; its read-only fields are refused', async () => {
  const s = await open();
  const o = findOrder(s, (x) => x.part('shipping_addresses').length === 3);
  const [a] = o.part('shipping_addresses');
  const at = `${V2}/${o.id}/shipping_addresses/${a.id}`;
  const r = await s.put(at, { street_1: 'Neue Str. 1', shipping_method: 'Flat Rate' });
  assert.deepEqual([r.status, r.body.street_1, r.body.base_cost], [200, 'Neue Str. 1', a.base_cost]);
  assert.equal(dateOf(s, o.id), 'Sat, 10 Jan 2026 12:00:00 +0000');
  const refused = await s.put(at, { items_total: 1 });
  assert.equal(refused.status, 400);
  assert.match(refused.body[0].message, /'items_total' cannot be written to/);
  assert.equal((await s.put(`${V2}/${o.id}/shipping_addresses/1`, { city: 'x' })).status, 404);
});

test('POST makes an order with a new number; what is missing or does not fit is a 400', async () => {
  const s = await open();
  const last = s.fake.orders.ids().at(-1);
  const billing_address = { first_name: 'Jane', zip: '78751', email: 'jane@example.com' };
  const product_id = s.cat.products.ids[0];
  const r = await s.post(V2, {
    billing_address,
    products: [{ product_id, quantity: 2, price_ex_tax: 10, price_inc_tax: 11 }],
    external_source: 'M-MIG',
  });
  assert.equal(r.status, 200, r.text);
  assert.ok(r.body.id > last);
  assert.deepEqual(
    [r.body.status_id, r.body.total_ex_tax, r.body.total_inc_tax, r.body.items_total, r.body.customer_id],
    [1, '20.0000', '22.0000', 2, 0],
  );
  assert.equal(r.body.date_created, 'Sat, 10 Jan 2026 12:00:00 +0000');
  assert.equal((await s.get(`${V2}/${r.body.id}/shipping_addresses`)).body[0].first_name, 'Jane');
  assert.deepEqual((await all(s)).at(-1), r.body.id);
  assert.deepEqual(s.fake.orders.mails, [], 'a POST sends no mail');
  const products = [{ name: 'Mug', quantity: 1, price_ex_tax: 1, price_inc_tax: 1 }];
  for (const body of [
    { products },
    { billing_address },
    { billing_address, products: [] },
    { billing_address: { city: 'Bonn' }, products },
    { billing_address, products, consignments: {} },
    { billing_address, products: [{ name: 'Mug', quantity: 1 }] },
    { billing_address, products: [{ name: 'Mug', quantity: 1, price_ex_tax: 1 }] },
    { billing_address, products: [{ product_id: 1, quantity: 1 }] },
    { billing_address, products: [{ name: '', quantity: 1, price_ex_tax: 1, price_inc_tax: 1 }] },
    { billing_address, products, id: 5 },
  ])
    assert.equal((await s.post(V2, body)).status, 400, JSON.stringify(body));
  assert.equal((await all(s)).at(-1), r.body.id, 'none of the bad ones left an order');
});

test('DELETE of one order archives it', async () => {
  const s = await open();
  const [id] = await all(s);
  assert.equal((await s.del(`${V2}/${id}`)).status, 204);
  assert.ok(!(await all(s)).includes(id));
  assert.ok((await all(s, '&is_deleted=true')).includes(id));
  assert.equal(dateOf(s, id), 'Sat, 10 Jan 2026 12:00:00 +0000');
  assert.equal((await s.del(`${V2}/1`)).status, 404);
  const [other] = await all(s);
  const before = dateOf(s, other);
  s.switch('order_archive_moves_date_modified', false);
  await s.del(`${V2}/${other}`);
  assert.equal(dateOf(s, other), before);
});

test('calls that must never be made are refused, change nothing and are counted', async () => {
  const s = await open();
  const o = findOrder(s, (x) => x.part('shipments').length && x.part('transactions').length && !x.row.is_deleted);
  const before = await all(s);
  const calls = [
    ['DELETE', V2, V2],
    ['DELETE', `${V2}?limit=1`, V2],
    ['DELETE', `${V2}/${o.id}/shipments`, `${V2}/{order_id}/shipments`],
    ['POST', `${V3}/${o.id}/payment_actions/refunds`, `${V3}/{order_id}/payment_actions/refunds`],
    ['POST', `${V3}/${o.id}/payment_actions/capture`, `${V3}/{order_id}/payment_actions/capture`],
    ['POST', `${V3}/${o.id}/payment_actions/void`, `${V3}/{order_id}/payment_actions/void`],
  ];
  for (const [method, path] of calls) assert.equal((await s.send(method, path)).status, 422, path);
  const { traps } = await s.control('GET', 'counters');
  const expected = {};
  for (const [method, , name] of calls) expected[`${method} ${name}`] = (expected[`${method} ${name}`] ?? 0) + 1;
  assert.deepEqual(traps, expected);
  assert.deepEqual(await all(s), before);
  assert.equal((await s.get(`${V2}/${o.id}/shipments`)).body.length, o.part('shipments').length);
  await s.control('POST', 'reset_log', {});
  assert.deepEqual((await s.control('GET', 'counters')).traps, {});
});

test('shipments: quantities, status and mail move; deleting one does not move the status back', async () => {
  const s = await open();
  const o = findOrder(
    s,
    (x) => x.row.status_id === 11 && x.part('shipping_addresses').length === 1 && x.part('products').some((l) => l.quantity > 1),
  );
  const at = `${V2}/${o.id}/shipments`;
  const order_address_id = o.part('shipping_addresses')[0].id;
  const line = o.part('products').find((l) => l.quantity > 1);
  const one = { order_address_id, items: [{ order_product_id: line.id, quantity: 1 }] };
  assert.equal((await s.get(at)).status, 204);
  for (const wrong of [
    { items: one.items },
    { order_address_id },
    { ...one, order_address_id: 1 },
    { ...one, items: [{ order_product_id: 1, quantity: 1 }] },
    { ...one, items: [{ order_product_id: line.id, quantity: line.quantity + 1 }] },
    { ...one, items: [{ order_product_id: line.id, quantity: 1, product_id: 3 }] },
    { ...one, tracking_number: 'x'.repeat(51) },
    { ...one, shipping_provider: 'pigeon' },
    { ...one, customer_id: 1 },
  ])
    assert.equal((await s.post(at, wrong)).status, 400, JSON.stringify(wrong));
  const made = await s.post(at, { ...one, tracking_number: 'EJ1', shipping_provider: 'carrier_42' });
  assert.equal(made.status, 201);
  assert.deepEqual((await s.get(`${at}/count`)).body, { count: 1 });
  const row = (await s.get(`${V2}/${o.id}`)).body;
  assert.deepEqual([row.status_id, row.items_shipped, row.date_shipped], [3, 1, '']);
  assert.equal((await s.get(`${V2}/${o.id}/products/${line.id}`)).body.quantity_shipped, 1);
  assert.deepEqual(
    s.fake.orders.mails.map((m) => m.kind),
    ['shipment', 'status'],
  );
  assert.match((await s.put(`${at}/${made.body.id}`, { items: [] })).body[0].message, /'items' cannot be written to/);
  assert.equal((await s.put(`${at}/${made.body.id}`, { comments: 'Ça va' })).body.comments, 'Ça va');
  assert.equal((await s.del(`${at}/${made.body.id}`)).status, 204);
  assert.equal((await s.del(`${at}/${made.body.id}`)).status, 404);
  const after = (await s.get(`${V2}/${o.id}`)).body;
  assert.deepEqual([after.status_id, after.items_shipped], [3, 0]);
});

test('transactions: data with numbers and a text order_id, or 204', async () => {
  const s = await open();
  const o = findOrder(s, (x) => x.part('refunds').length && x.part('transactions').length > 2);
  const { data } = (await s.get(`${V3}/${o.id}/transactions`)).body;
  assert.deepEqual(
    [data[0].order_id, data[0].reference_transaction_id, data[1].reference_transaction_id],
    [String(o.id), null, data[0].id],
  );
  const none = findOrder(s, (x) => !x.part('transactions').length && !x.row.is_deleted);
  assert.equal((await s.get(`${V3}/${none.id}/transactions`)).status, 204);
  assert.equal((await s.get(`${V3}/1/transactions`)).status, 404);
  assert.equal((await s.get(`${V3}/${o.id}/transactions?limit=2`)).status, 422);
});

test('refunds over all orders: ascending, with pages and filters, and the same per order', async () => {
  const s = await open({ orders: 1500 });
  const known = where(s, (o) => o.part('refunds').length).flatMap((id) => s.fake.orders.record(id).part('refunds'));
  assert.ok(known.length > 20);
  const at = `${V3}/payment_actions/refunds`;
  const got = [];
  for (let page = 1; ; page++) {
    const { data, meta } = (await s.get(`${at}?limit=7&page=${page}`)).body;
    got.push(...data);
    assert.equal(meta.pagination.total, known.length);
    if (page >= meta.pagination.total_pages) break;
  }
  assert.deepEqual(
    got.map((r) => r.id),
    known.map((r) => r.id),
  );
  const some = known[9];
  const list = async (query) => (await s.get(`${at}?limit=250&${query}`)).body.data.map((r) => r.id);
  assert.deepEqual(await list(`id:in=${some.id},${known[3].id}`), [known[3].id, some.id]);
  assert.deepEqual(
    await list(`order_id:in=${some.order_id}`),
    known.filter((r) => r.order_id === some.order_id).map((r) => r.id),
  );
  const since = encodeURIComponent(some.created);
  assert.deepEqual(
    await list(`created:min=${since}`),
    known.filter((r) => r.created >= some.created).map((r) => r.id),
  );
  assert.deepEqual(
    await list(`created:max=${since}`),
    known.filter((r) => r.created <= some.created).map((r) => r.id),
  );
  assert.equal((await s.get(`${at}?created:min=2020-01-01`)).status, 422);
  assert.deepEqual(
    (await s.get(`${V3}/${some.order_id}/payment_actions/refunds`)).body.data.map((r) => r.id),
    await list(`order_id:in=${some.order_id}`),
  );
  assert.equal((await s.get(`${at}/${some.id}`)).body.data.order_id, some.order_id);
  assert.equal((await s.get(`${at}/1`)).status, 404);
});

test('scopes: transactions have their own, refunds need one of the two', async () => {
  const s = await open();
  const o = findOrder(s, (x) => x.part('refunds').length && x.part('transactions').length);
  const deny = (...list) => s.control('POST', 'deny', { list });
  const status = async (path) => (await s.get(path)).status;
  const refunds = `${V3}/payment_actions/refunds`;
  await deny('transactions');
  assert.deepEqual([await status(`${V3}/${o.id}/transactions`), await status(refunds), await status(V2)], [403, 200, 200]);
  await deny('orders');
  assert.deepEqual([await status(`${V3}/${o.id}/transactions`), await status(refunds), await status(V2)], [200, 200, 403]);
  await deny('orders', 'transactions');
  assert.equal(await status(refunds), 403);
  await deny('orders:write');
  assert.deepEqual([await status(V2), (await s.del(`${V2}/${o.id}`)).status], [200, 403]);
  await deny('order_message');
  assert.deepEqual([await status(V2), await status(`${V2}/${o.id}/messages`)], [200, 403]);
});

test('metafields of orders: bulk by cursor, strict PUT, unique keys', async () => {
  const s = await open({ orders: 600 });
  const known = where(s, (o) => o.part('metafields').length).flatMap((id) =>
    s.fake.orders
      .record(id)
      .part('metafields')
      .map((m) => m.id),
  );
  const got = [];
  for (let after = ''; ;) {
    const { data, meta } = (await s.get(`${V3}/metafields?limit=5${after}`)).body;
    got.push(...data.map((m) => m.id));
    if (!meta.cursor_pagination.links.next) break;
    after = `&after=${encodeURIComponent(meta.cursor_pagination.end_cursor)}`;
  }
  assert.deepEqual(got, known);
  const [id] = await all(s);
  const own = `${V3}/${id}/metafields`;
  const row = { permission_set: 'write', namespace: 'erp', key: 'one', value: 'v' };
  const { data: made } = (await s.post(own, row)).body;
  assert.deepEqual([made.resource_type, made.resource_id], ['order', id]);
  assert.ok(made.id > known.at(-1));
  assert.equal((await s.post(own, row)).status, 409);
  assert.equal((await s.put(`${own}/${made.id}`, { value: 'w' })).status, 422);
  assert.equal((await s.put(`${V3}/metafields`, [{ id: made.id, value: 'w' }])).status, 422);
  assert.equal((await s.put(`${V3}/metafields`, [{ ...row, id: made.id, value: 'w' }])).body.data[0].value, 'w');
  const on = encodeURIComponent(made.date_created);
  assert.deepEqual(
    (await s.get(`${V3}/metafields?date_created=${on}`)).body.data.map((m) => m.id),
    [made.id],
  );
  assert.equal((await s.del(`${V3}/metafields`)).status, 422);
  assert.equal((await s.del(`${V3}/metafields`, [made.id])).status, 200);
  assert.equal((await s.get(`${own}/${made.id}`)).status, 404);
  assert.deepEqual(
    (await s.get(`${V3}/metafields?limit=250`)).body.data.map((m) => m.id),
    known,
  );
});

test('metafields of all owners have ids of their own', async () => {
  const s = await open({ customers: 60 });
  const seen = new Set();
  for (const type of [
    'product_metafields',
    'variant_metafields',
    'brand_metafields',
    'category_metafields',
    'customer_metafields',
    'order_metafields',
  ])
    for (const id of (await s.control('GET', `state/${type}`)).ids) {
      assert.ok(!seen.has(id), `${type} ${id}`);
      seen.add(id);
    }
});

test('messages, shipments, refunds, transactions and metafields move date_modified by their switches only; the other parts always', async () => {
  const s = await open();
  const edit = (id, part, set) => s.control('POST', 'edit_part', { type: 'orders', id, part, set });
  const list = where(s, (o) => o.row.status_id === 10 && o.part('shipping_addresses').length && o.part('shipments').length);
  let n = 0;
  for (const part of ['messages', 'refunds', 'transactions', 'metafields']) {
    const id = list[n++];
    const before = dateOf(s, id);
    const size = s.fake.orders.record(id).part(part).length;
    const made = await edit(id, part, {});
    assert.equal(s.fake.orders.record(id).part(part).length, size + 1, part);
    assert.equal(made.row.id, made.part_id);
    assert.equal(dateOf(s, id), before, part);
    s.switch(`order_${part}_move_date_modified`, true);
    await edit(id, part, { ...(part === 'metafields' ? { key: 'other' } : {}) });
    assert.notEqual(dateOf(s, id), before, part);
  }
  const shipped = list[n++];
  const [{ id: shipment }] = s.fake.orders.record(shipped).part('shipments');
  const before = dateOf(s, shipped);
  const change = () =>
    s.control('POST', 'edit_part', { type: 'orders', id: shipped, part: 'shipments', part_id: shipment, set: { comments: 'x' } });
  await change();
  assert.equal(dateOf(s, shipped), before);
  s.switch('order_shipments_move_date_modified', true);
  await change();
  assert.notEqual(dateOf(s, shipped), before);
  for (const part of ['products', 'shipping_addresses', 'coupons', 'fees']) {
    const id = list[n++];
    const was = dateOf(s, id);
    await edit(id, part, {});
    assert.notEqual(dateOf(s, id), was, part);
  }
});

test('control calls: create, edit, archive, item with parts, unknown things', async () => {
  const s = await open();
  const { ids: before } = await s.control('GET', 'state/orders');
  assert.equal(before.length, 120);
  assert.equal((await s.control('GET', 'health')).counts.orders, 120);
  const made = await s.control('POST', 'create', { type: 'orders', fields: { staff_notes: 'phone' } });
  assert.ok(made.id > before.at(-1));
  assert.deepEqual([(await all(s)).at(-1), made.row.staff_notes, made.row.status_id], [made.id, 'phone', 11]);
  const item = await s.control('GET', `item/orders/${made.id}`);
  for (const part of [
    'products',
    'shipping_addresses',
    'coupons',
    'fees',
    'taxes',
    'messages',
    'shipments',
    'transactions',
    'refunds',
    'metafields',
  ])
    assert.ok(Array.isArray(item[part]), part);
  await s.control('POST', 'edit', { type: 'orders', id: before[0], set: { status_id: 5 } });
  const row = (await s.get(`${V2}/${before[0]}`)).body;
  assert.deepEqual([row.status_id, row.status, row.date_modified], [5, 'Cancelled', 'Sat, 10 Jan 2026 12:00:00 +0000']);
  assert.ok((await all(s, '&status_id=5')).includes(before[0]));
  assert.equal((await s.control('POST', 'delete', { type: 'orders', id: made.id })).deleted, true);
  assert.deepEqual((await s.control('GET', 'state/orders')).ids, [...before, made.id], 'archived, not gone');
  await s.control('POST', 'edit', { type: 'orders', id: made.id, set: { is_deleted: false } });
  assert.ok((await all(s)).includes(made.id));
  const untouched = dateOf(s, before[1]);
  await s.control('POST', 'edit', { type: 'orders', id: before[1], set: { staff_notes: 'x' }, touch: false });
  assert.equal(dateOf(s, before[1]), untouched);
  assert.ok((await s.control('POST', 'edit', { type: 'orders', id: 1, set: {} })).error);
  assert.ok((await s.control('POST', 'edit_part', { type: 'orders', id: made.id, part: 'wheels', set: {} })).error);
});

test('parts are taken away by control calls, also from the lists over all orders', async () => {
  const s = await open();
  const o = findOrder(s, (x) => x.part('refunds').length);
  const [refund] = o.part('refunds');
  const listed = async () => (await s.get(`${V3}/payment_actions/refunds?limit=250`)).body.data.map((r) => r.id);
  assert.ok((await listed()).includes(refund.id));
  await s.control('POST', 'edit_part', { type: 'orders', id: o.id, part: 'refunds', part_id: refund.id, set: null });
  assert.ok(!(await listed()).includes(refund.id));
  const made = await s.control('POST', 'edit_part', { type: 'orders', id: o.id, part: 'refunds', set: { reason: 'neu' } });
  assert.ok((await listed()).includes(made.part_id));
  const fresh = await open();
  await fresh.control('POST', 'edit_part', { type: 'orders', id: o.id, part: 'refunds', part_id: refund.id, set: null });
  const later = (await fresh.get(`${V3}/payment_actions/refunds?limit=250`)).body.data.map((r) => r.id);
  assert.ok(!later.includes(refund.id), 'also when the list is first asked for after the edit');
});

test('raw bytes stand for an order in the list, alone and as a part', async () => {
  const s = await open();
  const [id] = await all(s);
  const raw = Buffer.from(`{"id":${id}, "total_inc_tax":19.9900,"a":"\\u00e9"}`);
  await s.control('PUT', `raw/orders/${id}`, raw);
  assert.ok((await s.get(`${V2}/${id}`)).bytes.equals(raw));
  assert.ok((await s.get(`${V2}?limit=2`)).text.startsWith(`[${raw.toString()},`));
  const o = findOrder(s, (x) => x.part('products').length > 1);
  const line = o.part('products')[0].id;
  await s.control('PUT', `raw/order_products/${line}`, Buffer.from('{"odd":1e2}'));
  assert.ok((await s.get(`${V2}/${o.id}/products`)).text.startsWith('[{"odd":1e2},'));
  assert.equal((await s.get(`${V2}/${o.id}/products/${line}`)).text, '{"odd":1e2}');
});

test('random edits of orders are repeatable and say what they changed', async () => {
  const kinds = [
    'edit:orders',
    'create:orders',
    'delete:orders',
    'part:orders:messages',
    'part:orders:metafields',
    'edit:order_metafields',
  ];
  const run = async () => {
    const s = await open();
    const { changes } = await s.control('POST', 'random_edits', { n: 40, seed: 3, kinds });
    return { s, changes };
  };
  const a = await run();
  const b = await run();
  assert.ok(a.changes.length > 30);
  assert.deepEqual(a.changes, b.changes);
  for (const kind of ['edit', 'create', 'delete'])
    assert.ok(
      a.changes.some((c) => c.type === 'orders' && c.change === kind),
      kind,
    );
  const [gone] = a.changes.filter((c) => c.change === 'delete');
  assert.equal((await a.s.get(`${V2}/${gone.id}`)).body.is_deleted, true);
});

test('order settings: no data around them, both lists of a channel or neither', async () => {
  const s = await open();
  const lists = (placed, invoice) => ({
    notifications: { order_placed: { email_addresses: placed }, forward_invoice: { email_addresses: invoice } },
  });
  assert.deepEqual((await s.get(`${V3}/settings`)).body.notifications.order_placed.email_addresses, ['orders@example.com']);
  assert.equal((await s.put(`${V3}/settings`, lists(null, []))).status, 422);
  assert.equal((await s.put(`${V3}/settings`, lists(['no address'], []))).status, 422);
  assert.equal((await s.put(`${V3}/settings`, { notifications: { order_placed: { email_addresses: [] } } })).status, 200);
  assert.deepEqual((await s.get(`${V3}/settings`)).body.notifications, lists([], []).notifications);
  const channel = `${V3}/settings/channels/1`;
  assert.deepEqual((await s.get(channel)).body.notifications, lists(null, null).notifications);
  assert.equal((await s.put(channel, lists(['a@b.de'], null))).status, 422);
  assert.equal((await s.put(channel, lists(['a@b.de'], []))).status, 200);
  assert.deepEqual((await s.get(channel)).body.notifications, lists(['a@b.de'], []).notifications);
  assert.equal((await s.get(`${V3}/settings/channels/99`)).status, 404);
});

test('orders belong to customers that were seeded, and a customer must be there to be named', async () => {
  const s = await open({ customers: 80 });
  for (const id of s.fake.orders.ids()) {
    const { row } = s.fake.orders.record(id);
    if (!row.customer_id) continue;
    const customer = s.fake.customers.record(row.customer_id);
    assert.ok(customer, String(row.customer_id));
    assert.equal(row.billing_address.email, customer.row.email);
  }
  const [id] = await all(s);
  const someone = s.fake.customers.ids.ids[5];
  assert.equal((await s.put(`${V2}/${id}`, { customer_id: someone })).body.customer_id, someone);
  assert.equal((await s.put(`${V2}/${id}`, { customer_id: 999999 })).status, 400);
  assert.equal((await s.put(`${V2}/${id}`, { customer_id: 0 })).status, 200);
});

test('trouble: half of the pages, an order that vanishes, a list that moves', async () => {
  const s = await open();
  const whole = await all(s);
  s.trouble({ path_regex: '^/v2/orders$' }, { half_pages: true });
  const half = [];
  for (let page = 1; ; page++) {
    const r = await s.get(`${V2}?limit=20&page=${page}`);
    if (r.status === 204) break;
    half.push(...ids(r));
  }
  assert.ok(half.length > 0 && half.length < whole.length);
  s.fake.troubles.clear();
  s.trouble({}, { vanish: [whole[2]] });
  assert.ok((await all(s)).includes(whole[2]));
  assert.equal((await s.get(`${V2}/${whole[2]}/products`)).status, 404);
  s.fake.troubles.clear();
  s.trouble({ path_regex: '^/v2/orders$' }, { shift: 'delete' }, { times: 1 });
  assert.deepEqual(await all(s), whole.slice(1));
});
