#include "backup/gone_items.h"

#include <catch2/catch.hpp>

using namespace backstock::backup;

TEST_CASE("a few missing items are never braked, a large share of many is") {
  CHECK_FALSE(brakes(0, 100, 100, 0.2));
  CHECK_FALSE(brakes(3, 5, 2, 0.2));
  CHECK_FALSE(brakes(10, 40, 30, 0.2));
  CHECK(brakes(11, 40, 29, 0.2));
  CHECK_FALSE(brakes(20, 100, 80, 0.2));
  CHECK(brakes(21, 100, 79, 0.2));
  CHECK(brakes(100, 100, 1, 0.99));
}

TEST_CASE("an empty listing where items were known is always braked") {
  CHECK(brakes(1, 1, 0, 1.0));
  CHECK_FALSE(brakes(0, 0, 0, 0.2));
}

TEST_CASE("seen ids are found as numbers and as texts") {
  SeenIds seen;
  for (const char* id : {"5", "3", "9"}) seen.add(id);
  seen.add("a-uuid");
  seen.add("007");
  seen.seal();
  CHECK(seen.contains("3"));
  CHECK(seen.contains("9"));
  CHECK(seen.contains("a-uuid"));
  CHECK(seen.contains("007"));
  CHECK_FALSE(seen.contains("4"));
  CHECK_FALSE(seen.contains("7"));
  CHECK(seen.size() == 5);
  CHECK(seen.contains(seen.any()));
}
