// The control entry (control_types.mjs) of a plain table of rows. Promises: every edit keeps the unique keys of the table right.

/** blank(id) is a new row; touch(row) moves its date; remove(id) where more must go with it. */
export function tableControl(table, { blank, touch = null, randomSet, remove = (id) => table.remove(id) }) {
  return {
    ids: () => table.ids.toArray(),
    count: () => table.size,
    item: (id) => table.get(id),
    edit(id, set, touching) {
      const row = table.edit(id);
      if (!row) return null;
      if (touch && touching) touch(row);
      Object.assign(row, set);
      return table.changed(id);
    },
    create(fields) {
      const id = table.takeId();
      const row = table.add({ ...blank(id), ...fields, id });
      return { id, row };
    },
    remove,
    randomSet,
  };
}
