// All endpoints of the simulated store. Promises: this list is the whole API surface; add a family here.

import { storeRoutes } from './store.mjs';
import { productRoutes } from './products.mjs';
import { productPartRoutes } from './product_parts.mjs';
import { optionRoutes } from './options.mjs';
import { variantRoutes } from './variants.mjs';
import { modifierRoutes } from './modifiers.mjs';
import { complexRuleRoutes } from './complex_rules.mjs';
import { metafieldRoutes } from './metafields.mjs';
import { assignmentRoutes } from './assignments.mjs';
import { brandRoutes } from './brands.mjs';
import { categoryRoutes } from './categories.mjs';
import { treeRoutes } from './trees.mjs';
import { sortOrderRoutes } from './sort_orders.mjs';
import { legacyCategoryRoutes } from './legacy_categories.mjs';

export const allRoutes = () => [
  ...storeRoutes(),
  ...productRoutes(),
  ...productPartRoutes(),
  ...optionRoutes(),
  ...variantRoutes(),
  ...modifierRoutes(),
  ...complexRuleRoutes(),
  ...metafieldRoutes(),
  ...assignmentRoutes(),
  ...brandRoutes(),
  ...categoryRoutes(),
  ...treeRoutes(),
  ...sortOrderRoutes(),
  ...legacyCategoryRoutes(),
];
