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
