// How much of the disk stays free: what can be written, and what is said about the rest.
#include <catch2/catch.hpp>

#include "config_sources.h"

using namespace backstock;
using namespace backstock::config;
using namespace backstock::config::testing;

namespace {

const std::string kStore = "stores: [{name: acme, store_hash: abc123, access_token: {file: /t/acme}}]\n";

}  // namespace

TEST_CASE("without the key, and as automatic, the disk's limits follow from its size") {
  for (const std::string text : {"", "disk: {warn: automatic}\n"}) {
    const Loaded loaded = load_here(kStore + text);
    REQUIRE(loaded.config.has_value());
    CHECK_FALSE(loaded.config->disk.warn.bytes);
    CHECK_FALSE(loaded.config->disk.stop.bytes);
  }
}

TEST_CASE("the disk's limits are digits and a unit") {
  const Loaded loaded = load_here(kStore + "disk: {warn: 20GiB, stop: 512MiB}\n");
  INFO(format(loaded.problems));
  REQUIRE(loaded.config.has_value());
  CHECK(loaded.config->disk.warn.bytes == 20 * 1024 * 1_MiB);
  CHECK(loaded.config->disk.stop.bytes == 512_MiB);
  for (const std::string text :
       {"2", "2 GiB", "2GB", "0MiB", "-1GiB", "1.5GiB", "GiB", "1000000GiB", "99999999999GiB", "01GiB", "all"}) {
    const Loaded refused = load_here(kStore + "disk: {stop: '" + text + "'}\n");
    INFO(text << format(refused.problems));
    CHECK_FALSE(refused.config.has_value());
    REQUIRE(refused.problems.size() == 1);
    CHECK(refused.problems[0].key_path == "disk.stop");
    CHECK_THAT(refused.problems[0].message, Catch::Contains("512MiB or 2GiB"));
  }
}

TEST_CASE("a warning that comes after the stop is refused") {
  const Loaded loaded = load_here(kStore + "disk: {warn: 1GiB, stop: 2GiB}\n");
  CHECK_FALSE(loaded.config.has_value());
  REQUIRE(loaded.problems.size() == 1);
  CHECK(loaded.problems[0].key_path == "disk");
  CHECK_THAT(loaded.problems[0].message, Catch::Contains("less than stop"));
}
