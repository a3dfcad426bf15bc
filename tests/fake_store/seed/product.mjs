// The row of a seeded product. Promises: the fields in the order and with the oddities of recorded products: nulls, related_products
// [-1], preorder_message "0", layout_file, undeclared properties, numbers with their own text.

import { Random, mix } from './random.mjs';
import { Num } from '../json_text.mjs';
import { stampOf } from '../clock.mjs';
import { NOUNS, ADJECTIVES, MATERIALS, FOREIGN, word, words, sentence } from './vocabulary.mjs';
import { description, hugeText, slug } from './texts.mjs';

const DESCRIPTION_BYTES = 900;

/** Ends in the product's id, so that a name, sku or url can be looked up without an index of 500,000 entries. */
export function productName(env, index) {
  const id = env.shapes.idAt(index);
  const h = mix(env.seed, index, 21);
  const core = `${ADJECTIVES[h % 20]} ${MATERIALS[(h >>> 5) % 15]} ${NOUNS[(h >>> 9) % 30]}`;
  const odd = (h >>> 14) % 25;
  if (odd === 0) return `${FOREIGN[(h >>> 20) % 10]} ${id}`;
  if (odd === 1) return `${core} "Édition" 🎉 ${id}`;
  if (odd === 2) return `${core} <b>& Co</b> ${id}`;
  return `${core} ${id}`;
}

export function productSku(env, index) {
  const id = env.shapes.idAt(index);
  const h = mix(env.seed, index, 22);
  // One product in twelve has no sku of its own.
  if (h % 12 === 0) return '';
  return `${'ABCDEFGHJKLMNPRSTUVWXYZ'[h % 23]}${'AEIOU'[(h >>> 8) % 5]}${'BDKLMNRST'[(h >>> 12) % 9]}-${id}`;
}

export function productUrl(env, index) {
  const name = productName(env, index).replace(/ \d+$/, '');
  return `/${slug(name) || 'product'}-${env.shapes.idAt(index)}/`;
}

export function productCategories(env, index) {
  const ids = env.categoryIds;
  if (!ids.length) return [];
  const r = new Random(env.seed, index, 31);
  const n = r.chance(0.05) ? 0 : 1 + (r.chance(0.3) ? 1 : 0) + (r.chance(0.1) ? 1 : 0);
  const out = [];
  for (let k = 0; k < n; k++) {
    // Squared: a few categories hold most of the products.
    const u = r.u32() / 4294967296;
    const id = ids[Math.floor(u * u * ids.length)];
    if (!out.includes(id)) out.push(id);
  }
  return out.sort((a, b) => a - b);
}

export function productChannels(env, index) {
  const h = mix(env.seed, index, 41) % 100;
  return h < 3 ? [] : h < 15 ? [1, 2] : [1];
}

export function productBrand(env, index) {
  const ids = env.brandIds;
  const h = mix(env.seed, index, 51);
  return !ids.length || h % 8 === 0 ? 0 : ids[(h >>> 3) % ids.length];
}

/** Money: mostly plain, some with the four decimals that the service keeps. */
export function money(env, r, from, to) {
  const cents = r.between(from * 100, to * 100);
  const four = r.below(7) === 0;
  if (env.switches.odd_number_text && four) return new Num(`${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}00`);
  return cents / 100;
}

export function productRow(env, index, shape, reviewTotals) {
  const { shapes, seed } = env;
  const id = shapes.idAt(index);
  const r = new Random(seed, index, 61);
  const name = productName(env, index);
  const odd = env.switches.odd_number_text;
  const digital = r.chance(0.04);
  const price = money(env, r, 3, 240);
  const onSale = r.chance(0.15);
  const sale = onSale ? Math.round(Number(price) * 70) / 100 : 0;
  const tracking = r.pick(['none', 'none', 'product', 'variant']);
  const preorder = r.chance(0.02);
  const disabled = !preorder && r.chance(0.03);
  const hidden = disabled && r.chance(0.5);
  const relatedKind = r.below(10);
  const related =
    relatedKind < 7
      ? [-1]
      : relatedKind < 8
        ? []
        : [...new Set([0, 1, 2].map(() => shapes.idAt(r.below(shapes.count))))].filter((x) => x !== id);
  const huge = env.hugePage > 0 && index < 250;
  const size = Math.floor(DESCRIPTION_BYTES * (0.2 + (1.6 * r.u32()) / 4294967296));
  const text = huge ? hugeText(r, Math.floor(env.hugePage / 250)) : description(r, size);
  const row = {
    id,
    name,
    type: digital ? 'digital' : 'physical',
    sku: productSku(env, index),
    description: text,
    weight: digital ? 0 : odd && id % 211 === 0 ? new Num('1e2') : r.between(1, 400) / 10,
    width: r.between(0, 90),
    depth: r.between(0, 90),
    height: r.between(0, 900) / 10,
    price,
    cost_price: r.chance(0.3) ? money(env, r, 1, 90) : 0,
    retail_price: r.chance(0.2) ? money(env, r, 250, 300) : 0,
    sale_price: sale,
    map_price: 0,
    tax_class_id: r.chance(0.1) ? 1 : 0,
    product_tax_code: r.chance(0.05) ? 'P0000000' : '',
    calculated_price: sale || price,
    categories: env.liveCategories(productCategories(env, index)),
    brand_id: env.liveBrand(productBrand(env, index)),
    option_set_id: shape.options > 0 && r.chance(0.2) ? r.between(10, 99) : null,
    option_set_display: 'right',
    inventory_level: tracking === 'none' ? 0 : r.below(500),
    inventory_warning_level: r.chance(0.1) ? 5 : 0,
    inventory_tracking: tracking === 'variant' && shape.options === 0 ? 'product' : tracking,
    reviews_rating_sum: reviewTotals.sum,
    reviews_count: reviewTotals.count,
    total_sold: r.below(300),
    fixed_cost_shipping_price: 0,
    is_free_shipping: r.chance(0.08),
    is_visible: r.chance(0.9),
    is_featured: r.chance(0.05),
    related_products: related,
    warranty: r.chance(0.1) ? sentence(r, 14) : '',
    bin_picking_number: r.chance(0.2) ? `${r.between(1, 40)}-${r.pick(['A', 'B', 'C'])}` : '0',
    layout_file: 'product.html',
    upc: r.chance(0.3) ? String(100000000000 + (mix(seed, id, 5) % 899999999)) : '',
    mpn: r.chance(0.2) ? `MPN/${id}` : '',
    gtin: '',
    date_last_imported: null,
    search_keywords: r.chance(0.3) ? words(r, 4).replaceAll(' ', ', ') : '',
    availability: preorder ? 'preorder' : disabled ? 'disabled' : 'available',
    availability_description: r.chance(0.1) ? 'Usually ships in 24 hours.' : '',
    gift_wrapping_options_type: 'any',
    gift_wrapping_options_list: [],
    sort_order: r.chance(0.2) ? r.between(-5, 20) : 0,
    condition: r.pick(['New', 'New', 'New', 'New', 'Used', 'Refurbished']),
    is_condition_shown: r.chance(0.1),
    order_quantity_minimum: r.chance(0.05) ? 2 : 0,
    order_quantity_maximum: 0,
    page_title: r.chance(0.3) ? `${name} | Shop`.slice(0, 255) : '',
    meta_keywords: r.chance(0.2) ? [word(r), word(r)] : [],
    meta_description: r.chance(0.3) ? sentence(r, 12) : '',
    date_created: stampOf(shapes.createdSeconds(index)),
    date_modified: stampOf(shapes.modifiedSeconds(index)),
    view_count: r.below(2000),
    preorder_release_date: preorder ? '2027-03-01T00:00:00+00:00' : r.chance(0.1) ? '' : null,
    preorder_message: preorder ? 'Expected release date is %%DATE%%' : r.chance(0.1) ? '0' : '',
    is_preorder_only: false,
    is_price_hidden: hidden,
    price_hidden_label: hidden ? 'Call us' : '',
    custom_url: { url: productUrl(env, index), is_customized: r.chance(0.1) },
    base_variant_id: shape.options ? null : shapes.firstChild('variants', index),
    open_graph_type: 'product',
    open_graph_title: '',
    open_graph_description: '',
    open_graph_use_meta_description: true,
    open_graph_use_product_name: true,
    open_graph_use_image: true,
  };
  // Properties that the reference does not declare are normal in recorded answers: a client must keep them.
  if (id % 9 === 0) row.legacy_import_tag = `A/${id % 1000}`;
  if (id % 31 === 0) row.extra_attributes = { origin: null, weights: [1, 2.5], flags: {} };
  if (odd && id % 307 === 0) row.legacy_reference = new Num('123456789012345678901234567890');
  return row;
}
