// What the store's API says that there is, per content type: the bytes of every item and of the parts that are kept beside it. Written from the API
// reference and not from the program's registry, so that each can catch the other.

import { rawElements, rawField, rowsOf } from './raw_json.mjs';

const ids = (field) => (row) => String(label(rawField(row, field)));
const INCLUDES_OF_PRODUCTS = 'include=bulk_pricing_rules,channels,custom_fields,images,modifiers,options,reviews,variants,videos';
const STATUSES_OF_CHANNELS = 'status:in=prelaunch,active,inactive,connected,disconnected,archived,deleted,terminated';
const INCLUDES_OF_ORDERS = 'consignment_structure=object&include=consignments.line_items,fees';

/** The text of a string or number. */
const label = (raw) => (raw === undefined ? '' : raw[0] === 0x22 ? JSON.parse(raw.toString()) : raw.toString());

/** For a list over all items: rows by the field that names their owner. */
async function join(store, items, part, list, { owner = ids('resource_id'), item = (id) => id } = {}) {
  for (const row of await store.rows(list)) {
    const one = items.get(item(owner(row)));
    if (one) (one.parts[part] ??= []).push(row);
  }
}

async function each(items, part, read) {
  for (const [id, one] of items) {
    const rows = await read(id, one.item);
    if (rows.length) one.parts[part] = rows;
  }
}

const count = (item, array) => rawElements(rawField(item, array) ?? Buffer.from('[]')).length;

async function productParts(store, items) {
  await join(store, items, 'metafields', '/v3/catalog/products/metafields');
  const productOf = new Map();
  for (const [id, { item }] of items)
    for (const variant of rawElements(rawField(item, 'variants') ?? Buffer.from('[]'))) productOf.set(String(label(rawField(variant, 'id'))), id);
  await join(store, items, 'variant_metafields', '/v3/catalog/variants/metafields', { item: (variant) => productOf.get(variant) });
  await each(items, 'complex_rules', (id, item) => (count(item, 'modifiers') ? store.rows(`/v3/catalog/products/${id}/complex-rules`) : []));
}

/** Ten of each come inside a customer; of those who have more, all are read. */
async function customerParts(store, items) {
  await each(items, 'addresses', async (id, item) => {
    if (count(item, 'addresses') < 10) return [];
    const rows = await store.rows(`/v3/customers/addresses?customer_id:in=${id}&include=formfields`);
    return rows.length > 10 ? rows : [];
  });
  await each(items, 'attributes', async (id, item) => {
    if (count(item, 'attributes') < 10) return [];
    const rows = await store.rows(`/v3/customers/attribute-values?customer_id:in=${id}`);
    return rows.length > 10 ? rows : [];
  });
  if (store.settings?.extra_parts?.includes('customers.consent')) {
    await each(items, 'consent', async (id) => rowsOf((await store.get(`/v3/customers/${id}/consent`)).body));
  }
  await join(store, items, 'metafields', '/v3/customers/metafields');
}

async function orderParts(store, items) {
  const lists = {
    order_products: 'products',
    order_shipping_addresses: 'shipping_addresses',
    order_coupons: 'coupons',
    order_taxes: 'taxes?details=true',
    order_messages: 'messages',
    order_shipments: 'shipments',
  };
  for (const [part, list] of Object.entries(lists)) await each(items, part, (id) => store.rows(`/v2/orders/${id}/${list}`));
  if (!store.without?.includes('orders.transactions'))
    await each(items, 'transactions', async (id) => rowsOf((await store.get(`/v3/orders/${id}/transactions`)).body));
  await join(store, items, 'refunds', '/v3/orders/payment_actions/refunds', { owner: ids('order_id') });
  await join(store, items, 'metafields', '/v3/orders/metafields');
}

const metafields = (list) => (store, items) => join(store, items, 'metafields', list);

// lists: of the whole items. id: of a row. parts: adds what is kept beside the items. limit: rows per page, where it is not 250; 0: a list without
// pages.
const TABLE = {
  store_information: { lists: ['/v2/store'], limit: 0 },
  channels: { lists: [`/v3/channels?include=currencies&${STATUSES_OF_CHANNELS}`], parts: metafields('/v3/channels/metafields') },
  locations: { lists: ['/v3/inventory/locations'], parts: metafields('/v3/inventory/locations/metafields') },
  customer_attributes: { lists: ['/v3/customers/attributes'] },
  category_trees: { lists: ['/v3/catalog/trees'], limit: 0 },
  brands: { lists: ['/v3/catalog/brands'], parts: metafields('/v3/catalog/brands/metafields') },
  categories: { lists: ['/v3/catalog/trees/categories'], id: ids('category_id'), parts: metafields('/v3/catalog/categories/metafields') },
  price_lists: { lists: ['/v3/pricelists'] },
  products: { lists: [`/v3/catalog/products?${INCLUDES_OF_PRODUCTS}`], limit: 10, parts: productParts },
  customer_groups: { lists: ['/v2/customer_groups'] },
  price_records: {
    lists: async (store) => (await store.ids('price_lists')).map((id) => `/v3/pricelists/${id}/records?include=bulk_pricing_tiers,sku`),
    id: (row) => ['price_list_id', 'variant_id', 'currency'].map((field) => label(rawField(row, field))).join('/'),
  },
  inventory: { lists: ['/v3/inventory/items'], limit: 1000, id: (row) => ids('variant_id')(rawField(row, 'identity')) },
  pages: { lists: ['/v3/content/pages?include=body'] },
  blog_posts: { lists: ['/v2/blog/posts'] },
  price_list_assignments: { lists: ['/v3/pricelists/assignments'] },
  customers: {
    lists: ['/v3/customers?include=addresses,storecredit,attributes,formfields,shopper_profile_id,segment_ids'],
    parts: customerParts,
  },
  promotions: {
    lists: ['/v3/promotions'],
    parts: (store, items) =>
      each(items, 'coupon_codes', (id, item) => (label(rawField(item, 'redemption_type')) === 'COUPON' ? store.rows(`/v3/promotions/${id}/codes`) : [])),
  },
  coupons: { lists: ['/v2/coupons?exclude_type=promotion'] },
  redirects: { lists: ['/v3/storefront/redirects?include=to_url'] },
  gift_certificates: { lists: ['/v2/gift_certificates'] },
  email_templates: {
    lists: async (store) => [
      '/v3/marketing/email-templates',
      ...(await store.ids('channels')).map((id) => `/v3/marketing/email-templates?channel_id=${id}`),
    ],
    id: (row, list) => `${/=(\d+)$/.exec(list)?.[1] ?? 'global'}/${ids('type_id')(row)}`,
    limit: 0,
  },
  orders: {
    // A store may leave archived and incomplete ones out of the plain list, and may know the filter for archived ones or not.
    lists: ['', '&is_deleted=true', '&status_id=0', '&is_deleted=true&status_id=0'].map((more) => `/v2/orders?${INCLUDES_OF_ORDERS}${more}`),
    optional: 'is_deleted=true',
    parts: orderParts,
  },
};

/** All content types, in the order in which a backup reads them. */
export const TYPES = Object.keys(TABLE);

/** id -> {item, parts: {name: [row]}}, all as Buffers. */
export async function liveItems(store, type) {
  const { lists, id = ids('id'), limit = 250, optional, parts } = TABLE[type];
  const items = new Map();
  for (const list of typeof lists === 'function' ? await lists(store) : lists) {
    if (optional && list.includes(optional) && (await store.get(list)).status === 400) continue;
    const rows = limit === 0 ? rowsOf((await store.get(list)).body) : await store.rows(list, limit);
    for (const row of rows) if (!items.has(id(row, list))) items.set(id(row, list), { item: row, parts: {} });
  }
  if (parts && items.size) await parts(store, items);
  return items;
}

// Of these the control calls know other things than items of the vault.
const OTHERWISE = new Set(['store_information', 'email_templates', 'inventory', 'orders']);

/** Ids as the control calls know them, as text; null where these are not the items' ids. */
export async function knownIds(store, type) {
  return OTHERWISE.has(type) ? null : (await store.ids(type)).map(String);
}
