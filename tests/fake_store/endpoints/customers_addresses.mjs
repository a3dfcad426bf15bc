// /v3/customers/addresses. Promises: an address that equals another one of the same customer in all core fields is dropped without a word (200, absent
// from the answer), state names in full where the country needs them, no dates.

import { answer, noContent } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE } from '../query.mjs';
import { paged } from '../paging.mjs';
import { str, int, one, obj, readOnly } from '../validate.mjs';
import { Raw } from '../json_text.mjs';
import { COUNTRIES } from '../seed/customer_places.mjs';
import { acceptRows, idsToDelete, oneOf } from './customers_batch.mjs';
import { formFieldsSpec, checkFormFields, putFormFields } from './customers_forms.mjs';

export const addressFields = {
  id: readOnly,
  country: readOnly,
  first_name: str(1, 255),
  last_name: str(1, 255),
  company: str(0, 255),
  address1: str(1),
  address2: str(),
  city: str(1, 100),
  state_or_province: str(0, 100),
  postal_code: str(0, 30),
  country_code: str(2, 2),
  phone: str(0, 50),
  address_type: one('residential', 'commercial'),
  form_fields: formFieldsSpec,
};
const REQUIRED = ['first_name', 'last_name', 'address1', 'city', 'country_code', 'customer_id', 'state_or_province', 'postal_code'];
const postSpec = obj({ ...addressFields, customer_id: int(1) }, REQUIRED);
const putSpec = obj({ ...addressFields, id: int(1), customer_id: readOnly }, ['id']);

const CORE = [
  'first_name',
  'last_name',
  'company',
  'phone',
  'address_type',
  'address1',
  'address2',
  'city',
  'country_code',
  'state_or_province',
  'postal_code',
];
const coreOf = (row) => JSON.stringify(CORE.map((f) => row[f]));

export function addressView(address, forms) {
  const { form_fields, ...row } = address;
  return forms ? { ...row, form_fields: form_fields.map((f) => ({ ...f, address_id: row.id })) } : row;
}

/** What a schema cannot say about a whole address. */
export function checkAddress(ctx, row, fail) {
  const land = Object.hasOwn(COUNTRIES, row.country_code) ? COUNTRIES[row.country_code] : null;
  if (!land) return fail('country_code', `country ${row.country_code} does not exist`);
  if (land.state && !row.state_or_province) fail('state_or_province', `state_or_province is required for ${row.country_code}`);
  else if (land.states && !land.states.has(row.state_or_province))
    fail('state_or_province', 'state_or_province must be the full name of a state');
  if (land.zip && !row.postal_code) fail('postal_code', `postal_code is required for ${row.country_code}`);
  if (row.form_fields) checkFormFields(ctx, 'address', row.form_fields, fail);
}

/** Adds it, or answers null when the customer has the same one. */
export function newAddress(ctx, record, given) {
  const { customers } = ctx.fake;
  const row = {
    id: 0,
    address1: given.address1,
    address2: given.address2 ?? '',
    address_type: given.address_type ?? 'residential',
    city: given.city,
    company: given.company ?? '',
    country: COUNTRIES[given.country_code].name,
    country_code: given.country_code,
    customer_id: record.id,
    first_name: given.first_name,
    last_name: given.last_name,
    phone: given.phone ?? '',
    postal_code: given.postal_code ?? '',
    state_or_province: given.state_or_province ?? '',
    form_fields: [],
  };
  if (record.part('addresses').some((a) => coreOf(a) === coreOf(row))) return null;
  row.id = customers.takeId('addresses');
  if (given.form_fields) putFormFields(row.form_fields, given.form_fields, 'address');
  return customers.addChild('addresses', record, row);
}

function listAddresses(ctx) {
  const { q } = ctx;
  const { customers } = ctx.fake;
  let ids = customers.lists.addresses.toArray();
  const clamp = ctx.sw.id_in_limit_clamp;
  if (q['id:in']) {
    const wanted = new Set(clamp > 0 ? q['id:in'].slice(0, clamp) : q['id:in']);
    ids = ids.filter((id) => wanted.has(id));
  }
  if (q['customer_id:in']) {
    const owners = new Set(q['customer_id:in']);
    const theirs = new Set(
      [...owners].flatMap(
        (id) =>
          customers
            .record(id)
            ?.part('addresses')
            .map((a) => a.id) ?? [],
      ),
    );
    ids = ids.filter((id) => theirs.has(id));
  }
  const onRow = (test, value) => {
    ids = ids.filter((id) => test(value(customers.findChild('addresses', id))));
  };
  if (q['company:in']) onRow(oneOf(q['company:in']), (a) => a.company);
  if (q['name:in']) onRow(oneOf(q['name:in']), (a) => `${a.first_name} ${a.last_name}`);
  const vanished = ctx.trouble.flatMap((t) => (t.vanish && q['id:in'] ? [].concat(t.vanish) : []));
  ids = ids.filter((id) => !vanished.includes(id));
  const forms = Boolean(q.include?.includes('formfields'));
  return paged(ctx, ids.length, (o, n) =>
    ids.slice(o, o + n).map((id) => {
      const raw = ctx.fake.raws.get(`customer_addresses:${id}`);
      return raw ? new Raw(raw) : addressView(customers.findChild('addresses', id), forms);
    }),
  );
}

const show = (rows) => answer(200, { data: rows.filter(Boolean).map((a) => addressView(a, a.form_fields.length > 0)), meta: {} });

function post(ctx) {
  const { customers } = ctx.fake;
  const rows = acceptRows(ctx, postSpec, {
    max: ctx.sw.customer_parts_batch_max,
    title: 'Create customer addresses failed.',
    check: (row, n, fail) => {
      if (!customers.ids.has(row.customer_id)) fail('customer_id', `customer ${row.customer_id} does not exist`);
      checkAddress(ctx, row, fail);
    },
  });
  return show(rows.map((row) => newAddress(ctx, customers.edit(row.customer_id), row)));
}

function change(ctx, given) {
  const { customers } = ctx.fake;
  const { record, row } = customers.childForWriting('addresses', given.id);
  const next = { ...row };
  for (const f of CORE) if (given[f] !== undefined) next[f] = given[f];
  next.country = COUNTRIES[next.country_code].name;
  if (record.part('addresses').some((a) => a !== row && coreOf(a) === coreOf(next))) return null;
  Object.assign(row, next);
  if (given.form_fields) putFormFields(row.form_fields, given.form_fields, 'address');
  customers.partChanged(record);
  return row;
}

function put(ctx) {
  const { customers } = ctx.fake;
  const rows = acceptRows(ctx, putSpec, {
    max: ctx.sw.customer_parts_batch_max,
    title: 'Update customer addresses failed.',
    check: (row, n, fail) => {
      const now = customers.findChild('addresses', row.id);
      if (!now) return fail('id', `address ${row.id} does not exist`);
      checkAddress(ctx, { ...now, ...row }, fail);
    },
  });
  return show(rows.map((row) => change(ctx, row)));
}

function remove(ctx) {
  for (const id of idsToDelete(ctx)) ctx.fake.customers.removeChild('addresses', id);
  return noContent();
}

const LIST = {
  ...PAGE,
  'company:in': 'strs',
  'name:in': 'strs',
  'customer_id:in': 'ints',
  'id:in': 'ints',
  include: { list: ['formfields'] },
};
const about = { type: 'customer_address', scope: 'customers' };
export const customerAddressRoutes = () => [
  route('GET', '/v3/customers/addresses', { ...about, query: LIST }, listAddresses),
  route('POST', '/v3/customers/addresses', { ...about, body: 'json' }, post),
  route('PUT', '/v3/customers/addresses', { ...about, body: 'json' }, put),
  route('DELETE', '/v3/customers/addresses', { ...about, query: { 'id:in': 'ints' } }, remove),
];
