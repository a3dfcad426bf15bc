// Blog posts (V2). Promises: newest first, at most 50 pages, published_date read as an object and written as an RFC 2822 text, a write without
// is_published unpublishes, a taken URL is a 207, the DELETE of a page of posts is refused.

import { Refusal, answer, noContent } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE } from '../query.mjs';
import { pagedV2, acceptV2, rfc2822Seconds } from '../v2.mjs';
import { str, bool, list, obj, readOnly } from '../validate.mjs';
import { Raw } from '../json_text.mjs';
import { slug } from '../seed/texts.mjs';

const MAX_PAGE = 50;

const spec = obj(
  {
    id: readOnly,
    title: str(1),
    url: str(1, 1024),
    preview_url: readOnly,
    body: str(1),
    tags: list(str(1)),
    summary: readOnly,
    is_published: bool,
    published_date: str(1),
    published_date_iso8601: readOnly,
    meta_description: str(),
    meta_keywords: str(),
    author: str(),
    thumbnail_path: str(),
  },
  ['title', 'body'],
);

function view(ctx, post) {
  const raw = ctx.fake.raws.get(`blog_posts:${post.id}`);
  return raw ? new Raw(raw) : post;
}

function listPosts(ctx) {
  const { q } = ctx;
  const { content } = ctx.fake;
  if ((q.page ?? 1) > MAX_PAGE) throw new Refusal(400, `The field 'page' is invalid: it may be at most ${MAX_PAGE}.`);
  let ids = content.postOrder();
  const keep = (test) => {
    ids = ids.filter((id) => test(content.posts.get(id)));
  };
  if (q.is_published !== undefined) keep((p) => p.is_published === q.is_published);
  if (q.url !== undefined) keep((p) => p.url === q.url);
  if (q.tag !== undefined) keep((p) => p.tags.includes(q.tag));
  if (q.published_date !== undefined) ids = ids.filter((id) => content.postTime(id) === q.published_date);
  return pagedV2(ctx, ids.length, (o, n) => ids.slice(o, o + n).map((id) => view(ctx, content.posts.get(id))));
}

function postOf(ctx) {
  const post = ctx.fake.content.posts.get(ctx.params.id);
  if (!post) throw new Refusal(404, 'The requested resource was not found.');
  return post;
}

function accepted(ctx) {
  if (ctx.body?.published_date !== undefined && rfc2822Seconds(ctx.body.published_date) === null)
    throw new Refusal(400, "The field 'published_date' is invalid: an RFC 2822 date is needed.");
  return acceptV2(spec, ctx.body);
}

/** -> true when the wanted url is another post's: the post is saved without it. */
function settleUrl(ctx, post, wanted) {
  const { posts } = ctx.fake.content;
  const taken = (url) => {
    const owner = posts.find('url', url);
    return owner !== null && owner !== post.id;
  };
  if (wanted !== undefined && !taken(wanted)) {
    post.url = wanted;
    return false;
  }
  if (post.url && wanted !== undefined) return true;
  const base = `/blog/${slug(post.title) || 'post'}`;
  post.url = `${base}/`;
  for (let n = 1; taken(post.url); n++) post.url = `${base}-${n}/`;
  return wanted !== undefined;
}

const saved = (ctx, post, clash) =>
  clash ? answer(207, { status: 207, message: 'The post was saved, but its URL is used by another post.' }) : answer(200, view(ctx, post));

function create(ctx) {
  const given = accepted(ctx);
  const { content } = ctx.fake;
  const post = {
    id: content.posts.takeId(),
    title: given.title,
    url: '',
    preview_url: '',
    body: given.body,
    tags: given.tags ?? [],
    summary: '',
    is_published: given.is_published ?? false,
    published_date: null,
    published_date_iso8601: '',
    meta_description: given.meta_description ?? '',
    meta_keywords: given.meta_keywords ?? '',
    author: given.author ?? '',
    thumbnail_path: given.thumbnail_path ?? '',
  };
  const clash = settleUrl(ctx, post, given.url);
  content.finishPost(post, given.published_date === undefined ? ctx.clock.seconds() : rfc2822Seconds(given.published_date));
  return saved(ctx, content.posts.add(post), clash);
}

function update(ctx) {
  postOf(ctx);
  const { published_date: date, url, ...given } = accepted(ctx);
  const { content } = ctx.fake;
  const post = content.posts.edit(ctx.params.id);
  Object.assign(post, { is_published: false }, given);
  const clash = url !== undefined && settleUrl(ctx, post, url);
  content.finishPost(post, date === undefined ? undefined : rfc2822Seconds(date));
  return saved(ctx, content.posts.changed(post.id), clash);
}

function tags(ctx) {
  const found = new Map();
  for (const post of ctx.fake.content.posts.rows()) for (const tag of post.tags) found.set(tag, [...(found.get(tag) ?? []), post.id]);
  const rows = [...found].map(([tag, post_ids]) => ({ tag, post_ids }));
  return rows.length ? answer(200, rows) : noContent();
}

const PATH = '/v2/blog/posts';
const about = { type: 'blog_post', scope: 'content' };
export const blogPostRoutes = () => [
  route('GET', PATH, { ...about, query: { ...PAGE, is_published: 'bool', url: 'str', tag: 'str', published_date: 'date' } }, listPosts),
  route('POST', PATH, { ...about, body: 'json' }, create),
  route('DELETE', PATH, { ...about, query: PAGE }, () => {
    throw new Refusal(400, 'This store refuses to delete a page of blog posts.');
  }),
  route('GET', `${PATH}/count`, about, (ctx) => answer(200, { count: ctx.fake.content.posts.size })),
  route('GET', `${PATH}/{id}`, about, (ctx) => answer(200, view(ctx, postOf(ctx)))),
  route('PUT', `${PATH}/{id}`, { ...about, body: 'json' }, update),
  route('DELETE', `${PATH}/{id}`, about, (ctx) => {
    ctx.fake.content.posts.remove(ctx.params.id);
    return noContent();
  }),
  route('GET', '/v2/blog/tags', about, tags),
];
