// Options, variants, modifiers and complex rules of a seeded product. Promises: ids fit together (a variant names existing values of
// every option, a rule names existing modifiers); a product without options has exactly one base variant.

import { Random, mix } from './random.mjs';
import { Num } from '../json_text.mjs';
import { COLORS, SIZES, MATERIALS, words } from './vocabulary.mjs';
import { isChoice } from './shape.mjs';
import { money } from './product.mjs';

export const emptyAdjusters = () => ({ price: null, weight: null, image_url: '', purchasing_disabled: { status: false, message: '' } });

export function options(env, index, shape) {
  const { shapes, seed } = env;
  const productId = shapes.idAt(index);
  const r = new Random(seed, index, 111);
  let valueId = shapes.firstChild('option_values', index);
  const kinds = r.chance(0.5) ? ['swatch', 'rectangles', 'dropdown'] : ['dropdown', 'radio_buttons', 'rectangles'];
  const names = ['Color', 'Size', 'Material'];
  return shape.valueCounts.map((count, k) => {
    const id = shapes.firstChild('options', index) + k;
    const type = kinds[k];
    const display = names[k];
    const option_values = Array.from({ length: count }, (_, v) => {
      const color = COLORS[(v + index) % COLORS.length];
      return {
        id: valueId++,
        label: k === 0 ? color[0] : k === 1 ? SIZES[v % SIZES.length] : MATERIALS[(v + index) % MATERIALS.length],
        sort_order: v,
        value_data: type === 'swatch' ? { colors: [color[1]] } : null,
        is_default: v === 0 && type !== 'swatch' && r.chance(0.3),
      };
    });
    return {
      id,
      product_id: productId,
      name: `${display}${1500000000 + (mix(seed, id, 3) % 200000000)}-${productId}`,
      display_name: display,
      type,
      sort_order: k,
      option_values,
      config: [],
    };
  });
}

export function variants(env, index, shape, row, opts) {
  const { shapes, seed } = env;
  const first = shapes.firstChild('variants', index);
  const r = new Random(seed, index, 112);
  if (!shape.options) return [baseVariant(first, row)];
  const out = [];
  const picks = shape.valueCounts.map(() => 0);
  for (let k = 0; k < shape.variants; k++) {
    const own = r.chance(0.2);
    const price = own ? money(env, r, 3, 240) : null;
    const weight = r.chance(0.1) ? r.between(1, 50) / 10 : null;
    out.push({
      id: first + k,
      product_id: row.id,
      sku: `${row.sku || 'V-' + row.id}-${k + 1}`,
      sku_id: first + k - 40,
      price,
      calculated_price: price ?? row.calculated_price,
      sale_price: null,
      retail_price: null,
      map_price: null,
      weight,
      width: null,
      height: null,
      depth: null,
      calculated_weight: weight ?? row.weight,
      is_free_shipping: false,
      fixed_cost_shipping_price: null,
      purchasing_disabled: r.chance(0.03),
      purchasing_disabled_message: '',
      image_url: r.chance(0.1)
        ? `${env.cdn}/s-${env.storeHash}/product_images/attribute_rule_images/${first + k}_source_${1500000000 + k}.jpg`
        : '',
      cost_price: r.chance(0.1) ? 0 : null,
      upc: '',
      mpn: '',
      gtin: '',
      inventory_level: row.inventory_tracking === 'variant' ? r.below(40) : 0,
      inventory_warning_level: 0,
      bin_picking_number: '',
      option_values: opts.map((o, n) => ({
        id: o.option_values[picks[n]].id,
        label: o.option_values[picks[n]].label,
        option_id: o.id,
        option_display_name: o.display_name,
      })),
    });
    for (let n = picks.length - 1; n >= 0; n--) {
      if (++picks[n] < shape.valueCounts[n]) break;
      picks[n] = 0;
    }
  }
  return out;
}

/** The variant of a product without options takes the product's own values; sku_id is null. */
export function baseVariant(id, row) {
  return {
    id,
    product_id: row.id,
    sku: row.sku,
    sku_id: null,
    price: row.price,
    calculated_price: row.calculated_price,
    sale_price: row.sale_price,
    retail_price: row.retail_price,
    map_price: row.map_price,
    weight: row.weight,
    width: row.width,
    height: row.height,
    depth: row.depth,
    calculated_weight: row.weight,
    is_free_shipping: row.is_free_shipping,
    fixed_cost_shipping_price: row.fixed_cost_shipping_price,
    purchasing_disabled: row.availability === 'disabled',
    purchasing_disabled_message: '',
    image_url: '',
    cost_price: row.cost_price,
    upc: row.upc,
    mpn: row.mpn,
    gtin: row.gtin,
    inventory_level: row.inventory_level,
    inventory_warning_level: row.inventory_warning_level,
    bin_picking_number: row.bin_picking_number,
    option_values: [],
  };
}

const CONFIG = {
  text: () => ({ default_value: '', text_characters_limited: true, text_min_length: 0, text_max_length: 40 }),
  multi_line_text: () => ({
    default_value: '',
    text_characters_limited: false,
    text_min_length: 0,
    text_max_length: 0,
    text_lines_limited: true,
    text_max_lines: 4,
  }),
  numbers_only_text: () => ({
    default_value: '1',
    number_limited: true,
    number_limit_mode: 'range',
    number_lowest_value: 1,
    number_highest_value: new Num('100.5000'),
    number_integers_only: false,
  }),
  // GET may show a plain date although a write needs a full timestamp (digest 7.5).
  date: () => ({
    default_value: '',
    date_limited: true,
    date_limit_mode: 'range',
    date_earliest_value: '2020-01-01',
    date_latest_value: '2030-12-31',
  }),
  checkbox: () => ({ checkbox_label: 'Wrap it as a gift', checked_by_default: false }),
  file: () => ({ file_types_mode: 'specific', file_types_supported: ['images'], file_types_other: ['pdf'], file_max_size: 5120 }),
  product_list: () => ({ product_list_adjusts_inventory: false, product_list_adjusts_pricing: true, product_list_shipping_calc: 'none' }),
};
export const defaultConfig = (type) => (CONFIG[type] ? CONFIG[type]() : []);

export function modifiers(env, index, shape) {
  const { shapes, seed } = env;
  const productId = shapes.idAt(index);
  const r = new Random(seed, index, 113);
  let valueId = shapes.firstChild('modifier_values', index);
  const names = ['Gift wrap', 'Engraving', 'Extras'];
  return shape.modifierTypes.map((type, k) => {
    const id = shapes.firstChild('modifiers', index) + k;
    const option_values = Array.from({ length: shape.modifierValues[k] }, (_, v) => {
      const adjusters = emptyAdjusters();
      if (r.chance(0.5)) adjusters.price = { adjuster: r.pick(['relative', 'percentage']), adjuster_value: r.between(-5, 25) };
      if (r.chance(0.1)) adjusters.weight = { adjuster: 'relative', adjuster_value: 0.5 };
      const checkbox = type === 'checkbox';
      const color = COLORS[(v + index) % COLORS.length];
      return {
        id: valueId++,
        option_id: id,
        label: checkbox ? ['Yes', 'No'][v] : type === 'swatch' ? color[0] : `${words(r, 1)} ${v + 1}`,
        sort_order: v,
        value_data: checkbox
          ? { checked_value: v === 0 }
          : type === 'swatch'
            ? { colors: [color[1]] }
            : type === 'product_list'
              ? { product_id: shapes.idAt(r.below(shapes.count)) }
              : null,
        is_default: checkbox ? v === 1 : false,
        adjusters,
      };
    });
    return {
      id,
      product_id: productId,
      name: `${names[k]}${1500000000 + (mix(seed, id, 4) % 200000000)}-${productId}`,
      display_name: names[k],
      type,
      required: isChoice(type) && r.chance(0.3),
      sort_order: shape.options + k,
      config: isChoice(type) && type !== 'product_list' ? [] : defaultConfig(type),
      option_values,
    };
  });
}

export function complexRules(env, index, shape, mods, vars) {
  const { shapes, seed } = env;
  const first = shapes.firstChild('complex_rules', index);
  const r = new Random(seed, index, 114);
  const withValues = mods.filter((m) => m.option_values.length);
  return Array.from({ length: shape.complex_rules }, (_, k) => {
    const id = first + k;
    const condition = (m) => ({
      id: null,
      rule_id: id,
      modifier_id: m.id,
      modifier_value_id: m.option_values[k % m.option_values.length].id,
      variant_id: null,
      combination_id: 0,
    });
    const conditions = withValues.length >= 2 ? [condition(withValues[0]), condition(withValues[1])] : [condition(withValues[0])];
    if (withValues.length < 2) conditions[0].variant_id = vars[k % vars.length].id;
    conditions.forEach((c, n) => {
      c.id = id * 4 + n;
    });
    const disabled = r.chance(0.2);
    return {
      id,
      product_id: shapes.idAt(index),
      sort_order: k,
      enabled: true,
      stop: false,
      price_adjuster: disabled ? null : { adjuster: 'relative', adjuster_value: r.between(1, 20) },
      weight_adjuster: null,
      purchasing_disabled: disabled,
      purchasing_disabled_message: disabled ? 'Not together' : '',
      purchasing_hidden: false,
      image_url: '',
      conditions,
    };
  });
}
