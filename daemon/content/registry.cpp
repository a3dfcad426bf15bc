#include "content/registry.h"

#include "content/registry_rules.h"
#include "content/types_catalog.h"
#include "content/types_products.h"

namespace backstock::content {
namespace {

// In restore order. `restore_phase` counts over all types, and types of one phase do not need each other's ids:
//   1 what stands alone: currencies, tax classes, locations, shipping zones, channels, customer groups
//   2 what hangs on those: tax rates, sites, category trees, shipping methods
//   3 brands, categories (parents first), price lists
//   4 products; within one item, a part's `phase` gives the order: what is referred to comes before what refers to it
//   7 what joins products to other things: sort orders, template associations, inventory, price records, routes
//   8 promotions, coupons, gift certificates, banners
//   9 the second pass: references that may point anywhere, and what makes things visible
// 5 and 6 are the parts of products, written with their product.
constexpr ContentType kTypes[] = {types::kCategoryTrees, types::kBrands, types::kCategories, types::kProducts};

static_assert(rules::names_are_unique(kTypes));
static_assert(rules::order_is_restore_order(kTypes));
static_assert(rules::paths_are_complete(kTypes));
static_assert(rules::pages_are_in_range(kTypes));
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
