#include "content/changes.h"

#include <catch2/catch.hpp>

#include "content/registry.h"

using namespace backstock;
using namespace backstock::content;

namespace {

using Told = std::vector<std::string>;

const ContentType& products() { return *find_type("products"); }

Changes changes(std::string_view before, std::string_view after, const std::vector<RawPart>& parts_before = {},
                const std::vector<RawPart>& parts_after = {}) {
  const Captured was{before, parts_before};
  return describe_content(products(), &was, {after, parts_after}, false);
}
Told told(std::string_view before, std::string_view after, const std::vector<RawPart>& parts_before = {},
          const std::vector<RawPart>& parts_after = {}) {
  return changes(before, after, parts_before, parts_after).sentences;
}

}  // namespace

TEST_CASE("a first version, a tombstone and a return are told as such") {
  CHECK(describe_content(products(), nullptr, {R"({"id":1})", {}}, false).sentences == Told{"First backup"});
  CHECK(describe_tombstone().sentences == Told{"Deleted from the store"});
  CHECK(describe_tombstone().count == 1);
  const Captured was{R"({"price":1})", {}};
  CHECK(describe_content(products(), &was, {R"({"price":1})", {}}, true).sentences == Told{"Back in the store"});
  CHECK(describe_content(products(), &was, {R"({"price":2})", {}}, true).sentences ==
        Told{"Back in the store", "Price 1 → 2"});
  CHECK(describe_content(products(), nullptr, {R"({"price":2})", {}}, true).sentences == Told{"Back in the store"});
}

TEST_CASE("each field is a sentence, in the registry's words and the store's numbers") {
  CHECK(told(R"({"price":19.99,"name":"Old","is_visible":false,"inventory_warning_level":2})",
             R"({"price":17.50,"name":"New","is_visible":true,"inventory_warning_level":3})") ==
        Told{"Price 19.99 → 17.50", "Name “Old” → “New”", "Visible no → yes", "Inventory warning level 2 → 3"});
  CHECK(told(R"({"custom_url":{"url":"\/a\/"}})", R"({"custom_url":{"url":"\/b\/"}})") ==
        Told{"Custom URL: URL “/a/” → “/b/”"});
}

TEST_CASE("values that come and go are told without null or empty quotes") {
  CHECK(told(R"({"sale_price":null,"upc":"123","mpn":"","gtin":null})",
             R"({"sale_price":12,"upc":"","mpn":"M1","gtin":"","new_field":true})") ==
        Told{"Sale price set to 12", "UPC cleared, was “123”", "MPN set to “M1”", "GTIN changed",
             "New field set to yes"});
  CHECK(told(R"({"old_field":7})", "{}") == Told{"Old field cleared, was 7"});
}

TEST_CASE("long texts are told by their length") {
  const std::string a(1204, 'a');
  const std::string b(1230, 'b');
  CHECK(told("{\"description\":\"" + a + "\"}", "{\"description\":\"" + b + "\"}") ==
        Told{"Description changed (1,204 → 1,230 characters)"});
  CHECK(told("{\"description\":\"" + a + "\"}", "{\"description\":\"c" + a.substr(1) + "\"}") ==
        Told{"Description changed"});
  CHECK(told(R"({"description":""})", "{\"description\":\"" + a + "\"}") == Told{"Description set to a long text"});
  CHECK(told("{\"description\":\"" + a + "\"}", R"({"description":null})") == Told{"Description cleared"});
  CHECK(told(R"({"warranty":"a\nb\u0000c"})", R"({"warranty":"a"})") == Told{"Warranty “a b c” → “a”"});
}

TEST_CASE("rows of parts are counted, and named where few changed") {
  CHECK(told(R"({"images":[{"id":1},{"id":2}]})", R"({"images":[{"id":3}]})") == Told{"Images: 1 added, 2 removed"});
  CHECK(told(R"({"variants":[{"id":1,"sku":"SKU-1","price":10}]})",
             R"({"variants":[{"id":1,"sku":"SKU-1","price":12}]})") == Told{"Variants: SKU-1 price 10 → 12"});
  CHECK(told(R"({"variants":[{"id":1,"sku":"A","price":1,"weight":1,"width":1,"depth":1,"height":1}]})",
             R"({"variants":[{"id":1,"sku":"A","price":2,"weight":2,"width":2,"depth":2,"height":2}]})") ==
        Told{"Variants: A changed (price, weight, width and 2 more)"});
  CHECK(told(R"({"variants":[{"id":1,"price":1},{"id":2,"price":1},{"id":3,"price":1},{"id":4}]})",
             R"({"variants":[{"id":1,"price":2},{"id":2,"price":2},{"id":3,"price":2},{"id":5}]})") ==
        Told{"Variants: 1 added, 1 removed", "Variants: 3 changed (price)"});
  CHECK(told(R"({"images":[{"id":1},{"id":2}]})", R"({"images":[{"id":2},{"id":1}]})") ==
        Told{"Images: order changed"});
}

TEST_CASE("lists of values are counted by what they hold, not by place") {
  CHECK(told(R"({"categories":[1,2,3]})", R"({"categories":[1,4]})") == Told{"Categories: 1 added, 2 removed"});
  CHECK(told(R"({"categories":[1,2,3]})", R"({"categories":[2,3]})") == Told{"Categories: 1 removed"});
  CHECK(told(R"({"categories":[1,2]})", R"({"categories":[2,1]})") == Told{"Categories: order changed"});
  CHECK(told(R"({"meta_keywords":["a","a"]})", R"({"meta_keywords":["a"]})") == Told{"Meta keywords: 1 removed"});
}

TEST_CASE("parts that are read on their own are told like the others") {
  CHECK(told("{}", "{}", {}, {{"metafields", R"([{"id":1},{"id":2}])"}}) == Told{"Metafields: 2 added"});
  CHECK(told("{}", "{}", {{"metafields", R"([{"id":1,"key":"color","value":"red"}])"}},
             {{"metafields", R"([{"id":1,"key":"color","value":"blue"}])"}}) ==
        Told{"Metafields: color value “red” → “blue”"});
  CHECK(told("{}", "{}", {{"metafields", "[]"}}, {}) == Told{"Nothing changed that a list of changes would tell"});
}

TEST_CASE("shapes that changed are told without their contents") {
  CHECK(told(R"({"x":{"a":1}})", R"({"x":null,"y":{"b":1}})") == Told{"X removed", "Y added"});
  CHECK(told(R"({"x":[]})", R"({"x":{"a":1}})") == Told{"X changed"});
  CHECK(told(R"({"x":[1,2]})", R"({"x":null})") == Told{"X: 2 removed"});
}

TEST_CASE("numbers that are equal as numbers are told as such, after real changes") {
  CHECK(told(R"({"price":10,"name":"a"})", R"({"price":10.0000,"name":"b"})") ==
        Told{"Name “a” → “b”", "Price 10 → 10.0000 (the same number)"});
}

TEST_CASE("what moves by itself is not told") {
  CHECK(told(R"({"view_count":1,"price":1})", R"({"view_count":2,"price":2,"date_modified":"x"})") ==
        Told{"Price 1 → 2"});
  CHECK(told(R"({"view_count":1})", R"({"view_count":2})") ==
        Told{"Nothing changed that a list of changes would tell"});
}

TEST_CASE("at most five sentences, and how many there would be") {
  std::string before = "{";
  std::string after = "{";
  for (int i = 0; i < 9; ++i) {
    before += (i == 0 ? "\"f" : ",\"f") + std::to_string(i) + "\":1";
    after += (i == 0 ? "\"f" : ",\"f") + std::to_string(i) + "\":2";
  }
  const Changes found = changes(before + "}", after + "}");
  CHECK(found.sentences.size() == 5);
  CHECK(found.sentences.front() == "F0 1 → 2");
  CHECK(found.count == 9);
  CHECK(changes(R"({"a":1})", R"({"a":2})").count == 1);
}
