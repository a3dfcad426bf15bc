// The simulated store as one object: state, switches, clock, quota, troubles, endpoint table. Promises: everything a request handler or a
// control call may touch hangs here; several stores can live in one process.

import { Catalog } from './state/catalog.mjs';
import { Customers } from './state/customers.mjs';
import { EmailTemplates } from './state/email_templates.mjs';
import './state/customer_control.mjs';
import { Channels } from './state/channels.mjs';
import { Content } from './state/content.mjs';
import { Pricing } from './state/pricing.mjs';
import { Promotions } from './state/promotions.mjs';
import { Stock } from './state/stock.mjs';
import { Orders } from './state/orders.mjs';
import { MetafieldRows } from './state/metafield_rows.mjs';
import './state/order_control.mjs';
import { Switches } from './switches.mjs';
import { Clock } from './clock.mjs';
import { RateLimit } from './rate_limit.mjs';
import { Troubles } from './trouble.mjs';
import { Router } from './router.mjs';
import { Refusal } from './answers.mjs';
import { allRoutes } from './endpoints/table.mjs';

export const DEFAULTS = {
  port: 0,
  storeHash: 'abc123',
  token: 'TOKEN',
  readToken: '',
  seed: 1,
  products: 300,
  categories: 60,
  brands: 40,
  customers: 0,
  customerGroups: 0,
  customerAttributes: 0,
  emailTemplates: 0,
  channels: 2,
  pages: 0,
  blogPosts: 0,
  redirects: 0,
  priceLists: 0,
  priceRecords: 0,
  promotions: 0,
  codes: 0,
  coupons: 0,
  giftCertificates: 0,
  locations: 1,
  inventory: 'off',
  orders: 0,
  giantVariants: false,
  hugePage: 0,
  quota: 0,
  windowMs: 30000,
  others: 0,
  rateHeaders: false,
  pretty: false,
  clientId: 'backstockclient',
  cdnBase: 'https://cdn11.bigcommerce.com',
  deny: [],
  switches: {},
  now: '',
  pidFile: '',
};

export class FakeStore {
  constructor(given = {}) {
    const options = (this.options = { ...DEFAULTS, ...given });
    this.switches = new Switches(options.switches);
    this.clock = new Clock(options.now);
    this.rate = new RateLimit({ quota: options.quota, windowMs: options.windowMs, others: options.others, headers: options.rateHeaders });
    this.troubles = new Troubles();
    this.catalog = new Catalog(options, this.switches, this.clock);
    this.channels = new Channels(this);
    this.content = new Content(this);
    this.customers = new Customers(options, this.switches, this.clock, this.catalog);
    this.pricing = new Pricing(this);
    this.promotions = new Promotions(this);
    this.stock = new Stock(this);
    this.customers.linkPriceLists(this.pricing.lists.ids.toArray());
    this.emails = new EmailTemplates(options, this.catalog.env);
    this.orders = new Orders(options, this.switches, this.clock, this.catalog);
    const few = { catalog: this.catalog, clock: this.clock, clientId: options.clientId };
    this.channelMetafields = new MetafieldRows({ kind: 'channel', owners: () => [...this.channels.map.keys()], ...few });
    this.locationMetafields = new MetafieldRows({ kind: 'location', owners: () => [...this.stock.locations.keys()], ...few });
    // Calls that were refused because a backup must never make them, and how often (endpoints/order_traps.mjs).
    this.traps = new Map();
    this.raws = new Map();
    this.cdnRequests = 0;
    this.deny = new Set(options.deny);
    const routes = allRoutes();
    this.routeList = routes.map((r) => ({ method: r.method, path: r.path, type: r.type, scope: r.scope, query: Object.keys(r.query) }));
    this.router = new Router(routes);
  }

  /** A missing scope is a 403. deny holds scope groups (products) or content types (brand), alone or with :write. */
  checkScope(route, rights) {
    const writing = route.method !== 'GET';
    const lacks = (name) => this.deny.has(name) || (writing && this.deny.has(`${name}:write`));
    // A route with several scopes needs any of them.
    if (lacks(route.type) || [].concat(route.scope).every(lacks)) throw new Refusal(403);
    if (writing && !rights.write) throw new Refusal(403);
  }
}
