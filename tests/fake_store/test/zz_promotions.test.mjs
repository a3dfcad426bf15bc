// Promotions, coupon codes, V2 coupons, gift certificates.

import test from 'node:test';
import assert from 'node:assert/strict';
import { openStore } from './open_store.mjs';
import { ruleErrors } from '../endpoints/promotion_rules.mjs';

const store = await openStore({ seed: 9, promotions: 60, codes: 5, coupons: 40, giftCertificates: 20, customerGroups: 6 });
const P = '/v3/promotions';
const C = '/v2/coupons';
const G = '/v2/gift_certificates';
const state = store.fake.promotions;
const percent = [{ action: { cart_value: { discount: { percentage_amount: '10' } } } }];
// Promotions with coupons: SINGLE and BULK by turns.
const [single, bulk, third, fourth, fifth] = [...state.codesOf.keys()];
const draft = (more) => ({ name: 'Draft', redemption_type: 'AUTOMATIC', rules: percent, ...more });

test('seeded rules are of every kind, name what exists, and pass the rules for writing', async () => {
  const rows = (await store.get(`${P}?limit=250`)).body.data;
  assert.equal(rows.length, 60);
  const text = JSON.stringify(rows);
  for (const word of [
    'cart_value',
    'cart_items',
    'gift_item',
    'fixed_price_set',
    'shipping',
    'and',
    'or',
    'not',
    'product_option',
    'variants',
  ])
    assert.ok(text.includes(`"${word}"`), word);
  for (const p of rows) assert.deepEqual(ruleErrors(store.cat, p.rules, true), {}, `promotion ${p.id}`);
  assert.ok(rows.some((p) => p.end_date === null) && rows.some((p) => p.schedule !== null) && rows.some((p) => p.status === 'INVALID'));
  const coupons = rows.filter((p) => p.redemption_type === 'COUPON');
  assert.equal(coupons.length, 24);
  assert.ok(coupons.every((p) => p.multiple_codes.has_multiple_codes && 'coupon_type' in p));
});

test('lists are filtered and sorted', async () => {
  const list = async (q) => (await store.get(`${P}?limit=250&${q}`)).body.data;
  assert.ok((await list('redemption_type=coupon')).every((p) => p.redemption_type === 'COUPON'));
  assert.ok((await list('channels=2')).every((p) => !p.channels.length || p.channels.some((c) => c.id === 2)));
  const dates = (await list('sort=start_date&direction=desc')).map((p) => p.start_date);
  assert.deepEqual(dates, [...dates].sort().reverse());
  const [code] = (await store.get(`${P}/${single}/codes`)).body.data;
  assert.deepEqual(
    (await list(`code=${encodeURIComponent(code.code)}`)).map((p) => p.id),
    [single],
  );
  assert.equal((await store.get(`${P}?id:in=1`)).status, 422);
  assert.equal((await store.get(`${P}?redemption_type=COUPON`)).status, 422);
});

test('a promotion is created with 201, a partial PUT keeps the rest, types cannot change', async () => {
  const made = await store.post(P, draft({ max_uses: null, end_date: null, start_date: '2026-02-01T10:00:00Z' }));
  assert.equal(made.status, 201);
  const { id } = made.body.data;
  assert.deepEqual([made.body.data.created_from, made.body.data.start_date], ['api', '2026-02-01T10:00:00+00:00']);
  const put = await store.put(`${P}/${id}`, { name: 'Renamed', redemption_type: 'AUTOMATIC' });
  assert.deepEqual([put.body.data.name, put.body.data.rules], ['Renamed', made.body.data.rules]);
  assert.equal((await store.put(`${P}/${id}`, { redemption_type: 'COUPON' })).status, 422);
  assert.equal((await store.put(`${P}/${single}`, { coupon_type: 'BULK' })).status, 422);
  assert.equal((await store.put(`${P}/${id}`, { status: 'INVALID' })).status, 422);
  assert.equal((await store.get(`${P}/999999`)).status, 404);
});

test('wrong rules are refused', async () => {
  const status = async (rules, more = {}) => (await store.post(P, draft({ rules, ...more }))).status;
  const items = (matcher) => [{ action: { cart_items: { discount: { percentage_amount: '5' }, items: matcher } } }];
  const [product] = store.cat.products.slice(0, 1);
  assert.equal(await status(items({ products: [product] })), 201);
  assert.equal(await status([]), 422);
  assert.equal(await status([{ condition: {} }]), 422);
  assert.equal(await status([{ action: { nothing: {} } }]), 422);
  assert.equal(await status(items({ products: [] })), 422, 'an empty list');
  assert.equal(await status(items({ products: [product], brands: [34] })), 422, 'two matchers in one');
  assert.equal(await status(items({ products: [99999999] })), 422, 'a product that does not exist');
  assert.equal(await status(items({ and: [{ not: { or: [{ products: [product] }] } }] })), 201, 'three levels');
  assert.equal(await status(items({ and: [{ not: { or: [{ not: { products: [product] } }] } }] })), 422, 'four levels');
  assert.equal(await status([{ action: { cart_value: { discount: { fixed_amount: 5 } } } }]), 422, 'money is text');
  const fixed = [{ action: { cart_value: { discount: { fixed_amount: '5' } } } }];
  assert.equal(await status(fixed, { currency_code: '*' }), 422);
  assert.equal(await status(fixed, { currency_code: 'USD' }), 201);
  const condition = { cart: { items: { products: [product] } } };
  assert.equal(await status([{ ...percent[0], condition }]), 422, 'minimum_quantity');
  assert.equal(await status(percent, { customer: { group_ids: [0], excluded_group_ids: [1] } }), 422);
  assert.equal(await status(percent, { customer: { group_ids: [9999] } }), 422);
  assert.equal(await status(percent, { channels: [{ id: 99 }] }), 422);
  assert.equal(await status(percent, { coupon_type: 'SINGLE' }), 422);
  store.switch('promotion_refs_checked', false);
  assert.equal(await status(items({ products: [99999999] })), 201);
  store.switch('promotion_refs_checked', true);
});

test('coupon_overrides_other_promotions only when the promotion stands alone', async () => {
  const post = async (more) => (await store.post(P, draft({ redemption_type: 'COUPON', ...more }))).status;
  assert.equal(await post({ coupon_overrides_other_promotions: false }), 422);
  assert.equal(await post({ coupon_overrides_other_promotions: true, can_be_used_with_other_promotions: false }), 201);
});

test('an enabled promotion that names something deleted stays, or becomes INVALID', async () => {
  const [product] = store.cat.products.slice(5, 6);
  const rules = [{ action: { gift_item: { quantity: 1, product_id: product } } }];
  const { id } = (await store.post(P, draft({ rules }))).body.data;
  await store.del(`/v3/catalog/products/${product}`);
  assert.equal((await store.get(`${P}/${id}`)).body.data.status, 'ENABLED');
  store.switch('promotion_deleted_refs', 'invalid');
  assert.equal((await store.get(`${P}/${id}`)).body.data.status, 'INVALID');
  store.switch('promotion_deleted_refs', 'keep');
});

test('codes: cursors, unique over the store and the V2 coupons, no update', async () => {
  const first = (await store.get(`${P}/${single}/codes?limit=2`)).body;
  const next = (await store.get(`${P}/${single}/codes?limit=250&after=${encodeURIComponent(first.meta.cursor_pagination.end_cursor)}`)).body
    .data;
  assert.equal(first.data.length + next.length, 5);
  assert.deepEqual(Object.keys(first.data[0]).sort(), ['code', 'created', 'current_uses', 'id', 'max_uses', 'max_uses_per_customer']);
  const post = async (promotion, code) => (await store.post(`${P}/${promotion}/codes`, { code })).status;
  assert.equal(await post(single, first.data[0].code.toUpperCase()), 409);
  const coupon = state.coupons.get(1).code;
  assert.equal(await post(single, coupon), 409);
  store.switch('codes_shared_with_coupons', false);
  assert.equal(await post(single, coupon), 201);
  store.switch('codes_shared_with_coupons', true);
  assert.equal(await post(single, 'not / allowed'), 422);
  assert.equal(await post(1, 'FINE'), 422, 'an automatic promotion');
  assert.equal(await post(bulk, 'FINE'), 201, 'a bulk promotion');
  store.switch('code_post_to_bulk', 'refuse');
  assert.equal(await post(bulk, 'FINE-2'), 422);
  store.switch('code_post_to_bulk', 'accept');
  assert.equal((await store.put(`${P}/${single}/codes/${first.data[0].id}`, {})).status, 405);
  assert.equal((await store.get(`${P}/codes?code=fine`)).body.data.length, 1);
  assert.equal((await store.get(`${P}/codes`)).status, 422);
  assert.equal((await store.del(`${P}/codes?code=FINE`)).status, 204);
  assert.equal((await store.get(`${P}/codes?code=fine`)).body.data.length, 0);
  const made = await store.post(`${P}/${bulk}/codegen`, { batch_size: 3 });
  assert.deepEqual([made.status, made.body.data.codes.length], [201, 3]);
  assert.match(made.body.data.codes[0].code, /^[A-Z0-9]{16}$/);
  assert.equal((await store.post(`${P}/${single}/codegen`, { batch_size: 3 })).status, 405);
  assert.equal((await store.post(`${P}/${bulk}/codegen`, { batch_size: 251 })).status, 422);
});

test('promotions with codes are not deleted; the answer of several says which and why', async () => {
  const { id } = (await store.post(P, draft({}))).body.data;
  assert.equal((await store.del(P)).status, 422);
  const several = await store.del(`${P}?id:in=${id},${third},999999`);
  assert.equal(several.status, 422);
  assert.deepEqual(several.body.meta, { total: 3, success: 1, failed: 2 });
  assert.deepEqual(Object.keys(several.body.errors[0].errors), ['1.code', '2.id']);
  assert.equal((await store.get(`${P}/${id}`)).status, 404);
  assert.equal((await store.del(`${P}?id:in=${Array.from({ length: 51 }, (_, n) => n + 1)}`)).status, 422);
  assert.equal((await store.del(`${P}/${third}`)).status, 422);
  const ids = state.codeIds(third).toArray();
  assert.equal((await store.del(`${P}/${third}/codes`)).status, 422);
  assert.equal((await store.del(`${P}/${third}/codes?id:in=${ids.slice(0, 4)}`)).status, 204);
  const one = (await store.get(`${P}/${third}`)).body.data;
  assert.deepEqual([one.multiple_codes.has_multiple_codes, one.codes.id], [false, ids[4]]);
  assert.equal((await store.del(`${P}/${third}/codes/${ids[4]}`)).status, 204);
  assert.equal((await store.del(`${P}/${third}`)).status, 204);
  assert.equal((await store.del(`${P}/999999`)).status, 204);
  store.switch('promotion_delete_with_codes', 'cascade');
  const gone = state.codeIds(fourth).toArray();
  assert.equal((await store.del(`${P}/${fourth}`)).status, 204);
  assert.ok(gone.length && gone.every((c) => !state.codes.has(c)));
  store.switch('promotion_delete_with_codes', 'refuse');
});

test('settings stand bare; all four are needed, or the fourth alone on a small plan', async () => {
  const now = (await store.get(`${P}/settings`)).body;
  assert.equal(now.number_of_coupons_allowed_at_checkout, 1);
  const one = { promotions_applied_on_original_product_price: false };
  assert.equal((await store.put(`${P}/settings`, one)).status, 422);
  assert.equal(
    (await store.put(`${P}/settings`, { ...now, number_of_coupons_allowed_at_checkout: 3 })).body.number_of_coupons_allowed_at_checkout,
    3,
  );
  store.switch('promotion_settings_plan', 'standard');
  assert.equal((await store.put(`${P}/settings`, now)).status, 422);
  assert.equal((await store.put(`${P}/settings`, one)).body.promotions_applied_on_original_product_price, false);
  store.switch('promotion_settings_plan', 'enterprise');
});

test('coupons: promotion codes cast shadows unless they are excluded', async () => {
  const real = (await store.get(`${C}?exclude_type=promotion&limit=250`)).body;
  assert.equal(real.length, 40);
  assert.ok(real.every((c) => c.type !== 'promotion'));
  assert.ok(
    real.some((c) => c.expires === '') && real.some((c) => Array.isArray(c.restricted_to)) && real.some((c) => c.shipping_methods === null),
  );
  assert.ok(real.every((c) => /^\d+\.\d{4}$/.test(c.amount) && / \+0000$/.test(c.date_created)));
  const all = (await store.get(`${C}?limit=250`)).body;
  const shadows = all.filter((c) => c.type === 'promotion');
  assert.equal(shadows.length, state.codes.size);
  assert.deepEqual([shadows[0].amount, shadows[0].restricted_to, shadows[0].shipping_methods], ['0.0000', [], null]);
  assert.equal((await store.get(`${C}/count`)).body.count, all.length);
  const windows = [];
  for (let min = 1; ;) {
    const r = await store.get(`${C}?exclude_type=promotion&limit=7&min_id=${min}`);
    if (r.status === 204) break;
    windows.push(...r.body);
    min = r.body[r.body.length - 1].id + 1;
  }
  assert.deepEqual(
    windows.map((c) => c.id),
    real.map((c) => c.id),
  );
  const before = state.codes.size;
  assert.equal((await store.put(`${C}/${shadows[0].id}`, { name: 'x' })).status, 400);
  assert.equal((await store.del(`${C}/${shadows[0].id}`)).status, 204);
  assert.equal(state.codes.size, before - 1);
  assert.equal((await store.get(`${C}/1`)).status, 405, 'no GET by path');
});

test('coupons: strict writes, applies_to is cleared when left out, the bare DELETE is refused', async () => {
  const body = { name: 'Ten off', code: 'TEN-OFF', type: 'per_total_discount', amount: 10, applies_to: { entity: 'categories', ids: [0] } };
  const made = await store.post(C, body);
  assert.deepEqual([made.status, made.body.amount, made.body.expires], [201, '10.0000', '']);
  const { id } = made.body;
  assert.equal((await store.post(C, { ...body, name: 'Other' })).status, 409);
  assert.equal((await store.post(C, { ...body, code: 'OTHER' })).status, 409);
  store.switch('coupon_conflict_status', '400');
  assert.equal((await store.post(C, body)).status, 400);
  store.switch('coupon_conflict_status', '409');
  const promoted = state.codes.get(state.codeIds(fifth).ids[0]).code;
  assert.equal((await store.post(C, { ...body, name: 'Third', code: promoted })).status, 409);
  assert.equal((await store.put(`${C}/${id}`, { num_uses: 3 })).status, 400);
  assert.equal((await store.put(`${C}/${id}`, { type: 'promotion' })).status, 400);
  assert.equal((await store.put(`${C}/${id}`, { expires: '2030-01-01' })).status, 400);
  assert.equal((await store.put(`${C}/${id}`, { applies_to: { entity: 'products', ids: [99999999] } })).status, 400);
  const put = await store.put(`${C}/${id}`, { code: 'TEN-OFF', expires: 'Thu, 04 Oct 2040 03:24:40 +0000' });
  assert.deepEqual([put.status, put.body.applies_to.ids, put.body.expires], [200, [], 'Thu, 04 Oct 2040 03:24:40 +0000']);
  assert.equal((await store.del(C)).status, 400);
  assert.equal((await store.del(`${C}?id:in=${id},1`)).status, 204);
  assert.equal((await store.get(`${C}?id=${id}`)).status, 204);
  assert.equal((await store.get(`${C}?colour=red`)).status, 400);
});

test('gift certificates: Unix seconds out, RFC 2822 in, codes cut at 20, balance defaults to the amount', async () => {
  const rows = (await store.get(`${G}?limit=250`)).body;
  assert.equal(rows.length, 20);
  assert.ok(rows.every((g) => /^\d+$/.test(g.purchase_date) && /^\d+\.\d{4}$/.test(g.balance)));
  const body = { to_name: 'A', to_email: 'a@example.com', from_name: 'B', from_email: 'b@example.com', amount: '25' };
  const made = await store.post(G, { ...body, code: 'A-CODE-LONGER-THAN-TWENTY', expiry_date: 'Thu, 04 Oct 2040 03:24:40 +0000' });
  assert.equal(made.status, 201);
  assert.deepEqual([made.body.code, made.body.balance, made.body.expiry_date], ['A-CODE-LONGER-THAN-T', '25.0000', '2232933880']);
  const { id } = made.body;
  assert.equal((await store.post(G, { ...body, code: 'A-CODE-LONGER-THAN-TWICE' })).status, 409, 'equal after the cut');
  assert.equal((await store.put(`${G}/${id}`, { ...body, expiry_date: '2232933880' })).status, 400);
  assert.equal((await store.put(`${G}/${id}`, { ...body, order_id: 5 })).status, 400);
  assert.equal((await store.put(`${G}/${id}`, { ...body, balance: '99' })).status, 400);
  assert.equal((await store.put(`${G}/${id}`, { balance: '1' })).status, 400, 'the five fields are required');
  assert.equal((await store.put(`${G}/${id}`, { ...body, balance: '1' })).body.balance, '1.0000');
  assert.equal((await store.get(`${G}?code=${made.body.code}`)).body.length, 1);
  assert.equal((await store.get(`${G}?min_id=${id + 1}`)).status, 204);
  assert.equal((await store.del(G)).status, 400);
  assert.equal((await store.del(`${G}/${id}`)).status, 204);
  assert.equal((await store.get(`${G}/${id}`)).status, 404);
});

test('control calls: codes are a part of promotions; random edits work', async () => {
  const item = await store.control('GET', `item/promotions/${fifth}`);
  assert.equal(item.codes.length, 5);
  const made = await store.control('POST', 'edit_part', { type: 'promotions', id: fifth, part: 'codes', set: { code: 'BY-HAND' } });
  assert.equal((await store.get(`${P}/codes?code=by-hand`)).body.data[0].id, made.part_id);
  await store.control('POST', 'edit_part', {
    type: 'promotions',
    id: fifth,
    part: 'codes',
    part_id: made.part_id,
    set: { code: 'BY-HAND-2', max_uses: 4 },
  });
  assert.equal((await store.get(`${P}/codes?code=by-hand`)).body.data.length, 0);
  assert.equal((await store.get(`${P}/codes?code=by-hand-2`)).body.data[0].max_uses, 4);
  await store.control('POST', 'edit_part', { type: 'promotions', id: fifth, part: 'codes', part_id: made.part_id, set: null });
  assert.equal((await store.control('GET', `item/promotions/${fifth}`)).codes.length, 5);
  const kinds = [
    'edit:promotions',
    'create:promotions',
    'delete:promotions',
    'edit:coupons',
    'delete:gift_certificates',
    'create:gift_certificates',
  ];
  const { changes } = await store.control('POST', 'random_edits', { n: 30, seed: 2, kinds });
  assert.equal(changes.length, 30);
  const coupon = await store.control('POST', 'create', { type: 'promotions', fields: { redemption_type: 'COUPON' } });
  assert.equal((await store.post(`${P}/${coupon.id}/codes`, { code: 'FOR-THE-NEW-ONE' })).status, 201);
  await store.control('POST', 'deny', { list: ['marketing'] });
  for (const path of [P, C, G, `${P}/settings`]) assert.equal((await store.get(path)).status, 403);
  await store.control('POST', 'deny', { list: [] });
});
