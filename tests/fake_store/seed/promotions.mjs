// Seeded promotions, coupon codes, V2 coupons and gift certificates. Promises: rule trees of every kind up to three levels, naming products,
// variants, categories and brands that exist when the store starts; codes that end in their id.

import { Random } from './random.mjs';
import { FOREIGN, COLORS, words, sentence } from './vocabulary.mjs';
import { stampOf } from '../clock.mjs';

const FIRST = 1546300800;
const WEEK = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const STATUSES = ['ENABLED', 'ENABLED', 'ENABLED', 'DISABLED', 'INVALID'];
const COUNTRIES = ['US', 'DE', 'PT', 'IL', 'AU'];

/** Two of five promotions want a coupon. */
export const isCoupon = (index) => index % 5 === 1 || index % 5 === 3;
export const couponCount = (promotions) => Math.floor(promotions / 5) * 2 + (promotions % 5 > 3 ? 2 : promotions % 5 > 1 ? 1 : 0);
/** The index of the n-th promotion with a coupon, and back. */
export const couponIndex = (n) => Math.floor(n / 2) * 5 + (n % 2 ? 3 : 1);
export const couponNumber = (index) => Math.floor(index / 5) * 2 + (index % 5 === 3 ? 1 : 0);

function some(r, ids, most) {
  const n = Math.min(ids.length, r.between(1, most));
  return [...new Set(Array.from({ length: n }, () => ids[r.below(ids.length)]))].sort((a, b) => a - b);
}

/** refs: {products(r), variants(r), brands(r), categories(r)} -> ids, never empty or null. */
function matcher(r, refs, depth) {
  if (depth <= 3 && r.chance(0.35)) {
    const inner = () => matcher(r, refs, depth + 1);
    return [{ not: inner() }, { and: [inner(), inner()] }, { or: [inner(), inner()] }][r.below(3)];
  }
  const color = r.pick(COLORS)[0];
  const simple = [
    { products: refs.products(r) },
    { variants: refs.variants(r) },
    { brands: refs.brands(r) },
    { categories: refs.categories(r) },
    { product_option: { type: 'string_match', name: 'Color', values: [color] } },
    { product_custom_field: { name: 'Origin', values: [words(r, 1), 'PT'] } },
  ][r.below(6)];
  return Object.values(simple)[0] === null ? { product_custom_field: { name: 'Origin', values: ['PT'] } } : simple;
}

const percent = (r) => ({ percentage_amount: r.pick(['5', '10', '12.5', '20.00']) });
const discount = (r) => (r.chance(0.5) ? percent(r) : { fixed_amount: r.pick(['2', '5.00', '12.9500']) });

function action(r, refs) {
  switch (r.below(6)) {
    case 0:
      return { cart_value: { discount: discount(r), maximum_allowed_discount_amount: r.chance(0.3) ? '20' : null } };
    case 1: {
      const product = refs.products(r);
      return product ? { gift_item: { quantity: 1, product_id: product[0] } } : { cart_value: { discount: percent(r) } };
    }
    case 2:
      return { fixed_price_set: { quantity: 3, fixed_price: '25', items: matcher(r, refs, 1), strategy: 'LEAST_EXPENSIVE' } };
    case 3:
      return { shipping: { free_shipping: true, zone_ids: r.chance(0.6) ? '*' : [1, 3] } };
    default:
      return {
        cart_items: {
          discount: discount(r),
          as_total: r.chance(0.3),
          items: matcher(r, refs, 1),
          include_items_considered_by_condition: r.chance(0.5),
          exclude_items_on_sale: r.chance(0.3),
          strategy: r.pick(['LEAST_EXPENSIVE', 'MOST_EXPENSIVE_ONLY']),
        },
      };
  }
}

function condition(r, refs) {
  const cart = () => ({ cart: { items: matcher(r, refs, 1), minimum_quantity: r.between(1, 3) } });
  if (r.chance(0.2)) return { and: [cart(), { cart: { minimum_spend: '30.00' } }] };
  return r.chance(0.4) ? { cart: { minimum_spend: r.pick(['12.95', '50', '100.0000']) } } : cart();
}

function customer(r, groupIds) {
  const kind = r.below(6);
  const out = { group_ids: [], minimum_order_count: kind === 3 ? 2 : 0, excluded_group_ids: [], segments: null };
  if (kind === 1) out.group_ids = groupIds.length ? some(r, [0, ...groupIds], 3) : [0];
  if (kind === 2 && groupIds.length) out.excluded_group_ids = some(r, groupIds, 2);
  return out;
}

/** Without codes and multiple_codes, which follow from the codes. */
export function promotionRow(env, id, index, { refs, groupIds }) {
  const r = new Random(env.seed, index, 351);
  const start = FIRST + index * 86400 * 3;
  const rules = Array.from({ length: r.chance(0.2) ? 2 : 1 }, () => {
    const rule = { action: action(r, refs), apply_once: r.chance(0.8), stop: r.chance(0.2) };
    if (r.chance(0.7)) rule.condition = condition(r, refs);
    return rule;
  });
  const fixed = JSON.stringify(rules).includes('fixed_');
  const coupon = isCoupon(index);
  const together = r.chance(0.6);
  const scheduled = r.chance(0.15);
  const row = {
    id,
    redemption_type: coupon ? 'COUPON' : 'AUTOMATIC',
    name: `${r.chance(0.2) ? r.pick(FOREIGN) : sentence(r, 3).slice(0, -1)} ${id}`,
    display_name: r.chance(0.5) ? sentence(r, 5) : '',
    created_from: r.pick(['react_ui', 'react_ui', 'legacy_ui', 'api']),
    channels: r.chance(0.6) ? [] : r.chance(0.5) ? [{ id: 1 }] : [{ id: 1 }, { id: 2 }],
    customer: customer(r, groupIds),
    rules,
    current_uses: r.below(40),
    max_uses: r.chance(0.7) ? null : r.between(10, 500),
    status: STATUSES[r.below(STATUSES.length)],
    start_date: stampOf(start),
    end_date: r.chance(0.6) ? null : stampOf(start + 86400 * r.between(10, 900)),
    stop: r.chance(0.2),
    can_be_used_with_other_promotions: together,
    currency_code: !fixed && r.chance(0.3) ? '*' : 'USD',
    notifications: r.chance(0.5)
      ? []
      : [
          {
            content: `<b>${sentence(r, 4)}</b> %ACTION.FREE_PRODUCT% 🎁`,
            type: r.pick(['UPSELL', 'ELIGIBLE', 'APPLIED']),
            locations: ['CART_PAGE', 'HOME_PAGE'],
          },
        ],
    shipping_address: r.chance(0.8)
      ? null
      : r.chance(0.5)
        ? { countries: some(r, COUNTRIES, 2).map(country) }
        : { not: { countries: [country('US')] } },
    schedule: scheduled
      ? { week_frequency: r.between(1, 3), week_days: some(r, WEEK, 3), daily_start_time: '01:20:00', daily_end_time: '23:59:00' }
      : null,
  };
  if (coupon) {
    row.coupon_overrides_other_promotions = !together && r.chance(0.5);
    row.coupon_type = index % 5 === 3 ? 'BULK' : 'SINGLE';
  }
  return row;
}
const country = (code) => ({ iso2_country_code: code });

const WORDS = ['SUMMER', 'VIP', 'welcome', 'Thank You', 'B2B_2024', 'x'];

export function codeRow(env, id, index, promotionId, bulk) {
  const r = new Random(env.seed, index, 352);
  return {
    id,
    promotion_id: promotionId,
    code: bulk ? `${r.hex(8).toUpperCase()}${String(id).padStart(8, '0')}` : `${r.pick(WORDS)}-${id}`,
    max_uses: r.chance(0.5) ? 0 : r.between(1, 100),
    max_uses_per_customer: r.chance(0.5) ? 0 : 1,
    current_uses: r.below(4),
    created: stampOf(FIRST + (index % 90000) * 997),
  };
}

const RESTRICTED = [[], [], {}, { countries: 'AU' }, { countries: ['AU', 'NZ'] }];

export function couponRow(env, id, index, refs, dates) {
  const r = new Random(env.seed, index, 353);
  const type = r.pick(['per_item_discount', 'per_total_discount', 'shipping_discount', 'free_shipping', 'percentage_discount']);
  const products = r.chance(0.4) ? refs.products(r) : null;
  const categories = refs.categories(r);
  const made = FIRST + index * 50021;
  return {
    id,
    name: `${r.chance(0.2) ? r.pick(FOREIGN) : words(r, 3)} ${id}`,
    type,
    amount: r.pick(['5.0000', '10.0000', '12.5000', '0.0000']),
    min_purchase: r.chance(0.5) ? '0.0000' : '25.0000',
    expires: r.chance(0.5) ? '' : dates(made + 86400 * r.between(30, 3000)),
    enabled: r.chance(0.8),
    code: `${r.pick(WORDS).slice(0, 3)}${r.hex(5).toUpperCase()}-${id}`,
    applies_to: products
      ? { entity: 'products', ids: products }
      : { entity: 'categories', ids: r.chance(0.6) || !categories ? [0] : categories },
    num_uses: r.below(20),
    max_uses: r.chance(0.7) ? 0 : r.between(1, 99),
    max_uses_per_customer: r.chance(0.8) ? 0 : 1,
    restricted_to: RESTRICTED[r.below(RESTRICTED.length)],
    shipping_methods: r.chance(0.2) ? ['shipping_endicia'] : r.chance(0.3) ? null : [],
    date_created: dates(made),
  };
}

const TEMPLATES = ['birthday', 'girl', 'boy', 'celebration', 'christmas', 'general'];
const PEOPLE = ['Jane Doe', 'José Ñandú', 'Zoë & Søren', 'أحمد', 'דוד', '山田', "O'Neill"];

export function giftCertificateRow(env, id, index) {
  const r = new Random(env.seed, index, 354);
  const amount = r.between(10, 500);
  const bought = FIRST + index * 30011;
  return {
    id,
    code: `${r.hex(3).toUpperCase()}-${r.hex(3).toUpperCase()}-${id}`,
    amount: `${amount}.0000`,
    status: r.pick(['active', 'active', 'active', 'pending', 'disabled', 'expired']),
    balance: r.chance(0.6) ? `${amount}.0000` : r.chance(0.3) ? '0.0000' : `${(amount / 3).toFixed(4)}`,
    to_name: r.pick(PEOPLE),
    order_id: r.chance(0.6) ? 0 : 100 + r.below(900),
    template: `${r.pick(TEMPLATES)}.html`,
    message: r.chance(0.2) ? '' : `${sentence(r, 6)} 🎂\n<3`,
    to_email: `to${id}@example.com`,
    from_name: r.pick(PEOPLE),
    from_email: `from${id}@example.com`,
    customer_id: 0,
    expiry_date: r.chance(0.3) ? '0' : String(bought + 86400 * 365),
    purchase_date: String(bought),
    currency_code: 'USD',
  };
}
