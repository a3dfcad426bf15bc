// /v3/customers. Promises: batches of 10 (413 above), unique e-mail addresses whatever their case, embedded addresses and attributes cut at 10 with true
// counts, no read by id but id:in, passwords never shown, DELETE without id:in does nothing and answers 204 as documented.

import { Refusal, answer, noContent } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE, CURSOR, contains } from '../query.mjs';
import { str, num, int, bool, list, obj, any, orNull, readOnly } from '../validate.mjs';
import { Raw } from '../json_text.mjs';
import { zStamp } from '../seed/customer.mjs';
import { pageOrCursor } from './customers_paging.mjs';
import { rowsOf, checkedRows, DATES, dateTest, oneOf } from './customers_batch.mjs';
import { addressFields, checkAddress, newAddress, addressView } from './customers_addresses.mjs';
import { formFieldsSpec, checkFormFields, putFormFields } from './customers_forms.mjs';
import { checkValue, newValue } from './customers_attributes.mjs';

const EMBEDDED = 10;
const BATCH = 10;
const INCLUDES = ['addresses', 'storecredit', 'attributes', 'formfields', 'shopper_profile_id', 'segment_ids'];
const SORTS = ['date_created', 'date_modified', 'last_name'].flatMap((f) => [`${f}:asc`, `${f}:desc`]);

const LIST = {
  ...PAGE,
  ...CURSOR,
  'id:in': 'ints',
  'company:in': 'strs',
  'customer_group_id:in': 'ints',
  ...DATES('date_created'),
  ...DATES('date_modified'),
  'email:in': 'strs',
  'name:in': 'strs',
  'name:like': 'strs',
  'phone:in': 'strs',
  'registration_ip_address:in': 'strs',
  include: { list: INCLUDES },
  sort: SORTS,
};

const fields = {
  id: readOnly,
  email: str(3, 255),
  first_name: str(1, 100),
  last_name: str(1, 100),
  company: str(0, 255),
  phone: str(0, 50),
  notes: str(),
  tax_exempt_category: str(0, 255),
  customer_group_id: int(0),
  authentication: obj({ force_password_reset: bool, new_password: str(1) }),
  accepts_product_review_abandoned_cart_emails: bool,
  store_credit_amounts: list(obj({ amount: num(0) }, ['amount'])),
  channel_ids: orNull(list(int(1), 1)),
  form_fields: formFieldsSpec,
  origin_channel_id: readOnly,
  addresses: readOnly,
  attributes: readOnly,
  registration_ip_address: readOnly,
  date_created: readOnly,
  date_modified: readOnly,
  address_count: readOnly,
  attribute_count: readOnly,
  shopper_profile_id: readOnly,
  segment_ids: readOnly,
};
const postSpec = obj(
  {
    ...fields,
    email: str(3, 250),
    origin_channel_id: int(1),
    trigger_account_created_notification: bool,
    addresses: list(obj(addressFields, ['first_name', 'last_name', 'address1', 'city', 'country_code']), 0, EMBEDDED),
    attributes: list(obj({ attribute_id: int(1), attribute_value: str(0, 255) }, ['attribute_id', 'attribute_value']), 0, EMBEDDED),
  },
  ['email', 'first_name', 'last_name'],
);
const putSpec = obj({ ...fields, id: int(1), addresses: any, attributes: any }, ['id']);

/** One customer as an answer shows it; include: names of INCLUDES. */
export function customerView(ctx, record, include = []) {
  const raw = ctx.fake.raws.get(`customers:${record.id}`);
  if (raw) return new Raw(raw);
  const addresses = record.part('addresses');
  const attributes = record.part('attributes');
  const row = { ...record.row, address_count: addresses.length, attribute_count: attributes.length };
  const forms = include.includes('formfields');
  for (const name of include) {
    if (name === 'addresses') row.addresses = addresses.slice(0, EMBEDDED).map((a) => addressView(a, forms));
    else if (name === 'attributes') row.attributes = attributes.slice(0, EMBEDDED);
    else if (name === 'storecredit') row.store_credit_amounts = record.extras.store_credit_amounts;
    else if (name === 'formfields') row.form_fields = record.form.map((f) => ({ ...f, customer_id: record.id }));
    else row[name] = record.extras[name];
  }
  return row;
}

const fullName = (row) => `${row.first_name} ${row.last_name}`;

function testsOf(ctx) {
  const { q, sw } = ctx;
  const { customers } = ctx.fake;
  const tests = [];
  const onRow = (test) => {
    tests.push((id) => test(customers.record(id).row));
  };
  if (q['customer_group_id:in']) {
    const groups = new Set(q['customer_group_id:in']);
    tests.push((id) => groups.has(customers.groupOf(id)));
  }
  for (const f of ['date_created', 'date_modified']) {
    const test = dateTest(q, f);
    if (test) tests.push((id) => test(customers.secondsOf(id, f)));
  }
  for (const [name, value] of [
    ['company:in', (r) => r.company],
    ['phone:in', (r) => r.phone],
    ['registration_ip_address:in', (r) => r.registration_ip_address],
    ['name:in', fullName],
  ]) {
    if (!q[name]) continue;
    const test = oneOf(q[name]);
    onRow((row) => test(value(row)));
  }
  if (q['name:like']) onRow((row) => q['name:like'].some((part) => contains(fullName(row), part)));
  const vanished = ctx.trouble.flatMap((t) => (t.vanish && q['id:in'] ? [].concat(t.vanish) : []));
  if (vanished.length) tests.push((id) => !vanished.includes(id));
  const clamp = sw.id_in_limit_clamp;
  return { tests, idIn: q['id:in'] && clamp > 0 ? q['id:in'].slice(0, clamp) : q['id:in'] };
}

/** Ids in ascending order; e-mail addresses and ids are looked up, everything else is tested. */
function matching(ctx) {
  const { q } = ctx;
  const { customers } = ctx.fake;
  const { tests, idIn } = testsOf(ctx);
  let ids = null;
  const narrow = (more) => {
    const wanted = new Set(more);
    ids = ids ? ids.filter((id) => wanted.has(id)) : [...wanted].filter((id) => customers.ids.has(id)).sort((a, b) => a - b);
  };
  if (idIn) narrow(idIn);
  if (q['email:in']) narrow(q['email:in'].flatMap((e) => customers.findEmail(e)));
  ids ??= customers.ids.toArray();
  return tests.length ? ids.filter((id) => tests.every((t) => t(id))) : ids;
}

function sortKey(customers, field) {
  if (field === 'last_name') return (id) => customers.record(id).row.last_name.toLowerCase();
  return (id) => customers.secondsOf(id, field);
}

function listCustomers(ctx) {
  const { q, sw } = ctx;
  const { customers } = ctx.fake;
  const ids = matching(ctx);
  const get = (id) => customerView(ctx, customers.record(id), q.include);
  if (!q.sort || sw.sort_ignored) return pageOrCursor(ctx, ids, get, { cursorOf: (id) => ({ id }), compare: (id, c) => id - c.id });
  const [field, direction] = q.sort.split(':');
  const sign = direction === 'desc' ? -1 : 1;
  const keyOf = sortKey(customers, field);
  const keys = new Map(ids.map((id) => [id, keyOf(id)]));
  const order = (a, idA, b, idB) => (a < b ? -1 : a > b ? 1 : idA - idB) * sign;
  ids.sort((a, b) => order(keys.get(a), a, keys.get(b), b));
  return pageOrCursor(ctx, ids, get, {
    cursorOf: (id) => ({ id, [field]: keys.get(id) }),
    compare: (id, c) => order(keys.get(id), id, c[field], c.id),
  });
}

// ---- writes -------------------------------------------------------------------------------------

const EMAIL = /^[^\s@"<>,;]+@[^\s@"<>,;]+\.[^\s@"<>,;]+$/;

const shareChannels = (a, b) => a === null || b === null || a.some((c) => b.includes(c));

/** others: rows of the same batch that come before. */
function checkCommon(ctx, row, self, others, fail) {
  const { customers, catalog } = ctx.fake;
  if (row.email !== undefined) {
    if (!EMAIL.test(row.email)) fail('email', 'invalid email');
    const channels = row.channel_ids !== undefined ? row.channel_ids : (self?.row.channel_ids ?? null);
    const clash = (other) => ctx.sw.customer_email_unique === 'store' || shareChannels(channels, other);
    const taken = customers.findEmail(row.email).some((id) => id !== self?.id && clash(customers.record(id).row.channel_ids));
    const twice = others.some((o) => o.email?.toLowerCase() === row.email.toLowerCase() && clash(o.channel_ids ?? null));
    if (taken || twice) fail('email', `email ${row.email} already in use`);
  }
  if (row.customer_group_id && !customers.groups.has(row.customer_group_id)) fail('customer_group_id', 'invalid customer group');
  for (const id of row.channel_ids ?? []) if (!catalog.channels.has(id)) fail('channel_ids', `channel ${id} does not exist`);
  if (row.form_fields) checkFormFields(ctx, 'customer', row.form_fields, fail);
}

function checkNew(ctx, row, others, fail) {
  checkCommon(ctx, row, null, others, fail);
  if (row.origin_channel_id !== undefined && !ctx.fake.catalog.channels.has(row.origin_channel_id))
    fail('origin_channel_id', `channel ${row.origin_channel_id} does not exist`);
  (row.addresses ?? []).forEach((a, k) => checkAddress(ctx, a, (field, text) => fail(`addresses.${k}.${field}`, text)));
  const seen = new Set();
  (row.attributes ?? []).forEach((a, k) => {
    checkValue(ctx, a.attribute_id, a.attribute_value, (field, text) => fail(`attributes.${k}.${field}`, text));
    if (seen.has(a.attribute_id)) fail(`attributes.${k}.attribute_id`, 'the attribute is given twice');
    seen.add(a.attribute_id);
  });
}

/** Also used by control calls. */
export function newCustomer(ctx, given) {
  const { customers } = ctx.fake;
  const now = zStamp(ctx.clock.seconds());
  const id = customers.takeId('customers');
  const record = customers.add(
    {
      id,
      authentication: { force_password_reset: given.authentication?.force_password_reset ?? false },
      company: given.company ?? '',
      customer_group_id: given.customer_group_id ?? customers.groupWith('is_default')?.id ?? 0,
      email: given.email,
      first_name: given.first_name,
      last_name: given.last_name,
      notes: given.notes ?? '',
      phone: given.phone ?? '',
      registration_ip_address: '',
      tax_exempt_category: given.tax_exempt_category ?? '',
      date_created: now,
      date_modified: now,
      accepts_product_review_abandoned_cart_emails: given.accepts_product_review_abandoned_cart_emails ?? false,
      origin_channel_id: given.origin_channel_id ?? 1,
      channel_ids: given.channel_ids ?? null,
    },
    {
      store_credit_amounts: credit(given) ?? [{ amount: 0 }],
      shopper_profile_id: null,
      segment_ids: [],
      consent: { allow: [], deny: [] },
    },
  );
  for (const a of given.addresses ?? []) newAddress(ctx, record, a);
  for (const a of given.attributes ?? []) newValue(ctx, record, a.attribute_id, a.attribute_value);
  if (given.form_fields) putFormFields(record.form, given.form_fields);
  customers.changed(record, { touch: false });
  return record;
}

const credit = (given) => given.store_credit_amounts?.map(({ amount }) => ({ amount }));

const SHOWN = { addresses: 'addresses', attributes: 'attributes', form_fields: 'formfields', store_credit_amounts: 'storecredit' };
const includesOf = (given) => Object.keys(SHOWN).flatMap((f) => (given[f] !== undefined ? [SHOWN[f]] : []));

/** One bad row spoils the batch; by the switch the good ones are saved although the answer is a 422. */
function batch(ctx, title, { out, errors }, work) {
  const failed = Object.keys(errors).length > 0;
  if (failed && ctx.sw.customers_batch === 'whole') throw new Refusal(422, title, errors);
  const data = out.filter((o) => !o.bad).map((o) => work(o.row));
  if (failed) throw new Refusal(422, title, errors);
  return answer(200, { data, meta: {} });
}

function post(ctx) {
  const rows = rowsOf(ctx, BATCH);
  const before = [];
  const checked = checkedRows(ctx, rows, postSpec, (row, n, fail) => {
    checkNew(ctx, row, before, fail);
    before.push(row);
  });
  return batch(ctx, 'Create customers failed.', checked, (given) => {
    const record = newCustomer(ctx, given);
    if (given.trigger_account_created_notification ?? ctx.sw.welcome_mail_by_default)
      ctx.fake.customers.mails.push({ kind: 'createaccount_email', customer_id: record.id });
    return customerView(ctx, record, includesOf(given));
  });
}

const PLAIN = [
  'email',
  'first_name',
  'last_name',
  'company',
  'phone',
  'notes',
  'tax_exempt_category',
  'customer_group_id',
  'accepts_product_review_abandoned_cart_emails',
  'channel_ids',
];

function change(ctx, given) {
  const { customers } = ctx.fake;
  const record = customers.edit(given.id);
  const was = JSON.stringify([record.row, record.form, record.extras]);
  for (const f of PLAIN) if (given[f] !== undefined) record.row[f] = given[f];
  if (given.authentication?.force_password_reset !== undefined)
    record.row.authentication = { force_password_reset: given.authentication.force_password_reset };
  if (given.store_credit_amounts) record.extras.store_credit_amounts = credit(given);
  if (given.form_fields) putFormFields(record.form, given.form_fields);
  const equal = was === JSON.stringify([record.row, record.form, record.extras]);
  customers.changed(record, { touch: !equal || ctx.sw.equal_write_moves_date_modified });
  return customerView(ctx, record, includesOf({ ...given, addresses: undefined, attributes: undefined }));
}

function put(ctx) {
  const { customers } = ctx.fake;
  const before = [];
  const checked = checkedRows(ctx, rowsOf(ctx, BATCH), putSpec, (row, n, fail) => {
    const self = customers.record(row.id);
    if (!self) return fail('id', `customer ${row.id} does not exist`);
    checkCommon(ctx, row, self, before, fail);
    before.push(row);
  });
  return batch(ctx, 'Update customers failed.', checked, (given) => change(ctx, given));
}

function remove(ctx) {
  for (const id of ctx.q['id:in'] ?? []) ctx.fake.customers.remove(id);
  return noContent();
}

const about = { type: 'customer', scope: 'customers' };
export const customerRoutes = () => [
  route('GET', '/v3/customers', { ...about, query: LIST }, listCustomers),
  route('POST', '/v3/customers', { ...about, body: 'json' }, post),
  route('PUT', '/v3/customers', { ...about, body: 'json' }, put),
  route('DELETE', '/v3/customers', { ...about, query: { 'id:in': 'ints' } }, remove),
];
