// What a product write may contain. Promises: types, lengths and enums of the reference; cross-field rules; 409 for taken names and skus and
// for missing categories, brands and tax classes.

import { str, num, int, bool, one, list, obj, orNull, dateTime, readOnly, numOrText, any, fourDecimals } from '../validate.mjs';
import { Refusal } from '../answers.mjs';

const money = num(0);
const size = num(0, 9999999999);
const BIG = 2147483647;

export const customFieldSpec = obj({ id: int(1), name: str(1, 250), value: str(1, 250) }, ['name', 'value']);
export const bulkRuleSpec = obj(
  { id: readOnly, quantity_min: int(0), quantity_max: int(0), type: one('price', 'percent', 'fixed'), amount: numOrText },
  ['quantity_min', 'quantity_max', 'type', 'amount'],
);
export const imageSpec = obj({
  id: int(1),
  product_id: readOnly,
  image_url: str(0, 255),
  image_file: any,
  is_thumbnail: bool,
  sort_order: int(-BIG - 1, BIG),
  description: str(),
  date_modified: readOnly,
  url_zoom: readOnly,
  url_standard: readOnly,
  url_thumbnail: readOnly,
  url_tiny: readOnly,
});
export const videoSpec = obj({
  id: int(1),
  product_id: readOnly,
  title: str(0, 255),
  description: str(),
  sort_order: int(-BIG - 1, BIG),
  type: one('youtube'),
  video_id: str(1, 25),
  length: readOnly,
});

const variantMoney = orNull(num(0));
export const variantFields = {
  cost_price: variantMoney,
  price: variantMoney,
  sale_price: variantMoney,
  retail_price: variantMoney,
  map_price: orNull(num()),
  weight: variantMoney,
  width: variantMoney,
  height: variantMoney,
  depth: variantMoney,
  is_free_shipping: bool,
  fixed_cost_shipping_price: variantMoney,
  purchasing_disabled: bool,
  purchasing_disabled_message: str(0, 255),
  image_url: str(),
  upc: orNull(str(0, 14)),
  inventory_level: orNull(int(-BIG, BIG)),
  inventory_warning_level: orNull(int(-BIG, BIG)),
  bin_picking_number: orNull(str(0, 255)),
  mpn: orNull(str()),
  gtin: orNull(str(0, 14)),
  sku: str(0, 255),
  id: readOnly,
  product_id: readOnly,
  sku_id: readOnly,
  calculated_price: readOnly,
  calculated_weight: readOnly,
};
export const optionValueRef = obj({ id: int(1), option_id: int(1), label: str(1, 255), option_display_name: str(1, 255) });
export const variantSpec = obj({ ...variantFields, option_values: list(optionValueRef) }, ['sku', 'option_values']);

const fields = {
  id: readOnly,
  name: str(1, 250),
  type: one('physical', 'digital'),
  sku: str(0, 255),
  description: str(),
  weight: size,
  width: size,
  depth: size,
  height: size,
  price: money,
  cost_price: money,
  retail_price: money,
  sale_price: money,
  map_price: num(),
  tax_class_id: int(0, 255),
  product_tax_code: str(0, 255),
  categories: list(int(0), 0, 1000),
  brand_id: int(0, 1000000000),
  brand_name: str(),
  inventory_level: int(0, BIG),
  inventory_warning_level: int(0, BIG),
  inventory_tracking: one('none', 'product', 'variant'),
  fixed_cost_shipping_price: money,
  is_free_shipping: bool,
  is_visible: bool,
  is_featured: bool,
  related_products: list(int()),
  warranty: str(0, 65535),
  bin_picking_number: str(0, 255),
  layout_file: str(0, 500),
  upc: str(0, 14),
  mpn: str(),
  gtin: str(0, 14),
  search_keywords: str(0, 65535),
  availability: one('available', 'disabled', 'preorder'),
  availability_description: str(0, 255),
  gift_wrapping_options_type: one('any', 'none', 'list'),
  gift_wrapping_options_list: list(int()),
  sort_order: int(-BIG - 1, BIG),
  condition: one('New', 'Used', 'Refurbished'),
  is_condition_shown: bool,
  order_quantity_minimum: int(0, 1000000000),
  order_quantity_maximum: int(0, 1000000000),
  page_title: str(0, 255),
  meta_keywords: list(str()),
  meta_description: str(0, 65535),
  view_count: int(0, 1000000000),
  preorder_release_date: orNull(dateTime),
  preorder_message: str(0, 255),
  is_preorder_only: bool,
  is_price_hidden: bool,
  price_hidden_label: str(0, 200),
  custom_url: obj({ url: str(1, 255), is_customized: bool, create_redirect: bool }, ['url']),
  open_graph_type: one('product', 'album', 'book', 'drink', 'food', 'game', 'movie', 'song', 'tv_show'),
  open_graph_title: str(),
  open_graph_description: str(),
  open_graph_use_meta_description: bool,
  open_graph_use_product_name: bool,
  open_graph_use_image: bool,
  date_last_imported: orNull(dateTime),
  total_sold: int(0),
  reviews_rating_sum: readOnly,
  reviews_count: readOnly,
  custom_fields: list(customFieldSpec, 0, 200),
  bulk_pricing_rules: list(bulkRuleSpec, 0, 50),
  images: list(imageSpec),
  videos: list(videoSpec),
  date_created: readOnly,
  date_modified: readOnly,
  calculated_price: readOnly,
  base_variant_id: readOnly,
  parent_relations: readOnly,
  primary_image: readOnly,
  channels: readOnly,
  option_set_id: readOnly,
  option_set_display: readOnly,
  options: readOnly,
  modifiers: readOnly,
  reviews: readOnly,
};
export const createSpec = obj({ ...fields, variants: list(obj(variantSpec.fields, ['sku', 'option_values'])) }, [
  'name',
  'type',
  'weight',
  'price',
]);
export const updateSpec = obj({ ...fields, variants: readOnly }, []);

export const PARTS_IN_BODY = ['custom_fields', 'bulk_pricing_rules', 'images', 'videos'];
const MONEY_FIELDS = [
  'price',
  'cost_price',
  'retail_price',
  'sale_price',
  'map_price',
  'weight',
  'width',
  'height',
  'depth',
  'fixed_cost_shipping_price',
];
const TAX_CLASSES = 3;

export function roundMoney(row) {
  for (const f of MONEY_FIELDS) if (typeof row[f] === 'number') row[f] = fourDecimals(row[f]);
  return row;
}

/** Rules over several fields, on the row as it would be after the write. given: the fields of the body. */
export function crossRules(ctx, row, given) {
  const errors = {};
  if (row.availability !== 'disabled') {
    if (given.is_price_hidden === true) errors.is_price_hidden = 'is_price_hidden needs availability disabled';
    if (given.price_hidden_label) errors.price_hidden_label = 'price_hidden_label needs availability disabled';
  }
  if (row.availability !== 'preorder' && ctx.sw.preorder_fields_checked) {
    if (given.preorder_release_date) errors.preorder_release_date = 'preorder_release_date needs availability preorder';
    if (given.is_preorder_only === true) errors.is_preorder_only = 'is_preorder_only needs availability preorder';
    if (given.preorder_message && given.preorder_message !== '0') errors.preorder_message = 'preorder_message needs availability preorder';
  }
  const max = row.order_quantity_maximum;
  if (max > 0 && row.order_quantity_minimum > max) errors.order_quantity_minimum = 'order_quantity_minimum is above order_quantity_maximum';
  if (given.custom_url && !goodUrl(given.custom_url.url))
    errors['custom_url.url'] = 'custom_url.url may hold Latin letters, digits, - _ . and / only';
  const pairs = (given.custom_fields ?? []).map((f) => `${f.name}\n${f.value}`);
  if (new Set(pairs).size < pairs.length) errors.custom_fields = 'custom_fields: name and value must be unique together';
  if (Object.keys(errors).length) throw new Refusal(422, 'JSON data is missing or invalid', errors);
}

export const goodUrl = (url) => /^\/([A-Za-z0-9\-_.%/]*)$/.test(url);

/** Uniqueness and existence; id: the product being written, or null. */
export function conflicts(ctx, given, id) {
  const { cat } = ctx;
  const refuse = (field, title) => {
    throw new Refusal(409, title, { [field]: title });
  };
  if (given.name !== undefined) {
    const other = cat.findName(given.name);
    if (other !== null && other !== id) refuse('name', 'The product name is a duplicate');
  }
  if (given.sku) {
    const other = cat.findSku(given.sku);
    if (other && other.productId !== id) refuse('sku', 'The product sku is a duplicate');
    if (other && other.variantId !== null && cat.record(id).row.base_variant_id !== other.variantId)
      refuse('sku', 'The sku belongs to a variant of the product');
  }
  for (const c of given.categories ?? []) if (!cat.categories.has(c)) refuse('categories', `The category ${c} does not exist`);
  if (given.brand_id && !cat.brands.has(given.brand_id)) refuse('brand_id', `The brand ${given.brand_id} does not exist`);
  if (given.tax_class_id !== undefined && given.tax_class_id >= TAX_CLASSES)
    refuse('tax_class_id', `The tax class ${given.tax_class_id} does not exist`);
}

export function urlTaken(ctx, url, id) {
  const owner = url && ctx.cat.findUrl(url);
  return Boolean(owner && !(owner.type === 'product' && owner.id === id));
}

/** Ranges of one product must not overlap; 0 is an open end (digest 7.11). */
export function checkBulkRules(rules) {
  const end = (r) => (r.quantity_max === 0 ? Infinity : r.quantity_max);
  for (const r of rules) {
    if (end(r) < r.quantity_min)
      throw new Refusal(422, 'Bulk pricing rule is invalid', { quantity_max: 'quantity_max is below quantity_min' });
    for (const other of rules) {
      if (other !== r && r.quantity_min <= end(other) && other.quantity_min <= end(r))
        throw new Refusal(409, 'Bulk pricing rules overlap', { quantity_min: 'the range overlaps another rule' });
    }
  }
  if (rules.length > 50) throw new Refusal(422, 'A product has at most 50 bulk pricing rules');
}
