#include "base/json.h"

#include <catch2/catch.hpp>

using namespace backstock;

TEST_CASE("fields of another kind than expected read as absent, without exceptions") {
  const Json json = parse_json(R"({"s":"x","n":-3,"d":1.5,"b":true,"a":["p",1,"q"],"z":null})", "it").value();
  CHECK(string_at(json, "s") == "x");
  CHECK(string_at(json, "n", "other") == "other");
  CHECK(string_at(json, "missing").empty());
  CHECK(integer_at(json, "n") == -3);
  CHECK(integer_at(json, "s", 7) == 7);
  CHECK(count_at(json, "n") == 0);
  CHECK(number_at(json, "d") == 1.5);
  CHECK(number_at(json, "s") == 0);
  CHECK(flag_at(json, "b"));
  CHECK_FALSE(flag_at(json, "n"));
  CHECK(strings_at(json, "a") == std::vector<std::string>{"p", "q"});
  CHECK(array_at(json, "z").empty());
  CHECK(string_at(Json::array(), "s", "none") == "none");
}

TEST_CASE("text that is no JSON is corrupt, with its subject named") {
  const auto bad = parse_json("{", "the request");
  REQUIRE_FALSE(bad.has_value());
  CHECK(bad.error().message == "the request is not JSON");
}

TEST_CASE("bytes that are no UTF-8 still print as one line") {
  CHECK(to_text(Json("a\xff\nb")) == "\"a\xef\xbf\xbd\\nb\"");
}
