// Seeded blog posts (V2). Promises: dates grow with the id, the odd published_date object, drafts, empty and null texts.

import { Random, mix } from './random.mjs';
import { FOREIGN, words, sentence } from './vocabulary.mjs';
import { description, slug } from './texts.mjs';

const FIRST = 1388534400;
const DAY = 86400;

export const postSeconds = (env, index) => FIRST + index * DAY * 2 + (mix(env.seed, index, 311) % DAY);

/** {timezone_type, date, timezone}: what GET shows, and what no write takes (recorded shape). */
export const publishedDate = (seconds) => ({
  timezone_type: 3,
  date: new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ') + '.000000',
  timezone: 'UTC',
});
export const iso8601 = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19) + '+0000';

export function summaryOf(body) {
  const text = body
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text.length > 300 ? text.slice(0, 300) + ' [...]' : text;
}

export function postRow(env, id, index) {
  const r = new Random(env.seed, index, 312);
  const title = `${r.chance(0.15) ? r.pick(FOREIGN) : sentence(r, r.between(2, 6)).slice(0, -1)} ${id}`;
  const body = description(r, r.between(100, 4000));
  const at = postSeconds(env, index);
  const url = `/blog/${slug(title) || 'post-' + id}/`;
  return {
    id,
    title,
    url,
    preview_url: url,
    body,
    tags: Array.from({ length: r.below(4) }, () => r.pick(['news', 'sale', 'Größe', 'how-to', 'ספרים', 'a & b', 'summer'])).filter(
      (tag, n, all) => all.indexOf(tag) === n,
    ),
    summary: summaryOf(body),
    is_published: r.chance(0.85),
    published_date: publishedDate(at),
    published_date_iso8601: iso8601(at),
    meta_description: r.chance(0.3) ? null : r.chance(0.5) ? sentence(r, 9) : '',
    meta_keywords: r.chance(0.3) ? null : r.chance(0.5) ? words(r, 3).replaceAll(' ', ',') : '',
    author: r.pick(['', null, 'Jane Doe', 'Søren Åberg', 'O’Neill & "Sons"']),
    thumbnail_path: r.chance(0.3) ? `/product_images/uploaded_images/post-${id}.jpg` : r.chance(0.2) ? null : '',
  };
}
