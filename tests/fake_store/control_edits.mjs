// What a merchant does in the control panel. Promises: no API rules, no quota; product edits move date_modified, part edits only by the switch;
// random_edits is deterministic and says exactly what it changed.

import { Random } from './seed/random.mjs';
import { word, words } from './seed/vocabulary.mjs';
import { LISTED } from './state/catalog.mjs';
import { createProduct } from './endpoints/products.mjs';
import { newBrand } from './endpoints/brands.mjs';
import { newCategory } from './endpoints/categories.mjs';
import { controlType, editTyped, editPartTyped, createTyped, deleteTyped, randomTyped } from './control_types.mjs';

const fail = (text) => {
  throw Object.assign(new Error(text), { status: 404 });
};
const context = (fake) => ({ fake, cat: fake.catalog, sw: fake.switches, clock: fake.clock, q: {}, trouble: [] });

export function editItem(fake, { type, id, set = {}, touch = true }) {
  const entry = controlType(fake, type);
  if (entry) return editTyped(fake, entry, { type, id, set, touch });
  const cat = fake.catalog;
  if (type === 'products') {
    const record = cat.edit(id) ?? fail(`no product ${id}`);
    Object.assign(record.row, set);
    const keep = set.date_modified;
    cat.changed(record, { touch: touch && keep === undefined });
    return { type, id, row: record.row };
  }
  const map = {
    brands: cat.brands,
    categories: cat.categories,
    category_trees: cat.trees,
    channels: cat.channels,
    brand_metafields: cat.brandMetafields,
    category_metafields: cat.categoryMetafields,
  }[type];
  const row = map?.get(id) ?? fail(`no ${type} ${id}`);
  Object.assign(row, set);
  cat.version++;
  return { type, id, row };
}

const COUNTER = { options: 'attributes', modifiers: 'attributes', variant_metafields: 'metafields' };

/** part_id missing: adds a row; set null: deletes it. */
export function editPart(fake, { type = 'products', id, part, part_id, set }) {
  const entry = controlType(fake, type);
  if (entry) return editPartTyped(fake, entry, { type, id, part, part_id, set });
  const cat = fake.catalog;
  const record = cat.edit(id) ?? fail(`no product ${id}`);
  const rows = record.parts[part] ?? fail(`no part ${part}`);
  let row;
  if (part_id === undefined) {
    const made = cat.takeId(COUNTER[part] ?? part);
    // Shaped like its neighbour, so that a test need not spell out thirty fields.
    row = { ...(rows[rows.length - 1] ?? blank(fake, part, record)), ...set, id: made };
    rows.push(row);
    if (LISTED.includes(part)) cat.link(part, made, id);
  } else {
    row = rows.find((x) => x.id === part_id) ?? fail(`no ${part} ${part_id}`);
    if (set === null) {
      record.parts[part] = rows.filter((x) => x !== row);
      if (LISTED.includes(part)) cat.unlink(part, part_id);
    } else Object.assign(row, set);
  }
  if (set !== null && row.date_modified !== undefined && set?.date_modified === undefined) row.date_modified = fake.clock.stamp();
  cat.partChanged(record);
  return { id, part, part_id: row.id, row: set === null ? null : row };
}

function blank(fake, part, record) {
  const stamp = fake.clock.stamp();
  const meta = (type, resource_id) => ({
    id: 0,
    key: 'k',
    value: 'v',
    namespace: 'erp',
    permission_set: 'write',
    resource_type: type,
    resource_id,
    description: '',
    date_created: stamp,
    date_modified: stamp,
    owner_client_id: fake.options.clientId,
  });
  switch (part) {
    case 'custom_fields':
      return { id: 0, name: 'Origin', value: `value ${fake.catalog.next.custom_fields}` };
    case 'metafields':
      return { ...meta('product', record.id), key: `k${fake.catalog.next.metafields}` };
    case 'variant_metafields':
      return { ...meta('variant', record.parts.variants[0]?.id ?? 0), key: `k${fake.catalog.next.metafields}` };
    case 'reviews':
      return {
        id: 0,
        title: 'Fine',
        text: '',
        status: 'approved',
        rating: 5,
        email: '',
        name: 'A shopper',
        date_reviewed: stamp,
        date_created: stamp,
        date_modified: stamp,
      };
    case 'images':
      return {
        id: 0,
        product_id: record.id,
        is_thumbnail: true,
        sort_order: 0,
        description: '',
        image_file: 'a/100/added__1.jpg',
        url_zoom: '',
        url_standard: '',
        url_thumbnail: '',
        url_tiny: '',
        date_modified: stamp,
      };
    case 'videos':
      return {
        id: 0,
        product_id: record.id,
        title: '',
        description: '',
        sort_order: 0,
        type: 'youtube',
        video_id: 'abcdefghijk',
        length: '01:00',
      };
    case 'bulk_pricing_rules':
      return { id: 0, quantity_min: 10, quantity_max: 0, type: 'price', amount: 1 };
    default:
      return fail(`${part}: give a product that has one already`);
  }
}

export function createItem(fake, { type, fields = {} }) {
  const entry = controlType(fake, type);
  if (entry) return createTyped(fake, entry, { type, fields });
  const ctx = context(fake);
  if (type === 'products') {
    const n = fake.catalog.next.products;
    const record = createProduct(ctx, { name: `New product ${n}`, type: 'physical', weight: 1, price: 9.5, ...fields });
    return { type, id: record.id, row: record.row };
  }
  if (type === 'brands') {
    const b = newBrand(ctx, { name: `New brand ${fake.catalog.next.brands}`, ...fields });
    return { type, id: b.id, row: b };
  }
  if (type === 'categories') {
    const errors = {};
    const given = { name: `New category ${fake.catalog.next.categories}`, ...fields };
    if (given.tree_id === undefined && given.parent_id === undefined) given.tree_id = 1;
    const c = newCategory(ctx, given, errors) ?? fail(JSON.stringify(errors));
    return { type, id: c.category_id, row: c };
  }
  if (type === 'category_trees') {
    const tree = { id: fake.catalog.takeId('trees'), name: 'New tree', channels: [], ...fields };
    fake.catalog.trees.set(tree.id, tree);
    return { type, id: tree.id, row: tree };
  }
  return fail(`cannot create ${type}`);
}

export function deleteItem(fake, { type, id }) {
  const entry = controlType(fake, type);
  if (entry) return deleteTyped(fake, entry, { type, id });
  const cat = fake.catalog;
  switch (type) {
    case 'products':
      return { type, id, deleted: cat.remove(id) };
    case 'brands':
      return { type, id, deleted: cat.removeBrand(id) };
    case 'categories':
      return { type, id, deleted: cat.categories.has(id), with_children: cat.categories.has(id) ? cat.removeCategory(id) : [] };
    case 'category_trees':
      return { type, id, deleted: cat.removeTree(id) };
    default:
      return fail(`cannot delete ${type}`);
  }
}

const KINDS = [
  'product',
  'product',
  'product',
  'variant',
  'image',
  'metafield',
  'custom_field',
  'brand',
  'category',
  'create',
  'delete',
  'delete_part',
];

/** -> {changes: [{type, id, change: 'edit'|'create'|'delete', part?, part_id?, fields?}]}; deterministic for a given state and seed. */
export function randomEdits(fake, { n = 10, seed = 1, kinds = KINDS }) {
  const r = new Random(seed, n, 991);
  const changes = [];
  for (let k = 0; k < n; k++) {
    const change = randomEdit(fake, r, r.pick(kinds), k);
    if (change) changes.push(change);
  }
  return { changes };
}

function randomEdit(fake, r, kind, k) {
  const typed = randomTyped(fake, r, kind);
  if (typed !== undefined) return typed;
  const cat = fake.catalog;
  const product = () => (cat.products.length ? cat.products.ids[r.below(cat.products.length)] : null);
  const from = (map) => (map.size ? [...map.keys()][r.below(map.size)] : null);
  const part = (name, set) => {
    const id = product();
    if (id === null) return null;
    const rows = cat.record(id).part(name);
    if (!rows.length) {
      if (name === 'variants') return null;
      const made = editPart(fake, { id, part: name, set });
      return { type: 'products', id, change: 'edit', part: name, part_id: made.part_id, part_change: 'create', fields: Object.keys(set) };
    }
    const row = rows[r.below(rows.length)];
    editPart(fake, { id, part: name, part_id: row.id, set });
    return { type: 'products', id, change: 'edit', part: name, part_id: row.id, part_change: 'edit', fields: Object.keys(set) };
  };
  const whole = (type, id, set) => {
    if (id === null) return null;
    editItem(fake, { type, id, set });
    return { type, id, change: 'edit', fields: Object.keys(set) };
  };
  switch (kind) {
    case 'product':
      return whole(
        'products',
        product(),
        r.pick([
          { price: r.between(100, 9999) / 100 },
          { description: `<p>${words(r, 20)}</p>` },
          { is_visible: r.chance(0.5) },
          { search_keywords: words(r, 3), sort_order: r.below(50) },
        ]),
      );
    case 'variant':
      return part('variants', { mpn: `M-${r.below(99999)}`, weight: r.between(1, 90) / 10 });
    case 'image':
      return part('images', { description: words(r, 3) });
    case 'metafield':
      return part('metafields', { value: words(r, 5) });
    case 'custom_field':
      return part('custom_fields', { value: `${word(r)} ${r.below(9999)}` });
    case 'brand':
      return whole('brands', from(cat.brands), { page_title: words(r, 3) });
    case 'category':
      return whole('categories', from(cat.categories), { description: `<p>${words(r, 9)}</p>` });
    case 'create': {
      const made = createItem(fake, {
        type: 'products',
        fields: { name: `Created ${seedless(cat)} ${word(r)}`, price: r.between(100, 999) / 10 },
      });
      return { type: 'products', id: made.id, change: 'create' };
    }
    case 'delete': {
      const id = product();
      if (id === null) return null;
      cat.remove(id);
      return { type: 'products', id, change: 'delete' };
    }
    case 'delete_part': {
      const id = product();
      const rows = id === null ? [] : cat.record(id).part('images');
      if (!rows.length) return null;
      editPart(fake, { id, part: 'images', part_id: rows[rows.length - 1].id, set: null });
      return { type: 'products', id, change: 'edit', part: 'images', part_id: rows[rows.length - 1].id, part_change: 'delete' };
    }
    default:
      return fail(`no kind of edit ${kind} (${k})`);
  }
}

const seedless = (cat) => cat.next.products;
