// /v3/customers/{id}/consent and /v3/customers/settings (global and per channel). Promises: updated_at of a consent is the time of the call; the default
// and guest group of the settings are the groups that carry the flag; null in a channel's settings means inherited.

import { Refusal, answer, ok } from '../answers.mjs';
import { route } from '../router.mjs';
import { accept, str, int, bool, one, list, obj, orNull } from '../validate.mjs';
import { zStamp } from '../seed/customer.mjs';
import { flagGroup } from './customer_groups.mjs';

// ---- consent --------------------------------------------------------------------------------------
const PURPOSES = list(one('essential', 'functional', 'analytics', 'targeting'), 0, 4);
const consentSpec = obj({ allow: PURPOSES, deny: PURPOSES });

function recordOf(ctx) {
  const record = ctx.fake.customers.record(ctx.params.customer_id);
  if (!record) throw new Refusal(404, 'The customer does not exist.');
  return record;
}

function showConsent(ctx, { allow, deny }) {
  const body = { allow, deny, updated_at: zStamp(ctx.clock.seconds()) };
  return ctx.sw.consent_wrapped ? ok(body) : answer(200, body);
}

function putConsent(ctx) {
  recordOf(ctx);
  const given = accept(consentSpec, ctx.body, ctx.sw);
  const { allow = [], deny = [] } = given;
  for (const [name, purposes] of Object.entries({ allow, deny }))
    if (new Set(purposes).size < purposes.length) throw new Refusal(422, undefined, { [name]: `${name} names a purpose twice` });
  if (allow.some((p) => deny.includes(p))) throw new Refusal(422, undefined, { deny: 'a purpose cannot be allowed and denied' });
  const record = ctx.fake.customers.edit(ctx.params.customer_id);
  record.extras.consent = { allow, deny };
  return showConsent(ctx, record.extras.consent);
}

// ---- settings -------------------------------------------------------------------------------------
const groups = (of) => obj({ guest_customer_group_id: of(int(0)), default_customer_group_id: of(int(0)) });
const privacy = (of) =>
  obj({ ask_shopper_for_tracking_consent: of(bool), policy_url: of(str(0, 2048)), ask_shopper_for_tracking_consent_on_checkout: of(bool) });
const same = (spec) => spec;
const globalSpec = obj({ privacy_settings: privacy(same), customer_group_settings: groups(same) });
const channelSpec = obj({
  privacy_settings: orNull(privacy(orNull)),
  customer_group_settings: orNull(groups(orNull)),
  allow_global_logins: orNull(bool),
});

const FLAGS = { guest_customer_group_id: 'is_group_for_guests', default_customer_group_id: 'is_default' };

function checkGroups(ctx, given) {
  for (const [field, id] of Object.entries(given?.customer_group_settings ?? {}))
    if (id && !ctx.fake.customers.groups.has(id))
      throw new Refusal(422, undefined, { [`customer_group_settings.${field}`]: `customer group ${id} does not exist` });
}

function globalSettings(ctx) {
  const { customers } = ctx.fake;
  const customer_group_settings = Object.fromEntries(Object.entries(FLAGS).map(([f, flag]) => [f, customers.groupWith(flag)?.id ?? 0]));
  return { privacy_settings: customers.settings.privacy_settings, customer_group_settings };
}

function putGlobal(ctx) {
  const given = accept(globalSpec, ctx.body, ctx.sw);
  checkGroups(ctx, given);
  const { customers } = ctx.fake;
  Object.assign(customers.settings.privacy_settings, given.privacy_settings);
  for (const [field, id] of Object.entries(given.customer_group_settings ?? {})) flagGroup(ctx, FLAGS[field], id);
  return ok(globalSettings(ctx));
}

const INHERITED = () => ({
  privacy_settings: { ask_shopper_for_tracking_consent: null, policy_url: null, ask_shopper_for_tracking_consent_on_checkout: null },
  customer_group_settings: { guest_customer_group_id: null, default_customer_group_id: null },
});

/** Only the default storefront lets customers of all channels in by itself. */
function channelSettings(ctx) {
  const { customers, catalog } = ctx.fake;
  const id = ctx.params.channel_id;
  if (!catalog.channels.has(id)) throw new Refusal(404, 'The channel does not exist.');
  const { channels } = customers.settings;
  if (!channels.has(id)) channels.set(id, { ...INHERITED(), allow_global_logins: id === 1 });
  return channels.get(id);
}

function putChannel(ctx) {
  const settings = channelSettings(ctx);
  const given = accept(channelSpec, ctx.body, ctx.sw);
  checkGroups(ctx, given);
  for (const part of ['privacy_settings', 'customer_group_settings']) {
    if (given[part] === null) settings[part] = INHERITED()[part];
    else Object.assign(settings[part], given[part]);
  }
  if (given.allow_global_logins !== undefined) settings.allow_global_logins = given.allow_global_logins ?? ctx.params.channel_id === 1;
  return ok(settings);
}

const consent = { type: 'customer_consent', scope: 'customers' };
const settings = { type: 'customer_settings', scope: 'customers' };
const CONSENT = '/v3/customers/{customer_id}/consent';
const SETTINGS = '/v3/customers/settings';
export const customerSettingsRoutes = () => [
  route('GET', CONSENT, consent, (ctx) => showConsent(ctx, recordOf(ctx).extras.consent)),
  route('PUT', CONSENT, { ...consent, body: 'json' }, putConsent),
  route('GET', SETTINGS, settings, (ctx) => ok(globalSettings(ctx))),
  route('PUT', SETTINGS, { ...settings, body: 'json' }, putGlobal),
  route('GET', `${SETTINGS}/channels/{channel_id}`, settings, (ctx) => ok(channelSettings(ctx))),
  route('PUT', `${SETTINGS}/channels/{channel_id}`, { ...settings, body: 'json' }, putChannel),
];
