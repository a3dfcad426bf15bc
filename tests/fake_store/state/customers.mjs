// The state of the customer side: customers with addresses, attribute values, metafields and form field values; attribute definitions, groups,
// settings. Promises: seeded customers are computed on reading; a customer that was ever written is kept whole in the overlay; ids are never used twice.

import { copy } from '../json_text.mjs';
import { CustomerShapes, FORM_FIELDS, fieldsOf } from '../seed/customer_shape.mjs';
import {
  customerRow,
  customerExtras,
  addressRows,
  attributeRows,
  customerMetafields,
  formValues,
  seedAttributeDefinitions,
  emailOf,
  idInEmail,
  groupAt,
  zStamp,
} from '../seed/customer.mjs';
import { seedCustomerGroups, groupStamp } from '../seed/customer_groups.mjs';
import { IdList } from './id_list.mjs';

const PARTS = ['addresses', 'attributes', 'metafields'];
// The list of form field values has no ids of its own. A value is known by the form it was sent with (two per customer and address number) and its field.
const FIELDS_PER_FORM = 64;
const session = (form, ownerId) => ownerId * 2 + (form === 'address' ? 1 : 0);
const fieldId = new Map(FORM_FIELDS.map((f) => [`${f.form}/${f.name}`, f.id]));
const formRowId = (form, ownerId, name) => session(form, ownerId) * FIELDS_PER_FORM + fieldId.get(`${form}/${name}`);

export class Customers {
  constructor(options, switches, clock, catalog) {
    this.switches = switches;
    this.clock = clock;
    const env = (this.env = catalog.env);
    this.catalog = catalog;
    const definitions = seedAttributeDefinitions(env, options.customerAttributes);
    env.attributeSeeds = definitions;
    this.definitions = new Map(definitions.map((d) => [d.id, copy(d)]));
    this.groups = new Map(seedCustomerGroups(env, options.customerGroups).map((g) => [g.id, g]));
    env.groupIds = [...this.groups.values()].filter((g) => !g.is_group_for_guests).map((g) => g.id);
    this.shapes = env.customerShapes = new CustomerShapes({
      seed: options.seed,
      customers: options.customers,
      attributes: definitions.length,
    });
    // Metafields of all owners share one row of ids.
    this.shapes.base.metafields = catalog.next.metafields;
    catalog.next.metafields += this.shapes.total('metafields') ? this.shapes.total('metafields') + 10 : 0;
    this.ids = new IdList(options.customers);
    for (let i = 0; i < options.customers; i++) this.ids.push(this.shapes.idAt(i));
    this.lists = Object.fromEntries(PARTS.map((p) => [p, IdList.of(this.shapes.childIds(p))]));
    this.owners = Object.fromEntries(PARTS.map((p) => [p, new Map()]));
    this.lists.form = IdList.of(this.seededFormRows());
    this.overlay = new Map();
    this.emails = new Map();
    // Groups and definitions that seeded customers still name: id -> seconds of a touch, or null.
    this.goneGroups = new Map();
    this.goneDefinitions = new Set();
    this.next = {
      customers: this.ids.length ? this.ids.ids[this.ids.length - 1] + 8 : 20,
      addresses: this.shapes.lastId('addresses') + 5,
      attributes: this.shapes.lastId('attributes') + 5,
      definitions: Math.max(3, ...this.definitions.keys()) + 2,
      groups: Math.max(0, ...this.groups.keys()) + 2,
    };
    this.settings = {
      privacy_settings: { ask_shopper_for_tracking_consent: false, policy_url: '', ask_shopper_for_tracking_consent_on_checkout: false },
      channels: new Map(),
    };
    // What the store would have mailed to shoppers; a test looks here.
    this.mails = [];
    this.version = 0;
  }

  takeId(kind) {
    return this.next[kind]++;
  }

  // ---- customers ------------------------------------------------------------------------------
  record(id) {
    const kept = this.overlay.get(id);
    if (kept) return kept;
    return this.ids.has(id) ? new SeedCustomer(this, this.shapes.indexOf(id)) : null;
  }

  edit(id) {
    const kept = this.overlay.get(id);
    if (kept) return kept;
    const seeded = this.record(id);
    if (!seeded) return null;
    const record = seeded.keep();
    this.overlay.set(id, record);
    this.index(record);
    return record;
  }

  add(row, extras) {
    const record = new KeptCustomer(row, { addresses: [], attributes: [], metafields: [] }, [], extras);
    this.ids.push(row.id);
    this.overlay.set(row.id, record);
    this.index(record);
    this.version++;
    return record;
  }

  remove(id) {
    const record = this.record(id);
    if (!record) return false;
    for (const p of PARTS) for (const row of record.part(p)) this.unlink(p, row.id);
    for (const rowId of formRowsOf(record)) this.lists.form.delete(rowId);
    if (record.emailKey !== undefined) this.unindex(record);
    this.overlay.delete(id);
    this.ids.delete(id);
    this.version++;
    return true;
  }

  /** After every write to a kept customer. touch: move date_modified. */
  changed(record, { touch = true } = {}) {
    if (touch) record.row.date_modified = zStamp(this.clock.seconds());
    this.index(record);
    this.version++;
  }
  partChanged(record) {
    this.changed(record, { touch: this.switches.customer_parts_move_date_modified });
  }

  index(record) {
    this.unindex(record);
    record.emailKey = record.row.email.toLowerCase();
    if (!this.emails.has(record.emailKey)) this.emails.set(record.emailKey, new Set());
    this.emails.get(record.emailKey).add(record.id);
    const rows = new Set(formRowsOf(record));
    for (const old of record.formRows) if (!rows.has(old)) this.lists.form.delete(old);
    for (const now of rows) if (!record.formRows.has(now)) this.lists.form.push(now);
    record.formRows = rows;
  }
  unindex(record) {
    const set = this.emails.get(record.emailKey);
    set?.delete(record.id);
    if (set && !set.size) this.emails.delete(record.emailKey);
  }

  /** Ids of the customers with this e-mail address; case does not count. */
  findEmail(email) {
    const key = email.toLowerCase();
    const out = [...(this.emails.get(key) ?? [])];
    const id = idInEmail(key);
    const index = id >= 0 && !this.overlay.has(id) && this.ids.has(id) ? this.shapes.indexOf(id) : -1;
    if (index >= 0 && emailOf(this.env, index).toLowerCase() === key) out.push(id);
    return out;
  }

  // Cheap looks that do not build the row: filters over 100,000 customers would take seconds otherwise.
  groupOf(id) {
    const kept = this.overlay.get(id);
    if (kept) return kept.row.customer_group_id;
    return this.liveGroup(groupAt(this.env, this.shapes.indexOf(id)));
  }
  liveGroup(id) {
    return this.goneGroups.has(id) ? 0 : id;
  }
  secondsOf(id, field) {
    const kept = this.overlay.get(id);
    if (kept) return Math.floor(Date.parse(kept.row[field]) / 1000);
    const index = this.shapes.indexOf(id);
    return field === 'date_created' ? this.shapes.createdSeconds(index) : this.seededModified(index);
  }
  seededModified(index) {
    return this.goneGroups.get(groupAt(this.env, index)) ?? this.shapes.modifiedSeconds(index);
  }

  // ---- parts ----------------------------------------------------------------------------------
  link(part, childId, customerId) {
    this.lists[part].push(childId);
    this.owners[part].set(childId, customerId);
  }
  unlink(part, childId) {
    this.lists[part].delete(childId);
    this.owners[part].delete(childId);
  }
  ownerOf(part, childId) {
    const made = this.owners[part].get(childId);
    if (made !== undefined) return made;
    if (!this.lists[part].has(childId)) return null;
    const index = this.shapes.ownerIndex(part, childId);
    return index < 0 ? null : this.shapes.idAt(index);
  }
  findChild(part, childId) {
    const owner = this.ownerOf(part, childId);
    return owner === null
      ? null
      : (this.record(owner)
          .part(part)
          .find((x) => x.id === childId) ?? null);
  }
  /** {record, row} of the kept customer, for writing; or null. */
  childForWriting(part, childId) {
    const owner = this.ownerOf(part, childId);
    const record = owner === null ? null : this.edit(owner);
    const row = record?.part(part).find((x) => x.id === childId);
    return row ? { record, row } : null;
  }
  addChild(part, record, row) {
    record.parts[part].push(row);
    this.link(part, row.id, record.id);
    this.partChanged(record);
    return row;
  }
  removeChild(part, childId) {
    const found = this.childForWriting(part, childId);
    if (!found) return false;
    found.record.parts[part] = found.record.parts[part].filter((x) => x !== found.row);
    this.unlink(part, childId);
    this.partChanged(found.record);
    return true;
  }

  // ---- form field values ------------------------------------------------------------------------
  seededFormRows() {
    const out = [];
    const take = (form, ownerId, mask) => {
      if (!mask) return;
      fieldsOf(form).forEach((f, k) => {
        if (mask & (1 << k)) out.push(formRowId(form, ownerId, f.name));
      });
    };
    for (let i = 0; i < this.shapes.count; i++) take('customer', this.shapes.idAt(i), this.shapes.accountForm(i));
    for (let i = 0; i < this.shapes.total('addresses'); i++) {
      const id = this.shapes.base.addresses + i;
      take('address', id, this.shapes.addressForm(id));
    }
    return Int32Array.from(out).sort();
  }
  /** {name, value, customer_id} or {name, value, address_id}. */
  formRow(rowId) {
    const { form, ownerId, field } = this.formKey(rowId);
    if (form === 'customer') return { ...this.record(ownerId).form.find((f) => f.name === field.name), customer_id: ownerId };
    return { ...this.findChild('addresses', ownerId).form_fields.find((f) => f.name === field.name), address_id: ownerId };
  }
  formKey(rowId) {
    const sessionId = Math.floor(rowId / FIELDS_PER_FORM);
    const field = FORM_FIELDS.find((f) => f.id === rowId % FIELDS_PER_FORM);
    return { sessionId, form: field.form, ownerId: Math.floor(sessionId / 2), field };
  }

  // ---- definitions, groups ----------------------------------------------------------------------
  removeDefinition(id) {
    if (!this.definitions.delete(id)) return false;
    const seeded = this.env.attributeSeeds.findIndex((d) => d.id === id);
    this.goneDefinitions.add(id);
    for (const record of this.overlay.values()) {
      for (const row of record.parts.attributes.filter((a) => a.attribute_id === id)) this.unlink('attributes', row.id);
      record.parts.attributes = record.parts.attributes.filter((a) => a.attribute_id !== id);
    }
    const gone = new Set();
    for (let i = 0; seeded >= 0 && i < this.shapes.count; i++) {
      const first = this.shapes.firstChild('attributes', i);
      const n = this.shapes.firstChild('attributes', i + 1) - first;
      for (let k = 0; k < n; k++) if (this.shapes.attributeIndex(i, k) === seeded) gone.add(first + k);
    }
    this.lists.attributes = IdList.of(this.lists.attributes.toArray().filter((v) => !gone.has(v)));
    this.version++;
    return true;
  }

  /** Members lose it: customer_group_id becomes 0; by the switch their date_modified moves. */
  removeGroup(id) {
    if (!this.groups.delete(id)) return false;
    const touch = this.switches.group_delete_touches_customers;
    this.goneGroups.set(id, touch ? this.clock.seconds() : null);
    for (const record of this.overlay.values()) {
      if (record.row.customer_group_id !== id) continue;
      record.row.customer_group_id = 0;
      this.changed(record, { touch });
    }
    for (const s of this.settings.channels.values())
      for (const f of ['guest_customer_group_id', 'default_customer_group_id'])
        if (s.customer_group_settings?.[f] === id) s.customer_group_settings[f] = 0;
    this.version++;
    return true;
  }
  /** Seeded price list rules name lists that exist; without any list there are no such rules. Called once, when the lists are there. */
  linkPriceLists(ids) {
    for (const group of this.groups.values()) {
      if (group.discount_rules[0]?.type !== 'price_list') continue;
      if (ids.length) group.discount_rules[0].price_list_id = ids[group.id % ids.length];
      else group.discount_rules = [];
    }
  }
  groupTouched(group) {
    group.date_modified = groupStamp(this.clock.seconds());
    this.version++;
  }
  groupWith(flag) {
    return [...this.groups.values()].find((g) => g[flag]) ?? null;
  }
}

function formRowsOf(record) {
  const out = record.form.map((f) => formRowId('customer', record.id, f.name));
  for (const a of record.part('addresses')) for (const f of a.form_fields) out.push(formRowId('address', a.id, f.name));
  return out;
}

class SeedCustomer {
  constructor(state, index) {
    this.state = state;
    this.index = index;
    this.cache = {};
  }
  get id() {
    return this.state.shapes.idAt(this.index);
  }
  get row() {
    const { env } = this.state;
    const row = customerRow(env, this.index);
    row.date_modified = zStamp(this.state.seededModified(this.index));
    row.customer_group_id = this.state.liveGroup(row.customer_group_id);
    return row;
  }
  get extras() {
    return (this.cache.extras ??= customerExtras(this.state.env, this.index));
  }
  get form() {
    return (this.cache.form ??= formValues(this.state.env, 'customer', this.id, this.state.shapes.accountForm(this.index)));
  }
  part(name) {
    return (this.cache[name] ??= this.compute(name));
  }
  compute(name) {
    const { env, goneDefinitions } = this.state;
    if (name === 'addresses') return addressRows(env, this.index);
    if (name === 'metafields') return customerMetafields(env, this.index);
    return attributeRows(env, this.index).filter((a) => !goneDefinitions.has(a.attribute_id));
  }
  keep() {
    const parts = Object.fromEntries(PARTS.map((p) => [p, copy(this.part(p))]));
    const record = new KeptCustomer(this.row, parts, copy(this.form), copy(this.extras));
    record.formRows = new Set(formRowsOf(record));
    return record;
  }
}

class KeptCustomer {
  constructor(row, parts, form, extras) {
    this.row = row;
    this.parts = parts;
    this.form = form;
    this.extras = extras;
    this.formRows = new Set();
  }
  get id() {
    return this.row.id;
  }
  part(name) {
    return this.parts[name];
  }
}
