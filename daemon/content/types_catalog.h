// The catalogue's containers: category trees, brands, categories.
//
// One entry per content type; assembled and checked in registry.cpp, included nowhere else.
#pragma once

#include "content/content_type.h"

namespace backstock::content::types {

inline constexpr std::string_view kCatalogRead = "store_v2_products_read_only";
inline constexpr std::string_view kCatalogWrite = "store_v2_products";

// The lists of all metafields know `page` and cursors; cursors are preferred, as nothing shifts under them. Their
// maximum page is stated for products only (250). Metafields belong to the API account that made them; this scope shows
// and opens all of them, `app_only` ones too.
inline constexpr std::string_view kAllMetafields = "store_metafield_write_all";
inline constexpr std::string_view kMetafieldNote =
    "new rows belong to the API account that restores; their app may not know them until they are handed back to it";
inline constexpr Few<std::string_view, 40> kMetafieldWritable = {"description", "key", "namespace", "permission_set",
                                                                 "value"};

inline constexpr ContentType kCategoryTrees = {
    .name = "category_trees",
    .label = "Category trees",
    .label_one = "Category tree",
    .group = "Catalogue",
    .place = 30,
    .list_path = "/v3/catalog/trees",
    .paging = Paging::whole,  // no page parameters documented, though the sample answer carries meta.pagination
    .page_limit = 250,
    .id_field = "id",
    .fetch = Fetch::from_list,
    .label_fields = {"name"},
    .volatile_fields = {},
    .columns = {},
    .natural_key = {"channels"},  // a channel has one tree
    .writable = {"channels", "name"},
    .restore = Restore::match_or_create,
    .restore_phase = 2,
    .scope_read = kCatalogRead,
    .scope_write = kCatalogWrite,
    .restore_note = "a deleted tree can be made again only for a channel that has none",
    .id_filter = "id:in",
    .references = {{.field = "channels[]", .type = "channels"}},
    .create_only = {"channels"},  // "must be absent when updating a category tree"
    .hook_scopes = {"store/channel/{id}/categoryTree/updated"},
    .hook_on_delete = true,  // the same scope tells of creating, updating and deleting
    .batch_create = 50,
    .batch_update = 50,
};

inline constexpr ContentType kBrands = {
    .name = "brands",
    .label = "Brands",
    .label_one = "Brand",
    .group = "Catalogue",
    .place = 20,
    .list_path = "/v3/catalog/brands",
    .paging = Paging::v3_id_after,  // no list_query: of the sort fields only `name` is documented here
    .page_limit = 250,
    .id_field = "id",
    .fetch = Fetch::from_list,
    .label_fields = {"name"},
    .volatile_fields = {"metafields[].date_modified"},
    .columns = {{"page_title", "Page title"}, {"custom_url.url", "Address"}},
    .natural_key = {"name"},
    .writable = {"custom_url", "image_url", "meta_description", "meta_keywords", "name", "page_title",
                 "search_keywords"},
    .restore = Restore::match_or_create,
    .restore_phase = 3,
    .scope_read = kCatalogRead,
    .scope_write = kCatalogWrite,
    .restore_note = "",
    .item_path = "/v3/catalog/brands/{id}",
    .id_filter = "id:in",
    .parts = {{.name = "metafields",
               .from = PartFrom::whole_list,
               .label = "Metafields",
               .path = "/v3/catalog/brands/metafields",
               .paging = Paging::v3_cursor,
               .join_key = "resource_id",
               .change_filter = "date_modified:min",
               .owner_path = "/v3/catalog/brands/{id}/metafields",
               .needs_scope = kAllMetafields,
               .natural_key = {"namespace+key"},
               .writable = kMetafieldWritable,
               .phase = 6,
               .restore_note = kMetafieldNote}},
    .unique = {"name", "custom_url.url"},
    // Brands themselves have no hooks.
    .hook_scopes = {"store/brand/metafield/created", "store/brand/metafield/updated", "store/brand/metafield/deleted"},
};

// The tree endpoint, not the deprecated /v3/catalog/categories: that one serves only the default storefront and names
// its fields differently (id, custom_url.url). For the same reason there is no item_path.
inline constexpr ContentType kCategories = {
    .name = "categories",
    .label = "Categories",
    .label_one = "Category",
    .group = "Catalogue",
    .place = 10,
    .list_path = "/v3/catalog/trees/categories",
    .paging = Paging::v3_pages,  // neither sort nor id:greater documented
    .page_limit = 250,
    .id_field = "category_id",
    .fetch = Fetch::from_list,
    .label_fields = {"name", "url.path"},
    .volatile_fields = {"views", "metafields[].date_modified"},
    .columns = {{"url.path", "Address"}, {"is_visible", "Visible", Shown::yes_no}, {"parent_id", "Parent"}},
    .natural_key = {"tree_id+parent_id+name"},
    // Not `views` (a count of visits) and not `layout_file` (Blueprint themes only).
    .writable = {"default_product_sort", "description", "image_url", "is_visible", "meta_description", "meta_keywords",
                 "name", "page_title", "parent_id", "search_keywords", "sort_order", "tree_id", "url"},
    .restore = Restore::match_or_create,
    .restore_phase = 3,
    .scope_read = kCatalogRead,
    .scope_write = kCatalogWrite,
    .restore_note = "the number of visits and the layout file of old themes are not sent back",
    .id_filter = "category_id:in",
    .parts = {{.name = "metafields",
               .from = PartFrom::whole_list,
               .label = "Metafields",
               .path = "/v3/catalog/categories/metafields",
               .paging = Paging::v3_cursor,
               .join_key = "resource_id",
               .owner_ids = "category_id",
               .change_filter = "date_modified:min",
               .owner_path = "/v3/catalog/categories/{id}/metafields",
               .needs_scope = kAllMetafields,
               .natural_key = {"namespace+key"},
               .writable = kMetafieldWritable,
               .phase = 6,
               .restore_note = kMetafieldNote}},
    // A POST takes exactly one of tree_id (top level) and parent_id (child); top-level rows show parent_id 0.
    .references = {{.field = "tree_id", .type = "category_trees"},
                   {.field = "parent_id", .type = "categories", .sentinels = {"0"}, .parents_first = true}},
    .unique = {"url.path"},
    .hook_scopes = {"store/category/created", "store/category/updated", "store/category/deleted",
                    "store/channel/{id}/category/created", "store/channel/{id}/category/updated",
                    "store/channel/{id}/category/deleted", "store/category/metafield/created",
                    "store/category/metafield/updated", "store/category/metafield/deleted"},
    .hook_on_delete = true,
    // Larger batches without `url` were refused with "Url is required": a bug that the vendor confirmed in 2025.
    .batch_create = 10,
    .batch_update = 10,
};

}  // namespace backstock::content::types
