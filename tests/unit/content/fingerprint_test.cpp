#include "content/fingerprint.h"

#include <catch2/catch.hpp>

#include "content/registry.h"

using namespace backstock;
using namespace backstock::content;

namespace {

const ContentType& products() { return *find_type("products"); }

std::string text_of(std::string_view item) { return canonical(products(), item, {}); }

bool same(std::string_view a, std::string_view b) {
  const bool texts = text_of(a) == text_of(b);
  CHECK(texts == (fingerprint(products(), a, {}) == fingerprint(products(), b, {})));
  return texts;
}

std::string quoted(std::string_view inner) { return "{\"name\":\"" + std::string(inner) + "\"}"; }

}  // namespace

TEST_CASE("the order of keys and white space are no change") {
  CHECK(same(R"({"name":"a","custom_url":{"url":"/a","is_customized":true}})",
             "{ \"custom_url\" : {\r\n\t\"is_customized\":true,\"url\":\"/a\"},\n\"name\":\"a\" }"));
}

TEST_CASE("the canonical text has its keys in the order of their bytes") {
  CHECK(text_of(R"({"b":1,"longer_than_eight_z":1,"longer_than_eight_a":2,"":0,"ab":3,"a":4})") ==
        R"({"":0,"a":4,"ab":3,"b":1,"longer_than_eight_a":2,"longer_than_eight_z":1})");
}

TEST_CASE("the order of elements is a change") {
  CHECK_FALSE(same(R"({"categories":[1,2]})", R"({"categories":[2,1]})"));
}

TEST_CASE("the way a string is escaped is no change") {
  CHECK(same(quoted(R"(a\/b \u00e9 \u0041 \ud83d\ude00 \b\t)"),
             quoted("a/b \xc3\xa9 A \xf0\x9f\x98\x80 \\u0008\\u0009")));
  CHECK(same(quoted(R"(\u0022\u005C)"), quoted(R"(\"\\)")));
  CHECK(same(quoted(R"(\u00E9)"), quoted(R"(\u00e9)")));
  CHECK(same(R"({"\u006eame":1})", R"({"name":1})"));
}

TEST_CASE("what a string says is a change") {
  CHECK_FALSE(same(quoted(R"(\\n)"), quoted(R"(\n)")));
  CHECK_FALSE(same(quoted(R"(\\u0041)"), quoted(R"(\u0041)")));
  CHECK_FALSE(same(quoted(R"(\ud800)"), quoted(R"(\ufffd)")));
  CHECK_FALSE(same(quoted(R"(\ud800)"), quoted(R"(\udc00)")));
  CHECK_FALSE(same(quoted(R"(\ud800)"), quoted(R"(\\ud800)")));
  CHECK_FALSE(same(quoted(R"(a\",\"b)"), R"({"name":"a","b":""})"));
  CHECK_FALSE(same(R"({"price":"1"})", R"({"price":1})"));
  CHECK_FALSE(same(R"({"price":"null"})", R"({"price":null})"));
}

TEST_CASE("bytes that are not UTF-8 are hashed as they are") {
  CHECK_FALSE(same(quoted("caf\xe9"), quoted("caf\xea")));
  CHECK_FALSE(same(quoted("\xed\xa0\x80"), quoted(R"(\ud800)")));
  CHECK_FALSE(same(quoted("\xff"), quoted(R"(\u00ff)")));
  CHECK(text_of(quoted("caf\xe9")) == quoted("caf\xe9"));
}

TEST_CASE("a raw control character equals its escape") { CHECK(same(quoted("a\nb\x01"), quoted(R"(a\nb\u0001)"))); }

TEST_CASE("the text of a number is a change") {
  CHECK_FALSE(same(R"({"price":10})", R"({"price":10.0000})"));
  CHECK_FALSE(same(R"({"price":100})", R"({"price":1e2})"));
  CHECK_FALSE(same(R"({"price":123456789012345678901234567890})", R"({"price":123456789012345678901234567891})"));
}

TEST_CASE("null, empty and absent differ from each other") {
  CHECK_FALSE(same(R"({"sku":null})", R"({})"));
  CHECK_FALSE(same(R"({"sku":null})", R"({"sku":""})"));
  CHECK_FALSE(same(R"({"config":[]})", R"({"config":{}})"));
}

TEST_CASE("duplicate keys count, in their order") {
  CHECK_FALSE(same(R"({"a":1,"a":2})", R"({"a":2,"a":1})"));
  CHECK_FALSE(same(R"({"a":1,"a":2})", R"({"a":2})"));
  CHECK(same(R"({"a":1,"b":0,"a":2})", R"({"b":0,"a":1,"a":2})"));
  CHECK(text_of(R"({"a":1,"a":2,"a":3,"a":4,"b":0,"a":5})") == R"({"a":1,"a":2,"a":3,"a":4,"a":5,"b":0})");
}

TEST_CASE("fields that nobody knows count") {
  CHECK_FALSE(same(R"({"id":1,"fulfillment_source":"a"})", R"({"id":1,"fulfillment_source":"b"})"));
  CHECK_FALSE(same(R"({"id":1})", R"({"id":1,"new_one":null})"));
}

TEST_CASE("volatile fields are dropped at their depth") {
  CHECK(same(R"({"id":1,"view_count":5,"date_modified":"2025"})", R"({"date_modified":"2026","id":1})"));
  CHECK(text_of(R"({"images":[{"url_zoom":"z","id":1,"url_tiny":[{"x":1}]},{"date_modified":"d"}],"id":7})") ==
        R"({"id":7,"images":[{"id":1},{}]})");
  CHECK(text_of(R"({"view_count":1,"total_sold":{"a":[1,2]}})") == "{}");
  CHECK(text_of(R"({"\u0076iew_count":1,"a":2,"view_count":3})") == R"({"a":2})");
}

TEST_CASE("a field is volatile only where its path leads") {
  CHECK_FALSE(same(R"({"custom":{"view_count":1}})", R"({"custom":{"view_count":2}})"));
  CHECK_FALSE(same(R"({"url_zoom":"a"})", R"({"url_zoom":"b"})"));
  CHECK_FALSE(same(R"({"options":[{"date_modified":1}]})", R"({"options":[{"date_modified":2}]})"));
  CHECK_FALSE(same(R"({"images":[[{"url_zoom":1}]]})", R"({"images":[[{"url_zoom":2}]]})"));
  CHECK_FALSE(same(R"({"images":{"url_zoom":1}})", R"({"images":{"url_zoom":2}})"));
  CHECK_FALSE(same(R"({"images":[{"meta":{"url_zoom":1}}]})", R"({"images":[{"meta":{"url_zoom":2}}]})"));
}

TEST_CASE("a path through an object is followed") {
  ContentType type = products();
  type.volatile_fields = {"stats.views", "a[].b.c", "stats.hits"};
  CHECK(canonical(type, R"({"stats":{"views":1,"hits":2,"x":3},"a":[{"b":{"c":1,"d":2}}]})", {}) ==
        R"({"a":[{"b":{"d":2}}],"stats":{"x":3}})");
  CHECK(canonical(type, R"({"stats":[{"views":1}]})", {}) == R"({"stats":[{"views":1}]})");
}

TEST_CASE("parts count, with their names, without their volatile fields") {
  const std::string_view item = R"({"id":1})";
  const auto with = [&](std::vector<RawPart> parts) { return canonical(products(), item, parts); };
  CHECK(with({{"complex_rules", "[{\"id\":1}]"}}) != with({{"complex_rules", "[{\"id\":2}]"}}));
  CHECK(with({{"complex_rules", "[]"}}) != with({{"metafields", "[]"}}));
  CHECK(with({{"complex_rules", "[]"}}) != with({}));
  CHECK(with({{"metafields", R"([{"id":1, "date_modified":"a"}])"}}) ==
        with({{"metafields", R"([{"date_modified":"b","id":1}])"}}));
  CHECK(with({{"metafields", "[1]"}}) == "{\"id\":1}\nmetafields:[1]");
  CHECK(fingerprint(products(), item, {}) != fingerprint(products(), item, std::vector<RawPart>{{"metafields", "[]"}}));
}

TEST_CASE("the same fields are volatile in a part that was read on its own") {
  const std::vector<RawPart> parts = {{"variants", R"([{"id":2,"inventory_level":4}])"}};
  CHECK(canonical(products(), "{}", parts) == "{}\nvariants:[{\"id\":2}]");
}

TEST_CASE("the fingerprint of a known item never changes within a scheme") {
  REQUIRE(kScheme == 1);  // a new scheme writes a new line here
  const Fingerprint print = fingerprint(products(), R"({"name":"Mug","price":19.9900,"view_count":3})", {});
  std::string hex;
  for (const unsigned byte : print) {
    hex += "0123456789abcdef"[byte >> 4U];
    hex += "0123456789abcdef"[byte & 15U];
  }
  CHECK(hex == "a1f4095481cd00a9e847822417e5c44f");
}

TEST_CASE("the canonical text of a canonical text is itself") {
  const std::string once = text_of(R"({"z":[{"b":"\u0001\/\ud800","a":-0.0}],"y":{"d":{},"c":[]}})");
  CHECK(once == R"({"y":{"c":[],"d":{}},"z":[{"a":-0.0,"b":"\u0001/\ud800"}]})");
  CHECK(text_of(once) == once);
}

TEST_CASE("labels are text, empty where the field is missing or null") {
  CHECK(labels(products(), R"({"name":"A \"B\"","sku":null})") == std::vector<std::string>{"A \"B\"", ""});
  CHECK(labels(*find_type("categories"), R"({"name":"Bath","url":{"path":"\/bath\/"}})") ==
        std::vector<std::string>{"Bath", "/bath/"});
}
