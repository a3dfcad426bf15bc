// /v3/customers/attributes (definitions) and /v3/customers/attribute-values. Promises: 50 definitions at most, a type never changes, deleting a
// definition deletes its values; values are read as attribute_value and written as value, always text, one per customer and attribute.

import { Refusal, answer, noContent } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE, contains, equalText } from '../query.mjs';
import { paged } from '../paging.mjs';
import { str, int, one, obj, readOnly } from '../validate.mjs';
import { Raw } from '../json_text.mjs';
import { zStamp } from '../seed/customer.mjs';
import { rowsOf, acceptRows, idsToDelete, DATES, dateTest, secondsOf } from './customers_batch.mjs';

const STORE_LIMIT = 50;
const CUSTOMERS_PER_CALL = 10;

// ---- definitions --------------------------------------------------------------------------------
const dates = { date_created: readOnly, date_modified: readOnly };
const type = one('string', 'number', 'date');
const postSpec = obj({ id: readOnly, name: str(1, 255), type, ...dates }, ['name', 'type']);
const putSpec = obj({ id: int(1), name: str(1, 255), type, ...dates }, ['id', 'name']);

const view = (ctx, kind, row) => {
  const raw = ctx.fake.raws.get(`${kind}:${row.id}`);
  return raw ? new Raw(raw) : row;
};

function listDefinitions(ctx) {
  const { q } = ctx;
  let rows = [...ctx.fake.customers.definitions.values()].sort((a, b) => a.id - b.id);
  if (q.name !== undefined) rows = rows.filter((d) => equalText(d.name, q.name));
  if (q['name:like'] !== undefined) rows = rows.filter((d) => contains(d.name, q['name:like']));
  if (q.type !== undefined) rows = rows.filter((d) => d.type === q.type);
  for (const f of ['date_created', 'date_modified']) {
    const test = dateTest(q, f);
    if (test) rows = rows.filter((d) => test(secondsOf(d[f])));
  }
  return paged(ctx, rows.length, (o, n) => rows.slice(o, o + n).map((d) => view(ctx, 'customer_attributes', d)));
}

function checkName(ctx, name, self, others, fail) {
  if (!ctx.sw.attribute_name_unique) return;
  const same = (d) => d.id !== self && equalText(d.name, name);
  if ([...ctx.fake.customers.definitions.values()].some(same) || others.some((o) => equalText(o.name, name)))
    fail('name', `an attribute called ${name} exists`);
}

/** Also used by control calls. */
export function newDefinition(ctx, given) {
  const { customers } = ctx.fake;
  const now = zStamp(ctx.clock.seconds());
  const row = { id: customers.takeId('definitions'), name: given.name, type: given.type, date_created: now, date_modified: now };
  customers.definitions.set(row.id, row);
  customers.version++;
  return row;
}

function postDefinitions(ctx) {
  const { customers } = ctx.fake;
  const before = [];
  const rows = acceptRows(ctx, postSpec, {
    max: ctx.sw.customer_parts_batch_max,
    title: 'Create customer attributes failed.',
    check: (row, n, fail) => {
      checkName(ctx, row.name, null, before, fail);
      before.push(row);
    },
  });
  if (customers.definitions.size + rows.length > STORE_LIMIT)
    throw new Refusal(403, `A store has at most ${STORE_LIMIT} customer attributes.`);
  return answer(200, { data: rows.map((row) => newDefinition(ctx, row)), meta: {} });
}

function putDefinitions(ctx) {
  const { customers } = ctx.fake;
  const before = [];
  const rows = acceptRows(ctx, putSpec, {
    max: ctx.sw.customer_parts_batch_max,
    title: 'Update customer attributes failed.',
    check: (row, n, fail) => {
      const now = customers.definitions.get(row.id);
      if (!now) return fail('id', `attribute ${row.id} does not exist`);
      if (row.type !== undefined && row.type !== now.type) fail('type', 'the type of an attribute cannot be changed');
      checkName(ctx, row.name, row.id, before, fail);
      before.push(row);
    },
  });
  const data = rows.map((given) => {
    const row = customers.definitions.get(given.id);
    row.name = given.name;
    row.date_modified = zStamp(ctx.clock.seconds());
    return row;
  });
  customers.version++;
  return answer(200, { data, meta: {} });
}

function removeDefinitions(ctx) {
  for (const id of idsToDelete(ctx)) ctx.fake.customers.removeDefinition(id);
  return noContent();
}

// ---- values -------------------------------------------------------------------------------------
const valueSpec = obj({ id: int(1), attribute_id: int(1), value: str(0, 255), customer_id: int(1), ...dates }, [
  'attribute_id',
  'value',
  'customer_id',
]);

/** A value is text and must read as its attribute's type. */
export function checkValue(ctx, attributeId, value, fail) {
  const definition = ctx.fake.customers.definitions.get(attributeId);
  if (!definition) return fail('attribute_id', `attribute ${attributeId} does not exist`);
  if (definition.type === 'number' && !/^-?\d*\.?\d+$/.test(value)) fail('value', 'value must be a number');
  if (definition.type === 'date' && !Number.isFinite(Date.parse(value))) fail('value', 'value must be a date');
}

export function newValue(ctx, record, attributeId, value) {
  const { customers } = ctx.fake;
  const now = zStamp(ctx.clock.seconds());
  return customers.addChild('attributes', record, {
    id: customers.takeId('attributes'),
    attribute_id: attributeId,
    attribute_value: value,
    customer_id: record.id,
    date_created: now,
    date_modified: now,
  });
}

function listValues(ctx) {
  const { q } = ctx;
  const { customers } = ctx.fake;
  let ids = customers.lists.attributes.toArray();
  if (q['customer_id:in']) {
    const theirs = new Set(
      q['customer_id:in'].flatMap(
        (id) =>
          customers
            .record(id)
            ?.part('attributes')
            .map((a) => a.id) ?? [],
      ),
    );
    ids = ids.filter((id) => theirs.has(id));
  }
  const tests = [];
  if (q['attribute_id:in']) {
    const wanted = new Set(q['attribute_id:in']);
    tests.push((row) => wanted.has(row.attribute_id));
  }
  if (q.name !== undefined) tests.push((row) => equalText(customers.definitions.get(row.attribute_id)?.name, q.name));
  for (const f of ['date_created', 'date_modified']) {
    const test = dateTest(q, f);
    if (test) tests.push((row) => test(secondsOf(row[f])));
  }
  const get = (id) => customers.findChild('attributes', id);
  if (tests.length)
    ids = ids.filter((id) => {
      const row = get(id);
      return tests.every((t) => t(row));
    });
  return paged(ctx, ids.length, (o, n) => ids.slice(o, o + n).map((id) => view(ctx, 'customer_attribute_values', get(id))));
}

function upsert(ctx, given) {
  const { customers } = ctx.fake;
  const record = customers.edit(given.customer_id);
  const row = record.part('attributes').find((a) => a.attribute_id === given.attribute_id);
  if (!row) return newValue(ctx, record, given.attribute_id, given.value);
  row.attribute_value = given.value;
  row.date_modified = zStamp(ctx.clock.seconds());
  customers.partChanged(record);
  return row;
}

function putValues(ctx) {
  const { customers } = ctx.fake;
  const asked = rowsOf(ctx, Infinity);
  if (new Set(asked.map((row) => row?.customer_id)).size > CUSTOMERS_PER_CALL)
    throw new Refusal(413, `One call may name at most ${CUSTOMERS_PER_CALL} customers.`);
  const rows = acceptRows(ctx, valueSpec, {
    max: Infinity,
    title: 'Upsert customer attribute values failed.',
    check: (row, n, fail) => {
      const owner = customers.record(row.customer_id);
      if (!owner) return fail('customer_id', `customer ${row.customer_id} does not exist`);
      checkValue(ctx, row.attribute_id, row.value, fail);
      if (row.id !== undefined && owner.part('attributes').find((a) => a.attribute_id === row.attribute_id)?.id !== row.id)
        fail('id', `value ${row.id} is not the one of this customer and attribute`);
    },
  });
  return answer(200, { data: rows.map((row) => upsert(ctx, row)), meta: {} });
}

function removeValues(ctx) {
  for (const id of idsToDelete(ctx)) ctx.fake.customers.removeChild('attributes', id);
  return noContent();
}

const BY_DATE = { ...DATES('date_created'), ...DATES('date_modified') };
const DELETE = { 'id:in': 'ints' };
const definition = { type: 'customer_attribute', scope: 'customers' };
const value = { type: 'customer_attribute_value', scope: 'customers' };
const D = '/v3/customers/attributes';
const V = '/v3/customers/attribute-values';
const D_LIST = { ...PAGE, ...BY_DATE, name: 'str', 'name:like': 'str', type: ['string', 'number', 'date'] };
const V_LIST = { ...PAGE, ...BY_DATE, 'customer_id:in': 'ints', 'attribute_id:in': 'ints', name: 'str' };
export const customerAttributeRoutes = () => [
  route('GET', D, { ...definition, query: D_LIST }, listDefinitions),
  route('POST', D, { ...definition, body: 'json' }, postDefinitions),
  route('PUT', D, { ...definition, body: 'json' }, putDefinitions),
  route('DELETE', D, { ...definition, query: DELETE }, removeDefinitions),
  route('GET', V, { ...value, query: V_LIST }, listValues),
  route('PUT', V, { ...value, body: 'json' }, putValues),
  route('DELETE', V, { ...value, query: DELETE }, removeValues),
];
