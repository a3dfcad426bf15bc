// Promotions with their codes, V2 coupons, gift certificates.
//
// One entry per content type; assembled and checked in registry.cpp, included nowhere else.
#pragma once

#include "content/content_type.h"

namespace backstock::content::types {

inline constexpr std::string_view kMarketingRead = "store_v2_marketing_read_only";
inline constexpr std::string_view kMarketingWrite = "store_v2_marketing";

inline constexpr ContentType kPromotions = {
    .name = "promotions",
    .label = "Promotions",
    .label_one = "Promotion",
    .group = "Catalogue",
    .place = 50,
    .list_path = "/v3/promotions",
    .paging = Paging::v3_pages,
    .page_limit = 250,
    .id_field = "id",
    .fetch = Fetch::from_list,
    .label_fields = {"name", "display_name"},
    // `codes` repeats a coupon's code: one object by the description, an array by its name.
    .volatile_fields = {"current_uses", "codes.current_uses", "codes[].current_uses", "coupon_codes[].current_uses"},
    .columns = {{"redemption_type", "Kind"},
                {"status", "Status"},
                {"start_date", "Starts", Shown::date},
                {"end_date", "Ends", Shown::date}},
    .natural_key = {"name+redemption_type"},
    .writable = {"can_be_used_with_other_promotions", "channels", "coupon_overrides_other_promotions", "coupon_type",
                 "currency_code", "customer", "display_name", "end_date", "max_uses", "name", "notifications",
                 "redemption_type", "rules", "schedule", "shipping_address", "start_date", "status", "stop"},
    .restore = Restore::match_or_create,
    .restore_phase = 8,
    .scope_read = kMarketingRead,
    .scope_write = kMarketingWrite,
    .restore_note =
        "the order among promotions and the count of uses cannot be written; one that is made anew may not "
        "be editable in the control panel",
    .item_path = "/v3/promotions/{id}",
    .list_query = "sort=id&direction=asc",
    .parts = {{.name = "coupon_codes",
               .from = PartFrom::per_item,
               .label = "Coupon codes",
               .path = "/v3/promotions/{id}/codes",
               .paging = Paging::v3_cursor,
               .only_if = "redemption_type=COUPON",
               .natural_key = {"code"},
               .writable = {"code", "max_uses", "max_uses_per_customer"},
               .phase = 2,
               .restore_note = "uses start at zero again"}},
    // `..` is any depth: matchers nest.
    .references = {{.field = "channels[].id", .type = "channels"},
                   {.field = "customer.group_ids[]", .type = "customer_groups", .sentinels = {"0"}},
                   {.field = "customer.excluded_group_ids[]", .type = "customer_groups", .sentinels = {"0"}},
                   {.field = "customer.segments..id[]", .type = "customer_segments"},
                   {.field = "rules..brands[]", .type = "brands"},
                   {.field = "rules..categories[]", .type = "categories"},
                   {.field = "rules..products[]", .type = "products"},
                   {.field = "rules..variants[]", .type = "products", .target_part = "variants"},
                   {.field = "rules..gift_item.product_id", .type = "products"},
                   {.field = "rules..gift_item.variant_id", .type = "products", .target_part = "variants"},
                   {.field = "rules..zone_ids[]", .type = "shipping_zones", .sentinels = {"*"}}},
    .create_only = {"redemption_type", "coupon_type"},
};

inline constexpr ContentType kCoupons = {
    .name = "coupons",
    .label = "Coupons",
    .label_one = "Coupon",
    .group = "Customer",
    .place = 20,
    .list_path = "/v2/coupons",
    .paging = Paging::v2_pages,
    .page_limit = 250,
    .id_field = "id",
    .fetch = Fetch::from_list,
    .label_fields = {"name", "code"},
    .volatile_fields = {"num_uses"},
    .columns = {{"code", "Code"},
                {"type", "Kind"},
                {"amount", "Amount"},
                {"enabled", "Enabled", Shown::yes_no},
                {"expires", "Expires", Shown::date}},
    .natural_key = {"code", "name"},
    .writable = {"amount", "applies_to", "code", "enabled", "expires", "max_uses", "max_uses_per_customer",
                 "min_purchase", "name", "restricted_to", "shipping_methods", "type"},
    .restore = Restore::match_or_create,
    .restore_phase = 8,
    .scope_read = kMarketingRead,
    .scope_write = kMarketingWrite,
    .restore_note = "uses start at zero again",
    .item_path = "/v2/coupons?id={id}",
    // Rows of that type are shadows of promotion codes, with made-up values.
    .list_query = "exclude_type=promotion",
    .created_field = "date_created",
    .references = {{.field = "applies_to.ids[]",
                    .type = "categories",
                    .sentinels = {"0"},
                    .when = "applies_to.entity=categories"},
                   {.field = "applies_to.ids[]", .type = "products", .when = "applies_to.entity=products"}},
    .unique = {"name", "code"},
};

inline constexpr ContentType kGiftCertificates = {
    .name = "gift_certificates",
    .label = "Gift certificates",
    .label_one = "Gift certificate",
    .group = "Customer",
    .place = 30,
    .list_path = "/v2/gift_certificates",
    .paging = Paging::v2_pages,
    .page_limit = 250,
    .id_field = "id",
    .fetch = Fetch::from_list,
    .label_fields = {"code", "to_email", "to_name"},
    .volatile_fields = {},
    .columns = {{"to_name", "For"},
                {"amount", "Amount", Shown::money},
                {"balance", "Balance", Shown::money},
                {"status", "Status"}},
    .natural_key = {"code"},
    // Dates are read as Unix seconds and sent as RFC 2822.
    .writable = {"amount", "balance", "code", "currency_code", "customer_id", "expiry_date", "from_email", "from_name",
                 "message", "purchase_date", "status", "template", "to_email", "to_name"},
    .restore = Restore::match_or_create,
    .restore_phase = 9,
    .scope_read = kMarketingRead,
    .scope_write = kMarketingWrite,
    .restore_note = "it is money: the balance is put back only when asked for; the order it was bought with is lost",
    .item_path = "/v2/gift_certificates/{id}",
    .list_query = "sort=id&direction=asc",
    .references = {{.field = "customer_id", .type = "customers", .sentinels = {"0"}}},
    .unique = {"code"},
};

}  // namespace backstock::content::types
