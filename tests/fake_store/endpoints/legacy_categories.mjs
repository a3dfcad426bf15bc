// The deprecated /v3/catalog/categories. Promises: reads with the old field names (id, custom_url.url), only the default storefront's tree; DELETE
// refuses a category with products (422). Legacy creates and updates are documented but not simulated: 501.

import { Refusal, ok, noContent } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE, FIELDS, numeric, numericTest, selectFields } from '../query.mjs';
import { paged } from '../paging.mjs';
import { textFilters } from './brands.mjs';
import { hasProducts } from './categories.mjs';

function oldForm(c) {
  const { category_id, category_uuid, tree_id, url, ...rest } = c;
  return { id: category_id, ...rest, custom_url: { url: url.path, is_customized: url.is_customized } };
}
const inScope = (ctx) => [...ctx.cat.categories.values()].filter((c) => c.tree_id === 1);

function select(ctx) {
  const { q, sw } = ctx;
  let rows = inScope(ctx).map(oldForm);
  const ids = sw.id_greater_ignored ? Object.fromEntries(Object.entries(q).filter(([k]) => !/^id:(min|max|greater|less)$/.test(k))) : q;
  for (const f of ['id', 'parent_id']) {
    const test = numericTest(ids, f);
    if (test) rows = rows.filter((c) => test(c[f]));
  }
  if (q.is_visible !== undefined) rows = rows.filter((c) => c.is_visible === q.is_visible);
  return textFilters(q, rows);
}

function listLegacy(ctx) {
  const { q, sw } = ctx;
  const rows = select(ctx).sort((a, b) => a.id - b.id);
  if (q.sort && !sw.sort_ignored) rows.sort((a, b) => (a[q.sort] < b[q.sort] ? -1 : a[q.sort] > b[q.sort] ? 1 : a.id - b.id));
  return paged(ctx, rows.length, (o, n) => rows.slice(o, o + n).map((c) => selectFields(c, q)));
}

function legacyOf(ctx) {
  const c = ctx.cat.categories.get(ctx.params.category_id);
  if (!c || c.tree_id !== 1) throw new Refusal(404, "The category couldn't be found.");
  return c;
}

function removeOne(ctx, id) {
  if (hasProducts(ctx.cat, id)) throw new Refusal(422, 'The category has products and cannot be deleted.');
  ctx.cat.removeCategory(id);
}

function removeMany(ctx) {
  if (!Object.keys(ctx.q).length) throw new Refusal(422, 'A filter is required to delete categories.');
  for (const c of select(ctx)) if (ctx.cat.categories.has(c.id)) removeOne(ctx, c.id);
  return noContent();
}

const { 'parent_id:not_in': unused, ...PARENT } = numeric('parent_id');
const FILTERS = {
  ...numeric('id'),
  ...PARENT,
  name: 'str',
  'name:like': 'str',
  page_title: 'str',
  'page_title:like': 'str',
  keyword: 'str',
  is_visible: 'bool',
};
const about = { type: 'category', scope: 'products' };
const notDone = () => {
  throw new Refusal(501);
};
export const legacyCategoryRoutes = () => [
  route(
    'GET',
    '/v3/catalog/categories',
    { ...about, query: { ...PAGE, ...FIELDS, ...FILTERS, sort: ['name', 'id', 'parent_id', 'sort_order'] } },
    listLegacy,
  ),
  route('POST', '/v3/catalog/categories', about, notDone),
  route('DELETE', '/v3/catalog/categories', { ...about, query: FILTERS }, removeMany),
  route('GET', '/v3/catalog/categories/{category_id}', { ...about, query: FIELDS }, (ctx) =>
    ok(selectFields(oldForm(legacyOf(ctx)), ctx.q)),
  ),
  route('PUT', '/v3/catalog/categories/{category_id}', about, notDone),
  route('DELETE', '/v3/catalog/categories/{category_id}', about, (ctx) => {
    const c = ctx.cat.categories.get(ctx.params.category_id);
    if (c) removeOne(ctx, c.category_id);
    return noContent();
  }),
];
