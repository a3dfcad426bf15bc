// 301 redirects (V3). Promises: PUT makes or overwrites by (site, path) and answers 201, to_url only with include=to_url, DELETE only by id.

import { Refusal, answer, noContent } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE, DIRECTION } from '../query.mjs';
import { paged } from '../paging.mjs';
import { errorsOf, str, int, one, obj } from '../validate.mjs';
import { Raw } from '../json_text.mjs';
import { lostByTrouble } from './listing.mjs';
import { siteIds, siteUrl } from './channels.mjs';

const BATCH = 100;
const RESERVED = /^\/(cart|checkout|login|admin|account|manage)(\.php)?(\/|$|\?)/i;

const to = obj({ type: one('product', 'brand', 'category', 'page', 'post', 'url'), entity_id: int(1), url: str(1, 2048) }, ['type']);
const spec = obj({ from_path: str(1, 2048), site_id: int(1), to }, ['from_path', 'site_id']);

function targetPath(ctx, target) {
  const { cat } = ctx;
  const { content } = ctx.fake;
  const id = target.entity_id;
  switch (target.type) {
    case 'url':
      return target.url;
    case 'product':
      return cat.record(id)?.row.custom_url?.url;
    case 'brand':
      return cat.brands.get(id)?.custom_url?.url;
    case 'category':
      return cat.categories.get(id)?.url.path;
    case 'page':
      return content.pages.get(id)?.url;
    default:
      return content.posts.get(id)?.url;
  }
}

function view(ctx, redirect) {
  const raw = ctx.fake.raws.get(`redirects:${redirect.id}`);
  if (raw) return new Raw(raw);
  if (!ctx.q.include) return redirect;
  const path = targetPath(ctx, redirect.to);
  const base = siteUrl(ctx, redirect.site_id);
  return { ...redirect, to_url: path === undefined ? null : /^https?:/.test(path) ? path : encodeURI(base + path) };
}

const SORTS = { from_path: (d) => d.from_path, type: (d) => d.to.type, site_id: (d) => d.site_id, id: (d) => d.id };

function listRedirects(ctx) {
  const { q, sw } = ctx;
  const { redirects } = ctx.fake.content;
  const lost = q['id:in'] ? lostByTrouble(ctx) : [];
  const filters = Object.keys(q).some((k) => /^(site_id|id:|keyword)/.test(k));
  const sorted = q.sort && !sw.sort_ignored;
  // Ids alone are enough while nothing has to be compared.
  let ids = redirects.ids.toArray();
  if (q['id:in']) ids = ids.filter((id) => q['id:in'].includes(id) && !lost.includes(id));
  if (!sw.id_greater_ignored) {
    if (q['id:min'] !== undefined) ids = ids.filter((id) => id >= q['id:min']);
    if (q['id:max'] !== undefined) ids = ids.filter((id) => id <= q['id:max']);
  }
  if (filters && (q.site_id !== undefined || q.keyword !== undefined)) {
    const start = q.keyword?.toLowerCase().replace(/^\//, '');
    ids = ids.filter((id) => {
      const d = redirects.get(id);
      return (
        (q.site_id === undefined || d.site_id === q.site_id) &&
        (start === undefined || d.from_path.toLowerCase().replace(/^\//, '').startsWith(start))
      );
    });
  }
  if (sorted && q.sort !== 'id') {
    const key = SORTS[q.sort];
    const keyed = ids.map((id) => [key(redirects.get(id)), id]);
    keyed.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1]));
    ids = keyed.map((k) => k[1]);
  }
  if (q.direction === 'desc' && !sw.sort_ignored) ids.reverse();
  const before = q['id:min'] !== undefined ? redirects.size - ids.length : 0;
  return paged(ctx, ids.length, (o, n) => ids.slice(o, o + n).map((id) => view(ctx, redirects.get(id))), {
    before,
    all: before ? redirects.size : null,
  });
}

const EXISTS = {
  product: (ctx, id) => ctx.cat.products.has(id),
  brand: (ctx, id) => ctx.cat.brands.has(id),
  category: (ctx, id) => ctx.cat.categories.has(id),
  page: (ctx, id) => ctx.fake.content.pages.has(id),
  post: (ctx, id) => ctx.fake.content.posts.has(id),
};

function errorsIn(ctx, item) {
  const wrong = errorsOf(spec, item, ctx.sw);
  if (Object.keys(wrong).length) return wrong;
  if (!item.from_path.startsWith('/')) wrong.from_path = 'from_path must start with a slash';
  if (RESERVED.test(item.from_path) || item.from_path === '/') wrong.from_path = 'from_path is a reserved path';
  if (!siteIds(ctx).includes(item.site_id)) wrong.site_id = `The site ${item.site_id} does not exist`;
  if (item.to === undefined) {
    if (ctx.fake.content.redirects.find('path', `${item.site_id} ${item.from_path}`) === null) wrong.to = 'to is required';
  } else if (item.to.type === 'url') {
    if (item.to.url === undefined) wrong['to.url'] = 'url is required';
  } else if (item.to.entity_id === undefined) wrong['to.entity_id'] = 'entity_id is required';
  else if (!EXISTS[item.to.type](ctx, item.to.entity_id)) wrong['to.entity_id'] = `The ${item.to.type} ${item.to.entity_id} does not exist`;
  return wrong;
}

function upsert(ctx) {
  const { body } = ctx;
  const { redirects } = ctx.fake.content;
  if (!Array.isArray(body) || !body.length) throw new Refusal(422, 'JSON data is missing or invalid', { body: 'an array is required' });
  if (body.length > BATCH) throw new Refusal(413, `At most ${BATCH} redirects can be written at once.`);
  const errors = {};
  body.forEach((item, n) => {
    for (const [k, v] of Object.entries(errorsIn(ctx, item))) errors[`${n}.${k}`] = v;
  });
  if (Object.keys(errors).length) throw new Refusal(422, 'JSON data is missing or invalid', errors);
  const rows = body.map((item) => {
    const { type, entity_id, url } = item.to ?? {};
    const target = item.to && (type === 'url' ? { type, url } : { type, entity_id });
    const id = redirects.find('path', `${item.site_id} ${item.from_path}`);
    if (id === null) return redirects.add({ id: redirects.takeId(), site_id: item.site_id, from_path: item.from_path, to: target });
    if (target) redirects.edit(id).to = target;
    return target ? redirects.changed(id) : redirects.get(id);
  });
  const n = rows.length;
  const pagination = { total: n, count: n, per_page: n, current_page: 1, total_pages: 1 };
  return answer(201, { data: rows.map((d) => view(ctx, d)), meta: { pagination } });
}

function remove(ctx) {
  const { q } = ctx;
  const { redirects } = ctx.fake.content;
  // site_id alone would empty a whole site: the reference marks id:in as required.
  if (!q['id:in']) throw new Refusal(422, 'The parameter id:in is required.', { 'id:in': 'id:in is required' });
  for (const id of q['id:in']) if (q.site_id === undefined || redirects.get(id)?.site_id === q.site_id) redirects.remove(id);
  return noContent();
}

const PATH = '/v3/storefront/redirects';
const about = { type: 'redirect', scope: 'content' };
export const redirectRoutes = () => [
  route(
    'GET',
    PATH,
    {
      ...about,
      query: {
        ...PAGE,
        site_id: 'int',
        'id:in': 'ints',
        'id:min': 'int',
        'id:max': 'int',
        sort: Object.keys(SORTS),
        direction: DIRECTION,
        include: { list: ['to_url'] },
        keyword: 'str',
      },
    },
    listRedirects,
  ),
  route('PUT', PATH, { ...about, body: 'json' }, upsert),
  route('DELETE', PATH, { ...about, query: { 'id:in': 'ints', site_id: 'int' } }, remove),
];
