// What the store itself consists of: its own facts, channels, stock locations, stock.
//
// One entry per content type; assembled and checked in registry.cpp, included nowhere else.
#pragma once

#include "content/types_catalog.h"

namespace backstock::content::types {

inline constexpr ContentType kStoreInformation = {
    .name = "store_information",
    .label = "Store information",
    .label_one = "Store information",
    .group = "Settings",
    .place = 60,
    .list_path = "/v2/store",
    .paging = Paging::whole,  // one object
    .page_limit = 250,
    .id_field = "id",
    .fetch = Fetch::from_list,
    .label_fields = {"name", "domain"},
    .volatile_fields = {},
    .columns = {{"domain", "Domain"}, {"plan_name", "Plan"}, {"currency", "Currency"}},
    .natural_key = {},
    .writable = {},
    .restore = Restore::never,
    .restore_phase = 1,
    .scope_read = "store_v2_information_read_only",
    .scope_write = "store_v2_information",
    .restore_note = "the store's own facts can only be changed in the control panel",
    .absence = Absence::nothing,
    .names_the_store = "name",
    .hook_scopes = {"store/information/updated"},
};

inline constexpr ContentType kChannels = {
    .name = "channels",
    .label = "Channels",
    .label_one = "Channel",
    .group = "Settings",
    .place = 10,
    .list_path = "/v3/channels",
    .paging = Paging::v3_pages,
    .page_limit = 250,
    .id_field = "id",
    .fetch = Fetch::from_list,
    .label_fields = {"name", "external_id"},
    .volatile_fields = {"date_modified", "metafields[].date_modified"},
    .columns = {{"type", "Type"}, {"platform", "Platform"}, {"status", "Status"}},
    .natural_key = {"name+platform+type"},
    // Not `status`: it publishes or hides a storefront.
    .writable = {"external_id", "is_listable_from_ui", "is_visible", "name"},
    .restore = Restore::in_place_only,
    .restore_phase = 1,
    .scope_read = "store_channel_settings_read_only",
    .scope_write = "store_channel_settings",
    .restore_note =
        "a deleted channel comes back only through BigCommerce's support, within 90 days; the status is not "
        "sent back, since it publishes or hides a storefront",
    .item_path = "/v3/channels/{id}",
    .includes = {"currencies"},
    // Without naming them the list leaves some out.
    .list_query = "status:in=prelaunch,active,inactive,connected,disconnected,archived,deleted,terminated",
    .created_field = "date_created",
    .parts = {{.name = "metafields",
               .from = PartFrom::whole_list,
               .label = "Metafields",
               .path = "/v3/channels/metafields",
               .paging = Paging::v3_cursor,
               .join_key = "resource_id",
               .change_filter = "date_modified:min",
               .owner_path = "/v3/channels/{id}/metafields",
               .needs_scope = kAllMetafields,
               .natural_key = {"namespace+key"},
               .writable = kMetafieldWritable,
               .phase = 6,
               .restore_note = kMetafieldNote}},
    .hook_scopes = {"store/channel/created", "store/channel/updated", "store/channel/metafield/created",
                    "store/channel/metafield/updated", "store/channel/metafield/deleted"},
};

inline constexpr std::string_view kLocationsRead = "store_locations_read_only";

inline constexpr ContentType kLocations = {
    .name = "locations",
    .label = "Locations",
    .label_one = "Location",
    .group = "Settings",
    .place = 20,
    .list_path = "/v3/inventory/locations",
    .paging = Paging::v3_pages,
    .page_limit = 250,
    .id_field = "id",
    .fetch = Fetch::from_list,
    .label_fields = {"label", "code"},
    .volatile_fields = {"updated_at", "metafields[].date_modified"},
    .columns = {{"code", "Code"}, {"type_id", "Type"}, {"enabled", "Enabled", Shown::yes_no}},
    .natural_key = {"code"},
    .writable = {"address", "code", "description", "enabled", "label", "managed_by_external_source", "operating_hours",
                 "special_hours", "storefront_visibility", "time_zone", "type_id"},
    .restore = Restore::match_or_create,
    .restore_phase = 1,
    .scope_read = kLocationsRead,
    .scope_write = "store_locations",
    .restore_note = "stock that was deleted with a location is restored as inventory, and only when asked for",
    .id_filter = "location_id:in",
    .created_field = "created_at",
    .parts = {{.name = "metafields",
               .from = PartFrom::whole_list,
               .label = "Metafields",
               .path = "/v3/inventory/locations/metafields",
               .paging = Paging::v3_cursor,
               .join_key = "resource_id",
               .change_filter = "date_modified:min",
               .owner_path = "/v3/inventory/locations/{id}/metafields",
               .needs_scope = kAllMetafields,
               .natural_key = {"namespace+key"},
               .writable = kMetafieldWritable,
               .phase = 6,
               .restore_note = kMetafieldNote}},
    .unique = {"code"},
    .hook_scopes = {"store/inventory/location/created", "store/inventory/location/updated",
                    "store/inventory/location/metafield/created", "store/inventory/location/metafield/updated",
                    "store/inventory/location/metafield/deleted"},
    .batch_create = 10,
    .batch_update = 10,
};

// One item per variant, with its stock at every location.
inline constexpr ContentType kInventory = {
    .name = "inventory",
    .label = "Inventory",
    .label_one = "Stock level",
    .group = "Catalogue",
    .place = 40,
    .list_path = "/v3/inventory/items",
    .paging = Paging::v3_pages,
    .page_limit = 1000,  // "1000 items per answer"
    .id_field = "identity.variant_id",
    .fetch = Fetch::from_list,
    .label_fields = {"identity.sku"},
    // Copies of what the location says.
    .volatile_fields = {"locations[].location_name", "locations[].location_code", "locations[].location_enabled"},
    .columns = {{"identity.product_id", "Product"}},
    .natural_key = {"identity.sku"},
    .writable = {},
    .restore = Restore::in_place_only,
    .restore_phase = 7,
    .scope_read = "store_inventory_read_only",
    .scope_write = "store_inventory",
    .restore_note = "stock has moved on since: it is left as it is live, unless it is asked for by name",
    .id_filter = "variant_id:in",
    .references = {{.field = "identity.variant_id", .type = "products", .target_part = "variants"},
                   {.field = "identity.product_id", .type = "products"},
                   {.field = "locations[].location_id", .type = "locations"}},
    .hook_scopes = {"store/product/inventory/updated", "store/sku/inventory/updated",
                    "store/product/inventory/order/updated", "store/sku/inventory/order/updated",
                    "store/channel/*/inventory/product/stock_changed",
                    "store/channel/*/inventory/product/settings_changed"},
    .batch_update = 2000,
};

}  // namespace backstock::content::types
