// Web pages (V3). Promises: the body only with include=body, object in object out, a bad entry of a batch is a 422 that saved the good ones, a taken
// URL is a 207, DELETE of several ids is a 404 when one was missing although the others are gone.

import { Refusal, ok, answer, noContent, errorBody } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE, contains, equalText } from '../query.mjs';
import { paged } from '../paging.mjs';
import { errorsOf, writable, str, int, bool, one, obj, orNull, readOnly } from '../validate.mjs';
import { Raw } from '../json_text.mjs';
import { slug } from '../seed/texts.mjs';
import { lostByTrouble } from './listing.mjs';

const LIMIT = 4000;
const PROBLEM = { 'Content-Type': 'application/problem+json' };

/** Errors of this endpoint: problem+json with a detail. */
function refuse(status, title, detail, errors = {}) {
  return Object.assign(new Refusal(status, title, errors, detail ? { detail } : {}), { headers: PROBLEM });
}
const notFound = (id) => refuse(404, `A Page was not found with an ID of ${id}`);
const invalid = (detail, errors) => refuse(422, 'Input is invalid', detail, errors);

const fields = {
  id: readOnly,
  channel_id: int(1),
  name: str(1, 100),
  is_visible: bool,
  parent_id: int(0),
  sort_order: int(),
  type: one('page', 'raw', 'contact_form', 'link', 'blog'),
  body: orNull(str()),
  is_homepage: bool,
  is_customers_only: bool,
  email: str(0, 255),
  meta_title: orNull(str()),
  link: str(1),
  contact_fields: str(),
  meta_keywords: orNull(str()),
  meta_description: orNull(str()),
  search_keywords: orNull(str()),
  url: str(1, 1024),
  content_type: str(),
};
const postSpec = obj(fields, ['name', 'type']);
const putSpec = obj(fields, []);
const bulkPutSpec = obj({ ...fields, id: int(1) }, ['id']);

const META = ['meta_title', 'meta_keywords', 'meta_description'];
/** The fields that a page of a type has beside those that all have. */
const OF_TYPE = {
  page: [...META, 'body', 'url'],
  blog: [...META, 'body', 'url'],
  contact_form: [...META, 'email', 'contact_fields', 'body', 'url'],
  raw: ['content_type', 'body', 'url'],
  link: ['link'],
};
const EVERY = [
  'channel_id',
  'name',
  'is_visible',
  'parent_id',
  'sort_order',
  'type',
  'is_homepage',
  'is_customers_only',
  'search_keywords',
];
const DEFAULTS = {
  is_visible: true,
  parent_id: 0,
  sort_order: 0,
  is_homepage: false,
  is_customers_only: false,
  search_keywords: '',
  meta_title: '',
  meta_keywords: '',
  meta_description: '',
  email: '',
  contact_fields: '',
  content_type: 'text/html',
  body: '',
};

function view(ctx, page) {
  const raw = ctx.fake.raws.get(`pages:${page.id}`);
  if (raw) return new Raw(raw);
  const { body, ...rest } = page;
  return ctx.q.include ? ctx.fake.content.withBody(page) : rest;
}

function select(ctx) {
  const { q } = ctx;
  const { content } = ctx.fake;
  const lost = q['id:in'] ? lostByTrouble(ctx) : [];
  return content.pages.filter(
    (p) =>
      (q.channel_id === undefined || p.channel_id === q.channel_id) &&
      (!q['id:in'] || q['id:in'].includes(p.id)) &&
      !lost.includes(p.id) &&
      (q.name === undefined || equalText(p.name, q.name)) &&
      // Looks into the body as well.
      (q['name:like'] === undefined || contains(p.name, q['name:like']) || contains(content.bodyOf(p), q['name:like'])),
  );
}

function listPages(ctx) {
  const rows = select(ctx);
  return paged(ctx, rows.length, (o, n) => rows.slice(o, o + n).map((p) => view(ctx, p)));
}

/** The list's filters hold here too: a page that does not match them is a 404 (stated as a warning in the reference). */
function getPage(ctx) {
  const id = ctx.params.page_id;
  const page = ctx.fake.content.pages.get(id);
  if (!page || !select(ctx).some((p) => p.id === id)) throw notFound(id);
  return ok(view(ctx, page));
}

function checkBody(ctx, spec, body) {
  const wrong = errorsOf(spec, body, ctx.sw);
  const [first] = Object.entries(wrong);
  if (first) throw invalid(first[1].endsWith('is required') ? `missing the required field: ${first[0]}` : first[1], wrong);
  return writable(spec, body);
}

function checkReferences(ctx, page, self) {
  const { content } = ctx.fake;
  if (!ctx.cat.channels.has(page.channel_id)) throw invalid(`The channel ${page.channel_id} does not exist`);
  for (let at = page.parent_id; at !== 0;) {
    const parent = content.pages.get(at);
    if (!parent || parent.channel_id !== page.channel_id) throw invalid(`The parent page ${at} does not exist in this channel`);
    if (at === self) throw invalid('A page cannot be below itself');
    at = parent.parent_id;
  }
  if (page.type === 'raw' && page.body === undefined) throw invalid('missing the required field: body');
  if (page.type === 'link' && !page.link) throw invalid('missing the required field: link');
  const unique = ctx.sw.page_name_unique;
  if (unique === 'no') return;
  const near = (p) => p.id !== self && equalText(p.name, page.name) && (unique === 'store' || p.channel_id === page.channel_id);
  if (content.pages.filter(near).length) throw invalid('The page name must be unique', { name: 'name must be unique' });
}

function urlTaken(ctx, page, self) {
  const other = ctx.fake.content.pageAt(page.channel_id, page.url);
  return Boolean((other && other.id !== self) || ctx.cat.findUrl(page.url));
}

/** Gives the page a free url; -> true when the wanted one was taken. */
function settleUrl(ctx, page, wanted, self) {
  if (page.type === 'link') return false;
  page.url = wanted ?? `/${slug(page.name) || 'page'}/`;
  const clash = urlTaken(ctx, page, self);
  const base = page.url.replace(/\/$/, '');
  for (let n = 1; urlTaken(ctx, page, self); n++) page.url = `${base}-${n}/`;
  return clash && wanted !== undefined && ctx.sw.page_url_clash === '207';
}

function settleHomepage(ctx, page) {
  if (!page.is_homepage || !ctx.sw.page_homepage_moves) return;
  const { pages } = ctx.fake.content;
  for (const other of pages.filter((p) => p.is_homepage && p.channel_id === page.channel_id && p.id !== page.id)) {
    pages.edit(other.id).is_homepage = false;
    pages.changed(other.id);
  }
}

/** Only what belongs to the type stays. */
function shaped(page) {
  const keep = ['id', ...EVERY, ...OF_TYPE[page.type]];
  const out = {};
  for (const k of keep) if (page[k] !== undefined || k in DEFAULTS) out[k] = page[k] ?? (page[k] === null ? null : DEFAULTS[k]);
  return out;
}

/** -> {row, clash} */
function create(ctx, body) {
  const given = checkBody(ctx, postSpec, body);
  const { pages } = ctx.fake.content;
  if (given.type === 'blog') throw invalid('A page of the type blog can only be created in the control panel');
  if (pages.size >= LIMIT) throw refuse(403, `A store has at most ${LIMIT} web pages.`);
  const page = { ...DEFAULTS, body: undefined, channel_id: 1, ...given };
  checkReferences(ctx, page, null);
  const clash = settleUrl(ctx, page, given.url, null);
  page.id = pages.takeId();
  const row = pages.add(shaped(page));
  settleHomepage(ctx, row);
  return { row, clash };
}

function update(ctx, id, given) {
  const { content } = ctx.fake;
  const now = content.pages.get(id);
  if (!now) throw notFound(id);
  const { channel_id, ...rest } = given;
  if (rest.type === 'blog' && now.type !== 'blog') throw invalid('A page cannot become a page of the type blog');
  const page = { ...content.withBody(now), ...rest, id };
  if (rest.type === 'raw' && now.type !== 'raw' && rest.body === undefined) page.body = undefined;
  checkReferences(ctx, page, id);
  let clash = false;
  if (page.type !== 'link' && (rest.url !== undefined || page.url === undefined)) clash = settleUrl(ctx, page, rest.url, id);
  const row = content.pages.edit(id);
  for (const k of Object.keys(row)) if (k in fields) delete row[k];
  Object.assign(row, shaped(page));
  settleHomepage(ctx, row);
  return { row: content.pages.changed(id), clash };
}

const urlFailed = () =>
  errorBody({ status: 409, title: 'The page was saved, but its URL is taken', errors: { url: 'The URL is used by another page' } });

function one_(ctx, status, work) {
  const { row, clash } = work();
  return clash ? answer(207, { data: view(ctx, row), errors: urlFailed(), meta: {} }) : ok(view(ctx, row), status);
}

/** Every entry on its own; one bad entry makes the whole answer an error, the good ones are saved all the same. */
function batch(ctx, status, work) {
  if (!ctx.body.length) throw invalid('an array of pages is required');
  const done = [];
  let failure = null;
  for (const item of ctx.body) {
    try {
      done.push(work(item));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      failure ??= error;
    }
  }
  if (failure) throw failure;
  const data = done.map((d) => view(ctx, d.row));
  return done.some((d) => d.clash) ? answer(207, { data, errors: urlFailed(), meta: {} }) : ok(data, status);
}

function post(ctx) {
  if (Array.isArray(ctx.body)) return batch(ctx, 201, (item) => create(ctx, item));
  return one_(ctx, 201, () => create(ctx, ctx.body));
}

function putMany(ctx) {
  const change = (item) => {
    const given = checkBody(ctx, bulkPutSpec, item);
    return update(ctx, given.id, given);
  };
  if (Array.isArray(ctx.body)) return batch(ctx, 200, change);
  return one_(ctx, 200, () => change(ctx.body));
}

function removeMany(ctx) {
  const { q } = ctx;
  const { content } = ctx.fake;
  if (!q['id:in']) throw invalid('missing the required field: id');
  const missing = q['id:in'].filter((id) => !content.pages.has(id));
  for (const id of q['id:in']) content.removePage(id, { children: q.delete_children === true });
  if (missing.length) throw notFound(missing[0]);
  return noContent();
}

const PATH = '/v3/content/pages';
const about = { type: 'page', scope: 'content', badQuery: 400 };
const INCLUDE = { include: { list: ['body'] } };
const LIST = { ...PAGE, ...INCLUDE, channel_id: 'int', 'id:in': 'ints', name: 'str', 'name:like': 'str' };
export const pageRoutes = () => [
  route('GET', PATH, { ...about, query: LIST }, listPages),
  route('POST', PATH, { ...about, body: 'json', query: INCLUDE }, post),
  route('PUT', PATH, { ...about, body: 'json', query: INCLUDE }, putMany),
  route('DELETE', PATH, { ...about, query: { 'id:in': 'ints', delete_children: 'bool' } }, removeMany),
  route('GET', `${PATH}/{page_id}`, { ...about, query: LIST }, getPage),
  route('PUT', `${PATH}/{page_id}`, { ...about, body: 'json', query: INCLUDE }, (ctx) =>
    one_(ctx, 200, () => update(ctx, ctx.params.page_id, checkBody(ctx, putSpec, ctx.body))),
  ),
  route('DELETE', `${PATH}/{page_id}`, about, (ctx) => {
    if (!ctx.fake.content.removePage(ctx.params.page_id)) throw notFound(ctx.params.page_id);
    return noContent();
  }),
];
