// Seeded web pages. Promises: all five types, parents before their children and in the same channel, at most three levels, names that end in the id.

import { Random } from './random.mjs';
import { FOREIGN, NOUNS, words, sentence } from './vocabulary.mjs';
import { description, slug } from './texts.mjs';

const TYPES = ['page', 'page', 'page', 'page', 'raw', 'contact_form', 'link', 'page', 'raw', 'blog'];
const TITLES = [
  'About us',
  'Shipping & returns',
  'Size guide',
  'Care',
  'Über uns',
  'Politique de confidentialité',
  'FAQ',
  'من نحن',
  'Stores ☕',
];
const FIELDS = ['fullname', 'phone', 'companyname', 'orderno', 'rma'];

/** The index of the parent, or -1. Every fifth page is a top-level one; of the others about half have a parent, some of those below a child. */
function parentIndex(env, index) {
  if (index % 5 === 0) return -1;
  const r = new Random(env.seed, index, 301);
  if (r.chance(0.5)) return -1;
  const top = 5 * r.below(Math.floor(index / 5) + 1);
  return index % 5 > 1 && r.chance(0.3) && top + 1 < index ? top + 1 : top;
}

function channelOf(env, index) {
  const parent = parentIndex(env, index);
  if (parent >= 0) return channelOf(env, parent);
  return new Random(env.seed, index, 302).chance(0.15) ? 2 : 1;
}

/** idAt(index) gives the ids of other pages. The body is not part of the row: see pageBody. */
export function pageRow(env, id, index, idAt) {
  const r = new Random(env.seed, index, 303);
  const parent = parentIndex(env, index);
  const type = index === 0 ? 'page' : TYPES[r.below(TYPES.length)];
  const title = r.chance(0.6) ? r.pick(TITLES) : r.chance(0.2) ? r.pick(FOREIGN) : `${r.pick(NOUNS)} ${words(r, 1)}`;
  const name = `${title} ${id}`;
  const row = {
    id,
    channel_id: channelOf(env, index),
    name,
    is_visible: r.chance(0.9),
    parent_id: parent < 0 ? 0 : idAt(parent),
    sort_order: r.below(12),
    type,
    is_homepage: false,
    is_customers_only: r.chance(0.05),
    search_keywords: r.chance(0.3) ? words(r, 3) : '',
  };
  if (type !== 'raw' && type !== 'link') {
    row.meta_title = r.chance(0.4) ? `${name} | Shop` : '';
    row.meta_keywords = r.chance(0.4) ? null : r.chance(0.5) ? words(r, 3).replaceAll(' ', ', ') : '';
    row.meta_description = r.chance(0.2) ? null : r.chance(0.5) ? sentence(r, 11) : '';
  }
  if (type === 'raw') row.content_type = index % 3 === 0 ? 'application/json' : 'text/html';
  if (type === 'contact_form') {
    row.email = r.chance(0.7) ? `form${id}@example.com` : '';
    row.contact_fields = FIELDS.slice(0, r.below(FIELDS.length + 1)).join(',');
  }
  if (type === 'link') row.link = `https://example.com/${slug(words(r, 2))}?a=1&b=${id}`;
  else row.url = `/${slug(title) || 'page'}-${id}/`;
  // Undeclared properties occur in recorded answers.
  if (id % 17 === 0) row.layout_file = 'page.html';
  return row;
}

/** What include=body adds; undefined for links, which have none. */
export function pageBody(env, index, type) {
  if (type === 'link') return undefined;
  const r = new Random(env.seed, index, 304);
  if (type === 'raw')
    return index % 3 === 0 ? `{"generated": true, "n": ${index}}\n` : `<script>\n  var page = ${index} && 1;\n</script>\n`;
  if (type === 'blog') return '';
  return r.chance(0.08) ? '' : description(r, r.between(80, 2500));
}
