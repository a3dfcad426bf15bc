// The customer part of the contract traffic: customers with all parts, groups, settings, e-mail templates. Called by drive_store.mjs with its helpers;
// states for each call the status it must have.

export async function driveCustomers({ call, get, state, item }) {
  const C = '/v3/customers';
  const enc = encodeURIComponent;
  const home = (customer_id, more = {}) => ({
    customer_id,
    first_name: 'Jane',
    last_name: 'Doe',
    address1: '1 Main St',
    city: 'Austin',
    country_code: 'US',
    state_or_province: 'Texas',
    postal_code: '78759',
    ...more,
  });

  // ---- reads
  const includes = 'addresses,storecredit,attributes,formfields,shopper_profile_id,segment_ids';
  for (let page = 1; page <= 5; page++) await get(`${C}?limit=50&page=${page}&include=${includes}`);
  const first = await get(`${C}?limit=5`);
  const second = await get(`${C}?limit=5&after=${enc(first.meta.cursor_pagination.end_cursor)}`);
  await get(`${C}?limit=5&before=${enc(second.meta.cursor_pagination.start_cursor)}`);
  const [one, two] = first.data;
  await get(`${C}?id:in=${one.id},${two.id}&email:in=${enc(one.email)}`);
  await get(`${C}?name:in=${enc(`${one.first_name} ${one.last_name}`)}&name:like=${enc('smith')}`);
  await get(`${C}?customer_group_id:in=1,2&sort=last_name:desc&company:in=Acme&phone:in=555-555-5555`);
  for (const f of ['date_created', 'date_modified'])
    await get(`${C}?${f}:min=2015-01-01T00:00:00Z&${f}:max=2030-01-01T00:00:00Z&sort=${f}:asc`);
  const rich = (await state('customer_addresses'))[5];
  await get(`${C}/addresses?limit=250&include=formfields`);
  await get(`${C}/addresses?id:in=${rich}&customer_id:in=${one.id}&company:in=Acme&name:in=${enc('Jane Doe')}`);
  await get(`${C}/attributes?limit=50`);
  await get(`${C}/attributes?name:like=a&type=string&date_modified:min=2015-01-01T00:00:00Z`);
  await get(`${C}/attribute-values?limit=250`);
  await get(`${C}/attribute-values?customer_id:in=${one.id}&attribute_id:in=4,5&date_created:min=2015-01-01T00:00:00Z`);
  const forms = await get(`${C}/form-field-values?limit=30`);
  await get(`${C}/form-field-values?limit=30&after=${enc(forms.meta.cursor_pagination.end_cursor)}`);
  await get(`${C}/form-field-values?customer_id=${one.id}&field_type=text&field_name=${enc('Sales Rep')}`);
  await get(`${C}/form-field-values?address_id=${rich}`);
  await get(`${C}/${one.id}/consent`);
  await get(`${C}/settings`);
  await get(`${C}/settings/channels/1`);
  const meta = await get(`${C}/metafields?limit=5`);
  await get(`${C}/metafields?limit=5&after=${enc(meta.meta.cursor_pagination.end_cursor)}`);
  await get(`${C}/metafields?date_modified:min=2015-01-01T00:00:00Z&direction=desc&include_fields=key,value,resource_id`);
  const owner = (await item('customer_metafields', meta.data[0].id)).resource_id;
  await get(`${C}/${owner}/metafields?namespace=erp`);
  await get(`${C}/${owner}/metafields/${meta.data[0].id}`);

  // ---- attributes, groups
  const { data: defined } = await call('POST', `${C}/attributes`, [
    { name: 'Contract tier', type: 'string' },
    { name: 'Contract since', type: 'date' },
  ]);
  await call('POST', `${C}/attributes`, [{ name: 'contract TIER', type: 'string' }], 422);
  await call('PUT', `${C}/attributes`, [{ id: defined[0].id, name: 'Contract level' }]);
  const G = '/v2/customer_groups';
  const [category] = await state('categories');
  const [product] = await state('products');
  const [list] = await state('price_lists');
  const group = await call('POST', G, {
    name: 'Contract group',
    category_access: { type: 'specific', categories: [category] },
    discount_rules: [
      { type: 'category', method: 'percent', amount: '5.0000', category_id: category },
      { type: 'product', method: 'fixed', amount: '2.5000', product_id: product },
    ],
  });
  await call('POST', G, { name: 'contract GROUP' }, 409);
  await call('PUT', `${G}/${group.id}`, { discount_rules: [{ type: 'all', method: 'percent', amount: '5.0000' }] });
  if (list) await call('PUT', `${G}/${group.id}`, { discount_rules: [{ type: 'price_list', price_list_id: list }] });
  await get(G);
  await get(`${G}?limit=3&page=2`);
  await get(`${G}?name=${enc('Contract group')}&is_default=false&is_group_for_guests=false`);
  await get(`${G}?name:like=contract&date_modified:min=2015-01-01T00:00:00Z`);
  await get(`${G}?page=99`, 204);
  await get(`${G}/count`);
  await get(`${G}/${group.id}`);
  await get(`${G}/99999`, 404);

  // ---- customers and their parts
  const person = { email: 'contract.one@example.com', first_name: 'Jane', last_name: 'Contract' };
  const { customer_id: _, ...address } = home(0);
  const { data: made } = await call('POST', C, [
    {
      ...person,
      company: 'Acme',
      phone: '555',
      notes: 'n',
      tax_exempt_category: '',
      customer_group_id: group.id,
      addresses: [{ ...address, form_fields: [{ name: 'Floor', value: 3 }] }],
      attributes: [{ attribute_id: defined[0].id, attribute_value: 'gold' }],
      authentication: { force_password_reset: true },
      accepts_product_review_abandoned_cart_emails: false,
      store_credit_amounts: [{ amount: 43.15 }],
      origin_channel_id: 1,
      channel_ids: [1],
      form_fields: [{ name: 'Lieblingsfarben', value: ['red', 'green'] }],
      trigger_account_created_notification: false,
    },
    { ...person, email: 'contract.two@example.com', trigger_account_created_notification: false },
  ]);
  const [jane, other] = made.map((c) => c.id);
  await call('POST', C, [person], 422);
  await call(
    'POST',
    C,
    Array.from({ length: 11 }, (x, k) => ({ ...person, email: `many.${k}@example.com` })),
    413,
  );
  await call('PUT', C, [{ id: jane, notes: 'changed', form_fields: [{ name: 'shirt_size', value: 'Large' }] }]);
  await call('PUT', C, [{ id: 999999, notes: 'x' }], 422);
  await call('POST', `${C}/addresses`, [home(jane)]);
  const { data: added } = await call('POST', `${C}/addresses`, [
    home(jane, { address1: '2 Main St', address_type: 'commercial' }),
    home(other),
  ]);
  await call('POST', `${C}/addresses`, [home(jane, { state_or_province: 'TX' })], 422);
  await call('PUT', `${C}/addresses`, [{ id: added[0].id, phone: '123', form_fields: [{ name: 'Neighbours', value: ['left'] }] }]);
  await call('PUT', `${C}/attribute-values`, [{ customer_id: jane, attribute_id: defined[1].id, value: '2024-02-29' }]);
  await call('PUT', `${C}/attribute-values`, [{ customer_id: jane, attribute_id: defined[1].id, value: 'someday' }], 422);
  await call('PUT', `${C}/form-field-values`, [{ customer_id: jane, name: 'Sales Rep', value: 'Miss Moneypenny' }]);
  await call('PUT', `${C}/${jane}/consent`, { allow: ['essential'], deny: ['analytics'] });
  await get(`${C}?id:in=${jane},${other}&include=${includes}`);
  const row = { permission_set: 'write', namespace: 'erp', key: 'one', value: 'v' };
  const single = await call('POST', `${C}/${jane}/metafields`, row);
  await call('POST', `${C}/${jane}/metafields`, row, 409);
  const m = single.data[0].id;
  await call('PUT', `${C}/${jane}/metafields/${m}`, { ...row, id: m, value: 'w' });
  const bulk = await call('POST', `${C}/metafields`, [{ ...row, key: 'two', resource_id: jane }]);
  await call('POST', `${C}/metafields`, [{ ...row, key: 'two', resource_id: jane }], 422);
  await call('PUT', `${C}/metafields`, [{ ...row, id: bulk.data[0].id, key: 'two', value: 'z' }]);
  await call('DELETE', `${C}/metafields`, [bulk.data[0].id]);
  await call('DELETE', `${C}/metafields`, [bulk.data[0].id], 422);
  await call('DELETE', `${C}/${jane}/metafields/${m}`, undefined, 204);
  const { data: settings } = await get(`${C}/settings`);
  await call('PUT', `${C}/settings`, {
    customer_group_settings: { ...settings.customer_group_settings, default_customer_group_id: group.id },
  });
  await call('PUT', `${C}/settings/channels/1`, { privacy_settings: { policy_url: 'https://example.com/p' }, allow_global_logins: true });

  // ---- e-mail templates
  const E = '/v3/marketing/email-templates';
  await get(E);
  await get(`${E}?channel_id=2`);
  const { data: template } = await get(`${E}/createaccount_email`);
  await get(`${E}/createaccount_email?channel_id=2`);
  await call('PUT', `${E}/createaccount_email`, { ...template, subject: 'Contract' });
  await call('PUT', `${E}/createaccount_email?channel_id=2`, template);
  await call('PUT', `${E}/createaccount_email`, { ...template, body: 'x'.repeat(65537) }, 400);
  await call('DELETE', `${E}/createaccount_email?channel_id=2`);
  await get(`${E}/no_such_email`, 404);

  // ---- deletes
  const { data: values } = await get(`${C}/attribute-values?customer_id:in=${jane}`);
  await call('DELETE', `${C}/attribute-values?id:in=${values[0].id}`, undefined, 204);
  await call('DELETE', `${C}/addresses?id:in=${added[0].id}`, undefined, 204);
  await call('DELETE', `${C}/attributes?id:in=${defined.map((d) => d.id).join(',')}`, undefined, 204);
  await call('DELETE', `${G}/${group.id}`, undefined, 204);
  await get(`${C}?id:in=${jane}&include=${includes}`);
  await call('DELETE', `${C}?id:in=${jane},${other}`, undefined, 204);
  await get(`${C}/${jane}/consent`, 404);
}
