// Seeded locations and the stock that variants have there. Promises: location 1 is the shipping origin and is always there; its stock is the
// catalog's, other locations hold about half of the variants.

import { Random, mix } from './random.mjs';

const CITIES = [
  ['Chicago', 'IL', '60601', 'US', 41.8781, -87.6298, 'America/Chicago'],
  ['Köln', 'NW', '50667', 'DE', 50.9375, 6.9603, 'Europe/Berlin'],
  ['São Paulo', 'SP', '01000-000', 'BR', -23.5505, -46.6333, 'America/Sao_Paulo'],
  ['תל אביב', 'TA', '6100000', 'IL', 32.0853, 34.7818, 'Asia/Jerusalem'],
];
export const DAY_NAMES = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const hours = (open) => ({ open, opening: '08:00', closing: '16:00' });
export const defaultHours = () => Object.fromEntries(DAY_NAMES.map((d) => [d, hours(false)]));

export function seedLocations(env, count) {
  return Array.from({ length: count }, (_, i) => {
    const r = new Random(env.seed, i, 361);
    const [city, state, zip, country_code, latitude, longitude, time_zone] = CITIES[i % CITIES.length];
    const made = `202${i % 4}-05-0${1 + (i % 9)}T07:11:12Z`;
    return {
      id: i === 0 ? 1 : i + 2,
      code: i === 0 ? 'BC-LOCATION-1' : `LOC-${i + 2}`,
      label: i === 0 ? 'Default location' : `${city} ${i + 2}`,
      description: i === 0 ? '' : r.pick(['', 'Back door, ring twice', 'Größtes Lager ☕']),
      managed_by_external_source: i > 0 && r.chance(0.2),
      type_id: i > 0 && i % 5 === 4 ? 'VIRTUAL' : 'PHYSICAL',
      enabled: i === 0 || r.chance(0.85),
      operating_hours: Object.fromEntries(DAY_NAMES.map((d, n) => [d, hours(n > 0 && n < 6)])),
      time_zone,
      created_at: made,
      updated_at: `2024-02-0${1 + (i % 9)}T10:00:00Z`,
      address: {
        address1: `${r.between(1, 99)} Main St`,
        address2: '',
        city,
        state,
        zip,
        email: `store${i}@example.com`,
        phone: r.chance(0.5) ? '' : '800-555-0198',
        geo_coordinates: { latitude, longitude },
        country_code,
      },
      storefront_visibility: r.chance(0.9),
      special_hours:
        i % 3 === 1
          ? [{ label: 'Thanksgiving', date: '2024-11-28', open: true, opening: '09:00', closing: '12:00', all_day: false, annual: true }]
          : [],
    };
  });
}

/** Stock of a seeded variant at another seeded location than 1, or null when it was never stocked there. */
export function seededStock(env, variantId, locationId) {
  const h = mix(env.seed, variantId, 3700 + locationId);
  if (h % 2) return null;
  return {
    onhand: (h >>> 4) % 60,
    safety_stock: (h >>> 11) % 7 === 0 ? 3 : 0,
    is_in_stock: true,
    warning_level: (h >>> 14) % 5 === 0 ? 5 : 0,
    bin_picking_number: (h >>> 17) % 4 === 0 ? `${(h >>> 19) % 30}-B` : '',
  };
}

export const seedTaxClasses = () =>
  ['Non-Taxable Products', 'Shipping', 'Gift Wrapping'].map((name, n) => ({
    id: String(n + 1),
    name,
    created_at: '2016-01-20T21:34:57.903+00:00',
    updated_at: '2019-12-30T00:29:23.515+00:00',
  }));
