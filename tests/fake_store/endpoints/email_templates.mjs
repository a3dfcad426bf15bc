// /v3/marketing/email-templates. Promises: fixed kinds, the whole list in one answer, a PUT with channel_id makes an override, DELETE (channel_id
// required) goes back to the global one; a body above 65,536 characters is an error and, by the switch, cut off and saved all the same.

import { Refusal, answer, ok } from '../answers.mjs';
import { route } from '../router.mjs';
import { accept, str, list, obj, any } from '../validate.mjs';
import { Raw } from '../json_text.mjs';
import { EMAIL_TYPES } from '../seed/customer_emails.mjs';

const BODY_LIMIT = 65536;
const spec = obj(
  {
    type_id: str(),
    subject: str(1, 255),
    body: str(1),
    translations: list(obj({ locale: str(1), keys: any }, ['locale', 'keys'])),
  },
  ['subject', 'body'],
);

function channelOf(ctx) {
  const id = ctx.q.channel_id;
  if (id !== undefined && !ctx.fake.catalog.channels.has(id))
    throw new Refusal(422, undefined, { channel_id: `channel ${id} does not exist` });
  return id;
}

function view(ctx, key, template) {
  const raw = ctx.fake.raws.get(`email_templates:${key}`);
  return raw ? new Raw(raw) : template;
}

/** The template as a reader of this channel sees it, or null. */
function seen(ctx, channel, type) {
  const { emails } = ctx.fake;
  if (channel === undefined) return emails.global.has(type) ? view(ctx, type, emails.global.get(type)) : null;
  const key = `${channel}/${type}`;
  if (emails.overrides.has(key)) return view(ctx, key, emails.overrides.get(key));
  return ctx.sw.email_template_channel_get === 'inherited' && emails.global.has(type) ? view(ctx, type, emails.global.get(type)) : null;
}

function listTemplates(ctx) {
  const channel = channelOf(ctx);
  let rows = [...ctx.fake.emails.global.keys()].map((type) => seen(ctx, channel, type)).filter(Boolean);
  if (ctx.trouble.some((t) => t.empty)) rows = [];
  return ok(rows);
}

function known(ctx) {
  const type = ctx.params.type_id;
  if (!ctx.fake.emails.global.has(type)) throw new Refusal(404, 'The e-mail template does not exist.');
  return type;
}

function getTemplate(ctx) {
  const template = seen(ctx, channelOf(ctx), known(ctx));
  if (!template) throw new Refusal(404, 'The channel has no template of its own.');
  return ok(template);
}

function putTemplate(ctx) {
  const type = known(ctx);
  const channel = channelOf(ctx);
  const given = accept(spec, ctx.body, ctx.sw);
  if (given.type_id !== undefined && given.type_id !== type)
    throw new Refusal(400, 'type_id is not that of the path.', { type_id: given.type_id });
  const { emails } = ctx.fake;
  const global = emails.global.get(type);
  const before = channel === undefined ? global : emails.overrides.get(`${channel}/${type}`);
  const tooLarge = given.body.length > BODY_LIMIT;
  const refusal = new Refusal(400, 'Email body too large', { body: `Email body too large: more than ${BODY_LIMIT} characters` });
  if (tooLarge && ctx.sw.email_body_too_large === 'refuse') throw refusal;
  const template = {
    type_id: type,
    body: given.body.slice(0, BODY_LIMIT),
    translations: given.translations ?? before?.translations ?? global.translations,
    subject: given.subject,
  };
  if (channel === undefined) emails.global.set(type, template);
  else emails.overrides.set(`${channel}/${type}`, template);
  if (tooLarge) throw refusal;
  return ok(template);
}

function deleteOverride(ctx) {
  const type = known(ctx);
  const channel = channelOf(ctx);
  if (channel === undefined) throw new Refusal(422, undefined, { channel_id: 'channel_id is required' });
  ctx.fake.emails.overrides.delete(`${channel}/${type}`);
  return answer(200, undefined);
}

const about = { type: 'email_template', scope: 'information', query: { channel_id: 'int' } };
const E = '/v3/marketing/email-templates';
const one = { ...about, words: { type_id: new RegExp(`^(${EMAIL_TYPES.join('|')})$`) } };
export const emailTemplateRoutes = () => [
  route('GET', E, about, listTemplates),
  route('GET', `${E}/{type_id}`, one, getTemplate),
  route('PUT', `${E}/{type_id}`, { ...one, body: 'json' }, putTemplate),
  route('DELETE', `${E}/{type_id}`, one, deleteOverride),
];
