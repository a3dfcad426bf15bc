// The rules of a promotion that is written. Promises: known actions, conditions and matchers only, money as text, no empty matcher, minimum_quantity
// with items; ids of products, variants, brands and categories exist unless the switch says that nobody looks.

const MONEY = /^\d+(\.\d+)?$/;
const REFS = {
  products: (cat, id) => cat.products.has(id),
  variants: (cat, id) => cat.lists.variants.has(id),
  brands: (cat, id) => cat.brands.has(id),
  categories: (cat, id) => cat.categories.has(id),
};
const STRATEGIES = ['LEAST_EXPENSIVE', 'LEAST_EXPENSIVE_ONLY', 'MOST_EXPENSIVE', 'MOST_EXPENSIVE_ONLY'];
const isObject = (v) => v !== null && typeof v === 'object' && !Array.isArray(v);

/** Throws {at, text}; keys are all a thing may have. */
class Checker {
  constructor(cat, refsChecked) {
    Object.assign(this, { cat, refsChecked });
  }
  fail(at, text) {
    throw { at, text: `${at} ${text}` };
  }
  object(v, at, keys, required = []) {
    if (!isObject(v)) this.fail(at, 'must be an object');
    for (const k of required) if (v[k] === undefined) this.fail(`${at}.${k}`, 'is required');
    for (const k of Object.keys(v)) if (!keys.includes(k)) this.fail(`${at}.${k}`, 'is not known');
  }
  /** Exactly one of the keys. */
  choice(v, at, keys) {
    this.object(v, at, keys);
    const [key, ...more] = Object.keys(v);
    if (key === undefined || more.length) this.fail(at, `must have exactly one of ${keys.join(', ')}`);
    return key;
  }
  money(v, at) {
    if (typeof v !== 'string' || !MONEY.test(v)) this.fail(at, 'must be an amount written as text');
  }
  count(v, at, least = 1) {
    if (!Number.isInteger(v) || v < least) this.fail(at, `must be a whole number from ${least}`);
  }

  matcher(v, at, depth = 1) {
    const key = this.choice(v, at, [...Object.keys(REFS), 'product_option', 'product_custom_field', 'and', 'or', 'not']);
    if (depth > 3 && ['and', 'or', 'not'].includes(key)) this.fail(at, 'is nested too deeply');
    const inner = v[key];
    const here = `${at}.${key}`;
    if (key === 'not') return this.matcher(inner, here, depth + 1);
    if (key === 'product_option' || key === 'product_custom_field') {
      const required = key === 'product_option' ? ['type', 'name', 'values'] : ['name', 'values'];
      this.object(inner, here, required, required);
      if (!Array.isArray(inner.values) || !inner.values.length || !inner.values.every((x) => typeof x === 'string'))
        this.fail(`${here}.values`, 'must be a list of texts');
      return;
    }
    // An empty list could be read as nothing or as everything.
    if (!Array.isArray(inner) || !inner.length) this.fail(here, 'must be a list that is not empty');
    if (key === 'and' || key === 'or') return inner.forEach((x, n) => this.matcher(x, `${here}.${n}`, depth + 1));
    for (const id of inner) this.reference(key, id, here);
  }
  reference(kind, id, at) {
    if (!Number.isInteger(id)) this.fail(at, 'must hold ids');
    if (this.refsChecked && !REFS[kind](this.cat, id)) this.fail(at, `names ${id}, which does not exist`);
  }

  discount(v, at) {
    const key = this.choice(v, at, ['fixed_amount', 'percentage_amount']);
    this.money(v[key], `${at}.${key}`);
  }
  maximum(v, at) {
    if (v === undefined || v === null) return;
    this.money(v, at);
    if (Number(v) === 0) this.fail(at, 'must be above 0');
  }
  strategy(v, at) {
    if (v !== undefined && !STRATEGIES.includes(v)) this.fail(at, `must be one of ${STRATEGIES.join(', ')}`);
  }

  action(v, at) {
    const key = this.choice(v, at, ['cart_value', 'cart_items', 'gift_item', 'fixed_price_set', 'shipping']);
    const a = v[key];
    const here = `${at}.${key}`;
    switch (key) {
      case 'cart_value':
        this.object(a, here, ['discount', 'maximum_allowed_discount_amount'], ['discount']);
        this.discount(a.discount, `${here}.discount`);
        this.maximum(a.maximum_allowed_discount_amount, `${here}.maximum_allowed_discount_amount`);
        return;
      case 'cart_items': {
        const flags = ['as_total', 'include_items_considered_by_condition', 'exclude_items_on_sale', 'add_free_item'];
        const keys = ['discount', 'maximum_allowed_discount_amount', 'items', 'strategy', 'quantity', ...flags];
        this.object(a, here, keys, ['discount']);
        this.discount(a.discount, `${here}.discount`);
        this.maximum(a.maximum_allowed_discount_amount, `${here}.maximum_allowed_discount_amount`);
        for (const f of flags) if (a[f] !== undefined && typeof a[f] !== 'boolean') this.fail(`${here}.${f}`, 'must be a boolean');
        if (a.items !== undefined) this.matcher(a.items, `${here}.items`);
        if (a.quantity !== undefined) this.count(a.quantity, `${here}.quantity`);
        return this.strategy(a.strategy, `${here}.strategy`);
      }
      case 'gift_item':
        this.object(a, here, ['quantity', 'product_id', 'variant_id'], ['quantity']);
        this.count(a.quantity, `${here}.quantity`);
        if (a.product_id === undefined && a.variant_id === undefined) this.fail(here, 'needs a product_id or a variant_id');
        if (a.product_id !== undefined) this.reference('products', a.product_id, `${here}.product_id`);
        if (a.variant_id !== undefined) this.reference('variants', a.variant_id, `${here}.variant_id`);
        return;
      case 'fixed_price_set': {
        const keys = ['quantity', 'fixed_price', 'items', 'strategy', 'exclude_items_on_sale', 'include_items_considered_by_condition'];
        this.object(a, here, keys, ['quantity', 'fixed_price']);
        this.count(a.quantity, `${here}.quantity`);
        this.money(a.fixed_price, `${here}.fixed_price`);
        if (a.items !== undefined) this.matcher(a.items, `${here}.items`);
        return this.strategy(a.strategy, `${here}.strategy`);
      }
      default:
        this.object(a, here, ['free_shipping', 'zone_ids'], ['zone_ids']);
        if (a.zone_ids === '*') return;
        if (!Array.isArray(a.zone_ids) || !a.zone_ids.length || new Set(a.zone_ids).size !== a.zone_ids.length)
          this.fail(`${here}.zone_ids`, 'must be * or a list of different ids');
        for (const z of a.zone_ids) this.count(z, `${here}.zone_ids`);
    }
  }

  cart(v, at) {
    this.object(v, at, ['items', 'minimum_spend', 'minimum_quantity']);
    if (v.minimum_spend !== undefined) this.money(v.minimum_spend, `${at}.minimum_spend`);
    if (v.minimum_quantity !== undefined) this.count(v.minimum_quantity, `${at}.minimum_quantity`);
    if (v.items === undefined) return;
    this.matcher(v.items, `${at}.items`);
    if (v.minimum_quantity === undefined) this.fail(`${at}.minimum_quantity`, 'is required with items');
  }
  condition(v, at) {
    const key = this.choice(v, at, ['cart', 'and']);
    if (key === 'cart') return this.cart(v.cart, `${at}.cart`);
    if (!Array.isArray(v.and) || !v.and.length) this.fail(`${at}.and`, 'must be a list that is not empty');
    v.and.forEach((c, n) => {
      this.choice(c, `${at}.and.${n}`, ['cart']);
      this.cart(c.cart, `${at}.and.${n}.cart`);
    });
  }
  rules(rules) {
    if (!Array.isArray(rules) || !rules.length) this.fail('rules', 'must be a list that is not empty');
    rules.forEach((rule, n) => {
      const at = `rules.${n}`;
      this.object(rule, at, ['action', 'apply_once', 'stop', 'condition'], ['action']);
      for (const f of ['apply_once', 'stop'])
        if (rule[f] !== undefined && typeof rule[f] !== 'boolean') this.fail(`${at}.${f}`, 'must be a boolean');
      this.action(rule.action, `${at}.action`);
      if (rule.condition !== undefined) this.condition(rule.condition, `${at}.condition`);
    });
  }
}

/** {} or {path: text} */
export function ruleErrors(cat, rules, refsChecked) {
  try {
    new Checker(cat, refsChecked).rules(rules);
    return {};
  } catch (problem) {
    if (!problem.at) throw problem;
    return { [problem.at]: problem.text };
  }
}

/** Does any id in the rules point to nothing (for the switch promotion_deleted_refs)? */
export const hasDeadReference = (cat, rules) =>
  Object.keys(ruleErrors(cat, rules, false)).length === 0 && Object.keys(ruleErrors(cat, rules, true)).length > 0;

/** Fixed amounts belong to one currency. */
export const hasFixedAmount = (rules) => /"(fixed_amount|fixed_price)":/.test(JSON.stringify(rules));
