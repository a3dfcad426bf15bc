// Metafields of products, variants, brands and categories. Promises: one row per (client, namespace, key, record) (409), foreign rows seen and
// written as permission_set allows, bulk lists by cursor or page, batch writes that answer 422 with what worked.

import { Refusal, ok, noContent, answer, errorBody } from '../answers.mjs';
import { route } from '../router.mjs';
import { PAGE, FIELDS, CURSOR, DIRECTION, numeric, numericTest, selectFields } from '../query.mjs';
import { cursorPaged } from '../paging.mjs';
import { accept, errorsOf, str, int, one, obj, readOnly } from '../validate.mjs';
import { Raw } from '../json_text.mjs';

const fields = {
  id: readOnly,
  key: str(1, 64),
  value: str(1, 65535),
  namespace: str(1, 64),
  permission_set: one('app_only', 'read', 'write', 'read_and_sf_access', 'write_and_sf_access'),
  description: str(0, 255),
  resource_type: readOnly,
  resource_id: readOnly,
  date_created: readOnly,
  date_modified: readOnly,
  owner_client_id: readOnly,
};
const required = ['key', 'value', 'namespace', 'permission_set'];
const oneSpec = obj(fields, required);
const batchPostSpec = obj({ ...fields, resource_id: int(0, 10000000000) }, [...required, 'resource_id']);
const batchPutSpec = obj({ ...fields, id: int(1) }, ['id']);
const FIELD_NAMES = [
  'resource_id',
  'key',
  'value',
  'namespace',
  'permission_set',
  'resource_type',
  'description',
  'owner_client_id',
  'date_created',
  'date_modified',
];
const PER_RECORD = 250;

/** Owners outside the catalog bring a shelf of their own: kind -> (ctx) -> shelf. */
const SHELVES = new Map();

/** Where the rows of each owner type live: {ids(), get(id), of(ownerId), exists, add(row), drop(row), touched(row)}. */
function shelf(ctx, kind) {
  if (SHELVES.has(kind)) return SHELVES.get(kind)(ctx);
  const { cat } = ctx;
  if (kind === 'brand' || kind === 'category') {
    const map = kind === 'brand' ? cat.brandMetafields : cat.categoryMetafields;
    return {
      ids: () => [...map.keys()].sort((a, b) => a - b),
      get: (id) => map.get(id) ?? null,
      of: (owner) => [...map.values()].filter((m) => m.resource_id === owner),
      exists: (owner) => (kind === 'brand' ? cat.brands : cat.categories).has(owner),
      add: (row) => map.set(row.id, row),
      drop: (row) => map.delete(row.id),
      touched: () => {},
      forWriting: (row) => row,
    };
  }
  const part = kind === 'product' ? 'metafields' : 'variant_metafields';
  const productOf = (owner) => (kind === 'product' ? (cat.products.has(owner) ? owner : null) : cat.ownerOf('variants', owner));
  const rows = (record) => record.parts[part];
  return {
    ids: () => cat.lists[part].toArray(),
    get: (id) => cat.findChild(part, id),
    of: (owner) => {
      const p = productOf(owner);
      return p === null
        ? []
        : cat
            .record(p)
            .part(part)
            .filter((m) => m.resource_id === owner);
    },
    exists: (owner) => productOf(owner) !== null,
    add: (row) => {
      const r = cat.edit(productOf(row.resource_id));
      rows(r).push(row);
      cat.link(part, row.id, r.id);
      cat.partChanged(r);
    },
    drop: (row) => {
      const r = cat.edit(productOf(row.resource_id));
      r.parts[part] = rows(r).filter((m) => m.id !== row.id);
      cat.unlink(part, row.id);
      cat.partChanged(r);
    },
    touched: (row) => cat.partChanged(cat.edit(productOf(row.resource_id))),
    forWriting: (row) => rows(cat.edit(productOf(row.resource_id))).find((m) => m.id === row.id),
  };
}

const own = (ctx, row) => row.owner_client_id === ctx.fake.options.clientId;
const visible = (ctx, row) => ctx.sw.metafield_access === 'full' || own(ctx, row) || row.permission_set !== 'app_only';
const writable = (ctx, row) => ctx.sw.metafield_access === 'full' || own(ctx, row) || row.permission_set.startsWith('write');
const seconds = (text) => Math.floor(Date.parse(text) / 1000);

function matches(ctx, row) {
  const { q } = ctx;
  const id = numericTest(q, 'id');
  if (id && !id(row.id)) return false;
  for (const f of ['key', 'namespace']) {
    if (q[f] !== undefined && row[f] !== q[f]) return false;
    if (q[f + ':in'] && !q[f + ':in'].includes(row[f])) return false;
  }
  for (const f of ['date_created', 'date_modified']) {
    if (q[f] !== undefined && seconds(row[f]) !== q[f]) return false;
    if (q[f + ':min'] !== undefined && seconds(row[f]) < q[f + ':min']) return false;
    if (q[f + ':max'] !== undefined && seconds(row[f]) > q[f + ':max']) return false;
  }
  if (q['resource_id:in'] && !q['resource_id:in'].includes(row.resource_id)) return false;
  return visible(ctx, row);
}

/** 100,000 rows of products would be computed for a filter; without one only the page is. */
const filtered = (ctx) =>
  ctx.sw.metafield_access !== 'full' ||
  Object.keys(ctx.q).some((k) => !['page', 'limit', 'before', 'after', 'direction', 'include_fields', 'exclude_fields'].includes(k));

function view(ctx, kind, row) {
  const raw = ctx.fake.raws.get(`${kind}_metafields:${row.id}`);
  return raw ? new Raw(raw) : selectFields(row, ctx.q);
}

function listOf(ctx, kind, ids, get) {
  const max = kind === 'product' ? 250 : ctx.sw.metafield_base_page_max;
  const kept = filtered(ctx) ? ids.filter((id) => matches(ctx, get(id))) : ids;
  const answered = cursorPaged(ctx, kept, get, { max });
  answered.body.data = answered.body.data.map((row) => view(ctx, kind, row));
  return answered;
}

function conflict(ctx, shelfOf, row, given) {
  const twin = shelfOf
    .of(row.resource_id)
    .find(
      (m) =>
        m.id !== row.id &&
        m.owner_client_id === row.owner_client_id &&
        m.namespace === (given.namespace ?? row.namespace) &&
        m.key === (given.key ?? row.key),
    );
  if (twin)
    throw new Refusal(409, 'A metafield with this namespace and key exists', {
      key: 'namespace and key must be unique for this client and record',
    });
}

function create(ctx, kind, resourceId, given) {
  const s = shelf(ctx, kind);
  if (!s.exists(resourceId)) throw new Refusal(404, `The ${kind} ${resourceId} does not exist`);
  const stamp = ctx.clock.stamp();
  const row = {
    id: 0,
    key: given.key,
    value: given.value,
    namespace: given.namespace,
    permission_set: given.permission_set,
    resource_type: kind,
    resource_id: resourceId,
    description: given.description ?? '',
    date_created: stamp,
    date_modified: stamp,
    owner_client_id: ctx.fake.options.clientId,
  };
  conflict(ctx, s, row, given);
  if (s.of(resourceId).filter((m) => own(ctx, m)).length >= PER_RECORD)
    throw new Refusal(403, `A record has at most ${PER_RECORD} metafields of one client.`);
  row.id = ctx.cat.takeId('metafields');
  s.add(row);
  return row;
}

function change(ctx, kind, found, given) {
  if (!writable(ctx, found)) throw new Refusal(403, 'The metafield belongs to another application.');
  const s = shelf(ctx, kind);
  conflict(ctx, s, found, given);
  const row = s.forWriting(found);
  for (const k of ['key', 'value', 'namespace', 'permission_set', 'description']) if (given[k] !== undefined) row[k] = given[k];
  row.date_modified = ctx.clock.stamp();
  s.touched(row);
  return row;
}

function erase(ctx, kind, row) {
  if (!writable(ctx, row)) throw new Refusal(403, 'The metafield belongs to another application.');
  shelf(ctx, kind).drop(row);
}

/** A batch: every item on its own; any failure makes it a 422 that still carries what worked (digest 4.1). */
function batch(ctx, items, work) {
  const data = [];
  const errors = [];
  items.forEach((item, n) => {
    try {
      data.push(work(item));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const named = Object.keys(error.errors).length
        ? Object.fromEntries(Object.entries(error.errors).map(([k, v]) => [`${n}.${k}`, v]))
        : { [n]: error.title };
      errors.push(errorBody({ status: error.status, title: error.title, errors: named }));
    }
  });
  return answer(errors.length ? 422 : 200, { data, errors, meta: { total: items.length, success: data.length, failed: errors.length } });
}

function bodyList(ctx) {
  if (!Array.isArray(ctx.body) || !ctx.body.length)
    throw new Refusal(422, 'JSON data is missing or invalid', { body: 'an array is required' });
  return ctx.body;
}

function batchDelete(ctx, kind) {
  const s = shelf(ctx, kind);
  const empty = ctx.body === undefined || (Array.isArray(ctx.body) && !ctx.body.length);
  if (empty && ctx.sw.metafield_delete_without_ids === 'all')
    return batch(
      ctx,
      s.ids().filter((id) => writable(ctx, s.get(id))),
      (id) => {
        erase(ctx, kind, s.get(id));
        return id;
      },
    );
  return batch(ctx, bodyList(ctx), (id) => {
    const row = Number.isInteger(id) ? s.get(id) : null;
    if (!row || !visible(ctx, row)) throw new Refusal(404, 'The metafield does not exist', { id: `${id} not found` });
    erase(ctx, kind, row);
    return id;
  });
}

const DATES = { 'date_created:min': 'date', 'date_created:max': 'date', 'date_modified:min': 'date', 'date_modified:max': 'date' };
const LIST = {
  ...PAGE,
  ...CURSOR,
  ...DATES,
  key: 'str',
  'key:in': 'strs',
  namespace: 'str',
  'namespace:in': 'strs',
  direction: DIRECTION,
  include_fields: { list: FIELD_NAMES },
};
// The lists of one record: brands and categories also take the id filters, brands take no dates, products take resource_id:in.
const ID = numeric('id');
const RECORD_LIST = {
  product: { ...LIST, include_fields: 'strs', exclude_fields: 'strs', 'resource_id:in': 'ints' },
  variant: LIST,
  category: { ...LIST, ...ID, ...FIELDS },
  brand: { ...PAGE, ...CURSOR, ...ID, ...FIELDS, key: 'str', namespace: 'str' },
};

/** The routes of an owner type outside the catalog. more: {scope, shelf(ctx), asList(ctx), putNeedsId, putWhole, oneQuery, moreFilters}, see routesOf. */
export function metafieldRoutesOf(kind, bulkPath, recordPath, ownerName, more) {
  SHELVES.set(kind, more.shelf);
  return routesOf(kind, bulkPath, recordPath, ownerName, () => {}, more);
}

/** asList: a single write answers data [row] with errors []; putNeedsId: the body of a single PUT must name the id; putWhole: every PUT must give all
 *  required fields; oneQuery: of a single read; moreFilters: of the lists. */
function routesOf(kind, bulkPath, recordPath, ownerName, check = () => {}, { scope = 'products', asList = () => false, putNeedsId, putWhole = false, oneQuery = FIELDS, moreFilters = {} } = {}) {
  const about = { type: `${kind}_metafield`, scope };
  const written = (ctx, row) => (asList(ctx) ? answer(200, { data: [row], errors: [], meta: {} }) : ok(row));
  const owner = (ctx) => {
    check(ctx);
    const id = ctx.params[ownerName];
    if (!shelf(ctx, kind).exists(id)) throw new Refusal(404, `The ${kind} does not exist.`);
    return id;
  };
  const rowOf = (ctx) => {
    const row = shelf(ctx, kind)
      .of(owner(ctx))
      .find((m) => m.id === ctx.params.metafield_id);
    if (!row || !visible(ctx, row)) throw new Refusal(404, 'The metafield does not exist.');
    return row;
  };
  return [
    route('GET', bulkPath, { ...about, query: { ...LIST, ...moreFilters } }, (ctx) => {
      const s = shelf(ctx, kind);
      return listOf(ctx, kind, s.ids(), s.get);
    }),
    route('POST', bulkPath, { ...about, body: 'json' }, (ctx) =>
      batch(ctx, bodyList(ctx), (item) => {
        checked(batchPostSpec, item, ctx);
        return create(ctx, kind, item.resource_id, item);
      }),
    ),
    route('PUT', bulkPath, { ...about, body: 'json' }, (ctx) =>
      batch(ctx, bodyList(ctx), (item) => {
        checked(putWhole ? { ...batchPutSpec, required: ['id', ...required] } : batchPutSpec, item, ctx);
        const row = shelf(ctx, kind).get(item.id);
        if (!row || !visible(ctx, row)) throw new Refusal(404, 'The metafield does not exist', { id: `${item.id} not found` });
        return change(ctx, kind, row, item);
      }),
    ),
    route('DELETE', bulkPath, { ...about, body: 'optional' }, (ctx) => batchDelete(ctx, kind)),
    route('GET', recordPath, { ...about, query: { ...(RECORD_LIST[kind] ?? LIST), ...moreFilters } }, (ctx) => {
      const rows = new Map(
        shelf(ctx, kind)
          .of(owner(ctx))
          .map((m) => [m.id, m]),
      );
      return listOf(
        ctx,
        kind,
        [...rows.keys()].sort((a, b) => a - b),
        (id) => rows.get(id),
      );
    }),
    route('POST', recordPath, { ...about, body: 'json' }, (ctx) =>
      written(ctx, create(ctx, kind, owner(ctx), accept(oneSpec, ctx.body, ctx.sw))),
    ),
    route('GET', `${recordPath}/{metafield_id}`, { ...about, query: oneQuery }, (ctx) => ok(view(ctx, kind, rowOf(ctx)))),
    route('PUT', `${recordPath}/{metafield_id}`, { ...about, body: 'json' }, (ctx) => {
      const row = rowOf(ctx);
      if (putNeedsId && ctx.body?.id !== row.id)
        throw new Refusal(422, undefined, { id: 'id is required and must be that of the metafield' });
      return written(ctx, change(ctx, kind, row, accept(oneSpec, ctx.body, ctx.sw, { partial: !putWhole })));
    }),
    route('DELETE', `${recordPath}/{metafield_id}`, about, (ctx) => {
      erase(ctx, kind, rowOf(ctx));
      return noContent();
    }),
  ];
}

function checked(spec, item, ctx) {
  const wrong = errorsOf(spec, item, ctx.sw);
  if (Object.keys(wrong).length) throw new Refusal(422, 'JSON data is missing or invalid', wrong);
}

function variantOfProduct(ctx) {
  if (ctx.cat.ownerOf('variants', ctx.params.variant_id) !== ctx.params.product_id) throw new Refusal(404, 'The variant does not exist.');
}

export const metafieldRoutes = () => [
  ...routesOf('product', '/v3/catalog/products/metafields', '/v3/catalog/products/{product_id}/metafields', 'product_id'),
  ...routesOf(
    'variant',
    '/v3/catalog/variants/metafields',
    '/v3/catalog/products/{product_id}/variants/{variant_id}/metafields',
    'variant_id',
    variantOfProduct,
  ),
  ...routesOf('brand', '/v3/catalog/brands/metafields', '/v3/catalog/brands/{brand_id}/metafields', 'brand_id'),
  ...routesOf('category', '/v3/catalog/categories/metafields', '/v3/catalog/categories/{category_id}/metafields', 'category_id'),
];
