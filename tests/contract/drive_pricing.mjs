// The pricing part of the contract traffic: price lists, records, assignments. Called by drive_store.mjs with its helpers; states for each call the
// status it must have.

export async function drivePricing({ call, get, state }) {
  const P = '/v3/pricelists';
  const enc = encodeURIComponent;
  const first = await get(`${P}?limit=2`);
  await get(`${P}?limit=2&after=${enc(first.meta.cursor_pagination.end_cursor)}`);
  await get(`${P}?name:like=b&date_modified:min=2015-01-01T00:00:00Z&id:in=1,2,3`);
  const { data: list } = await call('POST', P, { name: 'Contract list', active: false });
  await call('POST', P, { name: 'contract LIST' }, 409);
  await call('PUT', `${P}/${list.id}`, { name: 'Contract list', active: true });
  await get(`${P}/${list.id}`);
  await get(`${P}/999999`, 404);

  const include = 'include=bulk_pricing_tiers,sku';
  const one = (await state('price_lists'))[0];
  const page = await get(`${P}/${one}/records?limit=50&${include}`);
  await get(`${P}/${one}/records?limit=50&after=${enc(page.meta.cursor_pagination.end_cursor)}`);
  await get(
    `${P}/${one}/records?currency=usd&price:min=10&price:max=90&date_modified:min=2015-01-01T00:00:00Z&sku:in=${enc(page.data[0].sku)}`,
  );
  const { variant_id } = page.data[0];
  await get(`${P}/${one}/records?variant_id:in=${variant_id}&product_id:in=${page.data[0].product_id}&${include}`);
  await get(`${P}/${one}/records/${variant_id}?${include}`);
  await get(`${P}/${one}/records/${variant_id}/usd?${include}`);
  await get(`${P}/${one}/records/${variant_id}/gbp`, 404);

  const R = `${P}/${list.id}/records`;
  const tiers = [{ quantity_min: 5, quantity_max: 10, type: 'percent', amount: 2 }];
  const [a, b] = await state('variants');
  await call('POST', R, [{ variant_id: a, currency: 'usd', price: 9.99, bulk_pricing_tiers: tiers }]);
  await call('POST', R, [{ variant_id: a, currency: 'usd', price: 9.99 }], 422);
  await call('PUT', R, [
    { variant_id: a, currency: 'USD', price: 8 },
    { variant_id: b, currency: 'eur', price: 7, sale_price: 6 },
  ]);
  await call('PUT', R, [{ variant_id: 99999999, currency: 'usd', price: 8 }], 422);
  await call('POST', `${P}/records`, [{ price_list_id: list.id, variant_id: b, currency: 'usd', price: 3 }]);
  await call('PUT', `${P}/records`, [{ price_list_id: list.id, variant_id: b, currency: 'usd', price: 4 }]);
  await call('PUT', `${P}/records`, [{ variant_id: b, currency: 'usd', price: 4 }], 422);
  await call('PUT', `${R}/${b}/gbp`, { price: 5, bulk_pricing_tiers: tiers });
  await call('DELETE', R, undefined, 422);
  await call('DELETE', `${R}?variant_id:in=${a}&currency=usd`, undefined, 204);
  await call('DELETE', `${R}/${b}/gbp`, undefined, 204);

  await get(`${P}/assignments?limit=250`);
  await get(`${P}/assignments?price_list_id:in=1,2&channel_id=1`);
  // A group that has a list in channel 1 can have another one in channel 2.
  const [group] = (await get(`${P}/assignments`)).data.map((x) => x.customer_group_id).filter(Boolean);
  await call('POST', `${P}/assignments`, [{ price_list_id: list.id, customer_group_id: group, channel_id: 2 }]);
  await call('POST', `${P}/assignments`, [{ price_list_id: list.id, customer_group_id: group, channel_id: 2 }], 422);
  await call('PUT', `${P}/${one}/assignments`, { customer_group_id: group, channel_id: 2 });
  await call('PUT', `${P}/${one}/assignments`, { customer_group_id: 99999, channel_id: 2 }, 404);
  await call('DELETE', `${P}/assignments`, undefined, 422);
  await call('DELETE', `${P}/assignments?customer_group_id=${group}&channel_id=2`, undefined, 204);
  await call('DELETE', P, undefined, 422);
  await call('DELETE', `${P}/${list.id}`, undefined, 204);
  const { data: other } = await call('POST', P, { name: 'Contract list 2' });
  await call('DELETE', `${P}?id:in=${other.id}`, undefined, 204);
}
