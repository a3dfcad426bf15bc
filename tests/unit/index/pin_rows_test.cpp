// Pins and prunes as control records make them, in whatever order these are read; and which runs look wrong.
#include "index/pin_rows.h"

#include <algorithm>

#include "index/prune_rows.h"
#include "index_world.h"

namespace backstock::index {
namespace {

Json pin(const char* control, std::int64_t at, std::uint32_t version = 4, const char* note = "") {
  return Json{{"control", control}, {"at", at},         {"type", "products"}, {"id", "77"},
              {"version", version}, {"by", "a person"}, {"note", note}};
}
Json prune(std::int64_t at, bool forced, bool undo = false) {
  return Json{{"control", "prune"},
              {"at", at},
              {"forced", forced},
              {"undo", undo},
              {"ahead", forced ? at + 5 : 0},
              {"types", {{"products", {{"versions", 7}}}}}};
}

TEST_CASE("a version is pinned until it is unpinned, and what was said last holds") {
  IndexWorld world;
  must(apply_control(*world.connection, pin("pin", 1000, 4, "why")));
  must(apply_control(*world.connection, pin("pin", 1000, 10)));
  const auto rows = must(pins(*world.connection));
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].version == 4);
  CHECK(rows[1].version == 10);
  CHECK(rows[0].type == "products");
  CHECK(rows[0].id == "77");
  CHECK(rows[0].at == 1000);
  CHECK(rows[0].by == "a person");
  CHECK(rows[0].note == "why");
  CHECK(must(pins(*world.connection, "orders")).empty());
  must(apply_control(*world.connection, pin("unpin", 2000)));
  CHECK(must(pins(*world.connection, "products")).size() == 1);
  const auto last = must(find_pin(*world.connection, "products", "77", 4));
  REQUIRE(last);
  CHECK_FALSE(last->pinned);
  CHECK_FALSE(must(find_pin(*world.connection, "products", "77", 5)));
}

TEST_CASE("control records of pins and prunes give the same rows in any order, also twice") {
  std::vector<Json> records = {pin("pin", 1000, 4, "a"), pin("unpin", 2000), pin("pin", 2000, 4, "b"),
                               prune(500, false),        prune(500, true),   prune(500, false, true)};
  std::vector<std::size_t> order = {0, 1, 2, 3, 4, 5};
  std::string dump;
  for (int way = 0; way < 12; ++way) {
    std::rotate(order.begin(), order.begin() + 1, order.end());
    if (way == 6) std::reverse(order.begin(), order.end());
    IndexWorld world;
    for (const std::size_t nth : order) must(apply_control(*world.connection, records[nth]));
    must(apply_control(*world.connection, records[order[0]]));
    if (dump.empty()) dump = world.dump();
    REQUIRE(world.dump() == dump);
    REQUIRE(must(pins(*world.connection)).size() == 1);  // of one instant the pin holds
  }
  CHECK(dump.find("pin|products|77|4|2000|1|a person|b") != std::string::npos);
  CHECK(dump.find("prune|500|0|1|505|") != std::string::npos);
  CHECK(dump.find("prune|500|1|0|0|") != std::string::npos);
}

TEST_CASE("runs that failed, were braked or have not ended are doubtful, by content type") {
  IndexWorld world;
  const auto apply = [&](Json record) { must(apply_control(*world.connection, record)); };
  const auto type_end = [&](const char* run, const char* type, const char* outcome) {
    apply(Json{{"control", "type_end"}, {"run", run}, {"type", type}, {"at", 1}, {"outcome", outcome}});
  };
  for (const char* run : {"01A", "01B", "01C"})
    apply(Json{{"control", "run_begin"}, {"run", run}, {"kind", "full"}, {"origin", "manual"}, {"at", 1}});
  type_end("01A", "products", "failed");
  type_end("01A", "orders", "done");
  type_end("01B", "products", "braked");
  type_end("01C", "products", "done");
  apply(Json{{"control", "run_end"}, {"run", "01A"}, {"at", 20}, {"outcome", "failed"}});
  apply(Json{{"control", "run_end"}, {"run", "01B"}, {"at", 10}, {"outcome", "done"}});
  const DoubtfulRuns doubtful = must(doubtful_runs(*world.connection));
  CHECK(doubtful.bad == std::set<std::pair<std::string, std::string>>{{"01A", "products"}, {"01B", "products"}});
  REQUIRE(doubtful.open.size() == 2);
  CHECK(doubtful.open.at("01A") == std::set<std::string>{"products", "orders"});
  CHECK(doubtful.open.at("01C") == std::set<std::string>{"products"});
  CHECK(must(run_ends(*world.connection, 10)) == std::vector<std::int64_t>{20, 10});
  CHECK(must(run_ends(*world.connection, 1)) == std::vector<std::int64_t>{10});
}

TEST_CASE("a run's changes are versions of items that were known before") {
  IndexWorld world;
  for (const char* id : {"1", "2", "3"}) {
    for (std::uint32_t version = 1; version <= 3; ++version) {
      auto row = IndexWorld::row("products", id, version);
      row.run = version == 1 ? "first" : "second";
      row.source = version == 2 ? "full" : "incremental";
      world.add(row);
    }
  }
  world.add(IndexWorld::row("orders", "1", 1));
  const auto changes = must(changes_by_run(*world.connection));
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].type == "products");
  CHECK(changes[0].run == "second");
  CHECK(changes[0].changed == 6);
}

}  // namespace
}  // namespace backstock::index
