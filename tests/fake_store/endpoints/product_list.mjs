// GET /v3/catalog/products. Promises: every documented filter, sort and include; page cap 10 with include=options|modifiers; a listing
// without field filters touches only the rows of its page.

import { PAGE, DIRECTION, numeric, numericTest, equalText, contains, selectFields } from '../query.mjs';
import { paged } from '../paging.mjs';
import { Raw } from '../json_text.mjs';
import { stampOf } from '../clock.mjs';
import { baseVariant } from '../seed/choices.mjs';
import { productName, productSku, productBrand } from '../seed/product.mjs';

export const INCLUDES = [
  'bulk_pricing_rules',
  'channels',
  'custom_fields',
  'images',
  'modifiers',
  'options',
  'parent_relations',
  'primary_image',
  'reviews',
  'variants',
  'videos',
];

const FIELD_NAMES =
  `name type sku description weight width depth height price cost_price retail_price sale_price map_price tax_class_id product_tax_code
calculated_price categories brand_id option_set_id option_set_display inventory_level inventory_warning_level inventory_tracking reviews_rating_sum
reviews_count total_sold fixed_cost_shipping_price is_free_shipping is_visible is_featured related_products warranty bin_picking_number layout_file upc mpn
gtin date_last_imported search_keywords availability availability_description condition is_condition_shown order_quantity_minimum order_quantity_maximum
page_title meta_keywords meta_description date_created date_modified view_count preorder_release_date preorder_message is_preorder_only is_price_hidden
price_hidden_label custom_url base_variant_id open_graph_type open_graph_title open_graph_description open_graph_use_meta_description
open_graph_use_product_name open_graph_use_image`.split(/\s+/);

export const PRODUCT_FIELDS = { include_fields: { list: FIELD_NAMES }, exclude_fields: 'strs' };

const SORTS = [
  'id',
  'name',
  'sku',
  'price',
  'date_modified',
  'date_last_imported',
  'inventory_level',
  'is_visible',
  'total_sold',
  'calculated_price',
];

export const LIST_QUERY = {
  ...PAGE,
  ...PRODUCT_FIELDS,
  include: { list: INCLUDES },
  sort: SORTS,
  direction: DIRECTION,
  ...numeric('id'),
  ...numeric('inventory_level'),
  'channel_id:in': 'ints',
  categories: 'int',
  'categories:in': 'ints',
  name: 'str',
  mpn: 'str',
  upc: 'str',
  sku: 'str',
  'sku:in': 'strs',
  price: 'num',
  weight: 'num',
  condition: ['new', 'used', 'refurbished'],
  brand_id: 'int',
  date_modified: 'date',
  'date_modified:min': 'date',
  'date_modified:max': 'date',
  date_last_imported: 'date',
  'date_last_imported:not': 'date',
  'date_last_imported:min': 'date',
  'date_last_imported:max': 'date',
  is_visible: 'bool',
  is_featured: ['1', '0'],
  is_free_shipping: ['1', '0'],
  inventory_low: ['1', '0'],
  out_of_stock: ['1', '0'],
  total_sold: 'int',
  type: ['digital', 'physical'],
  keyword: 'str',
  keyword_context: ['shopper', 'merchant'],
  availability: ['available', 'disabled', 'preorder'],
};

/** One product as an answer shows it. */
export function productView(ctx, record, q = ctx.q) {
  const raw = ctx.fake.raws.get(`products:${record.id}`);
  if (raw) return new Raw(raw);
  let row = record.fresh ? record.row : { ...record.row };
  // gift_wrapping_* stay even when they were not asked for (digest 2.4).
  if (q.include_fields || q.exclude_fields) row = selectFields(row, q, ['id', 'gift_wrapping_options_type', 'gift_wrapping_options_list']);
  for (const name of q.include ?? []) row[name] = includePart(ctx, record, name);
  return row;
}

function includePart(ctx, record, name) {
  if (name === 'parent_relations') return [];
  if (name === 'primary_image') {
    const images = record.part('images');
    return images.find((i) => i.is_thumbnail) ?? images[0] ?? null;
  }
  let rows = record.part(name);
  const cut = ctx.sw.include_truncates_at;
  if (cut > 0 && rows.length > cut) rows = rows.slice(0, cut);
  return rows;
}

/** One field without building the row where the seed can tell it: sorting 500,000 names would take ten seconds otherwise. */
function field(cat, id, name) {
  const kept = cat.overlay.get(id);
  if (kept) return kept.row[name];
  const index = cat.shapes.indexOf(id);
  switch (name) {
    case 'name':
      return productName(cat.env, index);
    case 'sku':
      return productSku(cat.env, index);
    case 'brand_id':
      return cat.env.liveBrand(productBrand(cat.env, index));
    case 'date_modified':
      return stampOf(cat.shapes.modifiedSeconds(index));
    default:
      return cat.record(id).row[name];
  }
}

const seconds = (text) => Math.floor(Date.parse(text) / 1000);

/** Tests per product id; cheap ones look at the seed's numbers instead of building the row. */
function fieldTests(ctx) {
  const { q, cat } = ctx;
  const tests = [];
  const row = (id) => cat.record(id).row;
  const onRow = (f) => tests.push((id) => f(row(id)));
  const modified = (id) => {
    const kept = cat.overlay.get(id);
    return kept ? seconds(kept.row.date_modified) : cat.shapes.modifiedSeconds(cat.shapes.indexOf(id));
  };
  if (q.date_modified !== undefined) tests.push((id) => modified(id) === q.date_modified);
  if (q['date_modified:min'] !== undefined) tests.push((id) => modified(id) >= q['date_modified:min']);
  if (q['date_modified:max'] !== undefined) tests.push((id) => modified(id) <= q['date_modified:max']);
  if (q['channel_id:in']) tests.push((id) => cat.assigned(id, 'channel').some((c) => q['channel_id:in'].includes(c)));
  // categories=12 finds products in exactly that one category (digest 2.4).
  if (q.categories !== undefined)
    tests.push((id) => {
      const c = cat.assigned(id, 'category');
      return c.length === 1 && c[0] === q.categories;
    });
  if (q['categories:in']) tests.push((id) => cat.assigned(id, 'category').some((c) => q['categories:in'].includes(c)));
  if (q.brand_id !== undefined) tests.push((id) => field(cat, id, 'brand_id') === q.brand_id);
  for (const f of ['total_sold', 'type', 'availability', 'is_visible']) if (q[f] !== undefined) onRow((r) => r[f] === q[f]);
  for (const f of ['price', 'weight']) if (q[f] !== undefined) onRow((r) => Number(r[f]) === q[f]);
  for (const f of ['mpn', 'upc']) if (q[f] !== undefined) onRow((r) => equalText(r[f], q[f]));
  for (const f of ['is_featured', 'is_free_shipping']) if (q[f] !== undefined) onRow((r) => r[f] === (q[f] === '1'));
  if (q.condition !== undefined) onRow((r) => equalText(r.condition, q.condition));
  const level = numericTest(q, 'inventory_level');
  if (level) onRow((r) => level(r.inventory_level));
  if (q.inventory_low !== undefined)
    onRow((r) => (r.inventory_tracking !== 'none' && r.inventory_level <= r.inventory_warning_level) === (q.inventory_low === '1'));
  if (q.out_of_stock !== undefined) onRow((r) => (r.inventory_tracking !== 'none' && r.inventory_level === 0) === (q.out_of_stock === '1'));
  if (q.keyword !== undefined)
    onRow((r) => contains(r.name, q.keyword) || contains(r.sku, q.keyword) || contains(r.description, q.keyword));
  for (const [name, test] of [
    ['', (a, b) => a === b],
    [':not', (a, b) => a !== b],
    [':min', (a, b) => a >= b],
    [':max', (a, b) => a <= b],
  ]) {
    const v = q['date_last_imported' + name];
    if (v !== undefined) onRow((r) => (r.date_last_imported === null ? name === ':not' : test(seconds(r.date_last_imported), v)));
  }
  return tests;
}

/** Ids that match, ascending; lazily as [list, from, to] when no test has to look at products. */
export function matchingIds(ctx) {
  const { q, cat, sw } = ctx;
  const list = cat.products;
  let from = 0;
  let to = list.length;
  if (!sw.id_greater_ignored) {
    if (q['id:min'] !== undefined) from = Math.max(from, list.lowerBound(q['id:min']));
    if (q['id:greater'] !== undefined) from = Math.max(from, list.lowerBound(q['id:greater'] + 1));
    if (q['id:max'] !== undefined) to = Math.min(to, list.lowerBound(q['id:max'] + 1));
    if (q['id:less'] !== undefined) to = Math.min(to, list.lowerBound(q['id:less']));
  }
  let few = null;
  const narrow = (ids) => {
    few = few === null ? [...new Set(ids)] : few.filter((x) => ids.includes(x));
  };
  if (q.id !== undefined) narrow([q.id]);
  if (q['id:in']) narrow(sw.id_in_limit_clamp > 0 ? q['id:in'].slice(0, sw.id_in_limit_clamp) : q['id:in']);
  if (q.name !== undefined) {
    const id = cat.findName(q.name);
    narrow(id === null ? [] : [id]);
  }
  const skus = q.sku !== undefined ? [q.sku] : q['sku:in'];
  if (skus)
    narrow(
      skus
        .filter(Boolean)
        .map((s) => cat.findSku(s))
        .filter(Boolean)
        .map((f) => f.productId)
        .filter((id) => skus.some((s) => equalText(cat.record(id).row.sku, s))),
    );
  const tests = fieldTests(ctx);
  if (q['id:not_in']) {
    const out = new Set(q['id:not_in']);
    tests.unshift((id) => !out.has(id));
  }
  const vanished = ctx.trouble.flatMap((t) => (t.vanish ? [].concat(t.vanish) : []));
  if (few) {
    const inRange = (id) => {
      const at = list.lowerBound(id);
      return at >= from && at < to && list.ids[at] === id;
    };
    return { ids: few.filter((id) => inRange(id) && !vanished.includes(id) && tests.every((t) => t(id))).sort((a, b) => a - b) };
  }
  if (!tests.length) return { range: [from, to] };
  const ids = [];
  for (let n = from; n < to; n++) if (tests.every((t) => t(list.ids[n]))) ids.push(list.ids[n]);
  return { ids };
}

function sorted(ctx, found) {
  const { q, cat } = ctx;
  const down = q.direction === 'desc' ? -1 : 1;
  const all = () => found.ids ?? cat.products.slice(...found.range);
  if (!q.sort || q.sort === 'id') return { ids: down < 0 ? all().reverse() : all() };
  const key = (id) => {
    const v = field(cat, id, q.sort);
    if (q.sort.startsWith('date_')) return v ? seconds(v) : 0;
    return typeof v === 'string' ? v.toLowerCase() : Number(v ?? 0);
  };
  const keyed = all().map((id) => [key(id), id]);
  keyed.sort((a, b) => (a[0] < b[0] ? -down : a[0] > b[0] ? down : a[1] - b[1]));
  return { ids: keyed.map((k) => k[1]) };
}

export function listProducts(ctx) {
  const { q, cat, sw } = ctx;
  shiftTrouble(ctx);
  let found = matchingIds(ctx);
  const plainOrder = sw.sort_ignored || ((q.sort ?? 'id') === 'id' && q.direction !== 'desc');
  if (!plainOrder) found = sorted(ctx, found);
  const { ids } = found;
  const [from, to] = found.range ?? [0, ids.length];
  const fetch = (offset, count) =>
    (ids ? ids.slice(offset, offset + count) : cat.products.slice(from + offset, from + offset + count)).map((id) =>
      productView(ctx, cat.record(id)),
    );
  // With options or modifiers a page holds 10 products at most, whatever limit says; meta.per_page tells (digest 7.1, quirk 7).
  const heavy = q.include?.some((i) => i === 'options' || i === 'modifiers');
  const inner = heavy ? { ...ctx, q: { ...q, limit: Math.min(q.limit ?? 10, 10) } } : ctx;
  return paged(inner, to - from, fetch, { max: 250, before: ids ? 0 : from, all: ids ? null : cat.products.length });
}

/** The trouble `shift`: the collection moves under the client's feet while it pages. */
function shiftTrouble(ctx) {
  const { cat } = ctx;
  for (const t of ctx.trouble) {
    if (t.shift === 'delete' && cat.products.length) cat.remove(cat.products.ids[0]);
    if (t.shift === 'insert') {
      // A free id below all others: not what the real store does, but the only way to move later pages when sorted by id.
      const id = cat.products.length ? cat.products.ids[0] - 1 : 76;
      const like = cat.products.length ? cat.record(cat.products.ids[0]).keep().row : null;
      if (!like || id < 1) continue;
      const row = {
        ...like,
        id,
        name: `Inserted ${id}x`,
        sku: '',
        base_variant_id: cat.takeId('variants'),
        custom_url: { url: `/inserted-${id}x/`, is_customized: false },
      };
      cat.add(row, { channels: [1], variants: [baseVariant(row.base_variant_id, row)] });
    }
  }
}
