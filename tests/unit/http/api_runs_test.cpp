#include "api_world.h"

using namespace backstock;
using namespace backstock::test;

TEST_CASE("pages of runs go from the newest to the first") {
  ApiWorld world;
  for (int i = 1; i <= 9; ++i) {
    const std::string run = "01RUN" + std::to_string(i);
    world.begin_run(run, i % 2 == 0 ? "full" : "incremental", world.at(i));
    world.end_run(run, "done", "", world.at(i) + 1000);
  }
  std::vector<std::string> all;
  ApiWorld::Query query = {{"store", "acme"}, {"limit", "4"}};
  while (true) {
    const Json page = world.get("/api/v1/runs", query);
    for (const Json& run : page["runs"]) all.push_back(run["run"]);
    if (page["next"].is_null()) break;
    query = {{"store", "acme"}, {"limit", "4"}, {"before", page["next"].get<std::string>()}};
  }
  CHECK(all == std::vector<std::string>{"01RUN9", "01RUN8", "01RUN7", "01RUN6", "01RUN5", "01RUN4", "01RUN3", "01RUN2",
                                        "01RUN1"});
}

TEST_CASE("a run says how it ended, and what of it each type did") {
  ApiWorld world;
  world.begin_run("01A", "full", world.at(0));
  backup::TypeReport report;
  report.type = "products";
  report.added = 5;
  report.changed = 4;
  report.returned = 3;
  report.gone = 2;
  report.problem_count = 60;
  report.problems = {"one of them"};
  world.end_type("01A", report);
  CHECK((must(world.writer->flush()), world.get("/api/v1/run", {{"store", "acme"}, {"run", "01A"}}))["outcome"] ==
        "running");
  report = {};
  report.type = "a type of a later program";
  report.outcome = backup::TypeOutcome::failed;
  report.message = "no answer";
  world.end_type("01A", report);
  world.end_run("01A", "failed", "no answer", world.at(1));
  const Json run = world.get("/api/v1/run", {{"store", "acme"}, {"run", "01A"}});
  CHECK(run["outcome"] == "partial");
  CHECK(run["versions"] == 14);
  CHECK(run["problems"] == 60);
  CHECK(run["message"] == "no answer");
  REQUIRE(run["types"].size() == 2);
  for (const Json& type : run["types"]) {
    if (type["type"] == "products") {
      CHECK(type["label"] == "Products");
      CHECK(type["problems"] == Json::array({"one of them"}));
      CHECK(type["message"] == nullptr);
    } else {
      CHECK(type["label"] == "a type of a later program");
      CHECK(type["outcome"] == "failed");
    }
  }
  CHECK(world.get("/api/v1/runs", {{"store", "acme"}})["runs"][0]["versions"] == 14);
  CHECK(world.refusal("GET", "/api/v1/run", {{"store", "acme"}, {"run", "01B"}}) == 404);
  CHECK(world.refusal("GET", "/api/v1/run", {{"store", "empty"}, {"run", "01A"}}) == 404);
  CHECK(world.refusal("GET", "/api/v1/run", {{"store", "acme"}}) == 400);
}

TEST_CASE("a backup is asked for by store, types and whether all is to be read") {
  ApiWorld world;
  const auto post = [&](const std::string& body) { return world.ask("POST", "/api/v1/backups", {}, body); };
  const http::Response all = post(R"({"store":"acme","types":[],"full":true})");
  CHECK(all.status == 202);
  CHECK(must(parse_json(all.body, "it")) == Json{{"store", "acme"}, {"waiting", 1}});
  CHECK(post(R"({"store":"acme","types":["brands","products"]})").status == 202);
  REQUIRE(world.stores.asked.size() == 2);
  CHECK(world.stores.asked[0].second.full);
  CHECK(world.stores.asked[0].second.types.empty());
  CHECK(world.stores.asked[0].second.origin == "manual");
  CHECK(world.stores.asked[1].second.types == std::vector<std::string>{"brands", "products"});
  CHECK_FALSE(world.stores.asked[1].second.full);
  for (const char* body : {R"({"store":"acme","types":["unicorns"]})", R"({"store":"acme","types":"brands"})",
                           R"({"store":"acme","full":1})", R"({"types":[]})",
                           R"({"store":"acme","accept_deletions":true})", "[]", "x", ""}) {
    INFO(body);
    CHECK(world.refusal("POST", "/api/v1/backups", {}, body) == 400);
  }
  CHECK(world.refusal("POST", "/api/v1/backups", {}, R"({"store":"nobody"})") == 404);
  CHECK(world.stores.asked.size() == 2);
  world.stores.full = true;
  CHECK(world.refusal("POST", "/api/v1/backups", {}, R"({"store":"acme"})") == 409);
}

TEST_CASE("a cancelled backup leaves nothing waiting, and there must be one") {
  ApiWorld world;
  CHECK(world.ask("POST", "/api/v1/backups", {}, R"({"store":"acme"})").status == 202);
  const http::Response cancelled = world.ask("POST", "/api/v1/backups/cancel", {}, R"({"store":"acme"})");
  CHECK(cancelled.status == 202);
  CHECK(must(parse_json(cancelled.body, "it"))["waiting"] == 0);
  CHECK(world.refusal("POST", "/api/v1/backups/cancel", {}, R"({"store":"acme"})") == 409);
  CHECK(world.refusal("POST", "/api/v1/backups/cancel", {}, R"({"store":"nobody"})") == 404);
}
