// Price lists and their assignments (V3). Promises: unique names (409), DELETE takes records and assignments along and needs ids, assignments name
// groups and channels that exist, one list per pair of group and channel.

import { Refusal, ok, answer, noContent } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE, CURSOR, contains, equalText } from '../query.mjs';
import { cursorPaged } from '../paging.mjs';
import { accept, errorsOf, str, int, bool, obj } from '../validate.mjs';
import { Raw } from '../json_text.mjs';
import { zulu } from '../state/channels.mjs';
import { dated, dateTest, lostByTrouble } from './listing.mjs';

const spec = obj({ name: str(1, 255), active: bool }, ['name']);
const assignmentFields = { price_list_id: int(1), customer_group_id: int(1), channel_id: int(1) };
const postSpec = obj(assignmentFields, ['price_list_id']);
const putSpec = obj(assignmentFields, ['customer_group_id', 'channel_id']);

function view(ctx, type, row) {
  const raw = ctx.fake.raws.get(`${type}:${row.id}`);
  return raw ? new Raw(raw) : row;
}

/** Rows by cursor or page; the cursor is taken from the rows themselves, so raw items come in last. */
function listed(ctx, type, rows) {
  const byId = new Map(rows.map((r) => [r.id, r]));
  const answered = cursorPaged(
    ctx,
    [...byId.keys()].sort((a, b) => a - b),
    (id) => byId.get(id),
  );
  answered.body.data = answered.body.data.map((r) => view(ctx, type, r));
  return answered;
}

function selectLists(ctx) {
  const { q } = ctx;
  const lost = q['id:in'] ? lostByTrouble(ctx) : [];
  const dates = dateTest(q, ['date_created', 'date_modified']);
  return ctx.fake.pricing.lists.filter(
    (l) =>
      (!q['id:in'] || q['id:in'].includes(l.id)) &&
      !lost.includes(l.id) &&
      (q.name === undefined || equalText(l.name, q.name)) &&
      (q['name:like'] === undefined || contains(l.name, q['name:like'])) &&
      dates(l),
  );
}

export function listOf(ctx) {
  const list = ctx.fake.pricing.lists.get(ctx.params.price_list_id);
  if (!list) throw new Refusal(404, 'The resource was not found.');
  return list;
}

function checkName(ctx, name, self) {
  const owner = ctx.fake.pricing.lists.find('name', name.toLowerCase());
  if (owner !== null && owner !== self)
    throw new Refusal(409, 'The price list name is a duplicate', { name: 'The name is used by another price list' });
}

function post(ctx) {
  const given = accept(spec, ctx.body, ctx.sw);
  checkName(ctx, given.name, null);
  const { pricing } = ctx.fake;
  const at = zulu(ctx.clock);
  const row = { id: pricing.lists.takeId(), name: given.name, date_created: at, date_modified: at, active: given.active ?? true };
  return ok(pricing.addList(row));
}

function put(ctx) {
  const { id } = listOf(ctx);
  const given = accept(spec, ctx.body, ctx.sw);
  checkName(ctx, given.name, id);
  const { lists } = ctx.fake.pricing;
  Object.assign(lists.edit(id), given, { date_modified: zulu(ctx.clock) });
  return ok(lists.changed(id));
}

function removeMany(ctx) {
  const { q } = ctx;
  if (!q['id:in'] && q.name === undefined) throw new Refusal(422, 'A filter is required to delete price lists.', { 'id:in': 'required' });
  for (const l of selectLists(ctx)) ctx.fake.pricing.removeList(l.id);
  return noContent();
}

// ---- assignments -----------------------------------------------------------------------------------

const FIELDS = ['id', 'price_list_id', 'customer_group_id', 'channel_id'];

function selectAssignments(ctx) {
  const { q } = ctx;
  return [...ctx.fake.pricing.assignments.values()].filter((a) =>
    FIELDS.every((f) => (q[f] === undefined || a[f] === q[f]) && (!q[`${f}:in`] || q[`${f}:in`].includes(a[f]))),
  );
}

function referenceErrors(ctx, item) {
  const wrong = {};
  const { pricing, customers } = ctx.fake;
  const group = item.customer_group_id;
  if (item.price_list_id !== undefined && !pricing.lists.has(item.price_list_id))
    wrong.price_list_id = `The price list ${item.price_list_id} does not exist`;
  if (group !== undefined && !customers.groups.has(group)) wrong.customer_group_id = `The customer group ${group} does not exist`;
  else if (group !== undefined && customers.groups.get(group).discount_rules?.some((d) => d.type !== 'price_list'))
    wrong.customer_group_id = `The customer group ${group} has discount rules of its own`;
  if (item.channel_id !== undefined && !ctx.cat.channels.has(item.channel_id))
    wrong.channel_id = `The channel ${item.channel_id} does not exist`;
  return wrong;
}

function postAssignments(ctx) {
  const { body } = ctx;
  const { pricing } = ctx.fake;
  if (!Array.isArray(body) || !body.length) throw new Refusal(422, 'JSON data is missing or invalid', { body: 'an array is required' });
  if (body.length > 25) throw new Refusal(413, 'At most 25 assignments can be created at once.');
  const errors = {};
  const seen = new Set();
  body.forEach((item, n) => {
    const wrong = errorsOf(postSpec, item, ctx.sw);
    if (!Object.keys(wrong).length) {
      Object.assign(wrong, referenceErrors(ctx, item));
      const pair = `${item.customer_group_id ?? null}/${item.channel_id ?? null}`;
      if (pair === 'null/null') wrong.customer_group_id = 'a customer group or a channel is required';
      else if (seen.has(pair) || pricing.assignmentOf(item.customer_group_id ?? null, item.channel_id ?? null))
        wrong.customer_group_id = 'this group and channel have a price list already';
      seen.add(pair);
    }
    for (const [k, v] of Object.entries(wrong)) errors[`${n}.${k}`] = v;
  });
  if (Object.keys(errors).length) throw new Refusal(422, 'Some assignments are not valid', errors);
  for (const { price_list_id, customer_group_id, channel_id } of body)
    pricing.addAssignment({ price_list_id, customer_group_id: customer_group_id ?? null, channel_id: channel_id ?? null });
  return answer(200, undefined);
}

function putAssignment(ctx) {
  const { id } = listOf(ctx);
  const given = accept(putSpec, ctx.body, ctx.sw);
  const wrong = referenceErrors(ctx, { customer_group_id: given.customer_group_id, channel_id: given.channel_id });
  const missing = Object.values(wrong).some((t) => t.endsWith('does not exist'));
  if (Object.keys(wrong).length) throw new Refusal(missing ? 404 : 422, 'A matching customer group or channel was not found.', wrong);
  const { pricing } = ctx.fake;
  const { customer_group_id, channel_id } = given;
  const row = pricing.assignmentOf(customer_group_id, channel_id) ?? pricing.addAssignment({ customer_group_id, channel_id });
  row.price_list_id = id;
  return ok(row);
}

function removeAssignments(ctx) {
  if (!Object.keys(ctx.q).length) throw new Refusal(422, 'A filter is required to delete price list assignments.');
  for (const a of selectAssignments(ctx)) ctx.fake.pricing.assignments.delete(a.id);
  return noContent();
}

const PATH = '/v3/pricelists';
const about = { type: 'price_list', scope: 'products' };
const assigning = { type: 'price_list_assignment', scope: 'products' };
const IN = { 'id:in': 'ints', 'customer_group_id:in': 'ints', 'price_list_id:in': 'ints', 'channel_id:in': 'ints' };
const EQUAL = { id: 'int', price_list_id: 'int', customer_group_id: 'int', channel_id: 'int' };
export const priceListRoutes = () => [
  route(
    'GET',
    PATH,
    {
      ...about,
      query: { ...PAGE, ...CURSOR, name: 'str', 'name:like': 'str', 'id:in': 'ints', ...dated('date_created'), ...dated('date_modified') },
    },
    (ctx) => listed(ctx, 'price_lists', selectLists(ctx)),
  ),
  route('POST', PATH, { ...about, body: 'json' }, post),
  route('DELETE', PATH, { ...about, query: { 'id:in': 'ints', name: 'str' } }, removeMany),
  route('GET', `${PATH}/{price_list_id}`, about, (ctx) => ok(view(ctx, 'price_lists', listOf(ctx)))),
  route('PUT', `${PATH}/{price_list_id}`, { ...about, body: 'json' }, put),
  route('DELETE', `${PATH}/{price_list_id}`, about, (ctx) => {
    ctx.fake.pricing.removeList(ctx.params.price_list_id);
    return noContent();
  }),
  route('GET', `${PATH}/assignments`, { ...assigning, query: { ...PAGE, ...CURSOR, ...EQUAL, ...IN } }, (ctx) =>
    listed(ctx, 'price_list_assignments', selectAssignments(ctx)),
  ),
  route('POST', `${PATH}/assignments`, { ...assigning, body: 'json' }, postAssignments),
  route('DELETE', `${PATH}/assignments`, { ...assigning, query: { ...EQUAL, 'channel_id:in': 'ints' } }, removeAssignments),
  route('PUT', `${PATH}/{price_list_id}/assignments`, { ...assigning, body: 'json' }, putAssignment),
];
