// Locations (V3). Promises: every write answers a transaction id only and is seen later, codes are unique, the shipping origin (1) cannot be deleted,
// a bad entry refuses the whole list.

import { Refusal, answer } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE } from '../query.mjs';
import { paged } from '../paging.mjs';
import { errorsOf, writable, str, int, num, bool, one, list, obj, readOnly } from '../validate.mjs';
import { Raw } from '../json_text.mjs';
import { DAY_NAMES } from '../seed/locations.mjs';
import { lostByTrouble } from './listing.mjs';

const MOST = 100;
export const PROBLEM = { 'Content-Type': 'application/problem+json' };
export const refuse = (status, title, errors = {}) => Object.assign(new Refusal(status, title, errors), { headers: PROBLEM });

const day = obj({ open: bool, opening: str(), closing: str() });
const geo = obj({ latitude: num(-90, 90), longitude: num(-180, 180) }, ['latitude', 'longitude']);
const addressFields = {
  address1: str(1),
  address2: str(),
  city: str(1),
  state: str(1),
  zip: str(1),
  email: str(3),
  phone: str(),
  geo_coordinates: geo,
  country_code: str(2, 3),
};
const ADDRESS_REQUIRED = ['address1', 'city', 'state', 'zip', 'email', 'geo_coordinates', 'country_code'];
const special = obj({ label: str(1), date: str(10, 10), open: bool, opening: str(), closing: str(), all_day: bool, annual: bool }, [
  'label',
  'date',
  'open',
]);
const fields = {
  id: readOnly,
  code: str(1),
  label: str(1),
  description: str(),
  managed_by_external_source: bool,
  type_id: one('PHYSICAL', 'VIRTUAL'),
  enabled: bool,
  operating_hours: obj(Object.fromEntries(DAY_NAMES.map((d) => [d, day]))),
  time_zone: str(1),
  created_at: readOnly,
  updated_at: readOnly,
  address: obj(addressFields, ADDRESS_REQUIRED),
  storefront_visibility: bool,
  special_hours: list(special),
};
const postSpec = obj(fields, ['label', 'managed_by_external_source', 'type_id', 'time_zone']);
const putSpec = obj({ ...fields, id: int(1), address: obj(addressFields, []) }, ['id']);

function view(ctx, location) {
  const raw = ctx.fake.raws.get(`locations:${location.id}`);
  return raw ? new Raw(raw) : location;
}

function listLocations(ctx) {
  const { q } = ctx;
  const lost = q['location_id:in'] ? lostByTrouble(ctx) : [];
  const rows = ctx.fake.stock
    .visibleLocations()
    .filter(
      (l) =>
        (!q['location_id:in'] || q['location_id:in'].includes(l.id)) &&
        !lost.includes(l.id) &&
        (!q['location_code:in'] || q['location_code:in'].includes(l.code)) &&
        (!q['type_id:in'] || q['type_id:in'].includes(l.type_id)) &&
        (q.is_default === undefined || (l.id === 1) === q.is_default) &&
        (q.is_active === undefined || l.enabled === q.is_active) &&
        (q.managed_by_external_source === undefined || l.managed_by_external_source === q.managed_by_external_source) &&
        (q.storefront_visibility === undefined || l.storefront_visibility === q.storefront_visibility),
    );
  return paged(ctx, rows.length, (o, n) => rows.slice(o, o + n).map((l) => view(ctx, l)), { max: 1000 });
}

/** The accepted entries, or a 422 for all of them. */
function accepted(ctx, spec, more) {
  const { body } = ctx;
  if (!Array.isArray(body) || !body.length) throw refuse(422, 'Payload contains invalid fields', { body: 'an array is required' });
  const { locations } = ctx.fake.stock;
  const errors = {};
  const codes = new Set();
  body.forEach((item, n) => {
    const wrong = errorsOf(spec, item, ctx.sw);
    if (!Object.keys(wrong).length) {
      const owner = [...locations.values()].find((l) => l.code === item.code);
      if (item.code !== undefined && ((owner && owner.id !== item.id) || codes.has(item.code)))
        wrong.code = 'the code is used by another location';
      codes.add(item.code);
      Object.assign(wrong, more(item));
    }
    for (const [k, v] of Object.entries(wrong)) errors[`${n}.${k}`] = v;
  });
  if (Object.keys(errors).length) throw refuse(422, 'Payload contains invalid fields', errors);
  const enabled = [...locations.values()].filter((l) => l.enabled).length + (spec === postSpec ? body.length : 0);
  if (enabled > MOST) throw refuse(422, `A store has at most ${MOST} active locations.`);
  return body.map((item) => ({ ...writable(spec, item), id: item.id }));
}

const addressMissing = (item) => item.type_id === 'PHYSICAL' && item.address === undefined;

function post(ctx) {
  const { stock } = ctx.fake;
  const rows = accepted(ctx, postSpec, (item) => (addressMissing(item) ? { address: 'address is required' } : {}));
  for (const { id, ...row } of rows) {
    if (row.address) row.address = { address2: '', phone: '', ...row.address };
    stock.addLocation(row);
  }
  return answer(200, stock.transaction());
}

function put(ctx) {
  const { stock } = ctx.fake;
  const rows = accepted(ctx, putSpec, (item) => {
    const now = stock.locations.get(item.id);
    if (!now) return { id: `The location ${item.id} does not exist` };
    return addressMissing({ type_id: item.type_id, address: item.address ?? now.address ?? undefined })
      ? { address: 'address is required' }
      : {};
  });
  for (const { id, ...row } of rows) {
    if (row.address) row.address = { ...stock.locations.get(id).address, ...row.address };
    stock.editLocation(id, row);
  }
  return answer(200, stock.transaction());
}

function remove(ctx) {
  const { stock } = ctx.fake;
  const ids = ctx.q['location_id:in'];
  if (!ids) throw refuse(422, 'The parameter location_id:in is required.', { 'location_id:in': 'required' });
  for (const id of ids) {
    const l = stock.locations.get(id);
    if (!l) throw refuse(404, `The location ${id} was not found.`);
    if (id === 1)
      throw refuse(422, `Location can't be deleted. ${l.label} is set as a shipping origin for this store and can't be deleted.`);
  }
  for (const id of ids) stock.removeLocation(id);
  return answer(200, stock.transaction());
}

const PATH = '/v3/inventory/locations';
const about = { type: 'location', scope: 'locations' };
export const locationRoutes = () => [
  route(
    'GET',
    PATH,
    {
      ...about,
      query: {
        ...PAGE,
        'location_id:in': 'ints',
        'location_code:in': 'strs',
        is_default: 'bool',
        'type_id:in': 'strs',
        managed_by_external_source: 'bool',
        is_active: 'bool',
        storefront_visibility: 'bool',
      },
    },
    listLocations,
  ),
  route('POST', PATH, { ...about, body: 'json' }, post),
  route('PUT', PATH, { ...about, body: 'json' }, put),
  route('DELETE', PATH, { ...about, query: { 'location_id:in': 'ints' } }, remove),
];
