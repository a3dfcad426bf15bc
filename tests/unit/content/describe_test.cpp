#include "content/describe.h"

#include <catch2/catch.hpp>

#include "content/registry.h"
#include "content/row_names.h"

using namespace backstock;
using namespace backstock::content;

namespace {

const ContentType& products() { return *find_type("products"); }
const ContentType& categories() { return *find_type("categories"); }

}  // namespace

TEST_CASE("an item is called by its title fields, else by the first label that says anything") {
  CHECK(title(products(), R"({"id":1,"name":"Caf\u00e9 chair","sku":"C-1"})") == "Café chair");
  CHECK(title(products(), R"({"id":1,"name":"","sku":"C-1"})") == "C-1");
  CHECK(title(products(), R"({"id":1,"name":null,"sku":null})").empty());
  ContentType people = products();
  people.title_fields = {"first_name", "last_name"};
  people.label_fields = {"email"};
  CHECK(title(people, R"({"first_name":"Ann","last_name":"Lee","email":"a@b.example"})") == "Ann Lee");
  CHECK(title(people, R"({"first_name":"","last_name":"Lee","email":"a@b.example"})") == "Lee");
  CHECK(title(people, R"({"first_name":null,"email":"a@b.example"})") == "a@b.example");
}

TEST_CASE("columns are the values of the newest bytes: numbers as written, nothing for null") {
  using Values = std::vector<std::optional<std::string>>;
  CHECK(column_values(categories(), R"({"url":{"path":"\/a\/"},"is_visible":true,"parent_id":0})") ==
        Values{"/a/", "true", "0"});
  CHECK(column_values(categories(), R"({"url":null,"is_visible":false})") ==
        Values{std::nullopt, "false", std::nullopt});
  const Values of_product = column_values(
      products(), R"({"sku":"","price":19.9900,"is_visible":true,"date_modified":"2025-07-03T20:55:30+00:00"})");
  CHECK(of_product == Values{"", "19.9900", "true", "2025-07-03T20:55:30+00:00"});
  const std::string long_sku(1000, 'x');
  CHECK(column_values(products(), "{\"sku\":\"" + long_sku + "\"}").front() == std::string(200, 'x') + "…");
}

TEST_CASE("labels are made from field names, or are the registry's own words") {
  CHECK(name_to_label("inventory_warning_level") == "Inventory warning level");
  CHECK(name_to_label("image_url") == "Image URL");
  CHECK(name_to_label("upc") == "UPC");
  CHECK(name_to_label("id") == "ID");
  CHECK(name_to_label("__x__y_") == "X y");
  CHECK(name_to_label("") == "");
  CHECK(field_label(products(), "is_visible") == "Visible");
  CHECK(field_label(products(), "bulk_pricing_rules") == "Bulk pricing");
  CHECK(field_label(products(), "custom_url.is_customized") == "Is customized");
}

TEST_CASE("texts are cut between characters") {
  CHECK(cut_text("abc", 3) == "abc");
  CHECK(cut_text("abcd", 3) == "abc…");
  CHECK(cut_text("äöü", 2) == "äö…");
  CHECK(cut_text("水水", 2) == "水水");
  CHECK(cut_text("", 0).empty());
  CHECK(count_characters("aä水🍏") == 4);
}

TEST_CASE("a path is told by its section and its row's name") {
  const std::string before = R"({"variants":[{"id":1,"sku":"OLD","price":1},{"id":2,"sku":"","price":1}],
      "bulk_pricing_rules":[{"id":4,"quantity_min":10}],"meta_keywords":["a"],"custom_url":{"url":"/a"}})";
  const std::string after =
      R"({"variants":[{"id":1,"sku":"NEW","price":2,"option_values":[{"id":9,"label":"x"}]}],"images":[{"id":7}]})";
  const std::vector<RawPart> parts = {{"metafields", R"([{"id":5,"namespace":"ns","key":"color"}])"}};
  RowNames names(products(), {before, {}}, {after, parts});
  const auto place = [&](std::string_view path) {
    const auto found = names.place_of(path);
    return found.section + " / " + found.label;
  };
  CHECK(place("name") == "Details / Name");
  CHECK(place("custom_url.url") == "Custom URL / URL");
  CHECK(place("variants[id=1].price") == "Variants / NEW: price");
  CHECK(place("variants[id=2].price") == "Variants / #2: price");
  CHECK(place("variants[id=1].option_values[id=9].label") == "Variants / NEW: option values #9: label");
  CHECK(place("variants[]") == "Variants / Order");
  CHECK(place("images[id=7]") == "Images / #7");
  CHECK(place("metafields[id=5].value") == "Metafields / color: value");
  CHECK(place("bulk_pricing_rules[id=4].amount") == "Bulk pricing / quantity min 10: amount");
  CHECK(place("meta_keywords[0]") == "Meta keywords / no. 1");
  CHECK(place("metafields") == "Metafields / All rows");
  CHECK(place("variants[id=77].x") == "Variants / #77: x");
}
