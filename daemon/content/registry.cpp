#include "content/registry.h"

#include "content/registry_rules.h"
#include "content/types_catalog.h"
#include "content/types_content.h"
#include "content/types_customers.h"
#include "content/types_marketing.h"
#include "content/types_orders.h"
#include "content/types_pricing.h"
#include "content/types_products.h"
#include "content/types_store.h"

namespace backstock::content {
namespace {

// In restore order. `restore_phase` counts over all types, and types of one phase do not need each other's ids:
//   1 what stands alone: currencies, tax classes, locations, shipping zones, channels, customer attributes
//   2 what hangs on those: tax rates, sites, category trees, shipping methods
//   3 brands, categories (parents first), price lists
//   4 products; within one item, a part's `phase` gives the order: what is referred to comes before what refers to it
//   7 what joins products to other things: customer groups, price records, inventory, sort orders; pages, blog posts
//   8 what needs customer groups: customers, price list assignments, promotions; coupons, banners
//   9 what may point anywhere: redirects, gift certificates; the second pass, and what makes things visible
// 5 and 6 are the parts of products, written with their product.
// A backup goes in the same order. So orders, which take longest by far, keep nothing waiting.
constexpr ContentType kTypes[] = {types::kStoreInformation,
                                  types::kChannels,
                                  types::kLocations,
                                  types::kCustomerAttributes,
                                  types::kCategoryTrees,
                                  types::kBrands,
                                  types::kCategories,
                                  types::kPriceLists,
                                  types::kProducts,
                                  types::kCustomerGroups,
                                  types::kPriceRecords,
                                  types::kInventory,
                                  types::kPages,
                                  types::kBlogPosts,
                                  types::kPriceListAssignments,
                                  types::kCustomers,
                                  types::kPromotions,
                                  types::kCoupons,
                                  types::kRedirects,
                                  types::kGiftCertificates,
                                  types::kEmailTemplates,
                                  types::kOrders};

static_assert(rules::names_are_unique(kTypes));
static_assert(rules::order_is_restore_order(kTypes));
static_assert(rules::paths_are_complete(kTypes));
static_assert(rules::pages_are_in_range(kTypes));
static_assert(rules::parents_come_first(kTypes));
static_assert(rules::one_type_names_the_store(kTypes));
static_assert(rules::references_can_be_followed(kTypes));
static_assert(rules::restore_facts_agree(kTypes));
static_assert(rules::volatile_paths_can_be_followed(kTypes));
static_assert(rules::changes_can_be_read(kTypes));

}  // namespace

std::span<const ContentType> all_types() { return kTypes; }

const ContentType* find_type(std::string_view name) {
  for (const ContentType& type : kTypes)
    if (type.name == name) return &type;
  return nullptr;
}

}  // namespace backstock::content
