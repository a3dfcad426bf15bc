// Category trees. Promises: list, upsert of at most 50 (channels on create only, one channel per tree), delete by filter, the nested view.

import { Refusal, ok, noContent, answer } from '../answers.mjs';
import { route } from '../router.mjs';
import { paged } from '../paging.mjs';
import { errorsOf, str, int, list, obj } from '../validate.mjs';
import { Raw } from '../json_text.mjs';

const spec = obj({ id: int(1), name: str(1, 255), channels: list(int(1)) }, []);

function view(ctx, tree) {
  const raw = ctx.fake.raws.get(`category_trees:${tree.id}`);
  return raw ? new Raw(raw) : tree;
}

function listTrees(ctx) {
  const { q, cat } = ctx;
  let rows = [...cat.trees.values()];
  if (q['id:in']) rows = rows.filter((t) => q['id:in'].includes(t.id));
  if (q['channel_id:in']) rows = rows.filter((t) => t.channels.some((c) => q['channel_id:in'].includes(c)));
  // Neither page nor limit is documented: all trees come at once.
  return paged(ctx, rows.length, (o, n) => rows.slice(o, o + n).map((t) => view(ctx, t)), { byDefault: 250 });
}

function upsert(ctx) {
  const { body, cat, sw } = ctx;
  if (!Array.isArray(body) || !body.length) throw new Refusal(422, 'JSON data is missing or invalid', { body: 'an array is required' });
  if (body.length > 50) throw new Refusal(413, 'At most 50 trees can be written at once.');
  const errors = {};
  body.forEach((t, n) => {
    const note = (k, v) => {
      errors[`${n}.${k}`] = v;
    };
    for (const [k, v] of Object.entries(errorsOf(spec, t, sw))) note(k, v);
    if (t?.id !== undefined) {
      if (!cat.trees.has(t.id)) note('id', `The tree ${t.id} does not exist`);
      if (t.channels !== undefined) note('channels', 'channels must be absent on update');
    } else {
      if (!t?.name) note('name', 'name is required');
      if (!Array.isArray(t?.channels) || t.channels.length !== 1) note('channels', 'exactly one channel is required');
      else if (!cat.channels.has(t.channels[0])) note('channels', `The channel ${t.channels[0]} does not exist`);
      else if ([...cat.trees.values()].some((o) => o.channels.includes(t.channels[0])))
        note('channels', `The channel ${t.channels[0]} has a tree`);
    }
  });
  if (Object.keys(errors).length) throw new Refusal(422, 'JSON data is missing or invalid', errors);
  const data = body.map((t) => {
    if (t.id !== undefined) return Object.assign(cat.trees.get(t.id), t.name === undefined ? {} : { name: t.name });
    const tree = { id: cat.takeId('trees'), name: t.name, channels: t.channels };
    cat.trees.set(tree.id, tree);
    return tree;
  });
  return answer(200, { data, meta: { total: data.length, success: data.length, failed: 0 } });
}

function remove(ctx) {
  const { q, cat, sw } = ctx;
  if (!q['id:in']) throw new Refusal(422, 'A filter is required to delete category trees.');
  const full = (id) => [...cat.categories.values()].some((c) => c.tree_id === id);
  if (!sw.tree_delete_cascades && q['id:in'].some(full)) throw new Refusal(422, 'The tree has categories.');
  for (const id of q['id:in']) cat.removeTree(id);
  return noContent();
}

function nested(ctx) {
  const { cat, q } = ctx;
  if (!cat.trees.has(ctx.params.tree_id)) throw new Refusal(404, "The tree couldn't be found.");
  const byParent = new Map();
  for (const c of cat.categories.values()) {
    if (c.tree_id !== ctx.params.tree_id) continue;
    if (!byParent.has(c.parent_id)) byParent.set(c.parent_id, []);
    byParent.get(c.parent_id).push(c);
  }
  const build = (parent, depth, path) =>
    (byParent.get(parent) ?? [])
      .sort((a, b) => a.sort_order - b.sort_order || a.category_id - b.category_id)
      .map((c) => {
        const own = [...path, c.category_id];
        return {
          id: c.category_id,
          parent_id: c.parent_id,
          depth,
          path: own,
          name: c.name,
          is_visible: c.is_visible,
          url: c.url.path,
          children: q.depth !== undefined && depth + 1 >= q.depth ? [] : build(c.category_id, depth + 1, own),
        };
      });
  return ok(build(0, 0, []));
}

const about = { type: 'category_tree', scope: 'products' };
export const treeRoutes = () => [
  route('GET', '/v3/catalog/trees', { ...about, query: { 'id:in': 'ints', 'channel_id:in': 'ints' } }, listTrees),
  route('PUT', '/v3/catalog/trees', { ...about, body: 'json' }, upsert),
  route('DELETE', '/v3/catalog/trees', { ...about, query: { 'id:in': 'ints' } }, remove),
  route('GET', '/v3/catalog/trees/{tree_id}/categories', { ...about, query: { depth: 'int' } }, nested),
];
