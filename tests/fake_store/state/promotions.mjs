// Promotions with their coupon codes, V2 coupons, gift certificates. Promises: codes are one space over the store and found without a scan; each
// promotion code shows up among the V2 coupons as a shadow row with the same id.

import { LazyTable } from './lazy_table.mjs';
import { IdList } from './id_list.mjs';
import { tableControl } from './table_control.mjs';
import { promotionRow, codeRow, couponRow, giftCertificateRow, isCoupon, couponCount, couponIndex } from '../seed/promotions.mjs';
import { registerControlTypes } from '../control_types.mjs';
import { rfc2822 } from '../v2.mjs';
import { words } from '../seed/vocabulary.mjs';

const trailingId = (text) => {
  const m = /(\d+)$/.exec(text);
  return m ? Number(m[1]) : null;
};
/** V2 coupon ids and code ids never meet. */
const FIRST_CODE = 1000001;

export class Promotions {
  constructor({ options, catalog, customers }) {
    const { env, shapes } = catalog;
    const { seed } = options;
    this.catalog = catalog;
    const groupIds = [...customers.groups.keys()];
    const brands = [...env.brandIds];
    const categories = [...env.categoryIds];
    const several = (count, idAt) => (r) => {
      if (!count) return null;
      const n = r.between(1, 3);
      return [...new Set(Array.from({ length: n }, () => idAt(r.below(count))))].sort((a, b) => a - b);
    };
    const refs = (this.refs = {
      products: several(shapes.count, (n) => shapes.idAt(n)),
      variants: several(shapes.total('variants'), (n) => shapes.firstChild('variants', 0) + n),
      brands: several(brands.length, (n) => brands[n]),
      categories: several(categories.length, (n) => categories[n]),
    });
    const promotions = (this.promotions = new LazyTable({
      seed,
      salt: 351,
      count: options.promotions,
      make: (id, index) => promotionRow(env, id, index, { refs, groupIds }),
    }));
    const per = options.codes;
    const owner = (index) => couponIndex(Math.floor(index / per));
    this.codes = new LazyTable({
      seed,
      salt: 352,
      count: couponCount(promotions.count) * per,
      first: FIRST_CODE,
      make: (id, index) => codeRow(env, id, index, promotions.idAt(owner(index)), owner(index) % 5 === 3),
      keys: { code: { of: (c) => c.code.toLowerCase(), idIn: (text) => trailingId(text.slice(-8)) } },
    });
    this.codesOf = new Map();
    for (let i = 0; i < promotions.count; i++) if (isCoupon(i)) this.codesOf.set(promotions.idAt(i), new IdList(per));
    for (let c = 0; c < this.codes.count; c++) this.codesOf.get(promotions.idAt(owner(c))).push(this.codes.idAt(c));
    this.coupons = new LazyTable({
      seed,
      salt: 353,
      count: options.coupons,
      make: (id, index) => couponRow(env, id, index, refs, rfc2822),
      keys: {
        code: { of: (c) => c.code.toLowerCase(), idIn: trailingId },
        name: { of: (c) => c.name.toLowerCase(), idIn: trailingId },
      },
    });
    this.certificates = new LazyTable({
      seed,
      salt: 354,
      count: options.giftCertificates,
      make: (id, index) => giftCertificateRow(env, id, index),
      keys: { code: { of: (g) => g.code.toLowerCase(), idIn: trailingId } },
    });
    this.settings = {
      promotions_apply_on_products_with_custom_product_price: false,
      promotions_triggered_by_products_with_zero_product_price: false,
      number_of_coupons_allowed_at_checkout: 1,
      promotions_applied_on_original_product_price: true,
    };
  }

  codeIds(promotionId) {
    return this.codesOf.get(promotionId) ?? new IdList();
  }
  addPromotion(row) {
    if (row.redemption_type === 'COUPON') this.codesOf.set(row.id, new IdList());
    return this.promotions.add(row);
  }
  /** Codes go with their promotion. */
  removePromotion(id) {
    if (!this.promotions.remove(id)) return false;
    for (const code of this.codeIds(id).toArray()) this.codes.remove(code);
    this.codesOf.delete(id);
    return true;
  }
  addCode(promotionId, row) {
    this.codesOf.get(promotionId).push(row.id);
    return this.codes.add({ ...row, promotion_id: promotionId });
  }
  removeCode(id) {
    const code = this.codes.get(id);
    if (!code) return false;
    this.codesOf.get(code.promotion_id).delete(id);
    return this.codes.remove(id);
  }
  /** The promotion as the API shows it: the only code of a coupon promotion, and whether there are several. */
  withCodes(row) {
    if (row.redemption_type !== 'COUPON') return row;
    const ids = this.codeIds(row.id);
    const out = { ...row, multiple_codes: { has_multiple_codes: ids.length > 1 } };
    if (ids.length === 1) out.codes = codeView(this.codes.get(ids.ids[0]));
    return out;
  }
  /** What GET /v2/coupons shows of a promotion code: dummy values. */
  shadow(code) {
    const promotion = this.promotions.get(code.promotion_id);
    return {
      id: code.id,
      name: promotion.name,
      type: 'promotion',
      amount: '0.0000',
      min_purchase: '0.0000',
      expires: '',
      enabled: promotion.status === 'ENABLED',
      code: code.code,
      applies_to: {},
      num_uses: code.current_uses,
      max_uses: code.max_uses,
      max_uses_per_customer: code.max_uses_per_customer,
      restricted_to: [],
      shipping_methods: null,
      date_created: rfc2822(Math.floor(Date.parse(code.created) / 1000)),
    };
  }
}

export function codeView({ promotion_id, ...code }) {
  return code;
}

registerControlTypes((fake) => {
  const { promotions: state, clock } = fake;
  const promotions = tableControl(state.promotions, {
    blank: (id) => ({
      id,
      redemption_type: 'AUTOMATIC',
      name: `New promotion ${id}`,
      display_name: '',
      created_from: 'react_ui',
      channels: [],
      customer: { group_ids: [], minimum_order_count: 0, excluded_group_ids: [], segments: null },
      rules: [{ action: { cart_value: { discount: { percentage_amount: '10' } } }, apply_once: true, stop: false }],
      current_uses: 0,
      max_uses: null,
      status: 'ENABLED',
      start_date: clock.stamp(),
      end_date: null,
      stop: false,
      can_be_used_with_other_promotions: true,
      currency_code: 'USD',
      notifications: [],
      shipping_address: null,
      schedule: null,
    }),
    randomSet: (r) =>
      r.pick([{ display_name: words(r, 3) }, { max_uses: r.between(1, 99) }, { status: r.chance(0.5) ? 'ENABLED' : 'DISABLED' }]),
    remove: (id) => state.removePromotion(id),
  });
  const newCode = (id) => ({ id, code: `MADE-${id}`, max_uses: 0, max_uses_per_customer: 0, current_uses: 0, created: clock.stamp() });
  return {
    promotions: {
      ...promotions,
      item(id) {
        const row = state.promotions.get(id);
        if (!row) return null;
        const codes = state.codeIds(id).toArray();
        return { ...state.withCodes(row), codes: codes.map((c) => codeView(state.codes.get(c))) };
      },
      create(fields) {
        const made = promotions.create(fields);
        if (made.row.redemption_type === 'COUPON') {
          Object.assign(made.row, { coupon_overrides_other_promotions: false, coupon_type: 'SINGLE' }, fields);
          state.codesOf.set(made.id, new IdList());
        }
        return made;
      },
      editPart(id, part, partId, set) {
        if (part !== 'codes' || !state.codesOf.has(id)) return null;
        if (partId === undefined) {
          const made = state.codes.takeId();
          return { part_id: made, row: codeView(state.addCode(id, { ...newCode(made), ...set, id: made })) };
        }
        if (state.codes.get(partId)?.promotion_id !== id) return null;
        if (set === null) {
          state.removeCode(partId);
          return { part_id: partId, row: null };
        }
        Object.assign(state.codes.edit(partId), set);
        return { part_id: partId, row: codeView(state.codes.changed(partId)) };
      },
    },
    coupons: tableControl(state.coupons, {
      blank: (id) => ({
        id,
        name: `New coupon ${id}`,
        type: 'per_total_discount',
        amount: '5.0000',
        min_purchase: '0.0000',
        expires: '',
        enabled: true,
        code: `NEW-${id}`,
        applies_to: { entity: 'categories', ids: [0] },
        num_uses: 0,
        max_uses: 0,
        max_uses_per_customer: 0,
        restricted_to: [],
        shipping_methods: [],
        date_created: rfc2822(clock.seconds()),
      }),
      randomSet: (r) => r.pick([{ amount: `${r.between(1, 90)}.0000` }, { enabled: r.chance(0.5) }]),
    }),
    gift_certificates: tableControl(state.certificates, {
      blank: (id) => ({
        id,
        code: `NEW-${id}`,
        amount: '50.0000',
        status: 'active',
        balance: '50.0000',
        to_name: 'A shopper',
        order_id: 0,
        template: 'general.html',
        message: '',
        to_email: 'to@example.com',
        from_name: 'A friend',
        from_email: 'from@example.com',
        customer_id: 0,
        expiry_date: '0',
        purchase_date: String(clock.seconds()),
        currency_code: 'USD',
      }),
      randomSet: (r) => r.pick([{ balance: `${r.between(0, 90)}.0000` }, { message: words(r, 4) }]),
    }),
  };
});
