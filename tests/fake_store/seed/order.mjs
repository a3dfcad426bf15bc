// The skeleton of every seeded order: id, dates, status, customer and how many rows each part has. Promises: cheap, computed from the index alone
// and in any order, ids ascend with date_created, the newest order was placed a minute before the store's clock at its start.

import { Random, mix } from './random.mjs';

/** Fixed ids 0 to 14 with the control panel's sort order. */
export const STATUSES = [
  ['Incomplete', 0, 'An incomplete order happens when a shopper reached the payment page, but did not complete the transaction.'],
  ['Pending', 1, 'Customer started the checkout process, but did not complete it.'],
  ['Shipped', 8, 'Order has been shipped, but receipt has not been confirmed; seller has used the Ship Items action.'],
  ['Partially Shipped', 6, 'Only some items in the order have been shipped, due to some products being pre-order only or other reasons.'],
  ['Refunded', 11, 'Seller has used the Refund action.'],
  ['Cancelled', 9, 'Seller has cancelled an order, due to a stock inconsistency or other reasons.'],
  ['Declined', 10, 'Seller has marked the order as declined for lack of manual payment, or other reasons.'],
  ['Awaiting Payment', 2, 'Customer has completed checkout process, but payment has yet to be confirmed.'],
  ['Awaiting Pickup', 5, 'Order has been pulled, and is awaiting customer pickup from a seller-specified location.'],
  ['Awaiting Shipment', 4, 'Order has been pulled and packaged, and is awaiting collection from a shipping provider.'],
  ['Completed', 7, 'Client has paid for their digital product and their file(s) are available for download.'],
  ['Awaiting Fulfillment', 3, 'Customer has completed the checkout process and payment has been confirmed.'],
  ['Manual Verification Required', 13, 'Order is on hold while some aspect needs to be manually confirmed.'],
  ['Disputed', 12, 'Customer has initiated a dispute resolution process for the PayPal transaction that paid for the order.'],
  ['Partially Refunded', 14, 'Seller has partially refunded the order.'],
].map(([name, sort_order, system_description], id) => ({ id, name, sort_order, system_description }));

/** Parts of an order in the order of a full item. */
export const ORDER_PARTS = [
  'products',
  'shipping_addresses',
  'coupons',
  'fees',
  'taxes',
  'messages',
  'shipments',
  'transactions',
  'refunds',
  'metafields',
];

// Every order owns a block of ids in each collection, so that no prefix sums over 200,000 orders are needed: [first id, block].
const IDS = {
  products: [41, 300],
  product_options: [23, 1200],
  shipping_addresses: [12, 8],
  coupons: [3, 4],
  fees: [1, 4],
  taxes: [13, 700],
  messages: [2, 8],
  shipments: [6, 8],
  transactions: [900, 8],
  refunds: [4, 2],
  metafields: [0, 4],
};

const DAY = 86400;
const SPAN = 730 * DAY;
const BLOCK = 23;

// The first orders are of every sort, so that a small store has them all too.
const SPECIAL = {
  3: { customer: 0 },
  5: { status: 5, archived: true },
  7: { status: 0 },
  9: { status: 6 },
  11: { status: 10, lines: 63 },
  13: { status: 10, addresses: 3, lines: 5 },
  15: { status: 10, kind: 'digital' },
  17: { status: 10, kind: 'gift' },
  19: { status: 4, kind: 'physical' },
  21: { status: 14, kind: 'physical' },
  23: { status: 2, lines: 263 },
  25: { status: 8, kind: 'pickup' },
  27: { status: 6, archived: true },
  29: { messages: 3 },
  31: { status: 3, kind: 'physical', lines: 4 },
  33: { coupons: 1, fees: 2 },
  35: { metafields: 2 },
};

export class OrderSeed {
  constructor({ seed, count, endSeconds }) {
    Object.assign(this, { seed, count, end: endSeconds, first: 100 });
    this.step = count ? SPAN / count : SPAN;
    this.ids = { ...IDS };
  }

  /** Metafields of all owners share one row of ids. -> the first id that is free behind those of orders. */
  metafieldsFrom(first) {
    this.ids.metafields = [first, IDS.metafields[1]];
    return this.count ? this.nextChild('metafields') : first;
  }

  /** Every 24th number is missing. */
  idAt(index) {
    return this.first + index + Math.floor(index / BLOCK);
  }
  indexOf(id) {
    const n = id - this.first;
    if (n < 0 || n % (BLOCK + 1) === BLOCK) return -1;
    const index = Math.floor(n / (BLOCK + 1)) * BLOCK + (n % (BLOCK + 1));
    return index < this.count ? index : -1;
  }
  lastId() {
    return this.count ? this.idAt(this.count - 1) : this.first - 1;
  }

  firstChild(part, index) {
    return this.ids[part][0] + index * this.ids[part][1];
  }
  /** Behind all seeded ids of the collection. */
  nextChild(part) {
    return this.firstChild(part, this.count) + 7;
  }
  ownerIndex(part, id) {
    const [from, block] = this.ids[part];
    const index = Math.floor((id - from) / block);
    return id >= from && index < this.count ? index : -1;
  }

  createdSeconds(index) {
    const back = Math.floor((this.count - 1 - index) * this.step);
    const jitter = index === this.count - 1 ? 0 : mix(this.seed, index, 501) % Math.max(1, Math.floor(Math.min(this.step * 0.8, 21600)));
    return this.end - 60 - back - jitter;
  }
  /** Most orders are finished within days, a few are touched much later: an incremental run sees few of them. */
  modifiedSeconds(index) {
    const created = this.createdSeconds(index);
    const age = this.end - created;
    const h = mix(this.seed, index, 502);
    const late = h % 70 === 0;
    const lag = late ? (h >>> 8) % Math.max(1, age) : 30 + ((h >>> 8) % (12 * DAY));
    return created + (lag < age ? lag : Math.floor(age / 3));
  }

  /** Status, archived, customer and channel: what lists filter by. */
  head(index) {
    const h = mix(this.seed, index, 503);
    const special = SPECIAL[index] ?? {};
    const days = (this.end - this.createdSeconds(index)) / DAY;
    const status = special.status ?? statusOf(h % 1000, (h >>> 10) % 100, days);
    const g = mix(this.seed, index, 504);
    const dead = status === 0 || status === 5 || status === 6;
    const archived = special.archived ?? (SPECIAL[index] ? false : dead ? g % 100 < 15 : days > 300 && g % 100 < 2);
    return { status, archived, guest: special.customer === 0 || (g >>> 8) % 10 < 3, channel: (g >>> 16) % 12 === 0 ? 2 : 1 };
  }
  refunds(index, status) {
    if (status === 4) return 1;
    return status === 14 ? 1 + (mix(this.seed, index, 505) % 2) : 0;
  }
  metafields(index) {
    const h = mix(this.seed, index, 506);
    return SPECIAL[index]?.metafields ?? (h % 100 < 6 ? 1 + ((h >>> 8) % 3) : 0);
  }

  /** Everything that says how large the order is. */
  shape(index) {
    const special = SPECIAL[index] ?? {};
    const head = this.head(index);
    const r = new Random(this.seed, index, 511);
    const pick = r.below(1000);
    const kind =
      special.kind ?? (special.lines ? 'physical' : pick < 40 ? 'digital' : pick < 55 ? 'gift' : pick < 85 ? 'pickup' : 'physical');
    const many = r.chance(0.002) ? r.between(51, 120) : 0;
    const lines = special.lines ?? (kind === 'physical' && many ? many : 1 + Math.min(r.below(6), r.below(9)));
    const several = r.chance(0.02) ? r.between(2, 3) : 1;
    const addresses = kind === 'physical' ? Math.min(special.addresses ?? several, lines) : 0;
    const paid = [2, 3, 4, 8, 9, 10, 11, 13, 14].includes(head.status);
    return {
      ...head,
      kind,
      lines,
      addresses,
      paid,
      coupons: special.coupons ?? (r.chance(0.12) ? 1 : 0),
      fees: special.fees ?? (r.chance(0.05) ? r.between(1, 2) : 0),
      messages: special.messages ?? (r.chance(0.08) ? r.between(1, 3) : 0),
      taxRates: r.chance(0.7) ? 1 : r.chance(0.3) ? 2 : 0,
      wrapped: r.chance(0.04),
      refunds: this.refunds(index, head.status),
      metafields: this.metafields(index),
    };
  }
}

function statusOf(dice, other, days) {
  if (dice < 60) return 0;
  if (dice < 80) return 6;
  if (dice < 115) return 5;
  if (dice < 130) return 4;
  if (dice < 150) return 14;
  if (dice < 153) return 13;
  if (dice < 158) return 12;
  if (days < 1) return other < 8 ? 1 : other < 25 ? 7 : 11;
  if (days < 4) return other < 50 ? 9 : other < 60 ? 3 : 11;
  if (days < 14) return other < 90 ? 2 : 10;
  return other < 70 ? 10 : 2;
}
