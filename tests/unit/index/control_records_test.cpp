#include "index/control_records.h"

#include "index/pin_rows.h"
#include "index/prune_rows.h"
#include "index/run_rows.h"
#include "index_world.h"

namespace backstock::index {
namespace {

std::vector<Json> records_of(Connection& index) {
  std::vector<Json> records;
  must(for_each_control_record(index, [&](const Json& record) { records.push_back(record); }));
  return records;
}

// One of each kind that makes rows.
const char* const kRecords[] = {
    R"({"control":"run_begin","run":"01A","at":1000,"kind":"full","origin":"manual","types":["products"]})",
    R"({"control":"type_end","run":"01A","type":"products","at":1500,"started":1100,"outcome":"done","complete":true,)"
    R"("full":true,"report":{"type":"products"}})",
    R"({"control":"run_end","run":"01A","at":2000,"outcome":"done","message":"m"})",
    R"({"control":"lost","type":"products","items":[["7",3]]})",
    R"({"control":"pin","at":3000,"type":"products","id":"7","version":1,"by":"command line","note":"before the sale"})",
    R"({"control":"pin","at":3000,"type":"products","id":"8","version":2,"by":"command line","note":""})",
    R"({"control":"unpin","at":3100,"type":"products","id":"8","version":2,"by":"command line","note":""})",
    R"({"control":"prune","at":4000,"forced":true,"ahead":5000,"types":{"products":{"versions":1,"bytes":9}}})",
    R"({"control":"prune","at":4100,"undo":true,"types":{"versions":1,"bytes":9}})",
};

}  // namespace

TEST_CASE("what control records have made can be made again from the rows alone") {
  IndexWorld world;
  for (const char* record : kRecords) must(apply_control(*world.connection, must(parse_json(record, "a record"))));
  const std::vector<Json> told = records_of(*world.connection);
  CHECK(told.size() == 8);  // of a version's pins the latest

  IndexWorld again;
  for (auto record = told.rbegin(); record != told.rend(); ++record) must(apply_control(*again.connection, *record));
  CHECK(records_of(*again.connection) == told);
  const auto pinned = must(pins(*again.connection));
  REQUIRE(pinned.size() == 1);
  CHECK(pinned[0].id == "7");
  CHECK(pinned[0].note == "before the sale");
  const auto pruned = must(prunes(*again.connection));
  REQUIRE(pruned.size() == 2);
  CHECK(pruned[0].forced);
  CHECK(pruned[0].ahead == 5000);
  CHECK(pruned[1].undo);

  // Beside the true ones they change nothing.
  for (const Json& record : told) must(apply_control(*world.connection, record));
  CHECK(records_of(*world.connection) == told);
}

}  // namespace backstock::index
