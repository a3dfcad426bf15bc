// The state of the store: products (seed + overlay of what was written), brands, categories, trees, channels.
// Promises: ids are never used twice, unique keys are found without scanning the seed, deletes cascade as the switches say.

import { Shapes } from '../seed/shape.mjs';
import { productName, productSku, productUrl, productCategories, productChannels } from '../seed/product.mjs';
import { seedBrands, seedTrees, seedCategories, seedGroupMetafields, seedChannels } from '../seed/groups.mjs';
import { SeedRecord, KeptRecord, PART_NAMES } from './product_record.mjs';
import { IdList } from './id_list.mjs';

// Parts that have a list over all products (/catalog/variants, .../metafields): their ids are kept in order.
const LISTED = ['variants', 'metafields', 'variant_metafields'];

export class Catalog {
  constructor(options, switches, clock) {
    this.switches = switches;
    this.clock = clock;
    const env = (this.env = {
      seed: options.seed,
      storeHash: options.storeHash,
      cdn: options.cdnBase,
      clientId: options.clientId,
      hugePage: options.hugePage,
      switches,
      categoryIds: [],
      brandIds: [],
      liveCategories: (ids) => (this.goneCategories.size ? ids.filter((id) => !this.goneCategories.has(id)) : ids),
      liveBrand: (id) => (this.goneBrands.has(id) ? 0 : id),
    });
    this.goneCategories = new Set();
    this.goneBrands = new Set();
    this.shapes = env.shapes = new Shapes({
      seed: options.seed,
      products: options.products,
      giant: options.giantVariants || options.products >= 1000,
    });
    this.products = new IdList(options.products);
    for (let i = 0; i < options.products; i++) this.products.push(this.shapes.idAt(i));
    this.overlay = new Map();
    this.lists = Object.fromEntries(LISTED.map((p) => [p, IdList.of(this.shapes.childIds(p))]));
    this.owners = Object.fromEntries(LISTED.map((p) => [p, new Map()]));
    this.brands = new Map(seedBrands(env, options.brands).map((b) => [b.id, b]));
    this.trees = new Map(seedTrees(env, options.categories).map((t) => [t.id, t]));
    this.categories = new Map(seedCategories(env, options.categories).map((c) => [c.category_id, c]));
    this.channels = new Map(seedChannels().map((c) => [c.id, c]));
    env.brandIds = [...this.brands.keys()];
    env.categoryIds = [...this.categories.keys()];
    let meta = this.shapes.lastId('variant_metafields') + 10;
    this.brandMetafields = new Map(seedGroupMetafields(env, 'brand', env.brandIds, meta).map((m) => [m.id, m]));
    meta += this.brandMetafields.size + 10;
    this.categoryMetafields = new Map(seedGroupMetafields(env, 'category', env.categoryIds, meta).map((m) => [m.id, m]));
    meta += this.categoryMetafields.size + 10;
    this.next = {
      metafields: meta,
      products: Math.max(this.lastProductId() + 12, 120),
      brands: 3 + Math.max(40, ...env.brandIds.slice(-1)),
      categories: 3 + Math.max(20, ...env.categoryIds.slice(-1)),
      trees: this.trees.size + 3,
      rule_conditions: (this.shapes.lastId('complex_rules') + 4) * 4 + 9,
    };
    for (const p of ['variants', 'complex_rules', 'images', 'videos', 'custom_fields', 'bulk_pricing_rules', 'reviews'])
      this.next[p] = this.shapes.lastId(p) + 7;
    // Options and modifiers are both attributes of a product and share one counter; so do their values.
    this.next.attributes = this.shapes.lastId('modifiers') + 9;
    this.next.values = this.shapes.lastId('modifier_values') + 9;
    this.keys = { name: new Map(), sku: new Map(), url: new Map() };
    this.version = 0;
    this.uploads = [];
    this.sortOrders = new Map();
  }

  lastProductId() {
    return this.shapes.count ? this.shapes.idAt(this.shapes.count - 1) : 76;
  }
  takeId(kind) {
    return this.next[kind]++;
  }
  get giantProductId() {
    return this.shapes.giantIndex >= 0 ? this.shapes.idAt(this.shapes.giantIndex) : null;
  }

  // ---- products -------------------------------------------------------------------------------
  /** The product for reading, or null. */
  record(id) {
    const kept = this.overlay.get(id);
    if (kept) return kept;
    if (!this.products.has(id)) return null;
    return new SeedRecord(this.env, this.shapes.indexOf(id));
  }

  /** The product for writing: kept from now on. */
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

  add(row, parts) {
    const record = new KeptRecord(row, parts);
    this.products.push(row.id);
    this.overlay.set(row.id, record);
    for (const p of LISTED) for (const item of record.part(p)) this.link(p, item.id, row.id);
    this.index(record);
    this.version++;
    return record;
  }

  remove(id) {
    const record = this.record(id);
    if (!record) return false;
    for (const p of LISTED) for (const item of record.part(p)) this.unlink(p, item.id);
    const kept = this.overlay.get(id);
    if (kept) this.unindex(kept);
    this.overlay.delete(id);
    this.products.delete(id);
    this.version++;
    return true;
  }

  link(part, childId, productId) {
    this.lists[part].push(childId);
    this.owners[part].set(childId, productId);
    this.version++;
  }
  unlink(part, childId) {
    this.lists[part].delete(childId);
    this.owners[part].delete(childId);
    this.version++;
  }

  /** After every write to a kept record: unique keys, computed values, date_modified. */
  changed(record, { touch = true } = {}) {
    record.recompute();
    if (touch) record.row.date_modified = this.clock.stamp();
    this.index(record);
    this.version++;
  }
  partChanged(record) {
    this.changed(record, { touch: this.switches.parts_move_date_modified });
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
          ?.part(part)
          .find((x) => x.id === childId) ?? null);
  }

  // ---- unique keys ----------------------------------------------------------------------------
  unindex(record) {
    for (const [kind, keys] of Object.entries(record.keys ?? {})) {
      for (const key of keys) if (this.keys[kind].get(key)?.productId === record.id) this.keys[kind].delete(key);
    }
  }
  index(record) {
    this.unindex(record);
    const skus = record.part('variants').map((v) => [v.sku, v.id]);
    if (record.row.sku && !skus.some(([s]) => s === record.row.sku)) skus.push([record.row.sku, null]);
    record.keys = { name: [record.row.name.toLowerCase()], sku: [], url: [record.row.custom_url?.url?.toLowerCase() ?? ''] };
    this.keys.name.set(record.keys.name[0], { productId: record.id });
    if (record.keys.url[0]) this.keys.url.set(record.keys.url[0], { productId: record.id });
    for (const [sku, variantId] of skus) {
      if (!sku) continue;
      const key = String(sku).toLowerCase();
      record.keys.sku.push(key);
      this.keys.sku.set(key, { productId: record.id, variantId });
    }
  }

  seededIndex(text, pattern) {
    const m = pattern.exec(text);
    if (!m) return -1;
    const id = Number(m[1]);
    if (this.overlay.has(id) || !this.products.has(id)) return -1;
    return this.shapes.indexOf(id);
  }
  findName(name) {
    const found = this.keys.name.get(name.toLowerCase());
    if (found) return found.productId;
    const index = this.seededIndex(name, /(\d+)$/);
    return index >= 0 && productName(this.env, index).toLowerCase() === name.toLowerCase() ? this.shapes.idAt(index) : null;
  }
  /** {productId, variantId}; variantId null when only the product itself carries the sku. Case does not count. */
  findSku(sku) {
    const key = String(sku).toLowerCase();
    const found = this.keys.sku.get(key);
    if (found) return found;
    const index = this.seededIndex(key, /^[a-z]+-(\d+)(?:-\d+)?$/);
    if (index < 0) return null;
    const record = new SeedRecord(this.env, index);
    const variant = record.part('variants').find((v) => v.sku.toLowerCase() === key);
    if (variant) return { productId: record.id, variantId: variant.id };
    return productSku(this.env, index).toLowerCase() === key ? { productId: record.id, variantId: null } : null;
  }
  /** {type, id} of whatever owns the storefront path: products, categories and brands share one space. */
  findUrl(url) {
    const key = url.toLowerCase();
    const found = this.keys.url.get(key);
    if (found) return { type: 'product', id: found.productId };
    const index = this.seededIndex(key, /-(\d+)\/$/);
    if (index >= 0 && productUrl(this.env, index).toLowerCase() === key) return { type: 'product', id: this.shapes.idAt(index) };
    for (const c of this.categories.values())
      if (c.url.path.toLowerCase() === key) return { type: 'category', id: c.category_id, tree: c.tree_id };
    for (const b of this.brands.values()) if (b.custom_url?.url?.toLowerCase() === key) return { type: 'brand', id: b.id };
    return null;
  }

  // ---- brands, categories, trees --------------------------------------------------------------
  removeBrand(id) {
    if (!this.brands.delete(id)) return false;
    this.dropMetafields(this.brandMetafields, id);
    if (this.switches.brand_delete_clears_products) {
      this.goneBrands.add(id);
      for (const r of this.overlay.values()) if (r.row.brand_id === id) r.row.brand_id = 0;
    }
    this.version++;
    return true;
  }

  childrenOf(id) {
    return [...this.categories.values()].filter((c) => c.parent_id === id).map((c) => c.category_id);
  }

  removeCategory(id) {
    const gone = [id];
    for (let i = 0; i < gone.length; i++) gone.push(...this.childrenOf(gone[i]));
    for (const g of gone) {
      this.categories.delete(g);
      this.dropMetafields(this.categoryMetafields, g);
      if (!this.switches.category_delete_clears_products) continue;
      this.goneCategories.add(g);
      for (const r of this.overlay.values()) if (r.row.categories.includes(g)) r.row.categories = r.row.categories.filter((c) => c !== g);
    }
    this.version++;
    return gone;
  }

  removeTree(id) {
    if (!this.trees.delete(id)) return false;
    for (const c of [...this.categories.values()])
      if (c.tree_id === id && this.categories.has(c.category_id)) this.removeCategory(c.category_id);
    return true;
  }

  dropMetafields(map, owner) {
    for (const m of [...map.values()]) if (m.resource_id === owner) map.delete(m.id);
  }

  // ---- assignments: flat pairs, rebuilt when something changed ----------------------------------
  pairs(kind) {
    const cached = this[kind + 'Pairs'];
    if (cached && cached.version === this.version) return cached;
    const list = [];
    for (let n = 0; n < this.products.length; n++) {
      const id = this.products.ids[n];
      for (const other of this.assigned(id, kind)) list.push(id, other);
    }
    return (this[kind + 'Pairs'] = { version: this.version, pairs: Int32Array.from(list) });
  }
  assigned(id, kind) {
    const record = this.overlay.get(id) ?? new SeedRecordLight(this.env, this.shapes.indexOf(id));
    return kind === 'channel' ? record.part('channels') : (record.categories ?? record.row.categories);
  }
}

/** Only what assignments need of a seeded product; computing whole rows for 500,000 products would take half a minute. */
class SeedRecordLight {
  constructor(env, index) {
    this.env = env;
    this.index = index;
  }
  part() {
    return productChannels(this.env, this.index);
  }
  get categories() {
    return this.env.liveCategories(productCategories(this.env, this.index));
  }
}

export { PART_NAMES, LISTED };
