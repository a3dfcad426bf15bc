// JSON as bytes, independent of the program under test: slices of values, never rewritten. Works on latin1 text, one character a byte.

const latin = (bytes) => (typeof bytes === 'string' ? bytes : bytes.toString('latin1'));

function skipSpace(text, at) {
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return at;
}

function endOfString(text, at) {
  for (at++; text[at] !== '"'; at++) {
    if (at >= text.length) throw new Error('a string without an end');
    if (text[at] === '\\') at++;
  }
  return at + 1;
}

/** The position behind the value that begins at `at`. */
function endOfValue(text, at) {
  if (text[at] === '"') return endOfString(text, at);
  if (text[at] !== '{' && text[at] !== '[') {
    while (at < text.length && !',]} \n\r\t'.includes(text[at])) at++;
    return at;
  }
  let depth = 0;
  for (; at < text.length; at++) {
    if (text[at] === '"') at = endOfString(text, at) - 1;
    else if (text[at] === '{' || text[at] === '[') depth++;
    else if ((text[at] === '}' || text[at] === ']') && --depth === 0) return at + 1;
  }
  throw new Error('a value without an end');
}

/** [[key as raw text, value as raw text], ...] of an object, duplicates included. */
function fields(text) {
  const found = [];
  let at = skipSpace(text, 0) + 1;
  for (;;) {
    at = skipSpace(text, at);
    if (text[at] === '}') return found;
    const keyEnd = endOfString(text, at);
    const key = text.slice(at + 1, keyEnd - 1);
    at = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = endOfValue(text, at);
    found.push([key, text.slice(at, end)]);
    at = skipSpace(text, end);
    if (text[at] === ',') at++;
  }
}

function elements(text) {
  const found = [];
  let at = skipSpace(text, 0) + 1;
  for (;;) {
    at = skipSpace(text, at);
    if (text[at] === ']' || at >= text.length) return found;
    const end = endOfValue(text, at);
    found.push(text.slice(at, end));
    at = skipSpace(text, end);
    if (text[at] === ',') at++;
  }
}

/** The first field of that name as a Buffer, or undefined. */
export function rawField(bytes, name) {
  const found = fields(latin(bytes)).find(([key]) => key === name);
  return found && Buffer.from(found[1], 'latin1');
}

export function rawFields(bytes) {
  return Object.fromEntries(fields(latin(bytes)).map(([key, value]) => [key, Buffer.from(value, 'latin1')]));
}

export function rawElements(bytes) {
  return elements(latin(bytes)).map((one) => Buffer.from(one, 'latin1'));
}

/** The rows of an API answer: of V3 what stands in `data`, of V2 the bare array, or the one object. */
export function rowsOf(body) {
  const text = latin(body);
  const first = text[skipSpace(text, 0)];
  if (first === '[') return rawElements(text);
  if (first !== '{') return [];
  const data = fields(text).find(([key]) => key === 'data')?.[1];
  if (data === undefined) return [Buffer.from(text.slice(skipSpace(text, 0), endOfValue(text, skipSpace(text, 0))), 'latin1')];
  return data[0] === '[' ? rawElements(data) : [Buffer.from(data, 'latin1')];
}

/** Line breaks between tokens become spaces: the one thing that the vault changes. */
export function spacedBreaks(bytes) {
  const text = latin(bytes);
  const out = Buffer.from(bytes);
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    if (inString && text[i] === '\\') i++;
    else if (text[i] === '"') inString = !inString;
    else if (!inString && (text[i] === '\n' || text[i] === '\r')) out[i] = 0x20;
  }
  return out;
}

// Written from the documentation, not taken from the program's registry.
const VOLATILE = {
  products: [
    'view_count total_sold reviews_rating_sum reviews_count inventory_level date_modified date_last_imported calculated_price',
    'images[].url_zoom images[].url_standard images[].url_thumbnail images[].url_tiny images[].date_modified',
    'variants[].inventory_level variants[].calculated_price variants[].calculated_weight reviews[].date_modified',
  ].join(' '),
  categories: 'views',
  channels: 'date_modified',
  locations: 'updated_at',
  price_lists: 'date_modified',
  price_records: 'date_modified calculated_price',
  customer_attributes: 'date_modified',
  customer_groups: 'date_modified',
  customers: 'date_modified address_count attribute_count attributes[].date_modified',
  blog_posts: 'preview_url summary',
  promotions: 'current_uses codes.current_uses',
  coupons: 'num_uses',
  redirects: 'to_url',
  inventory: 'locations[].location_name locations[].location_code locations[].location_enabled',
  orders: 'date_modified',
};
const VOLATILE_IN_PARTS = { coupon_codes: '[].current_uses', consent: '[].updated_at' };

/** The value as text with sorted keys, numbers as written, without what moves by itself. */
export function afterVolatile(bytes, type, part = '') {
  const drop = new Set((part ? (VOLATILE_IN_PARTS[part] ?? '[].date_modified') : (VOLATILE[type] ?? '')).split(' '));
  const walk = (text, where) => {
    text = text.trim();
    if (text[0] === '[') return `[${elements(text).map((one) => walk(one, `${where}[]`)).join()}]`;
    if (text[0] !== '{') return text[0] === '"' ? JSON.stringify(JSON.parse(Buffer.from(text, 'latin1').toString())) : text;
    const kept = fields(text).filter(([key]) => !drop.has(where ? `${where}.${key}` : key));
    kept.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${kept.map(([key, value]) => `${key}:${walk(value, where ? `${where}.${key}` : key)}`).join()}}`;
  };
  return walk(latin(bytes), '');
}
