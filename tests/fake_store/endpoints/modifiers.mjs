// Modifiers and their values. Promises: the rules of digest 7.5: checkbox values are made by the store, dates need full timestamps, adjusters
// come in a second call (switch), names are shared with options, type and required are repeated in a PUT.

import { Refusal, ok, noContent } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE, FIELDS } from '../query.mjs';
import { accept, str, int, num, bool, one, list, obj, orNull, any, readOnly } from '../validate.mjs';
import { uploadedImage } from '../body.mjs';
import { readRoutes, editProduct, productOf, itemOf, addItem, dropItem, listPart, view } from './part_support.mjs';
import { OPTION_TYPES, checkAttributeName, checkValueData, emptyIsList, refuseOptionSet, mergeValues } from './options.mjs';
import { isChoice, MODIFIER_TYPES } from '../seed/shape.mjs';
import { emptyAdjusters, defaultConfig } from '../seed/choices.mjs';

const BIG = 2147483647;
export const adjuster = orNull(obj({ adjuster: orNull(one('relative', 'percentage')), adjuster_value: orNull(num()) }));
const adjusters = obj({
  price: adjuster,
  weight: adjuster,
  image_url: str(),
  purchasing_disabled: orNull(obj({ status: bool, message: str() })),
});
const valueFields = {
  id: int(1),
  option_id: readOnly,
  is_default: bool,
  label: str(1),
  sort_order: int(-BIG - 1, BIG),
  value_data: orNull(any),
  adjusters,
};
const valueSpec = obj(valueFields, ['label', 'sort_order']);

const text = str();
const configSpec = obj({
  default_value: text,
  checked_by_default: bool,
  checkbox_label: text,
  date_limited: bool,
  date_limit_mode: one('earliest', 'range', 'latest'),
  date_earliest_value: text,
  date_latest_value: text,
  file_types_mode: one('specific', 'all'),
  file_types_supported: list(text),
  file_types_other: list(text),
  file_max_size: int(0, 524288),
  text_characters_limited: bool,
  text_min_length: int(0),
  text_max_length: int(0),
  text_lines_limited: bool,
  text_max_lines: int(0),
  number_limited: bool,
  number_limit_mode: one('lowest', 'highest', 'range'),
  number_lowest_value: num(),
  number_highest_value: num(),
  number_integers_only: bool,
  product_list_adjusts_inventory: bool,
  product_list_adjusts_pricing: bool,
  product_list_shipping_calc: one('none', 'weight', 'package'),
});
const fields = {
  id: readOnly,
  product_id: readOnly,
  name: readOnly,
  type: one(...new Set([...MODIFIER_TYPES, ...OPTION_TYPES])),
  required: bool,
  sort_order: int(),
  config: any,
  display_name: str(1, 255),
  option_values: list(obj(valueFields)),
  shared_option_id: readOnly,
};
const postSpec = obj(fields, ['type', 'required', 'display_name']);
const putSpec = obj(fields, ['type', 'required']);

const invalid = (field, why) => new Refusal(422, 'JSON data is missing or invalid', { [field]: why });

function checkConfig(ctx, type, config) {
  if (config === undefined || (Array.isArray(config) && !config.length)) return;
  if (isChoice(type) && !type.startsWith('product_list') && Object.keys(config).length)
    throw invalid('config', `a modifier of type ${type} has no config`);
  accept(configSpec, config, ctx.sw);
  for (const k of ['date_earliest_value', 'date_latest_value', 'default_value']) {
    // A plain date makes the service fail although its own answers show one (digest 7.5).
    if (type === 'date' && config[k] && !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$/.test(config[k]))
      throw invalid(`config.${k}`, 'a full ISO-8601 timestamp is required');
  }
}

function newValue(ctx, modifier, given, { adjust = true } = {}) {
  return {
    id: ctx.cat.takeId('values'),
    option_id: modifier.id,
    label: given.label ?? '',
    sort_order: given.sort_order ?? modifier.option_values.length,
    value_data: given.value_data ?? null,
    is_default: given.is_default ?? false,
    adjusters: { ...emptyAdjusters(), ...(adjust ? normalAdjusters(given.adjusters) : {}) },
  };
}

/** adjuster null with adjuster_value null means no adjustment (digest 7.6). */
function normalAdjusters(given = {}) {
  const out = { ...given };
  for (const k of ['price', 'weight']) if (out[k] && (out[k].adjuster === null || out[k].adjuster === undefined)) out[k] = null;
  return out;
}

function post(ctx) {
  const record = editProduct(ctx);
  refuseOptionSet(record);
  const given = accept(postSpec, ctx.body, ctx.sw);
  checkAttributeName(record, given.display_name, null);
  checkConfig(ctx, given.type, given.config);
  const values = given.option_values ?? [];
  if (given.type === 'checkbox' && values.length) throw invalid('option_values', 'the values of a checkbox are made by the store');
  if (isChoice(given.type) && !values.length) throw invalid('option_values', 'option_values is required for this type');
  if (!isChoice(given.type) && values.length) throw invalid('option_values', `a modifier of type ${given.type} has no values`);
  for (const v of values) {
    accept(valueSpec, v, ctx.sw);
    checkValueData(ctx, given.type, v);
    if (v.adjusters && ctx.sw.modifier_post_adjusters === 'reject')
      throw invalid('option_values.adjusters', 'adjusters are set in a second call');
  }
  const id = ctx.cat.takeId('attributes');
  const modifier = {
    id,
    product_id: record.id,
    name: `${given.display_name}${ctx.clock.seconds()}-${record.id}`,
    display_name: given.display_name,
    type: given.type,
    required: given.required,
    sort_order: given.sort_order ?? record.parts.options.length + record.parts.modifiers.length,
    config: given.config ? emptyIsList(given.config) : defaultOf(given.type),
    option_values: [],
  };
  const accepts = ctx.sw.modifier_post_adjusters === 'accept';
  for (const v of values) modifier.option_values.push(newValue(ctx, modifier, v, { adjust: accepts }));
  if (given.type === 'checkbox') {
    for (const [n, label] of ['Yes', 'No'].entries())
      modifier.option_values.push(
        newValue(ctx, modifier, {
          label,
          sort_order: n,
          value_data: { checked_value: n === 0 },
          is_default: (given.config?.checked_by_default ?? false) === (n === 0),
        }),
      );
  }
  addItem(ctx, record, 'modifiers', modifier);
  ctx.cat.partChanged(record);
  return ok(modifier);
}

const defaultOf = (type) => (isChoice(type) && type !== 'product_list' ? [] : defaultConfig(type));

function put(ctx) {
  itemOf(productOf(ctx).part('modifiers'), ctx.params.modifier_id);
  const record = editProduct(ctx);
  refuseOptionSet(record);
  const modifier = itemOf(record.parts.modifiers, ctx.params.modifier_id);
  const given = accept(putSpec, ctx.body, ctx.sw);
  if (given.display_name !== undefined) checkAttributeName(record, given.display_name, modifier.id);
  checkConfig(ctx, given.type, given.config);
  if (modifier.type === 'checkbox' && given.option_values?.some((v) => v.id === undefined))
    throw invalid('option_values', 'the values of a checkbox are made by the store');
  mergeValues(
    ctx,
    modifier,
    given.option_values?.map((v) => (v.adjusters ? { ...v, adjusters: { ...emptyAdjusters(), ...normalAdjusters(v.adjusters) } } : v)),
    (v) => {
      accept(valueSpec, v, ctx.sw);
      return newValue(ctx, modifier, v);
    },
    (v) => {
      modifier.option_values = modifier.option_values.filter((x) => x !== v);
    },
  );
  for (const k of ['type', 'required', 'sort_order', 'display_name']) if (given[k] !== undefined) modifier[k] = given[k];
  if (given.config !== undefined) modifier.config = emptyIsList(given.config);
  ctx.cat.partChanged(record);
  return ok(modifier);
}

/** Rules that name a deleted modifier or value go with it. */
function dropRules(ctx, record, hit) {
  for (const r of record.parts.complex_rules.filter((x) => x.conditions.some(hit))) dropItem(ctx, record, 'complex_rules', r.id);
}

const BASE = '/v3/catalog/products/{product_id}/modifiers';
const VALUES = `${BASE}/{modifier_id}/values`;
const about = { type: 'product_modifier', scope: 'products' };
const aboutValue = { type: 'product_modifier_value', scope: 'products' };
const modifierOf = (ctx) => itemOf(productOf(ctx).part('modifiers'), ctx.params.modifier_id);

function editModifier(ctx, work) {
  modifierOf(ctx);
  const record = editProduct(ctx);
  refuseOptionSet(record);
  const out = work(itemOf(record.parts.modifiers, ctx.params.modifier_id), record);
  ctx.cat.partChanged(record);
  return out;
}

function postValue(ctx) {
  return editModifier(ctx, (modifier) => {
    const given = accept(valueSpec, ctx.body, ctx.sw);
    if (!isChoice(modifier.type)) throw invalid('label', `a modifier of type ${modifier.type} takes no further values`);
    checkValueData(ctx, modifier.type, given);
    if (modifier.option_values.length >= 250) throw new Refusal(422, 'A modifier has at most 250 values.');
    const value = newValue(ctx, modifier, given);
    modifier.option_values.push(value);
    return ok(value);
  });
}

function putValue(ctx) {
  itemOf(modifierOf(ctx).option_values, ctx.params.value_id);
  return editModifier(ctx, (modifier) => {
    const value = itemOf(modifier.option_values, ctx.params.value_id);
    const given = accept(valueSpec, ctx.body, ctx.sw, { partial: true });
    delete given.id;
    if (modifier.type !== 'checkbox') checkValueData(ctx, modifier.type, { ...value, ...given });
    if (given.adjusters) given.adjusters = { ...value.adjusters, ...normalAdjusters(given.adjusters) };
    return ok(Object.assign(value, given));
  });
}

function deleteValue(ctx) {
  editModifier(ctx, (modifier, record) => {
    if (modifier.type === 'checkbox') throw new Refusal(422, 'The values of a checkbox cannot be deleted.');
    modifier.option_values = modifier.option_values.filter((v) => v.id !== ctx.params.value_id);
    dropRules(ctx, record, (c) => c.modifier_value_id === ctx.params.value_id);
  });
  return noContent();
}

function postValueImage(ctx) {
  itemOf(modifierOf(ctx).option_values, ctx.params.value_id);
  const file = uploadedImage(ctx.form);
  return editModifier(ctx, (modifier) => {
    const value = itemOf(modifier.option_values, ctx.params.value_id);
    ctx.cat.uploads.push({ kind: 'modifier_value_image', id: value.id, filename: file.filename, size: file.size, sha256: file.sha256 });
    value.adjusters.image_url = `${ctx.cat.env.cdn}/s-${ctx.fake.options.storeHash}/product_images/attribute_value_images/${value.id}_${ctx.clock.seconds()}.png`;
    return ok({ image_url: value.adjusters.image_url });
  });
}

export const modifierRoutes = () => [
  ...readRoutes({ part: 'modifiers', path: 'modifiers', idName: 'modifier_id', type: 'product_modifier' }).filter(
    (r) => r.method === 'GET',
  ),
  route('POST', BASE, { ...about, body: 'json' }, post),
  route('PUT', `${BASE}/{modifier_id}`, { ...about, body: 'json' }, put),
  route('DELETE', `${BASE}/{modifier_id}`, about, (ctx) => {
    const record = editProduct(ctx);
    if (record.parts.modifiers.some((m) => m.id === ctx.params.modifier_id)) {
      refuseOptionSet(record);
      dropItem(ctx, record, 'modifiers', ctx.params.modifier_id);
      dropRules(ctx, record, (c) => c.modifier_id === ctx.params.modifier_id);
      ctx.cat.partChanged(record);
    }
    return noContent();
  }),
  route('GET', VALUES, { ...aboutValue, query: { ...PAGE, ...FIELDS } }, (ctx) =>
    listPart(ctx, 'modifier_values', modifierOf(ctx).option_values),
  ),
  route('GET', `${VALUES}/{value_id}`, { ...aboutValue, query: FIELDS }, (ctx) =>
    ok(view(ctx, 'modifier_values', itemOf(modifierOf(ctx).option_values, ctx.params.value_id))),
  ),
  route('POST', VALUES, { ...aboutValue, body: 'json' }, postValue),
  route('PUT', `${VALUES}/{value_id}`, { ...aboutValue, body: 'json' }, putValue),
  route('DELETE', `${VALUES}/{value_id}`, aboutValue, deleteValue),
  route('POST', `${VALUES}/{value_id}/image`, { ...aboutValue, body: 'multipart' }, postValueImage),
];
