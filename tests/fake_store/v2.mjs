// What V2 does differently. Promises: bare arrays, 204 without a body for an empty page, RFC 2822 dates with "" for none, money as text with
// four decimals, and 400 for read-only and unknown fields.

import { Refusal } from './answers.mjs';
import { paged } from './paging.mjs';
import { errorsOf, writable } from './validate.mjs';

/** total rows, fetch(offset, count); page and limit from the query. */
export function pagedV2(ctx, total, fetch, { max = 250, byDefault = 50, emptyIs204 = true } = {}) {
  const rows = paged(ctx, total, fetch, { max, byDefault }).body.data;
  return rows.length || !emptyIs204 ? { status: 200, body: rows } : { status: 204 };
}

/** The writable fields of a V2 body, or a 400. */
export function acceptV2(spec, body, { partial = false } = {}) {
  const strict = { read_only_fields: 'reject', unknown_body_fields: 'reject' };
  const errors = errorsOf(partial ? { ...spec, required: [] } : spec, body, strict);
  const [first] = Object.entries(errors);
  if (first) {
    const [field, text] = first;
    throw new Refusal(
      400,
      text.endsWith('is required')
        ? `The required field '${field}' was not supplied.`
        : text.endsWith('is read-only') || text.endsWith('is not a field of this resource')
          ? `The field '${field}' is not supported by this resource.`
          : `The field '${field}' is invalid: ${text}`,
      errors,
    );
  }
  return writable(spec, body);
}

/** 12.5, "12.50" -> "12.5000". */
export const money4 = (v) => Number(v).toFixed(4);

/** Tue, 13 Mar 2018 16:18:59 +0000 */
export const rfc2822 = (seconds) => new Date(seconds * 1000).toUTCString().replace('GMT', '+0000');

/** Seconds of an RFC 2822 date, or null. Nothing else is taken: not ISO, not Unix seconds. */
export function rfc2822Seconds(text) {
  if (typeof text !== 'string') return null;
  const form = /^((Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}(:\d{2})? (GMT|UT|[+-]\d{4})$/;
  const ms = form.test(text) ? Date.parse(text) : NaN;
  return Number.isFinite(ms) ? Math.floor(ms / 1000) : null;
}
