#include "content/item_id.h"

#include <catch2/catch.hpp>

#include "content/registry.h"

using namespace backstock::content;

namespace {

const ContentType& type_named(std::string_view name) { return *find_type(name); }

}  // namespace

TEST_CASE("an id is opaque text: a number of any length, a UUID, a name") {
  CHECK(read_id(R"({"id":12345678901234567890})", "id") == "12345678901234567890");
  CHECK(read_id(R"({"id":"b5c0-1"})", "id") == "b5c0-1");
  CHECK(read_id(R"({"id":"\u00e5\/1"})", "id") == "å/1");
  CHECK(read_id(R"({"identity":{"variant_id":382,"sku":"A"}})", "identity.variant_id") == "382");
  CHECK(read_id(R"({"id":0})", "id") == "0");
}

TEST_CASE("an id made of parts is joined with slashes, in the order of the entry") {
  constexpr std::string_view kRow = R"({"currency":"usd","variant_id":358,"product_id":187})";
  CHECK(read_id(kRow, "variant_id/currency") == "358/usd");
  CHECK(read_id(kRow, "currency/variant_id/product_id") == "usd/358/187");
  CHECK(read_id(R"({"to":{"id":4},"site_id":1000})", "site_id/to.id") == "1000/4");
}

TEST_CASE("there is no id where a part of it is missing, null or empty") {
  CHECK(read_id(R"({"name":"x"})", "id").empty());
  CHECK(read_id(R"({"id":null})", "id").empty());
  CHECK(read_id(R"({"id":""})", "id").empty());
  CHECK(read_id(R"({"variant_id":358})", "variant_id/currency").empty());
  CHECK(read_id(R"({"currency":"usd"})", "variant_id/currency").empty());
  CHECK(read_id(R"({"variant_id":358,"currency":null})", "variant_id/currency").empty());
  CHECK(read_id(R"({"identity":7})", "identity.variant_id").empty());
}

TEST_CASE("the parent is part of the id where the entry says so, and of no other") {
  CHECK(read_id(R"({"type_id":"invoice_email"})", "{parent}/type_id", "1") == "1/invoice_email");
  CHECK(read_id(R"({"type_id":"invoice_email"})", "{parent}/type_id", "global") == "global/invoice_email");
  CHECK(read_id(R"({"type_id":"invoice_email"})", "{parent}/type_id").empty());
  CHECK(read_id(R"({"id":7})", "id", "1") == "7");
}

TEST_CASE("an item's id is read by its entry") {
  CHECK(item_id(type_named("products"), R"({"id":12,"sku":"A"})") == "12");
  CHECK(item_id(type_named("categories"), R"({"category_id":7,"id":8})") == "7");
  CHECK(item_id(type_named("inventory"), R"({"identity":{"variant_id":382,"product_id":192}})") == "382");
  CHECK(item_id(type_named("price_records"), R"({"price_list_id":4,"variant_id":358,"currency":"usd"})", "3") ==
        "3/358/usd");
  CHECK(item_id(type_named("price_records"), R"({"price_list_id":4,"variant_id":358,"currency":"usd"})").empty());
  CHECK(item_id(type_named("store_information"), R"({"id":"abc123","store_id":7})") == "abc123");
}
