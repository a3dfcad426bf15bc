// The content part of the contract traffic: pages, blog posts, redirects, channels, sites. Called by drive_store.mjs with its helpers; states for
// each call the status it must have.

export async function driveContent({ call, get, state }) {
  // ---- pages
  const P = '/v3/content/pages';
  for (let page = 1; page <= 2; page++) await get(`${P}?limit=30&page=${page}&include=body`);
  await get(`${P}?channel_id=1&name:like=us`);
  const pages = await state('pages');
  await get(`${P}?id:in=${pages.slice(0, 3)}`);
  await get(`${P}/${pages[0]}?include=body`);
  await get(`${P}/999999`, 404);
  const page = { name: 'Contract page', type: 'page', body: '<p>Hello</p>', channel_id: 1, url: '/contract-page/', meta_title: 'T' };
  const made = await call('POST', `${P}?include=body`, page, 201);
  const parent = made.data.id;
  await call('POST', P, page, 422);
  await call('POST', P, { ...page, name: 'Contract page 2' }, 207);
  await call('POST', P, { name: 'Contract blog', type: 'blog' }, 422);
  await call('POST', P, { name: 'Contract raw', type: 'raw' }, 422);
  const several = await call(
    'POST',
    P,
    [
      { name: 'Contract form', type: 'contact_form', parent_id: parent, email: 'form@example.com', contact_fields: 'fullname,phone' },
      { name: 'Contract raw', type: 'raw', body: '<b>x</b>', parent_id: parent },
      { name: 'Contract link', type: 'link', link: 'https://example.com/', parent_id: parent },
    ],
    201,
  );
  const [form, raw, link] = several.data.map((p) => p.id);
  await call('PUT', `${P}/${form}?include=body`, { search_keywords: 'one two' });
  await call('PUT', P, [
    { id: raw, is_visible: false },
    { id: link, sort_order: 4 },
  ]);
  await call('PUT', `${P}/999999`, { name: 'x' }, 404);
  await call('DELETE', `${P}/${link}`, undefined, 204);
  await call('DELETE', `${P}?id:in=${parent}&delete_children=true`, undefined, 204);
  await call('DELETE', `${P}?id:in=${parent}`, undefined, 404);

  // ---- blog
  const B = '/v2/blog/posts';
  for (let n = 1; n <= 2; n++) await get(`${B}?limit=20&page=${n}`);
  await get(`${B}?is_published=false&tag=news`, [200, 204]);
  await get(`${B}?limit=250&page=50`, 204);
  await get(`${B}/count`);
  await get('/v2/blog/tags');
  const posts = await state('blog_posts');
  await get(`${B}/${posts[0]}`);
  await get(`${B}/999999`, 404);
  const post = {
    title: 'Contract post',
    body: '<p>x</p>',
    is_published: true,
    tags: ['a'],
    published_date: 'Wed, 10 Aug 2022 15:39:15 -0500',
  };
  const { id } = await call('POST', B, { ...post, url: '/blog/contract/' });
  await call('POST', B, { ...post, url: '/blog/contract/' }, 207);
  await call('PUT', `${B}/${id}`, { ...post, author: 'Jane' });
  await call('DELETE', `${B}/${id}`, undefined, 204);

  // ---- redirects
  const R = '/v3/storefront/redirects';
  for (let n = 1; n <= 2; n++) await get(`${R}?limit=50&page=${n}&include=to_url&sort=id&direction=asc`);
  const redirects = await state('redirects');
  await get(`${R}?id:in=${redirects.slice(0, 3)}`);
  await get(`${R}?id:min=${redirects[5]}&id:max=${redirects[9]}&site_id=1000&keyword=old&sort=from_path&direction=desc`);
  const up = await call('PUT', R, [{ site_id: 1000, from_path: '/contract-old', to: { type: 'url', url: '/new/' } }], 201);
  await call('PUT', R, [{ site_id: 1000, from_path: '/contract-old', to: { type: 'page', entity_id: pages[0] } }], 201);
  await call('PUT', R, [{ site_id: 7, from_path: '/x', to: { type: 'url', url: '/new/' } }], 422);
  await call('DELETE', `${R}?id:in=${up.data[0].id}`, undefined, 204);

  // ---- channels, sites, tax classes
  const C = '/v3/channels';
  await get(`${C}?include=currencies&limit=250`);
  const statuses = 'prelaunch,active,inactive,connected,disconnected,archived,deleted,terminated';
  await get(`${C}?status:in=${statuses}&type:in=storefront,pos&available=false&date_modified:min=2018-01-01T00:00:00Z`);
  await get(`${C}/1?include=currencies`);
  await get(`${C}/99`, 404);
  const { data: channel } = await call('POST', C, { name: 'Contract_till', type: 'pos', platform: 'square', status: 'connected' });
  await call('POST', C, { name: 'Contract_till', type: 'pos', platform: 'square' }, 409);
  await call('POST', C, { name: 'Contract', type: 'pos', platform: 'amazon' }, 422);
  await call('PUT', `${C}/${channel.id}`, { name: 'Contract_till_2', external_id: 'x' });
  await call('PUT', `${C}/${channel.id}`, { status: 'deleted' });
  await call('PUT', `${C}/${channel.id}`, { status: 'connected' }, 422);
  await get('/v3/sites?limit=50');
  await get('/v3/sites?channel_id:in=1&url_type:in=primary');
  await get('/v3/sites/1000');
  await get('/v3/sites/9', 404);
  await get('/v2/tax_classes?page=1&limit=250');
  await get('/v2/tax_classes/2');
}
