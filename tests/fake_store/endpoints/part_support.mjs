// Shared by all sub-resources of a product. Promises: list with pages, single read, 404 for a missing product or part, delete with 204,
// and one place where a write to a part is booked (indexes, computed values, date_modified by switch).

import { Refusal, ok, noContent } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE, FIELDS, selectFields } from '../query.mjs';
import { paged } from '../paging.mjs';
import { LISTED } from '../state/catalog.mjs';
import { Raw } from '../json_text.mjs';

export function productOf(ctx) {
  const record = ctx.cat.record(ctx.params.product_id);
  if (!record) throw new Refusal(404, "The product couldn't be found.");
  return record;
}
export function editProduct(ctx) {
  productOf(ctx);
  return ctx.cat.edit(ctx.params.product_id);
}
export function itemOf(rows, id) {
  const item = rows.find((x) => x.id === id);
  if (!item) throw new Refusal(404);
  return item;
}
export function view(ctx, part, item) {
  const raw = ctx.fake.raws.get(`${part}:${item.id}`);
  return raw ? new Raw(raw) : selectFields(item, ctx.q);
}
export function listPart(ctx, part, rows, options) {
  return paged(ctx, rows.length, (o, n) => rows.slice(o, o + n).map((r) => view(ctx, part, r)), options);
}

export function addItem(ctx, record, part, item) {
  record.parts[part].push(item);
  if (LISTED.includes(part)) ctx.cat.link(part, item.id, record.id);
}
export function dropItem(ctx, record, part, id) {
  record.parts[part] = record.parts[part].filter((x) => x.id !== id);
  if (LISTED.includes(part)) ctx.cat.unlink(part, id);
  if (part === 'variants') {
    for (const m of record.parts.variant_metafields.filter((x) => x.resource_id === id)) dropItem(ctx, record, 'variant_metafields', m.id);
  }
}

/** GET list, GET one, DELETE one of a plain part. */
export function readRoutes({ part, path, idName, type, query = {}, emptySwitch = null }) {
  const base = `/v3/catalog/products/{product_id}/${path}`;
  const about = { type, scope: 'products' };
  return [
    route('GET', base, { ...about, query: { ...PAGE, ...FIELDS, ...query } }, (ctx) => {
      let rows = productOf(ctx).part(part);
      if (ctx.q.status !== undefined) rows = rows.filter((r) => (r.status === 'approved') === (ctx.q.status === '1'));
      if (emptySwitch && !rows.length && ctx.sw[emptySwitch]) return noContent();
      return listPart(ctx, part, rows);
    }),
    route('GET', `${base}/{${idName}}`, { ...about, query: FIELDS }, (ctx) =>
      ok(view(ctx, part, itemOf(productOf(ctx).part(part), ctx.params[idName]))),
    ),
    route('DELETE', `${base}/{${idName}}`, about, (ctx) => {
      const record = editProduct(ctx);
      if (record.parts[part].some((x) => x.id === ctx.params[idName])) {
        dropItem(ctx, record, part, ctx.params[idName]);
        ctx.cat.partChanged(record);
      }
      return noContent();
    }),
  ];
}
