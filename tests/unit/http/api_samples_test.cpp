// Samples of answers, kept in tests/golden/api: the page's own tests read the same files.
//
// BACKSTOCK_ACCEPT=1 writes them anew. Nothing in them depends on the clock, on chance or on how bytes are stored.
#include <cstdlib>

#include "api_world.h"

using namespace backstock;
using namespace backstock::test;

namespace {

void check_sample(const std::string& name, const Json& json) {
  const std::string path = std::string(BACKSTOCK_GOLDEN_DIR) + "/api/" + name + ".json";
  const std::string now = json.dump(2) + "\n";
  if (std::getenv("BACKSTOCK_ACCEPT") != nullptr) {
    std::filesystem::create_directories(std::string(BACKSTOCK_GOLDEN_DIR) + "/api");
    std::ofstream(path, std::ios::trunc) << now;
  }
  std::ifstream file(path, std::ios::binary);
  const std::string kept((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  INFO(name);
  CHECK(now == kept);
}

backup::TypeReport report(const std::string& type, std::int64_t from, std::int64_t to) {
  backup::TypeReport made;
  made.type = type;
  made.full = made.complete = true;
  made.started = from;
  made.ended = to;
  made.requests = made.requests_minimum = 3;
  return made;
}

// A small store with a life: a first backup, changes, a deletion, a return, and a run that failed in part.
struct SampleWorld : ApiWorld {
  SampleWorld() {
    const std::string chair = golden_item("products");
    const std::string brand = golden_item("brands");
    begin_run("01SAMPLE1", "full", at(0));
    capture("01SAMPLE1", "brands", "36", brand, at(0) + 1000);
    capture("01SAMPLE1", "products", "192", chair, at(0) + 2000,
            {{"metafields", R"([{"id":7,"namespace":"shelf","key":"row","value":"A"}])"}});
    for (int i = 193; i < 199; ++i) {
      std::string other = with(chair, R"("id":192)", "\"id\":" + std::to_string(i));
      other = with(std::move(other), "Smith Journal 13", "Journal no. " + std::to_string(i));
      other = with(std::move(other), R"("sku":"SM-13")", "\"sku\":\"J-" + std::to_string(i) + "\"");
      capture("01SAMPLE1", "products", std::to_string(i), other, at(0) + 2000 + i);
    }
    backup::TypeReport brands = report("brands", at(0), at(0) + 1500);
    brands.seen = brands.added = 1;
    backup::TypeReport products = report("products", at(0) + 1500, at(0) + 3000);
    products.seen = products.added = 7;
    end_type("01SAMPLE1", brands);
    end_type("01SAMPLE1", products);
    end_run("01SAMPLE1", "done", "", at(0) + 3100);

    begin_run("01SAMPLE2", "incremental", at(24));
    const std::string cheaper = with(with(chair, R"("price":19.9900)", R"("price":17.50)"), R"("categories":[12,13])",
                                     R"("categories":[12,14,15])");
    capture("01SAMPLE2", "products", "192", cheaper, at(24) + 500,
            {{"metafields", R"([{"id":7,"namespace":"shelf","key":"row","value":"B"}])"}});
    bury("01SAMPLE2", "products", "198", at(24) + 600);
    products = report("products", at(24), at(24) + 700);
    products.full = false;
    products.seen = 6;
    products.unchanged = 5;
    products.changed = products.gone = 1;
    end_type("01SAMPLE2", products);
    end_run("01SAMPLE2", "done", "", at(24) + 800);

    begin_run("01SAMPLE3", "full", at(48));
    bury("01SAMPLE3", "products", "192", at(48) + 100);
    products = report("products", at(48), at(48) + 200);
    products.seen = 5;
    products.unchanged = 5;
    products.gone = 1;
    products.problem_count = 1;
    products.problems = {"products 197: its images could not be read; it is tried again by the next run"};
    brands = report("brands", at(48) + 200, at(48) + 300);
    brands.outcome = backup::TypeOutcome::forbidden;
    brands.complete = false;
    brands.message = "the store refuses brands (403): the token lacks the scope store_v2_products_read_only";
    end_type("01SAMPLE3", products);
    end_type("01SAMPLE3", brands);
    end_run("01SAMPLE3", "failed", brands.message, at(48) + 400);

    begin_run("01SAMPLE4", "incremental", at(72));
    capture("01SAMPLE4", "products", "192",
            with(with(cheaper, "Smith Journal 13", "Smith Journal, 13th"), R"("inventory_level":14)",
                 R"("inventory_level":9)"),
            at(72) + 100, {{"metafields", R"([{"id":7,"namespace":"shelf","key":"row","value":"B"}])"}});
    must(writer->flush());
    stores.now = {"products", 0};
  }
};

}  // namespace

TEST_CASE("the answers of /api/v1 are those of the samples") {
  SampleWorld world;
  Json types = world.get("/api/v1/types", {{"store", "acme"}});
  // Some, so that the sample stays when another type comes.
  std::erase_if(types["types"].get_ref<Json::array_t&>(), [](const Json& type) {
    return type["type"] != "products" && type["type"] != "categories" && type["type"] != "brands";
  });
  check_sample("types", types);
  check_sample("items", world.get("/api/v1/items",
                                  {{"store", "acme"}, {"type", "products"}, {"deleted", "include"}, {"limit", "5"}}));
  check_sample("item", world.get("/api/v1/item", {{"store", "acme"}, {"type", "products"}, {"id", "192"}}));
  check_sample("versions", world.get("/api/v1/versions", {{"store", "acme"}, {"type", "products"}, {"id", "192"}}));
  check_sample(
      "compare",
      world.get(
          "/api/v1/compare",
          {{"store", "acme"}, {"type", "products"}, {"id", "192"}, {"from", "1"}, {"to", "4"}, {"changes_only", "1"}}));
  check_sample("runs", world.get("/api/v1/runs", {{"store", "acme"}, {"limit", "3"}}));
  check_sample("run", world.get("/api/v1/run", {{"store", "acme"}, {"run", "01SAMPLE3"}}));
  const http::Response problem =
      world.ask("GET", "/api/v1/item", {{"store", "acme"}, {"type", "products"}, {"id", "0"}});
  CHECK(problem.status == 404);
  CHECK(problem.content_type == "application/problem+json");
  check_sample("problem", must(parse_json(problem.body, "the problem")));
}

TEST_CASE("the answers about sessions are those of the samples") {
  SampleWorld world;
  Json setup = world.get("/api/v1/session", {});
  setup["version"] = "0.1.0";
  check_sample("session_setup", setup);
  AdminWorld admin;
  Json session = AdminWorld::json_of(admin.get("/api/v1/session", admin.sign_in()));
  REQUIRE(!session["csrf"].get<std::string>().empty());
  session["csrf"] = "the value of the session";  // another one each time
  session["version"] = "0.1.0";
  check_sample("session", session);
}
