// Metafields of owners that are few (channels, locations). Promises: every owner with an odd id begins with one row; rows go with their owner;
// ids come from the counter that all metafields share.

import { registerControlTypes } from '../control_types.mjs';
import { words } from '../seed/vocabulary.mjs';

export class MetafieldRows {
  /** owners(): the ids that exist now. */
  constructor({ kind, catalog, clock, clientId, owners }) {
    this.owners = owners;
    this.rows = new Map();
    for (const owner of owners()) {
      if (owner % 2 === 0) continue;
      const id = catalog.takeId('metafields');
      const stamp = clock.stamp();
      this.rows.set(id, {
        id,
        key: 'ключ',
        value: `{"${kind}":${owner}}`,
        namespace: 'Warehouse Notes',
        permission_set: 'read',
        resource_type: kind,
        resource_id: owner,
        description: '',
        date_created: stamp,
        date_modified: stamp,
        owner_client_id: clientId,
      });
    }
  }

  all() {
    const there = new Set(this.owners());
    return [...this.rows.values()].filter((row) => there.has(row.resource_id));
  }

  /** As endpoints/metafields.mjs asks for. */
  shelf() {
    return {
      ids: () => this.all().map((row) => row.id),
      get: (id) => this.all().find((row) => row.id === id) ?? null,
      of: (owner) => this.all().filter((row) => row.resource_id === owner),
      exists: (owner) => this.owners().includes(owner),
      add: (row) => this.rows.set(row.id, row),
      drop: (row) => this.rows.delete(row.id),
      touched: () => {},
      forWriting: (row) => this.rows.get(row.id),
    };
  }

  /** For the control calls. */
  entry(clock) {
    const find = (id) => this.all().find((row) => row.id === id) ?? null;
    return {
      ids: () => this.all().map((row) => row.id),
      item: find,
      edit(id, set, touch) {
        const row = find(id);
        if (!row) return null;
        if (touch) row.date_modified = clock.stamp();
        return Object.assign(row, set);
      },
      remove: (id) => this.rows.delete(id),
      randomSet: (r) => ({ value: words(r, 4) }),
    };
  }
}

registerControlTypes((fake) => ({
  channel_metafields: fake.channelMetafields.entry(fake.clock),
  location_metafields: fake.locationMetafields.entry(fake.clock),
}));
