// Variant options and their values. Promises: names unique on a product among options and modifiers (409), values required, at most 250 values,
// variants that use a deleted value go with it (switch), a product bound to a V2 option set refuses.

import { Refusal, ok, noContent } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE } from '../query.mjs';
import { accept, str, int, bool, one, list, obj, orNull, any, readOnly } from '../validate.mjs';
import { readRoutes, editProduct, productOf, itemOf, addItem, dropItem, listPart, view } from './part_support.mjs';
import { baseVariant } from '../seed/choices.mjs';

const BIG = 2147483647;
export const OPTION_TYPES = ['radio_buttons', 'rectangles', 'dropdown', 'product_list', 'product_list_with_images', 'swatch'];
export const valueFields = {
  id: int(1),
  option_id: readOnly,
  is_default: bool,
  label: str(1),
  sort_order: int(-BIG - 1, BIG),
  value_data: orNull(any),
};
export const valueSpec = obj(valueFields, ['label', 'sort_order']);
const optionSpec = obj(
  {
    id: readOnly,
    product_id: readOnly,
    name: readOnly,
    display_name: str(1, 255),
    type: one(...OPTION_TYPES),
    config: any,
    sort_order: int(),
    option_values: list(valueSpec, 1, 250),
    image_url: str(),
    shared_option_id: readOnly,
  },
  ['display_name', 'type', 'option_values'],
);

export function refuseOptionSet(record) {
  if (record.row.option_set_id !== null)
    throw new Refusal(422, 'The product is currently associated with an option set. Please remove it first.', {});
}

/** Options and modifiers of a product share their names (digest 7.5). */
export function checkAttributeName(record, name, selfId) {
  const key = name.toLowerCase();
  for (const o of [...record.part('options'), ...record.part('modifiers')]) {
    if (o.id !== selfId && o.display_name.toLowerCase() === key)
      throw new Refusal(409, 'The option name is a duplicate', { display_name: 'the name is used by another option or modifier' });
  }
}

export function checkValueData(ctx, type, given) {
  const data = given.value_data;
  const bad = (text) => {
    throw new Refusal(422, 'JSON data is missing or invalid', { value_data: text });
  };
  if (type === 'swatch') {
    if (given.is_default)
      throw new Refusal(422, 'JSON data is missing or invalid', { is_default: 'is_default is not supported on swatches' });
    if (!data || (!data.colors && !data.image_url)) bad('a swatch value needs colors or image_url');
    if (
      data.colors &&
      (!Array.isArray(data.colors) ||
        data.colors.length < 1 ||
        data.colors.length > 3 ||
        !data.colors.every((c) => /^#[0-9a-f]{6}$/i.test(c)))
    )
      bad('colors holds one to three #RRGGBB');
  } else if (type.startsWith('product_list')) {
    if (!data?.product_id) bad('a product list value needs product_id');
    if (!ctx.cat.products.has(data.product_id)) bad(`the product ${data.product_id} does not exist`);
  }
}

function checkLabels(values) {
  const labels = values.map((v) => v.label.toLowerCase());
  if (new Set(labels).size < labels.length)
    throw new Refusal(422, 'JSON data is missing or invalid', { 'option_values.label': 'labels must be unique' });
}

function newValue(ctx, type, given) {
  return {
    id: ctx.cat.takeId('values'),
    label: given.label,
    sort_order: given.sort_order,
    value_data: given.value_data ?? null,
    is_default: given.is_default ?? false,
  };
}

export function newOption(ctx, record, given) {
  const id = ctx.cat.takeId('attributes');
  return {
    id,
    product_id: record.id,
    name: `${given.display_name}${ctx.clock.seconds()}-${record.id}`,
    display_name: given.display_name,
    type: given.type,
    sort_order: given.sort_order ?? record.part('options').length,
    option_values: given.option_values.map((v) => newValue(ctx, given.type, v)),
    config: emptyIsList(given.config),
  };
}
/** PHP writes an empty map as []. */
export const emptyIsList = (config) => (config && Object.keys(config).length ? config : []);

function postOption(ctx) {
  const record = editProduct(ctx);
  refuseOptionSet(record);
  const given = accept(optionSpec, ctx.body, ctx.sw);
  checkAttributeName(record, given.display_name, null);
  checkLabels(given.option_values);
  for (const v of given.option_values) checkValueData(ctx, given.type, v);
  const option = newOption(ctx, record, given);
  addItem(ctx, record, 'options', option);
  ctx.cat.partChanged(record);
  return ok(option);
}

/** Values of a PUT: with id update, without add; what is left out stays unless the switch says otherwise. */
export function mergeValues(ctx, owner, values, make, onDrop) {
  if (!values) return;
  for (const v of values) {
    const old = v.id === undefined ? null : owner.option_values.find((x) => x.id === v.id);
    if (v.id !== undefined && !old)
      throw new Refusal(422, 'JSON data is missing or invalid', { 'option_values.id': `the value ${v.id} does not exist` });
    if (old) Object.assign(old, v);
    else owner.option_values.push(make(v));
  }
  if (ctx.sw.put_option_values === 'replace') {
    for (const v of [...owner.option_values]) if (!values.some((g) => g.id === v.id || g.label === v.label)) onDrop(v);
  }
}

function putOption(ctx) {
  const record = editProduct(ctx);
  refuseOptionSet(record);
  const option = itemOf(record.parts.options, ctx.params.option_id);
  const given = accept({ ...optionSpec, fields: { ...optionSpec.fields, option_values: list(obj(valueFields, [])) } }, ctx.body, ctx.sw, {
    partial: true,
  });
  if (given.display_name !== undefined) checkAttributeName(record, given.display_name, option.id);
  mergeValues(
    ctx,
    option,
    given.option_values,
    (v) => {
      accept(valueSpec, v, ctx.sw);
      return newValue(ctx, option.type, v);
    },
    (v) => dropValue(ctx, record, option, v.id),
  );
  for (const k of ['display_name', 'type', 'sort_order']) if (given[k] !== undefined) option[k] = given[k];
  if (given.config !== undefined) option.config = emptyIsList(given.config);
  relabel(record, option);
  ctx.cat.partChanged(record);
  return ok(option);
}

/** Variants repeat the names of their options and values. */
function relabel(record, option) {
  for (const v of record.parts.variants) {
    for (const o of v.option_values) {
      if (o.option_id !== option.id) continue;
      o.option_display_name = option.display_name;
      o.label = option.option_values.find((x) => x.id === o.id)?.label ?? o.label;
    }
  }
}

function dropValue(ctx, record, option, valueId) {
  option.option_values = option.option_values.filter((v) => v.id !== valueId);
  if (!ctx.sw.value_delete_removes_variants) return;
  for (const v of record.parts.variants.filter((x) => x.option_values.some((o) => o.id === valueId)))
    dropItem(ctx, record, 'variants', v.id);
  restoreBaseVariant(ctx, record);
}

/** A product without options and without variants is a simple product again; ids are never reused, so its base variant is a new one. */
export function restoreBaseVariant(ctx, record) {
  if (record.parts.variants.length || record.row.base_variant_id !== null) return;
  if (record.parts.options.length && record.parts.options.every((o) => o.option_values.length)) return;
  const id = ctx.cat.takeId('variants');
  record.row.base_variant_id = id;
  addItem(ctx, record, 'variants', baseVariant(id, record.row));
}

function deleteOption(ctx) {
  const record = editProduct(ctx);
  refuseOptionSet(record);
  const option = record.parts.options.find((o) => o.id === ctx.params.option_id);
  if (option) {
    dropItem(ctx, record, 'options', option.id);
    if (ctx.sw.option_delete_removes_variants)
      for (const v of record.parts.variants.filter((x) => x.option_values.some((o) => o.option_id === option.id)))
        dropItem(ctx, record, 'variants', v.id);
    restoreBaseVariant(ctx, record);
    ctx.cat.partChanged(record);
  }
  return noContent();
}

const BASE = '/v3/catalog/products/{product_id}/options';
const about = { type: 'product_option', scope: 'products' };
const aboutValue = { type: 'product_option_value', scope: 'products' };
const optionOf = (ctx) => itemOf(productOf(ctx).part('options'), ctx.params.option_id);
const VALUE_FIELDS = {
  include_fields: { list: ['label', 'sort_order', 'value_data', 'is_default'] },
  exclude_fields: { list: ['label', 'sort_order', 'value_data', 'is_default'] },
};

function writeValue(ctx, make) {
  const record = editProduct(ctx);
  refuseOptionSet(record);
  const option = itemOf(record.parts.options, ctx.params.option_id);
  const value = make(record, option);
  relabel(record, option);
  ctx.cat.partChanged(record);
  return ok(value);
}

export const optionRoutes = () => [
  ...readRoutes({ part: 'options', path: 'options', idName: 'option_id', type: 'product_option' }).filter((r) => r.method === 'GET'),
  route('POST', BASE, { ...about, body: 'json' }, postOption),
  route('PUT', `${BASE}/{option_id}`, { ...about, body: 'json' }, putOption),
  route('DELETE', `${BASE}/{option_id}`, about, deleteOption),
  route('GET', `${BASE}/{option_id}/values`, { ...aboutValue, query: { ...PAGE, ...VALUE_FIELDS } }, (ctx) =>
    listPart(ctx, 'option_values', optionOf(ctx).option_values),
  ),
  route('GET', `${BASE}/{option_id}/values/{value_id}`, { ...aboutValue, query: VALUE_FIELDS }, (ctx) =>
    ok(view(ctx, 'option_values', itemOf(optionOf(ctx).option_values, ctx.params.value_id))),
  ),
  route('POST', `${BASE}/{option_id}/values`, { ...aboutValue, body: 'json' }, (ctx) =>
    writeValue(ctx, (record, option) => {
      const given = accept(valueSpec, ctx.body, ctx.sw);
      checkValueData(ctx, option.type, given);
      checkLabels([...option.option_values, given]);
      if (option.option_values.length >= 250) throw new Refusal(422, 'An option has at most 250 values.');
      const value = newValue(ctx, option.type, given);
      option.option_values.push(value);
      return value;
    }),
  ),
  route('PUT', `${BASE}/{option_id}/values/{value_id}`, { ...aboutValue, body: 'json' }, (ctx) =>
    writeValue(ctx, (record, option) => {
      const value = itemOf(option.option_values, ctx.params.value_id);
      const given = accept(valueSpec, ctx.body, ctx.sw, { partial: true });
      checkValueData(ctx, option.type, { ...value, ...given });
      checkLabels([...option.option_values.filter((v) => v !== value), { ...value, ...given }]);
      delete given.id;
      return Object.assign(value, given);
    }),
  ),
  route('DELETE', `${BASE}/{option_id}/values/{value_id}`, aboutValue, (ctx) => {
    writeValue(ctx, (record, option) => {
      if (option.option_values.some((v) => v.id === ctx.params.value_id)) dropValue(ctx, record, option, ctx.params.value_id);
      return null;
    });
    return noContent();
  }),
];
