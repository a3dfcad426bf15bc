#include "capture/list_request.h"

#include <catch2/catch.hpp>

#include "content/registry.h"

using namespace backstock;
using namespace backstock::capture;
using store_api::Query;

namespace {

const content::ContentType& type_named(std::string_view name) { return *content::find_type(name); }

const content::Part& part_named(const content::ContentType& type, std::string_view name) {
  for (const content::Part& part : type.parts)
    if (part.name == name) return part;
  FAIL("no such part");
  return type.parts[0];
}

store_api::ListSpec list_of(std::string_view type, std::string_view part, const Placeholders& values = {}) {
  const content::Part& found = part_named(type_named(type), part);
  return part_list(type_named(type), found, found.path, values);
}

}  // namespace

TEST_CASE("a query is cut at & and at the first =") {
  CHECK(parse_query("").empty());
  CHECK(parse_query("sort=id&direction=asc") == Query{{"sort", "id"}, {"direction", "asc"}});
  CHECK(parse_query("status:in=active,deleted") == Query{{"status:in", "active,deleted"}});
  CHECK(parse_query("a=b=c&flag") == Query{{"a", "b=c"}, {"flag", ""}});
}

TEST_CASE("placeholders are filled in, and nothing else in braces is touched") {
  const Placeholders values{.id = "12", .owner = "34", .parent = "5"};
  CHECK(fill_in("/v3/x/{id}/y/{owner}/{id}", values) == "/v3/x/12/y/34/12");
  CHECK(fill_in("/v3/pricelists/{parent}/records", values) == "/v3/pricelists/5/records");
  CHECK(fill_in("/v3/x/{other}/{", values) == "/v3/x/{other}/{");
  CHECK(fill_in("/v3/x", values) == "/v3/x");
  CHECK(fill_in("", values).empty());
}

TEST_CASE("an id cannot leave its place in the path") {
  CHECK(fill_in("/v3/x/{id}/y", {.id = "../all?a=1#b%2e"}) == "/v3/x/..%2Fall%3Fa=1%23b%252e/y");
  CHECK(fill_in("/v3/x/{owner}", {.owner = "1/2"}) == "/v3/x/1%2F2");
  CHECK(fill_in("/v3/x/{parent}/y", {.id = "7", .parent = "{id}"}) == "/v3/x/{id}/y");
}

TEST_CASE("the list of a part below one item: path, query, paging, ids and scope") {
  const store_api::ListSpec addresses = list_of("customers", "addresses", {.id = "20"});
  CHECK(addresses.path == "/v3/customers/addresses");
  CHECK(addresses.query == Query{{"customer_id:in", "20"}, {"include", "formfields"}});
  CHECK(addresses.paging == content::Paging::v3_pages);
  CHECK(addresses.page_limit == 250);
  CHECK(addresses.id_field == "id");
  CHECK(addresses.scope == "store_v2_customers_read_only");

  const store_api::ListSpec values = list_of("customers", "attributes", {.id = "20"});
  CHECK(values.id_field == "customer_id/attribute_id");

  const store_api::ListSpec codes = list_of("promotions", "coupon_codes", {.id = "6"});
  CHECK(codes.path == "/v3/promotions/6/codes");
  CHECK(codes.query.empty());
  CHECK(codes.paging == content::Paging::v3_cursor);
}

TEST_CASE("a part with a scope of its own is read with that one") {
  CHECK(list_of("orders", "transactions", {.id = "1042"}).scope == "store_v2_transactions_read_only");
  CHECK(list_of("orders", "order_products", {.id = "1042"}).scope == "store_v2_orders_read_only");
}

TEST_CASE("the list of a part over all items needs no values") {
  const store_api::ListSpec refunds = list_of("orders", "refunds");
  CHECK(refunds.path == "/v3/orders/payment_actions/refunds");
  CHECK(refunds.query.empty());
}

TEST_CASE("the list of a part of one owner is asked for by the path given") {
  const content::Part& rows = part_named(type_named("products"), "variant_metafields");
  const store_api::ListSpec spec =
      part_list(type_named("products"), rows, rows.owner_path, {.id = "192", .owner = "382"});
  CHECK(spec.path == "/v3/catalog/products/192/variants/382/metafields");
}

TEST_CASE("the list of a type's items carries its own query") {
  const store_api::ListSpec orders = item_list(type_named("orders"));
  CHECK(orders.path == "/v2/orders");
  CHECK(orders.query == Query{{"sort", "id:desc"}});
  CHECK(orders.paging == content::Paging::v2_below_id);
  CHECK(orders.id_field == "id");
  CHECK(orders.scope == "store_v2_orders_read_only");
  CHECK(item_list(type_named("inventory")).page_limit == 1000);
  CHECK(item_list(type_named("brands")).query.empty());
}

TEST_CASE("the list below a parent has the parent in its path, and its rows need only the rest of the id") {
  const store_api::ListSpec records = item_list(type_named("price_records"), "3");
  CHECK(records.path == "/v3/pricelists/3/records");
  CHECK(records.query.empty());
  CHECK(records.id_field == "variant_id/currency");
  CHECK(item_list(type_named("price_records"), "3/../4").path == "/v3/pricelists/3%2F..%2F4/records");
}

TEST_CASE("a query with the parent is left out where there is none") {
  const store_api::ListSpec one = item_list(type_named("email_templates"), "664177");
  CHECK(one.path == "/v3/marketing/email-templates");
  CHECK(one.query == Query{{"channel_id", "664177"}});
  CHECK(one.id_field == "type_id");
  CHECK(item_list(type_named("email_templates")).query.empty());
}

TEST_CASE("whole items are asked for with the includes joined, after what they need") {
  CHECK(item_query(type_named("brands")).empty());
  CHECK(item_query(type_named("pages")) == Query{{"include", "body"}});
  CHECK(item_query(type_named("orders")) ==
        Query{{"consignment_structure", "object"}, {"include", "consignments.line_items,fees"}});
}

TEST_CASE("an instant in a filter has date, time and offset, and no fractions") {
  CHECK(filter_instant(1767600000000) == "2026-01-05T08:00:00+00:00");
  CHECK(filter_instant(1767600000999) == "2026-01-05T08:00:00+00:00");
  CHECK(filter_instant(0) == "1970-01-01T00:00:00+00:00");
}
