// Metafields of channels and locations, by the rules of endpoints/metafields.mjs.

import { metafieldRoutesOf } from './metafields.mjs';

export const fewMetafieldRoutes = () => [
  ...metafieldRoutesOf('channel', '/v3/channels/metafields', '/v3/channels/{channel_id}/metafields', 'channel_id', {
    scope: 'channels',
    shelf: (ctx) => ctx.fake.channelMetafields.shelf(),
  }),
  ...metafieldRoutesOf(
    'location',
    '/v3/inventory/locations/metafields',
    '/v3/inventory/locations/{location_id}/metafields',
    'location_id',
    { scope: 'locations', shelf: (ctx) => ctx.fake.locationMetafields.shelf() },
  ),
];
