// Pages of the customer lists. Promises: page numbers or a cursor; a cursor makes page count for nothing; the first page carries both metas, later
// numbered pages only pagination, cursor pages only cursor_pagination (as the reference says for customers and form field values).

import { Refusal } from '../answers.mjs';
import { paged, pageSize } from '../paging.mjs';

const encode = (cursor) => Buffer.from(JSON.stringify(cursor)).toString('base64').replace(/=+$/, '');
function decode(text) {
  try {
    const cursor = JSON.parse(Buffer.from(text, 'base64').toString());
    if (cursor && typeof cursor === 'object') return cursor;
  } catch {
    /* refused below */
  }
  throw new Refusal(422, 'The cursor is not valid.', { cursor: 'invalid cursor' });
}

/** First position in the ordered list of which the test is true; the test is false, then true. */
function firstWhere(list, test) {
  let lo = 0;
  let hi = list.length;
  while (lo < hi) {
    const mid = (lo + hi) >>> 1;
    if (test(list[mid])) hi = mid;
    else lo = mid + 1;
  }
  return lo;
}

/**
 * ordered: keys in the order of the answer; get(key) -> row; cursorOf(key) -> plain object; compare(key, cursor) -> below, at (0) or above it in this order.
 */
export function pageOrCursor(ctx, ordered, get, { cursorOf, compare, max = 250 }) {
  const { q } = ctx;
  if (q.after !== undefined && q.before !== undefined) throw new Refusal(422, 'Only one of before and after is possible.');
  const per = pageSize(ctx, max);
  const byCursor = q.after !== undefined || q.before !== undefined;
  const page = byCursor ? 1 : (q.page ?? 1);
  let start = (page - 1) * per;
  if (q.after !== undefined) {
    const cursor = decode(q.after);
    start = firstWhere(ordered, (key) => compare(key, cursor) > 0);
  } else if (q.before !== undefined) {
    const cursor = decode(q.before);
    start = Math.max(0, firstWhere(ordered, (key) => compare(key, cursor) >= 0) - per);
  }
  const rest = Math.max(0, ordered.length - start);
  const shown = [];
  const fetch = (offset, count) => {
    const keys = ordered.slice(start + offset, start + offset + count);
    shown.push(...keys);
    return keys.map(get);
  };
  const answer = paged({ ...ctx, q: { ...q, limit: per, page: 1 } }, rest, fetch, { max, before: start, all: ordered.length });
  const rows = answer.body.data;
  const pagination = answer.body.meta.pagination;
  const lied = pagination.total - rest;
  pagination.total = ctx.trouble.some((t) => t.empty) ? 0 : ordered.length + lied;
  pagination.current_page = page;
  pagination.total_pages = Math.ceil(pagination.total / per);
  const cursor = { count: rows.length, per_page: per };
  const [first, last] = [shown[0], shown[rows.length - 1]];
  if (rows.length) {
    cursor.start_cursor = encode(cursorOf(first));
    cursor.end_cursor = encode(cursorOf(last));
    if (ctx.sw.start_cursor_goes_forward) [cursor.start_cursor, cursor.end_cursor] = [cursor.end_cursor, cursor.start_cursor];
  }
  if (!ctx.sw.cursor_without_links) {
    cursor.links = {};
    const link = (name, key) => `?limit=${per}&${name}=${encodeURIComponent(encode(cursorOf(key)))}`;
    if (rows.length && start > 0) cursor.links.previous = link('before', first);
    if (rows.length && start + rows.length < pagination.total) cursor.links.next = link('after', last);
  }
  if (byCursor) answer.body.meta = { cursor_pagination: cursor };
  else if (page === 1 && ctx.sw.customers_first_page_cursor) answer.body.meta = { pagination, cursor_pagination: cursor };
  else answer.body.meta = { pagination };
  return answer;
}
