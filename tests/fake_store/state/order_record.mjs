// One order with its sub-resources. Promises: a seeded order is computed on reading and never kept; an order that was ever written is kept whole
// in the overlay of state/orders.mjs.

import { mix } from '../seed/random.mjs';
import { copy } from '../json_text.mjs';
import { ORDER_PARTS } from '../seed/order.mjs';
import { orderSums, units } from '../seed/order_sums.mjs';
import { orderRow } from '../seed/order_row.mjs';
import { personOf } from '../seed/order_people.mjs';
import { emailOf, firstName, lastName } from '../seed/customer.mjs';
import * as seeded from '../seed/order_parts.mjs';

const MAKERS = {
  products: seeded.products,
  shipping_addresses: seeded.shippingAddresses,
  coupons: seeded.coupons,
  fees: seeded.fees,
  taxes: seeded.taxes,
  messages: seeded.messages,
  shipments: seeded.shipments,
  transactions: seeded.transactions,
  refunds: seeded.refunds,
  metafields: seeded.metafields,
  pickups: seeded.pickups,
};
export const ALL_PARTS = [...ORDER_PARTS, 'pickups'];

/** The customer of a seeded order: one that was seeded too, else a plausible number. */
export function seededCustomer(env, index) {
  const h = mix(env.seed, index, 507);
  const shapes = env.catalog.customerShapes;
  return shapes?.count ? shapes.idAt(h % shapes.count) : 1 + (h % 5000);
}

function personOfOrder(env, index, customerId) {
  const shapes = env.catalog.customerShapes;
  const at = customerId && shapes ? shapes.indexOf(customerId) : -1;
  if (at < 0) return personOf(env.seed, customerId || -index - 1);
  return { first_name: firstName(env.catalog, at), last_name: lastName(env.catalog, at), company: '', email: emailOf(env.catalog, at) };
}

export class SeedOrder {
  constructor(env, index) {
    this.env = env;
    this.index = index;
    this.cache = {};
  }
  get id() {
    return this.env.orders.idAt(this.index);
  }
  get shape() {
    return (this.shapeCache ??= this.env.orders.shape(this.index));
  }
  get sums() {
    return (this.sumsCache ??= orderSums(this.env, this.index, this.shape));
  }
  get customer() {
    return this.env.orders.head(this.index).guest ? 0 : seededCustomer(this.env, this.index);
  }
  get person() {
    return personOfOrder(this.env, this.index, this.customer);
  }
  get row() {
    return (this.rowCache ??= orderRow(this.env, this.index, this.shape, this.sums, this.customer, this.person));
  }
  // What filters ask for, without the rest of the row.
  get email() {
    return this.person.email;
  }
  get total() {
    return this.sums.totalInc;
  }
  part(name) {
    return (this.cache[name] ??= MAKERS[name](this));
  }
  /** The kept form, before the first write. */
  keep() {
    return new KeptOrder(copy(this.row), Object.fromEntries(ALL_PARTS.map((p) => [p, copy(this.part(p))])));
  }
}

export class KeptOrder {
  constructor(row, parts = {}) {
    this.row = row;
    this.parts = Object.fromEntries(ALL_PARTS.map((p) => [p, parts[p] ?? []]));
  }
  get id() {
    return this.row.id;
  }
  get email() {
    return this.row.billing_address.email;
  }
  get total() {
    return units(this.row.total_inc_tax);
  }
  part(name) {
    return this.parts[name];
  }
}
