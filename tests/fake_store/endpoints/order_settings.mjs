// Order settings, global and per channel. Promises: notifications at the top level of the answer, no data around them; global lists are never null, a
// channel overrides both lists or neither.

import { Refusal, answer } from '../answers.mjs';
import { route } from '../router.mjs';
import { accept, list, obj, orNull, str } from '../validate.mjs';

const KINDS = ['order_placed', 'forward_invoice'];
const address = str(3, 250);
const spec = (emails) =>
  obj({ notifications: obj(Object.fromEntries(KINDS.map((k) => [k, obj({ email_addresses: emails }, ['email_addresses'])]))) }, [
    'notifications',
  ]);
const globalSpec = spec(list(address));
const channelSpec = spec(orNull(list(address)));

function checkAddresses(notifications) {
  for (const k of KINDS)
    for (const text of notifications[k]?.email_addresses ?? [])
      if (!/^[^@\s]+@[^@\s]+$/.test(text))
        throw new Refusal(422, undefined, { [`notifications.${k}.email_addresses`]: 'an address is not a valid e-mail address' });
}

const shown = (notifications) => answer(200, { notifications, meta: {} });

function put(ctx) {
  const given = accept(globalSpec, ctx.body, ctx.sw);
  checkAddresses(given.notifications);
  const { settings } = ctx.fake.orders;
  for (const k of KINDS)
    if (given.notifications[k]) settings.notifications[k] = { email_addresses: given.notifications[k].email_addresses };
  return shown(settings.notifications);
}

function channelOf(ctx) {
  if (!ctx.cat.channels.has(ctx.params.channel_id)) throw new Refusal(404);
  return ctx.params.channel_id;
}
const none = () => Object.fromEntries(KINDS.map((k) => [k, { email_addresses: null }]));

function putChannel(ctx) {
  const channel = channelOf(ctx);
  const given = accept(channelSpec, ctx.body, ctx.sw);
  checkAddresses(given.notifications);
  const { channels } = ctx.fake.orders.settings;
  const next = { ...(channels.get(channel) ?? none()) };
  for (const k of KINDS) if (given.notifications[k]) next[k] = { email_addresses: given.notifications[k].email_addresses };
  const nulls = KINDS.filter((k) => next[k].email_addresses === null).length;
  if (nulls === 1)
    throw new Refusal(422, undefined, { notifications: 'both lists of e-mail addresses must be arrays, or both must be null' });
  channels.set(channel, next);
  return shown(next);
}

const about = { type: 'order_settings', scope: 'orders' };
export const orderSettingsRoutes = () => [
  route('GET', '/v3/orders/settings', about, (ctx) => shown(ctx.fake.orders.settings.notifications)),
  route('PUT', '/v3/orders/settings', { ...about, body: 'json' }, put),
  route('GET', '/v3/orders/settings/channels/{channel_id}', about, (ctx) =>
    shown(ctx.fake.orders.settings.channels.get(channelOf(ctx)) ?? none()),
  ),
  route('PUT', '/v3/orders/settings/channels/{channel_id}', { ...about, body: 'json' }, putChannel),
];
