// Seeded channels beyond the first two, their currencies and sites. Promises: channel 1 and 2 are as they always were; the others are of every
// type and in every state, deleted ones included.

import { Random } from './random.mjs';
import { seedChannels } from './groups.mjs';

const KINDS = [
  ['Amazon', 'marketplace', 'amazon', 'connected'],
  ['Headless_EU', 'storefront', 'next', 'prelaunch'],
  ['Shop-till', 'pos', 'square', 'connected'],
  ['Old_eBay', 'marketplace', 'ebay', 'deleted'],
  ['Meta_ads', 'marketing', 'meta', 'disconnected'],
  ['Closed_store', 'storefront', 'bigcommerce', 'archived'],
  ['Gone_store', 'storefront', 'custom', 'terminated'],
  ['TikTok', 'marketplace', 'tiktok', 'connected'],
];

export function allChannels(env, count) {
  const out = seedChannels();
  for (let i = 2; i < count; i++) {
    const r = new Random(env.seed, i, 331);
    const [name, type, platform, status] = KINDS[(i - 2) % KINDS.length];
    const round = Math.floor((i - 2) / KINDS.length);
    out.push({
      id: 664000 + i * 7,
      name: round ? `${name}-${round}` : name,
      type,
      platform,
      external_id: r.chance(0.5) ? '' : `ext-${r.hex(6)}`,
      status,
      is_listable_from_ui: r.chance(0.8),
      is_visible: r.chance(0.9),
      is_enabled: status === 'connected' || status === 'active',
      icon_url: `https://cdn.example.com/${platform}.svg`,
      date_created: `202${i % 5}-03-04T10:0${i % 10}:00Z`,
      date_modified: `2024-0${1 + (i % 9)}-11T08:30:00Z`,
    });
  }
  return out;
}

export function channelCurrencies(channel) {
  const enabled = channel.id % 3 === 2 ? ['USD', 'EUR'] : ['USD'];
  return { channel_id: channel.id, enabled_currencies: enabled, default_currency: 'USD' };
}

/** Storefronts have a site; the first one is 1000. */
export function seedSites(env, channels) {
  const at = '2018-08-15T14:53:23.000Z';
  return channels
    .filter((c) => c.type === 'storefront')
    .map((c, n) => {
      const url = n ? `https://shop${n}.example.com` : `https://store-${env.storeHash}.mybigcommerce.com`;
      const row = (type, address) => ({ url: address, type, created_at: '2018-08-15T14:53:23Z', updated_at: '2023-02-01T09:00:00Z' });
      return {
        id: 1000 + n,
        url,
        channel_id: c.id,
        created_at: at,
        updated_at: at,
        ssl_status: 'dedicated',
        urls: [row('primary', url), row('canonical', `https://store-${env.storeHash}-${c.id}.mybigcommerce.com`)],
        is_checkout_url_customized: false,
      };
    });
}
