// Tax classes, reading (V2). Promises: ids as text, at most 50 pages.

import { Refusal, answer } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE } from '../query.mjs';
import { pagedV2 } from '../v2.mjs';
import { Raw } from '../json_text.mjs';

function view(ctx, row) {
  const raw = ctx.fake.raws.get(`tax_classes:${row.id}`);
  return raw ? new Raw(raw) : row;
}

function listClasses(ctx) {
  if ((ctx.q.page ?? 1) > 50) throw new Refusal(400, "The field 'page' is invalid: it may be at most 50.");
  const rows = [...ctx.fake.stock.taxClasses.values()];
  return pagedV2(ctx, rows.length, (o, n) => rows.slice(o, o + n).map((t) => view(ctx, t)));
}

function getClass(ctx) {
  const row = ctx.fake.stock.taxClasses.get(String(ctx.params.id));
  if (!row) throw new Refusal(404, 'The requested resource was not found.');
  return answer(200, view(ctx, row));
}

const about = { type: 'tax_class', scope: 'information' };
export const taxClassRoutes = () => [
  route('GET', '/v2/tax_classes', { ...about, query: PAGE }, listClasses),
  route('GET', '/v2/tax_classes/{id}', about, getClass),
];
