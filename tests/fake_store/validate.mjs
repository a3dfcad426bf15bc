// Checks request bodies. Promises: types, enums, lengths, required and read-only fields as the reference states them; a wrong body is a
// 422 with one entry per field. Numbers must be numbers: no silent conversion.

import { Refusal } from './answers.mjs';

export const str = (min = 0, max = Infinity) => ({ kind: 'str', min, max });
export const num = (min = -Infinity, max = Infinity) => ({ kind: 'num', min, max });
export const int = (min = -Infinity, max = Infinity) => ({ kind: 'int', min, max });
export const bool = { kind: 'bool' };
export const one = (...values) => ({ kind: 'enum', values });
export const list = (of, min = 0, max = Infinity) => ({ kind: 'list', of, min, max });
export const obj = (fields, required = []) => ({ kind: 'obj', fields, required });
export const any = { kind: 'any' };
export const orNull = (spec) => ({ ...spec, nullable: true });
export const dateTime = { kind: 'date' };
export const readOnly = { kind: 'readOnly' };
/** Fields that a write may carry but that change nothing (documented in bodies of reads only). */
export const numOrText = { kind: 'numOrText' };

function check(spec, v, at, errors, sw) {
  if (v === null) {
    if (!spec.nullable && spec.kind !== 'any') errors[at] = `${at} must not be null`;
    return;
  }
  const fail = (text) => {
    errors[at] = `${at} ${text}`;
  };
  switch (spec.kind) {
    case 'any':
      return;
    case 'str':
      if (typeof v !== 'string') return fail('must be a string');
      if ([...v].length < spec.min) return fail(spec.min === 1 ? 'must not be empty' : `must have at least ${spec.min} characters`);
      if ([...v].length > spec.max) return fail(`must have at most ${spec.max} characters`);
      return;
    case 'num':
    case 'int':
      if (typeof v !== 'number') return fail('must be a number');
      if (spec.kind === 'int' && !Number.isInteger(v)) return fail('must be an integer');
      if (v < spec.min || v > spec.max) return fail(`must be between ${spec.min} and ${spec.max}`);
      return;
    case 'numOrText':
      if (typeof v !== 'number' && !(typeof v === 'string' && /^-?\d*\.?\d+$/.test(v))) return fail('must be a number');
      return;
    case 'bool':
      return typeof v === 'boolean' ? undefined : fail('must be a boolean');
    case 'enum':
      return spec.values.includes(v) ? undefined : fail(`must be one of ${spec.values.join(', ')}`);
    case 'date':
      if (typeof v !== 'string' || (v !== '' && !Number.isFinite(Date.parse(v)))) return fail('must be a date');
      return;
    case 'list':
      if (!Array.isArray(v)) return fail('must be an array');
      if (v.length < spec.min || v.length > spec.max) return fail(`must have ${spec.min} to ${spec.max} entries`);
      v.forEach((x, i) => check(spec.of, x, `${at}.${i}`, errors, sw));
      return;
    case 'obj':
      if (typeof v !== 'object' || Array.isArray(v)) return fail('must be an object');
      return checkFields(spec, v, at, errors, sw);
    case 'readOnly':
      if (sw.read_only_fields === 'reject') fail('is read-only');
      return;
    default:
      throw new Error('no kind ' + spec.kind);
  }
}

function checkFields(spec, body, at, errors, sw) {
  const path = (k) => (at ? `${at}.${k}` : k);
  for (const k of spec.required) if (body[k] === undefined) errors[path(k)] = `${k} is required`;
  for (const k of Object.keys(body)) {
    const field = Object.hasOwn(spec.fields, k) ? spec.fields[k] : null;
    if (!field) {
      if (sw.unknown_body_fields === 'reject') errors[path(k)] = `${k} is not a field of this resource`;
      continue;
    }
    check(field, body[k], path(k), errors, sw);
  }
}

/** Errors of one object body: {} when it is fine. */
export function errorsOf(spec, body, sw) {
  const errors = {};
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return { body: 'a JSON object is required' };
  checkFields(spec, body, '', errors, sw);
  return errors;
}

/** The writable fields of the body, or a 422. partial: nothing is required (V3 PUT). */
export function accept(spec, body, sw, { partial = false, title } = {}) {
  const errors = errorsOf(partial ? { ...spec, required: [] } : spec, body, sw);
  if (Object.keys(errors).length) {
    const missing = Object.values(errors).some((t) => t.endsWith('is required'));
    throw new Refusal(422, title ?? (missing ? 'Missing Required Fields' : 'JSON data is missing or invalid'), errors);
  }
  return writable(spec, body);
}

export function writable(spec, body) {
  const out = {};
  for (const k of Object.keys(body)) {
    const field = Object.hasOwn(spec.fields, k) ? spec.fields[k] : null;
    if (field && field.kind !== 'readOnly') out[k] = body[k];
  }
  return out;
}

/** The service keeps four decimals: 10.99999 -> 11, 10.99994 -> 10.9999 (digest 7.1 q8). */
export const fourDecimals = (v) => (typeof v === 'number' ? Math.round(v * 10000) / 10000 : v);
