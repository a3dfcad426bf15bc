// Product sort order inside a category. Promises: one row per product of the category, null where none was set; a PUT refuses products that are not
// in the category; there is no way back to null.

import { Refusal, answer } from '../answers.mjs';
import { route } from '../router.mjs';
import { paged } from '../paging.mjs';
import { errorsOf, obj, int } from '../validate.mjs';
import { mix } from '../seed/random.mjs';

function productsOf(ctx) {
  const id = ctx.params.category_id;
  if (!ctx.cat.categories.has(id)) throw new Refusal(404, "The category couldn't be found.");
  const { pairs } = ctx.cat.pairs('category');
  const out = [];
  for (let i = 0; i < pairs.length; i += 2) if (pairs[i + 1] === id) out.push(pairs[i]);
  return out;
}

/** Only categories sorted by "featured" have orders from the seed, and only for half of their products. */
function orderOf(ctx, productId) {
  const category = ctx.cat.categories.get(ctx.params.category_id);
  const written = ctx.cat.sortOrders.get(category.category_id)?.get(productId);
  if (written !== undefined) return written;
  const h = mix(ctx.fake.options.seed, productId, category.category_id);
  return category.default_product_sort === 'featured' && h % 2 ? h % 100 : null;
}

function list(ctx) {
  const ids = productsOf(ctx);
  const rows = (o, n) => ids.slice(o, o + n).map((id) => ({ product_id: id, sort_order: orderOf(ctx, id) }));
  return paged(ctx, ids.length, rows, { byDefault: 250 });
}

const spec = obj({ product_id: int(1), sort_order: int(0) }, ['product_id', 'sort_order']);

function put(ctx) {
  const inside = new Set(productsOf(ctx));
  const { body, cat } = ctx;
  if (!Array.isArray(body) || !body.length) throw new Refusal(422, 'JSON data is missing or invalid', { body: 'an array is required' });
  const errors = {};
  body.forEach((row, n) => {
    for (const [k, v] of Object.entries(errorsOf(spec, row, ctx.sw))) errors[`${n}.${k}`] = v;
    if (Number.isInteger(row?.product_id) && !inside.has(row.product_id)) errors[`${n}.product_id`] = 'the product is not in the category';
  });
  if (Object.keys(errors).length) throw new Refusal(422, 'JSON data is missing or invalid', errors);
  const id = ctx.params.category_id;
  if (!cat.sortOrders.has(id)) cat.sortOrders.set(id, new Map());
  for (const row of body) cat.sortOrders.get(id).set(row.product_id, row.sort_order);
  // The answer is described as the bare list.
  return answer(
    200,
    body.map(({ product_id, sort_order }) => ({ product_id, sort_order })),
  );
}

const PATH = '/v3/catalog/categories/{category_id}/products/sort-order';
const about = { type: 'category_product_sort_order', scope: 'products', query: { page: 'int' } };
export const sortOrderRoutes = () => [route('GET', PATH, about, list), route('PUT', PATH, { ...about, body: 'json' }, put)];
