// Seeded 301 redirects. Promises: every kind of target, targets that exist when the store starts, paths that end in the id.

import { Random } from './random.mjs';
import { word } from './vocabulary.mjs';

const KINDS = ['product', 'product', 'product', 'category', 'brand', 'page', 'post', 'url', 'url'];

/** targets: {product: (random) -> id or null, ...} */
export function redirectRow(env, id, index, targets) {
  const r = new Random(env.seed, index, 321);
  let type = KINDS[r.below(KINDS.length)];
  let to = type === 'url' ? null : targets[type](r);
  if (to === null) type = 'url';
  if (type === 'url')
    to = r.chance(0.5) ? `/${word(r)}/${word(r)}/` : `https://example.com/${word(r)}?x=1&y=%C3%A9#${r.chance(0.2) ? 'größe' : word(r)}`;
  return {
    id,
    site_id: r.chance(0.12) ? 1001 : 1000,
    from_path: `/${r.pick(['old', 'shop', 'p', 'Häuser', 'index.php/item'])}/${word(r)}-${id}`,
    to: type === 'url' ? { type, url: to } : { type, entity_id: to },
  };
}
