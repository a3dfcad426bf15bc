// The row of a seeded customer and what hangs on it. Promises: computed alone from the seed; e-mail addresses end in the customer's id before the @,
// which is how one is found among 100,000 without an index; nulls and empty strings as recorded.

import { Random, mix } from './random.mjs';
import { words, sentence, word } from './vocabulary.mjs';
import { slug } from './texts.mjs';
import { money } from './product.mjs';
import { metafieldRow } from './parts.mjs';
import { uuidOf } from './groups.mjs';
import { fieldsOf } from './customer_shape.mjs';
import { COUNTRIES, PLACES, FIRST_NAMES, LAST_NAMES, COMPANIES } from './customer_places.mjs';

const DOMAINS = ['example.com', 'example.com', 'example.org', 'example.net', 'mail.example.com'];

/** Customers write dates with Z, products with +00:00. */
export const zStamp = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19) + 'Z';

export const firstName = (env, index) => FIRST_NAMES[mix(env.seed, index, 451) % FIRST_NAMES.length];
export const lastName = (env, index) => LAST_NAMES[mix(env.seed, index, 452) % LAST_NAMES.length];

export function emailOf(env, index) {
  const id = env.customerShapes.idAt(index);
  const h = mix(env.seed, index, 453);
  const name = [slug(firstName(env, index)), slug(lastName(env, index))].filter(Boolean).join('.') || 'shopper';
  const text = `${name}${h % 17 === 0 ? '+news' : ''}.${id}@${DOMAINS[(h >>> 8) % DOMAINS.length]}`;
  return h % 23 === 0 ? text[0].toUpperCase() + text.slice(1) : text;
}
/** The id that a seeded e-mail address carries, or -1. */
export const idInEmail = (email) => Number(/\.(\d{1,9})@/.exec(email)?.[1] ?? -1);

export function groupAt(env, index) {
  const h = mix(env.seed, index, 454);
  return !env.groupIds.length || h % 5 < 2 ? 0 : env.groupIds[(h >>> 4) % env.groupIds.length];
}

export function customerRow(env, index) {
  const { customerShapes: shapes, seed } = env;
  const r = new Random(seed, index, 461);
  const company = r.chance(0.2) ? r.pick(COMPANIES) : '';
  return {
    id: shapes.idAt(index),
    authentication: { force_password_reset: r.chance(0.03) },
    company,
    customer_group_id: groupAt(env, index),
    email: emailOf(env, index),
    first_name: firstName(env, index),
    last_name: lastName(env, index),
    notes: r.chance(0.1)
      ? `Called on ${r.between(1, 28)}/3: <b>${words(r, 4)}</b> & "${words(r, 2)}"\r\n${sentence(r, r.chance(0.1) ? 600 : 12)} ☎️`
      : '',
    phone: r.chance(0.6) ? r.pick(['555-555-5555', '+49 (0)89 1234567', '015551234567', '+81 3-1234-5678']) : '',
    registration_ip_address: r.chance(0.5) ? `192.0.2.${r.below(256)}` : '',
    tax_exempt_category: r.chance(0.05) ? r.pick(['Non-profit', 'G', 'Wiederverkäufer §19']) : '',
    date_created: zStamp(shapes.createdSeconds(index)),
    date_modified: zStamp(shapes.modifiedSeconds(index)),
    accepts_product_review_abandoned_cart_emails: r.chance(0.5),
    origin_channel_id: r.chance(0.9) ? 1 : 2,
    channel_ids: null,
  };
}

/** Not in the row: shown with an include only. */
export function customerExtras(env, index) {
  const r = new Random(env.seed, index, 462);
  const id = env.customerShapes.idAt(index);
  return {
    store_credit_amounts: [{ amount: r.chance(0.1) ? money(env, r, 5, 90) : 0 }],
    shopper_profile_id: r.chance(0.3) ? uuidOf(env.seed + 9, id) : null,
    segment_ids: [],
    consent: r.chance(0.3)
      ? { allow: ['essential', 'functional'], deny: r.chance(0.5) ? ['analytics', 'targeting'] : [] }
      : { allow: [], deny: [] },
  };
}

export function addressRows(env, index) {
  const { customerShapes: shapes, seed } = env;
  const r = new Random(seed, index, 463);
  const first = shapes.firstChild('addresses', index);
  const n = shapes.firstChild('addresses', index + 1) - first;
  return Array.from({ length: n }, (_, k) => {
    const [code, state, city, zip, street] = r.pick(PLACES);
    const own = r.chance(0.8);
    return {
      id: first + k,
      address1: `${(k + 1) * 10 + r.below(9)} ${street}`,
      address2: r.chance(0.2) ? r.pick(['Apt #4', '2. Hinterhof, links', 'c/o <Müller>', '5/F']) : '',
      address_type: r.chance(0.8) ? 'residential' : 'commercial',
      city,
      company: r.chance(0.2) ? r.pick(COMPANIES) : '',
      country: COUNTRIES[code].name,
      country_code: code,
      customer_id: shapes.idAt(index),
      first_name: own ? firstName(env, index) : r.pick(FIRST_NAMES),
      last_name: own ? lastName(env, index) : r.pick(LAST_NAMES),
      phone: r.chance(0.5) ? r.pick(['5551234567', '+49 89 1234567', '']) : '',
      postal_code: zip,
      state_or_province: state,
      form_fields: formValues(env, 'address', first + k, shapes.addressForm(first + k)),
    };
  });
}

/** [{name, value}]; the service puts customer_id or address_id beside them when it answers. */
export function formValues(env, form, ownerId, mask) {
  const r = new Random(env.seed, ownerId, form === 'customer' ? 464 : 465);
  const out = [];
  fieldsOf(form).forEach((field, k) => {
    if (!(mask & (1 << k))) return;
    out.push({ name: field.name, value: formValue(r, field) });
  });
  return out;
}

function formValue(r, field) {
  switch (field.type) {
    case 'checkboxes':
      return r.chance(0.2) ? [] : field.options.filter(() => r.chance(0.5));
    case 'picklist':
    case 'radiobuttons':
      return r.pick(field.options);
    case 'date':
      return `19${r.between(50, 99)}-0${r.between(1, 9)}-${r.between(10, 28)}`;
    case 'numbers':
      return r.between(1, 99999);
    default:
      return r.chance(0.2) ? 'בקומה השנייה, משמאל' : words(r, r.between(1, 9));
  }
}

const TYPES = ['string', 'number', 'date'];
export function seedAttributeDefinitions(env, count) {
  const names = [
    'Age',
    'Loyalty tier',
    'Date Joined',
    'Größe',
    'Shoe size',
    'ID "extern"',
    'Last visit',
    'מועדון',
    'Favourite shop',
    'Credit limit',
  ];
  let id = 3;
  return Array.from({ length: Math.min(50, count) }, (_, k) => {
    id += 1 + (mix(env.seed, k, 471) % 6 === 0 ? 1 : 0);
    const at = 1500000000 + k * 86400;
    return {
      id,
      name: k < names.length ? names[k] : `${names[k % names.length]} ${k}`,
      type: TYPES[(k * 2) % 3],
      date_created: zStamp(at),
      date_modified: zStamp(at + 3600),
    };
  });
}

export function attributeRows(env, index) {
  const { customerShapes: shapes, seed } = env;
  const r = new Random(seed, index, 472);
  const first = shapes.firstChild('attributes', index);
  const n = shapes.firstChild('attributes', index + 1) - first;
  const at = shapes.createdSeconds(index);
  return Array.from({ length: n }, (_, k) => {
    const { id, type } = env.attributeSeeds[shapes.attributeIndex(index, k)];
    const value =
      type === 'number'
        ? r.pick([`${r.below(99)}`, '19.9900', '0', '-4'])
        : type === 'date'
          ? `20${r.between(10, 25)}-1${r.below(3)}-${r.between(10, 28)}`
          : r.chance(0.2)
            ? r.pick(['Zoë & Söhne', 'כן', '<i>gold</i>', '  spaced  '])
            : word(r);
    return {
      id: first + k,
      attribute_id: id,
      attribute_value: value,
      customer_id: shapes.idAt(index),
      date_created: zStamp(at + k),
      date_modified: zStamp(at + k + r.below(9999999)),
    };
  });
}

export function customerMetafields(env, index) {
  const { customerShapes: shapes, seed } = env;
  const r = new Random(seed, index, 473);
  const first = shapes.firstChild('metafields', index);
  const n = shapes.firstChild('metafields', index + 1) - first;
  const seconds = shapes.createdSeconds(index);
  return Array.from({ length: n }, (_, k) => metafieldRow(env, r, first + k, 'customer', shapes.idAt(index), seconds, k));
}
