// Control calls (/__control__/...). Promises: no auth, JSON in and out, no effect on the log, the counters or the quota.
// A number with its own text is written {"$num":"19.9900"} in control bodies.

import { readBody } from './body.mjs';
import { JsonText, reviveNumbers } from './json_text.mjs';
import { SWITCHES } from './switches.mjs';
import { fullItem } from './state/product_record.mjs';
import { editItem, editPart, createItem, deleteItem, randomEdits } from './control_edits.mjs';
import { controlType, controlId, typedCounts } from './control_types.mjs';

const fail = (status, text) => {
  throw Object.assign(new Error(text), { status });
};

function idsOf(cat, type) {
  switch (type) {
    case 'products':
      return cat.products.toArray();
    case 'variants':
      return cat.lists.variants.toArray();
    case 'product_metafields':
    case 'metafields':
      return cat.lists.metafields.toArray();
    case 'variant_metafields':
      return cat.lists.variant_metafields.toArray();
    case 'brands':
      return [...cat.brands.keys()];
    case 'categories':
      return [...cat.categories.keys()];
    case 'category_trees':
      return [...cat.trees.keys()];
    case 'channels':
      return [...cat.channels.keys()];
    case 'brand_metafields':
      return [...cat.brandMetafields.keys()];
    case 'category_metafields':
      return [...cat.categoryMetafields.keys()];
    default:
      return fail(404, `no type ${type}`);
  }
}

/** An id may be parts joined with /, given as they are or encoded. */
const idIn = (path) => path.slice(2).join('/');

/** The whole item with everything that hangs on it. */
export function itemOf(cat, type, id) {
  switch (type) {
    case 'products': {
      const r = cat.record(id);
      return r ? fullItem(r) : null;
    }
    case 'variants':
      return cat.findChild('variants', id);
    case 'product_metafields':
    case 'metafields':
      return cat.findChild('metafields', id);
    case 'variant_metafields':
      return cat.findChild('variant_metafields', id);
    case 'brands': {
      const b = cat.brands.get(id);
      return b ? { ...b, metafields: [...cat.brandMetafields.values()].filter((m) => m.resource_id === id) } : null;
    }
    case 'categories': {
      const c = cat.categories.get(id);
      return c ? { ...c, metafields: [...cat.categoryMetafields.values()].filter((m) => m.resource_id === id) } : null;
    }
    case 'category_trees':
      return cat.trees.get(id) ?? null;
    case 'channels':
      return cat.channels.get(id) ?? null;
    default:
      return fail(404, `no type ${type}`);
  }
}

function health(server) {
  const { fake } = server;
  const { catalog: cat, options } = fake;
  return {
    ok: true,
    store_hash: options.storeHash,
    seed: options.seed,
    now: fake.clock.stamp(),
    giant_product_id: cat.giantProductId,
    counts: {
      products: cat.products.length,
      variants: cat.lists.variants.length,
      brands: cat.brands.size,
      categories: cat.categories.size,
      category_trees: cat.trees.size,
      product_metafields: cat.lists.metafields.length,
      variant_metafields: cat.lists.variant_metafields.length,
      ...typedCounts(fake),
    },
    edited_products: cat.overlay.size,
    rss_bytes: process.memoryUsage.rss(),
    requests: server.requests,
  };
}

function counters(server) {
  const by_route = Object.fromEntries(server.counters);
  const all = [...server.counters.values()];
  const { rate } = server.fake;
  return {
    total: all.reduce((a, c) => a + c.count, 0),
    bytes: all.reduce((a, c) => a + c.bytes, 0),
    given_429: rate.given429,
    least_left: rate.leastLeft,
    cdn_requests: server.fake.cdnRequests,
    traps: Object.fromEntries(server.fake.traps),
    by_route,
  };
}

function log(server, q) {
  const since = Number(q.get('since') ?? 0);
  const limit = Number(q.get('limit') ?? 1000);
  return { entries: server.log.filter((e) => e.n > since).slice(0, limit), last: server.requests };
}

function rawCall(fake, req, path, bytes) {
  const [, type] = path;
  const entry = controlType(fake, type);
  const id = entry ? controlId(entry, idIn(path)) : Number(path[2]);
  const key = `${type === 'metafields' ? 'product_metafields' : type}:${id}`;
  if (req.method === 'DELETE') return { dropped: fake.raws.delete(key) };
  fake.raws.set(key, bytes);
  return { key, bytes: bytes.length };
}

function clockCall(fake, body) {
  if (body.now !== undefined) fake.clock.set(body.now);
  if (body.advance_ms !== undefined) fake.clock.advance(Number(body.advance_ms));
  if (body.freeze !== undefined) fake.clock.freeze(Boolean(body.freeze));
  return { now: fake.clock.stamp() };
}

async function perform(server, req, path, q) {
  const { fake } = server;
  const cat = fake.catalog;
  const name = `${req.method} ${path[0]}`;
  const bytes = req.method === 'GET' ? Buffer.alloc(0) : await readBody(req);
  if (path[0] === 'raw' && path.length >= 3) return rawCall(fake, req, path, bytes);
  const body = bytes.length ? reviveNumbers(JSON.parse(bytes.toString())) : {};
  switch (name) {
    case 'GET health':
      return health(server);
    case 'GET state': {
      const entry = controlType(fake, path[1]);
      const ids = entry ? entry.ids() : idsOf(cat, path[1]);
      return { type: path[1], count: ids.length, ids };
    }
    case 'GET item': {
      const entry = controlType(fake, path[1]);
      return (entry ? entry.item(controlId(entry, idIn(path))) : itemOf(cat, path[1], Number(path[2]))) ?? fail(404, 'no such item');
    }
    case 'POST edit':
      return editItem(fake, body);
    case 'POST edit_part':
      return editPart(fake, body);
    case 'POST create':
      return createItem(fake, body);
    case 'POST delete':
      return deleteItem(fake, body);
    case 'POST random_edits':
      return randomEdits(fake, body);
    case 'GET log':
      return log(server, q);
    case 'GET counters':
      return counters(server);
    case 'POST reset_log':
      server.resetLog();
      return { ok: true };
    case 'GET trouble':
      return { rules: fake.troubles.show() };
    case 'POST trouble':
      return { id: fake.troubles.add(body).id };
    case 'DELETE trouble':
      if (path[1]) fake.troubles.remove(Number(path[1]));
      else fake.troubles.clear();
      return { ok: true };
    case 'POST clock':
      return clockCall(fake, body);
    case 'GET switches':
      return { switches: fake.switches.all(), about: Object.fromEntries(Object.entries(SWITCHES).map(([n, s]) => [n, s[2]])) };
    case 'POST switch':
      for (const [k, v] of Object.entries(body)) fake.switches.set(k, v);
      return { switches: fake.switches.all() };
    case 'POST rate':
      fake.rate.configure(body);
      return { quota: fake.rate.quota, window_ms: fake.rate.windowMs, others: fake.rate.others };
    case 'POST deny':
      fake.deny = new Set(body.list ?? []);
      return { deny: [...fake.deny] };
    case 'POST token':
      if (body.token !== undefined) fake.options.token = String(body.token);
      return { ok: true };
    case 'GET mails':
      return { mails: [...fake.customers.mails, ...(fake.orders?.mails ?? [])] };
    case 'GET uploads':
      return { uploads: cat.uploads };
    case 'GET routes':
      return { routes: fake.routeList };
    case 'POST quit':
      setTimeout(() => process.exit(0), 20);
      return { ok: true };
    default:
      return fail(404, `no control call ${name}`);
  }
}

export async function control(server, req, res, rest, query) {
  let status = 200;
  let out;
  try {
    out = await perform(server, req, rest.split('/').filter(Boolean).map(decodeURIComponent), new URLSearchParams(query));
  } catch (error) {
    status = error.status ?? 400;
    out = { error: error.message };
  }
  const bytes = Buffer.from(new JsonText().write(out));
  res.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': bytes.length });
  res.end(bytes);
}
