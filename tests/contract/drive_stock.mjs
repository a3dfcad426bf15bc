// The stock part of the contract traffic: locations and inventory. Called by drive_store.mjs with its helpers; states for each call the status it
// must have. Writes are asynchronous: the switch is set so that reads follow at once.

export async function driveStock({ call, get, state, item, control }) {
  await fetch(`${control}/switch`, { method: 'POST', body: JSON.stringify({ async_write_ms: 0 }) });
  const L = '/v3/inventory/locations';
  await get(`${L}?limit=1000`);
  await get(`${L}?is_default=true&is_active=true&type_id:in=PHYSICAL&storefront_visibility=true&managed_by_external_source=false`);
  const address = {
    address1: '5th Ave',
    city: 'New York',
    state: 'NY',
    zip: '10021',
    email: 'contact@example.com',
    geo_coordinates: { latitude: 40.774378, longitude: -73.9653178 },
    country_code: 'US',
  };
  const location = {
    code: 'CONTRACT',
    label: 'Contract',
    managed_by_external_source: false,
    type_id: 'PHYSICAL',
    time_zone: 'Etc/UTC',
    address,
  };
  await call('POST', L, [location]);
  await call('POST', L, [location], 422);
  await call('POST', L, [{ label: 'x' }], 422);
  const { data } = await get(`${L}?location_code:in=CONTRACT`);
  const { id } = data[0];
  await call('PUT', L, [{ id, label: 'Contract 2', special_hours: [{ label: 'Day', date: '2030-01-01', open: false }] }]);
  await call('PUT', L, [{ id: 99999, label: 'x' }], 422);

  const I = '/v3/inventory';
  await get(`${I}/items?limit=1000`);
  const variants = await state('variants');
  await get(`${I}/items?variant_id:in=${variants.slice(0, 5)}&location_id:in=1`);
  await get(`${I}/items?product_id:in=77,80&location_code:in=BC-LOCATION-1`);
  await get(`${I}/locations/1/items?limit=100`);
  await get(`${I}/locations/1/items?sku:in=nothing`);
  await get(`${I}/locations/99999/items`, 404);
  let simple = null;
  let untracked = null;
  for (const p of await state('products')) {
    const full = await item('products', p);
    if (full.base_variant_id === null) continue;
    if (full.inventory_tracking === 'product') simple ??= full;
    else if (full.inventory_tracking === 'none') untracked ??= full;
    if (simple && untracked) break;
  }
  const adjust = (items, reason = 'contract') => ({ reason, items });
  await call('PUT', `${I}/adjustments/absolute`, adjust([{ location_id: id, product_id: simple.id, quantity: 7 }]));
  await call('POST', `${I}/adjustments/relative`, adjust([{ location_id: id, variant_id: simple.base_variant_id, quantity: -2 }]));
  await call('PUT', `${I}/adjustments/absolute`, adjust([{ location_id: id, variant_id: untracked.base_variant_id, quantity: 7 }]), 422);
  await call('PUT', `${I}/locations/${id}/items`, {
    settings: [{ identity: { product_id: simple.id }, safety_stock: 1, warning_level: 2 }],
  });
  await call('PUT', `${I}/locations/${id}/items`, { settings: [{ identity: { product_id: simple.id } }] }, 422);
  await get(`${I}/items?product_id:in=${simple.id}`);
  await call('DELETE', `${L}?location_id:in=1`, undefined, 422);
  await call('DELETE', `${L}?location_id:in=99999`, undefined, 404);
  await call('DELETE', `${L}?location_id:in=${id}`);
}
