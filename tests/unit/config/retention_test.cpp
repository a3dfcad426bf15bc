// How long versions are kept: what can be written, and what is said about the rest.
#include <catch2/catch.hpp>

#include "config_sources.h"

using namespace backstock;
using namespace backstock::config;
using namespace backstock::config::testing;
using std::chrono::days;
using std::chrono::hours;

namespace {

const std::string kStore = "stores: [{name: acme, store_hash: abc123, access_token: {file: /t/acme}}]\n";

struct Row {
  std::string retention;
  int line;
  const char* key;
  const char* message;  // a part of it
  const char* hint;     // a part of it
};

// Exactly one problem, and that one.
void check(const Row& row) {
  const Loaded loaded = load_here(kStore + row.retention);
  INFO(row.retention << "\n" << format(loaded.problems));
  CHECK_FALSE(loaded.config.has_value());
  REQUIRE(loaded.problems.size() == 1);
  const Problem& problem = loaded.problems[0];
  CHECK(problem.line == row.line);
  CHECK(problem.key_path == row.key);
  CHECK_THAT(problem.message, Catch::Contains(row.message));
  CHECK_THAT(problem.hint, Catch::Contains(row.hint));
}

Retention read(const std::string& block) {
  const Loaded loaded = load_here(kStore + "retention:\n" + block);
  INFO(format(loaded.problems));
  REQUIRE(loaded.config.has_value());
  REQUIRE(loaded.config->retention.has_value());
  return *loaded.config->retention;
}

std::string value_of(const Loaded& loaded, const std::string& key) {
  for (const Shown& shown : loaded.shown)
    if (shown.key_path == key) return shown.value + " <- " + shown.source;
  return "absent";
}

}  // namespace

TEST_CASE("without the key nothing is said about versions") {
  const Loaded loaded = load_here(kStore);
  REQUIRE(loaded.config.has_value());
  CHECK_FALSE(loaded.config->retention.has_value());
  CHECK_FALSE(loaded.config->stores[0].retention.has_value());
  CHECK(value_of(loaded, "retention") == "(not set) <- default");
  CHECK(value_of(loaded, "stores[0].retention") == "(not set) <- default");
}

TEST_CASE("keep_all alone is a retention, with every default") {
  const Retention retention = read("  keep_all: 90d\n");
  CHECK(retention.keep_all.length == days(90));
  for (const Count count : {retention.hourly, retention.daily, retention.weekly, retention.monthly, retention.yearly})
    CHECK(count.value == 0);
  CHECK(retention.min_versions.value == 2);
  CHECK(retention.deleted == Span());
  CHECK(retention.grace.length == days(14));
  CHECK(retention.types.empty());
}

TEST_CASE("lengths of time are read in each unit") {
  const std::pair<const char*, std::optional<hours>> spans[] = {
      {"0d", hours(0)},    {"12h", hours(12)},    {"1d", hours(24)},        {"2w", days(14)},
      {"10y", days(3660)}, {"100y", days(36600)}, {"878400h", days(36600)}, {"forever", std::nullopt}};
  for (const auto& [text, length] : spans) {
    INFO(text);
    const Retention retention = read("  keep_all: " + std::string(text) + "\n");
    CHECK(retention.keep_all.length == length);
    CHECK(retention.keep_all.text == text);
  }
}

TEST_CASE("content types have keys of their own, and a store has a retention of its own") {
  const Loaded loaded = load_here(
      "stores:\n"
      "  - name: acme\n"
      "    store_hash: abc123\n"
      "    access_token: {file: /t/acme}\n"
      "    retention: {keep_all: 30d, types: {brands: {monthly: 3}}}\n"
      "retention:\n"
      "  keep_all: 90d\n"
      "  types:\n"
      "    orders: {keep_all: forever, min_versions: 9}\n");
  INFO(format(loaded.problems));
  REQUIRE(loaded.config.has_value());
  const TypeRetention& orders = loaded.config->retention->types.at("orders");
  CHECK(orders.keep_all == Span());
  CHECK(orders.min_versions == Count{9});
  CHECK_FALSE(orders.monthly.has_value());
  CHECK(loaded.config->retention->types.size() == 1);
  const Retention& own = loaded.config->stores[0].retention.value();
  CHECK(own.keep_all.length == days(30));
  CHECK(own.types.at("brands").monthly == Count{3});
  CHECK_FALSE(own.types.at("brands").keep_all.has_value());

  CHECK(value_of(loaded, "retention.keep_all") == "90d <- b.yaml:7");
  CHECK(value_of(loaded, "retention.grace") == "14d <- default");
  CHECK(value_of(loaded, "retention.types.orders.keep_all") == "forever <- b.yaml:9");
  CHECK(value_of(loaded, "retention.types.orders.monthly") == "absent");
  CHECK(value_of(loaded, "stores[0].retention.types.brands.monthly") == "3 <- b.yaml:5");
}

TEST_CASE("what is wrong with a retention is told at its place") {
  const std::string good = "retention:\n  keep_all: 90d\n";
  const Row rows[] = {
      {"retention: 90d\n", 2, "retention", "found a single value, allowed is keys with values", "example"},
      {"retention:\n", 2, "retention", "found nothing", "remove the key"},
      {"retention: {monthly: 24}\n", 2, "retention.keep_all", "the key keep_all is missing", "example"},
      {good + "  dayly: 7\n", 4, "retention.dayly", "not known", "did you mean \"daily\"?"},
      {good + "  types: {order: {daily: 7}}\n", 4, "retention.types.order", "no such content type",
       "did you mean \"orders\"?"},
      {good + "  types:\n    orders: {grace: 7d}\n", 5, "retention.types.orders.grace", "not known",
       "it belongs under retention"},
      {good + "  types: {orders: 90d}\n", 4, "retention.types.orders", "found a single value", "example"},
      {good + "  types: [orders]\n", 4, "retention.types", "found a list", "example"},
      {good + "  types: {orders: {min_versions: 0}}\n", 4, "retention.types.orders.min_versions", "found 0",
       "newest version is kept"},
      {good + "  types: {orders: {deleted: soon}}\n", 4, "retention.types.orders.deleted", "found \"soon\"",
       "h for hours"},
      {good + "  min_versions: 0\n", 4, "retention.min_versions", "found 0, allowed is 1 or more", "newest version"},
      {good + "  grace: forever\n", 4, "retention.grace", "found forever", "keep_all: forever"},
      {good + "  monthly: 2.5\n", 4, "retention.monthly", "found \"2.5\", allowed is a whole number", "digits alone"},
      {good + "  monthly: -1\n", 4, "retention.monthly", "found \"-1\"", "digits alone"},
      {good + "  monthly: 010\n", 4, "retention.monthly", "found \"010\"", "digits alone"},
      {good + "  monthly: 100001\n", 4, "retention.monthly", "from 0 to 100000", "digits alone"},
      {good + "  monthly: 99999999999999\n", 4, "retention.monthly", "from 0 to 100000", "digits alone"},
      {good + "  monthly: [1]\n", 4, "retention.monthly", "found a list", "example"},
      {good + "  deleted: 90\n", 4, "retention.deleted", "found \"90\", allowed is a length of time", "d for days"},
      {good + "  deleted: d\n", 4, "retention.deleted", "found \"d\"", "d for days"},
      {good + "  deleted: 90 d\n", 4, "retention.deleted", "found \"90 d\"", "without a space"},
      {good + "  deleted: 3m\n", 4, "retention.deleted", "found \"3m\"", "w for weeks"},
      {good + "  deleted: 090d\n", 4, "retention.deleted", "found \"090d\"", "d for days"},
      {good + "  deleted: -1d\n", 4, "retention.deleted", "found \"-1d\"", "d for days"},
      {good + "  deleted: 101y\n", 4, "retention.deleted", "at most 100y", "forever"},
      {good + "  deleted: 4294967295w\n", 4, "retention.deleted", "at most 100y", "forever"},
      {good + "  deleted: 4294967296w\n", 4, "retention.deleted", "allowed is a length of time", "d for days"},
      {good + "  deleted: Never\n", 4, "retention.deleted", "or forever", "d for days"},
  };
  for (const Row& row : rows) check(row);
}

TEST_CASE("a store's retention is told at its store") {
  const Loaded loaded = load_here(
      "stores:\n  - name: acme\n    store_hash: abc123\n    access_token: {file: /t/acme}\n    retention: {keep_all: "
      "long}\n");
  REQUIRE(loaded.problems.size() == 1);
  CHECK(loaded.problems[0].key_path == "stores[0].retention.keep_all");
  CHECK(loaded.problems[0].line == 5);
}

TEST_CASE("what may be a credential is not repeated from a retention") {
  const std::string token = kToken;
  for (const std::string& text :
       {"keep_all: " + token, "keep_all: 1d, monthly: " + token, "keep_all: 1d, types: {" + token + ": {}}"}) {
    const Loaded loaded = load_here(kStore + "retention: {" + text + "}\n");
    CHECK_FALSE(loaded.problems.empty());
    CHECK(format(loaded.problems).find(token.substr(0, 12)) == std::string::npos);
  }
}
