// Values of the sign-up and address form fields: /v3/customers/form-field-values, and `form_fields` in writes of customers and addresses. Promises: only
// fields that the control panel defines have values (switch unknown_form_fields); rows have neither ids nor dates; there is no way to delete one.

import { answer } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE, CURSOR } from '../query.mjs';
import { str, int, list, obj, any } from '../validate.mjs';
import { FORM_FIELDS } from '../seed/customer_shape.mjs';
import { pageOrCursor } from './customers_paging.mjs';
import { acceptRows } from './customers_batch.mjs';

const BATCH = 10;
const TYPES = ['checkboxes', 'date', 'multiline', 'numbers', 'password', 'radiobuttons', 'text', 'picklist'];

export const formFieldsSpec = list(obj({ name: str(1), value: any, customer_id: int(), address_id: int() }, ['name', 'value']));

const fieldNamed = (form, name) => FORM_FIELDS.find((f) => f.form === form && f.name === name);

function wrongValue(field, value) {
  if (field.type === 'checkboxes') {
    if (!Array.isArray(value) || !value.every((v) => typeof v === 'string')) return 'must be an array of strings';
    return value.every((v) => field.options.includes(v)) ? null : 'is not one of the options';
  }
  if (field.type === 'numbers')
    return typeof value === 'number' || (typeof value === 'string' && /^-?\d*\.?\d*$/.test(value)) ? null : 'must be a number';
  if (typeof value !== 'string') return 'must be a string';
  if (field.options && value !== '' && !field.options.includes(value)) return 'is not one of the options';
  if (field.type === 'date' && value !== '' && !Number.isFinite(Date.parse(value))) return 'must be a date';
  return null;
}

/** form: customer or address. */
export function checkFormFields(ctx, form, given, fail) {
  given.forEach(({ name, value }, k) => {
    const field = fieldNamed(form, name);
    if (!field) {
      if (ctx.sw.unknown_form_fields === 'reject') fail(`form_fields.${k}.name`, `there is no form field ${name}`);
      return;
    }
    const wrong = wrongValue(field, value);
    if (wrong) fail(`form_fields.${k}.value`, `value ${wrong}`);
  });
}

/** Into the rows [{name, value}] of one customer or address; unknown names are left out. */
export function putFormFields(rows, given, form = 'customer') {
  for (const { name, value } of given) {
    if (!fieldNamed(form, name)) continue;
    const row = rows.find((f) => f.name === name);
    if (row) row.value = value;
    else rows.push({ name, value });
  }
  const order = (f) => fieldNamed(form, f.name).id;
  rows.sort((a, b) => order(a) - order(b));
}

function listValues(ctx) {
  const { q } = ctx;
  const { customers } = ctx.fake;
  let ids = customers.lists.form.toArray();
  const keep = (test) => {
    ids = ids.filter((rowId) => test(customers.formKey(rowId)));
  };
  if (q.customer_id !== undefined) keep((k) => k.form === 'customer' && k.ownerId === q.customer_id);
  if (q.address_id !== undefined) keep((k) => k.form === 'address' && k.ownerId === q.address_id);
  if (q.field_name !== undefined) keep((k) => k.field.name === q.field_name);
  if (q.field_type !== undefined) keep((k) => k.field.type === q.field_type);
  const cursorOf = (rowId) => {
    const { sessionId, field } = customers.formKey(rowId);
    return { sessionId, fieldId: field.id };
  };
  return pageOrCursor(ctx, ids, (rowId) => customers.formRow(rowId), {
    cursorOf,
    compare: (rowId, c) => {
      const at = cursorOf(rowId);
      return at.sessionId - c.sessionId || at.fieldId - c.fieldId;
    },
  });
}

const putSpec = obj({ name: str(1), value: any, customer_id: int(1), address_id: int(1) }, ['name', 'value']);

/** Deprecated, but there. */
function put(ctx) {
  const { customers } = ctx.fake;
  const rows = acceptRows(ctx, putSpec, {
    max: BATCH,
    title: 'Update form field values failed.',
    check: (row, n, fail) => {
      if ((row.customer_id === undefined) === (row.address_id === undefined))
        return fail('customer_id', 'one of customer_id and address_id is required');
      const form = row.customer_id === undefined ? 'address' : 'customer';
      if (form === 'customer' && !customers.ids.has(row.customer_id)) fail('customer_id', `customer ${row.customer_id} does not exist`);
      if (form === 'address' && !customers.lists.addresses.has(row.address_id))
        fail('address_id', `address ${row.address_id} does not exist`);
      checkFormFields(ctx, form, [row], (_, text) => fail('value', text));
    },
  });
  for (const { name, value, customer_id, address_id } of rows) {
    if (customer_id !== undefined) {
      const record = customers.edit(customer_id);
      putFormFields(record.form, [{ name, value }]);
      customers.partChanged(record);
    } else {
      const { record, row } = customers.childForWriting('addresses', address_id);
      putFormFields(row.form_fields, [{ name, value }], 'address');
      customers.partChanged(record);
    }
  }
  return answer(200, { data: rows, meta: {} });
}

const about = { type: 'customer_form_field_value', scope: 'customers' };
const LIST = { ...PAGE, ...CURSOR, customer_id: 'int', address_id: 'int', field_name: 'str', field_type: TYPES };
export const customerFormRoutes = () => [
  route('GET', '/v3/customers/form-field-values', { ...about, query: LIST }, listValues),
  route('PUT', '/v3/customers/form-field-values', { ...about, body: 'json' }, put),
];
