#include "api_world.h"

using namespace backstock;
using namespace backstock::test;

namespace {

std::string brand(const std::string& name, const std::string& more = "") {
  return "{\"id\":7,\"name\":\"" + name + "\"" + more + "}";
}

struct HistoryWorld : ApiWorld {
  HistoryWorld() { begin_run("01A", "full", at(0)); }
  void store(const std::string& item) {
    capture("01A", "brands", "7", item, at(0) + 1000 * ++count);
    must(writer->flush());
  }
  void gone() {
    bury("01A", "brands", "7", at(0) + 1000 * ++count);
    must(writer->flush());
  }
  static Query of(Query more) {
    more.insert(more.end(), {{"store", "acme"}, {"type", "brands"}, {"id", "7"}});
    return more;
  }
  Json versions(Query more = {}) { return get("/api/v1/versions", of(std::move(more))); }
  Json compare(int from, int to, Query more = {}) {
    more.insert(more.end(), {{"from", std::to_string(from)}, {"to", std::to_string(to)}});
    return get("/api/v1/compare", of(std::move(more)));
  }
  int count = 0;
};

std::vector<std::string> first_changes(const Json& versions) {
  std::vector<std::string> texts;
  for (const Json& version : versions["versions"]) texts.push_back(version["changes"][0]);
  return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("each version of a history says what changed in it, across pages too") {
  HistoryWorld world;
  world.store(brand("a"));
  world.store(brand("b"));
  world.gone();
  world.gone();
  world.store(brand("b"));
  world.store(brand("c", R"(,"page_title":"t")"));
  const Texts expected = {"Name “b” → “c”",         "Back in the store", "Deleted from the store",
                          "Deleted from the store", "Name “a” → “b”",    "First backup"};
  CHECK(first_changes(world.versions()) == expected);
  for (const char* limit : {"1", "2", "3", "5"}) {
    Texts all;
    ApiWorld::Query query = {{"limit", limit}};
    while (true) {
      const Json page = world.versions(query);
      for (const std::string& text : first_changes(page)) all.push_back(text);
      if (page["next"].is_null()) break;
      query = {{"limit", limit}, {"before", std::to_string(page["next"].get<int>())}};
    }
    INFO(limit);
    CHECK(all == expected);
  }
  const Json newest = world.versions()["versions"][0];
  CHECK(newest["version"] == 6);
  CHECK(newest["change_count"] == 2);
  CHECK(newest["source"] == "full");
  CHECK(newest["run"] == "01A");
}

TEST_CASE("an item that was first seen gone, and came, is back without a comparison") {
  HistoryWorld world;
  world.gone();
  world.store(brand("a"));
  CHECK(first_changes(world.versions()) == Texts{"Back in the store", "Deleted from the store"});
}

TEST_CASE("versions too large for a list of changes say so, and so do their neighbours") {
  HistoryWorld world;
  world.store(brand("a"));
  world.store(brand("a", ",\"description\":\"" + std::string(5'000'000, 'x') + "\""));
  world.store(brand("b"));
  world.store(brand("c"));
  CHECK(first_changes(world.versions()) == Texts{"Name “b” → “c”",
                                                 "Not compared: Too large for a list of changes (the version before)",
                                                 "Too large for a list of changes", "First backup"});
}

TEST_CASE("a damaged version does not keep a history from being told") {
  HistoryWorld world;
  world.store(brand("a"));
  world.store(brand("b"));
  world.store(brand("c"));
  world.store(brand("d"));
  const auto row = must(world.reader()->items().find_version("brands", "7", 2));
  world.flip(row->frame.pack, row->frame.offset + row->frame.header_size + 3);
  CHECK(first_changes(world.versions()) ==
        Texts{"Name “c” → “d”",
              "Not compared: Its bytes are damaged; `backstock verify` says where (the version before)",
              "Its bytes are damaged; `backstock verify` says where", "First backup"});
  CHECK(world.refusal("GET", "/api/v1/source", HistoryWorld::of({{"version", "2"}})) == 500);
  CHECK(world.refusal("GET", "/api/v1/compare", HistoryWorld::of({{"from", "2"}, {"to", "3"}})) == 500);
}

TEST_CASE("a comparison holds every field, or only those that differ") {
  HistoryWorld world;
  world.store(brand("a", R"(,"page_title":"t","meta_keywords":["x"],"price":10)"));
  world.store(brand("b", R"(,"page_title":"t","image_url":null,"price":10.0)"));
  world.gone();
  const Json all = world.compare(1, 2);
  std::map<std::string, Json> rows;
  for (const Json& row : all["rows"]) rows[row["path"]] = row;
  CHECK(rows["id"]["change"] == "same");
  CHECK(rows["name"]["change"] == "changed");
  CHECK(rows["name"]["before"] == Json{{"text", "a"}, {"raw", "\"a\""}, {"length", 1}, {"cut", false}});
  CHECK(rows["page_title"]["label"] == "Page title");
  CHECK(rows["meta_keywords[0]"]["change"] == "removed");
  CHECK(rows["meta_keywords[0]"]["after"] == nullptr);
  CHECK(rows["image_url"]["change"] == "added");
  CHECK(rows["image_url"]["after"] == Json{{"text", ""}, {"raw", "null"}, {"length", 0}, {"cut", false}});
  CHECK(rows["price"]["change"] == "same_number");
  CHECK(all["change_count"] == 4);
  CHECK(all["left_out"] == 0);
  CHECK(all["from"] == 1);
  const Json changed = world.compare(1, 2, {{"changes_only", "1"}});
  CHECK(changed["rows"].size() == 4);
  CHECK(changed["change_count"] == 4);
  const auto changes_are = [&](int from, int to, const char* change) {
    const Json compared = world.compare(from, to)["rows"];
    for (const Json& row : compared) CHECK(row["change"] == change);
  };
  changes_are(2, 2, "same");
  changes_are(2, 3, "removed");
  changes_are(3, 2, "added");
  CHECK(world.refusal("GET", "/api/v1/compare", HistoryWorld::of({{"from", "1"}, {"to", "4"}})) == 404);
  CHECK(world.refusal("GET", "/api/v1/compare", HistoryWorld::of({{"from", "0"}, {"to", "1"}})) == 400);
  CHECK(world.refusal("GET", "/api/v1/compare", HistoryWorld::of({{"from", "1"}})) == 400);
}

TEST_CASE("a comparison of many fields keeps those that differ") {
  HistoryWorld world;
  std::string before;
  std::string after;
  for (int i = 0; i < 3000; ++i) {
    const std::string field = ",\"f" + std::to_string(i) + "\":";
    before += field + "1";
    after += field + (i % 2 == 0 ? "1" : "2");
  }
  world.store(brand("a", before));
  world.store(brand("a", after));
  const Json answer = world.compare(1, 2);
  CHECK(answer["rows"].size() == 2000);
  CHECK(answer["left_out"] == 1002);
  CHECK(answer["change_count"] == 1500);
  std::size_t changed = 0;
  for (const Json& row : answer["rows"]) changed += row["change"] == "changed" ? 1 : 0;
  CHECK(changed == 1500);
}

TEST_CASE("long values are cut between characters, with their whole length") {
  HistoryWorld world;
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "ä";
  world.store(brand("a", ",\"description\":\"" + text + "\""));
  world.store(brand("a", ",\"description\":\"short\""));
  const Json row = world.compare(1, 2, {{"changes_only", "1"}})["rows"][0];
  CHECK(row["before"]["cut"] == true);
  CHECK(row["before"]["length"] == 3000);
  CHECK(row["before"]["text"] == text.substr(0, 4000));
  CHECK(row["before"]["raw"] == "\"" + text.substr(0, 2 * 1999));
  CHECK(row["after"]["cut"] == false);
}

TEST_CASE("the source is what the store sent, byte for byte") {
  HistoryWorld world;
  const std::string odd = "{\"id\":7, \"name\":\"caf\\u00e9\",\"price\":19.9900,\"x\":1e2}";
  world.capture("01A", "brands", "7", odd, world.at(1), {{"metafields", "[ {\"id\":1} ]"}});
  must(world.writer->flush());
  world.gone();
  const auto source = [&](ApiWorld::Query more) {
    return world.ask("GET", "/api/v1/source", HistoryWorld::of(std::move(more)));
  };
  const http::Response plain = source({{"version", "1"}});
  CHECK(plain.status == 200);
  CHECK(plain.content_type == "application/json");
  CHECK(plain.body == odd);
  const http::Response whole = source({{"version", "1"}, {"parts", "1"}, {"download", "1"}});
  CHECK(whole.body.starts_with(R"({"type":"brands","id":"7","version":1,)"));
  CHECK(whole.body.find("\"item\":" + odd) != std::string::npos);
  CHECK(whole.body.find("\"metafields\":[ {\"id\":1} ]") != std::string::npos);
  bool attached = false;
  for (const http::Header& header : whole.headers)
    attached = attached || (header.name == "Content-Disposition" &&
                            header.value == "attachment; filename=\"brands-7-version-1.json\"");
  CHECK(attached);
  CHECK(world.refusal("GET", "/api/v1/source", HistoryWorld::of({{"version", "2"}})) == 404);
  CHECK(source({{"version", "2"}, {"parts", "1"}}).body.find("\"gone\":true") != std::string::npos);
  CHECK(world.refusal("GET", "/api/v1/source", HistoryWorld::of({{"version", "3"}})) == 404);
  CHECK(world.refusal("GET", "/api/v1/source", HistoryWorld::of({})) == 400);
}

TEST_CASE("an id that could mean something in a header becomes a plain file name") {
  ApiWorld world;
  world.capture("01A", "brands", "a/b\"\r\nü", "{}", world.at(0));
  must(world.writer->flush());
  const http::Response answer =
      world.ask("GET", "/api/v1/source",
                {{"store", "acme"}, {"type", "brands"}, {"id", "a/b\"\r\nü"}, {"version", "1"}, {"download", "1"}});
  CHECK(answer.status == 200);
  bool found = false;
  for (const http::Header& header : answer.headers)
    found = found || header.value == "attachment; filename=\"brands-a_b_____-version-1.json\"";
  CHECK(found);
}

TEST_CASE("a source of many megabytes comes whole") {
  HistoryWorld world;
  const std::string item = brand("a", ",\"description\":\"" + std::string(24'000'000, 'x') + "\"");
  world.store(item);
  CHECK(world.ask("GET", "/api/v1/source", HistoryWorld::of({{"version", "1"}})).body == item);
  CHECK(world.compare(1, 1)["rows"].size() == 3);
}
