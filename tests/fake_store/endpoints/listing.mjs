// Small things that lists of plain tables share.

import { numericTest } from '../query.mjs';

/** The ids that the trouble `vanish` hides from answers. */
export const lostByTrouble = (ctx) => ctx.trouble.flatMap((t) => (t.vanish ? [].concat(t.vanish) : []));

const seconds = (text) => Math.floor(Date.parse(text) / 1000);

/** The filters of a date field: equal, :min, :max. */
export const dated = (name) => ({ [name]: 'date', [`${name}:min`]: 'date', [`${name}:max`]: 'date' });

/** A test of a row against the date filters of its fields. */
export function dateTest(q, names) {
  const tests = names.map((n) => [n, numericTest(q, n)]).filter(([, t]) => t);
  return (row) => tests.every(([n, t]) => t(seconds(row[n])));
}
