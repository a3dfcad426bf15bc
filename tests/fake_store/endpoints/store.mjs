// GET /v2/time, /v2/store and the channels (read only). Promises: the shapes of the store information and channel files.

import { Refusal, ok, answer } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE } from '../query.mjs';
import { paged } from '../paging.mjs';

const STATUSES = ['prelaunch', 'active', 'inactive', 'connected', 'disconnected', 'archived', 'deleted', 'terminated'];

function storeInformation(ctx) {
  const hash = ctx.fake.options.storeHash;
  return answer(200, {
    id: hash,
    account_uuid: '8d4d492f-17a1-4d95-b396-e1c5720815a5',
    domain: `store-${hash}.mybigcommerce.com`,
    secure_url: `https://store-${hash}.mybigcommerce.com`,
    control_panel_base_url: `https://store-${hash}.mybigcommerce.com`,
    status: 'live',
    name: 'Simulated store',
    first_name: 'Jane',
    last_name: 'Doe',
    address: '1 Main St',
    country: 'United States',
    country_code: 'US',
    infrastructure_region: 'us-central1',
    phone: '555-123-4567',
    admin_email: 'jane@example.com',
    order_email: 'orders@example.com',
    favicon_url: '',
    timezone: {
      name: 'America/Chicago',
      raw_offset: -21600,
      dst_offset: -18000,
      dst_correction: true,
      date_format: { display: 'M jS Y', export: 'M jS Y', extended_display: 'M jS Y @ g:i A' },
    },
    language: 'en',
    currency: 'USD',
    currency_symbol: '$',
    decimal_separator: '.',
    thousands_separator: ',',
    decimal_places: 2,
    currency_symbol_location: 'left',
    weight_units: 'Ounces',
    dimension_units: 'Inches',
    dimension_decimal_places: 2,
    dimension_decimal_token: '.',
    dimension_thousands_token: ',',
    plan_name: 'Enterprise',
    plan_level: 'Enterprise',
    plan_is_trial: false,
    industry: 'Other',
    logo: [],
    is_price_entered_with_tax: false,
    store_id: 1002003004,
    default_channel_id: 1,
    default_site_id: 1000,
    active_comparison_modules: [],
    features: {
      stencil_enabled: true,
      sitewidehttps_enabled: true,
      facebook_catalog_id: '',
      checkout_type: 'optimized',
      wishlists_enabled: true,
      graphql_storefront_api_enabled: true,
      shopper_consent_tracking_enabled: false,
      multi_storefront_enabled: true,
      storefront_limits: { active: 3, total_including_inactive: 4 },
    },
  });
}

function listChannels(ctx) {
  const { q, cat } = ctx;
  let rows = [...cat.channels.values()];
  if (q['status:in']) rows = rows.filter((c) => q['status:in'].includes(c.status));
  if (q['type:in']) rows = rows.filter((c) => q['type:in'].includes(c.type));
  if (q['platform:in']) rows = rows.filter((c) => q['platform:in'].includes(c.platform));
  if (q.available !== undefined) rows = rows.filter((c) => ['active', 'prelaunch', 'connected'].includes(c.status) === q.available);
  for (const f of ['date_created', 'date_modified']) {
    const at = (c) => Date.parse(c[f]) / 1000;
    if (q[f] !== undefined) rows = rows.filter((c) => at(c) === q[f]);
    if (q[f + ':min'] !== undefined) rows = rows.filter((c) => at(c) >= q[f + ':min']);
    if (q[f + ':max'] !== undefined) rows = rows.filter((c) => at(c) <= q[f + ':max']);
  }
  const view = (c) => (q.include ? { ...c, currencies: { channel_id: c.id, enabled_currencies: ['USD'], default_currency: 'USD' } } : c);
  return paged(ctx, rows.length, (o, n) => rows.slice(o, o + n).map(view));
}

function getChannel(ctx) {
  const c = ctx.cat.channels.get(ctx.params.channel_id);
  if (!c) throw new Refusal(404);
  return ok(c);
}

export const storeRoutes = () => [
  route('GET', '/v2/time', { type: 'time', scope: 'information' }, (ctx) => answer(200, { time: ctx.clock.seconds() })),
  route('GET', '/v2/store', { type: 'store', scope: 'information' }, storeInformation),
  route(
    'GET',
    '/v3/channels',
    {
      type: 'channel',
      scope: 'channels',
      query: {
        ...PAGE,
        include: ['currencies'],
        available: 'bool',
        'status:in': { list: STATUSES },
        'type:in': { list: ['marketplace', 'marketing', 'pos', 'storefront'] },
        'platform:in': 'strs',
        date_created: 'date',
        'date_created:min': 'date',
        'date_created:max': 'date',
        date_modified: 'date',
        'date_modified:min': 'date',
        'date_modified:max': 'date',
      },
    },
    listChannels,
  ),
  route('GET', '/v3/channels/{channel_id}', { type: 'channel', scope: 'channels', query: { include: ['currencies'] } }, getChannel),
];
