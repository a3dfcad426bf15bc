// GET /v2/time and /v2/store. Promises: the shapes of the store information file.

import { answer } from '../answers.mjs';
import { route } from '../router.mjs';

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

export const storeRoutes = () => [
  route('GET', '/v2/time', { type: 'time', scope: 'information' }, (ctx) => answer(200, { time: ctx.clock.seconds() })),
  route('GET', '/v2/store', { type: 'store', scope: 'information' }, storeInformation),
];
