// One product with its sub-resources. Promises: a seeded product is computed on reading and never kept; a product that was ever
// written is kept whole and owned by the catalog's overlay.

import { copy } from '../json_text.mjs';
import { productRow, productChannels } from '../seed/product.mjs';
import { images, videos, customFields, bulkPricingRules, reviews, metafields, variantMetafields } from '../seed/parts.mjs';
import { options, variants, modifiers, complexRules, baseVariant } from '../seed/choices.mjs';

/** Order of the parts in a full item and in answers. */
export const PART_NAMES = [
  'options',
  'variants',
  'modifiers',
  'complex_rules',
  'images',
  'videos',
  'custom_fields',
  'bulk_pricing_rules',
  'reviews',
  'metafields',
  'variant_metafields',
  'channels',
];

export class SeedRecord {
  constructor(env, index) {
    this.env = env;
    this.index = index;
    this.shape = env.shapes.of(index);
    this.cache = {};
    this.fresh = true;
  }

  get id() {
    return this.env.shapes.idAt(this.index);
  }

  get row() {
    if (!this.rowCache) {
      const totals = { sum: 0, count: 0 };
      if (this.shape.reviews) {
        for (const r of this.part('reviews'))
          if (r.status === 'approved') {
            totals.sum += r.rating;
            totals.count++;
          }
      }
      this.rowCache = productRow(this.env, this.index, this.shape, totals);
    }
    return this.rowCache;
  }

  part(name) {
    return (this.cache[name] ??= this.compute(name));
  }

  compute(name) {
    const { env, index, shape } = this;
    switch (name) {
      case 'options':
        return options(env, index, shape);
      case 'variants':
        return variants(env, index, shape, this.row, this.part('options'));
      case 'modifiers':
        return modifiers(env, index, shape);
      case 'complex_rules':
        return complexRules(env, index, shape, this.part('modifiers'), this.part('variants'));
      case 'images':
        return images(env, index, shape);
      case 'videos':
        return videos(env, index, shape);
      case 'custom_fields':
        return customFields(env, index, shape);
      case 'bulk_pricing_rules':
        return bulkPricingRules(env, index, shape);
      case 'reviews':
        return reviews(env, index, shape);
      case 'metafields':
        return metafields(env, index, shape);
      case 'variant_metafields':
        return variantMetafields(env, index, shape);
      case 'channels':
        return productChannels(env, index);
      default:
        throw new Error('no part ' + name);
    }
  }

  /** The kept form, before the first write. */
  keep() {
    const parts = {};
    for (const name of PART_NAMES) parts[name] = copy(this.part(name));
    return new KeptRecord(copy(this.row), parts);
  }
}

export class KeptRecord {
  constructor(row, parts = {}) {
    this.row = row;
    this.parts = {};
    for (const name of PART_NAMES) this.parts[name] = parts[name] ?? [];
    this.fresh = false;
  }
  get id() {
    return this.row.id;
  }
  part(name) {
    return this.parts[name];
  }

  /** A simple product's only variant mirrors the product (digest 7.4). */
  syncBaseVariant() {
    const only = this.parts.variants[0];
    if (this.row.base_variant_id === null || !only || only.option_values.length) return;
    // Only the picture is the variant's own.
    this.parts.variants[0] = { ...baseVariant(only.id, this.row), image_url: only.image_url };
  }

  /** Values that the store computes. */
  recompute() {
    this.row.calculated_price = Number(this.row.sale_price) > 0 ? this.row.sale_price : this.row.price;
    const approved = this.parts.reviews.filter((r) => r.status === 'approved');
    this.row.reviews_count = approved.length;
    this.row.reviews_rating_sum = approved.reduce((a, r) => a + Number(r.rating), 0);
    this.syncBaseVariant();
    for (const v of this.parts.variants) {
      v.calculated_price = v.price ?? this.row.calculated_price;
      v.calculated_weight = v.weight ?? this.row.weight;
    }
  }
}

/** Everything about a product, for test oracles. */
export function fullItem(record) {
  const out = { ...record.row };
  for (const name of PART_NAMES) out[name] = record.part(name);
  return out;
}
