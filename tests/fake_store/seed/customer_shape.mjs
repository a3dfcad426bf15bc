// The skeleton of every seeded customer: how many addresses, attribute values, metafields and form field values it has. Promises: a few numbers
// per customer in typed arrays, so that every child id is computed and looked up without holding a customer.

import { Random, mix } from './random.mjs';

const BLOCK = 13;
const PER_BLOCK = 11;
export const CHILDREN = ['addresses', 'attributes', 'metafields'];

/** The fields of the account sign-up form and of the address form, as the control panel defines them; no API writes these. */
export const FORM_FIELDS = [
  { id: 31, form: 'customer', name: 'Sales Rep', type: 'text' },
  {
    id: 32,
    form: 'customer',
    name: 'How did you hear about us?',
    type: 'picklist',
    options: ['Friend', 'Email', 'Search', 'Other / sonstiges'],
  },
  { id: 33, form: 'customer', name: 'Lieblingsfarben', type: 'checkboxes', options: ['red', 'green', 'black', 'blau & weiß'] },
  { id: 34, form: 'customer', name: 'Birthday', type: 'date' },
  { id: 35, form: 'customer', name: 'Loyalty number', type: 'numbers' },
  { id: 36, form: 'customer', name: 'Anmerkungen "privat"', type: 'multiline' },
  { id: 37, form: 'customer', name: 'shirt_size', type: 'radiobuttons', options: ['Small', 'Medium', 'Large'] },
  { id: 41, form: 'address', name: 'Special Delivery Instructions', type: 'multiline' },
  { id: 42, form: 'address', name: 'Floor', type: 'numbers' },
  { id: 43, form: 'address', name: 'Neighbours', type: 'checkboxes', options: ['left', 'right', 'opposite'] },
];
export const fieldsOf = (form) => FORM_FIELDS.filter((f) => f.form === form);
const ACCOUNT = fieldsOf('customer').length;
const ADDRESS = fieldsOf('address').length;

export class CustomerShapes {
  constructor({ seed, customers, attributes }) {
    this.seed = seed;
    this.count = customers;
    this.attributes = attributes;
    this.firstId = 12;
    // Two ids of every 13 are missing, as if those customers had been deleted. Which two depends on the seed.
    const gapA = 2 + (mix(seed, 1, 401) % 4);
    const gapB = 7 + (mix(seed, 2, 402) % 5);
    this.slots = [];
    for (let i = 0; i < BLOCK; i++) if (i !== gapA && i !== gapB) this.slots.push(i);
    this.sums = Object.fromEntries(CHILDREN.map((p) => [p, new Uint32Array(customers + 1)]));
    for (let i = 0; i < customers; i++) {
      const shape = this.of(i);
      for (const p of CHILDREN) this.sums[p][i + 1] = this.sums[p][i] + shape[p];
    }
    this.base = { addresses: 41, attributes: 17, metafields: 0 };
  }

  /** Customers 3, 100, 197 ... have more addresses, customers 4, 93, 182 ... more attributes than an answer embeds. */
  of(index) {
    const r = new Random(this.seed, index, 411);
    const many = index % 97 === 3;
    return {
      addresses: many ? 11 + r.below(4) : r.chance(0.25) ? 0 : 1 + (r.chance(0.3) ? r.between(1, 2) : 0),
      attributes: Math.min(this.attributes, index % 89 === 4 ? 14 : r.chance(0.4) ? 0 : r.between(1, 4)),
      metafields: r.chance(0.1) ? r.between(1, 3) : 0,
    };
  }

  total(part) {
    return this.sums[part][this.count];
  }
  idAt(index) {
    return this.firstId + Math.floor(index / PER_BLOCK) * BLOCK + this.slots[index % PER_BLOCK];
  }
  indexOf(id) {
    const n = id - this.firstId;
    if (n < 0) return -1;
    const slot = this.slots.indexOf(n % BLOCK);
    if (slot < 0) return -1;
    const index = Math.floor(n / BLOCK) * PER_BLOCK + slot;
    return index < this.count ? index : -1;
  }
  firstChild(part, index) {
    return this.base[part] + this.sums[part][index];
  }
  lastId(part) {
    return this.base[part] + this.total(part);
  }
  childIds(part) {
    return Int32Array.from({ length: this.total(part) }, (_, k) => this.base[part] + k);
  }
  /** The index of the customer that owns a seeded child id, or -1. */
  ownerIndex(part, childId) {
    const n = childId - this.base[part];
    if (n < 0 || n >= this.total(part)) return -1;
    const sums = this.sums[part];
    let lo = 0;
    let hi = this.count;
    while (lo + 1 < hi) {
      const mid = (lo + hi) >>> 1;
      if (sums[mid] <= n) lo = mid;
      else hi = mid;
    }
    return lo;
  }

  createdSeconds(index) {
    return 1451606400 + (mix(this.seed, index, 421) % 252460800);
  }
  modifiedSeconds(index) {
    return this.createdSeconds(index) + (mix(this.seed, index, 423) % 31536000);
  }

  /** Which form fields have a value, as a bit mask over fieldsOf(form). */
  accountForm(index) {
    const h = mix(this.seed, index, 431);
    return h % 5 < 2 ? 0 : (h >>> 8) & ((1 << ACCOUNT) - 1);
  }
  addressForm(addressId) {
    const h = mix(this.seed, addressId, 433);
    return h % 4 ? 0 : (h >>> 8) & ((1 << ADDRESS) - 1);
  }
  /** Which definition the k-th attribute value belongs to: neighbours on a ring, so they differ. */
  attributeIndex(index, k) {
    return ((mix(this.seed, index, 441) % Math.max(1, this.attributes)) + k) % Math.max(1, this.attributes);
  }
}
