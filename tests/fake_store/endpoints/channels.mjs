// Channels (V3) and sites (reading). Promises: fixed pairs of platform and type, fixed statuses per type, one name per platform and type, a deleted
// channel cannot be changed, there is no DELETE; sites page with offset, limit and total_items.

import { Refusal, ok } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE } from '../query.mjs';
import { paged } from '../paging.mjs';
import { accept, str, bool, one, obj, any } from '../validate.mjs';
import { Raw } from '../json_text.mjs';
import { zulu } from '../state/channels.mjs';
import { dated, dateTest } from './listing.mjs';

const STATUSES = ['prelaunch', 'active', 'inactive', 'connected', 'disconnected', 'archived', 'deleted', 'terminated'];
const TYPES = ['marketplace', 'marketing', 'pos', 'storefront'];
const AVAILABLE = ['prelaunch', 'active', 'inactive', 'connected'];

const OF_TYPE = {
  pos: 'clover square stripe talech vend custom',
  marketplace:
    'amazon belk catch ebay etsy facebook hudsons_bay google instagram macys meta mirakl overstock pinterest target_plus tiktok wayfair wish walmart custom',
  marketing: 'facebook google google_shopping instagram meta microsoft custom',
  storefront: 'acquia bigcommerce bloomreach catalyst deity drupal gatsby next vue wordpress custom',
};
const WRITABLE_STATUSES = {
  storefront: ['prelaunch', 'active', 'inactive', 'archived', 'deleted'],
  other: ['connected', 'disconnected', 'archived', 'deleted'],
};

const fields = {
  external_id: str(),
  is_listable_from_ui: bool,
  is_visible: bool,
  status: one(...STATUSES),
  name: str(1, 255),
};
const postSpec = obj({ ...fields, type: one(...TYPES), platform: str(1) }, ['name', 'type', 'platform']);
const putSpec = obj({ ...fields, type: any, platform: any }, []);

export const siteIds = (ctx) => ctx.fake.channels.sites.map((s) => s.id);
export const siteUrl = (ctx, id) => ctx.fake.channels.sites.find((s) => s.id === id)?.url ?? '';

function view(ctx, channel) {
  const raw = ctx.fake.raws.get(`channels:${channel.id}`);
  if (raw) return new Raw(raw);
  return ctx.q.include ? { ...channel, currencies: ctx.fake.channels.currenciesOf(channel) } : channel;
}

function listChannels(ctx) {
  const { q, cat } = ctx;
  let rows = [...cat.channels.values()];
  if (q['status:in']) rows = rows.filter((c) => q['status:in'].includes(c.status));
  else if (ctx.sw.channels_default_list === 'without_deleted') rows = rows.filter((c) => !['deleted', 'terminated'].includes(c.status));
  if (q['type:in']) rows = rows.filter((c) => q['type:in'].includes(c.type));
  if (q['platform:in']) rows = rows.filter((c) => q['platform:in'].includes(c.platform));
  if (q.available !== undefined) rows = rows.filter((c) => AVAILABLE.includes(c.status) === q.available);
  rows = rows.filter(dateTest(q, ['date_created', 'date_modified']));
  return paged(ctx, rows.length, (o, n) => rows.slice(o, o + n).map((c) => view(ctx, c)));
}

function channelOf(ctx) {
  const c = ctx.cat.channels.get(ctx.params.channel_id);
  if (!c) throw new Refusal(404, 'The requested entity was not found.');
  return c;
}

function check(ctx, channel, given, conflict) {
  const { name, platform, type } = channel;
  if (!OF_TYPE[type].split(' ').includes(platform))
    throw new Refusal(422, `Input channel type [${type}] with platform [${platform}] is not supported`);
  if (given.name !== undefined && !/^[A-Za-z0-9 _-]+$/.test(given.name))
    throw new Refusal(422, 'Only latin alphabet letters, arabic numerals, dash and underscore are allowed to be used as channel name.');
  const statuses = WRITABLE_STATUSES[type === 'storefront' ? type : 'other'];
  if (given.status !== undefined && !statuses.includes(given.status))
    throw new Refusal(422, `The status ${given.status} is not possible for a channel of the type ${type}`, { status: 'not possible' });
  const twin = [...ctx.cat.channels.values()].find(
    (c) => c.id !== channel.id && c.name === name && c.platform === platform && c.type === type && c.status !== 'terminated',
  );
  if (twin && conflict)
    throw new Refusal(Number(conflict), `Channel already exists with name: "${name}", platform: "${platform}", and type: "${type}"`);
}

function post(ctx) {
  const given = accept(postSpec, ctx.body, ctx.sw);
  const at = zulu(ctx.clock);
  const { channels } = ctx.fake;
  const channel = {
    name: given.name,
    type: given.type,
    platform: given.platform,
    external_id: given.external_id ?? '',
    status: given.status ?? (given.type === 'storefront' ? 'prelaunch' : 'connected'),
    is_listable_from_ui: given.is_listable_from_ui ?? true,
    is_visible: given.is_visible ?? true,
    is_enabled: true,
    icon_url: `https://cdn.example.com/${given.platform}.svg`,
    date_created: at,
    date_modified: at,
  };
  check(ctx, channel, given, ctx.sw.channel_post_conflict === 'accept' ? null : ctx.sw.channel_post_conflict);
  channel.id = channels.takeId();
  ctx.cat.channels.set(channel.id, channel);
  return ok(channel);
}

function put(ctx) {
  const channel = channelOf(ctx);
  const { type, platform, ...given } = accept(putSpec, ctx.body, ctx.sw);
  if ((type !== undefined || platform !== undefined) && ctx.sw.channel_put_type === 'reject') {
    const text = (f) => `The field '${f}' can not be updated after channel is created.`;
    const errors = {};
    if (type !== undefined) errors.type = text('type');
    if (platform !== undefined) errors.platform = text('platform');
    throw new Refusal(422, `The following fields are invalid: ${Object.keys(errors).join(', ')}`, errors);
  }
  if (['deleted', 'terminated'].includes(channel.status))
    throw new Refusal(
      422,
      'A deleted channel cannot be updated. Channel can be restored within 90 days after deleting by contacting BigCommerce support team',
    );
  check(ctx, { ...channel, ...given }, given, 409);
  Object.assign(channel, given, { date_modified: zulu(ctx.clock) });
  return ok(channel);
}

function siteView(ctx, site) {
  const raw = ctx.fake.raws.get(`sites:${site.id}`);
  return raw ? new Raw(raw) : site;
}

function listSites(ctx) {
  const { q } = ctx;
  let rows = ctx.fake.channels.sites;
  if (q['channel_id:in']) rows = rows.filter((s) => q['channel_id:in'].includes(s.channel_id));
  if (q['url_type:in']) rows = rows.filter((s) => s.urls.some((u) => q['url_type:in'].includes(u.type)));
  const answered = paged(ctx, rows.length, (o, n) => rows.slice(o, o + n).map((s) => siteView(ctx, s)));
  const { per_page, current_page, total } = answered.body.meta.pagination;
  answered.body.meta.pagination = { offset: (current_page - 1) * per_page, limit: per_page, total_items: total };
  return answered;
}

function getSite(ctx) {
  const site = ctx.fake.channels.sites.find((s) => s.id === ctx.params.site_id);
  if (!site) throw new Refusal(404, 'The requested resource was not found.');
  return ok(siteView(ctx, site));
}

const about = { type: 'channel', scope: 'channels' };
const sites = { type: 'site', scope: 'sites' };
const INCLUDE = { include: ['currencies'] };
export const channelRoutes = () => [
  route(
    'GET',
    '/v3/channels',
    {
      ...about,
      query: {
        ...PAGE,
        ...INCLUDE,
        available: 'bool',
        'status:in': { list: STATUSES },
        'type:in': { list: TYPES },
        'platform:in': 'strs',
        ...dated('date_created'),
        ...dated('date_modified'),
      },
    },
    listChannels,
  ),
  route('POST', '/v3/channels', { ...about, body: 'json' }, post),
  route('GET', '/v3/channels/{channel_id}', { ...about, query: INCLUDE }, (ctx) => ok(view(ctx, channelOf(ctx)))),
  route('PUT', '/v3/channels/{channel_id}', { ...about, body: 'json' }, put),
  route('GET', '/v3/sites', { ...sites, query: { ...PAGE, 'channel_id:in': 'ints', 'url_type:in': 'strs' } }, listSites),
  route('GET', '/v3/sites/{site_id}', sites, getSite),
];
