// Price lists with their records and assignments.
//
// One entry per content type; assembled and checked in registry.cpp, included nowhere else.
#pragma once

#include "content/types_catalog.h"

namespace backstock::content::types {

inline constexpr ContentType kPriceLists = {
    .name = "price_lists",
    .label = "Price lists",
    .label_one = "Price list",
    .group = "Catalogue",
    .place = 60,
    .list_path = "/v3/pricelists",
    .paging = Paging::v3_pages,  // cursors are known too; they announce no total
    .page_limit = 250,
    .id_field = "id",
    .fetch = Fetch::from_list,
    .label_fields = {"name"},
    .volatile_fields = {"date_modified"},
    .columns = {{"active", "Active", Shown::yes_no}, {"date_modified", "Modified", Shown::date}},
    .natural_key = {"name"},
    .writable = {"active", "name"},
    .restore = Restore::match_or_create,
    .restore_phase = 3,
    .scope_read = kCatalogRead,
    .scope_write = kCatalogWrite,
    .restore_note = "",
    .item_path = "/v3/pricelists/{id}",
    .id_filter = "id:in",
    .created_field = "date_created",
    .unique = {"name"},
    .hook_scopes = {"store/priceList/created", "store/priceList/updated", "store/priceList/activated",
                    "store/priceList/deactivated", "store/priceList/deleted", "store/priceLists/deleted"},
    .hook_on_delete = true,
};

// A record has no id of its own: price list, variant and currency tell them apart.
inline constexpr ContentType kPriceRecords = {
    .name = "price_records",
    .label = "Price records",
    .label_one = "Price record",
    .group = "Catalogue",
    .place = 70,
    .list_path = "/v3/pricelists/{parent}/records",
    .paging = Paging::v3_cursor,
    .page_limit = 250,
    .id_field = "{parent}/variant_id/currency",
    .fetch = Fetch::from_list,
    .label_fields = {"sku"},
    .volatile_fields = {"date_modified", "calculated_price"},
    .columns = {{"price_list_id", "Price list"},
                {"currency", "Currency"},
                {"price", "Price", Shown::money},
                {"sale_price", "Sale price", Shown::money}},
    .natural_key = {"price_list_id+sku+currency"},
    // Tiers always, even none: whether leaving them out clears them is not documented.
    .writable = {"bulk_pricing_tiers", "currency", "map_price", "price", "retail_price", "sale_price", "variant_id"},
    .restore = Restore::match_or_create,
    .restore_phase = 7,
    .scope_read = kCatalogRead,
    .scope_write = kCatalogWrite,
    .restore_note = "",
    .includes = {"bulk_pricing_tiers", "sku"},  // without it tiers are not answered
    .parent_type = "price_lists",
    .change_filter = "date_modified:min",
    .modified_field = "date_modified",
    .created_field = "date_created",
    .references = {{.field = "price_list_id", .type = "price_lists"},
                   {.field = "variant_id", .type = "products", .target_part = "variants"},
                   {.field = "product_id", .type = "products", .computed = true}},
    .create_only = {"currency", "variant_id"},  // they are the record's identity
    .hook_scopes = {"store/priceList/record/created", "store/priceList/record/updated",
                    "store/priceList/record/deleted", "store/priceList/records/created",
                    "store/priceList/records/updated", "store/priceList/records/deleted"},
    .hook_on_delete = true,
    .batch_create = 100,
    .batch_update = 100,
};

inline constexpr ContentType kPriceListAssignments = {
    .name = "price_list_assignments",
    .label = "Price list assignments",
    .label_one = "Price list assignment",
    .group = "Catalogue",
    .place = 80,
    .list_path = "/v3/pricelists/assignments",
    .paging = Paging::v3_pages,
    .page_limit = 250,
    .id_field = "id",
    .fetch = Fetch::from_list,
    .label_fields = {"id"},
    .volatile_fields = {},
    .columns = {{"price_list_id", "Price list"}, {"customer_group_id", "Customer group"}, {"channel_id", "Channel"}},
    .natural_key = {"customer_group_id+channel_id"},
    .writable = {"channel_id", "customer_group_id", "price_list_id"},
    .restore = Restore::match_or_create,
    .restore_phase = 8,
    .scope_read = kCatalogRead,
    .scope_write = kCatalogWrite,
    .restore_note = "refused for a customer group that has discount rules of its own",
    .id_filter = "id:in",
    .references = {{.field = "price_list_id", .type = "price_lists"},
                   {.field = "customer_group_id", .type = "customer_groups"},
                   {.field = "channel_id", .type = "channels"}},
    .hook_scopes = {"store/priceList/assignment/updated", "store/priceList/assignment/deleted"},
    .hook_on_delete = true,
    .batch_create = 25,
};

}  // namespace backstock::content::types
