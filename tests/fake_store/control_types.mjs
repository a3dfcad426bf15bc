// Content types of the control calls beyond the catalog, in one table. Promises: state, item, raw, edit, edit_part, create, delete and random_edits
// work for every type in it. Adding a type is one entry in the table that its area registers.
//
// An entry: {
//   ids()                     all ids, as numbers or text (parts joined with /)
//   count()                   optional; how many, where ids() is costly
//   item(id)                  the whole item with its parts, or null
//   edit(id, set, touch)      a merchant's edit; answers the row, or null when there is none
//   create(fields)            answers {id, row}; made-up values where fields are missing
//   remove(id)                with cascades; answers whether it was there
//   editPart(id, part, part_id, set)   optional; answers {part_id, row}
//   randomSet(random, row)    optional; fields for a random edit
//   textId                    true when ids are text
// }

const TABLES = [];

/** Called once by each area while the store is built: add(fake) answers {type: entry}. */
export const registerControlTypes = (add) => {
  TABLES.push(add);
};

export function controlTypes(fake) {
  return (fake.controlTable ??= Object.assign(Object.create(null), ...TABLES.map((add) => add(fake))));
}

/** The entry, or null when the type is one of the catalog's own. */
export const controlType = (fake, type) => controlTypes(fake)[type] ?? null;

/** {type: how many} for health. */
export const typedCounts = (fake) =>
  Object.fromEntries(Object.entries(controlTypes(fake)).map(([type, e]) => [type, e.count ? e.count() : e.ids().length]));

export const controlId = (entry, given) => (entry.textId ? String(given) : Number(given));

const fail = (text) => {
  throw Object.assign(new Error(text), { status: 404 });
};

export function editTyped(fake, entry, { type, id, set = {}, touch = true }) {
  const row = entry.edit(controlId(entry, id), set, touch) ?? fail(`no ${type} ${id}`);
  return { type, id, row };
}

export function createTyped(fake, entry, { type, fields = {} }) {
  const made = entry.create ? entry.create(fields) : fail(`cannot create ${type}`);
  return { type, id: made.id, row: made.row };
}

export function deleteTyped(fake, entry, { type, id }) {
  return { type, id, deleted: entry.remove ? entry.remove(controlId(entry, id)) : fail(`cannot delete ${type}`) };
}

/** part_id missing: adds; set null: deletes. */
export function editPartTyped(fake, entry, { type, id, part, part_id, set }) {
  const made = entry.editPart ? entry.editPart(controlId(entry, id), part, part_id, set) : fail(`${type} have no parts`);
  if (!made) fail(`no ${type} ${id} with ${part} ${part_id ?? ''}`);
  return { type, id, part, ...made };
}

/** kind is edit:TYPE, create:TYPE, delete:TYPE or part:TYPE:PART. -> a change, null when there is nothing to change, undefined for other kinds. */
export function randomTyped(fake, random, kind) {
  const m = /^(edit|create|delete|part):(\w+)(?::(\w+))?$/.exec(kind);
  const entry = m && controlType(fake, m[2]);
  if (!entry) return undefined;
  const [, verb, type, part] = m;
  if (verb === 'create') return { type, id: createTyped(fake, entry, { type }).id, change: 'create' };
  const ids = entry.ids();
  if (!ids.length) return null;
  const id = ids[random.below(ids.length)];
  if (verb === 'delete') {
    // Some things cannot be deleted, or not twice.
    return deleteTyped(fake, entry, { type, id }).deleted ? { type, id, change: 'delete' } : null;
  }
  if (verb === 'part') return randomPart(fake, entry, random, type, id, part);
  const set = entry.randomSet ? entry.randomSet(random, entry.item(id)) : fail(`no random edit of ${type}`);
  editTyped(fake, entry, { type, id, set });
  return { type, id, change: 'edit', fields: Object.keys(set) };
}

function randomPart(fake, entry, random, type, id, part) {
  const rows = entry.item(id)[part] ?? [];
  const remove = rows.length > 0 && random.chance(0.3);
  const part_id = remove ? rows[random.below(rows.length)].id : undefined;
  const made = editPartTyped(fake, entry, { type, id, part, part_id, set: remove ? null : {} });
  return { type, id, change: 'edit', part, part_id: made.part_id, part_change: remove ? 'delete' : 'create' };
}
