// The skeleton of every seeded product: how many options, variants, images ... it has. Promises: cheap (a few numbers), kept as
// prefix sums in typed arrays, so every child id is computed and looked up without holding a single product.

import { Random, mix } from './random.mjs';

export const PARTS = [
  'options',
  'option_values',
  'variants',
  'modifiers',
  'modifier_values',
  'complex_rules',
  'images',
  'videos',
  'custom_fields',
  'bulk_pricing_rules',
  'reviews',
  'metafields',
  'variant_metafields',
];

// Every collection starts its ids somewhere else, as in a store that has lived for some years.
const BASE = {
  options: 108,
  option_values: 95,
  variants: 340,
  modifiers: 0,
  modifier_values: 0,
  complex_rules: 12,
  images: 372,
  videos: 5,
  custom_fields: 61,
  bulk_pricing_rules: 20,
  reviews: 14,
  metafields: 902,
  variant_metafields: 0,
};

export const MODIFIER_TYPES = [
  'dropdown',
  'checkbox',
  'text',
  'radio_buttons',
  'date',
  'swatch',
  'multi_line_text',
  'numbers_only_text',
  'file',
  'rectangles',
  'product_list',
];
const CHOICES = new Set(['dropdown', 'radio_buttons', 'swatch', 'rectangles', 'product_list', 'product_list_with_images']);
export const isChoice = (type) => CHOICES.has(type);

const BLOCK = 17;

export class Shapes {
  constructor({ seed, products, giant }) {
    this.seed = seed;
    this.count = products;
    this.first = 77;
    this.giantIndex = giant && products ? Math.floor(products * 0.37) : -1;
    // Two ids of every 17 are missing, as if those products had been deleted. Which two depends on the seed.
    const gapA = 1 + (mix(seed, 1, 1) % 8);
    const gapB = 9 + (mix(seed, 2, 2) % 8);
    this.slots = [];
    for (let i = 0; i < BLOCK; i++) if (i !== gapA && i !== gapB) this.slots.push(i);
    this.slotIndex = new Int8Array(BLOCK).fill(-1);
    this.slots.forEach((s, i) => {
      this.slotIndex[s] = i;
    });
    this.sums = Object.fromEntries(PARTS.map((p) => [p, new Uint32Array(products + 1)]));
    for (let i = 0; i < products; i++) {
      const shape = this.of(i);
      for (const p of PARTS) this.sums[p][i + 1] = this.sums[p][i] + shape[p];
    }
    this.base = { ...BASE };
    this.base.modifiers = BASE.options + this.total('options') + 11;
    this.base.modifier_values = BASE.option_values + this.total('option_values') + 17;
    this.base.variant_metafields = BASE.metafields + this.total('metafields') + 23;
  }

  total(part) {
    return this.sums[part][this.count];
  }
  idAt(index) {
    return this.first + Math.floor(index / 15) * BLOCK + this.slots[index % 15];
  }
  indexOf(id) {
    const n = id - this.first;
    if (n < 0) return -1;
    const slot = this.slotIndex[n % BLOCK];
    if (slot < 0) return -1;
    const index = Math.floor(n / BLOCK) * 15 + slot;
    return index < this.count ? index : -1;
  }
  firstChild(part, index) {
    return this.base[part] + this.sums[part][index];
  }
  lastId(part) {
    return this.base[part] + this.total(part);
  }
  childIds(part) {
    return Int32Array.from({ length: this.total(part) }, (_, k) => this.base[part] + k);
  }
  /** The product index that owns a seeded child id, or -1. */
  ownerIndex(part, childId) {
    const n = childId - this.base[part];
    if (n < 0 || n >= this.total(part)) return -1;
    const sums = this.sums[part];
    let lo = 0;
    let hi = this.count;
    while (lo + 1 < hi) {
      const mid = (lo + hi) >>> 1;
      if (sums[mid] <= n) lo = mid;
      else hi = mid;
    }
    return lo;
  }

  /** Counts of one product; valueCounts and modifierTypes say more about options and modifiers. */
  of(index) {
    const r = new Random(this.seed, index, 11);
    let valueCounts = [];
    if (index === this.giantIndex) valueCounts = [10, 10, 6];
    else if (r.chance(0.2)) {
      const n = r.below(10);
      if (n < 6) valueCounts = [r.between(2, 6)];
      else if (n < 9) valueCounts = [r.between(2, 4), r.between(2, 3)];
      else valueCounts = [r.between(2, 3), 2, 2];
    }
    let variants = valueCounts.reduce((a, b) => a * b, 1);
    // Some combinations were never made, as in stores that were filled by hand.
    if (valueCounts.length > 1 && index !== this.giantIndex && r.chance(0.25)) variants -= 1;
    const modifierTypes = [];
    const modifierValues = [];
    if (r.chance(0.1)) {
      const n = r.between(1, 3);
      for (let k = 0; k < n; k++) {
        const type = MODIFIER_TYPES[Math.min(r.below(14), 10)];
        modifierTypes.push(type === 'product_list' && r.chance(0.5) ? 'dropdown' : type);
        modifierValues.push(type === 'checkbox' ? 2 : isChoice(type) ? r.between(2, 4) : 0);
      }
    }
    const withValues = modifierValues.filter((n) => n > 0).length;
    const canRule = withValues >= 2 || (withValues === 1 && valueCounts.length > 0);
    return {
      valueCounts,
      modifierTypes,
      modifierValues,
      variants,
      options: valueCounts.length,
      option_values: valueCounts.reduce((a, b) => a + b, 0),
      modifiers: modifierTypes.length,
      modifier_values: modifierValues.reduce((a, b) => a + b, 0),
      complex_rules: canRule && r.chance(0.6) ? r.between(1, 2) : 0,
      images: r.chance(0.9) ? 1 + Math.min(r.below(4), r.below(6)) : 0,
      videos: r.chance(0.04) ? 1 : 0,
      custom_fields: r.chance(0.35) ? r.between(1, 4) : 0,
      bulk_pricing_rules: r.chance(0.06) ? r.between(1, 3) : 0,
      reviews: r.chance(0.1) ? r.between(1, 4) : 0,
      metafields: r.chance(0.1) ? r.between(1, 3) : 0,
      variant_metafields: r.chance(0.02) ? 1 : 0,
    };
  }

  createdSeconds(index) {
    return 1420070400 + (mix(this.seed, index, 71) % 252460800);
  }
  modifiedSeconds(index) {
    return this.createdSeconds(index) + (mix(this.seed, index, 73) % 31536000);
  }
}
