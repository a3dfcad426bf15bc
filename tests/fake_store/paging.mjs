// Pages. Promises: meta.pagination as recorded (no links unless switched on), past the last page data [] with full pagination,
// cursors for metafields, and the listing troubles (half pages, wrong totals, short pages) in this one place.

import { Refusal } from './answers.mjs';

export function pageSize(ctx, max = 250, byDefault = 50) {
  const asked = ctx.q.limit ?? byDefault;
  if (asked <= max) return asked;
  if (ctx.sw.limit_above_max === '413')
    throw new Refusal(413, 'The requested page is too large.', { limit: `limit may be at most ${max}` });
  return max;
}

/**
 * total rows; fetch(offset, count) gives them. before/all: how many rows of the whole collection lie before offset 0 and in total
 * (for keyset paging with id:greater), used by the trouble `half_pages` only.
 */
export function paged(ctx, total, fetch, { max = 250, byDefault = 50, before = 0, all = null } = {}) {
  const per = pageSize(ctx, max, byDefault);
  const page = ctx.q.page ?? 1;
  const offset = (page - 1) * per;
  let rows = offset < total ? fetch(offset, Math.min(per, total - offset)) : [];
  let shown = total;
  for (const t of ctx.trouble) {
    if (t.half_pages) {
      const end = Math.ceil(Math.ceil((all ?? total) / per) / 2) * per - before;
      rows = rows.slice(0, Math.max(0, end - offset));
      if (t.total === 'lying') shown = Math.max(0, Math.min(total, end));
    }
    if (t.wrong_total) shown = Math.max(0, shown + Number(t.wrong_total));
    if (t.short_page) rows = rows.slice(0, Math.max(0, rows.length - Number(t.short_page)));
    if (t.empty) {
      rows = [];
      shown = 0;
    }
  }
  const pages = Math.ceil(shown / per);
  const pagination = { total: shown, count: rows.length, per_page: per, current_page: page, total_pages: pages };
  if (ctx.sw.pagination_links) {
    const link = (n) => `?limit=${per}&page=${n}`;
    pagination.links = {};
    if (page > 1) pagination.links.previous = link(page - 1);
    pagination.links.current = link(page);
    if (page < pages) pagination.links.next = link(page + 1);
  }
  return { status: 200, body: { data: rows, meta: { pagination } } };
}

const encode = (id) => Buffer.from(`{"id":${id}}`).toString('base64');
function decode(text) {
  const m = /^\{"id":(\d+)\}$/.exec(Buffer.from(text, 'base64').toString());
  if (!m) throw new Refusal(422, 'The cursor is not valid.', { cursor: 'invalid cursor' });
  return Number(m[1]);
}

/** Rows sorted by id (ids: number[] ascending; get(id) -> row). Cursor or page, never both (digest 2.2). */
export function cursorPaged(ctx, ids, get, { max = 250, byDefault = 50 } = {}) {
  const { q } = ctx;
  if (q.page !== undefined && (q.after !== undefined || q.before !== undefined)) {
    throw new Refusal(422, 'page cannot be combined with a cursor.', { page: 'page cannot be combined with before or after' });
  }
  if (q.after !== undefined && q.before !== undefined) throw new Refusal(422, 'Only one of before and after is possible.');
  const ordered = q.direction === 'desc' ? [...ids].reverse() : ids;
  const per = pageSize(ctx, max, byDefault);
  const byCursor = q.after !== undefined || q.before !== undefined;
  let start = ((q.page ?? 1) - 1) * per;
  const sign = q.direction === 'desc' ? -1 : 1;
  if (q.after !== undefined) {
    const id = decode(q.after);
    start = ordered.findIndex((x) => (x - id) * sign > 0);
    if (start < 0) start = ordered.length;
  } else if (q.before !== undefined) {
    const id = decode(q.before);
    const end = ordered.findIndex((x) => (x - id) * sign >= 0);
    start = Math.max(0, (end < 0 ? ordered.length : end) - per);
  }
  const inner = { ...ctx, q: { ...q, limit: per, page: 1 } };
  const answer = paged(inner, ordered.length - start, (o, n) => ordered.slice(start + o, start + o + n).map(get), {
    max,
    before: start,
    all: ordered.length,
  });
  const rows = answer.body.data;
  const pagination = answer.body.meta.pagination;
  const hidden = ordered.length - start - pagination.total;
  pagination.total = ordered.length - hidden;
  pagination.current_page = q.page ?? 1;
  pagination.total_pages = Math.ceil(pagination.total / per);
  if (ctx.trouble.some((t) => t.empty)) Object.assign(pagination, { total: 0, total_pages: 0 });
  const cursor = { count: rows.length, per_page: per };
  if (rows.length) {
    cursor.start_cursor = encode(rows[0].id);
    cursor.end_cursor = encode(rows[rows.length - 1].id);
    // The parameter text says that start_cursor goes with `after`; with the switch on it does.
    if (ctx.sw.start_cursor_goes_forward) [cursor.start_cursor, cursor.end_cursor] = [cursor.end_cursor, cursor.start_cursor];
  }
  if (!ctx.sw.cursor_without_links) {
    cursor.links = {};
    if (rows.length && start > 0) cursor.links.previous = `?limit=${per}&before=${encodeURIComponent(encode(rows[0].id))}`;
    if (q.after !== undefined) cursor.links.current = `?limit=${per}&after=${encodeURIComponent(q.after)}`;
    if (rows.length && start + rows.length < pagination.total)
      cursor.links.next = `?limit=${per}&after=${encodeURIComponent(encode(rows[rows.length - 1].id))}`;
  }
  answer.body.meta = byCursor ? { cursor_pagination: cursor } : { pagination, cursor_pagination: cursor };
  return answer;
}
