// Complex rules. Promises: at least two different modifiers, or one variant and one modifier (422); the same conditions twice are a 409; every
// id must belong to the product.

import { Refusal, ok } from '../answers.mjs';
import { route } from '../router.mjs';
import { accept, str, int, bool, list, obj, orNull, readOnly } from '../validate.mjs';
import { readRoutes, editProduct, productOf, itemOf, addItem } from './part_support.mjs';
import { adjuster } from './modifiers.mjs';
import { checkImageUrl } from './product_parts.mjs';

const BIG = 2147483647;
const id = orNull(int(1));
const spec = obj(
  {
    id: readOnly,
    product_id: readOnly,
    sort_order: int(-BIG - 1, BIG),
    enabled: bool,
    stop: bool,
    purchasing_disabled: bool,
    purchasing_disabled_message: str(0, 255),
    purchasing_hidden: bool,
    image_url: str(),
    price_adjuster: adjuster,
    weight_adjuster: adjuster,
    conditions: list(
      obj({ id: readOnly, rule_id: readOnly, combination_id: readOnly, modifier_id: id, modifier_value_id: id, variant_id: id }),
    ),
  },
  ['conditions'],
);

const invalid = (why) => new Refusal(422, 'JSON data is missing or invalid', { conditions: why });
const keyOf = (conditions) =>
  conditions
    .map((c) => `${c.modifier_id ?? 0}/${c.modifier_value_id ?? 0}/${c.variant_id ?? 0}`)
    .sort()
    .join();

function checkConditions(record, conditions, self) {
  const modifiers = new Set();
  let variants = 0;
  for (const c of conditions) {
    if (c.modifier_id) {
      const modifier = record.parts.modifiers.find((m) => m.id === c.modifier_id);
      if (!modifier) throw invalid(`the modifier ${c.modifier_id} does not belong to the product`);
      if (!modifier.option_values.some((v) => v.id === c.modifier_value_id))
        throw invalid(`the value ${c.modifier_value_id} does not belong to the modifier`);
      modifiers.add(c.modifier_id);
    }
    if (c.variant_id) {
      if (!record.parts.variants.some((v) => v.id === c.variant_id))
        throw invalid(`the variant ${c.variant_id} does not belong to the product`);
      variants++;
    }
  }
  if (!(modifiers.size >= 2 || (modifiers.size >= 1 && variants >= 1)))
    throw invalid('two different modifiers, or a variant and a modifier, are needed');
  const key = keyOf(conditions);
  if (record.parts.complex_rules.some((r) => r !== self && keyOf(r.conditions) === key))
    throw new Refusal(409, 'A rule with these conditions exists', { conditions: 'duplicate conditions' });
}

const rows = (ctx, ruleId, conditions) =>
  conditions.map((c) => ({
    id: ctx.cat.takeId('rule_conditions'),
    rule_id: ruleId,
    modifier_id: c.modifier_id ?? null,
    modifier_value_id: c.modifier_value_id ?? null,
    variant_id: c.variant_id ?? null,
    combination_id: 0,
  }));
const adjusted = (a) => (a && a.adjuster ? a : null);

function post(ctx) {
  const record = editProduct(ctx);
  const given = accept(spec, ctx.body, ctx.sw);
  checkConditions(record, given.conditions, null);
  if (given.image_url) checkImageUrl(given.image_url);
  const ruleId = ctx.cat.takeId('complex_rules');
  const rule = {
    id: ruleId,
    product_id: record.id,
    sort_order: given.sort_order ?? record.parts.complex_rules.length,
    enabled: given.enabled ?? true,
    stop: given.stop ?? false,
    price_adjuster: adjusted(given.price_adjuster),
    weight_adjuster: adjusted(given.weight_adjuster),
    purchasing_disabled: given.purchasing_disabled ?? false,
    purchasing_disabled_message: given.purchasing_disabled_message ?? '',
    purchasing_hidden: given.purchasing_hidden ?? false,
    image_url: given.image_url ?? '',
    conditions: rows(ctx, ruleId, given.conditions),
  };
  addItem(ctx, record, 'complex_rules', rule);
  ctx.cat.partChanged(record);
  return ok(rule);
}

function put(ctx) {
  itemOf(productOf(ctx).part('complex_rules'), ctx.params.complex_rule_id);
  const record = editProduct(ctx);
  const rule = itemOf(record.parts.complex_rules, ctx.params.complex_rule_id);
  const given = accept(spec, ctx.body, ctx.sw, { partial: true });
  if (given.conditions) {
    checkConditions(record, given.conditions, rule);
    given.conditions = rows(ctx, rule.id, given.conditions);
  }
  if (given.image_url) checkImageUrl(given.image_url);
  for (const k of ['price_adjuster', 'weight_adjuster']) if (k in given) given[k] = adjusted(given[k]);
  Object.assign(rule, given);
  ctx.cat.partChanged(record);
  return ok(rule);
}

const about = { type: 'product_complex_rule', scope: 'products', body: 'json' };
export const complexRuleRoutes = () => [
  ...readRoutes({ part: 'complex_rules', path: 'complex-rules', idName: 'complex_rule_id', type: 'product_complex_rule' }),
  route('POST', '/v3/catalog/products/{product_id}/complex-rules', about, post),
  route('PUT', '/v3/catalog/products/{product_id}/complex-rules/{complex_rule_id}', about, put),
];
