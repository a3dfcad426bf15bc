// The sub-resources of a seeded product: images, videos, custom fields, bulk prices, reviews, metafields.
// Promises: each list can be computed alone, with ids from the prefix sums. Options, variants and modifiers: choices.mjs.

import { Random, mix } from './random.mjs';
import { stampOf } from '../clock.mjs';
import { word, words, sentence, FOREIGN } from './vocabulary.mjs';
import { productName } from './product.mjs';
import { slug } from './texts.mjs';

export function imageUrls(env, productId, imageId, file, seconds) {
  const path = `${env.cdn}/s-${env.storeHash}/products/${productId}/images/${imageId}/${file.replace(/\.jpg$/, '')}.${seconds}`;
  return {
    url_zoom: `${path}.1280.1280.jpg?c=1`,
    url_standard: `${path}.386.513.jpg?c=1`,
    url_thumbnail: `${path}.220.290.jpg?c=1`,
    url_tiny: `${path}.44.58.jpg?c=1`,
  };
}

export function images(env, index, shape) {
  const { shapes, seed } = env;
  const productId = shapes.idAt(index);
  const first = shapes.firstChild('images', index);
  const r = new Random(seed, index, 101);
  const seconds = shapes.createdSeconds(index);
  const base = slug(productName(env, index)).slice(0, 24) || 'image';
  return Array.from({ length: shape.images }, (_, k) => {
    const file = `${base}__${10000 + r.below(89999)}.jpg`;
    return {
      id: first + k,
      product_id: productId,
      is_thumbnail: k === 0,
      sort_order: k,
      description: k === 0 ? productName(env, index) : r.chance(0.3) ? words(r, 4) : '',
      image_file: `${String.fromCharCode(97 + r.below(26))}/${r.between(100, 999)}/${file}`,
      ...imageUrls(env, productId, first + k, file, seconds),
      date_modified: stampOf(seconds + k),
    };
  });
}

export function videos(env, index, shape) {
  const r = new Random(env.seed, index, 102);
  const first = env.shapes.firstChild('videos', index);
  return Array.from({ length: shape.videos }, (_, k) => ({
    id: first + k,
    product_id: env.shapes.idAt(index),
    title: words(r, 4),
    description: sentence(r, 12),
    sort_order: k,
    type: 'youtube',
    video_id: r.hex(11),
    length: `0${r.between(1, 9)}:${r.between(10, 59)}`,
  }));
}

export function customFields(env, index, shape) {
  const r = new Random(env.seed, index, 103);
  const first = env.shapes.firstChild('custom_fields', index);
  const names = ['Origin', 'Material', 'Lead time', 'Größe', 'Care', 'Batch/No'];
  return Array.from({ length: shape.custom_fields }, (_, k) => ({
    id: first + k,
    name: names[(k + index) % names.length],
    value: k ? `${words(r, 2)} ${k}` : word(r),
  }));
}

export function bulkPricingRules(env, index, shape) {
  const r = new Random(env.seed, index, 104);
  const first = env.shapes.firstChild('bulk_pricing_rules', index);
  const type = r.pick(['price', 'percent', 'fixed']);
  const n = shape.bulk_pricing_rules;
  return Array.from({ length: n }, (_, k) => ({
    id: first + k,
    quantity_min: 10 * (k + 1),
    quantity_max: k === n - 1 ? 0 : 10 * (k + 2) - 1,
    type,
    amount: (k + 1) * r.between(1, 3),
  }));
}

export function reviews(env, index, shape) {
  const r = new Random(env.seed, index, 105);
  const first = env.shapes.firstChild('reviews', index);
  return Array.from({ length: shape.reviews }, (_, k) => {
    const at = env.shapes.createdSeconds(index) + 86400 * (k + 1);
    return {
      id: first + k,
      title: words(r, 3),
      text: sentence(r, r.between(10, 40)),
      status: r.pick(['approved', 'approved', 'pending', 'disapproved']),
      rating: r.between(1, 5),
      email: `shopper${r.below(9999)}@example.com`,
      name: r.chance(0.2) ? r.pick(FOREIGN) : words(r, 2),
      date_reviewed: stampOf(at),
      date_created: stampOf(at),
      date_modified: stampOf(at),
    };
  });
}

const NAMESPACES = ['erp', 'shipperhq', 'App Namespace', 'warehouse.bin'];
const PERMISSIONS = ['write', 'read', 'app_only', 'write_and_sf_access', 'read_and_sf_access'];

export function metafieldRow(env, r, id, type, resourceId, seconds, k) {
  return {
    id,
    key: `${word(r)}_${k}`,
    value: r.chance(0.3) ? JSON.stringify({ box: word(r), dims: [r.below(40), r.below(40)], note: 'a/b é' }) : words(r, r.between(1, 12)),
    namespace: r.pick(NAMESPACES),
    permission_set: r.pick(PERMISSIONS),
    resource_type: type,
    resource_id: resourceId,
    description: r.chance(0.5) ? words(r, 4) : '',
    date_created: stampOf(seconds),
    date_modified: stampOf(seconds + r.below(9999999)),
    owner_client_id: r.chance(0.5) ? env.clientId : 'otherapp' + (mix(env.seed, id, 6) % 3),
  };
}

export function metafields(env, index, shape) {
  const r = new Random(env.seed, index, 106);
  const first = env.shapes.firstChild('metafields', index);
  const seconds = env.shapes.createdSeconds(index);
  return Array.from({ length: shape.metafields }, (_, k) => metafieldRow(env, r, first + k, 'product', env.shapes.idAt(index), seconds, k));
}

export function variantMetafields(env, index, shape) {
  const r = new Random(env.seed, index, 107);
  const first = env.shapes.firstChild('variant_metafields', index);
  const seconds = env.shapes.createdSeconds(index);
  const variant = env.shapes.firstChild('variants', index);
  return Array.from({ length: shape.variant_metafields }, (_, k) =>
    metafieldRow(env, r, first + k, 'variant', variant + r.below(shape.variants), seconds, k),
  );
}
