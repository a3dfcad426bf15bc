// Query strings. Promises: only documented parameters with documented types get through; the rest is a 422 (switch unknown_params).

import { Refusal } from './answers.mjs';
import { filterSeconds } from './clock.mjs';

export const PAGE = { page: 'int', limit: 'int' };
export const FIELDS = { include_fields: 'strs', exclude_fields: 'strs' };
export const DIRECTION = ['asc', 'desc'];
export const CURSOR = { before: 'str', after: 'str' };

/** The five numeric forms of a filter. */
export const numeric = (name, kind = 'int') => ({
  [name]: kind,
  [`${name}:in`]: `${kind}s`,
  [`${name}:not_in`]: `${kind}s`,
  [`${name}:min`]: kind,
  [`${name}:max`]: kind,
  [`${name}:greater`]: kind,
  [`${name}:less`]: kind,
});

export function splitQuery(text) {
  const out = [];
  for (const pair of text.split('&')) {
    if (!pair) continue;
    const eq = pair.indexOf('=');
    try {
      const decode = (s) => decodeURIComponent(s.replaceAll('+', ' '));
      out.push([decode(eq < 0 ? pair : pair.slice(0, eq)), eq < 0 ? '' : decode(pair.slice(eq + 1))]);
    } catch {
      throw new Refusal(400, 'The query string is not valid percent-encoding.');
    }
  }
  return out;
}

const INT = /^-?\d{1,18}$/;
const NUMBER = /^-?\d+(\.\d+)?$/;

function parseOne(kind, text, clock) {
  if (Array.isArray(kind)) return kind.includes(text) ? text : undefined;
  switch (kind) {
    case 'str':
      return text;
    case 'int':
      return INT.test(text) ? Number(text) : undefined;
    case 'num':
      return NUMBER.test(text) ? Number(text) : undefined;
    case 'bool':
      return { true: true, 1: true, false: false, 0: false }[text];
    case 'date':
      return filterSeconds(text, clock) ?? undefined;
    case 'ints':
    case 'strs': {
      const items = text
        .split(',')
        .map((s) => s.trim())
        .filter((s) => s !== '');
      if (kind === 'strs') return items;
      // An empty or broken list must never be read as "no filter".
      if (!items.length || !items.every((s) => INT.test(s))) return undefined;
      return items.map(Number);
    }
    default: {
      if (!kind?.list) throw new Error('no query kind ' + kind);
      const items = text
        .split(',')
        .map((s) => s.trim())
        .filter(Boolean);
      return items.every((s) => kind.list.includes(s)) ? items : undefined;
    }
  }
}

/** -> {name: parsed value}. status: of a refusal (V2 and some V3 endpoints say 400). */
export function parseQuery(pairs, allowed, switches, clock, status = 422) {
  const out = {};
  const unknown = [];
  const errors = {};
  for (const [name, text] of pairs) {
    const kind = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
    if (kind === undefined) {
      unknown.push(name);
      continue;
    }
    const value = parseOne(kind, text, clock);
    if (value === undefined) errors[name] = `${name} is invalid`;
    else out[name] = value;
  }
  if (unknown.length && switches.unknown_params === 'reject') {
    throw new Refusal(status, `The filter(s): ${unknown.join(', ')} are not valid filter parameter(s).`);
  }
  if (Object.keys(errors).length) throw new Refusal(status, 'The query has invalid values.', errors);
  for (const n of ['page', 'limit']) {
    if (out[n] !== undefined && out[n] < 1) throw new Refusal(status, 'The query has invalid values.', { [n]: `${n} must be at least 1` });
  }
  return out;
}

/** A test for one value against all forms of a numeric filter. */
export function numericTest(q, name) {
  const tests = [];
  const add = (suffix, make) => {
    if (q[name + suffix] !== undefined) tests.push(make(q[name + suffix]));
  };
  add('', (v) => (x) => x === v);
  add(':in', (v) => {
    const s = new Set(v);
    return (x) => s.has(x);
  });
  add(':not_in', (v) => {
    const s = new Set(v);
    return (x) => !s.has(x);
  });
  add(':min', (v) => (x) => x >= v);
  add(':max', (v) => (x) => x <= v);
  add(':greater', (v) => (x) => x > v);
  add(':less', (v) => (x) => x < v);
  return tests.length ? (x) => tests.every((t) => t(x)) : null;
}

export const contains = (text, part) =>
  String(text ?? '')
    .toLowerCase()
    .includes(part.toLowerCase());
export const equalText = (a, b) => String(a ?? '').toLowerCase() === b.toLowerCase();

/** include_fields / exclude_fields on a finished row; ids and `always` stay. */
export function selectFields(row, q, always = ['id']) {
  if (!q.include_fields && !q.exclude_fields) return row;
  const out = {};
  for (const k in row) {
    if (always.includes(k)) out[k] = row[k];
    else if (q.include_fields ? q.include_fields.includes(k) : !q.exclude_fields.includes(k)) out[k] = row[k];
  }
  return out;
}
