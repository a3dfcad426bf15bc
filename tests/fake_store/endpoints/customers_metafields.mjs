// Metafields of customers, by the rules of endpoints/metafields.mjs. Where their rows live, and what this owner does differently.

import { metafieldRoutesOf } from './metafields.mjs';

function shelf(ctx) {
  const { customers } = ctx.fake;
  return {
    ids: () => customers.lists.metafields.toArray(),
    get: (id) => customers.findChild('metafields', id),
    of: (owner) => customers.record(owner)?.part('metafields') ?? [],
    exists: (owner) => customers.ids.has(owner),
    add: (row) => customers.addChild('metafields', customers.edit(row.resource_id), row),
    drop: (row) => customers.removeChild('metafields', row.id),
    touched: (row) => customers.partChanged(customers.edit(row.resource_id)),
    forWriting: (row) => customers.childForWriting('metafields', row.id).row,
  };
}

// The file for customers describes the answer of a single write as a list, and asks for the id in the body of a PUT.
export const customerMetafieldRoutes = () =>
  metafieldRoutesOf('customer', '/v3/customers/metafields', '/v3/customers/{customer_id}/metafields', 'customer_id', {
    scope: 'customers',
    shelf,
    asList: (ctx) => ctx.sw.customer_metafield_single_answer === 'list',
    putNeedsId: true,
    oneQuery: {},
  });
