// The marketing part of the contract traffic: promotions, codes, settings, V2 coupons, gift certificates. Called by drive_store.mjs with its helpers;
// states for each call the status it must have.

export async function drivePromotions({ call, get, state }) {
  const P = '/v3/promotions';
  const enc = encodeURIComponent;
  for (let n = 1; n <= 2; n++) await get(`${P}?limit=30&page=${n}`);
  await get(`${P}?redemption_type=coupon&status=ENABLED&channels=1,2&sort=start_date&direction=desc`);
  await get(`${P}?currency_code=USD&query=a&sort=priority`);
  const [product] = await state('products');
  const [brand, other] = await state('brands');
  const [category] = await state('categories');
  const [variant] = await state('variants');
  const rules = [
    {
      action: {
        cart_items: {
          discount: { percentage_amount: '10' },
          items: { and: [{ brands: [brand, other] }, { not: { or: [{ products: [product] }, { variants: [variant] }] } }] },
        },
      },
      apply_once: true,
      condition: { cart: { items: { categories: [category] }, minimum_quantity: 2 } },
    },
  ];
  const automatic = { name: 'Contract automatic', redemption_type: 'AUTOMATIC', rules, channels: [{ id: 1 }], currency_code: '*' };
  const { data: one } = await call('POST', P, automatic, 201);
  await call('POST', P, { ...automatic, rules: [] }, 422);
  const gone = [{ action: { gift_item: { quantity: 1, product_id: 99999999 } } }];
  await call('POST', P, { ...automatic, rules: gone }, 422);
  await call('PUT', `${P}/${one.id}`, { display_name: 'Shown', status: 'DISABLED', end_date: null });
  await get(`${P}/${one.id}`);
  await get(`${P}/999999`, 404);
  const money = [{ action: { cart_value: { discount: { fixed_amount: '5.00' } } }, condition: { cart: { minimum_spend: '20' } } }];
  const coupon = { name: 'Contract coupon', redemption_type: 'COUPON', rules: money, coupon_type: 'SINGLE', max_uses: 10 };
  const { data: two } = await call('POST', P, coupon, 201);
  const { data: bulk } = await call('POST', P, { ...coupon, name: 'Contract bulk', coupon_type: 'BULK' }, 201);

  const codes = `${P}/${two.id}/codes`;
  const { data: code } = await call('POST', codes, { code: 'CONTRACT-1', max_uses: 5 }, 201);
  const { data: second } = await call('POST', codes, { code: 'Contract 2', max_uses_per_customer: 1 }, 201);
  await call('POST', codes, { code: 'contract-1' }, 409);
  await call('POST', `${P}/${one.id}/codes`, { code: 'NOT-HERE' }, 422);
  const page = await get(`${codes}?limit=1`);
  await get(`${codes}?limit=1&after=${enc(page.meta.cursor_pagination.end_cursor)}`);
  await get(`${codes}?code=CONTRACT-1`);
  await get(`${P}/codes?code=CONTRACT-1`);
  await call('POST', `${P}/${bulk.id}/codegen`, { batch_size: 3, max_uses: 1 }, 201);
  await call('POST', `${P}/${two.id}/codegen`, { batch_size: 3 }, 405);
  await call('DELETE', `${P}?id:in=${two.id}`, undefined, 422);
  await call('DELETE', `${codes}?id:in=${code.id}`, undefined, 204);
  await call('DELETE', `${codes}/${second.id}`, undefined, 204);
  await call('POST', codes, { code: 'CONTRACT-3' }, 201);
  await call('DELETE', `${P}/codes?code=CONTRACT-3`, undefined, 204);
  await call('DELETE', `${P}?id:in=${two.id},${one.id}`, undefined, 204);
  await call('DELETE', `${P}/${one.id}`, undefined, 204);
  const settings = await get(`${P}/settings`);
  await call('PUT', `${P}/settings`, { ...settings, number_of_coupons_allowed_at_checkout: 2 });
  for (const [i, n] of Object.entries(await state('promotions'))) if (i < 8) await get(`${P}/${n}/codes?limit=250`);

  // ---- V2 coupons
  const C = '/v2/coupons';
  await get(`${C}?limit=250&exclude_type=promotion`);
  await get(`${C}?limit=20`);
  await get(`${C}?min_id=5&max_id=20&type=free_shipping`, [200, 204]);
  await get(`${C}/count`);
  const body = {
    name: 'Contract coupon V2',
    code: 'CONTRACT-V2',
    type: 'per_total_discount',
    amount: '5',
    applies_to: { entity: 'categories', ids: [0] },
    enabled: true,
    expires: 'Thu, 04 Oct 2040 03:24:40 +0000',
  };
  const v2 = await call('POST', C, body, 201);
  await call('POST', C, { ...body, name: 'Another' }, 409);
  await get(`${C}?id=${v2.id}`);
  await call('PUT', `${C}/${v2.id}`, { ...body, max_uses: 3 });
  await call('DELETE', `${C}/${v2.id}`, undefined, 204);
  const again = await call('POST', C, body, 201);
  await call('DELETE', `${C}?id:in=${again.id}`, undefined, 204);

  // ---- gift certificates
  const G = '/v2/gift_certificates';
  await get(`${G}?limit=250&sort=id&direction=asc`);
  const ids = await state('gift_certificates');
  await get(`${G}?min_id=${ids[1]}&max_id=${ids[3]}&limit=2&page=1`);
  await get(`${G}?to_email=nobody@example.com`, 204);
  await get(`${G}/${ids[0]}`);
  await get(`${G}/999999`, 404);
  const gift = { to_name: 'A', to_email: 'a@example.com', from_name: 'B', from_email: 'b@example.com', amount: '10' };
  const made = await call('POST', G, { ...gift, code: 'CONTRACT-GIFT', expiry_date: 'Thu, 04 Oct 2040 03:24:40 +0000' }, 201);
  await call('POST', G, { ...gift, code: 'contract-gift' }, 409);
  await call('PUT', `${G}/${made.id}`, { ...gift, balance: '4.5', status: 'disabled' });
  await call('DELETE', `${G}/${made.id}`, undefined, 204);
}
