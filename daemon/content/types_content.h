// What a storefront says beside its catalogue: pages, blog posts, redirects, e-mails to customers.
//
// One entry per content type; assembled and checked in registry.cpp, included nowhere else.
#pragma once

#include "content/content_type.h"

namespace backstock::content::types {

inline constexpr std::string_view kContentRead = "store_v2_content_read_only";
inline constexpr std::string_view kContentWrite = "store_v2_content";

inline constexpr ContentType kPages = {
    .name = "pages",
    .label = "Pages",
    .label_one = "Page",
    .group = "Settings",
    .place = 0,
    .list_path = "/v3/content/pages",
    .paging = Paging::v3_pages,
    .page_limit = 250,
    .id_field = "id",
    .fetch = Fetch::from_list,
    .label_fields = {"name", "url"},
    .volatile_fields = {},
    .columns = {{"url", "Address"},
                {"type", "Kind"},
                {"is_visible", "Visible", Shown::yes_no},
                {"channel_id", "Channel"}},
    .natural_key = {"channel_id+url", "channel_id+name+type"},
    // `content_type` belongs to pages of the type raw.
    .writable = {"body", "channel_id", "contact_fields", "content_type", "email", "is_customers_only", "is_homepage",
                 "is_visible", "link", "meta_description", "meta_keywords", "meta_title", "name", "parent_id",
                 "search_keywords", "sort_order", "type", "url"},
    .restore = Restore::match_or_create,
    .restore_phase = 7,
    .scope_read = kContentRead,
    .scope_write = kContentWrite,
    .restore_note = "a page of the type blog can only be made in the control panel",
    .item_path = "/v3/content/pages/{id}",
    .id_filter = "id:in",
    .ids_per_read = 50,
    .includes = {"body"},  // without it the text is missing
    .references = {{.field = "parent_id", .type = "pages", .sentinels = {"0"}, .parents_first = true},
                   {.field = "channel_id", .type = "channels"}},
    .unique = {"name", "url"},
    .create_only = {"channel_id", "content_type"},
    .hook_scopes = {"store/channel/{id}/page/created", "store/channel/{id}/page/updated"},
    .batch_create = 10,
    .batch_update = 10,
};

inline constexpr ContentType kBlogPosts = {
    .name = "blog_posts",
    .label = "Blog posts",
    .label_one = "Blog post",
    .group = "Catalogue",
    .place = 90,
    .list_path = "/v2/blog/posts",
    .paging = Paging::v2_pages,
    .page_limit = 250,
    .id_field = "id",
    .fetch = Fetch::from_list,
    .label_fields = {"title", "url"},
    .volatile_fields = {"preview_url", "summary"},
    .columns = {{"url", "Address"},
                {"author", "Author"},
                {"is_published", "Published", Shown::yes_no},
                {"published_date_iso8601", "Date", Shown::date}},
    .natural_key = {"url"},
    // `is_published` always: leaving it out takes a post off the storefront. `published_date` is sent as RFC 2822.
    .writable = {"author", "body", "is_published", "meta_description", "meta_keywords", "published_date", "tags",
                 "thumbnail_path", "title", "url"},
    .restore = Restore::match_or_create,
    .restore_phase = 7,
    .scope_read = kContentRead,
    .scope_write = kContentWrite,
    .restore_note = "thumbnails are files of their own and must still be there",
    .item_path = "/v2/blog/posts/{id}",
    .unique = {"url"},
};

inline constexpr ContentType kRedirects = {
    .name = "redirects",
    .label = "301 redirects",
    .label_one = "301 redirect",
    .group = "Settings",
    .place = 30,
    .list_path = "/v3/storefront/redirects",
    .paging = Paging::v3_pages,
    .page_limit = 250,
    .id_field = "id",
    .fetch = Fetch::from_list,
    .label_fields = {"from_path"},
    .volatile_fields = {"to_url"},  // computed from where it leads
    .columns = {{"to.type", "Leads to"}, {"to_url", "Address"}},
    .natural_key = {"site_id+from_path"},
    .writable = {"from_path", "site_id", "to"},
    .restore = Restore::match_or_create,
    .restore_phase = 9,
    .scope_read = kContentRead,
    .scope_write = kContentWrite,
    .restore_note = "",
    .id_filter = "id:in",
    .includes = {"to_url"},
    .list_query = "sort=id&direction=asc",
    // `to.entity_id` is an id of what `to.type` says: one entry for each.
    .references = {{.field = "site_id", .type = "sites"},
                   {.field = "to.entity_id", .type = "products", .when = "to.type=product"},
                   {.field = "to.entity_id", .type = "brands", .when = "to.type=brand"},
                   {.field = "to.entity_id", .type = "categories", .when = "to.type=category"},
                   {.field = "to.entity_id", .type = "pages", .when = "to.type=page"},
                   {.field = "to.entity_id", .type = "blog_posts", .when = "to.type=post"}},
    .unique = {"from_path"},
    .batch_create = 100,
    .batch_update = 100,
};

// The global templates, and those of each channel. What a channel answers may be inherited: the reference does not say.
inline constexpr ContentType kEmailTemplates = {
    .name = "email_templates",
    .label = "E-mail templates",
    .label_one = "E-mail template",
    .group = "Settings",
    .place = 40,
    .list_path = "/v3/marketing/email-templates",
    .paging = Paging::whole,
    .page_limit = 250,
    .id_field = "{parent}/type_id",
    .fetch = Fetch::from_list,
    .label_fields = {"type_id", "subject"},
    .volatile_fields = {},
    .columns = {{"subject", "Subject"}},
    .natural_key = {"type_id"},
    .writable = {"body", "subject", "translations"},
    .restore = Restore::match_or_create,
    .restore_phase = 9,
    .scope_read = "store_v2_information_read_only",
    .scope_write = "store_v2_information",
    .restore_note = "",
    .list_query = "channel_id={parent}",
    .parent_type = "channels",
    .has_orphans = true,
    .hook_scopes = {"store/channel/{id}/email/templates/updated", "store/channel/{id}/email/templates/deleted"},
    .hook_on_delete = true,
};

}  // namespace backstock::content::types
