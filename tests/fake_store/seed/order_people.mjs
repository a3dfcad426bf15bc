// People and addresses of orders. Promises: the same customer has the same name and e-mail address in all orders; names in many scripts, empty
// companies and phones, post codes as text.

import { Random } from './random.mjs';

const FIRST = [
  'Jane',
  'José',
  'Zoë',
  'Łukasz',
  'فاطمة',
  'נועה',
  '美咲',
  'Ольга',
  'Siobhán',
  'Björn',
  'Nguyễn',
  "D'Arcy",
  'Anna-Lena',
  'Ali',
  'Mia',
];
const LAST = [
  'Doe',
  'García Ñúñez',
  'Müller',
  'Żółć',
  'الزهراء',
  'לוי',
  '佐藤',
  'Петрова',
  "O'Brien",
  'Ångström',
  'Văn',
  'Smith & Sons',
  'Lee',
  'Øster',
  'Roy',
];
const PLACES = [
  ['Austin', 'Texas', '78751', 'United States', 'US'],
  ['Sydney', 'New South Wales', '2000', 'Australia', 'AU'],
  ['Köln', 'Nordrhein-Westfalen', '50667', 'Germany', 'DE'],
  ['São Paulo', 'São Paulo', '01310-100', 'Brazil', 'BR'],
  ['London', '', 'SW1A 1AA', 'United Kingdom', 'GB'],
  ['דימונה', '', '8603108', 'Israel', 'IL'],
  ['東京都', '', '100-0001', 'Japan', 'JP'],
  ['Montréal', 'Quebec', 'H2Y 1C6', 'Canada', 'CA'],
];
const STREETS = ['Main Street', 'Rue de l’Église', 'Große Straße', 'شارع الملك', 'Av. Brasil', 'High St', '銀座', 'King’s Road'];

/** key: the customer's id, or a negative number for a guest. */
export function personOf(seed, key) {
  const r = new Random(seed, key, 521);
  return {
    first_name: r.pick(FIRST),
    last_name: r.pick(LAST),
    company: r.chance(0.2) ? r.pick(['Acme Pty Ltd', 'Café & Co', '"Quoted" GmbH', 'شركة النور']) : '',
    email: key > 0 ? `customer${key}@example.com` : `guest${-key}+shop@example.org`,
  };
}

export function addressOf(seed, key, salt, person) {
  const r = new Random(seed, key, 522 + salt);
  const [city, state, zip, country, country_iso2] = r.pick(PLACES);
  return {
    first_name: person.first_name,
    last_name: person.last_name,
    company: person.company,
    street_1: `${r.between(1, 999)} ${r.pick(STREETS)}`,
    street_2: r.chance(0.2) ? `Apt ${r.between(1, 40)} / 2` : '',
    city,
    state,
    zip,
    country,
    country_iso2,
    phone: r.chance(0.3) ? '' : `+${r.between(1, 99)} 555-${r.between(1000, 9999)}`,
    email: person.email,
  };
}
