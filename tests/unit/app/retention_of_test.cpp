#include "app/retention_of.h"

#include <catch2/catch.hpp>

#include "config/load.h"

using namespace backstock;
using namespace backstock::app;
using std::chrono::days;

namespace {

// The policies of the stores "first" and "second", by their own texts and that of the top level.
struct Policies {
  vault::RetentionPolicy first;
  vault::RetentionPolicy second;
};

Policies policies(const std::string& top, const std::string& of_first = "") {
  const std::string text =
      "stores:\n" + ("- {name: first, store_hash: aaaa, access_token: {file: /t}" + of_first + "}\n") +
      "- {name: second, store_hash: bbbb, access_token: {file: /t}, timezone: Europe/Berlin}\n" + top;
  const config::Loaded loaded = config::load_text(text, "b.yaml", {}, config::Secrets::skip);
  INFO(config::format(loaded.problems));
  REQUIRE(loaded.config);
  return {retention_of(*loaded.config, loaded.config->stores[0]),
          retention_of(*loaded.config, loaded.config->stores[1])};
}

}  // namespace

TEST_CASE("what is not written about is kept for ever") {
  const Policies of = policies("");
  CHECK(of.first.keeps_everything());
  CHECK(of.first.of("orders") == vault::RetentionRules());
}

TEST_CASE("every key of the retention reaches the vault") {
  const Policies of = policies(
      "retention: {keep_all: 90d, hourly: 1, daily: 2, weekly: 3, monthly: 4, yearly: 5, min_versions: 6, deleted: 2y, "
      "grace: 36h}");
  const vault::RetentionRules rules = {.keep_all = days(90),
                                       .hourly = 1,
                                       .daily = 2,
                                       .weekly = 3,
                                       .monthly = 4,
                                       .yearly = 5,
                                       .min_versions = 6,
                                       .deleted = days(732)};
  CHECK(of.first.fallback == rules);
  CHECK(of.second.of("products") == rules);
  CHECK(of.first.grace == std::chrono::hours(36));
  CHECK_FALSE(of.first.keeps_everything());
}

TEST_CASE("the defaults of config and vault are the same") {
  const Policies of = policies("retention: {keep_all: forever}");
  CHECK(of.first.fallback == vault::RetentionRules());
  CHECK(of.first.grace == vault::RetentionPolicy().grace);
  CHECK(of.first.keeps_everything());
}

TEST_CASE("a content type overrides the keys that it names, each of them") {
  const Policies of = policies(
      "retention:\n"
      "  types:\n"
      "    orders: {keep_all: forever}\n"
      "    brands: {keep_all: 1d, hourly: 2, daily: 3, weekly: 4, monthly: 5, yearly: 6, min_versions: 7, deleted: "
      "8d}\n"
      "  keep_all: 90d\n"
      "  monthly: 24\n");
  vault::RetentionRules orders = of.first.of("products");
  CHECK(orders.monthly == 24);
  CHECK(orders.keep_all == days(90));
  orders.keep_all.reset();
  CHECK(of.first.of("orders") == orders);
  CHECK(of.first.of("brands") == vault::RetentionRules{.keep_all = days(1),
                                                       .hourly = 2,
                                                       .daily = 3,
                                                       .weekly = 4,
                                                       .monthly = 5,
                                                       .yearly = 6,
                                                       .min_versions = 7,
                                                       .deleted = days(8)});
}

TEST_CASE("a store's own retention stands alone") {
  const Policies of =
      policies("retention: {keep_all: 90d, monthly: 24, grace: 3d, types: {orders: {keep_all: forever}}}",
               ", retention: {keep_all: 30d}");
  CHECK(of.first.fallback == vault::RetentionRules{.keep_all = days(30)});
  CHECK(of.first.of("orders").keep_all == days(30));
  CHECK(of.first.grace == days(14));
  CHECK(of.second.fallback.keep_all == days(90));
  CHECK_FALSE(of.second.of("orders").keep_all);
  CHECK(of.second.grace == days(3));
}

TEST_CASE("hours and days are those of the store's zone") {
  const Policies of = policies("");
  const TimePoint summer = parse_time("2026-07-01", from_ms(0)).value();
  CHECK(of.first.offset_at(summer) == std::chrono::hours(0));
  CHECK(of.second.offset_at(summer) == std::chrono::hours(2));
}
