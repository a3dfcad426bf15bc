// Categories through /v3/catalog/trees/categories. Promises: create and update in batches with 201/200, 207 or 422, exactly one of tree_id and
// parent_id, names unique among siblings, depth 8, delete with 202 and the children going along (switch).

import { Refusal, ok, noContent, answer, errorBody } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE, FIELDS, selectFields } from '../query.mjs';
import { paged } from '../paging.mjs';
import { errorsOf, str, int, bool, one, list, obj, readOnly, writable } from '../validate.mjs';
import { uploadedImage } from '../body.mjs';
import { Raw } from '../json_text.mjs';
import { uuidOf } from '../seed/groups.mjs';
import { slug } from '../seed/texts.mjs';
import { textFilters } from './brands.mjs';
import { checkImageUrl } from './product_parts.mjs';
import { goodUrl } from './product_rules.mjs';

const BIG = 2147483647;
const fields = {
  category_uuid: readOnly,
  name: str(1, 50),
  tree_id: int(1),
  parent_id: int(1),
  description: str(0, 65535),
  views: int(),
  sort_order: int(-BIG - 1, BIG),
  page_title: str(),
  meta_keywords: list(str()),
  meta_description: str(0, 65535),
  layout_file: str(0, 50),
  image_url: str(),
  is_visible: bool,
  search_keywords: str(0, 255),
  default_product_sort: one(
    'use_store_settings',
    'featured',
    'newest',
    'best_selling',
    'alpha_asc',
    'alpha_desc',
    'avg_customer_review',
    'price_asc',
    'price_desc',
  ),
  url: obj({ path: str(1, 255), is_customized: bool }, ['path']),
};
const createSpec = obj({ ...fields, category_id: readOnly }, ['name']);
const updateSpec = obj({ ...fields, category_id: int(1), parent_id: int(0) }, ['category_id']);

export function view(ctx, category) {
  const raw = ctx.fake.raws.get(`categories:${category.category_id}`);
  return raw ? new Raw(raw) : selectFields(category, ctx.q, ['category_id']);
}

function selected(ctx) {
  const { q, cat } = ctx;
  let rows = [...cat.categories.values()];
  for (const f of ['category_id', 'category_uuid', 'tree_id', 'parent_id']) {
    if (q[`${f}:in`]) {
      const s = new Set(q[`${f}:in`]);
      rows = rows.filter((c) => s.has(c[f]));
    }
    if (q[`${f}:not_in`]) {
      const s = new Set(q[`${f}:not_in`]);
      rows = rows.filter((c) => !s.has(c[f]));
    }
  }
  if (q.is_visible !== undefined) rows = rows.filter((c) => c.is_visible === q.is_visible);
  const vanished = ctx.trouble.flatMap((t) => (t.vanish && q['category_id:in'] ? [].concat(t.vanish) : []));
  return textFilters(q, rows).filter((c) => !vanished.includes(c.category_id));
}

function listCategories(ctx) {
  const rows = selected(ctx).sort((a, b) => a.category_id - b.category_id);
  return paged(ctx, rows.length, (o, n) => rows.slice(o, o + n).map((c) => view(ctx, c)));
}

function depthOf(cat, id) {
  let depth = 0;
  for (let c = cat.categories.get(id); c; c = cat.categories.get(c.parent_id)) depth++;
  return depth;
}

function siblingConflict(cat, row) {
  for (const c of cat.categories.values()) {
    if (
      c.category_id !== row.category_id &&
      c.tree_id === row.tree_id &&
      c.parent_id === row.parent_id &&
      c.name.toLowerCase() === row.name.toLowerCase()
    )
      return true;
  }
  return false;
}

function pathTaken(cat, path, self, tree) {
  const owner = cat.findUrl(path);
  if (!owner || (owner.type === 'category' && owner.id === self)) return false;
  // Trees belong to different channels; the same path may exist in each.
  return owner.type !== 'category' || owner.tree === tree;
}

function place(ctx, given, errors) {
  const { cat } = ctx;
  if ((given.tree_id === undefined) === (given.parent_id === undefined)) {
    errors.tree_id = 'exactly one of tree_id and parent_id is required';
    return null;
  }
  if (given.parent_id !== undefined) {
    const parent = cat.categories.get(given.parent_id);
    if (!parent) {
      errors.parent_id = `The category ${given.parent_id} does not exist`;
      return null;
    }
    if (depthOf(cat, parent.category_id) >= 8) {
      errors.parent_id = 'categories are at most 8 levels deep';
      return null;
    }
    return { tree_id: parent.tree_id, parent_id: parent.category_id, prefix: parent.url.path };
  }
  if (!cat.trees.has(given.tree_id)) {
    errors.tree_id = `The tree ${given.tree_id} does not exist`;
    return null;
  }
  return { tree_id: given.tree_id, parent_id: 0, prefix: '/' };
}

/** One new category; fills errors and returns null when it cannot be. Also used by control calls. */
export function newCategory(ctx, given, errors) {
  const { cat } = ctx;
  const where = place(ctx, given, errors);
  if (!where) return null;
  const id = cat.next.categories;
  const row = {
    category_id: id,
    category_uuid: uuidOf(ctx.fake.options.seed, id),
    parent_id: where.parent_id,
    tree_id: where.tree_id,
    name: given.name,
    description: given.description ?? '',
    views: given.views ?? 0,
    sort_order: given.sort_order ?? 0,
    page_title: given.page_title ?? '',
    meta_keywords: given.meta_keywords ?? [],
    meta_description: given.meta_description ?? '',
    layout_file: given.layout_file ?? 'category.html',
    image_url: given.image_url ?? '',
    is_visible: given.is_visible ?? true,
    search_keywords: given.search_keywords ?? '',
    default_product_sort: given.default_product_sort ?? 'use_store_settings',
    url: null,
  };
  row.url = given.url
    ? { path: given.url.path, is_customized: given.url.is_customized ?? true }
    : { path: freePath(cat, where, given.name, id), is_customized: ctx.sw.generated_url_is_customized };
  if (siblingConflict(cat, row)) errors.name = 'The category name is a duplicate among its siblings';
  if (given.url && !goodUrl(row.url.path)) errors['url.path'] = 'url.path may hold Latin letters, digits, - _ . and / only';
  if (given.url && pathTaken(cat, row.url.path, null, row.tree_id)) errors['url.path'] = 'The URL is used by another page';
  if (cat.categories.size >= 16000) errors.name = 'A store has at most 16,000 categories';
  if (Object.keys(errors).length) return null;
  cat.takeId('categories');
  cat.categories.set(id, row);
  return row;
}

function freePath(cat, where, name, id) {
  const base = `${where.prefix}${slug(name) || 'category-' + id}`;
  let path = `${base}/`;
  for (let n = 1; pathTaken(cat, path, id, where.tree_id); n++) path = `${base}-${n}/`;
  return path;
}

function changeCategory(ctx, given, errors) {
  const { cat } = ctx;
  const row = cat.categories.get(given.category_id);
  if (!row) {
    errors.category_id = `The category ${given.category_id} does not exist`;
    return null;
  }
  const next = { ...row, ...given };
  if (given.parent_id !== undefined && given.parent_id !== row.parent_id) {
    const parent = cat.categories.get(given.parent_id);
    if (given.parent_id !== 0 && !parent) errors.parent_id = `The category ${given.parent_id} does not exist`;
    for (let c = parent; c; c = cat.categories.get(c.parent_id))
      if (c.category_id === row.category_id) errors.parent_id = 'a category cannot be below itself';
    if (parent) next.tree_id = parent.tree_id;
  }
  if (given.tree_id !== undefined && !cat.trees.has(given.tree_id)) errors.tree_id = `The tree ${given.tree_id} does not exist`;
  if (given.url) next.url = { path: given.url.path, is_customized: given.url.is_customized ?? row.url.is_customized };
  if (siblingConflict(cat, next)) errors.name = 'The category name is a duplicate among its siblings';
  if (given.url && (!goodUrl(next.url.path) || pathTaken(cat, next.url.path, row.category_id, next.tree_id)))
    errors['url.path'] = 'The URL is invalid or used by another page';
  if (Object.keys(errors).length) return null;
  return Object.assign(row, next);
}

function batch(ctx, spec, work, goodStatus, withData) {
  const { body, sw } = ctx;
  if (!Array.isArray(body) || !body.length) throw new Refusal(422, 'JSON data is missing or invalid', { body: 'an array is required' });
  const limit = sw.tree_categories_need_url_above;
  // A vendor-confirmed bug: large batches fail when a row has no url (digest 7.17, quirk 2).
  if (spec === createSpec && limit > 0 && body.length > limit && body.some((c) => !c?.url))
    throw new Refusal(
      422,
      'Url is required',
      Object.fromEntries(body.flatMap((c, n) => (c?.url ? [] : [[`${n}.url`, 'Url is required']]))),
    );
  const checked = body.map((item) => errorsOf(spec, item, sw));
  const errors = {};
  const note = (n, wrong) => {
    for (const [k, v] of Object.entries(wrong)) errors[`${n}.${k}`] = v;
  };
  if (sw.category_conflict === 'whole' && checked.some((w) => Object.keys(w).length)) checked.forEach((w, n) => note(n, w));
  const data = [];
  if (!Object.keys(errors).length) {
    body.forEach((item, n) => {
      const wrong = { ...checked[n] };
      if (item?.image_url && !Object.keys(wrong).length) {
        try {
          checkImageUrl(item.image_url);
        } catch {
          wrong.image_url = 'could not be downloaded';
        }
      }
      const row = Object.keys(wrong).length ? null : work(ctx, writable(spec, item), wrong);
      if (row) data.push(row);
      else note(n, wrong);
    });
  }
  ctx.cat.version++;
  const meta = { total: body.length, success: data.length, failed: body.length - data.length };
  if (!meta.failed) return answer(goodStatus, withData ? { data, meta } : { meta });
  const problem = errorBody({ status: 422, title: 'Some categories were refused', errors });
  if (!data.length) return answer(422, { ...problem, errors: problem.errors, meta });
  return answer(207, { ...(withData ? { data } : {}), errors: problem, meta });
}

function remove(ctx) {
  const { cat, sw, q } = ctx;
  if (!Object.keys(q).length) throw new Refusal(422, 'A filter is required to delete categories.');
  const ids = selected(ctx).map((c) => c.category_id);
  const wanted = q['category_id:in'] ?? ids;
  const blocked = [];
  for (const id of ids) {
    if (!cat.categories.has(id)) continue;
    if (!sw.category_delete_cascades && cat.childrenOf(id).length) blocked.push(id);
    else if (sw.category_delete_refused_with_products && hasProducts(cat, id)) blocked.push(id);
    else cat.removeCategory(id);
  }
  const failed = blocked.length;
  if (failed)
    return answer(422, {
      ...errorBody({
        status: 422,
        title: 'Some categories were not deleted',
        errors: Object.fromEntries(blocked.map((id) => [id, 'the category has children or products'])),
      }),
      meta: { total: wanted.length, success: ids.length - failed, failed },
    });
  return answer(202, { meta: { total: ids.length, success: ids.length, failed: 0 } });
}

export function hasProducts(cat, id) {
  const { pairs } = cat.pairs('category');
  for (let i = 1; i < pairs.length; i += 2) if (pairs[i] === id) return true;
  return false;
}

function categoryOf(ctx) {
  const c = ctx.cat.categories.get(ctx.params.category_id);
  if (!c) throw new Refusal(404, "The category couldn't be found.");
  return c;
}

function postImage(ctx) {
  const c = categoryOf(ctx);
  const file = uploadedImage(ctx.form);
  ctx.cat.uploads.push({ kind: 'category_image', id: c.category_id, filename: file.filename, size: file.size, sha256: file.sha256 });
  c.image_url = `${ctx.cat.env.cdn}/s-${ctx.fake.options.storeHash}/product_images/category_${c.category_id}_${ctx.clock.seconds()}.png`;
  return ok({ image_url: c.image_url });
}

const about = { type: 'category', scope: 'products' };
const PATH = '/v3/catalog/trees/categories';
const FILTERS = {
  'category_uuid:in': 'strs',
  'category_uuid:not_in': 'strs',
  'category_id:in': 'ints',
  'category_id:not_in': 'ints',
  'tree_id:in': 'ints',
  'tree_id:not_in': 'ints',
  'parent_id:in': 'ints',
  'parent_id:not_in': 'ints',
  page_title: 'str',
  'page_title:like': 'str',
  name: 'str',
  'name:like': 'str',
  keyword: 'str',
  is_visible: 'bool',
};
export const categoryRoutes = () => [
  route('GET', PATH, { ...about, query: { ...PAGE, ...FIELDS, ...FILTERS } }, listCategories),
  route('POST', PATH, { ...about, body: 'json' }, (ctx) => batch(ctx, createSpec, newCategory, 201, true)),
  route('PUT', PATH, { ...about, body: 'json' }, (ctx) => batch(ctx, updateSpec, changeCategory, 200, false)),
  route(
    'DELETE',
    PATH,
    { ...about, query: { 'category_uuid:in': 'strs', 'category_id:in': 'ints', 'tree_id:in': 'ints', 'parent_id:in': 'ints' } },
    remove,
  ),
  route('POST', '/v3/catalog/categories/{category_id}/image', { ...about, body: 'multipart' }, postImage),
  route('DELETE', '/v3/catalog/categories/{category_id}/image', about, (ctx) => {
    categoryOf(ctx).image_url = '';
    return noContent();
  }),
];
