// /v2/customer_groups. Promises: V2 answers; a price list rule stands alone, at most one storewide rule, a PUT replaces all rules; one default and one
// guest group; a deleted group leaves its members with group 0; 207 when the storewide discount fails (switch).

import { Refusal, answer, noContent } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE, contains, equalText } from '../query.mjs';
import { str, int, numOrText, bool, one, list, obj, readOnly } from '../validate.mjs';
import { Raw } from '../json_text.mjs';
import { groupStamp } from '../seed/customer_groups.mjs';
import { pagedV2, acceptV2, money4 } from '../v2.mjs';
import { DATES, dateTest } from './customers_batch.mjs';

const METHOD = one('percent', 'fixed', 'price');
const RULES = {
  price_list: obj({ type: one('price_list'), price_list_id: int(1) }, ['type', 'price_list_id']),
  all: obj({ type: one('all'), method: METHOD, amount: numOrText }, ['type', 'method', 'amount']),
  category: obj({ type: one('category'), method: METHOD, amount: numOrText, category_id: int(1) }, [
    'type',
    'method',
    'amount',
    'category_id',
  ]),
  product: obj({ type: one('product'), method: METHOD, amount: numOrText, product_id: int(1) }, ['type', 'method', 'amount', 'product_id']),
};
const spec = obj(
  {
    id: readOnly,
    name: str(1, 255),
    is_default: bool,
    is_group_for_guests: bool,
    category_access: obj({ type: one('all', 'specific', 'none'), categories: list(int(1)) }, ['type']),
    discount_rules: list(
      obj(
        {
          type: one(...Object.keys(RULES)),
          method: METHOD,
          amount: numOrText,
          price_list_id: int(1),
          category_id: int(1),
          product_id: int(1),
        },
        ['type'],
      ),
    ),
    date_created: readOnly,
    date_modified: readOnly,
  },
  ['name'],
);

const bad = (text) => {
  throw new Refusal(400, text);
};

function checkRules(ctx, rules) {
  const { catalog, pricing } = ctx.fake;
  for (const rule of rules) {
    const needed = RULES[rule.type].required;
    for (const f of needed) if (rule[f] === undefined) bad(`The field 'discount_rules' is invalid: ${f} is required.`);
    for (const f of Object.keys(rule))
      if (!needed.includes(f)) bad(`The field 'discount_rules' is invalid: ${f} does not belong to type ${rule.type}.`);
    if (rule.type === 'category' && !catalog.categories.has(rule.category_id)) bad(`The category ${rule.category_id} does not exist.`);
    if (rule.type === 'price_list' && !pricing.lists.has(rule.price_list_id)) bad(`The price list ${rule.price_list_id} does not exist.`);
    if (rule.type === 'product' && !catalog.products.has(rule.product_id)) bad(`The product ${rule.product_id} does not exist.`);
  }
  if (rules.length > 1 && rules.some((r) => r.type === 'price_list')) bad('A price list must be the only discount rule.');
  if (rules.filter((r) => r.type === 'all').length > 1) bad('Only one storewide discount rule is possible.');
}

function checkGroup(ctx, given, self) {
  const { customers, catalog } = ctx.fake;
  if (given.name !== undefined && ctx.sw.group_name_unique)
    for (const g of customers.groups.values())
      if (g.id !== self && equalText(g.name, given.name)) throw new Refusal(409, `A customer group called ${given.name} exists.`);
  const access = given.category_access;
  if (access) {
    if (access.type !== 'specific' && access.categories?.length)
      bad("The field 'category_access' is invalid: categories belong to type specific.");
    if (access.type === 'specific' && !access.categories) bad("The field 'category_access' is invalid: categories is required.");
    for (const id of access.categories ?? []) if (!catalog.categories.has(id)) bad(`The category ${id} does not exist.`);
  }
  if (given.discount_rules) checkRules(ctx, given.discount_rules);
  if (ctx.sw.second_special_group === 'refuse')
    for (const flag of ['is_default', 'is_group_for_guests']) {
      const other = customers.groupWith(flag);
      if (given[flag] && other && other.id !== self) throw new Refusal(409, `The group ${other.id} is the one with ${flag}.`);
    }
}

/** Only one group carries a flag; id 0: none. */
export function flagGroup(ctx, flag, id) {
  const { customers } = ctx.fake;
  for (const g of customers.groups.values()) {
    if (g[flag] === (g.id === id)) continue;
    g[flag] = g.id === id;
    customers.groupTouched(g);
  }
}

function put(ctx, group, given) {
  const next = { ...given };
  if (next.discount_rules)
    next.discount_rules = next.discount_rules.map((r) => (r.amount === undefined ? { ...r } : { ...r, amount: money4(r.amount) }));
  if (next.category_access?.type !== undefined && next.category_access.type !== 'specific')
    next.category_access = { type: next.category_access.type };
  const failed = next.discount_rules?.some((r) => r.type === 'all') && ctx.sw.group_storewide_discount === 'fails';
  if (failed) next.discount_rules = next.discount_rules.filter((r) => r.type !== 'all');
  for (const flag of ['is_default', 'is_group_for_guests']) {
    if (next[flag]) flagGroup(ctx, flag, group.id);
  }
  Object.assign(group, next);
  ctx.fake.customers.groupTouched(group);
  return failed;
}

const partly = (what) =>
  answer(207, {
    status: 207,
    message: `The customer group was ${what}, but the sitewide discount update failed. You may retry the request.`,
  });

/** Also used by control calls. */
export function newGroup(ctx, given) {
  const { customers } = ctx.fake;
  const now = groupStamp(ctx.clock.seconds());
  const group = {
    id: customers.takeId('groups'),
    name: '',
    is_default: false,
    category_access: { type: 'all' },
    discount_rules: [],
    date_created: now,
    date_modified: now,
    is_group_for_guests: false,
  };
  customers.groups.set(group.id, group);
  return { group, failed: put(ctx, group, given) };
}

const view = (ctx, group) => {
  const raw = ctx.fake.raws.get(`customer_groups:${group.id}`);
  return raw ? new Raw(raw) : group;
};

function groupOf(ctx) {
  const group = ctx.fake.customers.groups.get(ctx.params.customer_group_id);
  if (!group) throw new Refusal(404, 'The requested resource was not found.');
  return group;
}

function listGroups(ctx) {
  const { q } = ctx;
  let rows = [...ctx.fake.customers.groups.values()].sort((a, b) => a.id - b.id);
  if (q.name !== undefined) rows = rows.filter((g) => equalText(g.name, q.name));
  if (q['name:like'] !== undefined) rows = rows.filter((g) => contains(g.name, q['name:like']));
  for (const flag of ['is_default', 'is_group_for_guests']) if (q[flag] !== undefined) rows = rows.filter((g) => g[flag] === q[flag]);
  for (const f of ['date_created', 'date_modified']) {
    const test = dateTest(q, f);
    if (test) rows = rows.filter((g) => test(Date.parse(`${g[f].replace(' ', 'T')}Z`) / 1000));
  }
  return pagedV2(ctx, rows.length, (o, n) => rows.slice(o, o + n).map((g) => view(ctx, g)));
}

const LIST = {
  ...PAGE,
  name: 'str',
  'name:like': 'str',
  is_default: 'bool',
  is_group_for_guests: 'bool',
  ...DATES('date_created'),
  ...DATES('date_modified'),
};
const about = { type: 'customer_group', scope: 'customers' };
const G = '/v2/customer_groups';
export const customerGroupRoutes = () => [
  route('GET', G, { ...about, query: LIST }, listGroups),
  route('POST', G, { ...about, body: 'json' }, (ctx) => {
    const given = acceptV2(spec, ctx.body);
    checkGroup(ctx, given, null);
    const { group, failed } = newGroup(ctx, given);
    return failed ? partly('created') : answer(200, group);
  }),
  route('GET', `${G}/count`, about, (ctx) => answer(200, { count: ctx.fake.customers.groups.size })),
  route('GET', `${G}/{customer_group_id}`, about, (ctx) => answer(200, view(ctx, groupOf(ctx)))),
  route('PUT', `${G}/{customer_group_id}`, { ...about, body: 'json' }, (ctx) => {
    const group = groupOf(ctx);
    const given = acceptV2(spec, ctx.body, { partial: true });
    checkGroup(ctx, given, group.id);
    return put(ctx, group, given) ? partly('updated') : answer(200, group);
  }),
  route('DELETE', `${G}/{customer_group_id}`, about, (ctx) => {
    ctx.fake.customers.removeGroup(groupOf(ctx).id);
    return noContent();
  }),
];
