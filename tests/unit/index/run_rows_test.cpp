#include <algorithm>

#include "index/run_rows.h"

#include "index_world.h"

namespace backstock::index {
namespace {

Json begin(const char* run, std::int64_t at) {
  return Json{{"control", "run_begin"}, {"run", run}, {"kind", "full"},
              {"origin", "manual"},     {"at", at},   {"types", Json::array({"products", "orders"})}};
}
Json type_end(const char* run, const char* type, std::int64_t at, const char* outcome, bool complete, bool full) {
  return Json{{"control", "type_end"},       {"run", run},         {"type", type}, {"at", at},
              {"started", at - 100},         {"outcome", outcome}, {"full", full}, {"complete", complete},
              {"report", Json{{"items", 7}}}};
}
Json end(const char* run, std::int64_t at, const char* outcome) {
  return Json{{"control", "run_end"}, {"run", run}, {"at", at}, {"outcome", outcome}, {"message", "all well"}};
}

TEST_CASE("a run is unfinished until its end is recorded") {
  IndexWorld world;
  Connection& index = *world.connection;
  must(apply_control(index, begin("01A", 1000)));
  must(apply_control(index, begin("01B", 2000)));
  REQUIRE(must(unfinished_runs(index)).size() == 2);
  CHECK(must(unfinished_runs(index)).at(0).run == "01B");
  must(apply_control(index, end("01A", 1500, "done")));
  REQUIRE(must(unfinished_runs(index)).size() == 1);
  const auto run = must(find_run(index, "01A"));
  REQUIRE(run);
  CHECK(run->kind == "full");
  CHECK(run->origin == "manual");
  CHECK(run->started == 1000);
  CHECK(run->ended == 1500);
  CHECK(run->outcome == "done");
  CHECK(run->types == R"(["products","orders"])");
  CHECK(run->message == "all well");
  CHECK_FALSE(must(find_run(index, "01C")));
  const auto recent = must(recent_runs(index, 1));
  REQUIRE(recent.size() == 1);
  CHECK(recent.at(0).run == "01B");
  CHECK_FALSE(recent.at(0).ended);
}

TEST_CASE("applying control records twice changes nothing") {
  IndexWorld world;
  const std::vector<Json> records = {begin("01A", 1000), type_end("01A", "products", 1200, "done", true, true),
                                     end("01A", 1500, "done")};
  for (const Json& record : records) must(apply_control(*world.connection, record));
  const std::string before = world.dump();
  for (const Json& record : records) must(apply_control(*world.connection, record));
  CHECK(world.dump() == before);
  CHECK(before.find("run_type|01A|products|1200|1100|done|1|1|{\"items\":7}") != std::string::npos);
}

TEST_CASE("control records give the same rows in whatever order they come") {
  std::vector<Json> records = {begin("01A", 1000), type_end("01A", "products", 1200, "failed", false, true),
                               type_end("01A", "products", 1300, "done", true, true), end("01A", 1500, "done")};
  const auto by_text = [](const Json& a, const Json& b) { return a.dump() < b.dump(); };
  std::sort(records.begin(), records.end(), by_text);  // the first of all orders
  std::string first;
  do {
    IndexWorld world;
    for (const Json& record : records) must(apply_control(*world.connection, record));
    if (first.empty()) first = world.dump();
    CHECK(world.dump() == first);
  } while (std::next_permutation(records.begin(), records.end(), by_text));
  CHECK(first.find("run|01A|full|manual|1000|1500|done") != std::string::npos);
}

TEST_CASE("kinds of control records that are not known are passed over") {
  IndexWorld world;
  const std::string before = world.dump();
  for (const char* text :
       {R"({"control":"pin","run":"x"})", R"({})", R"({"control":7})", R"({"control":null,"run":[]})",
        R"({"control":"run_end","run":"nobody","at":1,"outcome":"done"})"}) {
    must(apply_control(*world.connection, must(parse_json(text, "a record"))));
  }
  CHECK(world.dump() == before);
}

TEST_CASE("fields of the wrong kind do not stop a rebuild") {
  IndexWorld world;
  must(apply_control(
      *world.connection,
      must(parse_json(R"({"control":"run_begin","run":"01A","at":"noon","kind":"full","origin":5})", "a record"))));
  CHECK(must(find_run(*world.connection, "01A"))->started == 0);
}

TEST_CASE("the last good row of a type is done, and for a full one also whole") {
  IndexWorld world;
  Connection& index = *world.connection;
  CHECK_FALSE(must(last_good(index, "products", false)));
  CHECK_FALSE(must(last_attempt(index, "products")));
  must(apply_control(index, type_end("01A", "products", 1000, "done", true, true)));
  must(apply_control(index, type_end("01B", "products", 2000, "done", false, false)));  // incremental
  must(apply_control(index, type_end("01C", "products", 3000, "done", false, true)));   // full, its listing not whole
  must(apply_control(index, type_end("01D", "products", 4000, "failed", false, true)));
  must(apply_control(index, type_end("01E", "orders", 5000, "done", true, true)));
  CHECK(must(last_good(index, "products", true))->run == "01A");
  CHECK(must(last_good(index, "products", false))->run == "01C");
  CHECK(must(last_attempt(index, "products"))->run == "01D");
  CHECK(must(last_attempt(index, "products"))->started == 3900);
  const auto types = must(types_of_run(index, "01D"));
  REQUIRE(types.size() == 1);
  CHECK(types.at(0).type == "products");
  CHECK(types.at(0).outcome == "failed");
}

TEST_CASE("a checkpoint lasts until its run has ended") {
  IndexWorld world;
  Connection& index = *world.connection;
  must(apply_control(index, begin("01A", 1000)));
  CHECK_FALSE(must(find_checkpoint(index, "01A", "products")));
  must(set_checkpoint(index, "01A", "products", "page 1"));
  must(set_checkpoint(index, "01A", "products", "page 2"));
  must(set_checkpoint(index, "01B", "products", "page 9"));
  CHECK(must(find_checkpoint(index, "01A", "products")) == "page 2");
  must(apply_control(index, end("01A", 1500, "done")));
  CHECK_FALSE(must(find_checkpoint(index, "01A", "products")));
  CHECK(must(find_checkpoint(index, "01B", "products")) == "page 9");
  must(drop_checkpoints(index, "01B"));
  CHECK_FALSE(must(find_checkpoint(index, "01B", "products")));
}

}  // namespace
}  // namespace backstock::index
