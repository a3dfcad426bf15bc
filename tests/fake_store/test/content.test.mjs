// Pages, blog posts, redirects, channels, sites, tax classes.

import test from 'node:test';
import assert from 'node:assert/strict';
import { openStore } from './open_store.mjs';

const store = await openStore({ pages: 120, blogPosts: 90, redirects: 300, channels: 9 });
const P = '/v3/content/pages';
const B = '/v2/blog/posts';
const R = '/v3/storefront/redirects';

async function allPages(path, key = (x) => x) {
  const out = [];
  for (let page = 1; ; page++) {
    const r = await store.get(`${path}&page=${page}`);
    if (r.status === 204) return out;
    const rows = Array.isArray(r.body) ? r.body : r.body.data;
    if (!rows.length) return out;
    out.push(...rows.map(key));
  }
}

test('pages: the body comes with include=body only, every type occurs, parents exist in the same channel', async () => {
  const bare = await allPages(`${P}?limit=50`);
  const full = await allPages(`${P}?limit=50&include=body`);
  assert.equal(bare.length, 120);
  assert.ok(bare.every((p) => !('body' in p)));
  assert.deepEqual(new Set(full.map((p) => p.type)), new Set(['page', 'raw', 'contact_form', 'link', 'blog']));
  assert.ok(full.every((p) => 'body' in p === (p.type !== 'link')));
  const byId = new Map(full.map((p) => [p.id, p]));
  const children = full.filter((p) => p.parent_id);
  assert.ok(children.length > 20);
  for (const c of children) assert.equal(byId.get(c.parent_id)?.channel_id, c.channel_id);
  assert.ok(
    children.some((c) => byId.get(c.parent_id).parent_id),
    'three levels',
  );
});

test('pages: unknown parameters are a 400, the filters hold for a single page too', async () => {
  assert.equal((await store.get(`${P}?sort=name`)).status, 400);
  const { body } = await store.get(`${P}?limit=1`);
  const { id, channel_id } = body.data[0];
  assert.equal((await store.get(`${P}/${id}?channel_id=${channel_id}`)).status, 200);
  const other = await store.get(`${P}/${id}?channel_id=${channel_id + 1}`);
  assert.equal(other.status, 404);
  assert.equal(other.headers['content-type'], 'application/problem+json');
  assert.equal(other.body.title, `A Page was not found with an ID of ${id}`);
  assert.deepEqual((await store.get(`${P}?id:in=999999`)).body.data, []);
});

test('pages: object in object out, a bad entry of a list is a 422 that saved the good ones', async () => {
  const one = await store.post(P, { name: 'Lonely', type: 'page' });
  assert.deepEqual([one.status, Array.isArray(one.body.data), one.body.data.url], [201, false, '/lonely/']);
  assert.equal(one.body.data.body, undefined);
  const many = await store.post(`${P}?include=body`, [{ name: 'First of two', type: 'raw', body: 'x' }]);
  assert.deepEqual([many.status, many.body.data[0].body], [201, 'x']);
  const mixed = await store.post(P, [
    { name: 'Good one', type: 'page' },
    { name: 'Raw without', type: 'raw' },
    { name: 'Good two', type: 'link', link: 'https://example.com' },
  ]);
  assert.deepEqual([mixed.status, mixed.body.detail], [422, 'missing the required field: body']);
  const names = (await allPages(`${P}?limit=250`)).map((p) => p.name);
  assert.ok(names.includes('Good one') && names.includes('Good two') && !names.includes('Raw without'));
  assert.equal((await store.post(P, { name: 'A blog', type: 'blog' })).status, 422);
  assert.equal((await store.post(P, { name: 'Child', type: 'page', parent_id: 999999 })).status, 422);
  assert.equal((await store.post(P, { type: 'page' })).body.detail, 'missing the required field: name');
});

test('pages: names are unique per channel, in the store, or not at all', async () => {
  const post = async (more) => (await store.post(P, { name: 'Twin', type: 'page', ...more })).status;
  assert.equal(await post({}), 201);
  assert.equal(await post({ name: 'TWIN' }), 422);
  assert.equal(await post({ channel_id: 2 }), 201);
  store.switch('page_name_unique', 'store');
  assert.equal(await post({ channel_id: 664014 }), 422);
  store.switch('page_name_unique', 'no');
  assert.equal(await post({ url: '/twin-2/' }), 201);
  store.switch('page_name_unique', 'channel');
});

test('pages: a taken URL is a 207 with another one, or silently another one', async () => {
  const taken = { name: 'Url owner', type: 'page', url: '/taken/' };
  assert.equal((await store.post(P, taken)).status, 201);
  const second = await store.post(P, { ...taken, name: 'Url seeker' });
  assert.deepEqual([second.status, second.body.data.url, second.body.errors.status], [207, '/taken-1/', 409]);
  const product = store.find((r) => r.row.custom_url.url);
  assert.equal((await store.post(P, { ...taken, name: 'Like a product', url: product.row.custom_url.url })).status, 207);
  store.switch('page_url_clash', 'renamed');
  assert.equal((await store.put(`${P}/${second.body.data.id}`, { url: '/taken/' })).status, 200);
  store.switch('page_url_clash', '207');
});

test('pages: deleting a parent hides its children at the top, or takes them along when asked', async () => {
  const tree = async (name) => {
    const { id } = (await store.post(P, { name, type: 'page' })).body.data;
    const child = (await store.post(P, { name: `${name} child`, type: 'page', parent_id: id })).body.data.id;
    return [id, child, (await store.post(P, { name: `${name} grandchild`, type: 'page', parent_id: child })).body.data.id];
  };
  const [a, aChild, aGrand] = await tree('Kept tree');
  assert.equal((await store.del(`${P}/${a}`)).status, 204);
  const { data } = (await store.get(`${P}/${aChild}`)).body;
  assert.deepEqual([data.parent_id, data.is_visible], [0, false]);
  assert.equal((await store.get(`${P}/${aGrand}`)).body.data.parent_id, aChild, 'only the immediate children move');
  const [b, bChild, bGrand] = await tree('Gone tree');
  assert.equal((await store.del(`${P}?id:in=${b}&delete_children=true`)).status, 204);
  for (const id of [b, bChild, bGrand]) assert.equal((await store.get(`${P}/${id}`)).status, 404);
  assert.equal((await store.del(`${P}/${aChild}?delete_children=true`)).status, 400, 'by id it knows no parameters');
});

test('pages: DELETE needs ids; a missing one is a 404 although the others are gone', async () => {
  const { id } = (await store.post(P, { name: 'To go', type: 'page' })).body.data;
  assert.equal((await store.del(P)).status, 422);
  assert.equal((await store.del(`${P}?id:in=${id},999999`)).status, 404);
  assert.equal((await store.get(`${P}/${id}`)).status, 404);
});

test('pages: an edit of a seeded page keeps its body; the type decides which fields there are; the channel stays', async () => {
  const seeded = (await store.get(`${P}?include=body&limit=250`)).body.data.find((p) => p.type === 'page' && p.body && p.id < 100);
  await store.put(P, [{ id: seeded.id, sort_order: 77, channel_id: 2 }]);
  const now = (await store.get(`${P}/${seeded.id}?include=body`)).body.data;
  assert.deepEqual([now.sort_order, now.body, now.channel_id], [77, seeded.body, seeded.channel_id]);
  await store.put(`${P}/${seeded.id}`, { type: 'link', link: 'https://example.com' });
  const link = (await store.get(`${P}/${seeded.id}?include=body`)).body.data;
  assert.deepEqual([link.link, 'body' in link, 'meta_title' in link], ['https://example.com', false, false]);
});

test('pages: the homepage flag moves from the other page of the channel', async () => {
  const [a, b] = (await store.get(`${P}?channel_id=1&limit=2`)).body.data.map((p) => p.id);
  await store.put(`${P}/${a}`, { is_homepage: true });
  await store.put(`${P}/${b}`, { is_homepage: true });
  assert.equal((await store.get(`${P}/${a}`)).body.data.is_homepage, false);
  store.switch('page_homepage_moves', false);
  await store.put(`${P}/${a}`, { is_homepage: true });
  assert.equal((await store.get(`${P}/${b}`)).body.data.is_homepage, true);
  store.switch('page_homepage_moves', true);
});

test('blog posts: bare arrays, newest first, 204 past the end, 400 past page 50', async () => {
  const rows = await allPages(`${B}?limit=40`);
  assert.equal(rows.length, 90);
  const dates = rows.map((p) => Date.parse(p.published_date_iso8601));
  assert.deepEqual(
    dates,
    [...dates].sort((a, b) => b - a),
  );
  assert.match(rows[0].published_date.date, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.000000$/);
  assert.deepEqual(Object.keys(rows[0].published_date), ['timezone_type', 'date', 'timezone']);
  const past = await store.get(`${B}?limit=250&page=2`);
  assert.deepEqual([past.status, past.bytes.length], [204, 0]);
  assert.equal((await store.get(`${B}?page=51`)).status, 400);
  assert.equal((await store.get(`${B}/count`)).body.count, 90);
  const error = await store.get(`${B}/999999`);
  assert.ok(Array.isArray(error.body) && error.body[0].status === 404 && typeof error.body[0].message === 'string');
  const drafts = await allPages(`${B}?limit=250&is_published=false`);
  assert.equal(drafts.length, rows.filter((p) => !p.is_published).length);
});

test('blog posts: dates are written as RFC 2822, read-only fields are a 400, a write without is_published unpublishes', async () => {
  const post = { title: 'Dated', body: '<p>x</p>', is_published: true, published_date: 'Wed, 10 Aug 2022 15:39:15 -0500' };
  const made = await store.post(B, post);
  assert.equal(made.status, 200);
  assert.deepEqual(made.body.published_date, { timezone_type: 3, date: '2022-08-10 20:39:15.000000', timezone: 'UTC' });
  const { id } = made.body;
  assert.equal((await store.put(`${B}/${id}`, { ...post, published_date: made.body.published_date })).status, 400);
  assert.equal((await store.put(`${B}/${id}`, { ...post, published_date: made.body.published_date_iso8601 })).status, 400);
  assert.equal((await store.put(`${B}/${id}`, { ...post, summary: 'x' })).status, 400);
  assert.equal((await store.put(`${B}/${id}`, { ...post, colour: 'x' })).status, 400);
  assert.equal((await store.put(`${B}/${id}`, { body: 'no title' })).status, 400);
  const put = await store.put(`${B}/${id}`, { title: 'Dated', body: '<p>new</p>' });
  assert.deepEqual([put.body.is_published, put.body.published_date.date], [false, '2022-08-10 20:39:15.000000']);
  assert.equal((await store.post(B, { title: 'Same', body: 'x', url: made.body.url })).status, 207);
  assert.equal((await store.del(B)).status, 400);
  assert.equal((await store.del(`${B}?limit=1`)).status, 400);
  assert.equal((await store.del(`${B}/${id}`)).status, 204);
});

test('blog posts: a raw item stands alone in a single answer', async () => {
  const [{ id }] = (await store.get(`${B}?limit=1`)).body;
  await store.control('PUT', `raw/blog_posts/${id}`, Buffer.from('{"id": 1.50, "id": 2}'));
  assert.equal((await store.get(`${B}/${id}`)).text, '{"id": 1.50, "id": 2}');
  assert.ok((await store.get(`${B}?limit=1`)).text.startsWith('[{"id": 1.50, "id": 2}'));
  await store.control('DELETE', `raw/blog_posts/${id}`);
});

test('redirects: to_url is included on request, PUT makes and overwrites by site and path', async () => {
  const rows = await allPages(`${R}?limit=100`);
  assert.equal(rows.length, 300);
  assert.ok(rows.every((d) => !('to_url' in d)));
  const shown = (await store.get(`${R}?limit=250&include=to_url`)).body.data;
  const product = shown.find((d) => d.to.type === 'product');
  assert.ok(product.to_url.endsWith(store.cat.record(product.to.entity_id).row.custom_url.url));
  const made = await store.put(R, [{ site_id: 1000, from_path: '/x', to: { type: 'url', url: '/y' } }]);
  assert.equal(made.status, 201);
  const [{ id }] = made.body.data;
  const again = await store.put(R, [{ site_id: 1000, from_path: '/x', to: { type: 'product', entity_id: product.to.entity_id } }]);
  assert.deepEqual(again.body.data, [{ id, site_id: 1000, from_path: '/x', to: { type: 'product', entity_id: product.to.entity_id } }]);
  const seeded = rows[17];
  const over = await store.put(R, [{ site_id: seeded.site_id, from_path: seeded.from_path, to: { type: 'url', url: '/over/' } }]);
  assert.equal(over.body.data[0].id, seeded.id);
  const put = async (row) => (await store.put(R, [row])).status;
  assert.equal(await put({ site_id: 5, from_path: '/x', to: { type: 'url', url: '/y' } }), 422);
  assert.equal(await put({ site_id: 1000, from_path: '/cart.php', to: { type: 'url', url: '/y' } }), 422);
  assert.equal(await put({ site_id: 1000, from_path: '/z', to: { type: 'brand', entity_id: 999999 } }), 422);
  assert.equal(await put({ site_id: 1000, from_path: '/z' }), 422);
});

test('redirects: filters, sorting, and a DELETE that needs ids', async () => {
  const ids = store.fake.content.redirects.ids.toArray();
  const range = (await store.get(`${R}?id:min=${ids[10]}&id:max=${ids[14]}`)).body.data.map((d) => d.id);
  assert.deepEqual(range, ids.slice(10, 15));
  const old = (await store.get(`${R}?keyword=old&limit=250`)).body.data;
  assert.ok(old.length && old.every((d) => d.from_path.startsWith('/old')));
  const down = (await store.get(`${R}?sort=from_path&direction=desc&limit=5`)).body.data.map((d) => d.from_path);
  assert.deepEqual(down, [...down].sort().reverse());
  assert.equal((await store.del(R)).status, 422);
  assert.equal((await store.del(`${R}?site_id=1000`)).status, 422);
  assert.equal((await store.del(`${R}?id:in=${ids[0]},999999`)).status, 204);
  assert.ok(!store.fake.content.redirects.has(ids[0]));
});

test('channels: pairs of type and platform, unique names, deleted ones stay as they are', async () => {
  const C = '/v3/channels';
  const rows = (await store.get(`${C}?include=currencies`)).body.data;
  assert.equal(rows.length, 9);
  assert.deepEqual(rows[1].currencies, { channel_id: 2, enabled_currencies: ['USD', 'EUR'], default_currency: 'USD' });
  assert.ok(rows.some((c) => c.status === 'deleted') && rows.some((c) => c.status === 'terminated'));
  store.switch('channels_default_list', 'without_deleted');
  assert.ok((await store.get(C)).body.data.every((c) => !['deleted', 'terminated'].includes(c.status)));
  assert.ok((await store.get(`${C}?status:in=deleted`)).body.data.length);
  store.switch('channels_default_list', 'all');
  const available = (await store.get(`${C}?available=true`)).body.data.map((c) => c.status);
  assert.ok(available.every((s) => ['prelaunch', 'active', 'inactive', 'connected'].includes(s)));
  assert.equal((await store.post(C, { name: 'Till', type: 'pos', platform: 'ebay' })).status, 422);
  assert.equal((await store.post(C, { name: 'Größe', type: 'pos', platform: 'square' })).status, 422);
  assert.equal((await store.post(C, { name: 'Till', type: 'pos', platform: 'square', status: 'active' })).status, 422);
  const { data } = (await store.post(C, { name: 'Till', type: 'pos', platform: 'square' })).body;
  assert.equal((await store.post(C, { name: 'Till', type: 'pos', platform: 'square' })).status, 409);
  const put = await store.put(`${C}/${data.id}`, { type: 'storefront', external_id: 'e', currencies: {} });
  assert.deepEqual([put.status, put.body.data.type, put.body.data.external_id], [200, 'pos', 'e']);
  store.switch('channel_put_type', 'reject');
  assert.equal((await store.put(`${C}/${data.id}`, { type: 'storefront' })).status, 422);
  store.switch('channel_put_type', 'ignore');
  assert.equal((await store.put(`${C}/${data.id}`, { status: 'deleted' })).status, 200);
  assert.equal((await store.put(`${C}/${data.id}`, { status: 'connected' })).status, 422);
  assert.equal((await store.del(`${C}/${data.id}`)).status, 405);
});

test('sites page with offset, limit and total_items; tax classes have text ids', async () => {
  const sites = (await store.get('/v3/sites?limit=2&page=2')).body;
  assert.deepEqual(sites.meta.pagination, { offset: 2, limit: 2, total_items: store.fake.channels.sites.length });
  assert.equal((await store.get('/v3/sites/1000')).body.data.channel_id, 1);
  const classes = (await store.get('/v2/tax_classes')).body;
  assert.deepEqual(
    classes.map((t) => t.id),
    ['1', '2', '3'],
  );
  assert.equal((await store.get('/v2/tax_classes/9')).status, 404);
});

test('control calls know the new types: edit, create, delete, raw, random edits', async () => {
  const { id } = await store.control('POST', 'create', { type: 'pages', fields: { name: 'Made by a merchant', body: '<i>b</i>' } });
  assert.equal((await store.get(`${P}/${id}?include=body`)).body.data.body, '<i>b</i>');
  await store.control('POST', 'edit', { type: 'pages', id, set: { body: 'new' } });
  assert.equal((await store.control('GET', `item/pages/${id}`)).body, 'new');
  assert.equal((await store.control('POST', 'delete', { type: 'pages', id })).deleted, true);
  const kinds = ['pages', 'blog_posts', 'redirects'].flatMap((t) => [`edit:${t}`, `create:${t}`, `delete:${t}`]);
  const { changes } = await store.control('POST', 'random_edits', { n: 60, seed: 3, kinds });
  assert.equal(changes.length, 60);
  for (const c of changes.filter((x) => x.type === 'redirects' && x.change === 'create'))
    assert.equal((await store.control('GET', 'state/redirects')).ids.includes(c.id), true);
  const { counts } = await store.control('GET', 'health');
  assert.equal(counts.blog_posts, (await store.get(`${B}/count`)).body.count);
});

test('scopes: content, channels and sites can be missing', async () => {
  await store.control('POST', 'deny', { list: ['content', 'sites:write', 'channel:write'] });
  const status = async (path) => (await store.get(path)).status;
  assert.deepEqual([await status(P), await status(B), await status(R)], [403, 403, 403]);
  assert.deepEqual([await status('/v3/channels'), await status('/v3/sites')], [200, 200]);
  assert.equal((await store.put('/v3/channels/1', { external_id: 'x' })).status, 403);
  await store.control('POST', 'deny', { list: [] });
});

test('listing troubles reach V2 lists: half of the pages, short pages, vanished ids', async () => {
  const whole = (await allPages(`${B}?limit=20`)).length;
  store.trouble({ path_regex: '^/v2/blog/posts$' }, { half_pages: true });
  assert.ok((await allPages(`${B}?limit=20`)).length < whole);
  store.fake.troubles.clear();
  const [{ id }] = (await store.get(`${P}?limit=1`)).body.data;
  store.trouble({ path_regex: '^/v3/content/pages' }, { vanish: [id] });
  assert.deepEqual((await store.get(`${P}?id:in=${id}`)).body.data, []);
  assert.equal((await store.get(`${P}/${id}`)).status, 404);
  store.fake.troubles.clear();
});
