// The orders' part of the contract check: every read of every sort of order, every write, good and bad. Promises: each call states the status it must have.

/** call(method, path, body, expect) and get(path, expect) of drive_store.mjs; state and item are control reads. */
export async function driveOrders({ call, get, state, item }) {
  const V2 = '/v2/orders';
  const V3 = '/v3/orders';
  const encoded = encodeURIComponent;

  // ---- lists
  await get(`${V2}?limit=250&page=1`);
  await get(`${V2}?limit=20&page=99`, 204);
  await get(`${V2}?limit=250&include=consignments,fees&consignment_structure=object`);
  await get(`${V2}?limit=50&include=consignments.line_items&consignment_structure=object&sort=date_modified`);
  await get(`${V2}?min_id=110&max_id=120&sort=date_created:desc`);
  await get(`${V2}?is_deleted=true`);
  await get(`${V2}?is_deleted=false&status_id=0`);
  await get(`${V2}?min_date_modified=${encoded('Tue, 20 Nov 2012 00:00:00 +0000')}&max_date_created=2040-01-01T00:00:00Z`);
  await get(`${V2}?min_total=1.5&max_total=100000&customer_id=0&channel_id=1&payment_method=PayPal`, [200, 204]);
  await get(`${V2}/count?min_id=100`);
  await get('/v2/order_statuses');
  await get('/v2/order_statuses/11');
  await get(`${V3}/payment_actions/refunds?limit=50&page=1`);
  await get(`${V3}/payment_actions/refunds?created:min=${encoded('2015-01-01T00:00:00+00:00')}`);
  const cursor = await get(`${V3}/metafields?limit=2`);
  await get(`${V3}/metafields?limit=2&after=${encoded(cursor.meta.cursor_pagination.end_cursor)}`);
  await get(`${V3}/metafields?date_modified:min=2015-01-01T00:00:00Z&direction=desc&include_fields=key,value,permission_set`);

  // ---- every order with all its parts
  let shippable = null;
  for (const id of await state('orders')) {
    const full = await item('orders', id);
    const at = `${V2}/${id}`;
    const listed = (rows) => (rows.length ? 200 : 204);
    await get(at);
    await get(`${at}?include=consignments.line_items,fees&consignment_structure=object`);
    await get(`${at}/products?limit=250`, listed(full.products));
    if (full.products.length) await get(`${at}/products/${full.products[0].id}`);
    await get(`${at}/shipping_addresses`, listed(full.shipping_addresses));
    for (const a of full.shipping_addresses) {
      await get(`${at}/shipping_addresses/${a.id}`);
      await get(`${at}/shipping_addresses/${a.id}/shipping_quotes`, [200, 204]);
      await get(`${at}/consignments/shipping/${a.id}/shipping_quotes`, [200, 204]);
    }
    await get(`${at}/coupons`, listed(full.coupons));
    await get(`${at}/fees`);
    await get(`${at}/taxes`, listed(full.taxes));
    await get(`${at}/taxes?details=true&limit=250`, listed(full.taxes));
    await get(`${at}/messages`, listed(full.messages));
    await get(`${at}/messages?status=read&is_flagged=true`, [200, 204]);
    await get(`${at}/shipments`, listed(full.shipments));
    await get(`${at}/shipments/count`);
    if (full.shipments.length) await get(`${at}/shipments/${full.shipments[0].id}`);
    await get(`${at}/consignments`);
    await get(`${at}/consignments?include=consignments.line_items`);
    await get(`${V3}/${id}/transactions`, listed(full.transactions));
    await get(`${V3}/${id}/payment_actions/refunds`);
    for (const r of full.refunds) await get(`${V3}/payment_actions/refunds/${r.id}`);
    await get(`${V3}/${id}/metafields`);
    if (full.metafields.length) await get(`${V3}/${id}/metafields/${full.metafields[0].id}`);
    if (!full.shipments.length && full.shipping_addresses.length && !full.is_deleted) shippable = full;
  }
  await get(`${V2}/999999`, 404);

  // ---- writes
  const billing_address = {
    first_name: 'Jane',
    last_name: 'Doe',
    street_1: '1 Main St',
    city: 'Austin',
    state: 'Texas',
    zip: '78751',
    country: 'United States',
  };
  const made = await call('POST', V2, {
    status_id: 1,
    customer_id: 0,
    billing_address,
    products: [{ name: 'Coffee Mug', quantity: 2, price_inc_tax: 50, price_ex_tax: 45 }],
    fees: [{ type: 'custom_fee', display_name_customer: 'A Fee', source: 'AA', cost_ex_tax: '22.5000', cost_inc_tax: '25.0000' }],
    external_source: 'M-MIG',
  });
  const at = `${V2}/${made.id}`;
  await call('PUT', at, {
    staff_notes: 'Send Saturday',
    customer_message: 'Merci',
    external_order_id: 'E-1',
    billing_address: { zip: '10115' },
  });
  await call('PUT', at, { staff_notes: 'x', ip_address: '203.0.113.7', status_id: 11 });
  await call('PUT', at, { products: [{ name: 'Poster', quantity: 1, price_inc_tax: 11, price_ex_tax: 10 }] });
  await call('PUT', at, { fees: [] });
  const [address] = await get(`${at}/shipping_addresses`);
  await call('PUT', `${at}/shipping_addresses/${address.id}`, {
    first_name: 'Trish',
    zip: '2000',
    form_fields: [{ name: 'Wholesale ID', value: '1' }],
  });
  const full = shippable;
  const item0 = full.products.find((l) => l.order_address_id === full.shipping_addresses[0].id);
  const ship = `${V2}/${full.id}/shipments`;
  const shipment = await call(
    'POST',
    ship,
    {
      order_address_id: full.shipping_addresses[0].id,
      items: [{ order_product_id: item0.id, quantity: 1 }],
      tracking_number: 'EJ958083578US',
      shipping_provider: 'usps',
    },
    201,
  );
  await call('PUT', `${ship}/${shipment.id}`, { tracking_number: 'EJ958083579US', comments: 'Ready' });
  await call('DELETE', `${ship}/${shipment.id}`, undefined, 204);

  const row = { permission_set: 'write', namespace: 'erp', key: 'one', value: 'v' };
  const own = `${V3}/${made.id}/metafields`;
  const { data: m } = await call('POST', own, row);
  await call('POST', own, row, 409);
  await call('PUT', `${own}/${m.id}`, { ...row, value: 'w' });
  const b = await call('POST', `${V3}/metafields`, [{ ...row, key: 'two', resource_id: made.id }]);
  await call(
    'POST',
    `${V3}/metafields`,
    [
      { ...row, key: 'two', resource_id: made.id },
      { ...row, key: 'three', resource_id: made.id },
    ],
    422,
  );
  await call('PUT', `${V3}/metafields`, [{ ...row, key: 'two', id: b.data[0].id, value: 'z' }]);
  await call('DELETE', `${V3}/metafields`, [b.data[0].id]);
  await call('DELETE', `${V3}/metafields`, [b.data[0].id], 422);
  await call('DELETE', `${own}/${m.id}`, undefined, 204);

  // ---- settings
  await get(`${V3}/settings`);
  await call('PUT', `${V3}/settings`, {
    notifications: { order_placed: { email_addresses: ['a@example.com'] }, forward_invoice: { email_addresses: [] } },
  });
  await get(`${V3}/settings/channels/1`);
  await call('PUT', `${V3}/settings/channels/1`, {
    notifications: { order_placed: { email_addresses: [] }, forward_invoice: { email_addresses: ['b@example.com'] } },
  });
  await call('PUT', `${V3}/settings/channels/1`, { notifications: { order_placed: { email_addresses: null } } }, 422);
  await call('PUT', `${V3}/settings/channels/1`, {
    notifications: { order_placed: { email_addresses: null }, forward_invoice: { email_addresses: null } },
  });

  // ---- archived, and what must never be called
  await call('DELETE', at, undefined, 204);
  await get(at);
  await call('DELETE', V2, undefined, 422);
  await call('DELETE', `${V2}/${full.id}/shipments`, undefined, 422);
}
