// The customer side as the control calls see it: what a merchant does in the control panel. One entry per type (control_types.mjs).

import { registerControlTypes } from '../control_types.mjs';
import { words, word } from '../seed/vocabulary.mjs';
import { zStamp } from '../seed/customer.mjs';
import { FORM_FIELDS } from '../seed/customer_shape.mjs';
import { newCustomer } from '../endpoints/customers.mjs';
import { newAddress } from '../endpoints/customers_addresses.mjs';
import { newDefinition, newValue } from '../endpoints/customers_attributes.mjs';
import { putFormFields } from '../endpoints/customers_forms.mjs';
import { newGroup } from '../endpoints/customer_groups.mjs';

const fail = (text) => {
  throw Object.assign(new Error(text), { status: 404 });
};
const contextOf = (fake) => ({ fake, cat: fake.catalog, sw: fake.switches, clock: fake.clock, q: {}, trouble: [] });

/** Everything about a customer, for test oracles. */
export function fullCustomer(record) {
  const addresses = record.part('addresses');
  const attributes = record.part('attributes');
  return {
    ...record.row,
    address_count: addresses.length,
    attribute_count: attributes.length,
    addresses,
    attributes,
    form_fields: record.form,
    metafields: record.part('metafields'),
    ...record.extras,
  };
}

function metafield(fake, resource_id, fields) {
  const stamp = fake.clock.stamp();
  const id = fake.catalog.takeId('metafields');
  return {
    id,
    key: `k${id}`,
    value: 'v',
    namespace: 'erp',
    permission_set: 'write',
    resource_type: 'customer',
    resource_id,
    description: '',
    date_created: stamp,
    date_modified: stamp,
    owner_client_id: fake.options.clientId,
    ...fields,
  };
}

/** A new row of a part, with made-up values where fields are missing. */
function addPart(fake, record, part, fields) {
  const { customers } = fake;
  const ctx = contextOf(fake);
  switch (part) {
    case 'addresses': {
      const n = customers.next.addresses;
      const given = {
        first_name: 'Ada',
        last_name: 'Neu',
        address1: `${n} New Road`,
        city: 'Köln',
        country_code: 'DE',
        postal_code: '50667',
        ...fields,
      };
      return newAddress(ctx, record, given) ?? fail('the customer has this address');
    }
    case 'attributes': {
      const free = [...customers.definitions.values()].find((d) => !record.part('attributes').some((a) => a.attribute_id === d.id));
      const definition = fields.attribute_id ?? free?.id ?? fail('the customer has a value of every attribute');
      const sample = { string: 'new', number: '7', date: '2024-02-29' }[customers.definitions.get(definition)?.type];
      return newValue(ctx, record, definition, fields.attribute_value ?? sample);
    }
    case 'metafields':
      return customers.addChild('metafields', record, metafield(fake, record.id, fields));
    default:
      return fail(`no part ${part}`);
  }
}

function editChild(fake, part, id, set) {
  const { customers } = fake;
  const found = customers.childForWriting(part, id);
  if (!found) return null;
  Object.assign(found.row, set);
  if (found.row.date_modified !== undefined && set.date_modified === undefined)
    found.row.date_modified = part === 'metafields' ? fake.clock.stamp() : zStamp(fake.clock.seconds());
  customers.partChanged(found.record);
  return found.row;
}

/** form_fields have no ids: part_id is the name of the field. */
function editForm(fake, record, name, set) {
  const field = name ?? FORM_FIELDS.find((f) => f.form === 'customer' && !record.form.some((v) => v.name === f.name))?.name;
  if (set === null) record.form.splice(0, record.form.length, ...record.form.filter((f) => f.name !== field));
  else putFormFields(record.form, [{ name: field, value: set.value ?? 'new' }]);
  fake.customers.partChanged(record);
  return { part_id: field, row: record.form.find((f) => f.name === field) ?? null };
}

function customers(fake) {
  const state = fake.customers;
  return {
    ids: () => state.ids.toArray(),
    count: () => state.ids.length,
    item: (id) => {
      const record = state.record(id);
      return record ? fullCustomer(record) : null;
    },
    edit: (id, set, touch) => {
      const record = state.edit(id);
      if (!record) return null;
      for (const [k, v] of Object.entries(set)) {
        if (Object.hasOwn(record.extras, k)) record.extras[k] = v;
        else record.row[k] = v;
      }
      state.changed(record, { touch: touch && set.date_modified === undefined });
      return record.row;
    },
    create: (fields) => {
      const n = state.next.customers;
      const given = { email: `new.shopper.${n}@example.com`, first_name: 'New', last_name: `Shopper ${n}`, ...fields };
      const record = newCustomer(contextOf(fake), given);
      return { id: record.id, row: record.row };
    },
    remove: (id) => state.remove(id),
    editPart: (id, part, part_id, set) => {
      const record = state.edit(id);
      if (!record) return null;
      if (part === 'form_fields') return editForm(fake, record, part_id, set);
      if (part_id === undefined) {
        const row = addPart(fake, record, part, set ?? {});
        return { part_id: row.id, row };
      }
      if (!record.part(part)?.some((x) => x.id === part_id)) return null;
      if (set === null) return { part_id, row: state.removeChild(part, part_id) ? null : undefined };
      return { part_id, row: editChild(fake, part, part_id, set) };
    },
    randomSet: (r) => r.pick([{ notes: words(r, 9) }, { company: `${word(r)} GmbH` }, { phone: `555-${r.between(1000, 9999)}` }]),
  };
}

/** A part as a type of its own. */
function childType(fake, part, randomSet) {
  const state = fake.customers;
  return {
    ids: () => state.lists[part].toArray(),
    count: () => state.lists[part].length,
    item: (id) => state.findChild(part, id),
    edit: (id, set) => editChild(fake, part, id, set),
    create: ({ customer_id, resource_id, ...fields }) => {
      const record = state.edit(customer_id ?? resource_id ?? state.ids.ids[0]) ?? fail('no such customer');
      const row = addPart(fake, record, part, fields);
      return { id: row.id, row };
    },
    remove: (id) => state.removeChild(part, id),
    randomSet,
  };
}

function definitions(fake) {
  const state = fake.customers;
  return {
    ids: () => [...state.definitions.keys()],
    item: (id) => state.definitions.get(id) ?? null,
    edit: (id, set) => {
      const row = state.definitions.get(id);
      return row ? Object.assign(row, { date_modified: zStamp(fake.clock.seconds()) }, set) : null;
    },
    create: (fields) => {
      const row = newDefinition(contextOf(fake), { name: `New attribute ${state.next.definitions}`, type: 'string', ...fields });
      return { id: row.id, row };
    },
    remove: (id) => state.removeDefinition(id),
    randomSet: (r) => ({ name: `${words(r, 2)} ${r.below(99999)}` }),
  };
}

/** Ids: customer/12/Sales Rep and address/7/Floor. */
function formValues(fake) {
  const state = fake.customers;
  const split = (id) => /^(customer|address)\/(\d+)\/(.+)$/s.exec(id) ?? fail(`no form field value ${id}`);
  const rowsOf = ([, form, owner], writing) => {
    if (form === 'customer') {
      const record = writing ? state.edit(Number(owner)) : state.record(Number(owner));
      return record && { record, rows: record.form };
    }
    const found = writing ? state.childForWriting('addresses', Number(owner)) : { row: state.findChild('addresses', Number(owner)) };
    return found?.row && { record: found.record, rows: found.row.form_fields };
  };
  return {
    textId: true,
    ids: () =>
      state.lists.form.toArray().map((rowId) => {
        const { form, ownerId, field } = state.formKey(rowId);
        return `${form}/${ownerId}/${field.name}`;
      }),
    count: () => state.lists.form.length,
    item: (id) => {
      const key = split(id);
      return rowsOf(key, false)?.rows.find((f) => f.name === key[3]) ?? null;
    },
    edit: (id, set) => {
      const key = split(id);
      const found = rowsOf(key, true);
      const row = found?.rows.find((f) => f.name === key[3]);
      if (!row) return null;
      Object.assign(row, set);
      state.partChanged(found.record);
      return row;
    },
    remove: (id) => {
      const key = split(id);
      const found = rowsOf(key, true);
      const at = found ? found.rows.findIndex((f) => f.name === key[3]) : -1;
      if (at < 0) return false;
      found.rows.splice(at, 1);
      state.partChanged(found.record);
      return true;
    },
    randomSet: (r, row) => ({ value: Array.isArray(row.value) ? [] : typeof row.value === 'number' ? r.below(9999) : words(r, 2) }),
  };
}

function groups(fake) {
  const state = fake.customers;
  return {
    ids: () => [...state.groups.keys()],
    item: (id) => state.groups.get(id) ?? null,
    edit: (id, set, touch) => {
      const group = state.groups.get(id);
      if (!group) return null;
      if (touch) state.groupTouched(group);
      return Object.assign(group, set);
    },
    create: (fields) => {
      const { group } = newGroup(contextOf(fake), { name: `New group ${state.next.groups}`, ...fields });
      return { id: group.id, row: group };
    },
    remove: (id) => state.removeGroup(id),
    randomSet: (r) =>
      r.pick([
        { name: `${words(r, 2)} ${r.below(99999)}` },
        { discount_rules: [{ type: 'all', method: 'percent', amount: `${r.between(1, 20)}.0000` }] },
      ]),
  };
}

function emailTemplates(fake) {
  const state = fake.emails;
  return {
    textId: true,
    ids: () => state.keys(),
    item: (key) => state.get(key),
    edit: (key, set) => {
      const row = state.get(key);
      return row ? Object.assign(row, set) : null;
    },
    /** {channel_id, type_id, ...}: an override, made from the global one. */
    create: ({ channel_id = 2, type_id = 'createaccount_email', ...fields }) => {
      const key = `${channel_id}/${type_id}`;
      const row = { ...(state.global.get(type_id) ?? fail(`no template ${type_id}`)), ...fields };
      state.overrides.set(key, row);
      return { id: key, row };
    },
    remove: (key) => state.overrides.delete(key),
    randomSet: (r) => ({ subject: words(r, 4) }),
  };
}

registerControlTypes((fake) => ({
  customers: customers(fake),
  customer_addresses: childType(fake, 'addresses', (r) => ({ address1: `${r.between(1, 999)} ${words(r, 2)}` })),
  customer_attributes: definitions(fake),
  customer_attribute_values: childType(fake, 'attributes', (r, row) => {
    const type = fake.customers.definitions.get(row.attribute_id)?.type;
    return { attribute_value: type === 'number' ? `${r.below(999)}` : type === 'date' ? `20${r.between(10, 29)}-01-02` : words(r, 2) };
  }),
  customer_form_field_values: formValues(fake),
  customer_groups: groups(fake),
  customer_metafields: childType(fake, 'metafields', (r) => ({ value: words(r, 5) })),
  email_templates: emailTemplates(fake),
}));
