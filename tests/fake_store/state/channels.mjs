// Channels and sites. Promises: the channels hang in the catalog, where assignments and trees look them up; a channel is never removed, only
// given the status deleted.

import { allChannels, channelCurrencies, seedSites } from '../seed/channels.mjs';
import { registerControlTypes } from '../control_types.mjs';
import { words } from '../seed/vocabulary.mjs';

export class Channels {
  constructor({ options, catalog }) {
    const rows = allChannels(catalog.env, Math.max(2, options.channels));
    this.map = catalog.channels = new Map(rows.map((c) => [c.id, c]));
    this.currencies = new Map(rows.map((c) => [c.id, channelCurrencies(c)]));
    this.sites = seedSites(catalog.env, rows);
    this.next = rows[rows.length - 1].id + 5;
  }
  takeId() {
    return this.next++;
  }
  currenciesOf(channel) {
    return this.currencies.get(channel.id) ?? channelCurrencies(channel);
  }
}

/** Dates of channels end in Z. */
export const zulu = (clock) => clock.stamp().replace('+00:00', 'Z');

registerControlTypes((fake) => {
  const { channels, clock } = fake;
  const list = (type, rows) => ({
    ids: () => rows().map((s) => s.id),
    item: (id) => rows().find((s) => s.id === id) ?? null,
    edit(id, set) {
      const row = rows().find((s) => s.id === id);
      return row ? Object.assign(row, set) : null;
    },
    randomSet: (r) => (type === 'sites' ? { is_checkout_url_customized: r.chance(0.5) } : {}),
  });
  return {
    channels: {
      ids: () => [...channels.map.keys()],
      item: (id) => channels.map.get(id) ?? null,
      edit(id, set, touch) {
        const row = channels.map.get(id);
        if (!row) return null;
        if (touch) row.date_modified = zulu(clock);
        return Object.assign(row, set);
      },
      create(fields) {
        const id = channels.takeId();
        const at = zulu(clock);
        const row = {
          id,
          name: `Channel-${id}`,
          type: 'marketplace',
          platform: 'custom',
          external_id: '',
          status: 'connected',
          is_listable_from_ui: true,
          is_visible: true,
          is_enabled: true,
          icon_url: '',
          date_created: at,
          date_modified: at,
          ...fields,
        };
        channels.map.set(id, row);
        return { id, row };
      },
      remove(id) {
        const row = channels.map.get(id);
        if (!row || row.status === 'deleted') return false;
        Object.assign(row, { status: 'deleted', date_modified: zulu(clock) });
        return true;
      },
      randomSet: (r) => r.pick([{ external_id: words(r, 1) }, { is_visible: r.chance(0.5) }]),
    },
    sites: list('sites', () => channels.sites),
  };
});
