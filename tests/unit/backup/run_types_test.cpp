#include "backup/run_types.h"

#include <catch2/catch.hpp>

#include "backup/store_status.h"

using namespace backstock;
using namespace backstock::backup;

TEST_CASE("a type's report survives the way through JSON") {
  TypeReport report;
  report.type = "brands";
  report.outcome = TypeOutcome::braked;
  report.full = true;
  report.seen = 40;
  report.gone = 3;
  report.requests = 5;
  report.requests_minimum = 4;
  report.message = "why";
  report.problems = {"one", "two"};
  report.problem_count = 2;
  const TypeReport again = type_report_from_json(to_json(report));
  CHECK(to_text(to_json(again)) == to_text(to_json(report)));
  CHECK(again.outcome == TypeOutcome::braked);
}

TEST_CASE("an age is told in the unit that fits") {
  const TimePoint now = from_ms(1'000'000'000);
  CHECK(describe_age(1'000'000'000 - 1'000, now) == "1 second ago");
  CHECK(describe_age(1'000'000'000 - 120'000, now) == "2 minutes ago");
  CHECK(describe_age(1'000'000'000 - 3'600'000, now) == "1 hour ago");
  CHECK(describe_age(1'000'000'000 - 3LL * 86'400'000, now) == "3 days ago");
  CHECK(describe_age(2'000'000'000, now) == "0 seconds ago");
}

TEST_CASE("the verdict is one sentence that says whether the store is backed up") {
  const TimePoint now = from_ms(10'000'000);
  StoreStatus status;
  status.name = "acme";
  CHECK(verdict(status, now) == "acme has no backup yet.");
  index::RunRow run;
  run.started = 9'940'000;
  status.runs = {run};
  CHECK(verdict(status, now) == "acme has its first backup under way or interrupted.");
  status.runs[0].ended = 9'950'000;
  status.runs[0].outcome = "done";
  status.last_ended = status.last_whole = status.runs[0];
  CHECK(verdict(status, now) == "acme is backed up; the last run began 1 minute ago and went well.");
  index::RunRow failed = status.runs[0];
  failed.outcome = "failed";
  failed.message = "the disk is full";
  status.runs.insert(status.runs.begin(), failed);
  status.last_ended = failed;
  CHECK(verdict(status, now) ==
        "acme: the last run did not go well (failed): the disk is full; the last whole run began 1 minute ago.");
}
