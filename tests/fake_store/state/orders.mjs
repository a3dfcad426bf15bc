// The orders of the store: seed and an overlay of what was written. Promises: nothing is computed before the first question; what lists filter and
// sort by lies in typed arrays (200,000 orders: 6 MB); ids are never used twice and no order ever disappears: deleting archives.

import { OrderSeed, ORDER_PARTS, STATUSES } from '../seed/order.mjs';
import { SeedOrder, KeptOrder, seededCustomer } from './order_record.mjs';
import { IdList } from './id_list.mjs';
import { rfc2822 } from '../v2.mjs';

const MAX = 200000;
const CHILDREN = [...ORDER_PARTS, 'product_options'];
// Parts that can be asked for over all orders.
export const LISTED = ['refunds', 'metafields'];
// Whether a write to the part is a write to the order is not stated for these; the others are the order itself.
const MOVED_BY_SWITCH = {
  messages: 'order_messages_move_date_modified',
  shipments: 'order_shipments_move_date_modified',
  refunds: 'order_refunds_move_date_modified',
  transactions: 'order_transactions_move_date_modified',
  metafields: 'order_metafields_move_date_modified',
};

const secondsOf = (text) => Math.floor(Date.parse(text) / 1000);

/** One row per order, in the order of ids: what filters and sorts need. */
class Columns {
  constructor(size) {
    this.length = 0;
    this.grow(Math.max(16, size));
  }
  grow(size) {
    const wider = (type, old) => {
      const out = new type(size);
      if (old) out.set(old);
      return out;
    };
    this.id = wider(Int32Array, this.id);
    this.status = wider(Uint8Array, this.status);
    this.archived = wider(Uint8Array, this.archived);
    this.created = wider(Float64Array, this.created);
    this.modified = wider(Float64Array, this.modified);
    this.customer = wider(Int32Array, this.customer);
    this.channel = wider(Int32Array, this.channel);
  }
  push(values) {
    if (this.length === this.id.length) this.grow(this.length + (this.length >> 1) + 16);
    this.put(this.length++, values);
  }
  put(at, { id, status, archived, created, modified, customer, channel }) {
    this.id[at] = id;
    this.status[at] = status;
    this.archived[at] = archived ? 1 : 0;
    this.created[at] = created;
    this.modified[at] = modified;
    this.customer[at] = customer;
    this.channel[at] = channel;
  }
}

export class Orders {
  constructor(options, switches, clock, catalog) {
    if (options.orders > MAX) throw new Error(`--orders is at most ${MAX}`);
    this.switches = switches;
    this.clock = clock;
    const seed = new OrderSeed({ seed: options.seed, count: options.orders, endSeconds: clock.seconds() });
    this.env = {
      seed: options.seed,
      storeHash: options.storeHash,
      clientId: options.clientId,
      switches,
      catalog: catalog.env,
      orders: seed,
    };
    catalog.next.metafields = seed.metafieldsFrom(catalog.next.metafields);
    this.overlay = new Map();
    this.next = Object.fromEntries(CHILDREN.map((p) => [p, seed.nextChild(p)]));
    this.next.refund_payments = this.next.refunds + 3;
    this.nextId = Math.max(seed.lastId() + 1, 100);
    this.lists = {};
    this.owners = Object.fromEntries(LISTED.map((p) => [p, new Map()]));
    this.settings = {
      notifications: {
        order_placed: { email_addresses: ['orders@example.com'] },
        forward_invoice: { email_addresses: [] },
      },
      channels: new Map(),
    };
    // What the store would have sent to shoppers; a test looks here.
    this.mails = [];
  }

  get seed() {
    return this.env.orders;
  }

  get columns() {
    if (this.columnsCache) return this.columnsCache;
    const { seed } = this;
    const columns = new Columns(seed.count);
    for (let index = 0; index < seed.count; index++) {
      const head = seed.head(index);
      columns.push({
        id: seed.idAt(index),
        status: head.status,
        archived: head.archived,
        created: seed.createdSeconds(index),
        modified: seed.modifiedSeconds(index),
        customer: head.guest ? 0 : seededCustomer(this.env, index),
        channel: head.channel,
      });
    }
    return (this.columnsCache = columns);
  }

  get count() {
    return this.columnsCache ? this.columnsCache.length : this.seed.count;
  }
  /** Where the id stands in the columns, or -1. */
  position(id) {
    const { id: ids, length } = this.columns;
    let lo = 0;
    let hi = length;
    while (lo < hi) {
      const mid = (lo + hi) >>> 1;
      if (ids[mid] < id) lo = mid + 1;
      else hi = mid;
    }
    return lo < length && ids[lo] === id ? lo : -1;
  }
  ids() {
    return Array.from(this.columns.id.subarray(0, this.columns.length));
  }

  /** The order for reading, or null. Archived orders too: the endpoints decide who sees them. */
  record(id) {
    const kept = this.overlay.get(id);
    if (kept) return kept;
    const index = this.seed.indexOf(id);
    return index < 0 ? null : new SeedOrder(this.env, index);
  }

  /** The order for writing: kept from now on. */
  edit(id) {
    const kept = this.overlay.get(id);
    if (kept) return kept;
    const record = this.record(id)?.keep() ?? null;
    if (record) this.overlay.set(id, record);
    return record;
  }

  takeId(kind) {
    return this.next[kind]++;
  }

  takeOrderId() {
    return this.nextId++;
  }

  /** row.id comes from takeOrderId. */
  add(row, parts) {
    const record = new KeptOrder(row, parts);
    this.overlay.set(row.id, record);
    this.columns.push(headOf(row));
    for (const part of LISTED) for (const child of record.part(part)) this.link(part, child.id, row.id);
    return record;
  }

  /** After every write to a kept order. */
  changed(record, { touch = true } = {}) {
    const { row } = record;
    row.status = STATUSES[row.status_id]?.name ?? row.status;
    if (touch) row.date_modified = rfc2822(this.clock.seconds());
    this.columns.put(this.position(row.id), headOf(row));
  }
  partChanged(record, part) {
    const name = MOVED_BY_SWITCH[part];
    this.changed(record, { touch: name ? this.switches[name] : true });
  }
  setStatus(record, status) {
    const { row } = record;
    if (row.status_id === status) return false;
    row.status_id = status;
    row.custom_status = STATUSES[status].name;
    this.mails.push({ kind: 'status', order_id: row.id, status_id: status });
    return true;
  }
  archive(record, archived = true) {
    if (record.row.is_deleted === archived) return;
    record.row.is_deleted = archived;
    this.changed(record, { touch: this.switches.order_archive_moves_date_modified });
  }

  // ---- refunds and metafields over all orders ----------------------------------------------------
  list(part) {
    if (this.lists[part]) return this.lists[part];
    const { seed } = this;
    const ids = [];
    for (let index = 0; index < seed.count; index++) {
      const kept = this.overlay.get(seed.idAt(index));
      const n = part === 'metafields' ? seed.metafields(index) : seed.refunds(index, seed.head(index).status);
      if (kept) continue;
      for (let k = 0; k < n; k++) ids.push(seed.firstChild(part, index) + k);
    }
    for (const record of this.overlay.values()) for (const child of record.part(part)) ids.push(child.id);
    return (this.lists[part] = IdList.of(ids.sort((a, b) => a - b)));
  }
  link(part, childId, orderId) {
    this.owners[part].set(childId, orderId);
    this.lists[part]?.push(childId);
  }
  unlink(part, childId) {
    this.owners[part].delete(childId);
    this.lists[part]?.delete(childId);
  }
  findChild(part, childId) {
    const made = this.owners[part].get(childId);
    const index = made === undefined ? this.seed.ownerIndex(part, childId) : -1;
    const owner = made ?? (index < 0 ? null : this.seed.idAt(index));
    return owner === null
      ? null
      : (this.record(owner)
          .part(part)
          .find((x) => x.id === childId) ?? null);
  }
}

const headOf = (row) => ({
  id: row.id,
  status: row.status_id,
  archived: row.is_deleted,
  created: secondsOf(row.date_created),
  modified: secondsOf(row.date_modified),
  customer: row.customer_id,
  channel: row.channel_id,
});
