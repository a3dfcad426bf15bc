// The traffic of the contract check: reads of every endpoint and writes of every type, good and bad. Promises: states for each call the
// status it must have; what differs is returned as `unexpected`.

import { driveOrders } from './drive_orders.mjs';
import { driveCustomers } from './drive_customers.mjs';
import { driveContent } from './drive_content.mjs';
import { drivePricing } from './drive_pricing.mjs';
import { drivePromotions } from './drive_promotions.mjs';
import { driveStock } from './drive_stock.mjs';

const PNG = Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de', 'hex');

export async function drive({ base, control, token }) {
  const unexpected = [];
  async function call(method, path, body, expect = 200) {
    const init = { method, headers: { 'X-Auth-Token': token, Accept: 'application/json' } };
    if (body instanceof FormData) init.body = body;
    else if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers['Content-Type'] = 'application/json';
    }
    const r = await fetch(base + path, init);
    const text = await r.text();
    if (![].concat(expect).includes(r.status)) unexpected.push(`${method} ${path} -> ${r.status}, not ${expect}: ${text.slice(0, 300)}`);
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }
  const get = (path, expect) => call('GET', path, undefined, expect);
  const state = async (type) => (await (await fetch(`${control}/state/${type}`)).json()).ids;
  const item = async (type, id) => (await fetch(`${control}/item/${type}/${id}`)).json();
  const form = (fields = {}) => {
    const f = new FormData();
    for (const [k, v] of Object.entries(fields)) f.append(k, v);
    f.append('image_file', new Blob([PNG], { type: 'image/png' }), 'front.png');
    return f;
  };
  const C = '/v3/catalog';

  // ---- reads: every product with everything, then every list and single read of one rich product
  await get('/v2/time');
  await get('/v2/store');
  await get('/v3/channels');
  await get('/v3/channels/1');
  const includes =
    'bulk_pricing_rules,channels,custom_fields,images,modifiers,options,parent_relations,primary_image,reviews,variants,videos';
  for (let page = 1; page <= 30; page++) await get(`${C}/products?limit=10&page=${page}&include=${includes}`);
  await get(`${C}/products?limit=250&sort=name&direction=desc&include_fields=name,date_modified`);
  await get(`${C}/products?id:in=77,78&limit=2&date_modified:min=2015-01-01T00:00:00Z&is_visible=true`);
  await get(`${C}/products?limit=250&page=9`);
  await get(`${C}/summary`);
  await get(`${C}/variants?limit=250`);
  await get(`${C}/variants?product_id:in=77,78`);
  for (const kind of ['products', 'variants', 'brands', 'categories']) {
    const first = await get(`${C}/${kind}/metafields?limit=5`);
    await get(`${C}/${kind}/metafields?limit=5&after=${encodeURIComponent(first.meta.cursor_pagination.end_cursor ?? 'eyJpZCI6MX0=')}`);
    await get(`${C}/${kind}/metafields?date_modified:min=2015-01-01T00:00:00Z&direction=desc`);
  }
  for (const a of ['channel', 'category']) await get(`${C}/products/${a}-assignments?limit=250&product_id:in=77,78`);
  const rich = [];
  const want = new Set([
    'options',
    'modifiers',
    'complex_rules',
    'images',
    'videos',
    'custom_fields',
    'bulk_pricing_rules',
    'reviews',
    'metafields',
    'variant_metafields',
  ]);
  for (const id of await state('products')) {
    const full = await item('products', id);
    const news = [...want].filter((p) => full[p].length);
    if (news.length) {
      rich.push(full);
      for (const p of news) want.delete(p);
    }
    if (!want.size) break;
  }
  for (const p of rich) {
    const at = `${C}/products/${p.id}`;
    await get(`${at}?include=${includes}`);
    for (const [part, path] of [
      ['options', 'options'],
      ['variants', 'variants'],
      ['modifiers', 'modifiers'],
      ['complex_rules', 'complex-rules'],
      ['images', 'images'],
      ['videos', 'videos'],
      ['custom_fields', 'custom-fields'],
      ['bulk_pricing_rules', 'bulk-pricing-rules'],
      ['reviews', 'reviews'],
      ['metafields', 'metafields'],
    ]) {
      await get(part === 'bulk_pricing_rules' ? `${at}/${path}` : `${at}/${path}?limit=250`);
      if (p[part].length) await get(`${at}/${path}/${p[part][0].id}`);
    }
    for (const o of p.options) {
      await get(`${at}/options/${o.id}/values`);
      await get(`${at}/options/${o.id}/values/${o.option_values[0].id}`);
    }
    for (const m of p.modifiers) {
      await get(`${at}/modifiers/${m.id}/values`);
      if (m.option_values.length) await get(`${at}/modifiers/${m.id}/values/${m.option_values[0].id}`);
    }
    await get(`${at}/variants/${p.variants[0].id}/metafields`);
  }
  await get(`${C}/brands?limit=250`);
  await get(`${C}/brands?limit=5&sort=name&direction=asc`);
  const [brandId] = await state('brands');
  await get(`${C}/brands/${brandId}`);
  await get(`${C}/brands/${brandId}/metafields`);
  await get(`${C}/trees`);
  await get(`${C}/trees/categories?limit=250`);
  await get(`${C}/trees/1/categories`);
  await get(`${C}/trees/1/categories?depth=2`);
  await get(`${C}/categories?limit=250`);
  const [categoryId] = await state('categories');
  await get(`${C}/categories/${categoryId}`);
  await get(`${C}/categories/${categoryId}/metafields`);
  const { data: orders } = await get(`${C}/categories/${categoryId}/products/sort-order`);
  if (orders.length)
    await call('PUT', `${C}/categories/${categoryId}/products/sort-order`, [{ product_id: orders[0].product_id, sort_order: 3 }]);
  await get(`${C}/products/999999`, 404);
  await get(`${C}/brands/999999`, 404);

  // ---- brands, trees, categories
  const { data: brand } = await call('POST', `${C}/brands`, {
    name: 'Contract brand',
    page_title: 'x',
    meta_keywords: ['a'],
    custom_url: { url: '/contract-brand/', is_customized: true },
  });
  await call('POST', `${C}/brands`, { name: 'contract BRAND' }, 409);
  await call('POST', `${C}/brands`, { name: 'Contract brand 2', custom_url: { url: '/contract-brand/', is_customized: true } }, 207);
  await call('PUT', `${C}/brands/${brand.id}`, { name: 'Contract brand', search_keywords: 'one' });
  await call('POST', `${C}/brands/${brand.id}/image`, form());
  await call('DELETE', `${C}/brands/${brand.id}/image`, undefined, 204);
  const { data: trees } = await call('GET', `${C}/trees`);
  await call('PUT', `${C}/trees`, [{ id: trees[0].id, name: 'Renamed tree' }]);
  const made = await call(
    'POST',
    `${C}/trees/categories`,
    [{ name: 'Contract', tree_id: 1, url: { path: '/contract/', is_customized: true }, is_visible: true }],
    201,
  );
  const parent = made.data[0].category_id;
  await call(
    'POST',
    `${C}/trees/categories`,
    [
      { name: 'Inner', parent_id: parent, url: { path: '/contract/inner/', is_customized: false } },
      { name: 'Contract', tree_id: 1 },
    ],
    207,
  );
  await call('POST', `${C}/trees/categories`, [{ name: 'Contract', tree_id: 1 }], 422);
  await call('PUT', `${C}/trees/categories`, [{ category_id: parent, description: '<p>new</p>' }]);
  await call(
    'PUT',
    `${C}/trees/categories`,
    [
      { category_id: parent, sort_order: 3 },
      { category_id: 999999, name: 'x' },
    ],
    207,
  );
  await call('POST', `${C}/categories/${parent}/image`, form());
  await call('DELETE', `${C}/categories/${parent}/image`, undefined, 204);

  // ---- a product and all its parts
  const { data: product } = await call('POST', `${C}/products`, {
    name: 'Contract product',
    type: 'physical',
    weight: 1.5,
    price: 10.99999,
    sku: 'CONTRACT',
    categories: [parent],
    brand_id: brand.id,
    custom_fields: [{ name: 'Origin', value: 'PT' }],
    custom_url: { url: '/contract-product/', is_customized: true },
  });
  const at = `${C}/products/${product.id}`;
  await call('POST', `${C}/products`, { name: 'contract product', type: 'physical', weight: 1, price: 1 }, 409);
  await call('POST', `${C}/products`, { name: 'Other', type: 'physical', weight: 1, price: 1, sku: 'contract' }, 409);
  await call('PUT', at, { price: 12, related_products: [-1], is_visible: true });
  await call('PUT', at, { custom_url: { url: '/contract-brand/', is_customized: true }, warranty: 'saved' }, 207);
  await call('PUT', `${C}/products`, [
    { id: product.id, brand_id: 0 },
    { id: 77, sort_order: 4 },
  ]);
  await call(
    'PUT',
    `${C}/products`,
    [
      { id: product.id, brand_id: brand.id },
      { id: 77, brand_id: 999999 },
    ],
    207,
  );
  await call(
    'PUT',
    `${C}/products`,
    Array.from({ length: 11 }, (_, n) => ({ id: 77 + n, sort_order: 1 })),
    413,
  );
  const { data: option } = await call('POST', `${at}/options`, {
    display_name: 'Color',
    type: 'swatch',
    sort_order: 0,
    option_values: [{ label: 'Navy', sort_order: 0, value_data: { colors: ['#123C91'] } }],
  });
  await call('POST', `${at}/options`, { display_name: 'color', type: 'dropdown', option_values: [{ label: 'x', sort_order: 0 }] }, 409);
  const { data: value } = await call('POST', `${at}/options/${option.id}/values`, {
    label: 'Red',
    sort_order: 1,
    value_data: { colors: ['#FF0000'] },
  });
  await call('PUT', `${at}/options/${option.id}/values/${value.id}`, { label: 'Dark red', sort_order: 1 });
  await call('PUT', `${at}/options/${option.id}`, {
    display_name: 'Colour',
    type: 'swatch',
    option_values: [{ label: 'Sand', sort_order: 3, value_data: { colors: ['#C2B280'] } }],
  });
  const { data: variant } = await call('POST', `${at}/variants`, {
    sku: 'CONTRACT-1',
    price: null,
    option_values: [{ option_id: option.id, id: option.option_values[0].id }],
  });
  await call('PUT', `${at}/variants/${variant.id}`, { price: 9.5, mpn: 'M' });
  await call('PUT', `${C}/variants`, [{ id: variant.id, price: 9 }]);
  await call(
    'PUT',
    `${C}/variants`,
    [
      { id: variant.id, price: 9 },
      { id: 99999999, price: 1 },
    ],
    422,
  );
  await call('POST', `${at}/variants/${variant.id}/image`, { image_url: 'https://example.com/a.png' });
  await call('POST', `${at}/variants/${variant.id}/image`, form());
  const { data: checkbox } = await call('POST', `${at}/modifiers`, {
    type: 'checkbox',
    required: false,
    display_name: 'Gift',
    config: { checkbox_label: 'Wrap it', checked_by_default: false },
  });
  await call('PUT', `${at}/modifiers/${checkbox.id}/values/${checkbox.option_values[0].id}`, {
    label: 'Yes',
    sort_order: 0,
    adjusters: { price: { adjuster: 'relative', adjuster_value: 5 } },
  });
  await call('PUT', `${at}/modifiers/${checkbox.id}`, { type: 'checkbox', required: true });
  const { data: dropdown } = await call('POST', `${at}/modifiers`, {
    type: 'dropdown',
    required: false,
    display_name: 'Extra',
    option_values: [{ label: 'One', sort_order: 0 }],
  });
  const { data: extra } = await call('POST', `${at}/modifiers/${dropdown.id}/values`, { label: 'Two', sort_order: 1 });
  await call('POST', `${at}/modifiers/${dropdown.id}/values/${extra.id}/image`, form());
  const { data: rule } = await call('POST', `${at}/complex-rules`, {
    enabled: true,
    stop: false,
    price_adjuster: { adjuster: 'relative', adjuster_value: 10 },
    conditions: [
      { modifier_id: checkbox.id, modifier_value_id: checkbox.option_values[0].id },
      { modifier_id: dropdown.id, modifier_value_id: extra.id },
    ],
  });
  await call('PUT', `${at}/complex-rules/${rule.id}`, { enabled: false });
  await call(
    'POST',
    `${at}/complex-rules`,
    { conditions: [{ modifier_id: checkbox.id, modifier_value_id: checkbox.option_values[0].id }] },
    422,
  );
  const { data: image } = await call('POST', `${at}/images`, { image_url: 'https://example.com/front.jpg', is_thumbnail: true });
  await call('POST', `${at}/images`, form({ description: 'Back', sort_order: '1' }));
  await call('PUT', `${at}/images/${image.id}`, { description: 'Front' });
  const { data: video } = await call('POST', `${at}/videos`, { video_id: 'abc123', type: 'youtube' });
  await call('PUT', `${at}/videos/${video.id}`, { title: 'T' });
  const { data: field } = await call('POST', `${at}/custom-fields`, { name: 'Care', value: 'Wash' });
  await call('PUT', `${at}/custom-fields/${field.id}`, { name: 'Care', value: 'Dry' });
  const { data: bulk } = await call('POST', `${at}/bulk-pricing-rules`, { quantity_min: 10, quantity_max: 0, type: 'price', amount: 2 });
  await call('PUT', `${at}/bulk-pricing-rules/${bulk.id}`, { quantity_min: 5, quantity_max: 0, type: 'price', amount: 2 });
  const { data: review } = await call('POST', `${at}/reviews`, {
    title: 'Good',
    date_reviewed: '2024-01-01T00:00:00Z',
    rating: 5,
    status: 'approved',
  });
  await call('PUT', `${at}/reviews/${review.id}`, { title: 'Better', date_reviewed: '2024-01-01T00:00:00Z' });
  for (const [bulkPath, onePath, id] of [
    [`${C}/products`, at, product.id],
    [`${C}/variants`, `${at}/variants/${variant.id}`, variant.id],
    [`${C}/brands`, `${C}/brands/${brand.id}`, brand.id],
    [`${C}/categories`, `${C}/categories/${parent}`, parent],
  ]) {
    const row = { permission_set: 'write', namespace: 'erp', key: 'one', value: 'v' };
    const { data: m } = await call('POST', `${onePath}/metafields`, row);
    await call('POST', `${onePath}/metafields`, row, 409);
    await call('PUT', `${onePath}/metafields/${m.id}`, { ...row, value: 'w' });
    await get(`${onePath}/metafields/${m.id}`);
    const b = await call('POST', `${bulkPath}/metafields`, [{ ...row, key: 'two', resource_id: id }]);
    await call(
      'POST',
      `${bulkPath}/metafields`,
      [
        { ...row, key: 'two', resource_id: id },
        { ...row, key: 'three', resource_id: id },
      ],
      422,
    );
    await call('PUT', `${bulkPath}/metafields`, [{ id: b.data[0].id, value: 'z' }]);
    await call('DELETE', `${bulkPath}/metafields`, [b.data[0].id]);
    await call('DELETE', `${bulkPath}/metafields`, [b.data[0].id], 422);
    await call('DELETE', `${onePath}/metafields/${m.id}`, undefined, 204);
  }
  await call('PUT', `${C}/products/channel-assignments`, [{ product_id: product.id, channel_id: 2 }], 204);
  await call('PUT', `${C}/products/channel-assignments`, [{ product_id: product.id, channel_id: 99 }], 422);
  await call('DELETE', `${C}/products/channel-assignments?product_id:in=${product.id}&channel_id:in=2`, undefined, 204);
  await call('DELETE', `${C}/products/channel-assignments`, undefined, 422);
  await call('PUT', `${C}/products/category-assignments`, [{ product_id: product.id, category_id: categoryId }], 204);
  await call('DELETE', `${C}/products/category-assignments?product_id:in=${product.id}&category_id:in=${categoryId}`, undefined, 204);

  // ---- deletes, inside out
  await call('DELETE', `${at}/complex-rules/${rule.id}`, undefined, 204);
  await call('DELETE', `${at}/modifiers/${dropdown.id}/values/${extra.id}`, undefined, 204);
  await call('DELETE', `${at}/modifiers/${dropdown.id}`, undefined, 204);
  await call('DELETE', `${at}/variants/${variant.id}`, undefined, 204);
  await call('DELETE', `${at}/options/${option.id}/values/${value.id}`, undefined, 204);
  await call('DELETE', `${at}/options/${option.id}`, undefined, 204);
  for (const [path, id] of [
    ['images', image.id],
    ['videos', video.id],
    ['custom-fields', field.id],
    ['bulk-pricing-rules', bulk.id],
    ['reviews', review.id],
  ])
    await call('DELETE', `${at}/${path}/${id}`, undefined, 204);
  await get(`${at}?include=${includes}`);
  await call('DELETE', at, undefined, 204);
  await get(at, 404);
  await call('DELETE', `${C}/products?id:in=78,79`, undefined, 204);
  await call('DELETE', `${C}/trees/categories?category_id:in=${parent}`, undefined, 202);
  await call('DELETE', `${C}/brands/${brand.id}`, undefined, 204);
  await call('DELETE', `${C}/brands?name=${encodeURIComponent('Contract brand 2')}`, undefined, 204);
  await call('DELETE', `${C}/trees?id:in=2`, undefined, 204);
  await call('PUT', `${C}/trees`, [{ name: 'Second', channels: [2] }]);

  await driveOrders({ call, get, state, item });
  await driveCustomers({ call, get, state, item });
  await driveContent({ call, get, state });
  await drivePricing({ call, get, state });
  await drivePromotions({ call, get, state });
  await driveStock({ call, get, state, item, control });
  return { unexpected };
}
