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
import { customerRoutes } from './customers.mjs';
import { customerAddressRoutes } from './customers_addresses.mjs';
import { customerAttributeRoutes } from './customers_attributes.mjs';
import { customerFormRoutes } from './customers_forms.mjs';
import { customerSettingsRoutes } from './customers_settings.mjs';
import { customerMetafieldRoutes } from './customers_metafields.mjs';
import { customerGroupRoutes } from './customer_groups.mjs';
import { emailTemplateRoutes } from './email_templates.mjs';
import { channelRoutes } from './channels.mjs';
import { pageRoutes } from './pages.mjs';
import { blogPostRoutes } from './blog_posts.mjs';
import { redirectRoutes } from './redirects.mjs';
import { priceListRoutes } from './price_lists.mjs';
import { priceRecordRoutes } from './price_records.mjs';
import { promotionRoutes } from './promotions.mjs';
import { promotionCodeRoutes } from './promotion_codes.mjs';
import { couponRoutes } from './coupons.mjs';
import { giftCertificateRoutes } from './gift_certificates.mjs';
import { locationRoutes } from './locations.mjs';
import { fewMetafieldRoutes } from './few_metafields.mjs';
import { inventoryRoutes } from './inventory.mjs';
import { taxClassRoutes } from './tax_classes.mjs';
import { orderRoutes } from './orders.mjs';
import { orderPartRoutes } from './order_parts.mjs';
import { orderShipmentRoutes } from './order_shipments.mjs';
import { orderPaymentRoutes } from './order_payments.mjs';
import { orderSettingsRoutes } from './order_settings.mjs';
import { orderMetafieldRoutes } from './order_metafields.mjs';

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
  ...orderRoutes(),
  ...orderPartRoutes(),
  ...orderShipmentRoutes(),
  ...orderPaymentRoutes(),
  ...orderSettingsRoutes(),
  ...orderMetafieldRoutes(),
  ...customerRoutes(),
  ...customerAddressRoutes(),
  ...customerAttributeRoutes(),
  ...customerFormRoutes(),
  ...customerSettingsRoutes(),
  ...customerMetafieldRoutes(),
  ...customerGroupRoutes(),
  ...emailTemplateRoutes(),
  ...channelRoutes(),
  ...pageRoutes(),
  ...blogPostRoutes(),
  ...redirectRoutes(),
  ...priceListRoutes(),
  ...priceRecordRoutes(),
  ...promotionRoutes(),
  ...promotionCodeRoutes(),
  ...couponRoutes(),
  ...giftCertificateRoutes(),
  ...fewMetafieldRoutes(),
  ...locationRoutes(),
  ...inventoryRoutes(),
  ...taxClassRoutes(),
];
