// Locations, stock and tax classes. Promises: stock at location 1 is the catalog's inventory_level; writes are true at once and seen by reads only
// after the delay of the switch async_write_ms, as the asynchronous endpoints do it; stock goes with its location and its variant.

import { seedLocations, seededStock, seedTaxClasses, defaultHours } from '../seed/locations.mjs';
import { registerControlTypes } from '../control_types.mjs';
import { copy } from '../json_text.mjs';
import { zulu } from './channels.mjs';
import { words } from '../seed/vocabulary.mjs';

const SETTINGS = ['safety_stock', 'is_in_stock', 'warning_level', 'bin_picking_number'];
const FRESH = { onhand: 0, safety_stock: 0, is_in_stock: true, warning_level: 0, bin_picking_number: '' };

export class Stock {
  constructor({ options, catalog, switches, clock }) {
    Object.assign(this, { catalog, switches, clock });
    if (!['on', 'off', true, false].includes(options.inventory)) throw new Error('inventory is on or off');
    this.on = options.inventory === 'on' || options.inventory === true;
    const rows = seedLocations(catalog.env, Math.max(1, options.locations));
    this.locations = new Map(rows.map((l) => [l.id, l]));
    this.seeded = new Set(this.locations.keys());
    this.nextLocation = rows[rows.length - 1].id + 4;
    this.kept = new Map();
    this.lag = new Map();
    this.taxClasses = new Map(seedTaxClasses().map((t) => [t.id, t]));
    this.transactions = 0;
    this.writes = 0;
  }

  // ---- asynchronous writes: what a read saw before, and since when it is no longer true --------------
  /** Call with the value as it was just before a write. */
  remember(key, value) {
    if (this.switches.async_write_ms === 0) {
      this.lag.delete(key);
      return;
    }
    const now = Date.now();
    const old = this.lag.get(key);
    if (old && now - old.at < this.switches.async_write_ms) return;
    this.lag.set(key, { at: now, value: copy(value) });
  }
  /** The value that a read sees. */
  seen(key, now) {
    const old = this.lag.get(key);
    if (!old) return now;
    if (Date.now() - old.at < this.switches.async_write_ms) return old.value;
    this.lag.delete(key);
    return now;
  }
  transaction() {
    const n = (++this.transactions).toString(16).padStart(12, '0');
    return { transaction_id: `a1b2c3d4-0000-4000-8000-${n}` };
  }

  // ---- locations ------------------------------------------------------------------------------
  /** All locations as reads see them. */
  visibleLocations() {
    const ids = new Set([
      ...this.locations.keys(),
      ...[...this.lag.keys()].filter((k) => k.startsWith('l')).map((k) => Number(k.slice(1))),
    ]);
    return [...ids]
      .sort((a, b) => a - b)
      .map((id) => this.seen(`l${id}`, this.locations.get(id) ?? null))
      .filter(Boolean);
  }
  addLocation(fields) {
    const at = zulu(this.clock);
    const id = this.nextLocation++;
    const row = {
      id,
      code: `LOC-${id}`,
      label: '',
      description: '',
      managed_by_external_source: false,
      type_id: 'PHYSICAL',
      enabled: true,
      operating_hours: defaultHours(),
      time_zone: 'Etc/UTC',
      created_at: at,
      updated_at: at,
      address: null,
      storefront_visibility: true,
      special_hours: [],
      ...fields,
    };
    this.remember(`l${id}`, null);
    this.locations.set(id, row);
    return row;
  }
  editLocation(id, fields) {
    const row = this.locations.get(id);
    if (!row) return null;
    this.remember(`l${id}`, row);
    return Object.assign(row, { updated_at: zulu(this.clock) }, fields);
  }
  removeLocation(id) {
    const row = this.locations.get(id);
    if (!row || id === 1) return false;
    this.remember(`l${id}`, row);
    this.locations.delete(id);
    this.writes++;
    for (const key of [...this.kept.keys()]) if (key.endsWith(`/${id}`)) this.kept.delete(key);
    return true;
  }

  // ---- stock ----------------------------------------------------------------------------------
  /** {record, variant, holder} or null. The variants of a product that is tracked by product share the stock of the first one, the holder. */
  find(variantId) {
    const owner = this.catalog.ownerOf('variants', variantId);
    if (owner === null) return null;
    // Neighbours belong to the same product: compute it once.
    if (this.last?.owner !== owner || this.last.version !== this.catalog.version)
      this.last = { owner, version: this.catalog.version, record: this.catalog.record(owner) };
    const { record } = this.last;
    const variants = record.part('variants');
    const variant = variants.find((v) => v.id === variantId);
    return { record, variant, holder: record.row.inventory_tracking === 'product' ? variants[0].id : variantId };
  }

  /** {onhand, settings...} of a variant at a location, or null when it was never stocked there. */
  at({ record, variant, holder }, location) {
    const kept = this.kept.get(`${holder}/${location}`);
    if (location !== 1)
      return kept ?? (this.seeded.has(location) && !this.isNew(holder) ? seededStock(this.catalog.env, holder, location) : null);
    const shown = record.row.inventory_tracking === 'product' ? record.row : variant;
    return {
      ...FRESH,
      ...kept,
      onhand: shown.inventory_level,
      warning_level: shown.inventory_warning_level,
      bin_picking_number: String(variant.bin_picking_number ?? ''),
    };
  }
  isNew(variantId) {
    return this.catalog.shapes.ownerIndex('variants', variantId) < 0;
  }
  /** Has this variant ever been given a stock here? Relative adjustments need that. */
  initialised(found, location) {
    if (this.kept.get(`${found.holder}/${location}`)) return true;
    if (this.isNew(found.holder)) return location === 1 && found.record.row.inventory_level > 0;
    return location === 1 || this.at(found, location) !== null;
  }

  write(variantId, location, fields) {
    const found = this.find(variantId);
    const key = `${found.holder}/${location}`;
    const before = this.at(found, location);
    this.remember(key, before);
    const next = { ...(before ?? FRESH), ...fields };
    this.writes++;
    this.kept.set(key, next);
    if (location === 1) this.intoCatalog(variantId, found, before, next);
  }
  /** The catalog shows the stock of the default location. */
  intoCatalog(variantId, { record: { id } }, before, next) {
    const record = this.catalog.edit(id);
    const variant = record.parts.variants.find((v) => v.id === variantId);
    const { row } = record;
    const byProduct = row.inventory_tracking === 'product';
    variant.bin_picking_number = next.bin_picking_number;
    if (record.row.base_variant_id === variantId) row.bin_picking_number = next.bin_picking_number;
    if (byProduct || row.base_variant_id === variantId)
      Object.assign(row, { inventory_level: next.onhand, inventory_warning_level: next.warning_level });
    else {
      row.inventory_level = Math.max(0, row.inventory_level + next.onhand - before.onhand);
      Object.assign(variant, { inventory_level: next.onhand, inventory_warning_level: next.warning_level });
    }
    this.catalog.partChanged(record);
  }

  /** What find() says, asked again only after a write: looking at all variants for every page would be slow. */
  stockedAt(location, find) {
    const key = `${location} ${this.catalog.version} ${this.writes}`;
    if (this.lag.size) return find();
    if (this.stocked?.key !== key) this.stocked = { key, ids: find() };
    return this.stocked.ids;
  }

  /** The row of /v3/inventory/items as reads see it; lagging false: the truth. */
  itemOf(variantId, { lagging = true } = {}) {
    const found = this.find(variantId);
    if (!found) return null;
    const { record, variant, holder } = found;
    const locations = [];
    for (const l of lagging ? this.visibleLocations() : this.locations.values()) {
      const key = `${holder}/${l.id}`;
      const now = this.locations.has(l.id) ? this.at(found, l.id) : null;
      const s = lagging ? this.seen(key, now) : now;
      if (!s) continue;
      locations.push({
        location_id: l.id,
        location_code: l.code,
        location_name: l.label,
        available_to_sell: Math.max(0, s.onhand - s.safety_stock),
        total_inventory_onhand: s.onhand,
        location_enabled: l.enabled,
        settings: Object.fromEntries(SETTINGS.map((f) => [f, s[f]])),
      });
    }
    return { identity: { sku: variant.sku, variant_id: variant.id, product_id: record.id, sku_id: variant.sku_id }, locations };
  }
}

registerControlTypes((fake) => {
  const { stock, clock } = fake;
  return {
    inventory: {
      ids: () => (stock.on ? fake.catalog.lists.variants.toArray() : []),
      count: () => (stock.on ? fake.catalog.lists.variants.length : 0),
      item: (id) => (stock.on ? stock.itemOf(id, { lagging: false }) : null),
      /** set: {location_id?, onhand?, safety_stock?, is_in_stock?, warning_level?, bin_picking_number?}; seen at once. */
      edit(id, { location_id = 1, ...set }) {
        const found = stock.find(id);
        if (!found) return null;
        stock.write(id, location_id, set);
        stock.lag.delete(`${found.holder}/${location_id}`);
        return stock.itemOf(id, { lagging: false });
      },
      randomSet: (r) => ({ onhand: r.below(200) }),
    },
    locations: {
      ids: () => [...stock.locations.keys()],
      item: (id) => stock.locations.get(id) ?? null,
      edit(id, set, touch) {
        const row = stock.locations.get(id);
        if (!row) return null;
        return Object.assign(row, touch ? { updated_at: zulu(clock) } : {}, set);
      },
      create(fields) {
        const row = stock.addLocation({ label: `New location ${stock.nextLocation}`, type_id: 'VIRTUAL', ...fields });
        stock.lag.delete(`l${row.id}`);
        return { id: row.id, row };
      },
      remove(id) {
        const gone = stock.removeLocation(id);
        stock.lag.delete(`l${id}`);
        return gone;
      },
      randomSet: (r) => ({ description: words(r, 4) }),
    },
    tax_classes: {
      textId: true,
      ids: () => [...stock.taxClasses.keys()],
      item: (id) => stock.taxClasses.get(id) ?? null,
      edit(id, set) {
        const row = stock.taxClasses.get(id);
        return row ? Object.assign(row, set) : null;
      },
      create(fields) {
        const id = String(Math.max(0, ...[...stock.taxClasses.keys()].map(Number)) + 1);
        const row = { id, name: `Class ${id}`, created_at: clock.stamp(), updated_at: clock.stamp(), ...fields };
        stock.taxClasses.set(id, row);
        return { id, row };
      },
      remove: (id) => stock.taxClasses.delete(id),
      randomSet: (r) => ({ name: `Class ${words(r, 2)}` }),
    },
  };
});
