// Metafields of orders, by the rules of endpoints/metafields.mjs. Where their rows live, and what this owner does differently.

import { metafieldRoutesOf } from './metafields.mjs';

function shelf(ctx) {
  const { orders } = ctx.fake;
  return {
    ids: () => orders.list('metafields').toArray(),
    get: (id) => orders.findChild('metafields', id),
    of: (owner) => orders.record(owner)?.part('metafields') ?? [],
    exists: (owner) => orders.record(owner) !== null,
    add: (row) => {
      const record = orders.edit(row.resource_id);
      record.parts.metafields.push(row);
      orders.link('metafields', row.id, record.id);
      orders.partChanged(record, 'metafields');
    },
    drop: (row) => {
      const record = orders.edit(row.resource_id);
      record.parts.metafields = record.parts.metafields.filter((m) => m.id !== row.id);
      orders.unlink('metafields', row.id);
      orders.partChanged(record, 'metafields');
    },
    touched: (row) => orders.partChanged(orders.edit(row.resource_id), 'metafields'),
    forWriting: (row) => orders.edit(row.resource_id).parts.metafields.find((m) => m.id === row.id),
  };
}

// The file for orders has exact date filters, and asks for every field in the body of a PUT.
export const orderMetafieldRoutes = () =>
  metafieldRoutesOf('order', '/v3/orders/metafields', '/v3/orders/{order_id}/metafields', 'order_id', {
    scope: 'orders',
    shelf,
    oneQuery: {},
    moreFilters: { date_created: 'date', date_modified: 'date' },
    putWhole: true,
  });
