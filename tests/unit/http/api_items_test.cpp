#include <set>

#include "api_world.h"

using namespace backstock;
using namespace backstock::test;

namespace {

std::string category(int id, const std::string& name) {
  return "{\"category_id\":" + std::to_string(id) + ",\"name\":\"" + name +
         "\",\"is_visible\":true,\"parent_id\":0,\"url\":{\"path\":\"/c/" + std::to_string(id) + "/\"}}";
}

// Thirty categories; every fifth is gone; the later ones changed later.
struct ItemsWorld : ApiWorld {
  ItemsWorld() {
    begin_run("01A", "full", at(0));
    for (int i = 1; i <= 30; ++i)
      capture("01A", "categories", std::to_string(i),
              category(i, (i % 2 == 0 ? "Äpfel " : "birnen ") + std::to_string(i)), at(0) + i);
    for (int i = 5; i <= 30; i += 5) bury("01A", "categories", std::to_string(i), at(1) + i);
    end_run("01A", "done", "", at(2));
  }

  static std::vector<std::string> ids(const Json& answer) {
    std::vector<std::string> found;
    for (const Json& item : answer["items"]) found.push_back(item["id"]);
    return found;
  }
  std::vector<std::string> all(Query query) {
    query.insert(query.end(), {{"store", "acme"}, {"type", "categories"}});
    std::vector<std::string> found;
    while (true) {
      const Json answer = get("/api/v1/items", query);
      for (const std::string& id : ids(answer)) found.push_back(id);
      if (answer["next"].is_null()) return found;
      std::erase_if(query, [](const auto& parameter) { return parameter.first == "after"; });
      query.emplace_back("after", answer["next"].get<std::string>());
    }
  }
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("pages of items put together are the list, in each order and state") {
  ItemsWorld world;
  const Ids hidden = world.all({{"limit", "7"}});
  CHECK(hidden.size() == 24);
  CHECK(hidden.front() == "1");
  CHECK(world.all({}) == hidden);
  CHECK(world.all({{"limit", "4"}, {"sort", "-id"}}) == Ids(hidden.rbegin(), hidden.rend()));
  CHECK(world.all({{"deleted", "only"}, {"limit", "4"}}) == Ids{"5", "10", "15", "20", "25", "30"});
  CHECK(world.all({{"deleted", "include"}, {"limit", "11"}}).size() == 30);
  const Ids changed = world.all({{"deleted", "include"}, {"sort", "-changed"}, {"limit", "4"}});
  CHECK(Ids(changed.begin(), changed.begin() + 7) == Ids{"30", "25", "20", "15", "10", "5", "29"});
  CHECK(std::set<std::string>(changed.begin(), changed.end()).size() == 30);
}

TEST_CASE("a search finds labels whatever their case, and whole ids") {
  ItemsWorld world;
  CHECK(world.all({{"q", "äPFEL 1"}}) == Ids{"12", "14", "16", "18"});
  CHECK(world.all({{"q", "ÄPFEL"}, {"limit", "3"}}).size() == 12);
  CHECK(world.all({{"q", "/C/2"}, {"sort", "-id"}, {"limit", "2"}}) ==
        Ids{"29", "28", "27", "26", "24", "23", "22", "21", "2"});
  CHECK(world.all({{"q", "7"}}) == Ids{"7"});
  CHECK(world.all({{"q", "%"}}).empty());
}

TEST_CASE("a list as it was shows what was there then") {
  ItemsWorld world;
  CHECK(world.all({{"at", format_rfc3339(from_ms(ApiWorld::at(0) + 3))}}) == Ids{"1", "2", "3"});
  CHECK(world.all({{"at", format_rfc3339(from_ms(ApiWorld::at(0) + 30))}}).size() == 30);
  CHECK(world.all({{"at", format_rfc3339(from_ms(ApiWorld::at(0) + 2))}, {"deleted", "only"}}).empty());
  CHECK(world.refusal(
            "GET", "/api/v1/items",
            {{"store", "acme"}, {"type", "categories"}, {"sort", "-changed"}, {"at", "2026-11-21T00:00:00Z"}}) == 400);
}

TEST_CASE("a title and columns are those of the newest content, also of what is gone") {
  ItemsWorld world;
  world.capture("01A", "categories", "5", category(5, "Quitten"), ApiWorld::at(3));
  world.bury("01A", "categories", "5", ApiWorld::at(4));
  must(world.writer->flush());
  const Json gone =
      world.get("/api/v1/items", {{"store", "acme"}, {"type", "categories"}, {"deleted", "only"}, {"q", "5"}});
  REQUIRE(gone["items"].size() == 1);
  CHECK(gone["items"][0]["title"] == "Quitten");
  CHECK(gone["items"][0]["columns"] == Json::array({"/c/5/", "true", "0"}));
  CHECK(gone["items"][0]["gone"] == true);
  CHECK(gone["items"][0]["versions"] == 4);
  const Json item = world.get("/api/v1/item", {{"store", "acme"}, {"type", "categories"}, {"id", "5"}});
  CHECK(item["newest"] == 3);
  CHECK(item["title"] == "Quitten");
  // Then, it had another name.
  const Json then = world.get(
      "/api/v1/items",
      {{"store", "acme"}, {"type", "categories"}, {"q", "5"}, {"at", format_rfc3339(from_ms(ApiWorld::at(0) + 40))}});
  CHECK(then["items"][0]["title"] == "birnen 5");
}

TEST_CASE("items without a name, and items that were only ever seen gone, are called by what they are") {
  ApiWorld world;
  world.begin_run("01A", "full", world.at(0));
  world.capture("01A", "brands", "9", R"({"id":9,"name":"","page_title":null})", world.at(0));
  world.bury("01A", "brands", "10", world.at(0));
  must(world.writer->flush());
  const Json items = world.get("/api/v1/items", {{"store", "acme"}, {"type", "brands"}, {"deleted", "include"}});
  CHECK(items["items"][0]["title"] == "Brand 9");
  CHECK(items["items"][0]["columns"] == Json::array({nullptr, nullptr}));
  CHECK(items["items"][1]["title"] == "Brand 10");
  CHECK(world.get("/api/v1/item", {{"store", "acme"}, {"type", "brands"}, {"id", "10"}})["newest"] == nullptr);
}

TEST_CASE("a damaged frame costs a list the columns of its items and nothing else") {
  ItemsWorld world;
  const auto reader = world.reader();
  const auto row = must(reader->items().find_version("categories", "13", 1));
  REQUIRE(row);
  world.flip(row->frame.pack, row->frame.offset + row->frame.header_size + 3);
  const Json answer = world.get("/api/v1/items", {{"store", "acme"}, {"type", "categories"}});
  REQUIRE(answer["items"].size() == 24);
  int whole = 0;
  for (const Json& item : answer["items"]) {
    CHECK(!item["title"].get<std::string>().empty());
    whole += item["columns"][0].is_null() ? 0 : 1;
    if (item["id"] == "13") {
      CHECK(item["title"] == "birnen 13");  // its label
      CHECK(item["columns"] == Json::array({nullptr, nullptr, nullptr}));
    }
  }
  CHECK(whole > 10);
  CHECK(whole < 24);
}

TEST_CASE("a cursor belongs to its list") {
  ItemsWorld world;
  const ApiWorld::Query query = {{"store", "acme"}, {"type", "categories"}, {"limit", "2"}};
  const std::string cursor = world.get("/api/v1/items", query)["next"];
  const auto with_cursor = [&](ApiWorld::Query more) {
    more.insert(more.end(), {{"store", "acme"}, {"after", cursor}});
    return world.refusal("GET", "/api/v1/items", std::move(more));
  };
  CHECK(with_cursor({{"type", "categories"}}) == 200);
  CHECK(with_cursor({{"type", "categories"}, {"limit", "9"}}) == 200);
  CHECK(with_cursor({{"type", "products"}}) == 400);
  CHECK(with_cursor({{"type", "categories"}, {"q", "a"}}) == 400);
  CHECK(with_cursor({{"type", "categories"}, {"sort", "-id"}}) == 400);
  CHECK(with_cursor({{"type", "categories"}, {"deleted", "only"}}) == 400);
}

TEST_CASE("a store without a backup has empty lists; what does not exist is not found") {
  ItemsWorld world;
  const Json none = world.get("/api/v1/items", {{"store", "empty"}, {"type", "products"}});
  CHECK(none["items"].empty());
  CHECK(none["next"] == nullptr);
  CHECK(world.get("/api/v1/runs", {{"store", "empty"}})["runs"].empty());
  const Json types = world.get("/api/v1/types", {{"store", "empty"}})["types"];
  for (const Json& type : types) {
    CHECK(type["status"] == "never");
    CHECK(type["items"] == 0);
    CHECK(type["recent_change_at"] == nullptr);
  }
  CHECK(world.refusal("GET", "/api/v1/items", {{"store", "nobody"}, {"type", "products"}}) == 404);
  CHECK(world.refusal("GET", "/api/v1/items", {{"store", "acme"}, {"type", "unicorns"}}) == 404);
  CHECK(world.refusal("GET", "/api/v1/items", {{"store", "acme"}}) == 400);
  CHECK(world.refusal("GET", "/api/v1/item", {{"store", "acme"}, {"type", "categories"}, {"id", "999"}}) == 404);
  CHECK(world.refusal("GET", "/api/v1/item", {{"store", "empty"}, {"type", "categories"}, {"id", "1"}}) == 404);
}

TEST_CASE("limits and words outside what is offered are refused") {
  ItemsWorld world;
  for (const auto& [name, value] : ApiWorld::Query{{"limit", "0"},
                                                   {"limit", "201"},
                                                   {"limit", "x"},
                                                   {"deleted", "yes"},
                                                   {"sort", "name"},
                                                   {"at", "yesterday"},
                                                   {"after", "AAAA"},
                                                   {"surprise", "1"}}) {
    INFO(name << "=" << value);
    CHECK(world.refusal("GET", "/api/v1/items", {{"store", "acme"}, {"type", "categories"}, {name, value}}) == 400);
  }
}

TEST_CASE("types are in the page's order, with counts, columns and how they stand") {
  ItemsWorld world;
  world.begin_run("01B", "full", world.at(5));
  backup::TypeReport report;
  report.type = "brands";
  report.outcome = backup::TypeOutcome::forbidden;
  report.message = "the token lacks a scope";
  world.end_type("01B", report);
  report.type = "products";
  report.outcome = backup::TypeOutcome::braked;
  report.message = "too many items vanished";
  world.end_type("01B", report);
  report.type = "categories";
  report.outcome = backup::TypeOutcome::done;
  report.full = report.complete = true;
  report.started = world.at(5);
  world.end_type("01B", report);
  world.end_run("01B", "failed", "", world.at(6));
  world.stores.now.type = "category_trees";
  const Json types = world.get("/api/v1/types", {{"store", "acme"}})["types"];
  REQUIRE(types.size() == content::all_types().size());
  std::map<std::string, Json> by_name;
  for (std::size_t i = 0; i < types.size(); ++i) {
    by_name[types[i]["type"]] = types[i];
    if (i > 0) CHECK(types[i - 1]["group"].get<std::string>() <= types[i]["group"].get<std::string>());
  }
  CHECK(types[0]["type"] == "products");
  CHECK(by_name["categories"]["status"] == "protected");
  CHECK(by_name["categories"]["items"] == 24);
  CHECK(by_name["categories"]["gone"] == 6);
  CHECK(by_name["categories"]["versions"] == 36);
  CHECK(by_name["categories"]["last_full_at"] == format_rfc3339(from_ms(world.at(5))));
  CHECK(by_name["categories"]["columns"][1] == Json{{"field", "is_visible"}, {"label", "Visible"}, {"kind", "yes_no"}});
  CHECK(by_name["brands"]["status"] == "forbidden");
  CHECK(by_name["brands"]["message"] == "the token lacks a scope");
  CHECK(by_name["products"]["status"] == "failing");
  CHECK(by_name["products"]["title_label"] == "Name");
  CHECK(by_name["category_trees"]["status"] == "running");
}
