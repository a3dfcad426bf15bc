// Price lists, price records and price list assignments. Promises: records are found by list, variant and currency without a scan, they go with
// their variant and their list; a seeded record is computed when it is read.

import { LazyTable } from './lazy_table.mjs';
import { IdList } from './id_list.mjs';
import { tableControl } from './table_control.mjs';
import { priceListRow, priceRecordRow, seedAssignments, RecordGrid } from '../seed/price_lists.mjs';
import { registerControlTypes } from '../control_types.mjs';
import { zulu } from './channels.mjs';
import { words } from '../seed/vocabulary.mjs';

const trailingId = (text) => {
  const m = /(\d+)$/.exec(text);
  return m ? Number(m[1]) : null;
};
const keyOf = (r) => `${r.price_list_id}/${r.variant_id}/${r.currency}`;

export class Pricing {
  constructor({ options, catalog, customers, clock }) {
    const { env, shapes } = catalog;
    const { seed } = options;
    this.catalog = catalog;
    this.clock = clock;
    this.customers = customers;
    const lists = (this.lists = new LazyTable({
      seed,
      salt: 341,
      count: options.priceLists,
      make: (id, index) => priceListRow(env, id, index),
      keys: { name: { of: (l) => l.name.toLowerCase(), idIn: trailingId } },
    }));
    const grid = new RecordGrid(shapes, options.priceRecords);
    const per = grid.perList;
    const records = (this.records = new LazyTable({
      seed,
      salt: 342,
      count: lists.count * per,
      idField: 'seq',
      make: (seq, index) => priceRecordRow(env, seq, index, lists.idAt(Math.floor(index / per)), grid.at(index % per)),
      keys: {
        key: {
          of: keyOf,
          idIn: (key) => {
            const [list, variant, currency] = key.split('/');
            const l = lists.indexOf(Number(list));
            const k = grid.indexOf(Number(variant), currency);
            return l < 0 || k < 0 ? null : records.idAt(l * per + k);
          },
        },
      },
    }));
    this.variantOf = (seq) => records.overlay.get(seq)?.variant_id ?? grid.at(records.indexOf(seq) % per).variant_id;
    this.ofList = new Map();
    for (let l = 0; l < lists.count; l++) {
      const ids = new IdList(per);
      for (let k = 0; k < per; k++) ids.push(records.idAt(l * per + k));
      this.ofList.set(lists.idAt(l), ids);
    }
    this.variantsSeen = this.variantsNow();
    const channelIds = [...catalog.channels.values()].filter((c) => c.type === 'storefront').map((c) => c.id);
    const groupIds = [...customers.groups.values()].filter((g) => !g.discount_rules?.length).map((g) => g.id);
    this.assignments = new Map(seedAssignments(lists.ids.toArray(), groupIds, channelIds).map((a) => [a.id, a]));
    this.nextAssignment = Math.max(0, ...this.assignments.keys()) + 3;
  }

  // ---- records go with their variants ---------------------------------------------------------
  /** New variants come at the end with new ids, so length and last id tell whether any is gone. */
  variantsNow() {
    const v = this.catalog.lists.variants;
    return `${v.length}:${v.length ? v.ids[v.length - 1] : 0}`;
  }
  /** Call before looking at records. */
  settle() {
    const now = this.variantsNow();
    if (now === this.variantsSeen) return;
    this.variantsSeen = now;
    for (const list of this.ofList.values())
      for (const seq of list.toArray()) if (!this.catalog.lists.variants.has(this.variantOf(seq))) this.drop(seq, list);
  }
  drop(seq, list) {
    this.records.remove(seq);
    list.delete(seq);
  }

  // ---- lists ----------------------------------------------------------------------------------
  addList(row) {
    this.ofList.set(row.id, new IdList());
    return this.lists.add(row);
  }
  removeList(id) {
    if (!this.lists.remove(id)) return false;
    for (const seq of this.ofList.get(id).toArray()) this.records.remove(seq);
    this.ofList.delete(id);
    for (const a of [...this.assignments.values()]) if (a.price_list_id === id) this.assignments.delete(a.id);
    return true;
  }

  // ---- records --------------------------------------------------------------------------------
  findRecord(list, variant, currency) {
    this.settle();
    return this.records.find('key', `${list}/${variant}/${currency.toLowerCase()}`);
  }
  addRecord(fields) {
    const at = zulu(this.clock);
    const row = {
      seq: this.records.takeId(),
      price_list_id: 0,
      variant_id: 0,
      currency: 'usd',
      price: 0,
      sale_price: null,
      retail_price: null,
      map_price: null,
      bulk_pricing_tiers: [],
      date_created: at,
      date_modified: at,
      ...fields,
    };
    this.ofList.get(row.price_list_id).push(row.seq);
    return this.records.add(row);
  }
  changeRecord(seq, fields, touch = true) {
    const row = this.records.edit(seq);
    if (touch) row.date_modified = zulu(this.clock);
    Object.assign(row, fields);
    return this.records.changed(seq);
  }
  removeRecord(seq) {
    const row = this.records.get(seq);
    if (row) this.drop(seq, this.ofList.get(row.price_list_id));
    return row !== null;
  }
  /** The record as the API shows it. The product is computed only when something of it is needed. */
  fullRecord(row, { sku = true } = {}) {
    const { seq, bulk_pricing_tiers, date_created, date_modified, ...rest } = row;
    const own = row.sale_price ?? row.price;
    const variant = sku || own === null ? this.catalog.findChild('variants', row.variant_id) : null;
    const out = {
      ...rest,
      calculated_price: own ?? variant.calculated_price,
      date_created,
      date_modified,
      product_id: this.catalog.ownerOf('variants', row.variant_id),
      bulk_pricing_tiers,
    };
    if (sku) out.sku = variant.sku;
    return out;
  }

  // ---- assignments ----------------------------------------------------------------------------
  assignmentOf(group, channel) {
    return [...this.assignments.values()].find((a) => a.customer_group_id === group && a.channel_id === channel) ?? null;
  }
  addAssignment(fields) {
    const row = { id: this.nextAssignment++, price_list_id: 0, customer_group_id: null, channel_id: null, ...fields };
    this.assignments.set(row.id, row);
    return row;
  }
}

function firstList(pricing) {
  const [id] = pricing.lists.ids.toArray();
  if (id === undefined) throw Object.assign(new Error('there is no price list'), { status: 404 });
  return id;
}

registerControlTypes((fake) => {
  const { pricing, clock } = fake;
  const lists = tableControl(pricing.lists, {
    blank: (id) => ({ id, name: `New list ${id}`, date_created: zulu(clock), date_modified: zulu(clock), active: true }),
    touch: (row) => {
      row.date_modified = zulu(clock);
    },
    randomSet: (r) => r.pick([{ active: r.chance(0.5) }, { name: `Renamed ${words(r, 2)} ${r.below(99999)}` }]),
    remove: (id) => pricing.removeList(id),
  });
  const seqOf = (key) => pricing.findRecord(...key.split('/'));
  return {
    price_lists: {
      ...lists,
      create(fields) {
        const made = lists.create(fields);
        pricing.ofList.set(made.id, new IdList());
        return made;
      },
    },
    price_records: {
      textId: true,
      count: () => {
        pricing.settle();
        return pricing.records.size;
      },
      ids() {
        pricing.settle();
        return [...pricing.records.rows()].map(keyOf);
      },
      item(key) {
        const seq = seqOf(key);
        return seq === null ? null : pricing.fullRecord(pricing.records.get(seq));
      },
      edit(key, set, touch) {
        const seq = seqOf(key);
        return seq === null ? null : pricing.changeRecord(seq, set, touch);
      },
      /** Without variant_id: the first variant that has no record in this currency. */
      create(fields) {
        const list = fields.price_list_id ?? firstList(pricing);
        const currency = fields.currency ?? 'usd';
        const free = (v) => pricing.findRecord(list, v, currency) === null;
        const variant_id = fields.variant_id ?? fake.catalog.lists.variants.toArray().find(free);
        const row = pricing.addRecord({ price: 9.5, ...fields, price_list_id: list, currency, variant_id });
        return { id: keyOf(row), row };
      },
      remove(key) {
        const seq = seqOf(key);
        return seq !== null && pricing.removeRecord(seq);
      },
      randomSet: (r) => r.pick([{ price: r.between(100, 9999) / 100 }, { retail_price: null, sale_price: r.between(100, 999) / 100 }]),
    },
    price_list_assignments: {
      ids: () => [...pricing.assignments.keys()],
      item: (id) => pricing.assignments.get(id) ?? null,
      edit(id, set) {
        const row = pricing.assignments.get(id);
        return row ? Object.assign(row, set) : null;
      },
      create(fields) {
        const row = pricing.addAssignment({ price_list_id: fields.price_list_id ?? firstList(pricing), channel_id: 1, ...fields });
        return { id: row.id, row };
      },
      remove: (id) => pricing.assignments.delete(id),
      randomSet: (r) => ({ price_list_id: pricing.lists.ids.ids[r.below(pricing.lists.size)] }),
    },
  };
});
