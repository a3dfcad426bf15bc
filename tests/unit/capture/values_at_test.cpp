#include <catch2/catch.hpp>

#include "capture/whole_lists.h"

using backstock::capture::values_at;

TEST_CASE("ids are found at a path through objects and arrays") {
  const char* item = R"({"id":12,"variants":[{"id":1},{"id":"b"},{"id":null},{}],"brand":{"id":7}})";
  CHECK(values_at(item, "id") == std::vector<std::string>{"12"});
  CHECK(values_at(item, "variants[].id") == std::vector<std::string>{"1", "b"});
  CHECK(values_at(item, "brand.id") == std::vector<std::string>{"7"});
  CHECK(values_at(item, "options[].id").empty());
  CHECK(values_at("{}", "variants[].id").empty());
}
