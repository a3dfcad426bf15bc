// What the batch writes of the customer side have in common. Promises: an array of 1 to `max` rows (413 above), every row checked before the first is
// written, errors named `row.field` as recorded ("0.email").

import { Refusal } from '../answers.mjs';
import { errorsOf, writable } from '../validate.mjs';

export function rowsOf(ctx, max) {
  if (!Array.isArray(ctx.body)) throw new Refusal(422, 'JSON data is missing or invalid', { body: 'an array is required' });
  if (!ctx.body.length) throw new Refusal(422, 'JSON data is missing or invalid', { body: 'the array is empty' });
  if (ctx.body.length > max) throw new Refusal(413, `The maximum number of items allowed in the array is ${max}.`);
  return ctx.body;
}

/** check(row, n, fail) looks at what a schema cannot say. -> [{row, bad}] with the writable fields; errors of all rows in one object. */
export function checkedRows(ctx, rows, spec, check = () => {}) {
  const errors = {};
  const out = rows.map((body, n) => {
    const wrong = errorsOf(spec, body, ctx.sw);
    const row = Object.keys(wrong).length ? {} : writable(spec, body);
    if (!Object.keys(wrong).length)
      check(row, n, (field, text) => {
        wrong[field] ??= text;
      });
    for (const [field, text] of Object.entries(wrong)) errors[`${n}.${field}`] = text;
    return { row, bad: Object.keys(wrong).length > 0 };
  });
  return { out, errors };
}

/** The rows, or a 422 for the whole batch. */
export function acceptRows(ctx, spec, { max, title, check }) {
  const { out, errors } = checkedRows(ctx, rowsOf(ctx, max), spec, check);
  if (Object.keys(errors).length) throw new Refusal(422, title, errors);
  return out.map((o) => o.row);
}

/** DELETE ?id:in= of a part; without the list nothing may happen. */
export function idsToDelete(ctx) {
  if (!ctx.q['id:in']) throw new Refusal(422, 'A filter is required.', { 'id:in': 'id:in is required' });
  return ctx.q['id:in'];
}

export const DATES = (name) => ({ [name]: 'date', [`${name}:min`]: 'date', [`${name}:max`]: 'date' });

/** A test over Unix seconds for date_created or date_modified with :min and :max, or null. */
export function dateTest(q, name) {
  const [at, min, max] = [q[name], q[`${name}:min`], q[`${name}:max`]];
  if (at === undefined && min === undefined && max === undefined) return null;
  return (s) => (at === undefined || s === at) && (min === undefined || s >= min) && (max === undefined || s <= max);
}
export const secondsOf = (text) => Math.floor(Date.parse(text) / 1000);

/** Case does not count in the text filters of this side. */
export const oneOf = (list) => {
  const set = new Set(list.map((t) => t.toLowerCase()));
  return (text) => set.has(String(text ?? '').toLowerCase());
};
