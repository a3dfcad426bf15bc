// The named switches. Promises: every behaviour that the API reference leaves open (marked "unverified" in the digest) is
// one switch with a default and its reason, so that a client can be tested against both readings.

/** name: [default, allowed values or null for any number, what it decides] */
export const SWITCHES = {
  // --- changes and deletes
  parts_move_date_modified: [false, 'bool', '5.2: does a write to a variant, option, image, metafield ... move the product date_modified'],
  equal_write_moves_date_modified: [
    true,
    'bool',
    'recorded-facts: an edit with an equal value fired no webhook; does it move date_modified',
  ],
  brand_delete_clears_products: [true, 'bool', '6.2: products of a deleted brand get brand_id 0 (false: they keep the dead id)'],
  category_delete_cascades: [true, 'bool', '6.2, 7.17 q4: children of a deleted category go with it (false: deleting a parent is refused)'],
  category_delete_refused_with_products: [false, 'bool', '7.17 q5: the tree endpoint refuses like the legacy one when products are inside'],
  category_delete_clears_products: [true, 'bool', '6.2: products of a deleted category lose it from categories'],
  tree_delete_cascades: [true, 'bool', '6.2: the categories of a deleted tree go with it (false: refused with 422)'],
  value_delete_removes_variants: [true, 'bool', '7.3: variants that use a deleted option value are deleted'],
  option_delete_removes_variants: [true, 'bool', '7.2: deleting an option deletes the variants that use it'],
  metafield_delete_without_ids: ['refuse', ['refuse', 'all'], '7.13: effect of a batch DELETE with a missing or empty body'],
  create_assigns_channel_1: [true, 'bool', '7.1 q4: an API-created product is assigned to channel 1 by itself'],
  // --- writes
  put_arrays: ['merge', ['merge', 'replace'], '11.5: custom_fields, bulk_pricing_rules, images, videos in a product PUT'],
  put_option_values: ['keep', ['keep', 'replace'], '11.6: values that are left out of an option or modifier PUT'],
  variants_batch_creates: [true, 'bool', '7.4: PUT /catalog/variants without id creates (prose against schema)'],
  variants_batch_partial_saves: [true, 'bool', '4.1: a 422 of the variant batch saved the good rows'],
  modifier_post_adjusters: ['ignore', ['ignore', 'accept', 'reject'], '7.5: adjusters in a modifier POST need a second call'],
  read_only_fields: ['ignore', ['ignore', 'reject'], '1.2: V3 usually ignores read-only fields'],
  unknown_body_fields: ['ignore', ['ignore', 'reject'], '1.2: unknown fields in a body'],
  url_conflict_on_create: ['409', ['409', '207'], '7.1: since 2025 a URL conflict on product create is 409'],
  preorder_fields_checked: [
    true,
    'bool',
    '7.1: preorder_* need availability preorder (recorded products break this: message "0" is let through)',
  ],
  category_conflict: ['batch', ['batch', 'whole'], '4.1: one bad tree category: 207 for the batch, or 422 for all'],
  tree_categories_need_url_above: [10, null, '7.17 q2: a batch above this many without url fails with "Url is required" (0 = never)'],
  generated_url_is_customized: [false, 'bool', '7.1 q5: does the flag come back true for a URL that was sent with is_customized false'],
  restored_thumbnail_ignored: [false, 'bool', 'recorded-facts: PUT image is_thumbnail:true once answered 200 without taking effect'],
  customer_parts_move_date_modified: [
    false,
    'bool',
    'content 5.2, 5.4: does a write to an address, attribute value, form field value or metafield move the customer date_modified',
  ],
  group_delete_touches_customers: [
    false,
    'bool',
    'content 5.11: a deleted group leaves its members with group 0; does that move their date_modified',
  ],
  group_storewide_discount: [
    'saved',
    ['saved', 'fails'],
    'content 5.11: fails: a group with a storewide rule is saved without it and answers 207',
  ],
  group_name_unique: [true, 'bool', 'content 5.11: a second group of the same name is refused with 409'],
  second_special_group: [
    'moves',
    ['moves', 'refuse'],
    'content 5.11: at most one default and one guest group: a second one takes the flag over, or is refused',
  ],
  customers_batch: [
    'whole',
    ['whole', 'partial'],
    'content 5.1: one bad customer in a batch: nothing is saved, or the good ones although the answer is 422',
  ],
  customer_email_unique: [
    'store',
    ['store', 'channel'],
    'content 5.1: an e-mail address is unique in the store, or among customers that share a channel',
  ],
  unknown_form_fields: ['reject', ['reject', 'ignore'], 'content 5.5: form_fields with a name that no form has'],
  attribute_name_unique: [true, 'bool', 'content 5.3: a second attribute of the same name is refused'],
  customer_parts_batch_max: [10, null, 'content 5.2, 5.3: rows in one write of addresses or attributes (413 above)'],
  welcome_mail_by_default: [
    true,
    'bool',
    'content 5.1: a created customer gets a welcome mail unless trigger_account_created_notification is false',
  ],
  customer_metafield_single_answer: [
    'list',
    ['list', 'object'],
    'content 5.9: data of a single metafield write is a list in the file for customers, an object for all other owners',
  ],
  email_body_too_large: ['cut', ['cut', 'refuse'], 'content 7.10: a body above 65,536 characters is an error; is the cut body saved'],
  // --- reads
  id_in_limit_clamp: [0, null, '11.2: only the first N ids of id:in are honoured (0 = all)'],
  limit_above_max: ['clamp', ['clamp', '413'], '2.1: asking above the page maximum'],
  include_truncates_at: [0, null, '11.17: include arrays are cut at this many rows (0 = never)'],
  images_empty_is_204: [false, 'bool', '1.2, 7.8: an empty image list answers 204 instead of data []'],
  reviews_empty_is_204: [false, 'bool', '1.2, 7.12: an empty review list answers 204 instead of data []'],
  id_greater_ignored: [false, 'bool', '2.1: reports that id:min/id:greater were ignored'],
  sort_ignored: [false, 'bool', '2.1: sort and direction have no effect'],
  pagination_links: [false, 'bool', 'recorded-facts: meta.pagination without links'],
  cursor_without_links: [false, 'bool', '2.2: cursor_pagination without links'],
  start_cursor_goes_forward: [false, 'bool', '2.2: parameter text says start_cursor is for after; the field text says end_cursor'],
  metafield_access: ['full', ['full', 'own'], '7.13: with store_metafield_write_all every row is seen, else only own and shared ones'],
  metafield_base_page_max: [250, null, '11.3: page maximum of metafield lists of other owners than products'],
  unknown_params: ['reject', ['reject', 'ignore'], 'an unknown query parameter: 422 or ignored'],
  wrong_store_hash: ['404', ['404', '401'], 'a store hash that is not this store'],
  trailing_slash: ['404', ['404', 'accept'], '1.4: a trailing slash was reported to give 404'],
  customers_first_page_cursor: [
    true,
    'bool',
    'content 0.2: the first page of customers carries both metas; a recorded one had only pagination',
  ],
  consent_wrapped: [false, 'bool', 'content 17: the consent of a customer comes bare, or in data'],
  email_template_channel_get: [
    'inherited',
    ['inherited', 'overrides'],
    'content 7.10: reading a channel shows what it inherits, or its own overrides only',
  ],
  // --- content and channels
  page_name_unique: ['channel', ['channel', 'store', 'no'], 'content 7.1: page names "must be unique"; where is not stated'],
  page_url_clash: ['207', ['207', 'renamed'], 'content 7.1: a taken page URL answers 207, or the page silently gets another URL'],
  page_homepage_moves: [true, 'bool', 'content 7.1: is_homepage takes the flag from the other page of the channel'],
  channels_default_list: ['all', ['all', 'without_deleted'], '7.31: are deleted and terminated channels in a list without status:in'],
  channel_put_type: ['ignore', ['ignore', 'reject'], '7.31: type and platform in a channel PUT (text: ignored with 200; example: 422)'],
  channel_post_conflict: ['409', ['409', '422', 'accept'], '7.31: a second channel with the same name, platform and type on POST'],
  // --- orders
  order_messages_move_date_modified: [false, 'bool', 'content 6.1 (8): does a new message move the order date_modified'],
  order_shipments_move_date_modified: [
    false,
    'bool',
    'content 6.1 (8): does a shipment move the order date_modified (a change of the order status always does)',
  ],
  order_refunds_move_date_modified: [false, 'bool', 'content 6.1 (8): does a refund move the order date_modified'],
  order_transactions_move_date_modified: [false, 'bool', 'content 6.1 (8): does a transaction move the order date_modified'],
  order_metafields_move_date_modified: [false, 'bool', 'content 6.1 (8): does a metafield move the order date_modified'],
  order_archive_moves_date_modified: [true, 'bool', 'content 6.1: does archiving move the order date_modified'],
  orders_list_contains_archived: [false, 'bool', 'content 6.1: does a list without is_deleted contain archived orders'],
  orders_list_contains_incomplete: [true, 'bool', 'content 6.1: does a list without status_id contain incomplete orders (status 0)'],
  orders_is_deleted_filter: [
    'documented',
    ['documented', 'refused', 'ignored'],
    'content 6.1: the filter is_deleted of older documentation: it works, is refused, or changes nothing',
  ],
  orders_archived_readable: [true, 'bool', 'content 6.1: does an archived order answer when it is read by its id (false: 404)'],
  order_put_is_deleted: [
    'refused',
    ['refused', 'archives', 'sets'],
    'content 6.1, 13: is_deleted in an order PUT: read-only, true archives, or both ways',
  ],
  order_source_writable: [false, 'bool', 'content 6.1: order_source in a write: the file lists it, the FAQ says it cannot be set'],
  order_fees_form: ['object', ['object', 'array'], 'content 6.5: the fees of an order: {"fees": [...]} as in the file, or a bare array'],
  order_empty_list: ['204', ['204', '200'], 'content 0.2: an empty V2 list of orders or of their parts: 204, or 200 with []'],
  // --- pricing
  price_batch_partial_saves: [true, 'bool', '7.23: the good rows of a price record batch that answers 422 are saved'],
  price_put_without_tiers: ['keep', ['keep', 'clear'], '7.23: effect of a price record PUT without bulk_pricing_tiers on the tiers'],
  // --- promotions and stock
  promotion_delete_with_codes: ['refuse', ['refuse', 'cascade'], '7.25: DELETE of one promotion that has codes (the bulk form refuses)'],
  promotion_refs_checked: [true, 'bool', '6.5: are products, brands, groups ... in the rules of a written promotion looked up (422)'],
  promotion_deleted_refs: ['keep', ['keep', 'invalid'], '11.13: status of an enabled promotion whose rules name something deleted'],
  promotion_settings_plan: ['enterprise', ['enterprise', 'standard'], '7.27: standard: three of the four settings cannot be written (422)'],
  codes_shared_with_coupons: [true, 'bool', '7.26: promotion codes and V2 coupon codes are one unique space'],
  code_post_to_bulk: ['accept', ['accept', 'refuse'], '7.26: a given code can be POSTed to a BULK promotion'],
  coupon_conflict_status: ['409', ['409', '400'], '11.10: status of a V2 coupon whose name or code is used'],
  async_write_ms: [150, null, '7.29, 7.30: reads see writes of stock and locations this many real milliseconds later'],
  inventory_untracked_write: ['refuse', ['refuse', 'ignore'], '7.29: a stock write to an item that is not tracked'],
  // --- text of answers
  escape_slashes: ['descriptions', ['none', 'descriptions', 'all'], 'recorded-facts: descriptions carry escaped slashes'],
  escape_unicode: [false, 'bool', 'PHP writes non-ASCII as \\uXXXX by default'],
  odd_number_text: [true, 'bool', 'a few seeded numbers are written as 19.9900 or 1e2'],
};

export class Switches {
  constructor(initial = {}) {
    for (const [name, [value]] of Object.entries(SWITCHES)) this[name] = value;
    for (const [name, value] of Object.entries(initial)) this.set(name, value);
  }

  set(name, given) {
    const spec = SWITCHES[name];
    if (!spec) throw new Error(`no switch called ${name}`);
    let value = given;
    if (spec[1] === 'bool') {
      if (given === 'true' || given === '1' || given === 1) value = true;
      if (given === 'false' || given === '0' || given === 0) value = false;
      if (typeof value !== 'boolean') throw new Error(`switch ${name} is true or false`);
    } else if (spec[1] === null) {
      value = Number(given);
      if (!Number.isFinite(value)) throw new Error(`switch ${name} is a number`);
    } else {
      value = String(given);
      if (!spec[1].includes(value)) throw new Error(`switch ${name} is one of ${spec[1].join(', ')}`);
    }
    this[name] = value;
  }

  all() {
    return Object.fromEntries(Object.keys(SWITCHES).map((n) => [n, this[n]]));
  }
}
