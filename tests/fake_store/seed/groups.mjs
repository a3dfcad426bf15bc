// Seeded brands, categories, trees and channels. Promises: deterministic, ids with gaps, names unique where the store wants it.
// There are thousands of these at most, so they are plain objects from the start (products are not: shape.mjs).

import { Random, mix } from './random.mjs';
import { NOUNS, ADJECTIVES, MATERIALS, FOREIGN, words, sentence } from './vocabulary.mjs';
import { description, slug } from './texts.mjs';
import { metafieldRow } from './parts.mjs';

const SORTS = ['use_store_settings', 'use_store_settings', 'featured', 'newest', 'alpha_asc', 'price_desc'];

export function seedBrands(env, count) {
  const out = [];
  let id = 33;
  const seen = new Set();
  for (let i = 0; i < count; i++) {
    const r = new Random(env.seed, i, 201);
    id += 1 + (mix(env.seed, i, 202) % 9 === 0 ? 2 : 0);
    let name = r.chance(0.08)
      ? `${r.pick(FOREIGN)} ${r.pick(NOUNS)}`
      : words(r, r.between(1, 2)).replace(/\b[a-z]/g, (c) => c.toUpperCase());
    while (seen.has(name.toLowerCase())) name += ` ${i}`;
    seen.add(name.toLowerCase());
    out.push({
      id,
      name,
      page_title: r.chance(0.3) ? `${name} – official` : '',
      meta_keywords: r.chance(0.3) ? words(r, 3).split(' ') : [],
      meta_description: r.chance(0.5) ? null : sentence(r, 10),
      search_keywords: r.chance(0.2) ? words(r, 3) : '',
      image_url: r.chance(0.3) ? `${env.cdn}/s-${env.storeHash}/product_images/brand_${id}.jpg` : '',
      custom_url: {
        url: `/brands/${name.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '') || 'brand'}-${id}.html`,
        is_customized: r.chance(0.2),
      },
    });
  }
  return out;
}

export function seedTrees(env, categories) {
  const trees = [{ id: 1, name: 'Default catalog tree', channels: [1] }];
  if (categories >= 30) trees.push({ id: 2, name: 'Outlet', channels: [2] });
  return trees;
}

export function uuidOf(seed, id) {
  const h = new Random(seed, id, 211).hex(32);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
}

export function seedCategories(env, count) {
  const out = [];
  const depth = new Map([[0, 0]]);
  const siblings = new Set();
  const paths = new Set();
  let id = 17;
  for (let i = 0; i < count; i++) {
    const r = new Random(env.seed, i, 221);
    id += 1 + (mix(env.seed, i, 222) % 7 === 0 ? 1 : 0);
    const second = count >= 30 && i % 10 === 9;
    const candidates = out.length ? out[r.below(out.length)] : null;
    const parent = candidates && r.chance(0.7) && depth.get(candidates.category_id) < 4 ? candidates : null;
    const tree_id = parent ? parent.tree_id : second ? 2 : 1;
    let name = r.chance(0.08) ? r.pick(FOREIGN) : `${r.pick(r.chance(0.5) ? ADJECTIVES : MATERIALS)} ${r.pick(NOUNS)}s`;
    const parentId = parent ? parent.category_id : 0;
    while (siblings.has(`${tree_id}/${parentId}/${name.toLowerCase()}`)) name = `${name} ${id}`;
    siblings.add(`${tree_id}/${parentId}/${name.toLowerCase()}`);
    let path = `${parent ? parent.url.path : '/'}${slug(name) || 'category-' + id}/`;
    if (path.length > 200 || paths.has(`${tree_id}${path}`)) path = `/c-${id}/`;
    paths.add(`${tree_id}${path}`);
    depth.set(id, parent ? depth.get(parent.category_id) + 1 : 1);
    out.push({
      category_id: id,
      category_uuid: uuidOf(env.seed, id),
      parent_id: parentId,
      tree_id,
      name,
      description: r.chance(0.5) ? description(r, r.between(60, 500)) : '',
      views: r.below(900),
      sort_order: r.below(10),
      page_title: r.chance(0.2) ? name : '',
      meta_keywords: r.chance(0.2) ? words(r, 2).split(' ') : [],
      meta_description: r.chance(0.3) ? sentence(r, 9) : '',
      layout_file: 'category.html',
      image_url: r.chance(0.2) ? `${env.cdn}/s-${env.storeHash}/product_images/category_${id}.jpg` : '',
      is_visible: r.chance(0.93),
      search_keywords: r.chance(0.2) ? words(r, 2) : '',
      default_product_sort: r.pick(SORTS),
      url: { path, is_customized: r.chance(0.3) },
    });
  }
  return out;
}

/** About one owner in eight has one or two metafields. */
export function seedGroupMetafields(env, type, ids, firstId) {
  const out = [];
  let id = firstId;
  for (const owner of ids) {
    const r = new Random(env.seed, owner, type === 'brand' ? 231 : 232);
    if (!r.chance(0.12)) continue;
    const n = r.between(1, 2);
    for (let k = 0; k < n; k++) out.push(metafieldRow(env, r, id++, type, owner, 1600000000 + r.below(99999999), k));
  }
  return out;
}

export function seedChannels() {
  const row = (id, name) => ({
    id,
    name,
    type: 'storefront',
    platform: 'bigcommerce',
    external_id: '',
    status: 'active',
    is_listable_from_ui: true,
    is_visible: true,
    is_enabled: true,
    icon_url: 'https://cdn.example.com/icon.svg',
    date_created: '2018-08-15T14:53:23Z',
    date_modified: '2023-02-01T09:00:00Z',
  });
  return [row(1, 'Main storefront'), row(2, 'Outlet storefront')];
}
