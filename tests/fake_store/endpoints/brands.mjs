// Brands. Promises: names unique whatever their case (409), 207 when only the URL is taken, delete of the collection by name filter only.

import { Refusal, ok, noContent, answer, errorBody } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE, FIELDS, DIRECTION, numericTest, contains, equalText, selectFields } from '../query.mjs';
import { paged } from '../paging.mjs';
import { accept, str, bool, list, obj, readOnly } from '../validate.mjs';
import { uploadedImage } from '../body.mjs';
import { Raw } from '../json_text.mjs';
import { checkImageUrl } from './product_parts.mjs';

const spec = obj(
  {
    id: readOnly,
    name: str(1, 255),
    page_title: str(0, 255),
    meta_keywords: list(str()),
    meta_description: str(0, 65535),
    search_keywords: str(0, 65535),
    image_url: str(),
    custom_url: obj({ url: str(1, 1024), is_customized: bool }, ['url']),
  },
  ['name'],
);
// In list queries the numeric filters are described as lists of integers.
const IDS = { id: 'int', 'id:in': 'ints', 'id:not_in': 'ints', 'id:min': 'int', 'id:max': 'int', 'id:greater': 'int', 'id:less': 'int' };
const LIST = { ...PAGE, ...FIELDS, ...IDS, name: 'str', 'name:like': 'str', page_title: 'str', sort: ['name'], direction: DIRECTION };

function view(ctx, brand) {
  const raw = ctx.fake.raws.get(`brands:${brand.id}`);
  return raw ? new Raw(raw) : selectFields(brand, ctx.q);
}

function brandOf(ctx) {
  const brand = ctx.cat.brands.get(ctx.params.brand_id);
  if (!brand) throw new Refusal(404, "The brand couldn't be found.");
  return brand;
}

/** The simple filters shared by brands and categories: names, titles, keyword. */
export function textFilters(q, rows) {
  let out = rows;
  for (const f of ['name', 'page_title']) {
    if (q[f] !== undefined) out = out.filter((b) => equalText(b[f], q[f]));
    if (q[`${f}:like`] !== undefined) out = out.filter((b) => contains(b[f], q[`${f}:like`]));
  }
  if (q.keyword !== undefined) out = out.filter((b) => contains(b.name, q.keyword) || contains(b.description, q.keyword));
  return out;
}

function listBrands(ctx) {
  const { q, cat, sw } = ctx;
  let rows = [...cat.brands.values()];
  const range = ['id:min', 'id:max', 'id:greater', 'id:less'];
  const idQuery = Object.fromEntries(
    Object.entries(q).filter(([k]) => k.startsWith('id') && !(sw.id_greater_ignored && range.includes(k))),
  );
  if (idQuery['id:in'] && sw.id_in_limit_clamp > 0) idQuery['id:in'] = idQuery['id:in'].slice(0, sw.id_in_limit_clamp);
  const before = q['id:greater'] !== undefined || q['id:min'] !== undefined;
  const all = rows.length;
  const test = numericTest(idQuery, 'id');
  if (test) rows = rows.filter((b) => test(b.id));
  const vanished = ctx.trouble.flatMap((t) => (t.vanish && q['id:in'] ? [].concat(t.vanish) : []));
  rows = textFilters(q, rows).filter((b) => !vanished.includes(b.id));
  rows.sort((a, b) => a.id - b.id);
  if (q.sort === 'name' && !sw.sort_ignored) rows.sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  if (q.direction === 'desc' && !sw.sort_ignored) rows.reverse();
  return paged(ctx, rows.length, (o, n) => rows.slice(o, o + n).map((b) => view(ctx, b)), {
    before: before ? all - rows.length : 0,
    all: before ? all : null,
  });
}

function checkName(ctx, name, self) {
  for (const b of ctx.cat.brands.values())
    if (b !== self && b.name.toLowerCase() === name.toLowerCase())
      throw new Refusal(409, 'The brand name is a duplicate', { name: 'The brand name is used by another brand' });
}
function checkUrl(given) {
  if (given.custom_url && !/^(\/([A-Za-z0-9\-_.]{1,256}))*\/?$/.test(given.custom_url.url))
    throw new Refusal(422, 'JSON data is missing or invalid', { 'custom_url.url': 'custom_url.url has forbidden characters' });
  if (given.image_url) checkImageUrl(given.image_url);
}
function taken(ctx, url, self) {
  const owner = ctx.cat.findUrl(url);
  return Boolean(owner && !(owner.type === 'brand' && owner.id === self));
}
const urlFailed = () =>
  errorBody({
    status: 409,
    title: 'The brand was saved, but its URL is taken',
    errors: { 'custom_url.url': 'The URL is used by another page' },
  });

function freeUrl(ctx, name, id) {
  const base = `/brands/${name.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '') || 'brand'}`;
  let url = `${base}.html`;
  for (let n = 1; taken(ctx, url, id); n++) url = `${base}-${n}.html`;
  return { url, is_customized: ctx.sw.generated_url_is_customized };
}

/** Also used by brand_name in a product write and by control calls. */
export function newBrand(ctx, given) {
  const id = ctx.cat.takeId('brands');
  const brand = {
    id,
    name: given.name,
    page_title: given.page_title ?? '',
    meta_keywords: given.meta_keywords ?? [],
    meta_description: given.meta_description ?? '',
    search_keywords: given.search_keywords ?? '',
    image_url: given.image_url ?? '',
    custom_url: given.custom_url
      ? { url: given.custom_url.url, is_customized: given.custom_url.is_customized ?? true }
      : freeUrl(ctx, given.name, id),
  };
  ctx.cat.brands.set(id, brand);
  return brand;
}

function post(ctx) {
  const given = accept(spec, ctx.body, ctx.sw);
  checkUrl(given);
  checkName(ctx, given.name, null);
  if (ctx.cat.brands.size >= 30000) throw new Refusal(403, 'A store has at most 30,000 brands.');
  const failed = given.custom_url && taken(ctx, given.custom_url.url, null);
  if (failed) delete given.custom_url;
  const brand = newBrand(ctx, given);
  return failed ? answer(207, { data: [brand], errors: urlFailed(), meta: { total: 1, success: 1, failed: 0 } }) : ok(brand);
}

function put(ctx) {
  const brand = brandOf(ctx);
  const given = accept(spec, ctx.body, ctx.sw);
  checkUrl(given);
  checkName(ctx, given.name, brand);
  const failed = given.custom_url && taken(ctx, given.custom_url.url, brand.id);
  if (given.custom_url && !failed) given.custom_url = { url: given.custom_url.url, is_customized: given.custom_url.is_customized ?? true };
  if (failed) delete given.custom_url;
  Object.assign(brand, given);
  return failed ? answer(207, { data: [brand], errors: urlFailed(), meta: { total: 1, success: 1, failed: 0 } }) : ok(brand);
}

function deleteMany(ctx) {
  const { q, cat } = ctx;
  if (q.name === undefined) throw new Refusal(422, 'A filter is required to delete brands.', { name: 'name is required' });
  for (const b of textFilters(q, [...cat.brands.values()])) cat.removeBrand(b.id);
  return noContent();
}

function postImage(ctx) {
  const brand = brandOf(ctx);
  const file = uploadedImage(ctx.form);
  ctx.cat.uploads.push({ kind: 'brand_image', id: brand.id, filename: file.filename, size: file.size, sha256: file.sha256 });
  brand.image_url = `${ctx.cat.env.cdn}/s-${ctx.fake.options.storeHash}/product_images/brand_${brand.id}_${ctx.clock.seconds()}.png`;
  return ok({ image_url: brand.image_url });
}

const about = { type: 'brand', scope: 'products' };
export const brandRoutes = () => [
  route('GET', '/v3/catalog/brands', { ...about, query: LIST }, listBrands),
  route('POST', '/v3/catalog/brands', { ...about, body: 'json' }, post),
  route('DELETE', '/v3/catalog/brands', { ...about, query: { name: 'str', page_title: 'str' } }, deleteMany),
  route('GET', '/v3/catalog/brands/{brand_id}', { ...about, query: FIELDS }, (ctx) => ok(view(ctx, brandOf(ctx)))),
  route('PUT', '/v3/catalog/brands/{brand_id}', { ...about, body: 'json' }, put),
  route('DELETE', '/v3/catalog/brands/{brand_id}', about, (ctx) => {
    ctx.cat.removeBrand(ctx.params.brand_id);
    return noContent();
  }),
  route('POST', '/v3/catalog/brands/{brand_id}/image', { ...about, body: 'multipart' }, postImage),
  route('DELETE', '/v3/catalog/brands/{brand_id}/image', about, (ctx) => {
    brandOf(ctx).image_url = '';
    return noContent();
  }),
];
